"""The residuals of a plan at many points at once, from runs."""

from collections.abc import Sequence
from math import isfinite, nan

import numpy as np

from eisfv.calibration.plan import Plan
from eisfv.calibration.runs import Outcome, Runs
from eisfv.postprocess.quantities.compare import error_with_ratio, with_ratio


def values_at(plan: Plan, u: np.ndarray) -> list[float]:
    """Return the parameters' values at coordinates."""
    return [parameter.value(float(x)) for parameter, x in zip(plan.parameters, u, strict=True)]


def residuals_at(plan: Plan, runs: Runs, points: Sequence[np.ndarray]) -> list[np.ndarray | None]:
    """Return the residuals (m) at each point (n), None where a run fails or gives no number."""
    jobs = [job for u in points for job in runs.jobs(plan, values_at(plan, u))]
    outcomes = runs.outcomes(jobs)
    each = len(plan.entries)
    return [residuals(plan, outcomes[k * each : (k + 1) * each]) for k in range(len(points))]


def residuals(plan: Plan, outcomes: Sequence[Outcome]) -> np.ndarray | None:
    """Return the residuals (m) from the runs of every case."""
    models = model_values(plan, outcomes)
    if models is None:
        return None
    found = [target.residual(model) for target, model in zip(plan.targets, models, strict=True)]
    numbers = [residual for residual in found if residual is not None and isfinite(residual)]
    return np.array(numbers) if len(numbers) == len(found) else None


def model_values(plan: Plan, outcomes: Sequence[Outcome]) -> list[float] | None:
    """Return the targets' values from the runs of every case, None where one failed or gave no number."""
    if any(outcome.failure for outcome in outcomes):
        return None
    values = {key: value for outcome in outcomes for key, value in outcome.values.items()}
    models = []
    for target in plan.targets:
        of_file = {name: value for (path, name), value in values.items() if path == target.path}
        models.append(with_ratio(target.quantity, of_file))
    return models if all(map(isfinite, models)) else None


def numerical_errors(plan: Plan, outcomes: Sequence[Outcome]) -> list[float]:
    """Return the numerical errors of the targets' values from the runs of every case, NaN where they are not known."""
    values = {key: value for outcome in outcomes for key, value in outcome.values.items()}
    errors = {key: error for outcome in outcomes for key, error in outcome.errors.items()}
    found = []
    for target in plan.targets:
        own = [
            {name: value for (path, name), value in all_.items() if path == target.path} for all_ in (values, errors)
        ]
        known = target.quantity.name in own[0] and (target.quantity.ratio_to or target.quantity.name) in own[0]
        found.append(error_with_ratio(target.quantity, *own) if known else nan)
    return found
