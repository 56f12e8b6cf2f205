"""How a quantity of a run scatters by thermal and reaction noise of every flow: one sweep backward along the run.

The amounts obey dq = -div(N + xi) dt along the run, xi white (`analysis.noise_sources`), and so

    sd^2 = sum over sources of the integral of lam(t)^2 S(t)/2 dt,    lam = dO/d(flow), S one-sided

lam comes from the transposed stages of `analysis.sensitivity`. It falls off over every relaxation time of the device
before a read-out and before each corner of the drive, whatever steps the run took there: the sweep goes by steps of its
own, those of the run divided by ones that shrink towards these instants, at states between those of the run. At a stage
k that flows pass with the weight w_k of the quadrature of TR-BDF2,

    x_k = dh (lam_left - lam_right) + mu s_I through,    sd^2 = sum over k of x_k^2/w_k S_k/2

    mu, s_I   of the row of the gate; a source of voltage behind R adds mu^2/w 2 k T R

The state of the start is taken as known: its own scatter is no part of it. Nor are 1/f noise and, of a stack, modes
across its area: a lower limit, of a reading that takes no time.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from math import inf, log, log1p, sqrt
from typing import Any, NamedTuple

import numpy as np

from eisfv.analysis.noise_sources import sources
from eisfv.analysis.sensitivity import Adjoint, Backward, before, weights
from eisfv.analysis.steps_taken import TakenStage, TakenStep
from eisfv.constants import AVOGADRO
from eisfv.device.build import Built
from eisfv.equations.system import System
from eisfv.solve.stage_records import Iterate
from eisfv.stepping.tr_bdf2 import FROM_STAGE, GAMMA, WEIGHT

RESISTOR = ("series resistance", "")
GROWTH = 0.8  # of the first sweep: a step over what lies between it and the read-out
SHORTEST = 1e-9  # its last step, over the time between two corners or over a second, the shorter one
FINER, SHORTER = 0.5, 1e-2  # what both are multiplied with, sweep by sweep
SETTLED = 5e-3  # share by which the sd may still move
SWEEPS = 5


class Scatter(NamedTuple):
    """Variance of a quantity, its parts by process, and by which share of the sd the last refinement of the sweep has
    moved it."""

    variance: float
    parts: dict[tuple[str, str], float]
    moved: float


class Here(NamedTuple):
    """The device as it was evaluated for a stage."""

    built: Built
    t: Any
    at_state: Iterate
    system: System
    alone: System


class Piece(NamedTuple):
    """Accepted steps from one corner of the drive to the next, and how many steps of the run lie behind them."""

    steps: Sequence[TakenStep]
    last: int


def scatter(built: Built, steps: Sequence[TakenStep], seeds: Mapping[int, Adjoint]) -> Scatter:
    """Return how a quantity scatters, by sweeps that become finer until it settles.

    seeds  the quantity against the state after so many steps
    """
    growth, shortest = GROWTH, SHORTEST
    found = once(built, steps, seeds, growth, shortest)
    for _ in range(SWEEPS - 1):
        growth, shortest = growth * FINER, shortest * SHORTER
        finer = once(built, steps, seeds, growth, shortest)
        moved = abs(sqrt(found.variance / finer.variance) - 1.0) if finer.variance > 0.0 else 0.0
        found = finer._replace(moved=moved)
        if moved < SETTLED:
            break
    return found


def once(
    built: Built, steps: Sequence[TakenStep], seeds: Mapping[int, Adjoint], growth: float, shortest: float
) -> Scatter:
    """Return how a quantity scatters by one sweep; growth, shortest: of its steps, as `GROWTH` and `SHORTEST`."""
    backward, parts = Backward(built), dict[tuple[str, str], float]()
    after, late = backward.nothing(), 0.0
    for piece in reversed(pieces(steps, seeds)):
        if piece.last in seeds:
            after = after.plus(seeds[piece.last])
        for step in divided(piece.steps, growth, shortest):
            across = partial(passed, backward, built, parts, iter(worth(step, late)))
            after = before(step, after, across)
            late = WEIGHT * FROM_STAGE * step.h if len(step.stages) > 1 else 0.0
    return Scatter(sum(parts.values()), parts, inf)


def worth(step: TakenStep, late: float) -> tuple[float, ...]:
    """Return the quadrature's weights (s) of the stages of a step, the last one first; late: that of its end in the
    step behind it, whose trapezoid begins with the rate that it ends with."""
    if len(step.stages) == 1:
        return (step.h + late,)
    return WEIGHT * step.h + late, WEIGHT * FROM_STAGE * step.h


def passed(
    backward: Backward,
    built: Built,
    parts: dict[tuple[str, str], float],
    worths: Iterator[float],
    stage: TakenStage,
    after: Adjoint,
) -> Adjoint:
    """Return the adjoint of what a stage knew; to `parts` goes what its sources add to the variance."""
    lam, mu, known = backward.through(stage, after)
    own, weight, (_, by_current) = backward.own, next(worths), weights(stage.source)
    found = sources(Here(built, own.t, stage.at, own.system, backward.alone.system))
    felt = stage.dh * found.felt(lam) + by_current * mu * found.through
    variances = np.bincount(found.process, felt**2 * found.density, len(found.processes)) / (2.0 * weight)
    for process, variance in zip(found.processes, variances.tolist(), strict=True):
        parts[process] = parts.get(process, 0.0) + variance
    if stage.source.kind == "voltage" and by_current > 0.0:
        parts[RESISTOR] = parts.get(RESISTOR, 0.0) + mu**2 / weight * 2.0 * by_current / AVOGADRO
    return known


def pieces(steps: Sequence[TakenStep], seeds: Mapping[int, Adjoint]) -> list[Piece]:
    """Return the steps from corner to corner, and from one read-out to the next."""
    cuts = [k for k, step in enumerate(steps) if k == 0 or k in seeds or len(step.stages) == 1]
    ends = [*cuts[1:], len(steps)]
    return [Piece(steps[first:last], last) for first, last in zip(cuts, ends, strict=True) if last > first]


def divided(steps: Sequence[TakenStep], growth: float, shortest: float) -> Iterator[TakenStep]:
    """Yield the steps of a sweep over a piece of the run, the last one first; the one at its corner is implicit Euler.

    They end where those of the run do and, counted from the end of the piece, at distances that grow.
    """
    starts = np.cumsum([step.h for step in reversed(steps)])  # s before the end, of the last step first
    total = float(starts[-1])
    first = shortest * min(total, 1.0)
    grid = first * (1.0 + growth) ** np.arange(int(log(total / first) / log1p(growth)))
    ends = np.unique(np.concatenate([[0.0], starts, grid[grid < total * (1.0 - growth)]])).tolist()
    states = [step.stages[-1].at for step in reversed(steps)]
    begin = steps[0].stages[0].at  # a jump of the drive has been taken by then
    for late, early in pairwise(ends):
        k = min(int(np.searchsorted(starts, early, "left")), len(steps) - 1)
        step = steps[-1 - k]
        start = states[k + 1] if k + 1 < len(states) else begin
        source, h = step.stages[-1].source, early - late
        at = partial(between, step, start, float(starts[k]))
        if early == total:
            yield TakenStep(h, (TakenStage(at(late), h, 0.0, source),))
        else:
            dh = WEIGHT * h
            middle, end = at(early - GAMMA * h), at(late)
            yield TakenStep(h, (TakenStage(middle, dh, 0.0, source), TakenStage(end, dh, 0.0, source)))


def between(step: TakenStep, start: Iterate, begun: float, before: float) -> Iterate:
    """Return the state some time (s) `before` the end of a piece, within a step that began so long before it."""
    share = min(max((begun - before) / step.h, 0.0), 1.0)
    if len(step.stages) == 1:
        return step.stages[0].at
    middle, end = (stage.at for stage in step.stages)
    if share < GAMMA:
        return blend(start, middle, share / GAMMA)
    return blend(middle, end, (share - GAMMA) / (1.0 - GAMMA))


def blend(one: Iterate, other: Iterate, share: float) -> Iterate:
    """Return the state on the line between two."""
    return Iterate(one.u + share * (other.u - one.u), one.voltage + share * (other.voltage - one.voltage))
