"""Time, voltage, current, conductance, filling and leakage: one row per accepted step, or when the case wants one.

The leakage is the electrons' share of the gate current, weighted as the gate current itself
(`eisfv.device.current_test_function`): where the electrolyte resists most, that is the electron current through it.
"""

from collections.abc import Mapping

from eisfv.constants import FARADAY
from eisfv.equations.unknowns import of_species
from eisfv.model.materials import CARRIERS
from eisfv.model.steps import Step
from eisfv.observers.agenda import Agenda
from eisfv.observers.observer import Entry, Onlooker, Watched
from eisfv.observers.schedule import schedule_of
from eisfv.observers.snapshot import Snapshot, snapshot
from eisfv.result import Column
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State

TERMINAL_COLUMNS = (
    Column("time", "s", "simulated time"),
    Column("step", "", "protocol step, counted from 1 as they are driven", "count"),
    Column("step_time", "s", "since the protocol step began: holds its digits however late that is"),
    Column("voltage", "V", "gate minus channel, at the device"),
    Column("current", "A", "into the gate"),
    Column("conductance", "S", "in-plane conductance of the channel"),
    Column("x_channel", "1", "mean site fraction of the ion in the channel"),
    Column("leak_current", "A", "electrons through the electrolyte, counted as the current"),
)


class Terminals(Onlooker):
    """Rows of terminals.csv. The first one is the start of the run."""

    def __init__(self, watched: Watched) -> None:
        self.built, self.channel = watched.built, watched.channel
        schedule = schedule_of(watched.output.terminals)
        self.agenda = Agenda("terminals", [schedule], self.built.tables, len(watched.protocol))
        self.planes = [(plane.nodes(self.built.mesh), name) for plane in self.built.planes for name in plane.sites]
        adsorbed = (Column(f"adsorbed_{name}", "mol/m2", "ions at the sites of a plane") for _, name in self.planes)
        self.row = watched.table("terminals", (*TERMINAL_COLUMNS, *adsorbed))
        charge = self.built.tables.charge
        # Column of the flows, and the current of a flow of 1 mol/s.
        self.carriers = [
            (of_species(s), float(charge[s]) * FARADAY) for s, name in enumerate(self.built.species) if name in CARRIERS
        ]

    def begin(self, step: Step, state: State) -> None:
        if self.agenda.number == 0:
            self.write(snapshot(self.built.tables, state))
        self.agenda.begin(step, state)

    def accept(self, accepted: Accepted) -> None:
        for seen, _ in self.agenda.accept(accepted):
            self.write(seen)

    def end(self, step: Step, state: State) -> None:
        self.agenda.end()

    def write(self, seen: Snapshot) -> None:
        """Append one row."""
        conductance, filling = self.channel.read(seen.held)
        self.row(
            (
                seen.time,
                self.agenda.number + 1,
                seen.offset,
                seen.voltage * self.built.thermal_voltage,
                seen.current * FARADAY,
                conductance,
                filling,
                self.leak(seen),
                *self.adsorbed(seen),
            )
        )

    def leak(self, seen: Snapshot) -> float:
        """Return the part of electrons and holes in the current in A."""
        falls = self.built.tables.test_fall
        return float(sum(current * (falls @ seen.flow[:, column]) for column, current in self.carriers))

    def adsorbed(self, seen: Snapshot) -> list[float]:
        """Return the mean content of every plane, mol/m2."""
        return [
            float(seen.held[cells, self.built.number(name)].sum() / areas.sum()) for (cells, areas), name in self.planes
        ]

    def save(self) -> Mapping[str, Entry]:
        return self.agenda.save()

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.agenda.restore(saved, step)
