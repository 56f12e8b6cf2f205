"""Columns, times, straight lines and profiles of a run, as an entry of expected.toml asks for them."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from eisfv.postprocess.regression import straight_line
from eisfv.result import Run

from .expected import ExpectedError, Quantity
from .expressions import Expression, ExpressionError
from .reductions import REDUCE, SHARES
from .selection import SelectionError, chosen


def clock(table: Mapping[str, np.ndarray], rows: np.ndarray) -> np.ndarray:
    """Return times of rows, s: since their step began where all are of one, as that holds its digits late in a run."""
    step = table.get("step", np.empty(0))
    one = step.size > 0 and np.unique(step[rows]).size == 1
    return np.asarray(table["step_time_s" if one else "time_s"][rows])


def column(path: Path, entry: Quantity, expression: Expression, table: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return an expression over the columns of a table, for every row. Raises ExpectedError."""
    try:
        return expression.values(table)
    except ExpressionError as error:
        what = f'{entry.table}: "{expression.text}"'
        raise ExpectedError(f"{path}: {entry.name}: {what} {error}") from None


def selection_error(path: Path, entry: Quantity, error: SelectionError) -> ExpectedError:
    """Return the error of a selection with its place."""
    return ExpectedError(f'{path}: {entry.name}: select = "{entry.select.text}" {error}')


def slope_or_r2(path: Path, entry: Quantity, x: np.ndarray, y: np.ndarray) -> float:
    """Return the slope or the r2 of the straight line of least squares. Raises ExpectedError."""
    found = straight_line(x, y)
    if found is None or not (np.ptp(y) > 0.0 or entry.reduce == "slope"):
        flat = entry.against.text if entry.against is not None and found is None else entry.column.text
        raise ExpectedError(f'{path}: {entry.name}: "{flat}" is the same in all the rows; a {entry.reduce} needs two')
    return found.slope if entry.reduce == "slope" else found.r2


def reduced_profiles(path: Path, entry: Quantity, run: Run) -> float:
    """Return the model's value of an entry from the cells of a region that have a volume. Raises ExpectedError,
    ResultError."""
    if entry.region not in run.regions:
        raise ExpectedError(f'{path}: {entry.name}: no region "{entry.region}"; there are {", ".join(run.regions)}')
    name, names = entry.column.text, [variable.name for variable in run.profile_variables]
    if name not in names:
        raise ExpectedError(f'{path}: {entry.name}: no profile "{name}"; there are {", ".join(names)}')
    cells = run.cells.volumes_of(entry.region)
    try:
        records = chosen(entry.select, {}, run.profile_times.size)
    except SelectionError as error:
        raise selection_error(path, entry, error) from None
    values = np.asarray(run.profiles(name)[records][:, cells])
    if not np.isfinite(values).all():
        raise ExpectedError(f'{path}: {entry.name}: "{entry.region}" has no {name}')
    if entry.reduce in SHARES:
        values = SHARES[entry.reduce](values, entry.at)
    if entry.reduce in ("mean", *SHARES):
        return float(np.average(values, axis=1, weights=run.cells.size[cells]).mean())
    return REDUCE[entry.reduce](values)
