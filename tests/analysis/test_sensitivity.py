"""Derivatives of whole runs against runs with the same time steps and a parameter moved."""

from collections.abc import Mapping
from math import exp
from typing import Any

import numpy as np
import pytest

import eisfv
from eisfv.analysis.sensitivity import STEP, NoSensitivityError
from eisfv.case.case import Case
from eisfv.case.parameters import with_factor
from eisfv.device.stack import sizes_of
from eisfv.running.sensitivity import driven, found
from support.replay import replayed

PULSE = {"drive": "current", "value": "10 uA", "duration": "0.5 s", "pulse": True}
REST = {"drive": "open_circuit", "duration": "2 s"}
VOLTS = {"drive": "voltage", "value": "0.3 V", "duration": "0.5 s", "pulse": True}
SWEEP = {"waveform": "ramp", "from": "0.1 V", "to": "0.4 V", "duration": "0.5 s"}
RAMP = {"drive": "voltage", "value": SWEEP, "duration": "0.5 s"}
MOVED = (
    "device.temperature",
    "device.region[0].initial.x",
    "device.interface[0].ion.exchange_current",
    "material.mg_wo3.species.Mg.density",
    "material.mg_wo3.conductivity.exponent",
    "material.pce_succinonitrile_mg.species.(Mg, TFSI).concentration",
    "material.pce_succinonitrile_mg.species.electron.conductivity",
)


def stack(*steps: Mapping[str, Any], **settings: Any) -> Case:
    case = eisfv.load("cases/mg_wo3_pulses")
    case.set({"mesh.grading": "lengths", "mesh.growth": 2.0, "mesh.host_growth": 1.6, "mesh.largest": 0.3})
    case.set("device.region[1].thickness", "1 um")
    case.set("solver.newton", 1e-14)
    case.set("protocol", list(steps))
    for key, value in settings.items():
        case.set(f"device.{key}", value)
    return case.resolved


@pytest.mark.parametrize(
    "steps, settings, quantity",
    [
        pytest.param((PULSE, REST), {}, "conductance", id="current"),
        pytest.param((RAMP,), {"series_resistance": "2 kohm"}, "voltage", id="ramp behind a resistance"),
        pytest.param((VOLTS, REST), {}, "conductance", id="voltage", marks=pytest.mark.long),
        pytest.param((PULSE, REST), {}, "voltage", id="open circuit", marks=pytest.mark.long),
    ],
)
def test_a_sweep_backward_gives_the_derivatives_of_the_run(
    steps: tuple[Mapping[str, Any], ...], settings: Mapping[str, str], quantity: str
) -> None:
    """To 1e-4 each that is not below a hundredth of the largest, and all to 1e-5 of that: temperature moves the levels
    of a host's electrons across the kink that an ohmic contact has where it is neutral, 1e-6 of the current."""
    case = stack(*steps, **settings)
    sizes = sizes_of(case.device)
    result = found(case, sizes, quantity, None)
    names = {parameter.name: k for k, parameter in enumerate(result.parameters)}
    run = driven(case, sizes, None)
    largest = float(np.abs(result.slopes).max())
    for name in MOVED:
        slope, parameter = result.slopes[names[name]], result.parameters[names[name]]
        ends = [
            replayed(with_factor(case, parameter, exp(sign * STEP)), case, sizes, run, quantity) for sign in (-1, 1)
        ]
        difference = (ends[1] - ends[0]) / (2.0 * STEP)
        assert abs(slope - difference) < 1e-5 * largest
        if abs(difference) > 1e-2 * largest:
            np.testing.assert_allclose(slope, difference, rtol=1e-4)


def test_what_is_read_of_a_channel_is_so_of_its_ions() -> None:
    """Filled from x, a film of thickness h ends at x + (inserted and in its layers)/h where nothing leaks."""
    key = "material.pce_succinonitrile_mg.species.electron.conductivity"
    case = eisfv.load("cases/mg_wo3_pulses")
    case.set({"mesh.grading": "lengths", "mesh.growth": 2.0, "mesh.largest": 0.3, key: "1e-14 S/cm"})
    case.set("protocol", [PULSE])
    result = found(case.resolved, None, "x_channel", None)
    slopes = {p.name: float(slope) for p, slope in zip(result.parameters, result.slopes, strict=True)}
    start, charge = 0.005, 10e-6 * 0.5
    inserted = charge / (2 * 96485.33 * 30883.0 * 80e-9 * 0.6e-4)
    assert abs(result.value - start - inserted) < 0.2 * inserted
    np.testing.assert_allclose(slopes["device.region[2].initial.x"], start, rtol=1e-3)
    np.testing.assert_allclose(slopes["device.region[2].thickness"], start - result.value, rtol=1e-2)
    assert abs(slopes["device.interface[0].ion.exchange_current"]) < 1e-4 * inserted


def slopes_of(case: Case, quantity: str, pulse: int | None = None) -> dict[str, float]:
    result = found(case, None, quantity, pulse)
    return {p.name: float(slope) for p, slope in zip(result.parameters, result.slopes, strict=True)}


@pytest.mark.long
def test_the_start_and_the_steps_both_count() -> None:
    """Followed back to the wrong place, a change by a pulse would have the slopes of the end."""
    case = stack(REST, PULSE, REST)
    first, end = (slopes_of(case, "conductance", pulse) for pulse in (1, None))
    key = "material.mg_wo3.conductivity.exponent"
    begin = slopes_of(stack(REST), "conductance")
    np.testing.assert_allclose(begin[key] + first[key], end[key], rtol=1e-3)
    assert abs(first[key] / end[key] - 1.0) > 0.1


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"protocol": [{**VOLTS, "until": {"current": "below 1 nA"}}]}, "waits"),
        ({"protocol": [PULSE, REST]}, "pulse 3 is none"),
        (
            {"protocol": [{**VOLTS, "value": {"waveform": "ramp", "to": "0.4 V", "rate": "0.1 V/s"}}]},
            "ramps from where",
        ),
    ],
)
def test_what_is_not_followed_is_refused(settings: Mapping[str, Any], words: str) -> None:
    case = eisfv.load("cases/mg_wo3_pulses")
    case.set(settings)
    with pytest.raises(NoSensitivityError, match=words):
        eisfv.sensitivity(case, pulse=3)
