"""What a fit leaves: fit.toml with everything, and the material files with the fitted values in them."""

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path, PurePath
from typing import Any

from tomli_w import dumps

from eisfv.calibration.fit import Fit
from eisfv.calibration.fit_tree import fit_tree
from eisfv.calibration.found import Found, draws_of, error_text, standard_errors
from eisfv.calibration.model import values_at
from eisfv.calibration.plan import Parameter, Plan, Setting
from eisfv.calibration.posterior import Posterior
from eisfv.case.calibrate_schema import amount_text
from eisfv.case.file_tree import assign, bring_in_materials, find_file, parse_override, read_toml
from eisfv.result.atomic import write_atomic
from eisfv.result.errors import clear_errors

FIT, DRAWS = "fit.toml", "posterior.csv"
DIGITS = 6  # of a fitted value in a material file; fit.toml has them all


def files_of(plan: Plan, out: Path) -> list[Path]:
    """Return every file that a fit writes into a directory."""
    names = dict.fromkeys(material_of(setting) for p in plan.parameters for setting in p.settings)
    draws = [out / DRAWS] if plan.wanted.steps else []
    return [out / FIT, *draws, *(material_path(out, name) for name in names if name)]


def material_of(setting: Setting) -> str:
    """Return what a setting's material is called in its case, "" when it is of no material."""
    key = parse_override(f"{setting.key}=0").key
    return str(key[1]) if key[0] == "material" and len(key) > 1 else ""


def material_path(out: Path, reference: str) -> Path:
    """Return where a fitted material goes."""
    return out / f"{PurePath(reference).stem}.toml"


def write_fit(plan: Plan, found: Found, command: Sequence[str], out: Path) -> list[Path]:
    """Write every file and return them. Raises ResultError."""
    with clear_errors(out):
        out.mkdir(parents=True, exist_ok=True)
    texts = {out / FIT: dumps(fit_tree(plan, found, command))} | material_texts(plan, found.fit, out)
    if found.posterior is not None:
        texts[out / DRAWS] = draws_text(plan, found.posterior)
    for path, text in texts.items():
        write_atomic(path, text.encode())
    return list(texts)


def draws_text(plan: Plan, posterior: Posterior) -> str:
    """Return the draws of a posterior as a csv with units in its header."""
    head = ",".join(f'"{p.name} ({p.unit or "-"})"' for p in plan.parameters)
    rows = (",".join(f"{value:.8g}" for value in row) for row in draws_of(plan, posterior))
    return "\n".join([head, *rows]) + "\n"


def material_texts(plan: Plan, fit: Fit, out: Path) -> dict[Path, str]:
    """Return the fitted material files: as the first case that has the material knows it, the fitted values set."""
    errors = standard_errors(plan, fit)
    trees: dict[str, dict[str, Any]] = {}
    origins: dict[str, str] = {}
    for k, (parameter, value) in enumerate(zip(plan.parameters, values_at(plan, fit.coordinates), strict=True)):
        words = error_text(parameter, value, float(errors[k]))
        source = f"fitted: {', '.join(target.name for target in plan.targets)}" + (f"; {words}" if words else "")
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
