"""From an [[axis]] table whose value scatters from device to device to its axis, or to every fault in it."""

from eisfv.case.calibrate_schema import Amount
from eisfv.case.problems import Key
from eisfv.sweep import schema
from eisfv.sweep.axes import Axis, converted, dimension_of, number_text
from eisfv.sweep.faults import Faults
from eisfv.sweep.scatter import LogNormal, Normal, Scatter
from eisfv.units import UnitError, parse

WORDS = ("mean", "sd", "median", "factor")
EXAMPLES = {"mean": 'sd = "4 %"', "sd": 'mean = "80 nm"', "median": "factor = 1.3", "factor": 'median = "0.1 uA/cm^2"'}
OTHER = {"mean": "sd", "sd": "mean", "median": "factor", "factor": "median"}


def scatters(entry: schema.Axis) -> bool:
    """Return whether an entry says how its value scatters."""
    return any(getattr(entry, word) is not None for word in WORDS)


def check_scatter(number: int, entry: schema.Axis, sampled: bool, faults: Faults) -> None:
    """Refuse what does not make one distribution."""
    place: Key = ("axis", number)
    given = [word for word in WORDS if getattr(entry, word) is not None]
    if {"mean", "sd"} & set(given) and {"median", "factor"} & set(given):
        faults.add(place, "has mean or sd and median or factor; write mean and sd, or median and factor")
    else:
        for word in given:
            if getattr(entry, OTHER[word]) is None:
                faults.add((*place, OTHER[word]), f"is missing; add for example {EXAMPLES[word]}")
    if not sampled:
        faults.add(place, 'is drawn, and there is no [sample]; add one with method = "latin_hypercube", points = 100')
    for name in ("values", "points", "scale", "zip"):
        if getattr(entry, name) is not None:
            faults.add((*place, name), f"does not go with {given[0]}, from which the value is drawn; remove it")
    middle = entry.mean or entry.median
    if middle is None:
        return
    if entry.median is not None and entry.median.number <= 0.0:
        faults.add((*place, "median"), "must be above zero; take mean and sd", written(entry.median))
    sd = entry.sd
    if sd is not None and (sd.number <= 0.0 or (sd.unit == "%" and middle.number == 0.0)):
        faults.add((*place, "sd"), f"must be above zero; write for example {EXAMPLES['mean']}", written(sd))
    for name, amount in (("sd", sd), ("from", entry.from_), ("to", entry.to)):
        if amount is None or (name == "sd" and amount.unit == "%"):
            continue
        if (reason := unlike(amount, middle)) is not None:
            faults.add((*place, name), reason, written(amount))


def scattered(number: int, entry: schema.Axis, keys: tuple[str, ...], name: str, faults: Faults) -> Axis | None:
    """Return the axis of an entry that `check_scatter` has passed; None where its ends leave nothing."""
    middle = entry.mean or entry.median
    assert middle is not None
    unit = middle.unit
    scatter: Scatter
    if entry.sd is not None:
        relative = entry.sd.unit == "%"
        sd = (
            abs(middle.number) * entry.sd.number / 100.0
            if relative
            else converted(entry.sd.number, entry.sd.unit, unit)
        )
        scatter = Normal(middle.number, sd)
    else:
        assert entry.factor is not None
        scatter = LogNormal(middle.number, entry.factor)
    low, high = scatter.ends
    low = low if entry.from_ is None else converted(entry.from_.number, entry.from_.unit, unit)
    high = high if entry.to is None else converted(entry.to.number, entry.to.unit, unit)
    logarithmic = isinstance(scatter, LogNormal)
    floor = "above zero and " if logarithmic else ""
    if not low < middle.number < high or (logarithmic and low <= 0.0):
        ends = f"{number_text(low)} to {number_text(high)} {unit}".rstrip()
        faults.add(("axis", number), f"is cut to {ends}; from must lie {floor}below {written(middle)} and to above it")
        return None
    return Axis(name, unit, keys, "log" if logarithmic else "linear", (), low, high, entry.whole, "", scatter)


def unlike(amount: Amount, first: Amount) -> str | None:
    """Return why an amount is not one of the unit of the first, None where it is."""
    if amount.unit == first.unit:
        return None
    own, wanted = (dimension_of(unit) if unit else None for unit in (amount.unit, first.unit))
    if wanted is None:
        return f'is not in the unit of the first, "{written(first)}"; write all in one unit'
    if own is not None and own != wanted:
        return f'measures {own}, and the first, "{written(first)}", {wanted}; write all alike'
    try:
        parse(written(amount), wanted)
    except UnitError as error:
        return error.reason
    return None


def written(amount: Amount) -> str:
    return f"{number_text(amount.number)} {amount.unit}".strip()
