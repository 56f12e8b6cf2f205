"""The steps of both directions over the conductances where both were measured, and the weights these stand for.

    w = (G - zero) / per_weight,   per_weight = (high - low) / 2

so that the weights are two wide. Weight zero is the symmetry point, where a step up and a step down are equally large;
without one in the range it is the middle.
"""

from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.extract.measured import Branch, Extraction
from eisfv.postprocess.quantities.prefixes import quantity

SYMMETRY = "the symmetry point, where a step up and a step down are equally large"
MIDDLE = "the middle of the range; a step up and a step down are equally large nowhere in it"
# Of the range: a symmetry point nearer to an end leaves no weights on its other side.
INSIDE = 1e-6
EQUAL = 1e-9  # of the steps up; what the two directions may differ by and still be equal


@dataclass(frozen=True)
class StepRange:
    """Where both directions were measured.

    low, high  conductances, S
    up, down   the branches; between their nodes the steps are linear in G
    zero       conductance of weight zero, S; `symmetric` says whether it is the symmetry point
    """

    low: float
    high: float
    up: Branch
    down: Branch
    zero: float
    symmetric: bool

    @property
    def per_weight(self) -> float:
        """Return the conductance that a weight of one stands for, S."""
        return 0.5 * (self.high - self.low)

    @property
    def zero_is(self) -> str:
        """Return what the conductance of weight zero is, in words."""
        return SYMMETRY if self.symmetric else MIDDLE

    @property
    def states(self) -> float:
        """Return how many mean steps fit into the range, the two directions averaged."""
        grid = self.grid(1001)
        mean = 0.5 * (np.abs(self.step_up(grid)).mean() + np.abs(self.step_down(grid)).mean())
        return float((self.high - self.low) / mean)

    def grid(self, count: int) -> np.ndarray:
        """Return so many conductances (count,) at equal distances from low to high, S."""
        return np.linspace(self.low, self.high, count)

    def step_up(self, conductance: np.ndarray) -> np.ndarray:
        """Return the change by a pulse up from each conductance, S."""
        return np.asarray(np.interp(conductance, self.up.nodes, self.up.steps))

    def step_down(self, conductance: np.ndarray) -> np.ndarray:
        """Return the change by a pulse down from each conductance, S, negative."""
        return np.asarray(np.interp(conductance, self.down.nodes, self.down.steps))

    def weight(self, conductance: np.ndarray | float) -> np.ndarray:
        """Return the weights that conductances stand for."""
        return np.asarray((np.asarray(conductance) - self.zero) / self.per_weight)


def step_range(extraction: Extraction) -> StepRange | str:
    """Return the range where both directions were measured, or why there is none."""
    up, down = extraction.up, extraction.down
    missing = [word for branch, word in ((up, "raise"), (down, "lower")) if branch is None]
    if up is None or down is None:
        return f"no pulses {' or '.join(missing)} the conductance"
    for branch, word in ((up, "up"), (down, "down")):
        if branch.nodes.size < 2:
            return f"the steps {word} were measured from fewer than two conductances"
    low, high = max(up.nodes[0], down.nodes[0]), min(up.nodes[-1], down.nodes[-1])
    if low >= high:
        return f"steps up were measured from {between(up)}, steps down from {between(down)}: nowhere both"
    nodes = np.unique(np.concatenate([up.nodes, down.nodes, [low, high]]))
    nodes = nodes[(nodes >= low) & (nodes <= high)]
    rise, fall = np.interp(nodes, up.nodes, up.steps), np.interp(nodes, down.nodes, down.steps)
    if not (rise.mean() > 0.0 > fall.mean()):
        return "the pulses of one direction do not move the conductance that way where both were measured"
    if max(rise.mean(), -fall.mean()) > high - low:
        return f"both directions were measured over {quantity(high - low, 'S', 3)} only, less than a step"
    found = symmetry_point(nodes, rise, fall)
    zero = 0.5 * (low + high) if found is None else found
    return StepRange(float(low), float(high), up, down, float(zero), found is not None)


def symmetry_point(nodes: np.ndarray, rise: np.ndarray, fall: np.ndarray) -> float | None:
    """Return where the steps up and down (n,) cancel between the nodes (n,); None where they do not.

    Of several points it is the one next to the middle. Steps that cancel everywhere are symmetric about the middle.
    """
    both, middle = rise + fall, 0.5 * (nodes[0] + nodes[-1])
    if np.abs(both).max() <= EQUAL * np.abs(rise).max():
        return float(middle)
    margin = INSIDE * (nodes[-1] - nodes[0])
    roots = []
    for k in range(nodes.size - 1):
        left, right = both[k], both[k + 1]
        if left * right <= 0.0 and left != right:
            root = nodes[k] + (nodes[k + 1] - nodes[k]) * left / (left - right)
            if nodes[0] + margin < root < nodes[-1] - margin:
                roots.append((abs(root - middle), float(root)))
    return min(roots)[1] if roots else None


def between(branch: Branch) -> str:
    """Return the conductances of a branch for people."""
    return f"{quantity(branch.nodes[0], 'S', 3)} to {quantity(branch.nodes[-1], 'S', 3)}"
