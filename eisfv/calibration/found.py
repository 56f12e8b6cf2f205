"""What a fit has found, in the parameters' own units."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, expm1, isnan

import numpy as np

from eisfv.calibration.fit import Fit
from eisfv.calibration.plan import Model, Parameter, Plan
from eisfv.calibration.posterior import Posterior
from eisfv.calibration.profile import Profile
from eisfv.calibration.starts import Minimum


@dataclass(frozen=True)
class Found:
    """The best fit, the targets' values there, and what was asked for beside it.

    numerical  errors of the values by mesh and time steps, NaN where they are not known
    minima     the different ends of all starts
    runs       how many there were, reread: how many were read from the steps of another; followed: how many were
               followed backward for derivatives, beside these; derivatives: by what they are
    """

    fit: Fit
    models: Sequence[Model]
    numerical: Sequence[float]
    minima: Sequence[Minimum]
    profiles: Sequence[Profile]
    posterior: Posterior | None
    runs: int
    reread: int = 0
    followed: int = 0
    derivatives: str = ""


def residuals_of(plan: Plan, fit: Fit) -> list[np.ndarray]:
    """Return the residuals of each target."""
    ends = np.cumsum([target.count for target in plan.targets])
    return np.split(fit.residuals, ends)[:-1]


def covariance_of(plan: Plan, fit: Fit) -> np.ndarray | None:
    """Return the covariance (n, n) of the parameters in their own units."""
    if fit.covariance is None:
        return None
    slopes = slopes_of(plan, fit)
    return np.asarray(fit.covariance * np.outer(slopes, slopes))


def standard_errors(plan: Plan, fit: Fit) -> np.ndarray:
    """Return the standard errors (n) of the parameters in their own units, NaN where there is none."""
    return np.asarray(fit.errors * slopes_of(plan, fit))


def slopes_of(plan: Plan, fit: Fit) -> np.ndarray:
    """Return the derivatives (n) of the parameters by their coordinates."""
    return np.array([p.slope(float(u)) for p, u in zip(plan.parameters, fit.coordinates, strict=True)])


def draws_of(plan: Plan, posterior: Posterior) -> np.ndarray:
    """Return the draws (d, n) of a posterior in the parameters' own units."""
    columns = zip(plan.parameters, posterior.draws.T, strict=True)
    return np.stack([[parameter.value(float(u)) for u in draws] for parameter, draws in columns], axis=1)


def error_text(parameter: Parameter, value: float, error: float) -> str:
    """Return the standard error for people, "" where there is none: in the logarithm a share or a factor."""
    if isnan(error):
        return ""
    if parameter.scale == "log":
        factor = exp(error / value)
        small = f"{expm1(error / value):.2%}"
        return f"standard error {small}" if factor < 1.1 else f"standard error a factor of {factor:.3g}"
    return f"standard error {error:.2g} {parameter.unit}".rstrip()
