"""How far the conductance goes: smallest, largest, their ratio, and how many states lie between."""

from collections.abc import Sequence

import numpy as np

from eisfv.result import Run

from .branches import WORDS
from .course import Course
from .means import mean_of
from .measured import Branch, Measured, Pulses, Topic
from .pulses import readable
from .wording import counted

# A scatter below this share of a step is what the course does not follow, not a spread.
NO_SPREAD = 0.01
FEWEST = 20  # pulses beyond the course's own numbers: what a few leave is the course's misfit

Measure = tuple[Branch, Course] | None


def measure_levels(pulses: Pulses, runs: Sequence[Run], up: Measure, down: Measure) -> Topic:
    """Return G_min, G_max, on_off, usable_states, states_by_spread.

    G_min, G_max      over the reads before and after all pulses; without pulses over the rows of terminals.csv
    usable_states     the range that the branches cover over the mean |step| of the coarser one, and one: the states
                      that the pulses of a deterministic device reach one after the other
    states_by_spread  that range over twice the scatter of the steps about their course: the states that stay apart
                      where the same pulse is not always the same step
    """
    known = readable(pulses)
    reads = np.concatenate([pulses.before[known], pulses.after[known]])
    window = f"reads before and after {counted(int(known.sum()), 'pulse')}"
    if not reads.size:
        reads = np.concatenate([run.terminals.get("conductance_S", np.empty(0)) for run in runs])
        reads, window = reads[np.isfinite(reads) & (reads > 0.0)], "every row of terminals.csv; no pulses"
    if not reads.size:
        missing = Measured(None, "S", reason="the case reads no conductance; give it a [readout] table")
        none = Measured(None, reason=missing.reason)
        names = ("on_off", "usable_states", "states_by_spread")
        return Topic({"G_min": missing, "G_max": missing, **dict.fromkeys(names, none)})
    low, high = float(reads.min()), float(reads.max())
    return Topic(
        {
            "G_min": Measured(low, "S", points=reads.size, window=window),
            "G_max": Measured(high, "S", points=reads.size, window=window),
            "on_off": Measured(high / low, points=reads.size, window=window),
            "usable_states": states(pulses, up, down),
            "states_by_spread": states_by_spread(pulses, up, down),
        }
    )


def states(pulses: Pulses, up: Measure, down: Measure) -> Measured:
    """Return the states one step apart, by the branch with the larger mean step; a branch has two pulses at least."""
    found = [(one[0].chosen, word) for one, word in ((up, "up"), (down, "down")) if one is not None]
    if not found:
        return Measured(None, reason="no pulses write")
    steps = [(mean_of(np.abs(pulses.change[own]), "S", ""), word) for own, word in found if own.size > 1]
    if not steps:
        return Measured(None, reason="one pulse alone writes in each direction: nobody knows where the steps end")
    step, word = max(steps, key=lambda pair: pair[0].value or 0.0)
    assert step.value is not None
    reach = reach_of(pulses, up, down)
    low, high = (
        None if half is None or half <= 0.0 else 1.0 + reach / half for half in (step.high, step.low)
    )  # the larger the step, the fewer the states
    window = f"the range that the branches cover over the mean step of {counted(step.points, 'pulse')} {word}, plus one"
    return Measured(1.0 + reach / step.value, "", low, high, step.points, window)


def reach_of(pulses: Pulses, up: Measure, down: Measure) -> float:
    """Return the range of the conductance that the pulses of the branches cover, S."""
    chosen = np.concatenate([one[0].chosen for one in (up, down) if one is not None])
    reads = np.concatenate([pulses.before[chosen], pulses.after[chosen]])
    return float(np.ptp(reads))


def states_by_spread(pulses: Pulses, up: Measure, down: Measure) -> Measured:
    """Return the states two standard deviations of a step apart."""
    found = [one[1] for one in (up, down) if one is not None and one[1].dof >= FEWEST]
    if not found:
        return Measured(None, reason="too few pulses to tell a scatter of the steps from their course")
    reach = reach_of(pulses, up, down)
    scatter = max(course.scatter for course in found)
    chosen = np.concatenate([one[0].chosen for one in (up, down) if one is not None])
    if scatter < NO_SPREAD * np.abs(pulses.change[chosen]).mean():
        return Measured(None, reason="the steps follow their course: a deterministic run has no spread")
    points = sum(course.points for course in found)
    window = "the range that the branches cover over twice the scatter about their courses, the larger of the two"
    return Measured(reach / (2.0 * scatter), points=points, window=window)


def missing_branch(sign: int) -> str:
    """Return why there is nothing to say of a branch."""
    return f"no kind of pulse {WORDS[sign]} the conductance"
