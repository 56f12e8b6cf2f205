"""Branches, symmetry point, levels and energies of a device whose step law is known.

up(G) = s (1 - G/G_high)      down(G) = -s (G/G_low - 1) ...      soft bounds, crossing where both are equal
"""

from collections.abc import Callable

import numpy as np

from eisfv.postprocess.extract.measured import Extraction
from eisfv.postprocess.extract.report_pictures import pictures
from support.made_run import Made, linear, train

Extracted = Callable[..., Extraction]

LOW, HIGH, STEP = 5e-6, 50e-6, 2e-6  # S
CYCLES = train("1 uA", 30) + train("-1 uA", 30) + train("1 uA", 30) + train("-1 uA", 30)


def soft_bounds(g: float, amplitude: float, width: float) -> float:
    """Return a step that vanishes at the bounds, S."""
    return STEP * (1.0 - g / HIGH) if amplitude > 0.0 else -STEP * (g - LOW) / HIGH


SOFT = Made(step=soft_bounds)


def test_the_symmetry_point_is_where_the_steps_are_equal(extracted: Extracted) -> None:
    q = extracted(CYCLES, SOFT).quantities
    np.testing.assert_allclose(q["symmetry_point"].value, 0.5 * (LOW + HIGH), rtol=1e-6)
    expected = STEP * (1.0 - 0.5 * (LOW + HIGH) / HIGH)
    for name, slope in (("up", -1.0), ("down", 1.0)):
        np.testing.assert_allclose(q[f"step_{name}_at_symmetry"].value, expected, rtol=1e-6)
        np.testing.assert_allclose(q[f"slope_{name}_at_symmetry"].value, slope * STEP / HIGH, rtol=1e-6)


def test_a_device_of_the_other_sign_has_the_same_branches(extracted: Extracted) -> None:
    q = extracted(CYCLES, SOFT, "one").quantities
    turned = CYCLES.replace('"1 uA"', '"x"').replace('"-1 uA"', '"1 uA"').replace('"x"', '"-1 uA"')
    other = extracted(turned, Made(step=lambda g, a, w: soft_bounds(g, -a, w)), "other").quantities
    for name in ("symmetry_point", "step_up_at_middle", "step_down_at_middle", "nonlinearity_up"):
        np.testing.assert_allclose(other[name].value, q[name].value, rtol=1e-9)


def test_without_a_crossing_there_is_no_symmetry_point(extracted: Extracted) -> None:
    q = extracted(CYCLES, Made(step=lambda g, a, w: 2.0 * linear(g, a, w) if a > 0 else linear(g, a, w))).quantities
    assert q["symmetry_point"].value is None
    assert "larger than those down" in q["symmetry_point"].reason
    assert q["step_up_at_symmetry"].value is None
    np.testing.assert_allclose(q["step_up_at_middle"].value, 1e-6, rtol=1e-9)
    np.testing.assert_allclose(q["asymmetry"].value, 1.0 / 3.0, rtol=1e-9)


def test_branches_that_never_meet_have_none_either(extracted: Extracted) -> None:
    fall = Made(step=lambda g, a, w: linear(g, a, w) if a > 0 else 0.01 * linear(g, a, w))
    q = extracted(train("1 uA", 10) + train("-1 uA", 10), fall).quantities
    assert "no conductance in common" in q["symmetry_point"].reason
    assert q["asymmetry"].value is None


def test_steps_within_their_scatter_have_no_root(extracted: Extracted) -> None:
    rng = np.random.default_rng(2)
    noisy = Made(step=lambda g, a, w: linear(g, a, w) + rng.normal(0.0, 3e-7))
    assert extracted(CYCLES, noisy).quantities["symmetry_point"].value is None


def test_a_step_whose_sign_its_scatter_hides_is_no_number(extracted: Extracted) -> None:
    falls = iter([1.0, -0.9, 0.8, -0.7, 1.1, 0.9])
    wild = Made(step=lambda g, a, w: linear(g, a, w) if a > 0 else next(falls) * linear(g, a, w))
    q = extracted(train("1 uA", 6) + train("-1 uA", 6), wild).quantities
    for name in ("step_down_at_middle", "slope_down_at_middle", "asymmetry"):
        assert q[name].value is None
        assert "not even the sign" in q[name].reason
    np.testing.assert_allclose(q["step_up_at_middle"].value, 0.5e-6, rtol=1e-9)  # the other branch is as it was


def test_a_train_that_the_law_does_not_follow_has_no_nonlinearity(extracted: Extracted) -> None:
    rises = [3.0, -2.0, 3.0, -2.0, 3.0, -2.0, 3.0]

    def bent(shares: list[float]) -> Made:
        given = iter(shares)
        return Made(step=lambda g, a, w: next(given) * linear(g, a, w))

    poor = extracted(train("1 uA", 7), bent(rises), "poor").quantities["nonlinearity_up"]
    assert poor.value is None
    assert "leaves" in poor.reason
    assert extracted(train("1 uA", 7), bent([1.0] * 7), "good").quantities["nonlinearity_up"].value is not None


def test_pulses_of_no_height_write_nothing_whatever_the_rest_does(extracted: Extracted) -> None:
    drifting = Made(step=lambda g, a, w: 1e-8)
    for height, branch in (("0 V", False), ("1 mV", True)):
        extraction = extracted(train(height, 6), drifting, f"run {height}")
        assert (extraction.up is not None) is branch
        assert (extraction.quantities["usable_states"].value is not None) is branch
        assert pictures(extraction)  # a legend without entries would warn


def test_states_are_as_many_as_steps_fit_between_the_levels(extracted: Extracted) -> None:
    q = extracted(train("1 uA", 20) + train("-1 uA", 20), Made(step=linear)).quantities
    np.testing.assert_allclose(q["usable_states"].value, 21.0, rtol=1e-9)
    np.testing.assert_allclose(q["on_off"].value, 2.0, rtol=1e-9)
    assert q["states_by_spread"].value is None


def test_one_pulse_of_each_direction_makes_no_number_of_states(extracted: Extracted) -> None:
    q = extracted(train("1 uA", 1) + train("-1 uA", 1), Made(step=linear)).quantities
    assert q["usable_states"].value is None
    assert q["usable_states"].reason


def test_pulses_of_other_kinds_do_not_widen_the_states(extracted: Extracted) -> None:
    q = extracted(train("1 uA", 20) + train("30 uA", 3), Made(step=linear)).quantities
    np.testing.assert_allclose(q["usable_states"].value, 21.0, rtol=1e-9)


def test_scatter_of_the_steps_limits_the_states(extracted: Extracted) -> None:
    rng = np.random.default_rng(4)
    made = Made(step=lambda g, a, w: linear(g, a, w) + rng.normal(0.0, 1e-7))
    value = extracted(train("1 uA", 100), made).quantities["states_by_spread"].value
    assert value is not None
    np.testing.assert_allclose(value, 50e-6 / 2e-7, rtol=0.2)


def test_only_potentiation_leaves_the_other_branch_null_with_its_reason(extracted: Extracted) -> None:
    extraction = extracted(train("1 uA", 10), Made(step=linear))
    assert extraction.down is None
    assert extraction.up is not None
    q = extraction.quantities
    for name in ("step_down_at_middle", "symmetry_point", "asymmetry", "energy_down", "nonlinearity_down"):
        assert q[name].value is None
        assert "lowers the conductance" in q[name].reason
    np.testing.assert_allclose(q["step_up_at_middle"].value, 0.5e-6, rtol=1e-9)
    assert any("lowers the conductance" in note for note in extraction.notes)


def test_a_saturated_branch_is_told(extracted: Extracted) -> None:
    stuck = Made(step=lambda g, a, w: max(20e-6 - g, 0.0) * 0.5)
    extraction = extracted(train("1 uA", 40), stuck)
    assert any("saturated" in note for note in extraction.notes)
    assert not any("saturated" in note for note in extracted(CYCLES, SOFT, "other").notes)


def test_a_device_that_is_full_from_the_start_has_no_branch(extracted: Extracted) -> None:
    extraction = extracted(train("1 uA", 10), Made(step=lambda g, a, w: 0.0))
    assert extraction.up is extraction.down is None
    assert extraction.quantities["usable_states"].value is None


def test_the_commonest_kind_is_the_branch_and_of_equals_the_mirrored(extracted: Extracted) -> None:
    made = Made(step=linear)
    extraction = extracted(train("1 uA", 4) + train("2 uA", 6), made, "a")
    assert extraction.up is not None
    assert extraction.up.amplitude == 2e-6
    extraction = extracted(train("1 uA", 4) + train("2 uA", 4) + train("-2 uA", 4), made, "b")
    assert extraction.up is not None
    assert extraction.up.amplitude == 2e-6


def test_nodes_ascend_and_hold_the_steps(extracted: Extracted) -> None:
    extraction = extracted(CYCLES, SOFT)
    for branch, sign in ((extraction.up, 1.0), (extraction.down, -1.0)):
        assert branch is not None
        assert (np.diff(branch.nodes) > 0.0).all()
        assert branch.nodes.shape == branch.steps.shape == branch.spread.shape
        np.testing.assert_allclose(branch.steps, [soft_bounds(g, sign, 1.0) for g in branch.nodes], rtol=1e-6)
        assert (branch.spread < 1e-6 * STEP).all()


def test_the_spread_is_where_the_scatter_is(extracted: Extracted) -> None:
    rng = np.random.default_rng(8)
    made = Made(step=lambda g, a, w: 0.5e-6 + (rng.normal(0.0, 1e-7) if g > 60e-6 else 0.0))
    branch = extracted(train("1 uA", 200), made).up
    assert branch is not None
    low, high = branch.nodes < 50e-6, branch.nodes > 70e-6
    np.testing.assert_allclose(np.median(branch.spread[high]), 1e-7, rtol=0.35)
    assert branch.spread[low].max() < 0.3 * np.median(branch.spread[high])


def test_energy_is_by_branch_and_by_change(extracted: Extracted) -> None:
    q = extracted(train("1 uA", 10) + train("-2 uA", 5), Made(step=linear)).quantities
    np.testing.assert_allclose(q["energy_up"].value, 1e-12, rtol=1e-9)
    np.testing.assert_allclose(q["energy_down"].value, 4e-12, rtol=1e-9)
    np.testing.assert_allclose(q["energy_per_change_up"].value, 1e-12 / 0.5e-6, rtol=1e-9)
    np.testing.assert_allclose(q["energy_per_pulse"].value, 2e-12, rtol=1e-9)
