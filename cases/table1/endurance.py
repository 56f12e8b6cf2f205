"""Endurance by the map of a pulse: what many cycles do to a device whose slow state is its conductance alone.

    G -> G + s_up(G)        a pulse up         s_up, s_down: the steps of one measured cycle against the conductance
    G -> G + s_down(G)      a pulse down       before them, straight between them

Beyond the measured conductances a step goes on along the straight line through all steps of its direction; how far that
is, as a share of the measured range, is told. The map repeats what one cycle tells: a cycle that comes back stays, one
that drifts drifts until its steps up and down take each other away. It knows no wear, and no state beside G: a
relaxation slower than a cycle, a reservoir that empties, are in it as far as the first cycle has them.

A cycle that comes back to itself within SAME of the conductance is repeated no further: all that follow are equal.

`python cases/table1/endurance.py` after `eisfv run cases/table1/04_wo3_hbn` and
`eisfv run cases/table1/05_mxene --protocol cases/protocols/ltp_ltd.toml`.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

import eisfv

HERE = Path(__file__).parent
SAME = 1e-12
# run: (rows of the measures of the pulses one way, those the other way, pulses of which the review speaks)
ROWS = {
    "04_wo3_hbn": (slice(293, 439), slice(440, 586), 58_400),
    "05_mxene/runs/ltp_ltd": (slice(0, 20), slice(20, 40), 10**8),
}


@dataclass(frozen=True)
class Steps:
    """The steps (S) of one direction against the conductance before them (S)."""

    before: np.ndarray
    step: np.ndarray

    @cached_property
    def ascending(self) -> tuple[np.ndarray, np.ndarray, float, float]:
        """Return conductances and steps in order, and slope and level of the line through them at the first."""
        order = np.argsort(self.before)
        before, step = self.before[order], self.step[order]
        slope, level = np.polyfit(before - before[0], step, 1)
        return before, step, float(slope), float(level)

    def at(self, conductance: float) -> float:
        """Return the step from a conductance."""
        before, step, slope, level = self.ascending
        if before[0] <= conductance <= before[-1]:
            return float(np.interp(conductance, before, step))
        return float(level + slope * (conductance - before[0]))


@dataclass(frozen=True)
class Endured:
    """What cycles do.

    range    largest less smallest conductance of each cycle that was made, S
    start    conductance at which each begins, S
    cycles   of the question; those beyond what was made are equal to the last one
    beyond   how far a cycle went out of the measured conductances, over their range
    """

    range: np.ndarray
    start: np.ndarray
    cycles: int
    beyond: float

    @property
    def kept(self) -> float:
        """Return the range of the last cycle over that of the first."""
        return float(self.range[-1] / self.range[0])


def endured(first: Steps, second: Steps, start: float, cycles: int) -> Endured:
    """Repeat the cycle of `first.before.size` pulses one way and `second.before.size` the other."""
    measured = np.concatenate([first.before, second.before])
    low, high = float(measured.min()), float(measured.max())
    ranges, starts = [], []
    now, beyond = start, 0.0
    for _ in range(cycles):
        begins, reached = now, [now]
        for steps in (first, second):
            for _ in range(steps.before.size):
                now += steps.at(now)
                reached.append(now)
        starts.append(begins)
        ranges.append(max(reached) - min(reached))
        beyond = max(beyond, (low - min(reached)) / (high - low), (max(reached) - high) / (high - low))
        if abs(now - begins) < SAME * abs(begins):
            break
    return Endured(np.array(ranges), np.array(starts), cycles, beyond)


def device(run: str) -> Endured:
    """Return what the pulses of the review do to a device of the table."""
    one, other, pulses = ROWS[run]
    table = eisfv.open(HERE / run).measures
    before, step = table["G_before_S"].to_numpy(), table["dG_S"].to_numpy()
    first, second = (Steps(before[rows], step[rows]) for rows in (one, other))
    return endured(first, second, float(first.before[0]), pulses // (first.before.size + second.before.size))


def main() -> None:
    """Print what comes of it."""
    for run, (_, _, pulses) in ROWS.items():
        found = device(run)
        made = f"{found.start.size} of {found.cycles} cycles made" if found.start.size < found.cycles else "all made"
        print(
            f"{run.split('/')[0]}: {pulses:g} pulses, {made}; range of the last cycle over the first {found.kept:.4f}, "
            f"start {found.start[-1]:.5g} S after {found.start[0]:.5g} S, "
            f"{100.0 * found.beyond:.2g} % of the range beyond what was measured"
        )


if __name__ == "__main__":
    main()
