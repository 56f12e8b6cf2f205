"""`eisfv.info`, `eisfv.new`, `eisfv.schema`: what is known of a run and of this installation; a case to start from."""

from pathlib import Path
from typing import Any

from eisfv.api.given import path_of
from eisfv.api.installation import installation
from eisfv.api.places import run_of
from eisfv.api.warning import warn
from eisfv.case import shipped as shipped_cases
from eisfv.case import template
from eisfv.result import ResultError, Run, read
from eisfv.result.checksums import DamagedError, unsealed
from eisfv.result.claim import alive, told
from eisfv.result.verifying import findings, lines_on_files
from eisfv.schema_names import SCHEMA_NAMES

LOOKS_AT = "looks at the case {} as well, which stays where it is; copy that too and correct the path"


def new(directory: str | Path, shipped: str | None = None) -> Path:
    """Make a small commented case to start from, or a copy of a shipped one, and return its file. Raises CaseError."""
    place = path_of(directory)
    if shipped is None:
        template.write(place)
    else:
        for other in shipped_cases.copy(shipped, place):
            warn(f"{place}: {LOOKS_AT.format(other)}")
    return place / "case.toml"


def info(place: str | Path | None = None) -> str:
    """Return how a run went and which of its files are damaged; without one: versions, linear solvers, materials.

    Raises ResultError.

    >>> import eisfv
    >>> "materials: " in eisfv.info()
    True
    """
    return "\n".join(installation() if place is None else seen(path_of(place))[0])


def schema(of: str) -> dict[str, Any]:
    """Return the JSON schema of a kind of file: "case", "sweep", "expected", "calibrate" or "material".

    Raises ResultError for another one.

    >>> import eisfv
    >>> eisfv.schema("case")["title"]
    'eisfv case'
    """
    from eisfv.case import json_schema

    if of == "sweep":
        from eisfv.sweeping.schema import SweepFile

        return json_schema.schema_of(SweepFile, "eisfv sweep")
    if of == "expected":
        from eisfv.postprocess.quantities.expected import json_schema as expected

        return {"$schema": json_schema.DIALECT, "title": "eisfv expected", **expected()}
    if of not in SCHEMA_NAMES:
        raise ResultError(f'"{of}" is no kind of file; there are {", ".join(SCHEMA_NAMES)}')
    found: dict[str, Any] = getattr(json_schema, f"{of}_schema")()
    return found


def seen(place: Path) -> tuple[list[str], bool]:
    """Return the lines on a run, and whether all of its files are whole. Raises ResultError."""
    path = run_of(place)
    found = findings(path)
    finished = False
    try:
        run = read(path)
        finished = run.status.state == "finished"
        lines = lines_on(path, run)
    except DamagedError as error:
        lines = [str(error)]
    return [*lines, *lines_on_files(found, finished)], not any(finding.fault for finding in found)


def lines_on(path: Path, run: Run) -> list[str]:
    """Return the lines on a run."""
    lines = [f"{path}: {told(run.status, alive=alive(path))}" + (run.status.message and f": {run.status.message}")]
    provenance = path / "provenance.json"
    if provenance.is_file():
        try:
            entries = unsealed(provenance)
            figures = {
                **entries["solver"],
                "wall time": f"{entries['wall_time_s']:.2f} s",
                "eisfv": entries["versions"]["eisfv"],
            }
        except DamagedError:  # the lines on the files tell it
            return lines
        except (KeyError, TypeError, ValueError):
            return [*lines, "  provenance.json is not that of a run of this version"]
        lines += [
            f"  {name.replace('_', ' '):18}{in_words(name, value)}" for name, value in figures.items() if value != []
        ]
    return lines


def in_words(name: str, value: Any) -> str:
    """Return an entry of the provenance as a reader wants it: of the numerical errors the largest."""
    if name != "numerical_error":
        return str(value)
    if "reason" in value and "time" not in value:
        return f"no estimate: {value['reason']}"
    largest = {
        word: max(value[kind].items(), key=lambda item: float(item[1]["relative"]))
        for kind, word in (("mesh", "mesh"), ("time", "time steps"))
        if value.get(kind)
    }
    words = [f"{word} {figure['relative']:.1e} ({quantity})" for word, (quantity, figure) in largest.items()]
    return "; ".join(words) if words else "nothing to measure"
