"""The last run or sweep of a case, for the scripts that draw a case's pictures."""

from pathlib import Path

from eisfv.result import ResultError, Run, read
from eisfv.result.sweep_table import Sweep, read_sweep


def last_run(case: Path) -> Run:
    """Return the run in runs/latest of a case directory; end the script with one line where there is none."""
    try:
        return read(case / "runs" / "latest")
    except ResultError:
        raise SystemExit(f"{case}: has not been run; run it first: eisfv run {case}") from None


def last_sweep(case: Path) -> Sweep:
    """Return the sweep in runs/sweep of a directory; end the script with one line where there is none."""
    try:
        return read_sweep(case / "runs" / "sweep")
    except ResultError:
        raise SystemExit(f"{case}: has not been swept; run it first: eisfv sweep {case}") from None
