"""What the base case says to the axes of a sweep: every value is loaded once before anything runs."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path

import numpy as np

from eisfv.case.file_tree import assign, bring_in_materials, find_file, parse_override, read_toml
from eisfv.case.problems import CaseError, Key, Problem
from eisfv.sweeping.axes import Axis, Value
from eisfv.sweeping.faults import Faults, refused
from eisfv.sweeping.sampling import Grid, Sampling

CHECKED = 1000  # values of an axis that are loaded, evenly spread; a load takes 2 ms
SHOWN = 3  # lines on the values of an axis


def check_keys(case: Path, overrides: Sequence[str], axes: Sequence[Axis], faults: Faults) -> None:
    """Refuse a key that two axes set, or an axis and the settings for all runs."""
    tree = read_toml(find_file(case))
    bring_in_materials(tree, find_file(case).parent)
    for_all = [_place(tree, text) for text in overrides]
    taken: list[tuple[Key, int]] = []
    for number, axis in enumerate(axes):
        for k, key in enumerate(axis.keys):
            place = _place(tree, f"{key}=0")
            if place is None:  # the case will say why
                continue
            name: Key = ("axis", number, "key") if len(axis.keys) == 1 else ("axis", number, "keys", k)
            for other, holder in taken:
                shorter = min(len(place), len(other))
                if place[:shorter] == other[:shorter]:
                    who = f"axis[{holder}] too" if holder != number else "this axis twice"
                    faults.add(name, f"is set by {who}; leave one of them out", key)
                    break
            if place in for_all:
                faults.add(name, "is set for all runs by sweep.set too; remove it there", key)
            taken.append((place, number))


def _place(tree: dict[str, object], override: str) -> Key | None:
    try:
        place = assign(deepcopy(tree), parse_override(override))
    except CaseError:
        return None
    return None if isinstance(place, Problem) else place


def check_values(
    case: Path, overrides: Sequence[str], axes: Sequence[Axis], sampling: Sampling, faults: Faults
) -> None:
    """Refuse values that the case does not take, the other axes at their first ones, or not set at all.

    A combination that the case refuses though it takes each value is no fault here: that run fails, with its reason.
    """
    groups = sampling.groups if isinstance(sampling, Grid) else [[axis] for axis in axes]
    numbers = {axis.name: number for number, axis in enumerate(axes)}
    for group in groups:
        others = [text for axis in axes if axis not in group for text in axis.overrides(axis.first)]
        lines: dict[str, int] = {}
        for values in zip(*(_tried(axis) for axis in group), strict=True):
            own = [text for axis, value in zip(group, values, strict=True) for text in axis.overrides(value)]
            found = refused(case, [*overrides, *others, *own])
            alone = refused(case, [*overrides, *own]) if found else []
            if alone:  # what both say is about these values and not about another axis's
                both = [line for line in alone if line in found] or found
                lines |= {line: numbers[_axis_of(line, group).name] for line in both}
        shown = list(lines.items())[:SHOWN]
        for line, number in shown:
            faults.add_case(("axis", number), [line])
        if len(lines) > len(shown):
            faults.add(("axis", numbers[group[0].name]), f"has more values that are refused: {len(lines) - len(shown)}")


def _axis_of(line: str, group: Sequence[Axis]) -> Axis:
    """Return the axis of a group that a line is about: the one whose last word it has."""
    return next((axis for axis in group if any(key.split(".")[-1] in line for key in axis.keys)), group[0])


def _tried(axis: Axis) -> list[Value]:
    """Return the values of an axis, at most CHECKED; of one that is drawn from its ends and the middle."""
    if not axis.values:
        return [float(value) for value in axis.between(np.array([0.0, 0.5, 1.0]))]
    return list(_spread(axis.values))


def _spread(values: Sequence[Value]) -> Iterator[Value]:
    places = np.unique(np.linspace(0, len(values) - 1, min(CHECKED, len(values))).astype(int))
    return (values[place] for place in places)
