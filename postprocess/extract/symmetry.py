"""Where a step up and a step down undo each other, and how the steps depend on the conductance.

The symmetry point is the root of up(G) + down(G), the sum of the smooth courses of the two branches, inside the range
that both cover; of several the one next to the middle. Steps down are told as |down|, slopes as d|step|/dG.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from eisfv.postprocess.quantities.prefixes import quantity
from eisfv.postprocess.regression import t_factor

from .branches import WORDS
from .course import Course
from .levels import Measure, missing_branch
from .measured import Measured, Topic
from .wording import counted

GRID = 401  # places between which a change of sign is looked for
NAMES = ("up", "down")
SCATTERED = "the steps scatter by more than they are: not even the sign of one is known"


def measure_symmetry(up: Measure, down: Measure) -> Topic:
    """Return the symmetry point, the steps and slopes there and at the middle of the range, and the asymmetry.

    step_<branch>_at_symmetry, slope_<branch>_at_symmetry, step_<branch>_at_middle, slope_<branch>_at_middle
    symmetry_point  S
    asymmetry       mean of |up - |down|| / (up + |down|) over the common range: 0 symmetric, 1 one-sided
    """
    common = common_range(up, down)
    point, why = symmetry_point(up, down, common)
    symmetry = Measured(None, "S", reason=why) if point is None else rooted(point, up, down, common)
    if symmetry.value is None:
        point, why = None, symmetry.reason
    quantities = {"symmetry_point": symmetry}
    for name, found, sign in zip(NAMES, (up, down), (1, -1), strict=True):
        course = None if found is None else found[1]
        reason = missing_branch(sign) if course is None else why
        quantities |= at(f"{name}_at_symmetry", course, point, "the symmetry point", sign, reason)
        middle = None if course is None else 0.5 * sum(common or (course.low, course.high))
        where = "the middle of the range both branches cover" if common else "the middle of the branch's own range"
        quantities |= at(f"{name}_at_middle", course, middle, where, sign, reason)
    quantities["asymmetry"] = asymmetry(up, down, common)
    return Topic(quantities)


def common_range(up: Measure, down: Measure) -> tuple[float, float] | None:
    """Return the conductances that pulses of both branches start from; None where they share none."""
    if up is None or down is None:
        return None
    low, high = max(up[1].low, down[1].low), min(up[1].high, down[1].high)
    return (low, high) if high > low else None


def symmetry_point(up: Measure, down: Measure, common: tuple[float, float] | None) -> tuple[float | None, str]:
    """Return the symmetry point, or None and why there is none."""
    if up is None or down is None:
        return None, " and ".join(missing_branch(sign) for sign, b in ((1, up), (-1, down)) if b is None)
    if common is None:
        ranges = " and ".join(f"{quantity(c.low, 'S')} to {quantity(c.high, 'S')}" for c in (up[1], down[1]))
        return None, f"the pulses up and those down start from no conductance in common ({ranges})"
    from scipy.optimize import brentq

    total: Callable[[float], float] = lambda g: up[1].value(g) + down[1].value(g)  # noqa: E731
    grid = np.linspace(*common, GRID)
    sums = up[1].values(grid) + down[1].values(grid)
    crossings = np.flatnonzero(np.sign(sums[:-1]) != np.sign(sums[1:]))
    if not crossings.size:
        larger = "up are larger than those down" if sums[0] > 0.0 else "down are larger than those up"
        where = f"{quantity(common[0], 'S')} to {quantity(common[1], 'S')}"
        return None, f"the steps {larger} in all the common range, {where}"
    middle = 0.5 * sum(common)
    first = min(crossings, key=lambda k: abs(grid[k] - middle))
    return float(brentq(total, grid[first], grid[first + 1], xtol=1e-15 * middle, rtol=1e-12)), ""


def rooted(point: float, up: Measure, down: Measure, common: tuple[float, float] | None) -> Measured:
    """Return the symmetry point with the error that the errors of the courses there give it."""
    assert up is not None
    assert down is not None
    assert common is not None
    errors = [course.error(point) for _, course in (up, down)]
    slope = up[1].slope(point) + down[1].slope(point)
    window = f"root of the two courses between {quantity(common[0], 'S')} and {quantity(common[1], 'S')}"
    points = up[1].points + down[1].points
    residual = max(up[1].residual, down[1].residual)
    if errors[0] is None or errors[1] is None or slope == 0.0:
        return Measured(point, "S", points=points, window=window, residual=residual)
    factor = t_factor(min(up[1].dof, down[1].dof))
    half = factor * (errors[0] ** 2 + errors[1] ** 2) ** 0.5 / abs(slope)
    if half > common[1] - common[0]:
        why = "the steps differ by less than their scatter over all the common range: the root could be anywhere in it"
        return Measured(None, "S", points=points, window=window, reason=why)
    return Measured(point, "S", point - half, point + half, points, window, residual)


def at(name: str, course: Course | None, g: float | None, where: str, sign: int, why: str) -> dict[str, Measured]:
    """Return the step and its slope at a conductance, of magnitudes; null with the reason without one."""
    step, slope = f"step_{name}", f"slope_{name}"
    if course is None or g is None:
        return {step: Measured(None, "S", reason=why), slope: Measured(None, reason=why)}
    window = f"course through {counted(course.points, 'pulse')} at {where}, {quantity(g, 'S')}"
    if not signed(course, g):
        lost = Measured(None, points=course.points, window=window, residual=course.residual, reason=SCATTERED)
        return {step: replace(lost, unit="S"), slope: lost}
    return {
        step: with_half(sign * course.value(g), "S", course.half(g), course, window),
        slope: with_half(sign * course.slope(g), "", course.half(g, 1), course, window)
        if course.spline.k
        else Measured(None, window=window, reason=flat(course, sign)),
    }


def signed(course: Course, g: float) -> bool:
    """Return whether the interval of a step leaves its sign; a step without one is taken as it is."""
    half = course.half(g)
    return half is None or half < abs(course.value(g))


def with_half(value: float, unit: str, half: float | None, course: Course, window: str) -> Measured:
    """Return a value of a course with its interval, where there is one."""
    low, high = (None, None) if half is None else (value - half, value + half)
    return Measured(value, unit, low, high, course.points, window, course.residual)


def flat(course: Course, sign: int) -> str:
    """Return why a course has no slope."""
    if course.points < 3:
        return f"one pulse alone {WORDS[sign]} the conductance" if course.points == 1 else "two pulses only"
    return "the steps do not depend on the conductance: no slope is better than a constant"


def asymmetry(up: Measure, down: Measure, common: tuple[float, float] | None) -> Measured:
    """Return the mean asymmetry over the common range."""
    if up is None or down is None or common is None:
        return Measured(None, reason=symmetry_point(up, down, common)[1])
    if not all(signed(course, 0.5 * sum(common)) for _, course in (up, down)):
        return Measured(None, points=up[1].points + down[1].points, reason=SCATTERED)
    grid = np.linspace(*common, GRID)
    rise, fall = up[1].values(grid), -down[1].values(grid)
    share = np.abs(rise - fall) / np.maximum(np.abs(rise) + np.abs(fall), 1e-300)
    window = f"mean over {quantity(common[0], 'S')} to {quantity(common[1], 'S')}"
    return Measured(float(share.mean()), points=up[1].points + down[1].points, window=window)
