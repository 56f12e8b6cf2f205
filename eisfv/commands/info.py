"""`eisfv info`."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfv.commands.common import run_of
from eisfv.errors import DONE, FAILED

if TYPE_CHECKING:
    from eisfv.result import Run


def info_command(place: Path | None) -> int:
    """Print what is known of a run, or of this installation; return the exit code: 1 where a file is damaged.

    Raises ResultError.
    """
    if place is None:
        for line in installation():
            print(line)
        return DONE
    from eisfv.result import read
    from eisfv.result.checksums import DamagedError
    from eisfv.result.verifying import findings, lines_on_files

    path = run_of(place)
    found = findings(path)
    finished = False
    try:
        run = read(path)
        finished = run.status.state == "finished"
        lines = lines_on(path, run)
    except DamagedError as error:
        lines = [str(error)]
    for line in (*lines, *lines_on_files(found, finished)):
        print(line)
    return FAILED if any(finding.fault for finding in found) else DONE


def installation() -> list[str]:
    """Return versions, linear solvers and materials."""
    from eisfv.materials import library
    from eisfv.result.provenance import PACKAGES, package_version

    versions = ", ".join(f"{name} {package_version(name)}" for name in PACKAGES)
    petsc = "petsc" if find_spec("petsc4py") else "petsc (not installed: make petsc)"
    return [versions, f"linear solvers: banded, superlu, {petsc}", "materials: " + ", ".join(library.names())]


def lines_on(path: Path, run: "Run") -> list[str]:
    """Return the lines on a run."""
    from eisfv.result.checksums import DamagedError, unsealed
    from eisfv.result.claim import alive, told

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
