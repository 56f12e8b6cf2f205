"""The fit that comes with the project: the case runs with the values of its fit, and the fit is what its runs gave."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from eisfv.calibration.reading import read_plan
from eisfv.case import load
from eisfv.postprocess.quantities.expected import read_expected

CASE = Path(__file__).parents[2] / "cases" / "mg_calibration"
FIT = tomllib.loads((CASE / "calibrated" / "fit.toml").read_text())
VALUES = {entry["key"]: entry["value"] for entry in FIT["parameter"]}


def test_the_case_runs_with_the_fitted_values() -> None:
    case = load(CASE).resolved
    reservoir, _, channel = case["device"]["region"]
    gate, own = (float(joint["ion"]["exchange_current"].split()[0]) for joint in case["device"]["interface"])
    current = VALUES["device.interface[1].ion.exchange_current"]
    np.testing.assert_allclose(reservoir["initial"]["x"], VALUES["device.region.reservoir.initial.x"], rtol=1e-5)
    np.testing.assert_allclose([own, gate], [current, 83.0 * current], rtol=1e-5)
    assert reservoir["material"] == channel["material"]
    material = case["material"][channel["material"]]
    for key in ("open_circuit.slope", "conductivity.background", "conductivity.slope"):
        table, name = key.split(".")
        number, unit = material[table][name]["value"].split(" ")
        np.testing.assert_allclose(float(number), VALUES[f"material.mg_wo3.{key}"], rtol=1e-5)
        assert unit in ("V", "S/cm")
        assert material[table][name]["source"].startswith("fitted: ")


def test_the_fit_is_of_the_table_and_met_its_targets() -> None:
    plan = read_plan(CASE)
    assert [parameter.name for parameter in plan.parameters] == list(VALUES)
    assert [target.quantity.name for target in plan.targets] == [target["quantity"] for target in FIT["target"]]
    assert FIT["converged"]
    assert not any(entry["at_bound"] for entry in FIT["parameter"])
    assert all(abs(target["residual"]) < 1e-3 for target in FIT["target"])
    for target, told in zip(plan.targets, FIT["target"], strict=True):
        np.testing.assert_allclose(told["value"], target.quantity.value, rtol=1e-12)


def test_what_was_fitted_is_not_called_predicted() -> None:
    fitted = {target["quantity"] for target in FIT["target"]}
    kinds = {quantity.name: quantity.kind for quantity in read_expected(CASE / "expected.toml")}
    assert {name for name, kind in kinds.items() if kind == "calibrated"} == fitted & set(kinds)


@pytest.mark.parametrize("entry", FIT["provenance"]["command"])
def test_the_provenance_names_no_machine(entry: str) -> None:
    assert not Path(entry).is_absolute()
