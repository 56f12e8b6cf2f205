"""Values of an interface that vary along x: what they must be to the interface, and their records."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eisfv.case.boxes import length
from eisfv.case.fields import Quantity
from eisfv.case.layout import Layout
from eisfv.case.problems import Key, Problem
from eisfv.case.profiles import along_x
from eisfv.case.section_keys import kind_of
from eisfv.case.section_schema import FromFile, Patches, Points
from eisfv.case.touching import length_text, snapping, span_text
from eisfv.case.tree import rows
from eisfv.device import lateral
from eisfv.mesh.box import Span
from eisfv.units import UnitError, parse

# Of the interface's length: each patch needs a few cells along x.
SMALLEST_PATCH = 1e-3

Along = Quantity | Points[Quantity] | FromFile | Patches[Quantity]


def faults(tree: Mapping[str, Any], names: Sequence[str], layout: Layout) -> Iterator[Problem]:
    """Yield values that vary along x where nothing does, that do not cover their interface, patches out of scale."""
    for key, holder in along_x(tree):
        value = holder[str(key[-1])]
        if not isinstance(value, dict):
            continue
        if kind_of(tree) == "none":
            yield Problem(key, "varies along x, which a stack does not have; write one value, or add [device.section]")
            continue
        between = rows(tree, "device", "interface")[int(key[2])].get("between")
        if not isinstance(between, list) or len(between) != 2 or not all(name in names for name in between):
            continue
        first, second = sorted(names.index(name) for name in between)
        if (first, second) not in layout.along:
            continue
        along = layout.along[first, second]
        if along is None:
            yield Problem(key, "varies along x, but these two regions meet side by side, at one x; write one value")
        else:
            yield from _scale_faults(key, value, along)


def _scale_faults(key: Key, value: Mapping[str, Any], along: Span) -> Iterator[Problem]:
    size = along[1] - along[0]
    patch = length(value, "patch")
    if patch is not None and not SMALLEST_PATCH * size <= patch <= size:
        remedy = (
            f"must be between {length_text(SMALLEST_PATCH * size)} and {length_text(size)}, the length of the interface"
        )
        yield Problem((*key, "patch"), remedy, value["patch"])
    x = value.get("x")
    if isinstance(x, list) and len(x) > 1:
        try:
            ends = (parse(x[0], "length"), parse(x[-1], "length"))
        except UnitError:
            return  # the schema says it
        snap = snapping(along)
        if ends[0] < ends[1] and (snap(ends[0]) > along[0] or snap(ends[1]) < along[1]):
            remedy = f"covers {span_text(ends)} and the interface runs from {span_text(along)}; add points to its ends"
            yield Problem((*key, "x"), remedy)


def build(value: Along, along: Span | None) -> tuple[float, lateral.Lateral]:
    """Return the SI value and the factor along x; along: the stretch of x of the interface, for patches."""
    match value:
        case Quantity():
            return value.si, lateral.EVERYWHERE
        case Points():
            largest = max(level.si for level in value.value)
            factors = tuple(level.si / largest for level in value.value)
            return largest, lateral.Profile(tuple(x.si for x in value.x), factors)
        case Patches():
            assert along is not None
            ratio = value.poor.si / value.good.si
            return value.good.si, lateral.patches(*along, value.patch.si, value.share, ratio, value.seed)
        case FromFile():
            raise AssertionError("`profiles` has put the points in its place")
