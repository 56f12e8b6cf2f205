"""`eisfv info`."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from eisfv.commands.common import run_of
from eisfv.errors import DONE

if TYPE_CHECKING:
    from eisfv.result import Run


def info_command(place: Path | None) -> int:
    """Print what is known of a run, or of this installation; return the exit code. Raises ResultError."""
    if place is None:
        for line in installation():
            print(line)
        return DONE
    from eisfv.result import read

    run = read(run_of(place))
    for line in lines_on(run_of(place), run):
        print(line)
    return DONE


def installation() -> list[str]:
    """Return versions, linear solvers and materials."""
    from eisfv.materials import library
    from eisfv.result.provenance import PACKAGES, package_version

    versions = ", ".join(f"{name} {package_version(name)}" for name in PACKAGES)
    petsc = "petsc" if find_spec("petsc4py") else "petsc (not installed: make petsc)"
    return [versions, f"linear solvers: banded, superlu, {petsc}", "materials: " + ", ".join(library.names())]


def lines_on(path: Path, run: "Run") -> list[str]:
    """Return the lines on a run."""
    from eisfv.result.claim import alive, told

    lines = [f"{path}: {told(run.status, alive=alive(path))}" + (run.status.message and f": {run.status.message}")]
    provenance = path / "provenance.json"
    if provenance.is_file():
        entries = json.loads(provenance.read_text())
        figures = {
            **entries["solver"],
            "wall time": f"{entries['wall_time_s']:.2f} s",
            "eisfv": entries["versions"]["eisfv"],
        }
        lines += [f"  {name.replace('_', ' '):18}{value}" for name, value in figures.items()]
    return lines
