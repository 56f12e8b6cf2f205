"""How a step depends on charge, height and width of its pulse.

A step also depends on the conductance it starts from. So that this is not taken for the other, kinds of pulses are held
against each other at one conductance: the one that most of them start from, each kind by the course through its steps.
"""

from collections.abc import Callable, Sequence

import numpy as np

from eisfv.postprocess.quantities.prefixes import duration_text, quantity
from eisfv.postprocess.regression import straight_line

from .course import course_of
from .levels import missing_branch
from .means import slope_of
from .measured import Measured, Pulses, Topic
from .nonlinearity import NAMES
from .pulses import Kind
from .wording import counted

DISTINCT = 3  # values, at least, of what a step is held against
NEAR = 0.025  # a kind's range of conductances is taken this much wider, so that kinds of one pulse meet
SAME = 1e-6  # values closer than this share are one

Value = Callable[[Kind, float], float]


def measure_dependence(pulses: Pulses, kinds: Sequence[Kind]) -> Topic:
    """Return dG_per_charge_<branch>, dG_per_amplitude_<branch>, dG_per_width_<branch>, each with its _r2."""

    def charge(kind: Kind, g: float) -> float:
        return course_of(pulses.before[kind.members], pulses.charge[kind.members]).value(g)

    quantities: dict[str, Measured] = {}
    tables = {}
    for sign, name in NAMES.items():
        own = [kind for kind in kinds if kind.sign == sign]
        plain = [kind for kind in own if kind.waveform == 0]
        for what, unit, chosen, value, held in (
            ("charge", "C", own, charge, ""),
            ("amplitude", "", *of_amplitude(plain)),
            ("width", "s", *of_width(plain)),
        ):
            key = f"dG_per_{what}_{name}"
            unit = unit or (chosen[0].unit if chosen else "V")
            if not own:
                slope = r2 = Measured(None, f"S/{unit}", reason=missing_branch(sign))
                table = None
            else:
                slope, r2, table = dependence_of(pulses, chosen, value, f"S/{unit}", what, held)
            quantities |= {key: slope, f"{key}_r2": r2}
            if table is not None:
                tables[key] = {f"{what}_{unit}": table[0], "step_S": table[1]}
    return Topic(quantities, tables)


def of_amplitude(kinds: Sequence[Kind]) -> tuple[list[Kind], Value, str]:
    """Return the kinds of the width that has most amplitudes, their amplitude, and what is held in words."""
    best = largest_group(kinds, lambda k: (k.unit, k.width), lambda k: k.amplitude)
    return best, lambda kind, g: kind.amplitude, f", all {duration_text(best[0].width)} wide" if best else ""


def of_width(kinds: Sequence[Kind]) -> tuple[list[Kind], Value, str]:
    """Return the kinds of the amplitude that has most widths, their width, and what is held in words."""
    best = largest_group(kinds, lambda k: (k.unit, k.amplitude), lambda k: k.width)
    return best, lambda kind, g: kind.width, f", all {quantity(best[0].amplitude, best[0].unit)} high" if best else ""


def largest_group(
    kinds: Sequence[Kind], equal: Callable[[Kind], tuple[str, float]], varied: Callable[[Kind], float]
) -> list[Kind]:
    """Return the kinds equal in one respect that differ most often in another; the first of equals."""
    groups: dict[tuple[str, float], list[Kind]] = {}
    for kind in kinds:
        groups.setdefault(equal(kind), []).append(kind)
    return max(groups.values(), key=lambda group: len({varied(kind) for kind in group}), default=[])


def dependence_of(
    pulses: Pulses, kinds: Sequence[Kind], value: Value, unit: str, what: str, held: str
) -> tuple[Measured, Measured, tuple[np.ndarray, np.ndarray] | None]:
    """Return the slope, its r2 and the data (value, step in S) of the kinds at the conductance most of them share."""
    meeting, g = shared_conductance(pulses, kinds)
    x = np.array([value(kind, g) for kind in meeting])
    y = np.array([course_of(pulses.before[k.members], pulses.change[k.members]).value(g) for k in meeting])
    distinct = 1 + int((np.diff(np.sort(x)) > SAME * np.abs(x).max()).sum()) if x.size else 0
    if distinct < DISTINCT:
        why = f"{counted(distinct, 'value')} of the {what}{held} at one conductance; a slope needs {DISTINCT}"
        return Measured(None, unit, reason=why), Measured(None, reason=why), None
    line = straight_line(x, y)
    assert line is not None
    window = f"{x.size} kinds of pulses{held}, each at {quantity(g, 'S')}"
    return slope_of(line, unit, window), Measured(line.r2, points=x.size, window=window), (x, y)


def shared_conductance(pulses: Pulses, kinds: Sequence[Kind]) -> tuple[list[Kind], float]:
    """Return the kinds that have pulses from about one conductance, the most there are, and that conductance, S."""
    if not kinds:
        return [], 0.0
    ends = [(float(pulses.before[k.members].min()), float(pulses.before[k.members].max())) for k in kinds]
    low, high = np.array([(a * (1.0 - NEAR), b * (1.0 + NEAR)) for a, b in ends]).T
    edges = np.unique(np.concatenate([low, high]))
    middles = 0.5 * (edges[:-1] + edges[1:])
    many = ((low <= middles[:, None]) & (middles[:, None] <= high)).sum(axis=1)
    widths = np.where(many == many.max(), np.diff(edges), 0.0)
    g = float(middles[int(widths.argmax())])
    return [kind for kind, a, b in zip(kinds, low, high, strict=True) if a <= g <= b], g
