"""Where a run stands, as a checkpoint keeps it: state, step size, counts, the place in the protocol, the observers.

It is saved now and then, and where the run is asked to stop.
"""

import time as clock
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from eisfv.device.tables import Floats
from eisfv.equations.system import Ledger
from eisfv.model.steps import Step
from eisfv.observers.observer import Entry, Observer, Onlooker
from eisfv.running.null_directory import Directory
from eisfv.running.stop_request import StopRequest
from eisfv.simulation import Simulation
from eisfv.solve.ranks import Ranks
from eisfv.solve.stage_records import Iterate
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State

EVERY = 20.0  # s of wall time


@dataclass
class Position:
    """Where in the protocol: the number of the step, whether the state is inside it."""

    number: int = 0
    inside: bool = False


class Checkpoints(Onlooker):
    """The last observer of a run: when it acts, all others have seen the step.

    request  from outside to stop; the run then ends by KeyboardInterrupt, saved
    told     of the device, for a run that starts from here, and `beside`: where its companions have ended
    """

    def __init__(
        self,
        simulation: Simulation,
        observers: Sequence[Observer],
        directory: Directory,
        ranks: Ranks,
        request: StopRequest,
        told: Mapping[str, Entry],
    ) -> None:
        self.told, self.beside = told, dict[str, Entry]()
        self.simulation, self.observers, self.directory = simulation, observers, directory
        self.ranks, self.request = ranks, request
        self.position = Position()
        self.last = clock.monotonic()

    def begin(self, step: Step, state: State) -> None:
        self.position.inside = True

    def accept(self, accepted: Accepted) -> None:
        # The last one of a protocol step is not over before the others have seen the end of that.
        if accepted.settled and not accepted.over:
            self.pause()

    def end(self, step: Step, state: State) -> None:
        self.position.number, self.position.inside = self.position.number + 1, False
        self.pause()

    def pause(self) -> None:
        """Save when it is time, stop when asked; on all processes alike."""
        due = self.ranks.rank == 0 and clock.monotonic() - self.last > EVERY
        stop, save = self.ranks.total(np.array([float(self.request.made), float(due)]))
        if stop or save:
            self.write()
        if stop:
            raise KeyboardInterrupt

    def heed(self) -> None:
        """Stop when asked, nothing to save; on all processes alike."""
        if self.ranks.total(np.array([float(self.request.made)]))[0]:
            raise KeyboardInterrupt

    def entries(self) -> dict[str, Entry]:
        """Return where the run stands."""
        saved = {**self.told, **self.beside, **entries(self.simulation, self.position)}
        for observer in self.observers:
            saved.update(observer.save())
        return saved

    def write(self) -> None:
        """Save where the run stands."""
        saved = self.entries()
        self.directory.checkpoint(saved, self.simulation.state.time)
        self.last = clock.monotonic()

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.position = restored(self.simulation, saved)


def entries(simulation: Simulation, position: Position) -> dict[str, Entry]:
    """Return what brings a simulation back to where it stands."""
    return {
        **state_entries(simulation.state),
        "level": simulation.level,
        **simulation.integrator.save(),
        "step number": position.number,
        "step inside": int(position.inside),
        **{f"count {name}": value for counts in counters(simulation) for name, value in counts.items()},
    }


def state_entries(state: State) -> dict[str, Entry]:
    """Return what a state is made of."""
    return {
        "start": str(state.start),
        "offset": state.offset,
        "u": state.at.u,
        "voltage": state.at.voltage,
        "stored": state.stored,
        **{f"ledger {name}": array for name, array in state.ledger._asdict().items()},
        "rate": state.rate,
        "charge": state.charge,
        "charge_rate": state.charge_rate,
        "current": state.current,
        "flow": state.flow,
        "slope_u": state.slope.u,
        "slope_voltage": state.slope.voltage,
        "displacement_rate": state.displacement_rate,
        "passed": state.passed,
        "spent": state.spent,
    }


def restored(simulation: Simulation, saved: Mapping[str, Entry]) -> Position:
    """Bring a simulation back to a checkpoint and return the place in the protocol."""
    simulation.state = state_in(saved)
    simulation.level = float(saved["level"])
    simulation.integrator.restore(saved, simulation.state)
    for counts in counters(simulation):
        counts.update({name: int(float(saved[f"count {name}"])) for name in counts})
    return Position(int(float(saved["step number"])), bool(float(saved["step inside"])))


def state_in(saved: Mapping[str, Entry]) -> State:
    """Return the state of `state_entries`."""

    def number(name: str) -> float:
        return float(saved[name])

    def array(name: str) -> Floats:
        return np.asarray(saved[name], float)

    return State(
        Fraction(str(saved["start"])),
        number("offset"),
        Iterate(array("u"), number("voltage")),
        array("stored"),
        Ledger(*(array(f"ledger {name}") for name in Ledger._fields)),
        array("rate"),
        number("charge"),
        number("charge_rate"),
        number("current"),
        array("flow"),
        Iterate(array("slope_u"), number("slope_voltage")),
        array("displacement_rate"),
        number("passed"),
        number("spent"),
    )


def counters(simulation: Simulation) -> tuple[dict[str, int], dict[str, int]]:
    """Return the counters of the stepping and of Newton, to be read and written."""
    return vars(simulation.integrator.counts), vars(simulation.newton.counts)
