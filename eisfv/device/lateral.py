"""How a property of an interface varies along a section: a factor as a function of x."""

from dataclasses import dataclass

import numpy as np

from eisfv.mesh.records import Floats


@dataclass(frozen=True)
class Uniform:
    """The same everywhere."""

    def factor(self, x: Floats) -> Floats:
        """Return the factor at x (m)."""
        return np.ones_like(x)

    def breaks(self) -> tuple[float, ...]:
        """Return where the factor jumps (m)."""
        return ()


EVERYWHERE = Uniform()


@dataclass(frozen=True)
class Profile:
    """Straight lines between points, level beyond the ends; x in m, ascending."""

    x: tuple[float, ...]
    value: tuple[float, ...]

    def factor(self, x: Floats) -> Floats:
        """Return the factor at x (m)."""
        return np.asarray(np.interp(x, self.x, self.value))

    def breaks(self) -> tuple[float, ...]:
        """Return where the slope jumps (m): a mesh need not know."""
        return ()


@dataclass(frozen=True)
class Patches:
    """Patches of equal length, each poor with a probability, drawn with a seed.

    start, length (m) of the first patch; poor: one entry per patch; factor of a poor patch, 1 in the others
    """

    start: float
    length: float
    poor: tuple[bool, ...]
    poor_factor: float

    def factor(self, x: Floats) -> Floats:
        """Return the factor at x (m)."""
        number = np.clip(((x - self.start) / self.length).astype(int), 0, len(self.poor) - 1)
        return np.where(np.array(self.poor)[number], self.poor_factor, 1.0)

    def breaks(self) -> tuple[float, ...]:
        """Return the ends of the poor stretches (m): a mesh puts a face there."""
        jumps = np.flatnonzero(np.diff(np.array(self.poor, int))) + 1
        return tuple(float(self.start + self.length * n) for n in jumps)


def patches(start: float, stop: float, length: float, share: float, poor_factor: float, seed: int) -> Patches:
    """Return patches over [start, stop] (m), exactly the nearest whole number to `share` of them poor, their places by
    the seed."""
    count = max(1, round((stop - start) / length))
    poor = np.zeros(count, bool)
    poor[np.random.default_rng(seed).permutation(count)[: round(share * count)]] = True
    return Patches(start, (stop - start) / count, tuple(bool(p) for p in poor), poor_factor)


Lateral = Uniform | Profile | Patches
