"""What a fit leaves: fit.toml with everything, and the material files with the fitted values in them."""

import platform
from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, datetime
from math import exp, isnan
from os.path import relpath
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from tomli_w import dumps

from eisfv.calibration.fit import Fit
from eisfv.calibration.identified import identified
from eisfv.calibration.model import values_at
from eisfv.calibration.plan import Parameter, Plan, Setting, Target
from eisfv.case import load
from eisfv.case.calibrate_schema import amount_text
from eisfv.case.file_tree import assign, bring_in_materials, find_file, parse_override, read_toml
from eisfv.result.atomic import write_atomic
from eisfv.result.errors import clear_errors
from eisfv.versions import PACKAGES, package_version

FIT = "fit.toml"
DIGITS = 6  # of a fitted value in a material file; fit.toml has them all


def files_of(plan: Plan, out: Path) -> list[Path]:
    """Return every file that a fit writes into a directory."""
    names = dict.fromkeys(material_of(setting) for p in plan.parameters for setting in p.settings)
    return [out / FIT, *(material_path(out, name) for name in names if name)]


def material_of(setting: Setting) -> str:
    """Return what a setting's material is called in its case, "" when it is of no material."""
    key = parse_override(f"{setting.key}=0").key
    return str(key[1]) if key[0] == "material" and len(key) > 1 else ""


def material_path(out: Path, reference: str) -> Path:
    """Return where a fitted material goes."""
    return out / f"{PurePath(reference).stem}.toml"


def errors_of(plan: Plan, fit: Fit) -> np.ndarray | None:
    """Return the covariance (n, n) of the parameters in their own units."""
    if fit.covariance is None:
        return None
    slopes = np.array([p.slope(float(u)) for p, u in zip(plan.parameters, fit.coordinates, strict=True)])
    return np.asarray(fit.covariance * np.outer(slopes, slopes))


def write_fit(
    plan: Plan,
    fit: Fit,
    models: Sequence[float],
    numerical: Sequence[float],
    runs: int,
    command: Sequence[str],
    out: Path,
) -> list[Path]:
    """Write every file; models: the targets' values at the end, with their numerical errors. Returns them.

    Raises ResultError.
    """
    with clear_errors(out):
        out.mkdir(parents=True, exist_ok=True)
    texts = {out / FIT: dumps(fit_tree(plan, fit, models, numerical, runs, command))} | material_texts(plan, fit, out)
    for path, text in texts.items():
        write_atomic(path, text.encode())
    return list(texts)


def fit_tree(
    plan: Plan, fit: Fit, models: Sequence[float], numerical: Sequence[float], runs: int, command: Sequence[str]
) -> dict[str, Any]:
    """Return what fit.toml holds. Values of targets are in SI."""
    covariance = errors_of(plan, fit)
    values = values_at(plan, fit.coordinates)
    parameters = [parameter_entry(plan, *of) for of in zip(plan.parameters, values, strict=True)]
    told = identified(fit.jacobian, fit.covariance)
    for k, entry in enumerate(parameters):
        entry["at_bound"] = bool(fit.at_bound[k])
        entry["identified"] = not bool(told.free[k])
        if covariance is not None:
            entry["standard_error"] = float(np.sqrt(covariance[k, k]))
            if entry["scale"] == "log":
                entry["standard_factor"] = exp(entry["standard_error"] / entry["value"])
    targets = [
        {
            "case": place_of(plan, target.path.parent),
            "quantity": target.quantity.name,
            "value": target.quantity.value,
            "model": model,
            "residual": float(residual),
            "weight": target.weight,
        }
        | error_entry(target, model, error)
        for target, model, residual, error in zip(plan.targets, models, fit.residuals, numerical, strict=True)
    ]
    errors: dict[str, Any] = {
        "order": [p.name for p in plan.parameters],
        "from": fit.errors_from,
        "singular_values": told.singular_values.tolist(),
        "condition": told.condition,
        "weakest_direction": told.weakest.tolist(),
    }
    if covariance is not None:
        deviation = np.sqrt(np.diag(covariance))
        errors["covariance"] = covariance.tolist()
        errors["correlation"] = (covariance / np.outer(deviation, deviation)).tolist()
    return {
        "title": plan.title,
        "ended": fit.message,
        "converged": fit.converged,
        "cost": 0.5 * float(fit.residuals @ fit.residuals),
        "parameter": parameters,
        "target": targets,
        "errors": errors,
        "provenance": {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": list(command),
            "runs": runs,
            "versions": {"python": platform.python_version()} | {name: package_version(name) for name in PACKAGES},
            "case_digests": {place_of(plan, case): load(case).digest for case in plan.entries},
        },
    }


def error_entry(target: Target, model: float, error: float) -> dict[str, Any]:
    """Return what fit.toml says of the numerical error of a target's value, where it is known."""
    if isnan(error):
        return {}
    return {"numerical_error": error, "numerical_error_exceeds_width": error > target.width(model)}


def parameter_entry(plan: Plan, parameter: Parameter, value: float) -> dict[str, Any]:
    """Return what fit.toml says of a parameter, its value and bounds in its unit."""
    return {
        "key": parameter.name,
        "value": value,
        "unit": parameter.unit,
        "low": parameter.low,
        "high": parameter.high,
        "start": parameter.start,
        "scale": parameter.scale,
        "set": [
            {"case": place_of(plan, case), "key": setting.key, "factor": setting.factor}
            for setting in parameter.settings
            for case in setting.cases
        ],
    }


def error_text(parameter: Parameter, value: float, error: float) -> str:
    """Return the standard error for people: a factor where the fit is in the logarithm."""
    if parameter.scale == "log":
        return f"standard error a factor of {exp(error / value):.3g}"
    return f"standard error {error:.2g} {parameter.unit}".rstrip()


def place_of(plan: Plan, case: Path) -> str:
    """Return a case's directory as the `[calibrate]` table says it."""
    return Path(relpath(case, plan.file.parent.resolve())).as_posix()


def material_texts(plan: Plan, fit: Fit, out: Path) -> dict[Path, str]:
    """Return the fitted material files: as the first case that has the material knows it, the fitted values set."""
    covariance = errors_of(plan, fit)
    trees: dict[str, dict[str, Any]] = {}
    origins: dict[str, str] = {}
    for k, (parameter, value) in enumerate(zip(plan.parameters, values_at(plan, fit.coordinates), strict=True)):
        error = "" if covariance is None else f"; {error_text(parameter, value, covariance[k, k] ** 0.5)}"
        source = f"fitted: {', '.join(target.name for target in plan.targets)}{error}"
        for setting in parameter.settings:
            reference = material_of(setting)
            if not reference:
                continue
            if reference not in trees:
                trees[reference], origins[reference] = material_tree(setting.cases[0], reference)
            put(trees[reference], reference, setting, parameter, value, source)
    texts = {}
    for reference, tree in trees.items():
        head = f"# Written by `eisfv calibrate` from {origins[reference]}; errors and covariance are in {FIT}.\n"
        texts[material_path(out, reference)] = head + dumps(tree)
    return texts


def material_tree(case: Path, reference: str) -> tuple[dict[str, Any], str]:
    """Return a material as a case has it, and what it is called there."""
    tree = read_toml(find_file(case))
    bring_in_materials(tree, case)
    return deepcopy(tree["material"][reference]), f"{reference} of {case.name}"


def put(
    tree: dict[str, Any], reference: str, setting: Setting, parameter: Parameter, value: float, source: str
) -> None:
    """Set a fitted value with its source in the tree of a material."""
    number = float(f"{setting.factor * value:.{DIGITS}g}")
    override = parse_override(f"{setting.key}={amount_text(number, parameter.unit)}")
    whole = {"material": {reference: tree}}
    assign(whole, override)
    node: Any = whole
    for part in override.key[:-1]:
        node = node[part]
    entry = node if override.key[-1] == "value" else node[override.key[-1]]
    if isinstance(entry, dict) and "source" in entry:
        entry["source"] = source
