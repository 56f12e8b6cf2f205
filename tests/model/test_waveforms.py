"""Waveforms: their values, their corners, their largest value, and how a case writes them."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from eisfv.model.driven import begun, corners, known_before
from eisfv.model.fields import names_of
from eisfv.model.ramps import Ramp, Sweep
from eisfv.model.record import Reading
from eisfv.model.sines import Sine
from eisfv.model.steps import AnyStep, CurrentStep, OpenCircuitStep, Step, VoltageStep
from eisfv.model.waveforms import AnyWaveform, Constant, PiecewiseLinear, Waveform

RAMP = PiecewiseLinear((1e-3, 2e-3), (0.5, -1.0))
# One of each waveform, as a case has it.
WRITTEN = [
    "-0.3 V",
    {"times": ["1 ms", "2 ms"], "levels": ["0.5 V", "-1 V"]},
    {"waveform": "half_sine", "amplitude": "-0.4 V", "width": "2 ms"},
    {"waveform": "exponential", "start": "0.1 V", "end": "-0.4 V", "tau": "1 ms"},
    {"waveform": "sweep", "from": "0.1 V", "to": "-0.4 V", "rate": "500 V/s", "vertex": "0.2 V", "cycles": 2},
    {"waveform": "ramp", "to": "-0.4 V", "from": "0.1 V", "rate": "500 V/s"},
    {"waveform": "sine", "amplitude": "-0.4 V", "frequency": "500 Hz", "offset": "0.1 V", "cycles": 2},
]


def read(tree: dict[str, Any]) -> Step:
    return TypeAdapter(AnyStep).validate_python(tree, context=Reading())


EACH: list[Waveform] = [read({"drive": "voltage", "value": tree, "duration": "1 s"}).waveform for tree in WRITTEN]
each_waveform = pytest.mark.parametrize("waveform", EACH, ids=lambda waveform: waveform.waveform)
DURATIONS = (0.5e-3, 1.5e-3, 5e-3)
FINE = 4001


@dataclass(frozen=True)
class Faulty:
    """Steps at 1 ms without a corner there, and says that its largest value is 0.5."""

    length = None

    def value(self, t: float) -> float:
        return 0.0 if t < 1e-3 else 1.0

    def corners(self) -> tuple[float, ...]:
        return ()

    def extreme(self, duration: float) -> float:
        return 0.5


def misses_its_extreme(waveform: Waveform, duration: float) -> float:
    """Return by how much the extreme is off the largest of many values, over that."""
    largest = max((waveform.value(t) for t in np.linspace(0.0, duration, FINE).tolist()), key=abs)
    return abs(waveform.extreme(duration) - largest) / abs(largest)


def jump_between_corners(waveform: Waveform, duration: float) -> float:
    """Return the largest difference of neighbouring values that no corner parts, over the extreme."""
    corners = sorted({0.0, duration, *(t for t in waveform.corners() if 0.0 < t < duration)})
    jumps = []
    for early, late in pairwise(corners):
        # A corner itself belongs to neither side: a waveform may step there.
        inside = np.linspace(early, late, FINE)[1:-1]
        jumps.append(np.abs(np.diff([waveform.value(t) for t in inside.tolist()])).max())
    return float(max(jumps) / abs(waveform.extreme(duration)))


@each_waveform
@pytest.mark.parametrize("duration", DURATIONS)
def test_the_extreme_is_the_largest_of_the_values_within_the_duration(waveform: Waveform, duration: float) -> None:
    assert misses_its_extreme(waveform, duration) < 1e-3


@each_waveform
@pytest.mark.parametrize("duration", DURATIONS)
def test_a_waveform_jumps_at_its_corners_alone(waveform: Waveform, duration: float) -> None:
    assert jump_between_corners(waveform, duration) < 1e-2


def test_a_waveform_that_hides_a_step_or_a_peak_is_seen() -> None:
    assert misses_its_extreme(Faulty(), 2e-3) == 0.5
    assert jump_between_corners(Faulty(), 2e-3) == 2.0


@each_waveform
def test_corners_ascend_from_the_start_of_the_step(waveform: Waveform) -> None:
    corners = waveform.corners()
    assert list(corners) == sorted(set(corners))
    assert all(corner >= 0.0 for corner in corners)


@pytest.mark.parametrize("waveform, tree", list(zip(EACH, WRITTEN, strict=True)))
def test_what_a_case_has_of_a_waveform_is_that_waveform(waveform: Any, tree: Any) -> None:
    assert VoltageStep(1.0, waveform).written()["value"] == tree


def test_a_sweep_goes_there_and_back_cycle_after_cycle() -> None:
    sweep = Sweep(0.0, 1.0, 0.5, cycles=2)
    assert sweep.length == 8.0
    assert sweep.corners() == (0.0, 2.0, 4.0, 6.0, 8.0)
    np.testing.assert_allclose(
        [sweep.value(t) for t in (0.5, 2.0, 3.0, 4.0, 5.0, 9.0)], [0.25, 1.0, 0.5, 0.0, 0.5, 0.0]
    )
    turned = Sweep(0.0, 1.0, 0.5, vertex=-0.5)
    assert turned.corners() == (0.0, 2.0, 5.0, 6.0)
    np.testing.assert_allclose([turned.value(t) for t in (2.0, 4.0, 5.0, 5.5)], [1.0, 0.0, -0.5, -0.25])


def test_a_ramp_holds_where_it_has_come_to() -> None:
    ramp = Ramp(-1.0, from_=1.0, rate=0.5)
    assert ramp.length == 4.0
    np.testing.assert_allclose([ramp.value(t) for t in (0.0, 1.0, 4.0, 9.0)], [1.0, 0.5, -1.0, -1.0])


def test_a_ramp_from_where_the_source_stands_has_no_value_before() -> None:
    step = VoltageStep(9.0, Ramp(2.0, rate=0.5))
    assert not known_before(step)
    with pytest.raises(ValueError, match="no value before its step begins"):
        Ramp(2.0, duration=1.0).value(0.5)
    driven = begun(step, 1.0)
    assert known_before(driven)
    assert corners(driven) == [2.0, 9.0]
    assert driven.waveform.value(1.0) == 1.5
    assert begun(driven, 7.0) == driven


def test_a_corner_at_the_end_is_the_end_to_the_last_digits() -> None:
    assert corners(VoltageStep(0.3, Sine(1.0, 10.0, cycles=3))) == [0.3]
    assert corners(VoltageStep(0.1 + 0.2, PiecewiseLinear((0.0, 0.3), (0.0, 1.0)))) == [0.1 + 0.2]
    assert len(corners(VoltageStep(0.31, Sine(1.0, 10.0, cycles=3)))) == 2


@pytest.mark.parametrize(
    "value, length",
    [
        ({"waveform": "sweep", "from": "0 V", "to": "1 V", "rate": "50 mV/s", "cycles": 3}, 120.0),
        ({"waveform": "ramp", "to": "1 V", "duration": "5 s"}, 5.0),
        ({"waveform": "sine", "amplitude": "1 V", "frequency": "10 Hz", "cycles": 3}, 0.3),
        ({"waveform": "half_sine", "amplitude": "1 V", "width": "2 ms"}, 2e-3),
        ({"times": ["0 s", "1 ms"], "levels": ["0 V", "1 V"]}, 1e-3),
    ],
)
def test_a_step_lasts_as_long_as_its_waveform_unless_it_says_otherwise(value: dict[str, Any], length: float) -> None:
    assert read({"drive": "voltage", "value": value}).duration == length
    assert read({"drive": "voltage", "value": value, "duration": "7 s"}).duration == 7.0


@pytest.mark.parametrize("value", ["1 V", {"waveform": "exponential", "start": "0 V", "end": "1 V", "tau": "1 s"}])
def test_a_step_whose_waveform_does_not_end_says_how_long_it_lasts(value: Any) -> None:
    with pytest.raises(ValidationError, match="duration"):
        read({"drive": "voltage", "value": value})


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
    assert step == VoltageStep(1.0, waveform)
    assert step.written()["value"] == written


def test_a_step_is_written_in_the_order_of_a_case() -> None:
    step = CurrentStep(0.5, Constant(1e-5), pulse=True, read=0.1)
    assert list(step.written()) == ["duration", "pulse", "read", "drive", "value"]
    assert step.written()["read"] == "last 0.1 s"


@pytest.mark.parametrize(
    "times, apart", [(["1e5 s", "100000.00000001 s"], "1e-08 s"), (["1 s", "1.000000000001 s"], "1e-12 s")]
)
def test_corners_that_the_clock_cannot_tell_apart_are_refused_with_a_remedy(times: list[str], apart: str) -> None:
    """An edge of 1e-8 s at 1e5 s is known to 0.15 % of its length: a step of the protocol begins the count anew."""
    with pytest.raises(ValidationError, match=f"has corners {apart} apart at .*let a step of the protocol begin"):
        read({"drive": "voltage", "value": {"times": times, "levels": ["0 V", "1 V"]}, "duration": "2e5 s"})
    near = {"times": ["0 s", "1e-12 s"], "levels": ["0 V", "1 V"]}
    assert read({"drive": "voltage", "value": near, "duration": "1 s"}).waveform.corners() == (0.0, 1e-12)
