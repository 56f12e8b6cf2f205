"""The last run or sweep of a case, for what draws a case's own figures."""

from os.path import normpath
from pathlib import Path

from eisfv.postprocess.quantities.ensembles import last_sweep
from eisfv.result import ResultError, Run, read
from eisfv.result.sweep_table import Sweep


def last_run(case: Path) -> Run:
    """Return the run in runs/latest of a case directory. Raises ResultError."""
    if not (case / "runs" / "latest").is_dir():
        raise ResultError(f"{normpath(case)} has not been run; run it first: eisfv run {normpath(case)}")
    return read(case / "runs" / "latest")


def last_run_or_end(case: Path) -> Run:
    """Return the run in runs/latest of a case directory; end a script with one line where there is none."""
    try:
        return last_run(case)
    except ResultError as error:
        raise SystemExit(str(error)) from None


def last_sweep_or_end(case: Path) -> Sweep:
    """Return the sweep in runs/sweep of a directory; end a script with one line where there is none."""
    try:
        return last_sweep(case)
    except ResultError as error:
        raise SystemExit(str(error)) from None
