"""Waveforms from a case to the pulses: their charge, their height, and what is told of a wrong key."""

from math import exp, pi
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import CaseError, load
from support.small_case import finished, small_case, write_case

STEP = """
[[protocol]]
drive = "current"
value = {value}
duration = "30 ms"
pulse = true
"""
# Value, charge (C) and height (A).
PULSES = {
    "half sine": (
        '{ waveform = "half_sine", amplitude = "-2 uA", width = "20 ms" }',
        -2.0 * 2e-6 * 20e-3 / pi,
        -2e-6,
    ),
    "exponential": (
        '{ waveform = "exponential", start = "0 uA", end = "2 uA", tau = "10 ms" }',
        2e-6 * (30e-3 - 10e-3 * (1.0 - exp(-3.0))),
        2e-6 * (1.0 - exp(-3.0)),
    ),
}
WRONG = [
    ('{ waveform = "half_sin", amplitude = "1 uA", width = "1 ms" }', 'did you mean "half_sine"'),
    ('{ waveform = "exponential", start = "0 uA", tau = "1 ms" }', "value.end is missing"),
    ('{ waveform = "half_sine", width = "1 ms" }', "value.amplitude is missing"),
    ('{ waveform = "half_sine", amplitude = "1 V", width = "1 ms" }', "measures voltage, not current"),
]


@pytest.mark.parametrize("name", PULSES)
def test_a_pulse_of_a_waveform_brings_its_charge_and_has_its_height(tmp_path: Path, name: str) -> None:
    value, charge, height = PULSES[name]
    case = small_case(tmp_path / "case", STEP.replace("{value}", value), "[solver]\nnewton = 1e-9\n")
    pulse = finished(case, tmp_path / "run").pulses
    np.testing.assert_allclose(pulse["charge_C"], [charge], rtol=2e-3)
    np.testing.assert_allclose(pulse["amplitude"], [height], rtol=1e-12)


@pytest.mark.parametrize("name", PULSES)
def test_a_case_writes_the_waveform_back(tmp_path: Path, name: str) -> None:
    case = small_case(tmp_path / "case", STEP.replace("{value}", PULSES[name][0]))
    (tmp_path / "case.toml").write_text(case.resolved_toml())
    assert load(tmp_path) == case


@pytest.mark.parametrize("value, told", WRONG)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, value: str, told: str) -> None:
    with pytest.raises(CaseError) as error:
        load(write_case(tmp_path, STEP.replace("{value}", value)))
    assert len(error.value.lines) == 1
    assert told in error.value.lines[0]
