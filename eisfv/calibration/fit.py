"""A bounded least-squares fit whose derivatives come from runs made side by side, and what it says of errors.

    minimise  1/2 sum r_k(u)^2   over 0 <= u <= 1

Trust-region reflective steps (SciPy). Derivatives are those of an adjoint where the runs have one
(`eisfv.calibration.adjoint`), else central differences, one-sided at a bound or where the run on one side fails. A
point whose run fails has a finite large residual, so that the step to it is refused.

    covariance of u = s^2 (J^T J)^-1,   s^2 = sum r^2 / (m - n)   with m residuals and n parameters

A parameter that ended at a bound is held there (`eisfv.postprocess.regression`): it counts neither among the columns of
J nor among n, and has no error.

With m = n nothing is left to measure s by; s = 1 then takes the tolerances of the targets as their standard errors.
Beside priors and bounds s = 1 as well: a prior says how wide it is, and a bound that is kept tells nothing of scatter.
Branch, Coleman, Li, SIAM J. Sci. Comput. 21 (1999) 1; covariance as in any text on nonlinear regression.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from eisfv.errors import FAILED, EisfvError
from eisfv.postprocess.regression import covariance

# Share of the range: large against the scatter that time steps leave in a run, small against the curvature.
STEP = 0.01
FAILED_RESIDUAL = 1e3  # residual of a run that fails, in tolerances
SAME = 1e-9  # residuals that differ by less are the same
MOVES = 60

Residuals = Callable[[Sequence[np.ndarray]], list[np.ndarray | None]]
Report = Callable[[np.ndarray, np.ndarray | None], None]


class NoStartError(EisfvError):
    """The runs at the start values fail."""

    exit_code = FAILED


class NoInfluenceError(EisfvError):
    """`parameters`: those that no residual depends on at the start."""

    def __init__(self, parameters: Sequence[int]) -> None:
        super().__init__(parameters)
        self.parameters = list(parameters)


@dataclass(frozen=True)
class Fit:
    """Where a fit ended.

    coordinates  (n) u
    residuals    (m)
    jacobian     (m, n) dr/du
    at_bound     (n)
    covariance   (n, n) of u, NaN of those at a bound, or None
    variance     s^2
    errors_from  what the covariance is made with, or why there is none
    message      why the fit ended; converged: that it ended by itself
    """

    coordinates: np.ndarray
    residuals: np.ndarray
    jacobian: np.ndarray
    at_bound: np.ndarray
    covariance: np.ndarray | None
    variance: float
    errors_from: str
    message: str
    converged: bool

    @property
    def cost(self) -> float:
        """Return half the sum of squares."""
        return 0.5 * float(self.residuals @ self.residuals)

    @property
    def errors(self) -> np.ndarray:
        """Return the standard errors (n) of u, NaN where there is none."""
        count = self.coordinates.size
        return np.full(count, np.nan) if self.covariance is None else np.sqrt(np.diag(self.covariance))

    @property
    def freedom(self) -> int:
        """Return the residuals less the parameters that they determine."""
        return int(self.residuals.size - (~self.at_bound).sum())


def fitted(
    residuals: Residuals,
    start: np.ndarray,
    count: int,
    report: Report,
    absolute: bool = False,
    slopes: Callable[[np.ndarray], np.ndarray | None] | None = None,
) -> Fit:
    """Return the fit from a start, with so many residuals.

    absolute  s = 1
    slopes    dr/du (m, n) at u where it is to be had without differences, else None
    Raises NoStartError, NoInfluenceError.
    """

    def at(u: np.ndarray) -> np.ndarray:
        (found,) = residuals([u])
        report(u, found)
        return np.full(count, FAILED_RESIDUAL) if found is None else found

    if residuals([start])[0] is None:
        raise NoStartError("the runs at the start values fail; choose other start values in [[calibrate.parameter]]")

    def derivatives(u: np.ndarray) -> np.ndarray:
        found = slopes(u) if slopes is not None else None
        return jacobian(residuals, u, count) if found is None else found

    first = derivatives(start)
    idle = np.flatnonzero(np.abs(first).max(axis=0) * STEP < SAME)
    if idle.size:
        raise NoInfluenceError(idle.tolist())
    found = least_squares(
        at,
        start,
        jac=derivatives,
        bounds=(0.0, 1.0),
        method="trf",
        xtol=1e-4,
        ftol=1e-8,
        gtol=1e-8,
        max_nfev=MOVES,
    )
    at_bound = found.active_mask != 0
    variance, origin = scatter(found.jac[:, ~at_bound], found.fun, absolute)
    errors, errors_from = spread(found.jac, at_bound, variance, origin)
    told = (errors, variance, errors_from, found.message, found.status > 0)
    return Fit(found.x, found.fun, found.jac, at_bound, *told)


def jacobian(residuals: Residuals, u: np.ndarray, count: int) -> np.ndarray:
    """Return dr/du (m, n) at u; a column is zero where the runs on both sides fail."""
    sides = np.stack([np.maximum(u - STEP, 0.0), np.minimum(u + STEP, 1.0)], axis=1)  # (n, 2)
    points = [u]
    for k, side in enumerate(sides):
        for value in side:
            point = u.copy()
            point[k] = value
            points.append(point)
    here, *around = residuals(points)
    columns = np.zeros((count, u.size))
    for k, side in enumerate(sides):
        pairs = [(side[0], around[2 * k]), (side[1], around[2 * k + 1]), (u[k], here)]
        known = [(value, found) for value, found in pairs if found is not None]
        if len(known) > 1:
            (a, r_a), (b, r_b) = known[0], known[1]
            columns[:, k] = (r_b - r_a) / (b - a) if a != b else 0.0
    return columns


def scatter(jac: np.ndarray, residuals: np.ndarray, absolute: bool = False) -> tuple[float, str]:
    """Return s^2 and what it is made with."""
    m, n = jac.shape
    if m <= n or absolute:
        return 1.0, "the tolerances of the targets, taken as standard errors"
    return float(residuals @ residuals) / (m - n), "the variance of the residuals"


def spread(jac: np.ndarray, held: np.ndarray, variance: float, origin: str) -> tuple[np.ndarray | None, str]:
    """Return the covariance of u, and what it is made with or why there is none. held (n): which are at a bound."""
    free = ~held
    m, n = jac[:, free].shape
    if not n:
        return None, "none: every parameter is at a bound"
    if m < n:
        return None, f"none: {m} targets cannot give the errors of {n} parameters"
    found = covariance(jac[:, free], variance)
    if found is None:
        return None, "none: the targets leave a combination of the parameters free"
    whole = np.full((free.size, free.size), np.nan)
    whole[np.ix_(free, free)] = found
    return whole, origin
