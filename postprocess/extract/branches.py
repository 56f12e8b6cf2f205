"""The two writing branches: which pulses raise and which lower the conductance, and their steps against it.

Pulses of one amplitude, width and waveform are of one kind. A kind raises or lowers the conductance as the median of
its changes says (their mean where most change nothing), whatever the sign of the amplitude: the sign of G on insertion
depends on the material. The commonest kind of each direction is the branch; of kinds equally common one whose mirror
image (opposite amplitude, same width) is there too, then the one of the largest change, then the first of the run.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from .course import Course, course_of
from .measured import Branch, Pulses
from .pulses import Kind

NODES = 41
SAME_START = 1e-3  # of a step: pulses that start closer to each other than this start from one conductance
NEIGHBOURS = 8  # pulses, at least, that the spread at a node is made of

WORDS: Mapping[int, str] = {1: "raises", -1: "lowers"}


def branch_of(pulses: Pulses, kinds: Sequence[Kind], sign: int) -> tuple[Branch, Course] | None:
    """Return the branch of a direction, +1 or -1, with its course; None where no kind has it."""
    kind = commonest(kinds, sign)
    if kind is None:
        return None
    before, change = pulses.before[kind.members], pulses.change[kind.members]
    course = course_of(before, change, SAME_START * float(np.median(np.abs(change))))
    nodes = np.linspace(course.low, course.high, min(NODES, course.places)) if course.places > 1 else before[:1]
    branch = Branch(
        chosen=kind.members,
        amplitude=kind.amplitude,
        unit=kind.unit,
        width=kind.width,
        nodes=nodes,
        steps=course.values(nodes),
        spread=spread_at(nodes, before, change - course.values(before), course),
    )
    return branch, course


def commonest(kinds: Sequence[Kind], sign: int) -> Kind | None:
    """Return the kind a branch is made of; None where there is none of this sign."""
    there = {(k.unit, k.amplitude, k.width) for k in kinds}
    candidates = [kind for kind in kinds if kind.sign == sign]
    if not candidates:
        return None
    # max() returns the first of equals.
    return max(candidates, key=lambda k: (k.members.size, (k.unit, -k.amplitude, k.width) in there, k.size))


def spread_at(nodes: np.ndarray, before: np.ndarray, left: np.ndarray, course: Course) -> np.ndarray:
    """Return the standard deviation of what the course leaves among the pulses nearest to each node."""
    count = max(NEIGHBOURS, before.size // nodes.size)
    if before.size <= count:
        return np.full(nodes.size, course.scatter)
    order = np.argsort(before)
    squares = np.concatenate([[0.0], np.cumsum(left[order] ** 2)])
    first = np.clip(np.searchsorted(before[order], nodes) - count // 2, 0, before.size - count)
    correction = before.size / max(before.size - len(course.spline.c), 1)
    return np.asarray(np.sqrt(correction * np.maximum(squares[first + count] - squares[first], 0.0) / count))
