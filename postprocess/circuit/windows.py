"""Which part of a run a compact model is fitted to: stretches of whole steps with what the run says there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.protocol import DrivenStep
from eisfv.postprocess.step_rows import bounds, check_version, completed, ends
from eisfv.result import Run

Array = np.ndarray
WHOLE = 16  # pulses of a run that is fitted whole
WINDOWS, EACH = 4, 4  # of a longer one: windows, and pulses in each; up and down in turn
STRETCHES = 60  # between corners of the drive, integrated one after the other
SAMPLES = 10  # times of one step
# Share of a step after its edge that is not compared: the ions inside a host's own layer follow an edge only after
# lambda^2/D, which the layers in quasi-equilibrium leave out.
EDGE = 1e-3


@dataclass(frozen=True)
class Window:
    """Steps in a row and the run in them.

    steps       of the protocol; `ahead`: the rest just before, None at the run's start
    filling     of the channel where the first begins
    before      conductance before the first pulse where the window begins after a read, S; NaN at the run's start
    times       per step, times since it began of the run's rows that are compared, s
    voltage     per step, of the run at these times and at the step's end, V, NaN where it is not known;
                conductance likewise, S
    pulses      numbers of the run's pulses in it, from 0
    """

    steps: tuple[DrivenStep, ...]
    ahead: DrivenStep | None
    filling: float
    before: float
    times: tuple[Array, ...]
    voltage: tuple[Array, ...]
    conductance: tuple[Array, ...]
    pulses: tuple[int, ...]


def windows(run: Run, steps: Sequence[DrivenStep], memory: float = 0.0) -> list[Window]:
    """Return the windows of a run; none where it finished no pulse.

    memory  how long the electrolyte remembers its field, s: a window begins after a longer rest, or at the start
    """
    done = len(run.pulses.get("index", ()))
    check_version(run)
    if not done or not run.terminals["time_s"].size:
        return []
    over = completed(run.terminals, np.array([step.duration for step in steps]))
    pulse_steps = [k for k, step in enumerate(steps[:over]) if step.pulse][:done]
    if not pulse_steps:
        return []
    firsts = beginnings(run, steps, pulse_steps, memory) if len(pulse_steps) > WHOLE else []
    if not firsts:  # short; or nothing is read between the pulses, or nothing forgotten
        count = affordable(steps, pulse_steps)
        return [window(run, steps, 0, last_step(steps, pulse_steps[count - 1], over), pulse_steps)]
    found = []
    for first in [0, *firsts]:
        number = sum(k < first for k in pulse_steps)
        last = last_step(steps, pulse_steps[min(number + EACH, len(pulse_steps)) - 1], over)
        found.append(window(run, steps, first, last, pulse_steps))
    return found


def affordable(steps: Sequence[DrivenStep], pulse_steps: Sequence[int]) -> int:
    """Return how many pulses from a run's start are followed: `WHOLE`, and fewer where each has many corners."""
    corners, begin = 0, 0
    for count, last in enumerate(pulse_steps[:WHOLE]):
        corners += sum(len(step.stretches) for step in steps[begin : last + 1])
        if corners > STRETCHES and count:
            return count
        begin = last + 1
    return min(WHOLE, len(pulse_steps))


def beginnings(run: Run, steps: Sequence[DrivenStep], pulse_steps: Sequence[int], memory: float) -> list[int]:
    """Return the steps at which windows inside a long run begin: pulses after a read, down and up in turn."""
    number = {k: n for n, k in enumerate(pulse_steps)}
    rests = [k for k in pulse_steps if k and not steps[k - 1].pulse and steps[k - 1].read]
    rested = [k for k in rests if number[k] >= EACH and steps[k - 1].duration >= memory]
    chosen: list[int] = []
    for part in range(1, WINDOWS):
        wanted = part / (WINDOWS - 1) * (len(pulse_steps) - EACH)
        alike = [k for k in rested if (run.pulses["amplitude"][number[k]] < 0.0) == bool(part % 2)] or rested
        free = [k for k in alike if all(abs(number[k] - number[other]) >= EACH for other in chosen)]
        if free:
            chosen.append(min(free, key=lambda k: abs(number[k] - wanted)))
    return sorted(chosen)


def last_step(steps: Sequence[DrivenStep], pulse: int, over: int) -> int:
    """Return the last step before the next pulse of those that are over."""
    last = pulse
    while last + 1 < over and not steps[last + 1].pulse:
        last += 1
    return last


def window(run: Run, steps: Sequence[DrivenStep], first: int, last: int, pulse_steps: Sequence[int]) -> Window:
    """Return the window of steps first to last, both included."""
    since = run.terminals["step_time_s"]
    chosen = tuple(steps[first : last + 1])
    pulses = tuple(n for n, k in enumerate(pulse_steps) if first <= k <= last)
    times, rows = [], []
    starts, stops = bounds(run.terminals, last + 1)
    at_ends = ends(run.terminals, np.array([step.duration for step in steps[: last + 1]]))
    for k, step in enumerate(chosen, start=first):
        own = np.arange(starts[k], stops[k])
        inside = own[(since[own] > EDGE * step.duration) & (own != at_ends[k])]
        if inside.size > SAMPLES:
            inside = inside[np.unique(np.linspace(0, inside.size - 1, SAMPLES).round().astype(int))]
        times.append(since[inside])
        rows.append((inside, int(at_ends[k])))
    voltage, conductance = (
        tuple(np.append(column[inside], column[end] if end >= 0 else np.nan) for inside, end in rows)
        for column in (run.terminals["voltage_V"], run.terminals["conductance_S"])
    )
    return Window(
        steps=chosen,
        ahead=steps[first - 1] if first else None,
        filling=float(run.pulses["x_channel"][pulses[0] - 1]) if first else float(run.terminals["x_channel"][0]),
        before=float(run.pulses["G_before_S"][pulses[0]]) if first else float("nan"),
        times=tuple(times),
        voltage=voltage,
        conductance=conductance,
        pulses=pulses,
    )
