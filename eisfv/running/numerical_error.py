"""How far the reported numbers of a run are from those of a finer mesh and of smaller time steps.

    d_21 = |f_N - f_(N/2)|       on the mesh of the run, and on every second of its faces
    d_42 = |f_(N/2) - f_(N/4)|   on every second and on every fourth
    r    = d_42 / d_21           4 where the error goes with the square of the cells
    e_m  = d_21 / 3              for 2.8 <= r <= 6
    e_m  = d_21 / max(r - 1, 1)  for r < 2.8: the order is not reached; r = 1 without a mesh of every fourth face
    e_m  = d_42 / 12             for r > 6: d_21 is small by chance
    e_t  = |f_T - f_(T/k)| k^p / (k^p - 1)   of two tolerances T and T/k, errors going with T^p

The two of e_t are on one mesh, a coarse one; f_T is driven there in the time steps that the run has taken. In steps of
its own it would tell of others: where a row of backward differences doubles its steps is chance, and with it, at fifth
order, the error by a factor of thirty. Where a quantity is not resolved, the coarse mesh has another solution than the
run, in which the same steps leave another error: of a film that pulses fill from empty, its conductance 5 % off by the
mesh, a quarter. Nor is it near the run where its order on the meshes is not seen. That of e_t is then said not to be.

The run on every second face may end early. What it has told of e_m there, over d_41 = |f_N - f_(N/4)|, is taken to hold
for the whole of d_41: 1/15 at second order. d_41 is five times d_21, and so much further above what chance leaves where
two runs of one tolerance take other steps. Where those first steps show less than a third of the largest d_41, they say
nothing of the steps that make it: a film that later pulses empty has another order than the full one. e_m is then that
of first order, d_41 / 3, and said to be.

f are the changes within a protocol step, their errors relative to what `Reported.scale` says.

Source: L. F. Richardson, Phil. Trans. R. Soc. A 226 (1927) 299; the order from three meshes as P. J. Roache, J. Fluids
Eng. 116 (1994) 405.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from eisfv.device.tables import Floats
from eisfv.observers.reported import Reported

REACHED = (2.8, 6.0)  # 4 within what a mesh that is not quite smooth and a time error leave
FIFTEENFOLD, FOURFOLD, SECOND = 15.0, 12.0, 3.0
FIRST = 3.0  # d_41 over e_m at first order
SEEN = 1.0 / 3.0  # of the largest d_41, in the steps that tell what it is worth
SAME = 1e-7  # relative differences below this are rounding and Newton's
GIVEN = 1e-12  # below this it is the drive that sets the quantity
UNRESOLVED = 1e-2  # an error whose order is not reached, and
UNRESOLVED_ANYHOW = 0.1  # an error beyond which no extrapolation holds
TIGHTER = 8.0  # tolerances apart by this leave errors apart by 4 at second order
# How the error goes with the tolerance T: of second order with a third-order estimate as T^(2/3), of higher ones
# faster; behind a corner the first steps share it in no fixed way. A looser tolerance may take the same first steps and
# leave the same error: in trials on pulses it told up to 20 times too little where a tighter one told the right figure.
TOLD_POWER = 0.5


@dataclass(frozen=True)
class Figure:
    """The error of one quantity: relative, in the step (counted from 1) where it is largest; of its value, in its unit.

    ratio    r of the meshes; None where it was not measured
    reached  whether the order was seen; of the time steps, on a mesh whose solution is near the run's
    """

    name: str
    unit: str
    relative: float
    step: int
    value: float
    ratio: float | None = None
    reached: bool = True

    @property
    def unresolved(self) -> bool:
        """Return whether the error is too large for its figure to mean anything."""
        return self.relative > (UNRESOLVED_ANYHOW if self.reached else UNRESOLVED)

    @property
    def text(self) -> str:
        """Return the error in words."""
        if self.unresolved:
            return f"> 1 %: not resolved ({self.name}, step {self.step})"
        doubt = "" if self.reached else ", its order is not seen"
        return f"{max(self.relative, SAME):.1e} ({self.name}, step {self.step}{doubt})"


@dataclass(frozen=True)
class Estimate:
    """The errors of a run by quantity. reason: why there are none, or none of the mesh; remark: what to say of them."""

    mesh: Sequence[Figure] = ()
    time: Sequence[Figure] = ()
    reason: str = ""
    remark: str = ""

    @property
    def line(self) -> str:
        """Return the line for the user."""
        if self.reason and not self.time:
            return f"numerical error: no estimate: {self.reason}"
        if self.reason:
            return f"numerical error: time steps {worst(self.time).text}; mesh: no estimate: {self.reason}"
        if not self.mesh:
            return "numerical error: nothing to measure, no reported quantity changes"
        return f"numerical error: mesh {worst(self.mesh).text}; time steps {worst(self.time).text}{self.remark}"

    def written(self) -> Mapping[str, object]:
        """Return what the provenance keeps."""
        time = {"time": {figure.name: entry(figure) for figure in self.time}}
        if self.reason:
            return {"reason": self.reason} | (time if self.time else {})
        mesh = {figure.name: entry(figure) | {"ratio": figure.ratio} for figure in self.mesh}
        return {"mesh": mesh} | time


def entry(figure: Figure) -> dict[str, object]:
    """Return what the provenance keeps of a figure."""
    return {
        "relative": figure.relative,
        "step": figure.step,
        "value": figure.value,
        "unit": figure.unit,
        "unresolved": figure.unresolved,
        "asymptotic": figure.reached,
    }


def worst(figures: Sequence[Figure]) -> Figure:
    """Return the largest error; one that is not resolved before all others."""
    return max(figures, key=lambda figure: (figure.unresolved, figure.relative))


def difference(one: Floats, other: Floats, scale: Floats) -> Floats:
    """Return the relative differences of the changes (steps, quantities), as far as both go."""
    return np.abs(signed_difference(one, other, scale))


def signed_difference(one: Floats, other: Floats, scale: Floats) -> Floats:
    """Return `difference` with its sign."""
    steps = min(len(one), len(other)) - 1
    apart = np.diff(one[: steps + 1], axis=0) - np.diff(other[: steps + 1], axis=0)
    return np.asarray(apart / np.where(scale[:steps] > 0.0, scale[:steps], np.inf))


def share_of(ratio: float | None) -> float:
    """Return the error over the difference of two meshes, from the ratio of differences."""
    if ratio is None:
        return 1.0
    if ratio < REACHED[0]:
        return 1.0 / max(ratio - 1.0, 1.0)
    return 1.0 / SECOND if ratio <= REACHED[1] else ratio / FOURFOLD


def time_share(factor: float) -> float:
    """Return the error over its difference from that of a tolerance `factor` times smaller."""
    part = factor**TOLD_POWER
    return float(part / (part - 1.0))


@dataclass(frozen=True)
class Runs:
    """The rows (1 + protocol steps, quantities) of the companions of a run.

    half, quarter  on every second and every fourth face; of the last as far as the run is followed, of the other one
                   where it is the only one
    steps          on one mesh, at the tolerance of the run and at it over `TIGHTER`
    where          the steps of the run (from 0) that these two have driven; None: the first ones
    known          without a quarter: the error of every quantity over its difference from the half, where it is known
    """

    own: Reported
    half: Floats
    quarter: Floats | None
    steps: tuple[Floats, Floats]
    where: Sequence[int] | None = None
    known: Sequence[float] | None = None

    def ratios(self) -> list[float | None]:
        """Return r of every quantity, None where there is no mesh for it."""
        if self.quarter is None:
            return [None] * len(self.own.names)
        far, near, _ = self.apart(self.quarter)
        return [4.0 if b < SAME else float(a / b) for a, b in zip(far, near, strict=True)]

    @property
    def counts(self) -> NDArray[np.bool_]:
        """Return which quantities change by more than rounding."""
        return np.asarray(self.own.scale.max(axis=0) > self.own.noise)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Return of which quantities the steps on every second face show enough of the largest d_41."""
        if self.quarter is None:
            return np.ones(len(self.own.names), bool)
        both = difference(self.own.rows, self.quarter, self.own.scale)
        largest = both.max(axis=0, initial=0.0)
        begun = both[: len(self.half) - 1].max(axis=0, initial=0.0)
        return np.asarray((begun >= SEEN * largest) | (largest < SAME) | ~self.counts)

    def lacking(self, most: int) -> int:
        """Return how many steps the run on every second face should drive, at most so many, for the order of the
        largest error to be seen where it is made; 0 where the steps that it has driven show enough."""
        assert self.quarter is not None
        both = difference(self.own.rows, self.quarter, self.own.scale)
        told = np.where(self.counts, self.shares() * both.max(axis=0, initial=0.0), 0.0)
        seen = self.seen
        where = np.argmax(both, axis=0) + 1
        return int(where[~seen & (where <= most) & (told > told[seen].max(initial=0.0))].max(initial=0))

    def apart(self, quarter: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the largest d_42, d_21 and d_41 (quantities) of the steps that all meshes have driven."""
        steps, scale = min(len(self.half), len(quarter)), self.own.scale
        own, half, quarter = self.own.rows[:steps], self.half[:steps], quarter[:steps]
        found = [difference(one, other, scale) for one, other in ((half, quarter), (own, half), (own, quarter))]
        far, near, both = (each.max(axis=0, initial=0.0) for each in found)
        return far, near, both

    def shares(self) -> list[float]:
        """Return the error of every quantity over its difference from the coarsest mesh."""
        if self.quarter is None:
            return list(self.known or [1.0] * len(self.own.names))
        _, near, both = self.apart(self.quarter)
        pairs = zip(self.ratios(), near, both, self.seen, strict=True)
        return [
            1.0 / FIRST if not seen else 1.0 / FIFTEENFOLD if b < SAME or c == 0.0 else float(share_of(r) * b / c)
            for r, b, c, seen in pairs
        ]

    def estimate(self) -> Estimate:
        """Return the errors of the quantities that change by more than rounding."""
        coarse = self.half if self.quarter is None else self.quarter
        own, rows, scale = self.own, self.own.rows[: len(coarse)], self.own.scale
        # Relative differences of the changes, and differences of the values.
        meshes = difference(rows, coarse, scale), np.abs(rows - coarse).max(axis=0)
        loose, tight = (each[: min(map(len, self.steps))] for each in self.steps)
        where = np.arange(len(scale)) if self.where is None else np.array(self.where, int)
        times = difference(loose, tight, scale[where]), np.abs(loose - tight).max(axis=0)
        mesh: list[Figure] = []
        time: list[Figure] = []
        seen, counts = self.seen, self.counts
        for q, (ratio, share) in enumerate(zip(self.ratios(), self.shares(), strict=True)):
            # Of a change by rounding, or of what the drive sets, there is nothing to tell.
            if not counts[q] or max(meshes[0][:, q].max(), times[0][:, q].max()) < GIVEN:
                continue
            reached = bool(ratio is not None and REACHED[0] <= ratio <= REACHED[1] and seen[q])
            for (found, values), figures, part, numbers, doubt in (
                (meshes, mesh, share, range(len(scale)), (ratio, reached)),
                (times, time, time_share(TIGHTER), where, (None, reached)),
            ):
                k = int(np.argmax(found[:, q]))
                relative, value = float(part * found[k, q]), float(part * values[q])
                figures.append(Figure(own.names[q], own.units[q], relative, int(numbers[k]) + 1, value, *doubt))
        near = not any(figure.unresolved for figure in mesh)
        return Estimate(mesh, [replace(figure, reached=near and figure.reached) for figure in time])
