"""Extractions made up from a known step: trains up and down between two conductances, and their branches."""

from collections.abc import Callable

import numpy as np

from eisfv.postprocess.extract.measured import Branch, Extraction, Measured, Pulses

LOW, HIGH = 2e-6, 10e-6  # S
AMPLITUDE, WIDTH = 1.5, 0.02  # V, s
ENERGY, CHARGE = 3e-7, 2e-7  # J, C
STATES = 60

Step = Callable[[np.ndarray], np.ndarray]


def linear_step(size: float = (HIGH - LOW) / STATES) -> Step:
    """Return a step that is the same everywhere, S."""
    return lambda g: np.full_like(g, size)


def soft_up(rate: float = 3.0 / STATES, top: float = 1.1 * HIGH) -> Step:
    """Return a step up that vanishes at `top`."""
    return lambda g: rate * (top - g)


def soft_down(rate: float = 3.0 / STATES, bottom: float = 0.5 * LOW) -> Step:
    """Return the size of a step down that vanishes at `bottom`."""
    return lambda g: rate * (g - bottom)


def branch(step: Step, sign: float, chosen: np.ndarray, unit: str, spread: float, nodes: np.ndarray) -> Branch:
    """Return the branch of a step, `sign` its direction."""
    steps = sign * step(nodes)
    return Branch(chosen, sign * AMPLITUDE, unit, WIDTH, nodes, steps, np.abs(steps) * spread)


def extraction(
    up: Step | None = None,
    down: Step | None = None,
    *,
    unit: str = "V",
    noise: float = 0.0,
    nodes: int = 41,
    up_range: tuple[float, float] = (LOW, HIGH),
    down_range: tuple[float, float] = (LOW, HIGH),
    quantities: dict[str, Measured] | None = None,
) -> Extraction:
    """Return an extraction: a train up through `up_range`, one down through `down_range`; sizes of steps in S.

    noise  spread of the steps over their size
    """
    before: list[float] = []
    after: list[float] = []
    branches: list[Branch | None] = []
    for step, sign, (low, high) in ((up, +1.0, up_range), (down, -1.0, down_range)):
        if step is None:
            branches.append(None)
            continue
        first, g = len(before), low if sign > 0.0 else high
        while low <= g <= high and len(before) - first < 500:
            before.append(g)
            g += sign * float(step(np.array([g]))[0])
            after.append(g)
        chosen = np.arange(first, len(before))
        branches.append(branch(step, sign, chosen, unit, noise, np.linspace(low, high, nodes)))
    return Extraction((), (), pulses(before, after, unit), branches[0], branches[1], quantities or {}, noise > 0.0)


def pulses(before: list[float], after: list[float], unit: str) -> Pulses:
    """Return pulses of one run, a second apart."""
    count = len(before)
    sign = np.sign(np.array(after) - np.array(before))
    return Pulses(
        run=np.zeros(count, dtype=int),
        start=np.arange(count, dtype=float),
        width=np.full(count, WIDTH),
        wait=np.full(count, 1.0 - WIDTH),
        amplitude=sign * AMPLITUDE,
        unit=np.full(count, unit),
        before=np.array(before),
        after=np.array(after),
        charge=sign * CHARGE,
        energy=np.full(count, ENERGY),
        filling=np.full(count, 0.1),
        pair=np.full(count, np.nan),
    )
