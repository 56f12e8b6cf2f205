"""The residuals of a plan at many points at once, from runs."""

from collections.abc import Iterator, Mapping, Sequence
from math import nan
from pathlib import Path

import numpy as np

from eisfv.calibration.outcome import Outcome
from eisfv.calibration.plan import Model, Plan
from eisfv.calibration.runs import Runs, reads_only
from eisfv.postprocess.quantities.compare import error_with_ratio, with_ratio

TOLD_APART = 1e-5  # of a value, that one read from the steps of another run may be off: a hundredth of a tight width


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
    start. A case of which a run of its own gives something else gets such for every value.
    """
    moved = start.copy()
    for k, parameter in enumerate(plan.parameters):
        if all(reads_only(setting.key) for setting in parameter.settings):
            moved[k] += 0.1 if start[k] < 0.5 else -0.1
    taped, values = set(runs.tapes), values_at(plan, moved)
    runs.outcomes(runs.jobs(values_at(plan, start)))
    read = runs.outcomes(runs.jobs(values))
    runs.tapes.clear()
    own = runs.outcomes(runs.jobs(values))
    for case, one, other in zip(plan.entries, read, own, strict=True):
        if case not in taped or one.failure or other.failure:
            continue
        largest = apart(one, other)
        if largest > TOLD_APART:
            words = f"moves what its cells hold ({largest:.2g} of a value): every value of it gets its own run"
            yield f"{case.name}: the conductivity {words}"
        else:
            runs.tapes.add(case)
            words = f"are read from the steps of one ({largest:.1g} of a value from their own)"
            yield f"{case.name}: runs that differ in a conductivity {words}"


def apart(one: Outcome, other: Outcome) -> float:
    """Return the largest difference of what two outcomes say, relative to the value, of a curve to its largest."""
    found = [0.0]
    for of, against in ((one.values, other.values), (one.curves, other.curves)):
        for key, value in of.items():
            a, b = np.atleast_1d(value), np.atleast_1d(against[key])
            scale = float(np.abs(b).max())
            found.append(float(np.abs(a - b).max()) / scale if scale else float(np.abs(a).max() > 0.0))
    return max(found)


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
        models.append(with_ratio(target.quantity, of_file(values, target.path)))
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
        own = of_file(values, target.path)
        known = {target.quantity.name, target.quantity.ratio_to or target.quantity.name} <= own.keys()
        found.append(error_with_ratio(target.quantity, own, of_file(errors, target.path)) if known else nan)
    return found


def of_file(found: Mapping[tuple[Path, str], float], path: Path) -> dict[str, float]:
    """Return what is known of the quantities of one expected.toml, by name."""
    return {name: value for (place, name), value in found.items() if place == path}
