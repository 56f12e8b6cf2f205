"""Draws of the parameters' posterior by an ensemble of walkers (emcee), where somebody asks for them.

    ln p(u) = -1/2 sum r(u)^2 / s^2    inside the ranges, priors among the residuals; flat in u without one

emcee is kept, pure Python on NumPy, and moves half of its ensemble at a time, so that the runs of half the walkers are
made side by side by the fit's own workers; a gradient, which faster samplers need, a run does not give.
A chain is long enough where it has 50 autocorrelation times.

J. Goodman, J. Weare, Comm. App. Math. Comp. Sci. 5 (2010) 65; D. Foreman-Mackey et al., PASP 125 (2013) 306.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from eisfv.calibration.fit import Fit, Report, Residuals
from eisfv.calibration.profile import EXACT
from eisfv.extras import require

LONG = 50  # autocorrelation times
BURNT = 0.1  # share of the steps
SCATTER = 1e-3  # share of the range, of the walkers at the start without a standard error


@dataclass(frozen=True)
class Posterior:
    """draws (d, n) of u; autocorrelation (n) in steps, NaN where it cannot be said; accepted: share of moves."""

    draws: np.ndarray
    autocorrelation: np.ndarray
    steps: int
    accepted: float

    @property
    def long_enough(self) -> bool:
        """Return whether every parameter has 50 autocorrelation times."""
        return bool((self.autocorrelation * LONG < self.steps).all())


def sampler() -> Any:
    """Return the module emcee. Raises MissingPackageError."""
    require("posterior", "calibrate.posterior")
    import emcee

    return emcee


def drawn(residuals: Residuals, fit: Fit, steps: int, walkers: int, seed: int, report: Report) -> Posterior:
    """Return draws around a fit; report: takes the best walker of each step. Raises MissingPackageError."""
    emcee = sampler()

    def log_density(points: np.ndarray) -> np.ndarray:
        inside = np.flatnonzero(((points >= 0.0) & (points <= 1.0)).all(axis=1))
        density = np.full(len(points), -np.inf)
        for k, found in zip(inside, residuals([points[k] for k in inside]), strict=True):
            if found is not None:
                density[k] = -0.5 * float(found @ found) / max(fit.variance, EXACT)
        return density

    n = fit.coordinates.size
    rng = np.random.default_rng(seed)
    width = np.nan_to_num(np.minimum(fit.errors, 0.1), nan=SCATTER)
    start = fit.coordinates + width * rng.normal(size=(walkers, n))
    start = np.where(start < 0.0, -start, start)
    start = np.clip(np.where(start > 1.0, 2.0 - start, start), 0.0, 1.0)
    ensemble = emcee.EnsembleSampler(walkers, n, log_density, vectorize=True)
    ensemble.random_state = np.random.RandomState(seed).get_state()
    for state in ensemble.sample(start, iterations=steps):
        best = int(np.argmax(state.log_prob))
        report(state.coords[best], np.sqrt([max(-2.0 * state.log_prob[best] * max(fit.variance, EXACT), 0.0)]))
    burnt = int(BURNT * steps)
    return Posterior(
        ensemble.get_chain(discard=burnt, flat=True),
        ensemble.get_autocorr_time(tol=0, discard=burnt),
        steps - burnt,
        float(np.mean(ensemble.acceptance_fraction)),
    )
