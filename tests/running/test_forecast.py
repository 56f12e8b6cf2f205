"""A long run says how long it will take, by an injected clock; a short one says nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pytest

from eisfv.model.protocol import Block, OpenCircuitStep, Protocol, Step, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.running.forecast import Forecast, wall_time

PULSE, REST = VoltageStep(0.1, Constant(0.5), pulse=True), OpenCircuitStep(10.0)


class At(NamedTuple):
    """What the forecast asks of a state."""

    time: float


class Made(NamedTuple):
    """What it asks of an accepted step."""

    end: At


@dataclass
class Driven:
    """A protocol driven by a clock: `cost` wall seconds a step of each kind, the first one `more`; `steps` in each."""

    protocol: Protocol
    cost: dict[Step, float]
    more: float = 0.0
    steps: int = 4
    wall: float = 0.0
    lines: list[tuple[float, str]] = field(default_factory=list)

    def forecast(self) -> Forecast:
        return Forecast(self.protocol, lambda line: self.lines.append((self.wall, line)), lambda: self.wall)

    def go(self, forecast: Forecast, skip: int = 0) -> Sequence[tuple[float, str]]:
        time = 0.0
        for number, step in enumerate(self.protocol):
            if number >= skip:
                forecast.begin(step, At(time))  # type: ignore[arg-type]
                for part in range(1, self.steps + 1):
                    self.wall += (self.cost[step] + self.more) / self.steps
                    forecast.accept(Made(At(time + step.duration * part / self.steps)))  # type: ignore[arg-type]
                forecast.end(step, At(time + step.duration))  # type: ignore[arg-type]
                self.more = 0.0
            time += step.duration
        return self.lines


def minutes(line: str) -> float:
    """Return the time a line tells, min."""
    value, unit = line.split("about ")[1].split(" more")[0].split()
    return float(value) * {"min": 1.0, "h": 60.0, "d": 1440.0}[unit]


def test_a_long_run_says_once_and_soon_what_it_will_take() -> None:
    train = Protocol((Block((PULSE, REST), repeat=500),))
    driven = Driven(train, {PULSE: 2.0, REST: 3.0})
    (when, line), *others = driven.go(driven.forecast())
    assert not others
    assert 30.0 <= when <= 35.0
    np.testing.assert_allclose(minutes(line), (2500.0 - when) / 60.0, rtol=0.02)


@pytest.mark.parametrize("cost", [0.001, 0.1, 1.0])
def test_a_run_of_less_than_ten_minutes_says_nothing(cost: float) -> None:
    driven = Driven(Protocol((Block((PULSE, REST), repeat=200),)), {PULSE: cost, REST: cost})
    assert not driven.go(driven.forecast())


def test_compilation_in_the_first_step_does_not_make_a_run_look_long() -> None:
    driven = Driven(Protocol((Block((PULSE, REST), repeat=100),)), {PULSE: 0.5, REST: 0.5}, more=25.0)
    assert not driven.go(driven.forecast())


def test_one_endless_step_is_judged_by_its_pace() -> None:
    driven = Driven(Protocol((REST,)), {REST: 7200.0}, steps=1000)
    ((when, line),) = driven.go(driven.forecast())
    assert when < 60.0
    np.testing.assert_allclose(minutes(line), (7200.0 - when) / 60.0, rtol=0.05)


def test_what_becomes_slow_later_is_told_later() -> None:
    slow = OpenCircuitStep(20.0)
    driven = Driven(Protocol((Block((PULSE, REST), repeat=40), slow)), {PULSE: 1.0, REST: 1.0, slow: 3000.0}, steps=100)
    ((when, line),) = driven.go(driven.forecast())
    assert when > 80.0
    np.testing.assert_allclose(minutes(line), (3080.0 - when) / 60.0, rtol=0.05)


def test_a_resumed_run_counts_what_is_left_alone() -> None:
    driven = Driven(Protocol((Block((PULSE, REST), repeat=500),)), {PULSE: 2.0, REST: 3.0})
    forecast = driven.forecast()
    forecast.restore({"step number": 600, "step began": 0.0}, None)
    ((when, line),) = driven.go(forecast, skip=600)
    assert "of 1000" in line
    np.testing.assert_allclose(minutes(line), (1000.0 - when) / 60.0, rtol=0.05)


@pytest.mark.parametrize("seconds, text", [(600.0, "10 min"), (7000.0, "117 min"), (9000.0, "2.5 h"), (3e5, "3.5 d")])
def test_times_are_told_as_one_says_them(seconds: float, text: str) -> None:
    assert wall_time(seconds) == text
