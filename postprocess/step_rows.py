"""The rows of terminals.csv by the step of the protocol they are in and the time since it began.

Both are exact however late a step is; times since the start of a run cannot tell short steps apart after a long one.
"""

from collections.abc import Mapping

import numpy as np

from eisfv.result import ResultError, Run
from eisfv.result.file_names import TERMINALS

SAME_TIME = 1e-12  # of a step's duration: rounding of its end

Table = Mapping[str, np.ndarray]


def bounds(table: Table, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first row of each of so many steps, and the row after its last; the row at an end is of that step."""
    numbers = np.arange(1, count + 1)
    return np.searchsorted(table["step"], numbers), np.searchsorted(table["step"], numbers, side="right")


def ends(table: Table, duration: np.ndarray) -> np.ndarray:
    """Return the row at the end of each step, -1 where there is none; duration of the steps, s."""
    first, last = bounds(table, duration.size)
    there = (last > first) & (table["step_time_s"][last - 1] >= duration * (1.0 - SAME_TIME))
    return np.where(there, last - 1, -1)


def completed(table: Table, duration: np.ndarray) -> int:
    """Return how many steps were over with the last row."""
    if not table["step"].size:
        return 0
    number = int(table["step"][-1])
    return number - bool(table["step_time_s"][-1] < duration[number - 1] * (1.0 - SAME_TIME))


def check_version(run: Run) -> None:
    """Raise ResultError where the table is of a version that did not tell steps."""
    if run.terminals and "step_time_s" not in run.terminals:
        words = "has no column step_time_s: it is of another version of eisfv or damaged; run the case again"
        raise ResultError(f"{run.path / TERMINALS}: {words}")
