"""A measured curve with the model: residuals at the points of the measurement.

    r_k = w_k (m(x_k) - y_k) / e_k                       linear
    r_k = w_k ln(m(x_k) / y_k) / ln(factor)              log, with { factor = ... }
    r_k = w_k ln(m(x_k) / y_k) / (e_k / |y_k|)           log, else

m(x_k)  the model's y, between rows on a straight line
The model is within where sum r^2 lies below the 95 % quantile of chi squared of so many points: errors that are
independent and as large as said exceed it one time in twenty.
"""

from dataclasses import dataclass
from math import nan
from pathlib import Path

import numpy as np

from eisfv.result import Run

from .expressions import ExpressionError
from .quantity import ExpectedError, Quantity
from .run_tables import table_named
from .selection import SelectionError, chosen


@dataclass(frozen=True)
class Measured:
    """A measured curve: points x, y (n) in SI, width (n) of the residuals' errors (ln where log), weight (n).

    quantity  what a comparison says of it: the root mean square of its residuals, at most what 95 % of draws have
    units     of x and y, "" of plain numbers
    """

    quantity: Quantity
    data: Path
    x: np.ndarray
    y: np.ndarray
    error: np.ndarray
    width: np.ndarray
    weight: np.ndarray
    log: bool
    units: tuple[str, str]

    @property
    def name(self) -> str:
        """Return what it is called."""
        return self.quantity.name

    def residuals(self, model: np.ndarray) -> np.ndarray:
        """Return the residuals (n) of the model's y (n); NaN where a logarithm has none."""
        if not self.log:
            return np.asarray(self.weight * (model - self.y) / self.width)
        ratio = model / self.y
        safe = np.where(ratio > 0.0, ratio, nan)
        return np.asarray(self.weight * np.log(safe) / self.width)


@dataclass(frozen=True)
class Against:
    """A measured curve with a run: x, y (rows) of the run, model (n) at the points of the measurement."""

    curve: Measured
    x: np.ndarray
    y: np.ndarray
    model: np.ndarray

    @property
    def residuals(self) -> np.ndarray:
        """Return the residuals (n)."""
        return self.curve.residuals(self.model)

    @property
    def rms(self) -> float:
        """Return the root mean square of the residuals that have a weight, infinite where one cannot be said."""
        found = self.residuals
        counted = np.count_nonzero(self.curve.weight)
        return float(np.sqrt(found @ found / counted)) if np.isfinite(found).all() else float("inf")


def against(path: Path, curve: Measured, run: Run) -> Against:
    """Return a measured curve with the model of a run. Raises ExpectedError, ResultError."""
    entry = curve.quantity
    place = f'{path}: curve "{curve.name}"'
    assert entry.against is not None
    table = table_named(run, entry.table)
    columns = []
    for expression in (entry.against, entry.column):
        try:
            columns.append(expression.values(table))
        except ExpressionError as error:
            raise ExpectedError(f'{place}: {entry.table}: "{expression.text}" {error}') from None
    try:
        rows = chosen(entry.select, table, columns[0].size)
    except SelectionError as error:
        raise ExpectedError(f'{place}: select = "{entry.select.text}" {error}') from None
    x, y = columns[0][rows], columns[1][rows]
    if not np.isfinite([x, y]).all():
        raise ExpectedError(f'{place}: "{entry.column.text}" is no number in some of the rows; select others')
    backward = x.size > 1 and x[-1] < x[0]
    along, up = (x[::-1], y[::-1]) if backward else (x, y)
    turns = np.flatnonzero(np.diff(along) < 0.0)
    if turns.size:
        row = int(rows[x.size - 1 - turns[-1] if backward else turns[0] + 1]) + 1
        raise ExpectedError(
            f'{place}: "{entry.against.text}" turns back at row {row}; select rows where it goes one way'
        )
    slack = 1e-9 * float(np.abs(along).max())
    outside = (curve.x < along[0] - slack) | (curve.x > along[-1] + slack)
    if outside.any():
        unit = curve.units[0]
        reach = f"{along[0]:.4g} to {along[-1]:.4g} {unit}".rstrip()
        where = f"{curve.x[outside][0]:.4g} {unit}".rstrip()
        raise ExpectedError(
            f"{place}: {int(outside.sum())} of {curve.x.size} points lie outside the model's {reach}, the first at "
            f"{where}; narrow the window, or run further"
        )
    return Against(curve, x, y, np.interp(curve.x, along, up))
