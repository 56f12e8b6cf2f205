"""Weights that change in whole pulses, each by a step that depends on the weight.

A wanted change dw becomes n = |dw| / quantum pulses of its sign, rounded up or down at random so that the mean is kept;
quantum is the mean of a step up and a step down at weight zero. Each pulse then changes the weight by the step there,
interpolated in the table, and the weight stays between its bounds.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from eisfv.postprocess.simulators.step_range import StepRange

NODES = 1001
# Devices of more states are given their pulses in groups, so that no change takes more than some hundred operations.
STATES = 2000


@dataclass(frozen=True)
class PulsedWeights:
    """A device in weights.

    nodes                  weights (n,), ascending, at equal distances between the bounds
    up, down               change by a group of pulses that starts at the node (n,): positive up, negative down
    spread_up, spread_down standard deviation of these (n,), 0 without noise
    quantum                mean size of the changes up and down at weight zero
    group                  pulses of a group
    """

    nodes: np.ndarray
    up: np.ndarray
    down: np.ndarray
    spread_up: np.ndarray
    spread_down: np.ndarray
    quantum: float
    group: int

    def change(self, weights: np.ndarray, wanted: np.ndarray, rng: np.random.Generator) -> tuple[int, int]:
        """Apply wanted changes to weights of the same shape in place; return the pulses up and down."""
        groups = np.floor(np.abs(wanted) / self.quantum + rng.random(wanted.shape)).astype(np.int64)
        # More groups than states move a weight from any place to a bound.
        groups = np.minimum(groups, self.most)
        counts = []
        for rising, step, spread in ((True, self.up, self.spread_up), (False, self.down, self.spread_down)):
            chosen = np.flatnonzero((groups > 0) & ((wanted > 0.0) == rising))
            left = groups.reshape(-1)[chosen]
            counts.append(int(left.sum()) * self.group)
            moved = weights.reshape(-1)[chosen]
            while left.size:
                moved += np.interp(moved, self.nodes, step)
                if spread.any():
                    moved += np.interp(moved, self.nodes, spread) * rng.standard_normal(moved.size)
                np.clip(moved, self.nodes[0], self.nodes[-1], out=moved)
                left = left - 1
                weights.reshape(-1)[chosen] = moved
                chosen, moved, left = chosen[left > 0], moved[left > 0], left[left > 0]
        return counts[0], counts[1]

    @property
    def most(self) -> int:
        """Return the groups that lead from any weight to a bound, as far as steps of mean size do."""
        smallest = min(float(np.abs(self.up).mean()), float(np.abs(self.down).mean()))
        return ceil(float(self.nodes[-1] - self.nodes[0]) / smallest)


def measured_weights(steps: StepRange, *, noise: bool) -> PulsedWeights:
    """Return the device of the measured steps."""
    grid = steps.grid(NODES)
    spreads = [
        np.interp(grid, b.nodes, b.spread) / steps.per_weight if noise else np.zeros(NODES)
        for b in (steps.up, steps.down)
    ]
    return grouped(
        steps.weight(grid),
        steps.step_up(grid) / steps.per_weight,
        steps.step_down(grid) / steps.per_weight,
        spreads[0],
        spreads[1],
        steps.states,
    )


def linear_weights(states: float) -> PulsedWeights:
    """Return the device of so many equal steps, the same in both directions, from -1 to 1."""
    nodes, step = np.linspace(-1.0, 1.0, NODES), np.full(NODES, 2.0 / states)
    return grouped(nodes, step, -step, np.zeros(NODES), np.zeros(NODES), states)


def grouped(
    nodes: np.ndarray, up: np.ndarray, down: np.ndarray, spread_up: np.ndarray, spread_down: np.ndarray, states: float
) -> PulsedWeights:
    """Return a device whose pulses are given in as large groups as leave it STATES states."""
    group = max(1, ceil(states / STATES))
    moved = []
    for step in (up, down):
        ends = nodes.copy()
        for _ in range(group):
            ends = np.clip(ends + np.interp(ends, nodes, step), nodes[0], nodes[-1]) if group > 1 else ends + step
        moved.append(ends - nodes)
    quantum = 0.5 * (float(np.interp(0.0, nodes, moved[0])) - float(np.interp(0.0, nodes, moved[1])))
    if quantum <= 0.0:
        quantum = 0.5 * float(moved[0].mean() - moved[1].mean())
    wide = group**0.5
    return PulsedWeights(nodes, moved[0], moved[1], wide * spread_up, wide * spread_down, quantum, group)
