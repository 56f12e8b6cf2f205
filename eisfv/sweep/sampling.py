"""How axes make up points: every combination, or a sample drawn between their ends.

Either gives the values of points `start` to `stop` as one array an axis, so that a million points cost no memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Literal

import numpy as np

from eisfv.sweep.axes import Axis, Floats
from eisfv.sweep.scatter import correlated

Columns = Mapping[str, np.ndarray]
Method = Literal["random", "latin_hypercube", "sobol", "saltelli"]


@dataclass(frozen=True)
class Grid:
    """Every combination, the last axis changing fastest; axes of one group `zipped` advance together."""

    axes: tuple[Axis, ...]

    @cached_property
    def groups(self) -> Sequence[Sequence[Axis]]:
        """Return the axes that advance together, in the order in which each group is first named."""
        found: dict[str, list[Axis]] = {}
        for axis in self.axes:
            found.setdefault(f"zip {axis.zipped}" if axis.zipped else axis.name, []).append(axis)
        return list(found.values())

    @property
    def lengths(self) -> tuple[int, ...]:
        """Return the number of values of each group."""
        return tuple(len(group[0].values) for group in self.groups)

    @property
    def total(self) -> int:
        """Return the number of combinations."""
        return prod(self.lengths)

    def columns(self, start: int, stop: int) -> Columns:
        """Return the values of combinations start to stop, by axis name."""
        places = np.unravel_index(np.arange(start, stop), self.lengths)
        found = {}
        for group, place in zip(self.groups, places, strict=True):
            for axis in group:
                found[axis.name] = np.array(axis.values, None if axis.has_words else float)[place]
        return {axis.name: found[axis.name] for axis in self.axes}


@dataclass(frozen=True)
class Sample:
    """Points drawn between the ends of the axes, the same ones for the same seed.

    random    each point for itself
    sobol     the first points of a longer sequence are those of a shorter one
    saltelli  for Sobol indices: `size` blocks of d + 2 points for d axes. With base points A and B, which are 2 d
              coordinates of one Sobol sequence, a block is A; A with coordinate k from B, for each k in turn; B
    correlation  matrix (axes, axes) of what the draws go together by, see `eisfv.sweep.scatter`; None: by nothing
    Source: Saltelli et al., Comput. Phys. Commun. 181 (2010) 259.
    """

    axes: tuple[Axis, ...]
    method: Method
    size: int
    seed: int
    correlation: Floats | None = None

    @property
    def block(self) -> int:
        """Return the number of points that come of one draw."""
        return len(self.axes) + 2 if self.method == "saltelli" else 1

    @property
    def total(self) -> int:
        """Return the number of points."""
        return self.size * self.block

    @cached_property
    def drawn(self) -> Floats:
        """Return what is drawn: (size, axes) between 0 and 1, of saltelli (size, 2 axes)."""
        from scipy.stats import qmc

        dimensions = len(self.axes) * (2 if self.method == "saltelli" else 1)
        generator = np.random.default_rng(self.seed)
        if self.method == "random":
            found = generator.random((self.size, dimensions))
        elif self.method == "latin_hypercube":
            found = np.asarray(qmc.LatinHypercube(dimensions, rng=generator).random(self.size))
        else:
            found = np.asarray(qmc.Sobol(dimensions, rng=generator).random(self.size))
        return found if self.correlation is None else correlated(found, self.correlation)

    def columns(self, start: int, stop: int) -> Columns:
        """Return the values of points start to stop, by axis name."""
        count = len(self.axes)
        draw, member = np.divmod(np.arange(start, stop), self.block)
        found = {}
        for number, axis in enumerate(self.axes):
            from_b = (member == number + 1) | (member == count + 1)
            share = self.drawn[draw, number]
            if self.method == "saltelli":
                share = np.where(from_b, self.drawn[draw, count + number], share)
            found[axis.name] = axis.between(share)
        return found


Sampling = Grid | Sample
