"""A long run says how long it will take, by an injected clock; a short one says nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from eisfv.model.protocol import Block, Protocol
from eisfv.model.steps import OpenCircuitStep, Step, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.running import case_run, run_case
from eisfv.running.forecast import Forecast, least_steps, wall_time
from eisfv.simulation import Simulation
from support.small_case import DEVICE, STEP_BY_STEP, silent, small_case

PULSE, REST = VoltageStep(0.1, Constant(0.5), pulse=True), OpenCircuitStep(10.0)


class At(NamedTuple):
    """What the forecast asks of a state."""

    offset: float


class Made(NamedTuple):
    """What it asks of an accepted step."""

    end: At
    settled: bool = True


@dataclass
class Driven:
    """A protocol driven by a clock: `cost` wall seconds a step of each kind, the first one `more`; `steps` in each,
    handed on a `batch` at a time."""

    protocol: Protocol
    cost: dict[Step, float]
    more: float = 0.0
    steps: int = 4
    batch: int = 1
    wall: float = 0.0
    largest: float = inf
    lines: list[tuple[float, str]] = field(default_factory=list)

    def forecast(self) -> Forecast:
        tell = lambda line: self.lines.append((self.wall, line))  # noqa: E731
        return Forecast(self.protocol, tell, self.largest, lambda: self.wall)

    def go(self, forecast: Forecast, skip: int = 0) -> Sequence[tuple[float, str]]:
        for number, step in enumerate(self.protocol):
            if number < skip:
                continue
            forecast.begin(step, At(0.0))
            for part in range(1, self.steps + 1):
                if part % self.batch == 1 % self.batch:
                    self.wall += self.batch * (self.cost[step] + self.more) / self.steps
                made = Made(At(step.duration * part / self.steps), part % self.batch == 0)
                forecast.accept(made)
            forecast.end(step, At(step.duration))
            self.more = 0.0
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


def test_steps_that_come_in_batches_go_with_the_wall_time_of_their_last() -> None:
    driven = Driven(Protocol((REST,)), {REST: 7200.0}, steps=1024, batch=4)
    ((when, line),) = driven.go(driven.forecast())
    np.testing.assert_allclose(minutes(line), (7200.0 - when) / 60.0, rtol=0.05)


def test_a_long_first_step_says_nothing_of_short_ones_of_another_kind() -> None:
    driven = Driven(Protocol((REST, Block((PULSE,), repeat=5000))), {REST: 60.0, PULSE: 0.01}, steps=100)
    assert not driven.go(driven.forecast())


def test_what_is_not_seen_yet_makes_it_at_least() -> None:
    driven = Driven(Protocol((REST, Block((PULSE,), repeat=100))), {REST: 1200.0, PULSE: 1.0}, steps=1000)
    ((when, line),) = driven.go(driven.forecast())
    assert "at least 19 min more at the pace of its last time steps, which may grow, judged" in line
    assert when < 60.0


def test_steps_that_the_largest_one_asks_for_count_before_they_are_seen() -> None:
    # A rest of 10 s in 1000 steps takes a minute, as long as one of the hundred pulses: 0.1 s, at most 0.1 ms each.
    train = Protocol((REST, Block((PULSE,), repeat=100)))
    driven = Driven(train, {REST: 60.0, PULSE: 60.0}, steps=1000, largest=1e-4)
    ((when, line), *_) = driven.go(driven.forecast())
    assert when < 60.0
    assert "at least 1.7 h more" in line.replace("100 min", "1.7 h")
    driven = Driven(train, {REST: 60.0, PULSE: 0.001}, steps=1000)
    assert not driven.go(driven.forecast())


def test_a_run_that_becomes_twice_as_long_says_so_again() -> None:
    train = Protocol((REST, Block((PULSE,), repeat=1000)))
    driven = Driven(train, {REST: 1200.0, PULSE: 10.0}, steps=1000)
    (_, first), (when, second) = driven.go(driven.forecast())
    assert "at least" in first
    assert "about" in second
    np.testing.assert_allclose(minutes(second), (11200.0 - when) / 60.0, rtol=0.03)


def test_the_matrices_give_a_bound_before_a_run_begins() -> None:
    train = Protocol((Block((PULSE, REST), repeat=500),))
    driven = Driven(train, {})
    driven.forecast().before(iter([0.2, 0.1]).__next__, 1e-18)  # the first one loads the machinery
    ((when, line),) = driven.lines
    assert when == 0.0
    # 1e-6 (6^n - 1)/5 reaches 1 at n = 9.
    assert line == "this run takes at least 15 min: 9000 matrices or more of 0.1 s each"


def test_few_or_quick_matrices_say_nothing_before_a_run() -> None:
    driven = Driven(Protocol((Block((PULSE, REST), repeat=500),)), {})
    driven.forecast().before(iter([0.06]).__next__, 1e-18)
    assert not driven.lines


def test_no_step_takes_fewer_time_steps_than_the_bound(tmp_path: Path) -> None:
    case = small_case(tmp_path)
    for smallest in (1e-18, 1e-4):
        simulation = Simulation(case.device, replace(case.solver, smallest_step=smallest, tolerance=0.5))
        for step in case.protocol.steps:
            taken = sum(1 for _ in simulation.drive(step))
            assert least_steps(step, smallest) <= taken <= 12 * least_steps(step, smallest)


def test_the_log_of_a_long_run_keeps_what_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, told = small_case(tmp_path / "case", device=DEVICE + STEP_BY_STEP), list[str]()
    run_case(case, tmp_path / "short", silent, tell=told.append)
    assert not told
    monkeypatch.setattr(case_run, "seconds_of_a_matrix", lambda newton: 1000.0)
    run_case(case, tmp_path / "long", silent, tell=told.append)
    (line,) = told
    assert line.startswith("this run takes at least")
    assert line in (tmp_path / "long" / "run.log").read_text()


def test_what_becomes_slow_later_is_told_later() -> None:
    slow = OpenCircuitStep(20.0)
    driven = Driven(Protocol((Block((PULSE, REST), repeat=40), slow)), {PULSE: 1.0, REST: 1.0, slow: 3000.0}, steps=100)
    ((when, line),) = driven.go(driven.forecast())
    assert when > 80.0
    np.testing.assert_allclose(minutes(line), (3080.0 - when) / 60.0, rtol=0.05)


def test_a_resumed_run_counts_what_is_left_alone() -> None:
    driven = Driven(Protocol((Block((PULSE, REST), repeat=500),)), {PULSE: 2.0, REST: 3.0})
    forecast = driven.forecast()
    forecast.restore({"step number": 600}, None)
    ((when, line),) = driven.go(forecast, skip=600)
    assert "of 1000" in line
    np.testing.assert_allclose(minutes(line), (1000.0 - when) / 60.0, rtol=0.05)


@pytest.mark.parametrize("seconds, text", [(600.0, "10 min"), (7000.0, "117 min"), (9000.0, "2.5 h"), (3e5, "3.5 d")])
def test_times_are_told_as_one_says_them(seconds: float, text: str) -> None:
    assert wall_time(seconds) == text
