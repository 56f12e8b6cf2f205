"""Cell profiles when the case wants them and at the times of the field files, interpolated between accepted steps."""

from collections.abc import Mapping

import numpy as np

from eisfv.constants import FARADAY
from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import electrochemical, of_species, potential, species
from eisfv.model.steps import Step
from eisfv.observers.agenda import Agenda
from eisfv.observers.observer import Entry, Onlooker, Watched
from eisfv.observers.readout import each
from eisfv.observers.schedule import schedule_of
from eisfv.observers.snapshot import Snapshot, snapshot
from eisfv.observers.vectors import CellVectors
from eisfv.physics.statistics import ABSENT, stored_where
from eisfv.result import ProfileVariable
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State


class Profiles(Onlooker):
    """Records of the profile journal, each time once."""

    def __init__(self, watched: Watched) -> None:
        built, output = watched.built, watched.output
        self.values = ProfileValues(built)
        schedules = [schedule_of(output.profiles), schedule_of(output.fields)]
        self.agenda = Agenda("profiles", schedules, built.tables, len(watched.protocol))
        self.sink = watched.journal(profile_variables(built))

    def begin(self, step: Step, state: State) -> None:
        wanted = self.agenda.begin(step, state)
        if any(wanted):
            self.write(snapshot(self.values.built.tables, state), wanted)

    def accept(self, accepted: Accepted) -> None:
        for seen, wanted in self.agenda.accept(accepted):
            self.write(seen, wanted)

    def end(self, step: Step, state: State) -> None:
        self.agenda.end()

    def write(self, seen: Snapshot, wanted: tuple[bool, ...]) -> None:
        """Write one record, marked where it is a field."""
        _, field = wanted
        self.sink(seen.time, self.agenda.number + 1, seen.offset, self.values.of(seen), field)

    def save(self) -> Mapping[str, Entry]:
        return self.agenda.save()

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.agenda.restore(saved, step)


def profile_variables(built: Built) -> list[ProfileVariable]:
    """Return name, unit and meaning of every profile of a device."""
    t = built.tables
    found = [ProfileVariable("potential", "V", "electric potential")]
    for s, name in enumerate(built.species):
        if stored_where(t.kind[: len(built.mesh.regions), s]).any():
            found.append(ProfileVariable(f"concentration_{name}", "mol/m3", f"concentration of {name}"))
        found.append(
            ProfileVariable(f"electrochemical_potential_{name}", "V", f"electrochemical potential of {name} over zF")
        )
        found += vector(built, f"current_density_{name}", "A/m2", f"current density of {name}")
    found += vector(built, "current_density", "A/m2", "current density of all species")
    for ion in sorted({int(i) for i in t.ion if i >= 0}):
        found.append(
            ProfileVariable(
                f"site_fraction_{built.species[ion]}", "1", f"filled share of the sites of {built.species[ion]}"
            )
        )
    if (t.ion >= 0).any():
        found.append(ProfileVariable("conductivity", "S/m", "electronic conductivity of a host"))
    return found


def vector(built: Built, name: str, unit: str, meaning: str) -> list[ProfileVariable]:
    """Return the variables of a vector: its component from gate to channel in a stack, both components in a section."""
    if built.mesh.outline is None:
        return [ProfileVariable(name, unit, f"{meaning}, from gate to channel")]
    return [
        ProfileVariable(f"{name}_x", unit, f"{meaning}, along x"),
        ProfileVariable(f"{name}_y", unit, f"{meaning}, from gate to channel"),
    ]


class ProfileValues:
    """The profiles of a device."""

    def __init__(self, built: Built) -> None:
        self.built, t = built, built.tables
        self.vectors = CellVectors(built.mesh)
        self.here = t.kind[t.region].T != ABSENT  # (species, cells)
        self.stores = stored_where(t.kind[t.region]) & (t.volume[:, None] > 0.0)
        self.volume = np.where(self.stores, t.volume[:, None], 1.0)

    def of(self, seen: Snapshot) -> dict[str, Floats]:
        """Return the profiles (cells) at an instant, NaN where a species is absent."""
        built, t, u = self.built, self.built.tables, seen.u
        local = laws_at(t, t.region, u)
        values: dict[str, Floats] = {"potential": potential(u) * built.thermal_voltage}
        concentration = self.concentration(seen.held, local.concentration)
        levels = electrochemical(t, u, local.mu)
        for s, name in enumerate(built.species):
            here = self.here[s]
            values[f"concentration_{name}"] = np.where(here, concentration[:, s], np.nan)
            level = levels[:, s] / (t.charge[s] or 1)
            values[f"electrochemical_potential_{name}"] = np.where(here, level * built.thermal_voltage, np.nan)
            density = self.vectors.of(f"current_density_{name}", seen.flow[:, of_species(s)] * t.charge[s] * FARADAY)
            values |= {part: np.where(here, component, np.nan) for part, component in density.items()}
        values |= self.vectors.of("current_density", species(seen.flow, t) @ t.charge * FARADAY)
        return values | self.of_hosts(concentration)

    def concentration(self, held: Floats, of_potentials: Floats) -> Floats:
        """Return the concentrations (cells, species) of what the cells hold (cells, species) in mol, as the balances
        have it; those of the potentials differ by what Newton left, and stand where nothing is held.
        """
        # Between two steps the parabola of a nearly empty cell's amount may dip below zero.
        return np.where(self.stores & (held > 0.0), held / self.volume, of_potentials)

    def of_hosts(self, concentration: Floats) -> dict[str, Floats]:
        """Return the filling and the conductivity of the hosts, NaN elsewhere."""
        t = self.built.tables
        nowhere = np.full(len(t.region), np.nan)
        values: dict[str, Floats] = {}
        sigma = nowhere.copy()
        for r, ion in enumerate(t.ion):
            if ion < 0:
                continue
            cells = np.flatnonzero(t.region == r)
            x = concentration[cells, ion] / t.density[r, ion]
            values.setdefault(f"site_fraction_{self.built.species[ion]}", nowhere.copy())[cells] = x
            sigma[cells] = each(t.sigma[r], t.charge[ion] * x)
        return {**values, "conductivity": sigma}
