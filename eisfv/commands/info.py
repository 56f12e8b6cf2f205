"""`eisfv info`."""

from pathlib import Path

from eisfv.errors import DONE, FAILED

REDUCTIONS = Path("reductions")
CASES = Path("cases")  # in a checkout a folder of this name, which is no run, is there as well


def info_command(place: Path | None, png: Path | None = None) -> int:
    """Print what is known of a run, of a material, of the reductions, of the shipped cases, or of this installation;
    return the exit code: 1 where a file is damaged. png: where the curves of a material are drawn.

    Raises ResultError, CaseError.
    """
    if place == REDUCTIONS and not place.exists():
        from eisfv.postprocess.quantities.curves import page

        for line in page():
            print(line)
        return DONE
    if place == CASES and not (place / "status.json").exists():
        from eisfv.case.shipped import titles

        known = titles()
        widest = max(map(len, known))
        for name, title in known.items():
            print(f"{name:{widest}}  {title}")
        return DONE
    if place is not None and (place.suffix == ".toml" or (len(place.parts) == 1 and not place.exists())):
        from eisfv.commands.material_info import material_command

        return material_command(str(place), png)
    if png is not None:
        from eisfv.case import CaseError

        raise CaseError(["--png: draws the curves of a material; name one, as eisfv info mg_wo3 --png curves.png"])
    if place is None:
        from eisfv.api.installation import installation

        for line in installation():
            print(line)
        return DONE
    from eisfv.api.looking import seen

    lines, whole = seen(place)
    for line in lines:
        print(line)
    return DONE if whole else FAILED
