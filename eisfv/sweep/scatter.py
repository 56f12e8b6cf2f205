"""How a value scatters from device to device, and how two of them go together.

    Normal      density exp(-(v - mean)^2 / 2 sd^2)
    LogNormal   ln v normal around ln(median), standard deviation ln(factor): 68 % between median/factor and
                median * factor

Both are cut at two ends and then hold all devices between them: a share u of the way through the devices is at
p = P(low) + u [P(high) - P(low)]. Without ends of its own a value is cut `CUT` standard deviations from its middle.

Correlations (Gaussian copula): shares u become z = P_N^-1(u), the normal quantile; with L L^T the matrix of
correlations z' = L z has them, and u' = P_N(z') the same flat distribution. A correlation is thus that of the normal
values, of the logarithms of lognormal ones.
Source: R. B. Nelsen, An Introduction to Copulas, 2nd ed., Springer (2006), Sec. 2.3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
CUT = 4.0  # standard deviations: 6e-5 of all devices lie beyond
# Of a share of 0 or 1, which a grid of shares may ask for and no sample draws.
INSIDE = 1e-12


@dataclass(frozen=True)
class Normal:
    """Mean and standard deviation, in the unit of the axis."""

    mean: float
    sd: float

    @property
    def ends(self) -> tuple[float, float]:
        """Return where the values are cut unless it is said."""
        return self.mean - CUT * self.sd, self.mean + CUT * self.sd

    def text(self, unit: str) -> str:
        """Return it in words."""
        return f"normal, mean {self.mean:g} {unit}".rstrip() + f", sd {self.sd:g} {unit}".rstrip()

    def between(self, low: float, high: float, share: Floats) -> Floats:
        """Return the values at shares (any shape) of the devices between low and high."""
        return self.mean + self.sd * cut_normal((low - self.mean) / self.sd, (high - self.mean) / self.sd, share)


@dataclass(frozen=True)
class LogNormal:
    """Median, in the unit of the axis, and the factor of one standard deviation, above 1."""

    median: float
    factor: float

    @property
    def ends(self) -> tuple[float, float]:
        """Return where the values are cut unless it is said."""
        return self.median * self.factor**-CUT, self.median * self.factor**CUT

    def text(self, unit: str) -> str:
        """Return it in words."""
        return f"lognormal, median {self.median:g} {unit}".rstrip() + f", factor {self.factor:g}"

    def between(self, low: float, high: float, share: Floats) -> Floats:
        """Return the values at shares (any shape) of the devices between low and high."""
        width = log(self.factor)
        return self.median * np.exp(
            width * cut_normal(log(low / self.median) / width, log(high / self.median) / width, share)
        )


Scatter = Normal | LogNormal


def cut_normal(low: float, high: float, share: Floats) -> Floats:
    """Return the quantiles of the standard normal distribution cut at low and high."""
    from scipy.special import ndtr, ndtri

    below, above = ndtr(low), ndtr(high)
    found: Floats = ndtri(np.clip(below + share * (above - below), INSIDE, 1.0 - INSIDE))
    return np.clip(found, low, high)


def correlation_matrix(names: Sequence[str], pairs: Mapping[tuple[str, str], float]) -> Floats:
    """Return the matrix (names, names) of correlations; pairs that are not named go their own ways."""
    found = np.eye(len(names))
    for (one, other), value in pairs.items():
        i, j = names.index(one), names.index(other)
        found[i, j] = found[j, i] = value
    return found


def correlated(share: Floats, matrix: Floats) -> Floats:
    """Return shares (points, axes) with the correlations of a matrix. Raises LinAlgError where it is none."""
    from scipy.special import ndtr, ndtri

    lower = np.linalg.cholesky(matrix)
    found: Floats = ndtr(ndtri(np.clip(share, INSIDE, 1.0 - INSIDE)) @ lower.T)
    return found
