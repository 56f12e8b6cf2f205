"""From the [[axis]] tables of a sweep file to axes, or to every fault in them."""

from collections.abc import Sequence
from dataclasses import replace
from math import nan, prod

import numpy as np

from eisfv.case.calibrate_schema import Amount, amount_match
from eisfv.case.problems import Key
from eisfv.sweep import schema
from eisfv.sweep.axes import Axis, Value, converted, dimension_of
from eisfv.sweep.faults import Faults
from eisfv.sweep.scatter_reading import check_scatter, scattered, scatters, unlike, written

LIMIT = 1_000_000  # points; the keys of the runs that are done are held in memory, 100 bytes each


def read_axes(table: schema.SweepFile, faults: Faults) -> tuple[Axis, ...] | None:
    """Return the axes, of a sample without values; None where there are faults."""
    before = len(faults.lines)
    for number, entry in enumerate(table.axis):
        _check_form(number, entry, table.sample is not None, faults)
    _check_names(table.axis, faults)
    _check_zips(table.axis, faults)
    _check_total(table, faults)
    if len(faults.lines) > before:
        return None
    axes = [
        _listed(number, entry, faults)
        if entry.values is not None
        else scattered(number, entry, _keys(entry), name_of(entry), faults)
        if scatters(entry)
        else _ranged(number, entry, faults)
        for number, entry in enumerate(table.axis)
    ]
    return tuple(axis for axis in axes if axis is not None) if len(faults.lines) == before else None


def name_of(entry: schema.Axis) -> str:
    """Return the name of an axis: the last word of its key unless it is given."""
    return entry.name or (entry.key or (entry.keys or [""])[0]).split(".")[-1].split("[")[0].strip('"')


def _check_form(number: int, entry: schema.Axis, sampled: bool, faults: Faults) -> None:
    place: Key = ("axis", number)
    if (entry.key is None) == (entry.keys is None):
        faults.add(place, "needs key, or keys for several that take the same value; write one of them")
    if scatters(entry):
        check_scatter(number, entry, sampled, faults)
        return
    if entry.values is not None:
        if sampled:
            faults.add((*place, "values"), "cannot be drawn from by [sample]; write from, to and scale")
        for name in ("from_", "to", "points", "scale", "whole"):
            if name in entry.model_fields_set:
                faults.add((*place, name.rstrip("_")), "is for a range, and there are values; remove one of them")
        return
    if entry.from_ is None or entry.to is None:
        wanted = "from and to" if sampled else "values, or from, to and points"
        faults.add(place, f'has no values; write {wanted}, for example from = "1 um", to = "1 mm"')
        return
    if sampled and entry.points is not None:
        faults.add((*place, "points"), "is for a grid, and [sample] says how many; remove it", entry.points)
    if sampled and entry.zip is not None:
        faults.add((*place, "zip"), "is for a grid, and there is [sample]; remove it", entry.zip)
    if not sampled and entry.points is None:
        faults.add((*place, "points"), "is missing; add for example points = 9")
    if (reason := unlike(entry.to, entry.from_)) is not None:
        faults.add((*place, "to"), reason, written(entry.to))
    elif converted(entry.to.number, entry.to.unit, entry.from_.unit) == entry.from_.number:
        faults.add((*place, "to"), "is the same as from; write another one, or values with one entry")
    elif entry.scale == "log" and min(entry.from_.number, entry.to.number) <= 0.0:
        faults.add((*place, "scale"), "needs from and to above zero; raise them, or take linear", "log")


def _check_names(entries: Sequence[schema.Axis], faults: Faults) -> None:
    names = [name_of(entry) for entry in entries]
    for number, name in enumerate(names):
        if not schema.NAME.fullmatch(name):
            faults.add(("axis", number), 'needs a name for its column; add for example name = "thickness"')
        elif name in names[:number]:
            remedy = f'is also that of axis[{names.index(name)}]; give it its own, as name = "{name}_{number}"'
            faults.add(("axis", number, "name"), remedy, name)


def _check_zips(entries: Sequence[schema.Axis], faults: Faults) -> None:
    first: dict[str, int] = {}
    for number, entry in enumerate(entries):
        if entry.zip is None:
            continue
        leader = first.setdefault(entry.zip, number)
        lengths = _length(entries[leader]), _length(entry)
        if lengths[0] != lengths[1] and all(lengths):
            words = f"has {lengths[1]} values and axis[{leader}], which it advances with, {lengths[0]}"
            faults.add(("axis", number, "zip"), f"{words}; give both as many", entry.zip)
    for group, leader in first.items():
        if sum(entry.zip == group for entry in entries) == 1:
            faults.add(("axis", leader, "zip"), "is that of no other axis; remove it, or give it to another one", group)


def _length(entry: schema.Axis) -> int:
    return len(entry.values) if entry.values is not None else entry.points or 0


def _check_total(table: schema.SweepFile, faults: Faults) -> None:
    """Refuse more points than LIMIT before one of them is made."""
    place: Key = ("axis",) if table.sample is None else ("sample", "points")
    if table.sample is None:
        total = prod({entry.zip or number: _length(entry) for number, entry in enumerate(table.axis)}.values())
    else:
        total = table.sample.points * (len(table.axis) + 2 if table.sample.method == "saltelli" else 1)
    if total > LIMIT:
        words = f"makes {total:_} points and a sweep has {LIMIT:_} at most".replace("_", " ")
        faults.add(place, f"{words}; take fewer, or draw a [sample] of them")


def _ranged(number: int, entry: schema.Axis, faults: Faults) -> Axis | None:
    assert entry.from_ is not None
    assert entry.to is not None
    unit = entry.from_.unit
    high = converted(entry.to.number, entry.to.unit, unit)
    axis = Axis(
        name=name_of(entry),
        unit=unit,
        keys=_keys(entry),
        scale=entry.scale or "linear",
        values=(),
        low=entry.from_.number,
        high=high,
        whole=entry.whole,
        zipped=entry.zip or "",
    )
    if entry.points is None:
        return axis
    values = axis.between(np.linspace(0.0, 1.0, entry.points))
    if np.unique(values).size < entry.points:
        words = "are more than there are different values between from and to; take fewer"
        faults.add(("axis", number, "points"), words, entry.points)
        return None
    return replace(axis, values=tuple(values.tolist()))


def _listed(number: int, entry: schema.Axis, faults: Faults) -> Axis | None:
    assert entry.values is not None
    before = len(faults.lines)
    unit, values = _of_one_kind(number, entry.values, faults)
    for k, value in enumerate(values):
        if value in values[:k]:
            faults.add(("axis", number, "values", k), "is there twice; remove one of them", entry.values[k])
    if len(faults.lines) > before:
        return None
    numbers = [value for value in values if not isinstance(value, str)]
    low, high = (min(numbers), max(numbers)) if numbers else (nan, nan)
    return Axis(
        name_of(entry), unit, _keys(entry), "list", tuple(values), low, high, whole=False, zipped=entry.zip or ""
    )


def _of_one_kind(number: int, given: Sequence[bool | float | str], faults: Faults) -> tuple[str, list[Value]]:
    """Return the unit and the values of a list: all numbers of one unit, or all words."""
    amounts = [_amount(value) for value in given]
    first = amounts[0]
    if first is None or (first.unit and dimension_of(first.unit) is None):  # a word, or what the case will refuse
        for k, value in enumerate(given):
            if isinstance(value, int | float) and not isinstance(value, bool):
                faults.add(("axis", number, "values", k), "is a number, and the first is a word; write one kind", value)
        return "", [str(value).lower() if isinstance(value, bool) else str(value) for value in given]
    values: list[Value] = []
    for k, amount in enumerate(amounts):
        if amount is None:
            faults.add(("axis", number, "values", k), "is a word, and the first is a number; write one kind", given[k])
        elif (reason := unlike(amount, first)) is not None:
            faults.add(("axis", number, "values", k), reason, given[k])
        else:
            values.append(converted(amount.number, amount.unit, first.unit))
    return first.unit, values


def _amount(value: bool | float | str) -> Amount | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Amount(float(value), "")
    match = amount_match(value)
    return Amount(float(match[1]), match[2]) if match is not None and match[2] else None


def _keys(entry: schema.Axis) -> tuple[str, ...]:
    return (entry.key,) if entry.key is not None else tuple(entry.keys or ())
