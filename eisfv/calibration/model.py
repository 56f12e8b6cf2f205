"""The residuals of a plan at many points at once, from runs."""

from collections.abc import Iterator, Sequence
from math import nan
from pathlib import Path

import numpy as np

from eisfv.calibration.outcome import Outcome
from eisfv.calibration.plan import Model, Plan, Target
from eisfv.calibration.runs import Runs, reads_only
from eisfv.postprocess.quantities.compare import case_of, error_with_ratio, with_ratio

TOLD_APART = 1e-3  # of a width, that a value read from the steps of another run may be off


def values_at(plan: Plan, u: np.ndarray) -> list[float]:
    """Return the parameters' values at coordinates."""
    return [parameter.value(float(x)) for parameter, x in zip(plan.parameters, u, strict=True)]


def residuals_at(plan: Plan, runs: Runs, points: Sequence[np.ndarray]) -> list[np.ndarray | None]:
    """Return the residuals (m) at each point (n), None where a run fails or gives no number."""
    jobs = [job for u in points for job in runs.jobs(values_at(plan, u))]
    outcomes = runs.outcomes(jobs)
    each = len(plan.entries)
    return [residuals(plan, u, outcomes[k * each : (k + 1) * each]) for k, u in enumerate(points)]


def check_tapes(plan: Plan, runs: Runs, start: np.ndarray) -> Iterator[str]:
    """Read runs of another conductivity from stored steps only where that is what a run gives; give what is told.

    At the start all conductivities are moved by a tenth of their ranges, and read from the steps of the run at the
    start. A case of which a run of its own is further off than `TOLD_APART` gets such for every value.
    """
    moved = start.copy()
    for k, parameter in enumerate(plan.parameters):
        if all(reads_only(setting.key) for setting in parameter.settings):
            moved[k] += 0.1 if start[k] < 0.5 else -0.1
    taped, read = set(runs.tapes), residuals_at(plan, runs, [start, moved])[1]
    runs.tapes.clear()
    own = residuals_at(plan, runs, [moved])[0]
    if own is None or read is None:
        return
    ends = np.cumsum([target.count for target in plan.targets])
    apart = [float(part.max()) for part in np.split(np.abs(own - read), ends)[: ends.size]]
    for case in sorted(taped):
        of_case = [a for a, target in zip(apart, plan.targets, strict=True) if run_by(target) == case]
        largest = max(of_case, default=0.0)
        if largest > TOLD_APART:
            yield (
                f"{case.name}: the conductivity moves what its cells hold ({largest:.2g} of a width): every value "
                "of it gets its own run"
            )
        else:
            runs.tapes.add(case)
            yield (
                f"{case.name}: runs that differ in a conductivity are read from the steps of one ({largest:.1g} of a "
                "width from their own)"
            )


def run_by(target: Target) -> Path:
    """Return the case whose run a target is about."""
    return case_of(target.path, target.quantity).resolve()


def residuals(plan: Plan, u: np.ndarray, outcomes: Sequence[Outcome]) -> np.ndarray | None:
    """Return the residuals (m) at a point from the runs of every case: of the targets, then of the priors."""
    models = model_values(plan, outcomes)
    if models is None:
        return None
    values = values_at(plan, u)
    known = [prior.width.misfit(values[k], prior.value) for k, prior in plan.priors]
    found = np.concatenate(
        [*(target.residuals(model) for target, model in zip(plan.targets, models, strict=True)), known]
    )
    return found if np.isfinite(found).all() else None


def model_values(plan: Plan, outcomes: Sequence[Outcome]) -> list[Model] | None:
    """Return the targets' values from the runs of every case, None where one failed or gave no number."""
    if any(outcome.failure for outcome in outcomes):
        return None
    values = {key: value for outcome in outcomes for key, value in outcome.values.items()}
    curves = {key: curve for outcome in outcomes for key, curve in outcome.curves.items()}
    models: list[Model] = []
    for target in plan.targets:
        if target.curve is not None:
            models.append(curves[target.path, target.curve.name])
            continue
        of_file = {name: value for (path, name), value in values.items() if path == target.path}
        models.append(with_ratio(target.quantity, of_file))
    return models if all(np.isfinite(model).all() for model in models) else None


def numerical_errors(plan: Plan, outcomes: Sequence[Outcome]) -> list[float]:
    """Return the numerical errors of the targets' values from the runs of every case, NaN where they are not known."""
    values = {key: value for outcome in outcomes for key, value in outcome.values.items()}
    errors = {key: error for outcome in outcomes for key, error in outcome.errors.items()}
    found = []
    for target in plan.targets:
        if target.curve is not None:
            found.append(nan)
            continue
        own = [
            {name: value for (path, name), value in all_.items() if path == target.path} for all_ in (values, errors)
        ]
        known = target.quantity.name in own[0] and (target.quantity.ratio_to or target.quantity.name) in own[0]
        found.append(error_with_ratio(target.quantity, *own) if known else nan)
    return found
