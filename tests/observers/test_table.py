"""What every observer of the table promises, tried on each of them: one that is added is tried too."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from eisfv.device.tables import Floats
from eisfv.model.impedance import Impedance
from eisfv.model.output import At, Every, Log, LogTimes, Output
from eisfv.model.protocol import Block, Protocol
from eisfv.model.steps import OpenCircuitStep, Step, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.observer import Entry, Observer, Row, Sink, Value, Watched
from eisfv.observers.pulses import Pulses
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.table import OBSERVERS
from eisfv.result import Column, ProfileVariable
from eisfv.result.file_names import TABLES
from eisfv.simulation import Simulation
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State
from support.small_case import COARSE, small_case

STEPS = (
    OpenCircuitStep(0.2, read=0.1),
    VoltageStep(0.1, Constant(0.3), pulse=True),
    OpenCircuitStep(0.2, read=0.2),
    VoltageStep(0.1, Constant(-0.3), pulse=True),
)
OUTPUT = Output(Every(0.03), Log(LogTimes(1e-3, 2)), At(("end of step",)))

Event = tuple[str, Step, State | Accepted]


class Written:
    """What an observer writes, each line with the name of its table."""

    def __init__(self) -> None:
        self.lines: list[tuple[object, ...]] = []

    def table(self, name: str, columns: Sequence[Column]) -> Row:
        assert name in TABLES

        def take(row: Sequence[Value]) -> None:
            assert len(row) == len(columns)
            self.lines.append((name, *row))

        return take

    def journal(self, variables: Sequence[ProfileVariable]) -> Sink:
        def take(time: float, step: int, since: float, values: Mapping[str, Floats], field: bool) -> None:
            shown = tuple(np.asarray(values[variable.name]).tobytes() for variable in variables)
            self.lines.append(("profiles", time, step, since, field, *shown))

        return take


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Simulation, list[Event]]:
    """Return a simulation and what its observers see of it, in order."""
    simulation = Simulation(small_case(tmp_path_factory.mktemp("case"), device=COARSE).device)
    events: list[Event] = []
    for step in STEPS:
        events.append(("begin", step, simulation.state.begun()))
        events += [("accept", step, accepted) for accepted in simulation.drive(step)]
        events.append(("end", step, simulation.state))
    events.append(("close", STEPS[-1], simulation.state))
    return simulation, events


def made(observer: Callable[[Watched], Observer], simulation: Simulation, written: Written) -> Observer:
    entries = (*STEPS[:2], Impedance((1.0, 1e3)), *STEPS[2:])
    protocol, channel = Protocol((Block(entries),)), ChannelReadout(simulation.built)
    return observer(Watched(simulation.built, protocol, OUTPUT, channel, written.table, written.journal))


def show(observer: Observer, events: Sequence[Event]) -> None:
    for what, step, seen in events:
        if isinstance(seen, Accepted):
            observer.accept(seen)
        elif what == "close":
            observer.close(seen)
        else:
            getattr(observer, what)(step, seen)


def goes_on(observer: Callable[[Watched], Observer], simulation: Simulation, events: list[Event]) -> bool:
    """Return whether an observer tells the same after a checkpoint anywhere as one that goes through."""
    whole = Written()
    one = made(observer, simulation, whole)
    show(one, events)
    assert whole.lines or one.statistics()
    same = []
    for place in range(1, len(events), 7):
        parts = Written()
        first = made(observer, simulation, parts)
        show(first, events[:place])
        what, step, _ = events[place - 1]
        second = made(observer, simulation, parts)
        second.restore(first.save(), None if what == "end" else step)
        show(second, events[place:])
        same.append(parts.lines == whole.lines and second.statistics() == one.statistics())
    return all(same)


@pytest.mark.parametrize("number", range(len(OBSERVERS)))
def test_an_observer_that_goes_on_from_a_checkpoint_tells_the_same(
    run: tuple[Simulation, list[Event]], number: int
) -> None:
    assert goes_on(OBSERVERS[number], *run)


def test_an_observer_that_forgets_over_a_checkpoint_is_noticed(run: tuple[Simulation, list[Event]]) -> None:
    class Forgetful(Pulses):
        def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
            self.step = step

    assert not goes_on(Forgetful, *run)


def test_the_names_that_observers_save_by_are_their_own(run: tuple[Simulation, list[Event]]) -> None:
    simulation, events = run
    names: list[str] = []
    for observer in OBSERVERS:
        one = made(observer, simulation, Written())
        show(one, events)
        names += one.save()
    assert len(names) == len(set(names))
    assert not any("/" in name for name in names)
