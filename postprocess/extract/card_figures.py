"""The figures of a device's card, read off the answers D(t) to the shipped protocol files.

    amplitude     D where a pulse ends
    tau           of D = c + A e^{-t/tau} after a pulse, over the rows where D is read
    PPF index     D at the end of the second pulse over D at the end of the first
    nonlinearity  N/A of a train, asymmetry, states, energy: as `eisfv extract` has them, of D
    retention     D after 100 gaps over D after the train
    charge        of a device without a read-out, whose answer is its current: what the pulse and the time after it move
    SRDP, ...     D at the end of each measure of a series (`card_series`)

Nothing is read where D is below what the run resolves: of a train its largest D, of its steps their mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from eisfv.postprocess.quantities.prefixes import duration_text, quantity

from .branches import branch_of
from .card_series import series_figures
from .decay import logarithmic, thinned
from .energy import measure_energy
from .levels import Measure, states
from .measured import Measured, Pulses
from .nonlinearity import measure_nonlinearity
from .over_rest import BELOW, Answer
from .pairs import time_constant
from .pulses import kinds_of
from .retention import SEEN, exponential
from .symmetry import asymmetry, common_range
from .wording import counted

FEWEST = 10  # rows of a decay
ENERGY = "integral of gate voltage times current over the pulse, taken from the source; negative: given back"
Answers = Mapping[str, Sequence[Answer]]


def figures_of(answers: Answers) -> dict[str, Measured]:
    """Return the figures by name, of the answers to each protocol file by its name."""
    found: dict[str, Measured] = {}
    for one in answers["epsc"]:
        level = level_text(one)
        found[f"amplitude, {level}"] = one.read(one.ends[0], "EPSC: D where the pulse ends")
        found[f"left, {level}"] = one.read(one.t[-1], f"EPSC: D {after(one, one.t[-1])} after the pulse")
        found |= charges(one, level)
    for one in answers["stp"]:
        found[f"tau, {level_text(one)}"] = decay_time(one)
    found |= facilitation(answers["ppf"])
    train = named(answers["ltp_ltd"], "up and down")
    found |= train_figures(train)
    found["retention"] = retention(named(answers["ltp_ltd"], "kept"))
    return found | series_figures(answers)


def charges(one: Answer, level: str) -> dict[str, Measured]:
    """Return what the current of a device without a read-out moves while the pulse is on, and after it."""
    if one.unit != "A":
        return {}
    on = one.t <= one.ends[0]
    moved = np.append(0.0, np.cumsum(0.5 * (one.D[1:] + one.D[:-1]) * np.diff(one.t)))
    while_on, every = float(moved[on][-1]), float(moved[-1])
    words = {"while on": while_on, "after": every - while_on}
    return {
        f"charge {when}, {level}": Measured(value, "C", points=int(one.t.size), window="EPSC: integral of D")
        for when, value in words.items()
    }


def named(answers: Sequence[Answer], name: str) -> Answer:
    """Return the answer of this name."""
    return next(one for one in answers if one.name == name)


def level_text(one: Answer) -> str:
    """Return the height of the first pulse."""
    return quantity(float(one.pulses.amplitude[0]), str(one.pulses.unit[0]))


def after(one: Answer, time: float) -> str:
    """Return how long after the last pulse a time is."""
    return duration_text(time - float(one.ends[-1]))


def decay_time(one: Answer) -> Measured:
    """Return tau of the decay after the last pulse."""
    start = float(one.ends[-1])
    rows = (one.t >= start) & (np.abs(one.D) >= one.floor * one.size)
    window = f"STP: D over {after(one, one.t[-1])} after the pulse"
    if rows.sum() < FEWEST:
        return Measured(
            None, "s", window=window, reason=f"D is read in {counted(int(rows.sum()), 'row')}, elsewhere {BELOW}"
        )
    t, d = thinned(one.t[rows] - start, one.D[rows])
    if np.ptp(d) < one.least(start):
        return Measured(None, "s", window=window, reason=f"D decays by less than the run resolves, {change(one)}")
    return logarithmic(exponential(t, d), 0, "s", window, SEEN * float(t[-1]))


def change(one: Answer) -> str:
    """Return the smallest D that is read where the last pulse ends."""
    return quantity(one.least(float(one.ends[-1])), one.unit, 2)


def facilitation(answers: Sequence[Answer]) -> dict[str, Measured]:
    """Return the PPF index of every pair, and the time constant of the index against the interval."""
    found = {}
    intervals, ratios = [], []
    least = of_index(answers)
    for one in answers:
        interval = float(one.pulses.start[1] - one.ends[0])
        value = index_of(one)
        found[f"PPF index, {duration_text(interval)}"] = value
        if value.value is not None:
            intervals.append(interval)
            ratios.append(value.value)
    found["PPF tau"] = time_constant(np.array(intervals), np.array(ratios))
    if ratios and np.ptp(ratios) < least:
        why = f"the index changes by less than the run resolves, {least:.2g}"
        found["PPF tau"] = Measured(None, "s", reason=why)
    return found


def of_index(answers: Sequence[Answer]) -> float:
    """Return the smallest change of a PPF index that the pairs resolve."""
    first = [(one, float(one.ends[0])) for one in answers]
    return max((one.least(time) / abs(one.at(time)) for one, time in first if one.seen(time)), default=np.inf)


def index_of(one: Answer) -> Measured:
    """Return the answer at the end of the second pulse over that at the end of the first."""
    first, second = (one.read(float(time), "PPF: D at the second pulse's end over the first's") for time in one.ends)
    if first.value is None or second.value is None:
        return replace(first if first.value is None else second, unit="")
    return Measured(second.value / first.value, points=2, window=first.window)


def train_figures(one: Answer) -> dict[str, Measured]:
    """Return range, nonlinearity, asymmetry, states and energy of a train up and down."""
    pulses = one.over_drift()
    number = int(np.argmax(np.abs(pulses.after - pulses.before[0])))
    reach = one.read(float(one.reads[number]), "LTP: largest D at a read")
    if one.unit == "A":
        every = measure_energy(pulses, None, None).quantities["energy_per_pulse"]
        return {"range": reach, "energy per pulse": replace(every, window=f"{every.window}: {ENERGY}")}
    kinds = kinds_of(pulses)
    up, down = branch_of(pulses, kinds, 1), branch_of(pulses, kinds, -1)
    branches = [None if branch is None else branch[0] for branch in (up, down)]
    found = {
        **measure_nonlinearity(pulses, branches[0], 1).quantities,
        **measure_nonlinearity(pulses, branches[1], -1).quantities,
        "asymmetry": asymmetry(up, down, common_range(up, down)),
        "usable_states": apart(one, states(pulses, up, down), pulses),
    }
    if why := reach.reason or steps_unseen(one, up, down):
        nonlinear = reach.value is not None
        names = ("asymmetry", "usable_states") if nonlinear else tuple(found)
        found |= {name: Measured(None, window="LTP and LTD", reason=why) for name in names}
    energy = measure_energy(pulses, *branches).quantities if reach.value is not None else {}
    every = measure_energy(pulses, None, None).quantities["energy_per_pulse"]
    words = {"nonlinearity_": "nonlinearity (N/A) ", "saturation_": "last step over largest ", "usable_": "number of "}
    plain = {spelled(name, words): value for name, value in found.items()}
    costs = {
        f"energy {name}": replace(energy[f"energy_{name}"], window=f"{energy[f'energy_{name}'].window}: {ENERGY}")
        for name in ("up", "down")
        if energy
    }
    return {"range": reach, **plain, "energy per pulse": replace(every, window=f"{every.window}: {ENERGY}"), **costs}


def apart(one: Answer, found: Measured, pulses: Pulses) -> Measured:
    """Return a number of states without those that lie closer to the next one than the run resolves: all of a change
    that comes with the first pulse is two states, however many pulses follow."""
    least = one.least(float(one.t[-1]))
    far = np.abs(pulses.after - pulses.before) >= least
    seen = [1 + int(far[pulses.amplitude == height].sum()) for height in np.unique(pulses.amplitude)]
    if found.value is None or min(seen) >= found.value:
        return found
    words = f"levels of the branch with fewer that are further apart than the run resolves, {quantity(least, 'S', 2)}"
    return Measured(float(min(seen)), points=found.points, window=words)


def steps_unseen(one: Answer, *branches: Measure) -> str:
    """Return why single steps are not compared, "" where they are resolved."""
    least = one.least(float(one.t[-1]))
    steps = [float(np.abs(branch[0].steps).mean()) for branch in branches if branch is not None]
    if steps and min(steps) < least:
        return f"a step, {quantity(min(steps), 'S', 2)}, is {BELOW}, {quantity(least, 'S', 2)}"
    return ""


def spelled(name: str, words: Mapping[str, str]) -> str:
    """Return a name as the card has it."""
    for short, long in words.items():
        name = name.replace(short, long)
    return name


def retention(one: Answer) -> Measured:
    """Return the share of D after a train that is left at the end of the rest."""
    last = float(one.reads[-1])
    window = f"D {after(one, one.t[-1])} after the train over D {after(one, last)} after it"
    start, end = (one.read(time, window) for time in (last, float(one.t[-1])))
    if start.value is None or end.value is None:
        lost = start if start.value is None else end
        return Measured(None, window=window, reason=lost.reason)
    return Measured(end.value / start.value, points=2, window=window)
