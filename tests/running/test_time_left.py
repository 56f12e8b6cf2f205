"""The time that a run has left, by an injected clock: right within a factor of two after a tenth of the run."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest

from eisfv.api.progress import clock_time
from eisfv.model.driven import corners
from eisfv.model.measure import Measure
from eisfv.model.protocol import Block, Protocol
from eisfv.model.steps import OpenCircuitStep, Step, VoltageStep
from eisfv.model.waveforms import Constant, PiecewiseLinear
from eisfv.running.extents import COARSE, FINE, NEAR, TIGHT, expected_cost, extents_of
from eisfv.running.time_left import TimeLeft
from support.devices import binary, one_layer
from support.error_cases import case_of

PULSE, REST, LONG = VoltageStep(0.01, Constant(0.5), pulse=True), OpenCircuitStep(10.0), OpenCircuitStep(1e6)
TRIANGLES = VoltageStep(4.0, PiecewiseLinear((0.0, 1.0, 2.0, 3.0, 4.0), (0.0, 1.0, 0.0, 1.0, 0.0)))
PROTOCOLS = {
    "pulses": (REST, Block((PULSE, REST), repeat=30)),
    "retention": (PULSE, LONG),
    "triangles": (TRIANGLES,),
    "one after the other": tuple(OpenCircuitStep(10.0**k) for k in range(-3, 7)),
}


class Made(NamedTuple):
    """What is asked of an accepted step."""

    h: float
    corner: bool


def steps_of(step: Step, growth: float = 1.3, first: float = 1e-6, most: float = 0.3) -> list[tuple[float, Any]]:
    """Return offsets and time steps that grow behind every corner."""
    found: list[tuple[float, Any]] = []
    for start, end in pairwise([0.0, *corners(step)]):
        t, h, corner = start, first * (end - start), True
        while t < end:
            h = min(h, end - t)
            t += h
            found.append((t if end - t > 1e-12 * end else end, Made(h, corner)))
            h, corner = min(growth * h, most * (end - start)), False
    return found


def told(protocol: Protocol, companions: float = 0.0, measures: tuple[Measure, ...] = ()) -> list[tuple[float, float]]:
    """Return wall times and what was left at each, of a run whose time steps take a second, the first one 20."""
    wall = 0.0
    left = TimeLeft(protocol, companions, measures, lambda: wall)
    found = []
    for step in protocol:
        left.begin(step)
        for offset, made in steps_of(step):
            wall += 20.0 if wall == 0.0 else 1.0
            left.accept(made)
            seconds = left.seconds(offset)
            if seconds is not None:
                found.append((wall, seconds))
        left.end()
    return found


@pytest.mark.parametrize("name", PROTOCOLS)
def test_after_a_tenth_of_the_run_it_is_right_within_a_factor_of_two(name: str) -> None:
    found = told(Protocol(PROTOCOLS[name]))
    end = found[-1][0]
    for share in (0.1, 0.3, 0.6):
        wall, seconds = next(pair for pair in found if pair[0] >= 20.0 + share * (end - 20.0))
        assert 0.5 < seconds / (end - wall) < 2.0, share
    assert found[-1][1] == 0.0


def test_by_the_simulated_time_it_is_not() -> None:
    steps = [(offset, made) for step in PROTOCOLS["retention"] for offset, made in steps_of(step)]
    k = len(steps) // 10
    simulated = steps[k][0] if k < len(steps_of(PULSE)) else 0.01 + steps[k][0]
    assert k * (1e6 - simulated) / simulated > 1e3 * (len(steps) - k)


def test_companions_and_measures_are_counted() -> None:
    protocol = Protocol(PROTOCOLS["pulses"])
    wall, seconds = told(protocol, companions=0.5)[-1]
    np.testing.assert_allclose(seconds, 0.5 * (wall - 19.0), rtol=0.01)
    (_, alone), (_, more) = (told(protocol, measures=m)[-1] for m in ((), (Measure((PULSE, REST)),)))
    assert alone == 0.0
    np.testing.assert_allclose(more, len(steps_of(PULSE)) + len(steps_of(REST)), rtol=0.1)


def test_a_run_that_is_resumed_counts_what_is_left() -> None:
    protocol = Protocol((Block((PULSE, REST), repeat=30),))
    wall = 0.0
    left = TimeLeft(protocol, now=lambda: wall)
    left.resume(40, None)
    for step in (PULSE, REST):
        left.begin(step)
        for offset, made in steps_of(step):
            wall += 1.0
            left.accept(made)
            seconds = left.seconds(offset)
        left.end()
    assert seconds is not None
    np.testing.assert_allclose(seconds, 9 * (len(steps_of(PULSE)) + len(steps_of(REST))), rtol=0.1)


def test_companions_cost_what_is_driven_of_them() -> None:
    case = case_of(one_layer(binary(1.0), 1e-6), (REST, Block((PULSE, REST), repeat=50)))
    steps, timed = 101, 49  # a rest and 24 repetitions: 25 would be more than half
    again = COARSE * TIGHT
    found = extents_of(case, "whole")
    assert len(found.timed) == timed
    np.testing.assert_allclose(
        expected_cost(case, "whole", None), COARSE + (FINE * NEAR + again * timed) / steps, rtol=1e-12
    )
    np.testing.assert_allclose(expected_cost(case, "short", None), (COARSE + FINE + again) * 3 / steps, rtol=1e-12)
    assert expected_cost(case, "none", None) == 0.0
    assert expected_cost(case, "whole", case.protocol) == COARSE  # the time steps of the run itself


def test_it_is_told_in_hours_minutes_and_seconds() -> None:
    assert [clock_time(s) for s in (-1.0, 7.4, 90.0, 36000.0)] == ["0:00:00", "0:00:07", "0:01:30", "10:00:00"]
