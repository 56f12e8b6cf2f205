"""The derivatives of a fit's residuals by the adjoint of the runs (`eisfv.analysis.sensitivity`), where they exist: one
run and one sweep backward for each pulse that a target is of, whatever the number of parameters, in place of two runs
for each of them.

They exist where every target is what a single pulse changes the conductance by, of a stack that begins at rest, and
every parameter is a number of the device, its read-out or its materials. With O the change, p = f v of each setting and
v the parameter's value at the coordinate u,

    dr/du = weight dr/dO sum over settings of dO/d ln p  dv/du / v

The run of an adjoint is one by TR-BDF2, read where a pulse ends to wait; a run whose change differs from it by more
than `APART` leaves the fit to differences.
"""

from collections.abc import Callable, Mapping, Sequence
from math import log
from pathlib import Path

import numpy as np

from eisfv.analysis.sensitivity import NoSensitivityError
from eisfv.calibration.model import model_values, values_at
from eisfv.calibration.plan import Plan, Target, Width
from eisfv.calibration.runs import Runs
from eisfv.case import load
from eisfv.case.case import Case
from eisfv.case.file_tree import Override, assign, parse_key
from eisfv.case.parameters import parameters
from eisfv.case.problems import Key
from eisfv.errors import EisfvError
from eisfv.running.sensitivity import found, refuse

APART = 5e-3  # of a change: the time error of a run, and what a read's window makes of it
Slopes = Callable[[np.ndarray], np.ndarray | None]
Changes = dict[tuple[Path, int], tuple[float, np.ndarray]]  # by a pulse of a case, with its slopes


def adjoint_slopes(plan: Plan, runs: Runs, start: np.ndarray, say: Callable[[str], None]) -> tuple[Slopes | None, str]:
    """Return what gives the derivatives (m, n) of the residuals at coordinates, and None where a run fails, which is
    said; None where they are those of differences. And by what they are, in words."""
    pulses: dict[Path, set[int]] = {}
    try:
        for target in plan.targets:
            case = target.path.parent
            pulses.setdefault(case, set()).add(pulse_of(target, runs.cases[case]))
        keys = {case: keys_of(plan, case, runs.cases[case]) for case in plan.entries}
        several = sum(map(len, pulses.values()))
        differences = 2 * len(plan.parameters) * len(plan.entries)
        if several >= differences:
            raise NoSensitivityError(f"{several} pulses to go back from are no fewer than {differences} runs")
        checked = check(plan, runs, start, keys)
    except NoSensitivityError as error:
        return None, f"differences of runs: {error}"
    words = f"{several} runs that are followed backward, in place of {differences} runs"

    def at(u: np.ndarray) -> np.ndarray | None:
        values, changes = values_at(plan, u), checked if np.array_equal(u, start) else {}
        try:
            for case, numbers in pulses.items():
                for number in numbers:
                    if (case, number) not in changes:
                        changes[case, number] = change_of(plan, runs, case, number, keys[case], values)
        except EisfvError as error:
            say(f"derivatives by differences of runs at this point: {error}")
            return None
        logarithmic = np.array([p.slope(float(x)) for p, x in zip(plan.parameters, u, strict=True)]) / values
        rows = []
        for target in plan.targets:
            case = target.path.parent
            change, by_logarithm = changes[case, pulse_of(target, runs.cases[case])]
            missed = target.residuals(change)[0] != 0.0 or not target.quantity.bound
            rows.append(missed * target.weight * by_value(target.width, change) * by_logarithm * logarithmic)
        for k, prior in plan.priors:
            row = np.zeros(len(values))
            row[k] = by_value(prior.width, values[k]) * values[k] * logarithmic[k]
            rows.append(row)
        return np.array(rows)

    return at, words


def pulse_of(target: Target, case: Case) -> int:
    """Return the number of the pulse that a target is the change by. Raises NoSensitivityError."""
    quantity, select = target.quantity, target.quantity.select
    rows = select.rows
    plain = select.text == f"rows {rows[0][0] + 1} to {rows[0][1]}" if len(rows) == 1 else select.text == "all"
    wanted = target.curve is None and quantity.table == "pulses" and quantity.column.text == "dG_S"
    number = rows[0][0] + 1 if rows else 1
    if not wanted or not plain or quantity.reduce != "first" or quantity.ratio_to:
        raise NoSensitivityError(
            f'{target.name} is not the change dG_S by a single pulse, as of select = "rows 1 to 1", reduce = "first"'
        )
    refuse(case, number)
    return number


def keys_of(plan: Plan, case: Path, loaded: Case) -> list[list[Key]]:
    """Return the numbers of a case that every parameter of the fit moves. Raises NoSensitivityError."""
    known = {each.key: each for each in parameters(loaded)}
    out = []
    for parameter in plan.parameters:
        own = [place_of(setting.key, loaded) for setting in parameter.settings if case in setting.cases]
        for key in own:
            if key not in known or known[key].others or key[-1] == "temperature":
                raise NoSensitivityError(f"{parameter.name} is no number that a run is followed backward for")
        out.append(own)
    return out


def place_of(name: str, case: Case) -> Key:
    """Return the key of a number of a case; () where it has none."""
    key = parse_key(name)
    place = assign(case.file.written(), Override(key, 0.0)) if key is not None else None
    return place if isinstance(place, tuple) else ()


def check(plan: Plan, runs: Runs, start: np.ndarray, keys: Mapping[Path, Sequence[Sequence[Key]]]) -> Changes:
    """Return the changes at the start. Raises NoSensitivityError where runs of adjoints give others than a fit does."""
    values, changes = values_at(plan, start), Changes()
    models = model_values(plan, runs.outcomes(runs.jobs(values)))
    if models is None:
        return changes  # told by the fit
    for target, model in zip(plan.targets, models, strict=True):
        case = target.path.parent
        place = case, pulse_of(target, runs.cases[case])
        try:
            if place not in changes:
                changes[place] = change_of(plan, runs, *place, keys[case], values)
        except EisfvError as error:
            raise NoSensitivityError(str(error)) from None
        change, _ = changes[place]
        if abs(change - float(model)) > APART * abs(change):
            raise NoSensitivityError(f"{target.name} is {float(model):.6g} in a run and {change:.6g} in its adjoint's")
    return changes


def change_of(
    plan: Plan, runs: Runs, case: Path, pulse: int, keys: Sequence[Sequence[Key]], values: Sequence[float]
) -> tuple[float, np.ndarray]:
    """Return the change (S) by a pulse, and of every parameter of the fit dO/d ln of its value. Raises EisfvError."""
    choice = runs.meshes.get(case)
    wanted = {key for own in keys for key in own}
    result = found(
        load(case, plan.overrides(case, values)), choice.sizes if choice else None, "conductance", pulse, wanted
    )
    runs.followed += 1
    slopes = {p.key: float(slope) for p, slope in zip(result.parameters, result.slopes, strict=True)}
    missing = wanted - slopes.keys()
    if missing:
        raise NoSensitivityError(result.notes[0])
    return result.value, np.array([sum(slopes[key] for key in own) for own in keys])


def by_value(width: Width, model: float) -> float:
    """Return the derivative of a misfit by the model's value."""
    return 1.0 / (model * log(width.number)) if width.factor else 1.0 / width.number
