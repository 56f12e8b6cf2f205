"""Waveforms: their values, their corners, their largest value, and how a case writes them."""

from typing import Any, get_args

import numpy as np
import pytest
from pydantic import TypeAdapter

from eisfv.model.fields import names_of
from eisfv.model.protocol import AnyStep, CurrentStep, OpenCircuitStep, Step, VoltageStep
from eisfv.model.record import Reading
from eisfv.model.waveforms import AnyWaveform, Constant, PiecewiseLinear, Waveform

RAMP = PiecewiseLinear((1e-3, 2e-3), (0.5, -1.0))
EACH = [Constant(-0.3), RAMP]


def read(tree: dict[str, Any]) -> Step:
    return TypeAdapter(AnyStep).validate_python(tree, context=Reading())


@pytest.mark.parametrize("waveform", EACH)
@pytest.mark.parametrize("duration", [0.5e-3, 1.5e-3, 5e-3])
def test_the_extreme_is_the_largest_of_the_values_within_the_duration(waveform: Waveform, duration: float) -> None:
    values = [waveform.value(t) for t in np.linspace(0.0, duration, 1001)]
    np.testing.assert_allclose(waveform.extreme(duration), max(values, key=abs), rtol=1e-2)


def test_the_extreme_keeps_its_sign_and_ends_with_the_step() -> None:
    assert RAMP.extreme(5e-3) == -1.0
    assert RAMP.extreme(1e-3) == 0.5
    assert OpenCircuitStep(1.0).waveform.extreme(1.0) == 0.0


def test_every_waveform_of_the_table_is_among_those_tested() -> None:
    table = get_args(get_args(AnyWaveform)[0])
    names = {name for member in table for name in names_of(member.__origin__, "waveform")}
    assert names == {waveform.waveform for waveform in EACH}


@pytest.mark.parametrize(
    "value, waveform, written",
    [
        ("0.5 V", Constant(0.5), "0.5 V"),
        ({"waveform": "constant", "level": "0.5 V"}, Constant(0.5), "0.5 V"),
        (
            {"times": ["0 s", "1 ms"], "levels": ["0 V", "1 V"]},
            PiecewiseLinear((0.0, 1e-3), (0.0, 1.0)),
            {"times": ["0 s", "1 ms"], "levels": ["0 V", "1 V"]},
        ),
        (
            {"waveform": "piecewise_linear", "times": ["0 s"], "levels": ["1 V"]},
            PiecewiseLinear((0.0,), (1.0,)),
            {"times": ["0 s"], "levels": ["1 V"]},
        ),
    ],
)
def test_a_value_is_a_level_a_curve_or_names_its_waveform(value: Any, waveform: Waveform, written: Any) -> None:
    step = read({"drive": "voltage", "value": value, "duration": "1 s"})
    assert step == VoltageStep(1.0, waveform)  # type: ignore[arg-type]
    assert step.written()["value"] == written


def test_a_step_is_written_in_the_order_of_a_case() -> None:
    step = CurrentStep(0.5, Constant(1e-5), pulse=True, read=0.1)
    assert list(step.written()) == ["duration", "pulse", "read", "drive", "value"]
    assert step.written()["read"] == "last 0.1 s"
