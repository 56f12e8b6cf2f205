"""What a picture of a sweep shows: its axes and quantities as they are drawn, and which rows belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.errors import EisfvError
from eisfv.postprocess.quantities.quantity import hint_or_list
from eisfv.result.sweep_table import Sweep, SweepAxis, SweepQuantity

from .labels import Floats, pretty_unit, scaled, short, spread_is_wide


class SweepPlotError(EisfvError):
    """A picture that cannot be drawn; the message is one line for the user."""


@dataclass(frozen=True)
class Coordinate:
    """An axis as it is drawn.

    at      of every row, in the axis's unit; of words their place in the list
    levels  the distinct ones, ascending
    words   of the levels; empty for numbers
    """

    name: str
    label: str
    unit: str
    at: Floats
    levels: Floats
    words: tuple[str, ...]
    log: bool

    def text(self, level: float) -> str:
        """Return a level with its unit."""
        if self.words:
            return self.words[int(level)]
        return f"{short(level)} {self.unit}".rstrip()


@dataclass(frozen=True)
class PlottedQuantity:
    """A quantity as it is drawn: values of every row in the unit of the label, NaN where there is none."""

    name: str
    label: str
    values: Floats
    log: bool


def varied(sweep: Sweep) -> list[SweepAxis]:
    """Return the axes that go their own way: of those that advance together the first, none of a single value."""
    seen: set[str] = set()
    found = []
    for axis in sweep.head.axes:
        own = f"zip {axis.zipped}" if axis.zipped else axis.name
        if own not in seen and np.unique(sweep.table[axis.column]).size > 1:
            found.append(axis)
        seen.add(own)
    return found


def coordinate(sweep: Sweep, axis: SweepAxis) -> Coordinate:
    """Return an axis as it is drawn: logarithmic where it was laid out so, or is a list over more than a decade."""
    column = sweep.table[axis.column]
    unit = pretty_unit(axis.unit)
    label = axis.name.replace("_", " ") + (f" ({unit})" if unit else "")
    if column.dtype.kind in "US":
        words = tuple(str(value) for value in axis.values)
        at = np.array([words.index(str(value)) for value in column], float)
        return Coordinate(axis.name, label, unit, at, np.unique(at), words, False)
    at = np.asarray(column, float)
    log = axis.scale == "log" or (axis.scale == "list" and spread_is_wide(at))
    return Coordinate(axis.name, label, unit, at, np.unique(at), (), log)


def plotted_quantity(sweep: Sweep, quantity: SweepQuantity) -> PlottedQuantity:
    """Return a quantity as it is drawn. Raises SweepPlotError where no finished run gives it."""
    raw = np.where(sweep.finished, np.asarray(sweep.table[quantity.column], float), np.nan)
    if not np.isfinite(raw).any():
        raise SweepPlotError(f"{sweep.path}: {none_given(sweep, quantity.name)}")
    log = spread_is_wide(raw)
    factor, unit = scaled(raw, quantity.unit, log)
    unit = pretty_unit(unit or quantity.label)
    label = quantity.name.replace("_", " ") + (f" ({unit})" if unit else "")
    if quantity.name in sweep.blurred:
        label += "\n(numerical error exceeds the spread)"
    return PlottedQuantity(quantity.name, label, raw * factor, log)


def none_given(sweep: Sweep, name: str) -> str:
    """Return why there is nothing to draw."""
    finished = bool(sweep.finished.any())
    among = sweep.table["reason"][sweep.finished] if finished else sweep.table["reason"]
    reasons = [str(reason) for reason in among if str(reason)]
    if finished:
        return f'no run gives "{name}"' + (f"; the first says: {reasons[0]}" if reasons else "")
    return "no run has finished" + (f"; the first failed: {reasons[0]}" if reasons else "")


def axis_named(sweep: Sweep, name: str) -> SweepAxis:
    """Return the axis of a name or of its column. Raises SweepPlotError."""
    for axis in sweep.head.axes:
        if name in (axis.name, axis.column):
            return axis
    raise SweepPlotError(
        f'{sweep.path}: no axis "{name}"' + hint_or_list(name, [axis.name for axis in sweep.head.axes])
    )


def quantity_named(sweep: Sweep, name: str) -> SweepQuantity:
    """Return the quantity of a name or of its column. Raises SweepPlotError."""
    for quantity in sweep.head.quantities:
        if name in (quantity.name, quantity.column):
            return quantity
    names = [quantity.name for quantity in sweep.head.quantities]
    raise SweepPlotError(f'{sweep.path}: no quantity "{name}"' + hint_or_list(name, names))


def held(sweep: Sweep, free: Sequence[SweepAxis]) -> tuple[np.ndarray, str]:
    """Return which rows a picture over `free` axes of a grid shows, and in words where the other axes are held.

    Axes that are not drawn stay at their first value.
    """
    rows = np.ones(len(sweep.table["number"]), bool)
    words = []
    together = {axis.zipped for axis in free if axis.zipped}
    for axis in varied(sweep):
        if axis in free or axis.zipped in together:
            continue
        other = coordinate(sweep, axis)
        first = other.at[0]
        rows &= other.at == first
        words.append(f"{axis.name.replace('_', ' ')} = {other.text(first)}")
    return rows, ", ".join(words)
