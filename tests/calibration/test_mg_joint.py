"""The joint fit that comes with the project: its outcome is of its table, meets it, and is not called predicted."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from eisfv.calibration.reading import read_plan
from eisfv.case.file_tree import read_toml
from eisfv.postprocess.quantities.expected import read_expected

CASE = Path(__file__).parents[2] / "cases" / "mg_joint"
FIT = tomllib.loads((CASE / "calibrated" / "fit.toml").read_text())


@pytest.mark.long
def test_the_fit_is_of_the_table() -> None:
    plan = read_plan(CASE)
    assert FIT["errors"]["order"] == [parameter.name for parameter in plan.parameters]
    assert [target.quantity.name for target in plan.targets] == [target["quantity"] for target in FIT["target"]]
    assert FIT["converged"]
    for parameter, told in zip(plan.parameters, FIT["parameter"], strict=True):
        assert (told["low"], told["high"], told["unit"]) == (parameter.low, parameter.high, parameter.unit)
        assert parameter.low <= told["value"] <= parameter.high


def test_every_statement_is_met_within_its_width() -> None:
    assert all(abs(target["residual"]) < 1.0 for target in FIT["target"])


def test_the_values_of_the_fit_are_those_of_the_cases() -> None:
    """What the cases run with is what was fitted, rounded."""
    values = {parameter["key"]: parameter["value"] for parameter in FIT["parameter"]}
    for name in ("mg_wo3_fitted", "h_wo3_fitted"):
        curve = read_toml(CASE / "materials" / f"{name}.toml")["conductivity"]
        fitted = {key.rpartition(".")[2]: value for key, value in values.items() if f'{name}.toml".conductivity' in key}
        for key in set(curve) & set(fitted):
            told = curve[key]["value"]
            np.testing.assert_allclose(float(str(told).split()[0]), fitted[key], rtol=1e-4)
    for case in ("pulse_5uS", "pulse_27uS", "rest", "train", "ten_pulses", "rest_open"):
        channel = read_toml(CASE / case / "case.toml")["device"]["region"][-1]
        np.testing.assert_allclose(channel["active_volume"], values["device.region.channel.active_volume"], rtol=1e-4)


def test_what_was_held_out_is_no_target() -> None:
    held = [quantity for quantity in read_expected(CASE / "expected.toml") if quantity.kind == "predicted"]
    assert len(held) == 6
    assert not {quantity.name for quantity in held} & {target["quantity"] for target in FIT["target"]}


def test_what_was_fitted_is_not_called_predicted() -> None:
    kinds = {quantity.name: quantity.kind for quantity in read_expected(CASE / "expected.toml")}
    fitted = {target["quantity"] for target in FIT["target"]}
    assert {name for name, kind in kinds.items() if kind == "calibrated"} == fitted


def test_the_volume_that_takes_ions_is_that_of_the_papers_own_two_numbers() -> None:
    # 3.5e-4 by charge over the 1.95e-4 of Fig. 7c. It is a prior as well, so the fit has to be narrower than that.
    (volume,) = [one for one in FIT["parameter"] if one["key"].endswith("channel.active_volume")]
    assert volume["standard_factor"] < 1.5
    np.testing.assert_allclose(np.log(volume["value"] / (3.496 / 1.95)), 0.0, atol=np.log(volume["standard_factor"]))


@pytest.mark.parametrize("entry", FIT["provenance"]["command"])
def test_the_provenance_names_no_machine(entry: str) -> None:
    assert not Path(entry).is_absolute()
