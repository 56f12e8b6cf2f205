"""What fit.toml holds: the fitted values, how well they are told, the targets, where it comes from."""

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from math import exp, isnan
from os.path import relpath
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.calibration.found import Found, covariance_of, draws_of, residuals_of, standard_errors
from eisfv.calibration.identified import identified, information
from eisfv.calibration.model import values_at
from eisfv.calibration.plan import Model, Parameter, Plan, Prior, Target
from eisfv.calibration.posterior import Posterior
from eisfv.calibration.profile import Profile
from eisfv.case import load
from eisfv.versions import PACKAGES, package_version


def fit_tree(plan: Plan, found: Found, command: Sequence[str]) -> dict[str, Any]:
    """Return what fit.toml holds. Values of targets are in SI."""
    fit = found.fit
    tree: dict[str, Any] = {
        "title": plan.title,
        "ended": fit.message,
        "converged": fit.converged,
        "cost": fit.cost,
        "parameter": parameter_entries(plan, found),
        "target": target_entries(plan, found),
        "errors": errors_entry(plan, found),
    }
    if len(found.minima) > 1 or plan.wanted.starts > 1:
        tree["minimum"] = [
            {"cost": one.cost, "starts": one.count, "values": values_at(plan, one.coordinates)} for one in found.minima
        ]
    if found.profiles:
        tree["profile"] = [profile_entry(plan, profile) for profile in found.profiles]
    if found.posterior is not None:
        tree["posterior"] = posterior_entry(plan, found.posterior)
    tree["provenance"] = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": list(command),
        "runs": found.runs,
        "read_from_stored_steps": found.reread,
        "followed_backward": found.followed,
        "derivatives_by": found.derivatives,
        "versions": {"python": platform.python_version()} | {name: package_version(name) for name in PACKAGES},
        "case_digests": {place_of(plan, case): load(case).digest for case in plan.entries},
    }
    return tree


def parameter_entries(plan: Plan, found: Found) -> list[dict[str, Any]]:
    """Return what is said of each parameter."""
    fit, errors = found.fit, standard_errors(plan, found.fit)
    told = identified(fit.jacobian, fit.covariance)
    entries = []
    for k, (parameter, value) in enumerate(zip(plan.parameters, values_at(plan, fit.coordinates), strict=True)):
        entry = parameter_entry(plan, parameter, value)
        entry["at_bound"] = bool(fit.at_bound[k])
        entry["identified"] = not bool(told.free[k])
        if not isnan(errors[k]):
            entry["standard_error"] = float(errors[k])
            if parameter.scale == "log":
                entry["standard_factor"] = exp(entry["standard_error"] / value)
        entries.append(entry)
    return entries


def target_entries(plan: Plan, found: Found) -> list[dict[str, Any]]:
    """Return what is said of each target: the rows that a fit used."""
    rows = zip(plan.targets, found.models, residuals_of(plan, found.fit), found.numerical, strict=True)
    entries = []
    for target, model, residuals, error in rows:
        entry: dict[str, Any] = {"case": place_of(plan, target.path.parent), "quantity": target.quantity.name}
        if target.curve is None:
            entry |= {"value": target.quantity.value, "model": target.summed(model), "residual": float(residuals[0])}
            entry |= {"bound": target.quantity.bound} if target.quantity.bound else {}
        else:
            entry |= {"points": target.count, "rms": target.summed(model), "source": target.quantity.source}
        entries.append(entry | {"weight": target.weight} | error_entry(target, model, error))
    return entries


def errors_entry(plan: Plan, found: Found) -> dict[str, Any]:
    """Return what the targets tell: covariance at the end of the fit, and what each of them adds."""
    fit, covariance = found.fit, covariance_of(plan, found.fit)
    told = identified(fit.jacobian, fit.covariance)
    counts = [target.count for target in plan.targets]
    added = information(fit.jacobian, counts, fit.at_bound)
    entry: dict[str, Any] = {
        "order": [p.name for p in plan.parameters],
        "from": fit.errors_from,
        "chi_squared": 2.0 * fit.cost,
        "degrees_of_freedom": fit.freedom,
        "effective_parameters": added.effective,
        "singular_values": told.singular_values.tolist(),
        "condition": told.condition,
        "weakest_direction": told.weakest.tolist(),
        "wider_without": {target.name: row.tolist() for target, row in zip(plan.targets, added.wider, strict=True)},
    }
    if covariance is not None:
        deviation = np.sqrt(np.diag(covariance))
        entry["covariance"] = covariance.tolist()
        entry["correlation"] = (covariance / np.outer(deviation, deviation)).tolist()
    return entry


def profile_entry(plan: Plan, profile: Profile) -> dict[str, Any]:
    """Return what fit.toml says of a profile likelihood, in the parameter's unit; an open end is the bound."""
    parameter = plan.parameters[profile.parameter]
    entry: dict[str, Any] = {"parameter": parameter.name, "unit": parameter.unit, "identified": profile.identified}
    for name, ends, open_ in zip(("68", "95"), profile.intervals, profile.open, strict=True):
        entry[f"interval_{name}"] = [parameter.value(end) for end in ends]
        entry[f"open_{name}"] = list(open_)
    entry["value"] = [parameter.value(float(u)) for u in profile.at]
    entry["rise"] = profile.rise.tolist()
    entry["others"] = [values_at(plan, u) for u in profile.points]
    return entry


def posterior_entry(plan: Plan, posterior: Posterior) -> dict[str, Any]:
    """Return what fit.toml says of a posterior, in the parameters' units."""
    values = draws_of(plan, posterior)
    return {
        "draws": len(values),
        "accepted": posterior.accepted,
        "autocorrelation_steps": posterior.autocorrelation.tolist(),
        "long_enough": posterior.long_enough,
        "percentile_16": np.percentile(values, 16, axis=0).tolist(),
        "median": np.median(values, axis=0).tolist(),
        "percentile_84": np.percentile(values, 84, axis=0).tolist(),
    }


def error_entry(target: Target, model: Model, error: float) -> dict[str, Any]:
    """Return what fit.toml says of the numerical error of a target's value, where it is known."""
    if isnan(error) or target.curve is not None:
        return {}
    return {
        "numerical_error": error,
        "numerical_error_exceeds_width": error > target.width.reach(target.summed(model)),
    }


def parameter_entry(plan: Plan, parameter: Parameter, value: float) -> dict[str, Any]:
    """Return what fit.toml says of a parameter, its value and bounds in its unit."""
    return {
        "key": parameter.key,
        **({"device": parameter.device} if parameter.device else {}),
        "value": value,
        "unit": parameter.unit,
        "low": parameter.low,
        "high": parameter.high,
        "start": parameter.start,
        "scale": parameter.scale,
        **({"prior": prior_text(parameter.prior)} if parameter.prior is not None else {}),
        "set": [
            {"case": place_of(plan, case), "key": setting.key, "factor": setting.factor}
            for setting in parameter.settings
            for case in setting.cases
        ],
    }


def prior_text(prior: Prior) -> str:
    """Return a prior for people, in the parameter's unit."""
    width = f"within a factor of {prior.width.number:g}" if prior.width.factor else f"+- {prior.width.number:g}"
    return f"{prior.value:g} {width}"


def place_of(plan: Plan, case: Path) -> str:
    """Return a case's directory as the `[calibrate]` table says it."""
    return Path(relpath(case, plan.file.parent.resolve())).as_posix()
