"""What a target and a prior ask of a model, in standard deviations."""

from dataclasses import replace
from math import inf, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eisfv.calibration.model import residuals
from eisfv.calibration.outcome import Outcome
from eisfv.calibration.plan import Parameter, Plan, Prior, Setting, Target, Width
from eisfv.postprocess.quantities.expected import Quantity, read_expected

ROW = """[[quantity]]
name = "change"
value = "2 uS"
tolerance = 0.1
kind = "calibrated"
source = "somewhere"
from = "pulses"
column = "dG_S"
select = "all"
reduce = "mean"
"""


def quantity(tmp_path: Path, **changed: Any) -> Quantity:
    (tmp_path / "expected.toml").write_text(ROW)
    return replace(read_expected(tmp_path / "expected.toml")[0], **changed)


@pytest.mark.parametrize(
    "bound, width, model, expected",
    [
        ("", Width(0.2e-6, False), 2.4e-6, 2.0),
        ("", Width(1.5, True), 3e-6, 1.0),
        ("", Width(1.5, True), -3e-6, inf),
        ("at most", Width(0.2e-6, False), 2.4e-6, 2.0),
        ("at most", Width(0.2e-6, False), 1.0e-6, 0.0),
        ("at least", Width(0.2e-6, False), 1.6e-6, -2.0),
        ("at least", Width(0.2e-6, False), 9.9e-6, 0.0),
        ("at least", Width(2.0, True), 0.5e-6, -2.0),
        ("at least", Width(2.0, True), 8e-6, 0.0),
    ],
)
def test_residuals_of_values_and_bounds(
    tmp_path: Path, bound: str, width: Width, model: float, expected: float
) -> None:
    target = Target(tmp_path / "expected.toml", quantity(tmp_path, bound=bound), 3.0, width)
    np.testing.assert_allclose(target.residuals(model), [3.0 * expected], rtol=1e-12)


def test_a_bound_of_a_negative_value_by_a_factor_is_on_the_right_side(tmp_path: Path) -> None:
    # at most -2 uS: -1 uS misses it by a factor of two, -8 uS keeps it
    target = Target(tmp_path / "expected.toml", quantity(tmp_path, bound="at most", value=-2e-6), 1.0, Width(2.0, True))
    np.testing.assert_allclose(np.abs(target.residuals(-1e-6)), 1.0, rtol=1e-12)
    np.testing.assert_array_equal(target.residuals(-8e-6), [0.0])


@pytest.mark.parametrize("width, expected", [(Width(50.0, False), 2.0), (Width(1.5, True), log(8 / 7) / log(1.5))])
def test_a_prior_is_a_residual_behind_those_of_the_targets(tmp_path: Path, width: Width, expected: float) -> None:
    path = tmp_path / "expected.toml"
    target = Target(path, quantity(tmp_path), 1.0, Width(0.2e-6, False))
    setting = Setting("device.area", (tmp_path,), 1.0)
    slope = Parameter((setting,), 200.0, 1400.0, 300.0, "S/cm", "linear", Prior(700.0, width))
    plan = Plan("", path, [slope], [target], {tmp_path: ((path, target.quantity),)})
    at = np.array([slope.coordinate(800.0)])
    found = residuals(plan, at, [Outcome({(path, "change"): 2.2e-6}, {})])
    assert plan.count == 2
    assert plan.absolute
    np.testing.assert_allclose(found, [1.0, expected], rtol=1e-9)
    assert residuals(plan, at, [Outcome({}, {}, "failed")]) is None
