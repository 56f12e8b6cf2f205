"""The STDP kernel from spike pairs whose law is known."""

import numpy as np

from eisfv.postprocess.extract.spike_pairs import spike_pairs
from eisfv.postprocess.simulators.spiking.stdp import FORMS, Kernel, fit_form, kernel_of, kernel_quantities
from support.spiking import A_MINUS, A_PLUS, INTERVALS, LEVEL, TAU_MINUS, TAU_PLUS, kernel, pair_pulses


def found(interval: np.ndarray, change: np.ndarray) -> Kernel:
    """Return the kernel of pairs."""
    pairs = spike_pairs(pair_pulses(interval, change))
    assert pairs is not None
    return kernel_of(pairs)


def test_an_exponential_kernel_is_found_again() -> None:
    fit = found(INTERVALS, kernel(INTERVALS))
    np.testing.assert_allclose([fit.plus.amplitude, fit.minus.amplitude], [A_PLUS, A_MINUS], rtol=1e-6)
    np.testing.assert_allclose([fit.plus.tau, fit.minus.tau], [TAU_PLUS, TAU_MINUS], rtol=1e-6)
    np.testing.assert_allclose(fit.change(INTERVALS), kernel(INTERVALS), rtol=1e-6)
    assert fit.strengthens_after
    assert fit.plus.form == fit.minus.form == "exponential"
    assert fit.plus.better == fit.minus.better == ""


def shaped(form: str) -> np.ndarray:
    """Return changes of a form of 5 nS and 30 ms on both sides."""
    return np.asarray(5e-9 * np.sign(INTERVALS) * FORMS[form](np.abs(INTERVALS), np.array(0.03)))


def test_a_kernel_of_the_alpha_form_is_found_again() -> None:
    fit = found(INTERVALS, shaped("alpha"))
    assert fit.plus.form == fit.minus.form == "alpha"
    np.testing.assert_allclose([fit.plus.amplitude, fit.minus.amplitude], 5e-9, rtol=1e-6)
    np.testing.assert_allclose([fit.plus.tau, fit.minus.tau], 0.03, rtol=1e-6)
    np.testing.assert_allclose(fit.change(INTERVALS), shaped("alpha"), rtol=1e-6)


def test_a_simulator_without_the_alpha_form_gets_no_kernel_that_leaves_more_than_is_allowed() -> None:
    pairs = spike_pairs(pair_pulses(INTERVALS, shaped("alpha")))
    assert pairs is not None
    refused = kernel_of(pairs, ["exponential"])
    assert not refused.complete
    assert "an exponential kernel leaves" in refused.reason
    assert "more than 20%" in refused.reason
    asked = kernel_of(pairs, ["exponential"], 0.6)
    assert asked.complete
    assert asked.plus.fitted is not None
    assert 0.2 < asked.plus.fitted.residual < 0.6
    assert asked.plus.better == "alpha"


def test_a_form_that_no_simulator_has_is_told() -> None:
    pairs = spike_pairs(pair_pulses(INTERVALS, shaped("gaussian")))
    assert pairs is not None
    assert kernel_of(pairs, largest=0.9).plus.better == "gaussian"


def test_the_words_of_a_kernel_tell_form_range_and_the_pair_it_misses_most() -> None:
    change = np.where(INTERVALS == 0.09, 2e-9, kernel(INTERVALS))
    plus, minus = found(INTERVALS, change).words()
    assert plus.startswith("exponential form, pairs with dt = 5 ms to 90 ms: leaves")
    assert "farthest at 90 ms" in plus
    assert "the run's 2 nS" in plus
    assert "leaves 0%" in minus


def test_a_synapse_that_weakens_where_post_follows_pre_keeps_its_signs() -> None:
    fit = found(INTERVALS, -kernel(INTERVALS))
    np.testing.assert_allclose([fit.plus.amplitude, fit.minus.amplitude], [-A_PLUS, -A_MINUS], rtol=1e-6)
    assert fit.complete
    assert not fit.strengthens_after


def test_the_interval_of_a_time_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(11)
    interval = np.repeat(np.geomspace(5e-3, 0.1, 6), 2)
    covered = 0
    for _ in range(60):
        noisy = kernel(interval) + 0.05 * A_PLUS * rng.normal(size=interval.size)
        fitted = fit_form(FORMS["exponential"], interval, noisy)
        covered += bool(fitted.low[1] < TAU_PLUS < fitted.high[1])
    # Of 60 intervals of 95 %, 52 to 60 cover in 99 % of the cases.
    assert 52 <= covered <= 60


def test_pairs_from_another_conductance_are_left_out() -> None:
    level = np.where(np.arange(INTERVALS.size) == 0, 3.0 * LEVEL, LEVEL)
    change = np.where(np.arange(INTERVALS.size) == 0, 1e-7, kernel(INTERVALS))
    pairs = spike_pairs(pair_pulses(INTERVALS, change, level))
    assert pairs is not None
    assert pairs.left_out == 1
    np.testing.assert_allclose(kernel_of(pairs).plus.tau, TAU_PLUS, rtol=1e-6)


def test_pairs_on_one_side_alone_give_no_kernel_on_the_other() -> None:
    after = np.abs(INTERVALS)
    fit = found(after, kernel(after))
    assert not fit.complete
    told = kernel_quantities(fit, "")
    assert told["stdp_A_minus"].value is None
    assert "dt < 0" in told["stdp_A_minus"].reason
    assert told["stdp_A_plus"].value is not None


def test_two_intervals_are_too_few() -> None:
    few = np.array([0.01, -0.01, 0.02, -0.02])
    assert "needs 3" in found(few, kernel(few)).reason


def test_a_change_that_does_not_decay_has_no_time() -> None:
    assert "does not decay" in found(INTERVALS, 1e-9 * np.sign(INTERVALS)).reason


def test_pairs_that_follow_no_exponential_have_no_kernel() -> None:
    mixed = 1e-9 * np.sign(INTERVALS) * np.resize([1.0, 1.0, -1.0, -1.0], INTERVALS.size)
    assert "kernel leaves" in found(INTERVALS, mixed).reason


def test_pairs_without_an_effect_have_no_kernel() -> None:
    assert "do not change" in found(INTERVALS, 0.0 * INTERVALS).reason


def test_pulses_that_are_no_pairs_and_pairs_at_once_are_none() -> None:
    assert spike_pairs(pair_pulses(np.array([np.nan, 0.0]), np.array([1e-9, 1e-9]))) is None
