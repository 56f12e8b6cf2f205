"""Least-squares fits of decays y(t) = sum c_j f_j(t; theta): linear in c, nonlinear in theta.

For every theta the best c is a linear problem, so only theta is searched: over a grid, then by Gauss-Newton from its
best points. Errors come from the Jacobian of all parameters.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, log

import numpy as np

from eisfv.postprocess.regression import ROUNDING, aicc, covariance, relative, t_factor

from .measured import Measured

STARTS = 3  # grid points that are refined
DENSE = 200  # points of a law that is drawn
ROWS = 2000  # rows of a trace that are fitted, evenly taken of more

NO_CHANGE = 1e-6  # of the conductance: less is not seen
POOR = 0.3  # of the change: a law that leaves more does not describe it

Basis = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class DecayFit:
    """A fit.

    theta, linear  parameters; error their standard errors, theta first, infinite where the data leave one open
    aicc           of the fit; residual as in Measured, of the change about the mean
    basis          what the law is made of
    dof, points    degrees of freedom, data
    at_bound       which of theta ended on the edge of what was searched
    """

    theta: np.ndarray
    linear: np.ndarray
    error: np.ndarray
    aicc: float
    residual: float
    basis: Basis
    dof: int
    points: int
    at_bound: np.ndarray

    def at(self, t: np.ndarray) -> np.ndarray:
        """Return the law at other times (s) than those of the data."""
        return np.asarray(self.basis(self.theta, t) @ self.linear)

    @property
    def poor(self) -> str:
        """Return why the fit tells nothing, empty where it does: it leaves too much."""
        return f"the law leaves {100.0 * self.residual:.0f} % of the change" if self.residual > POOR else ""


def decay_curves(t: np.ndarray, fits: Mapping[str, DecayFit]) -> dict[str, np.ndarray]:
    """Return the laws by name as a table to draw, over the times after 0 that the data span."""
    later = t[t > 0.0]
    dense = np.geomspace(float(later[0]), float(later[-1]), DENSE)
    return {"time_s": dense, **{f"{name}_S": fit.at(dense) for name, fit in fits.items()}}


def unseen(g: np.ndarray) -> str:
    """Return why a conductance (S) shows no decay, empty where it changes by enough."""
    change = float(np.ptp(g) / np.abs(g).mean())
    return f"G changes by {change:.1g} of itself, too little to see a decay" if change < NO_CHANGE else ""


def thinned(t: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return at most ROWS of a trace, its ends included."""
    rows = np.unique(np.linspace(0, t.size - 1, min(t.size, ROWS)).round().astype(int))
    return t[rows], y[rows]


def fit_decay(
    t: np.ndarray,
    y: np.ndarray,
    basis: Basis,
    grid: Sequence[Sequence[float]],
    low: Sequence[float],
    high: Sequence[float],
) -> DecayFit:
    """Return the best fit; basis(theta, t) gives the columns f_j as (t, j), theta lies between low and high."""
    from scipy.optimize import least_squares

    scale = float(np.abs(y - y.mean()).max()) or 1.0
    h = (y - y.mean()) / scale
    shift = np.full(t.size, y.mean() / scale)

    def solved(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        design = basis(theta, t)
        linear = np.linalg.lstsq(design, h + shift, rcond=1e-12)[0]
        return linear, design @ linear - h - shift

    costs = [(float((solved(np.array(theta))[1] ** 2).sum()), tuple(theta)) for theta in grid]
    found = [
        least_squares(lambda theta: solved(theta)[1], theta, bounds=(low, high), xtol=1e-12, ftol=1e-12, gtol=1e-14)
        for _, theta in sorted(costs)[:STARTS]
    ]
    best = min(found, key=lambda one: float(one.cost))
    theta, rss = best.x, 2.0 * float(best.cost)
    linear, left = solved(theta)
    count, dof = theta.size + linear.size, t.size - theta.size - linear.size
    edges = (np.array(high) - np.array(low)) * 1e-3
    return DecayFit(
        theta=theta,
        linear=linear * scale,
        error=errors(basis, theta, linear, t, rss, dof) * np.append(np.ones(theta.size), np.full(linear.size, scale)),
        aicc=aicc(rss * scale**2 / t.size, t.size, count, (ROUNDING * float(np.abs(y).mean())) ** 2),
        residual=relative(left, h),
        basis=basis,
        dof=dof,
        points=t.size,
        at_bound=np.asarray((theta - low < edges) | (high - theta < edges)),
    )


def errors(basis: Basis, theta: np.ndarray, linear: np.ndarray, t: np.ndarray, rss: float, dof: int) -> np.ndarray:
    """Return the standard errors of theta and c from the Jacobian; infinite where it is singular."""
    columns = []
    for k in range(theta.size):
        step = np.zeros(theta.size)
        step[k] = 1e-5 * max(1.0, abs(theta[k]))
        columns.append((basis(theta + step, t) - basis(theta - step, t)) @ linear / (2.0 * step[k]))
    jacobian = np.column_stack([*columns, basis(theta, t)])
    size = np.linalg.norm(jacobian, axis=0)  # logarithms of times, exponents and amplitudes are of unlike size
    found = covariance(jacobian / size, rss / dof) if dof > 0 and (size > 0.0).all() else None
    return np.full(size.size, inf) if found is None else np.asarray(np.sqrt(np.diag(found)) / size)


def plain(fit: DecayFit, value: float, error: float, unit: str, window: str) -> Measured:
    """Return a parameter with a symmetric interval; null where its error is larger than ten times itself."""
    half = t_factor(fit.dof) * error if fit.dof > 0 else inf
    if not half < 10.0 * abs(value):
        return Measured(None, unit, points=fit.points, window=window, reason="the data leave it open")
    return Measured(value, unit, value - half, value + half, fit.points, window, fit.residual)


def logarithmic(fit: DecayFit, number: int, unit: str, window: str, longest: float = inf) -> Measured:
    """Return e^theta with the interval of theta; null, with a lower bound where there is one, beyond `longest`."""
    if fit.poor:
        return Measured(None, unit, points=fit.points, window=window, reason=fit.poor)
    value, factor = exp(fit.theta[number]), t_factor(fit.dof) * fit.error[number] if fit.dof > 0 else inf
    if value > longest:
        bound = min(longest, value * exp(-min(factor, 700.0)))
        low = bound if factor < log(10.0) else None
        return Measured(None, unit, low, None, fit.points, window, reason="beyond ten times the window: not seen in it")
    if fit.at_bound[number]:
        return Measured(None, unit, points=fit.points, window=window, reason="it ends on the edge of what was searched")
    if not factor < log(10.0):
        return Measured(None, unit, points=fit.points, window=window, reason="open by more than a factor of ten")
    ends = (value * exp(-factor), value * exp(factor))
    return Measured(value, unit, *ends, fit.points, window, fit.residual)
