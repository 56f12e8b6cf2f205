"""Retention, short-term decay, paired pulses and open-circuit voltage of devices whose laws are planted."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from eisfv.postprocess.extract.measured import Extraction, Measured
from eisfv.postprocess.extract.rests import Rest, longest_last
from eisfv.postprocess.extract.retention import exponential, power, stretched
from eisfv.postprocess.extract.short_term import double_exponential
from eisfv.postprocess.extract.wording import value_text
from support.made_run import OCV_SLOPE, Made, block, pulse, rest, train

Extracted = Callable[..., Extraction]

T = np.concatenate([[0.0], np.geomspace(1e-3, 100.0, 80)])  # s
LAWS = {
    "exponential": 10e-6 + 2e-6 * np.exp(-T / 3.0),
    "stretched": 10e-6 + 2e-6 * np.exp(-((T / 3.0) ** 0.5)),
    "power": 12e-6 * (1.0 + T / 0.2) ** -0.1,
}
FITS = {"exponential": exponential, "stretched": stretched, "power": power}


def near(measured: Measured, value: float, rtol: float) -> bool:
    """Return whether a number is within a relative tolerance."""
    return measured.value is not None and abs(measured.value - value) <= rtol * abs(value)


@pytest.mark.parametrize("law", LAWS)
def test_a_planted_law_is_found_and_is_the_best(law: str) -> None:
    fits = {name: fit(T, LAWS[law]) for name, fit in FITS.items()}
    np.testing.assert_allclose(fits[law].at(T), LAWS[law], rtol=1e-6)
    # The stretched law holds the exponential one: the criterion prefers the simpler.
    assert min(fits, key=lambda name: fits[name].aicc) == law


@pytest.mark.parametrize("law", LAWS)
def test_it_is_still_the_best_under_noise(law: str) -> None:
    rng = np.random.default_rng(11)
    g = LAWS[law] + rng.normal(0.0, 5e-9, T.size)
    fits = {name: fit(T, g) for name, fit in FITS.items()}
    assert min(fits, key=lambda name: fits[name].aicc) == law


def test_intervals_of_a_decay_cover_as_often_as_they_say() -> None:
    rng = np.random.default_rng(12)
    covered = {1.0: 0, 0.4: 0}
    for _ in range(80):
        fit = exponential(T, LAWS["exponential"] + rng.normal(0.0, 5e-8, T.size))
        for share in covered:
            covered[share] += abs(fit.theta[0] - np.log(3.0)) < share * 2.0 * fit.error[0]
    assert covered[1.0] >= 70
    assert covered[0.4] < 60  # the control: intervals less than half as wide do not


def test_two_planted_exponentials_are_found() -> None:
    fit = double_exponential(T, 10e-6 + 2e-6 * np.exp(-T / 0.05) + 1e-6 * np.exp(-T / 4.0))
    order = np.argsort(fit.theta)
    np.testing.assert_allclose(np.exp(fit.theta[order]), [0.05, 4.0], rtol=1e-5)
    np.testing.assert_allclose(fit.linear[1:][order], [2e-6, 1e-6], rtol=1e-5)
    np.testing.assert_allclose(fit.linear[0], 10e-6, rtol=1e-6)


VOLATILE = Made(step=lambda g, a, w: 0.5 * a, decays=[(0.6, 0.02), (0.3, 0.5)])


def test_the_short_term_decay_after_a_pulse_has_its_four_numbers(extracted: Extracted) -> None:
    extraction = extracted(train("1 uA", 3, "1 ms", "10 s"), VOLATILE)
    q = extraction.quantities
    assert near(q["short_term_tau1"], 0.02, 1e-4)
    assert near(q["short_term_tau2"], 0.5, 1e-4)
    assert near(q["short_term_A1"], 0.3e-6, 1e-4)
    assert near(q["short_term_A2"], 0.15e-6, 1e-4)
    assert extraction.choices["short_term"].startswith("double")


def test_one_exponential_is_preferred_where_there_is_one(extracted: Extracted) -> None:
    extraction = extracted(train("1 uA", 3, "1 ms"), Made(step=lambda g, a, w: 0.5 * a, decays=[(0.6, 0.2)]))
    assert extraction.choices["short_term"].startswith("single")
    assert near(extraction.quantities["short_term_single_tau"], 0.2, 1e-4)
    assert near(extraction.quantities["short_term_single_A"], 0.3e-6, 1e-4)


def test_retention_is_of_the_rest_after_the_last_pulse(extracted: Extracted) -> None:
    protocol = block(rest("1000 s")) + train("1 uA", 2, "1 ms", "1 s") + block(rest("20 s"))
    slow = Made(step=lambda g, a, w: 0.5 * a, decays=[(0.9, 4.0)])
    q = extracted(protocol, slow).quantities
    assert near(q["retention_exponential_tau"], 4.0, 1e-4)
    # The last second of the train and the 20 s after it are one rest.
    assert q["retention_exponential_tau"].window.startswith("21 s at open circuit")
    assert q["retention_ratio"].value is not None
    assert q["retention_ratio"].value < 1.0


def rest_of(pulses: list[bool], begin: int, length: float) -> Rest:
    """Return a rest of a run whose steps are pulses or not."""
    source: Any = SimpleNamespace(
        steps=SimpleNamespace(pulse=np.array(pulses)), run=SimpleNamespace(terminals={"step": np.array([len(pulses)])})
    )
    return Rest(source, begin, begin + 1, 0.0, length, 0, 9, begin > 0, "at 0 V")


def test_the_rest_of_a_control_is_no_retention_of_what_the_others_wrote() -> None:
    control, written = rest_of([False], 0, 1000.0), rest_of([True, False], 1, 10.0)
    assert longest_last([control, written]) is written
    assert longest_last([control]) is control
    assert longest_last([rest_of([False, True], 0, 1.0), control]) is None


def test_a_rest_too_short_for_its_decay_gives_a_bound_and_no_number(extracted: Extracted) -> None:
    slow = Made(step=lambda g, a, w: 0.5 * a, decays=[(0.9, 1e4)])
    tau = extracted(train("1 uA", 2, "1 ms", "10 s"), slow).quantities["retention_exponential_tau"]
    assert tau.value is None
    assert "beyond ten times the window" in tau.reason
    assert tau.low is None or 10.0 < tau.low <= 1e4


def test_a_conductance_that_stays_has_no_time(extracted: Extracted) -> None:
    q = extracted(train("1 uA", 3)).quantities
    for name in ("retention_exponential_tau", "retention_power_time", "short_term_tau1", "short_term_single_A"):
        assert q[name].value is None
        assert "too little to see a decay" in q[name].reason
    np.testing.assert_allclose(q["retention_ratio"].value, 1.0, rtol=1e-9)


def test_a_rest_with_few_rows_has_none_and_says_what_to_write(extracted: Extracted) -> None:
    q = extracted(train("1 uA", 3), Made(decays=[(0.6, 0.2)], rows=3)).quantities
    assert 'terminals = "every step"' in q["short_term_tau1"].reason
    assert q["retention_exponential_tau"].value is None


def test_a_law_that_leaves_most_of_the_change_tells_no_numbers(extracted: Extracted) -> None:
    # Up and down again long after the pulse: no single law of the three.
    both = Made(step=lambda g, a, w: 0.5 * a, decays=[(-1.0, 3.0), (1.0, 4.0)])
    q = extracted(train("1 uA", 1, "1 ms", "10 s"), both).quantities
    assert q["retention_exponential_tau"].value is None
    assert "% of the change" in q["retention_exponential_tau"].reason


def test_a_short_term_decay_is_no_retention(extracted: Extracted) -> None:
    # A tenth of what the pulse wrote falls back within a minute; nothing is lost in the hour after it.
    quick = Made(step=lambda g, a, w: 0.5 * a, decays=[(0.1, 20.0)], rows=800)
    q = extracted(train("1 uA", 2, "1 ms", "1 h"), quick).quantities
    assert near(q["short_term_single_tau"], 20.0, 1e-3)
    for name in ("retention_exponential_tau", "retention_stretched_tau", "retention_power_time"):
        assert q[name].value is None
        assert "too little to see a decay" in q[name].reason
    np.testing.assert_allclose(q["retention_settled_ratio"].value, 1.0, rtol=1e-9)
    total = q["retention_ratio"].value
    assert total is not None
    # Two steps of 0.5 uS from 10 uS, and 0.1 of a step above that at the end of the pulse.
    np.testing.assert_allclose(total, 11.0 / 11.05, rtol=1e-9)


def test_the_slow_decay_under_a_fast_one_is_the_retention(extracted: Extracted) -> None:
    both = Made(step=lambda g, a, w: 0.5 * a, decays=[(1.0, 0.01), (0.5, 2.0)], rows=200)
    q = extracted(train("1 uA", 1, "1 ms", "10 s"), both).quantities
    assert near(q["retention_exponential_tau"], 2.0, 1e-4)
    assert near(q["short_term_tau1"], 0.01, 1e-2)
    early = q["retention_ratio"].value, q["retention_settled_ratio"].value
    assert early[0] is not None
    assert early[1] is not None
    # The fast part, 0.5 uS of 11 uS, is in the first alone.
    assert early[1] - early[0] > 0.04


def test_the_end_of_a_decay_far_below_a_tenth_of_the_rest_is_no_retention_time(extracted: Extracted) -> None:
    quick = Made(step=lambda g, a, w: 0.5 * a, decays=[(0.9, 0.3)], rows=200)
    tau = extracted(train("1 uA", 1, "1 ms", "10 s"), quick).quantities["retention_exponential_tau"]
    assert tau.value is None
    assert "below a tenth of the rest" in tau.reason


def test_the_digits_of_a_value_are_those_its_interval_knows() -> None:
    assert value_text(Measured(180.4e-6, "s", 130e-6, 231e-6)) == "180 µs"
    assert value_text(Measured(180.4321e-6, "s", 180.4e-6, 180.5e-6)) == "180.43 µs"
    assert value_text(Measured(0.98765, "", 0.5, 1.4)) == "0.99"
    assert value_text(Measured(0.98765, "")) == "0.9877"  # a single reading has no interval


def test_a_run_without_pulses_keeps_its_retention(extracted: Extracted) -> None:
    extraction = extracted(block(rest("100 s")))
    q = extraction.quantities
    assert any("no pulses" in note for note in extraction.notes)
    np.testing.assert_allclose(q["retention_ratio"].value, 1.0, rtol=1e-12)
    np.testing.assert_allclose(q["G_min"].value, 10e-6, rtol=1e-12)
    assert q["energy_per_pulse"].value is None
    assert all(one.reason for one in q.values() if one.value is None)


PAIRS = block(
    *(
        part
        for gap in ("10 ms", "20 ms", "50 ms", "100 ms", "300 ms")
        for part in (pulse("1 uA", "1 ms"), rest(gap), pulse("1 uA", "1 ms"), rest("20 s"))
    )
)


def test_a_second_pulse_finds_what_the_first_has_left(extracted: Extracted) -> None:
    extraction = extracted(PAIRS, Made(step=lambda g, a, w: 1e-7, decays=[(0.8, 0.1)]))
    table = extraction.tables["paired_pulses"]
    # Of 1.8 steps at the end of a pulse 1 stays, 0.8 falls back.
    left = 1.0 + 0.8 * np.exp(-(table["interval_s"] + 1e-3) / 0.1)
    np.testing.assert_allclose(table["ratio"], 1.0 + left / 1.8, rtol=1e-6)
    assert table["interval_s"].size == 5
    assert near(extraction.quantities["paired_pulse_tau"], 0.1, 0.01)


def test_a_train_is_no_pair(extracted: Extracted) -> None:
    ratio = extracted(train("1 uA", 10)).quantities["paired_pulse_ratio"]
    assert ratio.value is None
    assert "pairs of equal pulses" in ratio.reason


def test_pairs_without_rows_at_their_ends_are_told(extracted: Extracted) -> None:
    from dataclasses import replace

    from eisfv.postprocess.extract.pairs import measure_pairs
    from eisfv.postprocess.extract.pulses import kinds_of

    extraction = extracted(PAIRS, VOLATILE)
    pulses = replace(extraction.pulses, ended=np.full(len(extraction.pulses), np.nan))
    topic = measure_pairs(pulses, kinds_of(pulses))
    assert topic.quantities["paired_pulse_ratio"].value is None
    assert "every step" in topic.quantities["paired_pulse_ratio"].reason


def test_the_open_circuit_voltage_has_its_slope(extracted: Extracted) -> None:
    extraction = extracted(train("10 uA", 10))
    slope = extraction.quantities["ocv_slope"]
    np.testing.assert_allclose(slope.value, OCV_SLOPE, rtol=1e-6)
    assert slope.points == 10
    assert extraction.tables["open_circuit"]["voltage_V"].size == 10


def test_rests_at_one_conductance_have_no_slope(extracted: Extracted) -> None:
    slope = extracted(train("1 uA", 5), Made(step=lambda g, a, w: 1e-10)).quantities["ocv_slope"]
    assert slope.value is None
    assert "apart" in slope.reason
