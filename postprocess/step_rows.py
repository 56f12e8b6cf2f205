"""The rows of terminals.csv by the step of the protocol they are in and the time since it began.

Both are exact however late a step is; times since the start of a run cannot tell short steps apart after a long one.
"""

from collections.abc import Mapping
from math import ulp

import numpy as np

from eisfv.result import ResultError, Run
from eisfv.result.file_names import TERMINALS

SAME_TIME = 1e-12  # of a step's duration: rounding of its end
ROUNDINGS = 4.0  # ulp of an absolute time

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


def lasted(table: Table) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the steps that have rows, and how long each lasted by its last row, s."""
    numbers, first = np.unique(np.asarray(table["step"]).astype(int), return_index=True)
    last = np.append(first[1:], table["step"].size) - 1
    return numbers, table["step_time_s"][last]


def completed(table: Table, duration: np.ndarray) -> int:
    """Return how many steps were over with the last row."""
    if not table["step"].size:
        return 0
    number = int(table["step"][-1])
    return number - bool(table["step_time_s"][-1] < duration[number - 1] * (1.0 - SAME_TIME))


def passed(run: Run, duration: np.ndarray, step: int) -> float:
    """Return how long a run went on after a step (from 0) began, s, 0 where it did not get there.

    To its last row; to where it stopped, an absolute time, where that is later by more than its rounding.
    """
    table, stopped = run.terminals, run.status.simulated_time
    last = int(table["step"][-1]) - 1 if table.get("step", np.empty(0)).size else -1
    rows = float(duration[step:last].sum() + table["step_time_s"][-1]) if last >= step else 0.0
    after = stopped - float(np.append(0.0, np.cumsum(duration))[step])
    return after if after > rows + ROUNDINGS * ulp(stopped) else rows


def between_rows(table: Table, duration: np.ndarray, steps: np.ndarray, name: str) -> np.ndarray:
    """Return a column at the ends of steps (from 0), on straight lines between the rows before and after them."""
    values = np.asarray(table[name])
    row, since = np.asarray(table["step"]).astype(int) - 1, table["step_time_s"]
    found = np.empty(steps.size)
    for k, step in enumerate(steps):
        after = int(np.searchsorted(row, step, side="right"))
        before = after - 1
        if before < 0 or after == row.size:
            found[k] = values[max(before, 0)]
            continue
        ahead = (duration[row[before]] - since[before]) + duration[row[before] + 1 : step + 1].sum()
        behind = duration[step + 1 : row[after]].sum() + since[after]
        share = ahead / (ahead + behind) if ahead > 0.0 else 0.0
        found[k] = values[before] + share * (values[after] - values[before])
    return found


def check_version(run: Run) -> None:
    """Raise ResultError where the table is of a version that did not tell steps."""
    if run.terminals and "step_time_s" not in run.terminals:
        words = "has no column step_time_s: it is of another version of eisfv or damaged; run the case again"
        raise ResultError(f"{run.path / TERMINALS}: {words}")
