"""The short-term recursion from trains whose parameters are known."""

import numpy as np
import pytest

from eisfv.postprocess.simulators.spiking.spike_trains import SpikeTrain, without_pauses
from eisfv.postprocess.simulators.spiking.tsodyks_markram import (
    ShortTerm,
    recursion,
    short_term_of,
    short_term_quantities,
)
from support.spiking import LEVEL

W = 4e-8  # S
GAPS = ([0.02] * 6, [0.05] * 6, [0.15] * 6, [0.5] * 3)


def trains(U: float, tau_rec: float, tau_fac: float, left: float = 0.0) -> list[SpikeTrain]:
    """Return trains at several rates that follow the recursion."""
    starts = [np.concatenate([[0.0], np.cumsum(gaps)]) for gaps in GAPS]
    return [SpikeTrain(start, W * recursion(start, U, tau_rec, tau_fac), left) for start in starts]


@pytest.mark.parametrize(
    "model, U, tau_rec, tau_fac",
    [("facilitation", 0.2, 0.0, 0.12), ("depression", 0.5, 0.2, 0.0), ("both", 0.3, 0.08, 0.3)],
)
def test_the_recursion_is_found_again(model: str, U: float, tau_rec: float, tau_fac: float) -> None:
    found = short_term_of(trains(U, tau_rec, tau_fac), LEVEL)
    assert isinstance(found, ShortTerm)
    assert found.model == model
    np.testing.assert_allclose([found.W, found.U], [W, U], rtol=1e-4)
    np.testing.assert_allclose([found.tau_rec, found.tau_fac], [tau_rec, tau_fac], rtol=1e-4)


def test_a_part_the_model_lacks_is_null_with_the_reason() -> None:
    told = short_term_quantities(short_term_of(trains(0.2, 0.0, 0.12), LEVEL))
    assert told["tsodyks_tau_rec"].value is None
    assert "facilitation" in told["tsodyks_tau_rec"].reason
    np.testing.assert_allclose(told["tsodyks_tau_fac"].value, 0.12, rtol=1e-4)


def test_responses_that_add_up_are_a_use_that_vanishes() -> None:
    tau = 0.1
    made = []
    for gaps in GAPS:
        start = np.concatenate([[0.0], np.cumsum(gaps)])
        sums = np.exp(-(start[:, None] - start[None, :]) / tau) * (start[:, None] >= start[None, :])
        made.append(SpikeTrain(start, 1e-9 * sums.sum(axis=1), 0.0))
    found = short_term_of(made, LEVEL)
    assert isinstance(found, ShortTerm)
    assert found.U < 1e-3
    np.testing.assert_allclose([found.W * found.U, found.tau_fac], [1e-9, tau], rtol=1e-2)


def test_a_depressing_device_keeps_the_sign_of_its_response() -> None:
    turned = [SpikeTrain(train.start, -train.response, 0.0) for train in trains(0.5, 0.2, 0.0)]
    found = short_term_of(turned, LEVEL)
    assert isinstance(found, ShortTerm)
    np.testing.assert_allclose(found.W, -W, rtol=1e-4)


@pytest.mark.parametrize(
    "made, words",
    [
        ([], "no two equal pulses"),
        ([SpikeTrain(np.arange(4.0), np.full(4, 1e-9), 0.0)], "needs 5"),
        ([SpikeTrain(np.arange(6.0), np.zeros(6), 0.0)], "no short-term part"),
        ([SpikeTrain(np.arange(6.0), np.full(6, 1e-8), 0.0)], "does not depend on"),
        ([SpikeTrain(np.arange(6.0), np.full(6, 1e-9) * (1 + np.arange(6)), 1e-6)], "for good is larger"),
    ],
)
def test_no_recursion_comes_of_nothing(made: list[SpikeTrain], words: str) -> None:
    told = short_term_of(made, LEVEL)
    assert isinstance(told, str)
    assert words in told


def test_scattered_responses_are_no_recursion() -> None:
    rng = np.random.default_rng(3)
    made = [
        SpikeTrain(train.start, W * rng.uniform(0.5, 1.5, train.start.size), 0.0) for train in trains(0.2, 0.0, 0.1)
    ]
    assert isinstance(short_term_of(made, LEVEL), str)


def test_a_long_pause_ends_a_train_and_a_longer_interval_does_not() -> None:
    interval = np.array([1.0, 1.0, 30.0, 2.0, 2.0, 4.0, np.inf])
    assert without_pauses(interval, list(range(7))) == [[0, 1, 2], [3, 4, 5, 6]]
