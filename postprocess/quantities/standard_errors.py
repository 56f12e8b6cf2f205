"""The standard errors of what is fitted to a relaxation (`decay_fits`), for the table of a comparison."""

from math import nan

from eisfv.result import Run

from .curves import CURVES
from .quantity import Quantity
from .run_tables import table_named
from .selection import chosen


def standard_error(entry: Quantity, run: Run) -> float:
    """Return the standard error of an entry's value, in its unit; NaN where it is not fitted, and of a ratio."""
    curve = CURVES.get(entry.reduce)
    if curve is None or curve.error is None or entry.against is None or entry.ratio_to:
        return nan
    table = table_named(run, entry.table)
    x, y = entry.against.values(table), entry.column.values(table)
    rows = chosen(entry.select, table, y.size)
    return curve.error(x[rows], y[rows])
