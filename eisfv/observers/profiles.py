"""Cell profiles at regular times and at the times of the field files, interpolated between accepted steps."""

from collections.abc import Callable, Mapping

import numpy as np

from eisfv.constants import FARADAY
from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.model.output import Output, interval
from eisfv.model.protocol import Step
from eisfv.observers.readout import each
from eisfv.observers.records import Entry, blended
from eisfv.observers.vectors import CellVectors
from eisfv.physics.statistics import ABSENT, DILUTE, LATTICE
from eisfv.solve.newton import Iterate, Known, Newton
from eisfv.stepping.integrate import Accepted
from eisfv.stepping.state import State, amounts
from eisfv.stepping.tr_bdf2 import interpolated

Sink = Callable[[float, Mapping[str, Floats], bool], None]


class Profiles:
    """Records of the profile journal, each time once. `steps` is the number of protocol steps."""

    def __init__(self, built: Built, newton: Newton, options: Output, steps: int, sink: Sink) -> None:
        self.built, self.newton, self.sink = built, newton, sink
        self.vectors = CellVectors(built.mesh)
        self.interval = interval(options.profiles)
        self.moments = {word for word in options.fields.at if isinstance(word, str)}
        self.times = sorted(float(t) for t in options.fields.at if not isinstance(t, str))
        self.steps, self.ended = steps, 0
        self.written, self.field_number, self.step_end = 0, 0, 0.0
        self.started = False

    def begin(self, step: Step, state: State) -> None:
        self.step_end = state.time + step.duration
        if not self.started:
            self.started = True
            self.due(state.time, state.at, state.flow, self.held(state), "start" in self.moments)

    def accept(self, accepted: Accepted) -> None:
        while True:
            upcoming = self.next_time()
            # What falls on the end of the protocol step is written there, once.
            if upcoming > accepted.end.time or upcoming >= self.step_end * (1.0 - 1e-12):
                return
            flow, held = (blended(accepted, upcoming, take) for take in (lambda s: s.flow, self.held))
            self.due(upcoming, interpolated(accepted.start, accepted.middle, accepted.end, upcoming), flow, held, False)

    def end(self, step: Step, state: State) -> None:
        self.step_end = state.time
        self.ended += 1
        wanted = "end of step" in self.moments or ("end of pulse" in self.moments and step.pulse)
        wanted = wanted or ("end" in self.moments and self.ended == self.steps)
        if wanted or self.next_time() <= state.time * (1.0 + 1e-12):
            self.due(state.time, state.at, state.flow, self.held(state), wanted)

    def held(self, state: State) -> Floats:
        """Return what the cells hold of each species (cells, species) in mol."""
        return amounts(self.built.tables, state)

    def next_time(self) -> float:
        """Return the next regular time or field time in s."""
        regular = self.written * self.interval if self.interval is not None else np.inf
        field = self.times[self.field_number] if self.field_number < len(self.times) else np.inf
        return min(regular, field)

    def due(self, time: float, at: Iterate, flow: Floats, held: Floats, field: bool) -> None:
        """Write one record and pass over every time it serves."""
        if self.interval is not None:
            while self.written * self.interval <= time * (1.0 + 1e-12):
                self.written += 1
        while self.field_number < len(self.times) and self.times[self.field_number] <= time * (1.0 + 1e-12):
            self.field_number += 1
            field = True
        if field or self.interval is not None:
            self.sink(time, profile_values(self.built, self.newton, self.vectors, at, flow, held), field)

    def save(self) -> Mapping[str, Entry]:
        counts = {"profiles written": self.written, "profiles field": self.field_number, "profiles ended": self.ended}
        return {**counts, "profiles end": self.step_end}

    def restore(self, saved: Mapping[str, Entry]) -> None:
        self.written, self.field_number = int(saved["profiles written"]), int(saved["profiles field"])
        self.ended, self.step_end, self.started = int(saved["profiles ended"]), float(saved["profiles end"]), True


def profile_variables(built: Built) -> list[tuple[str, str, str]]:
    """Return name, unit and meaning of every profile of a device."""
    t = built.tables
    found = [("potential", "V", "electric potential")]
    for s, name in enumerate(built.species):
        if (t.density[:, s][t.kind[:, s] != ABSENT] != 1.0).any():
            found.append((f"concentration_{name}", "mol/m3", f"concentration of {name}"))
        found.append((f"electrochemical_potential_{name}", "V", f"electrochemical potential of {name} over zF"))
        found += vector(built, f"current_density_{name}", "A/m2", f"current density of {name}")
    found += vector(built, "current_density", "A/m2", "current density of all species")
    for ion in sorted({int(i) for i in t.ion if i >= 0}):
        found.append((f"site_fraction_{built.species[ion]}", "1", f"filled share of the sites of {built.species[ion]}"))
    if (t.ion >= 0).any():
        found.append(("conductivity", "S/m", "electronic conductivity of a host"))
    return found


def vector(built: Built, name: str, unit: str, meaning: str) -> list[tuple[str, str, str]]:
    """Return the variables of a vector: its component from gate to channel in a stack, both components in a section."""
    if built.mesh.outline is None:
        return [(name, unit, f"{meaning}, from gate to channel")]
    return [(f"{name}_x", unit, f"{meaning}, along x"), (f"{name}_y", unit, f"{meaning}, from gate to channel")]


def profile_values(
    built: Built, newton: Newton, at_cells: CellVectors, at: Iterate, flow: Floats, held: Floats
) -> dict[str, Floats]:
    """Return the profiles (cells) at a state with its flows (faces, 1 + species), NaN where a species is absent.

    held (cells, species): what the cells hold, in mol. Concentrations are taken from it, as the balances have it; those
    of the potentials differ by what Newton left, and stand where nothing is held.
    """
    t = built.tables
    system = newton.system
    newton.evaluate(at, Known(system.stored, 0.0), 1.0, False)
    values: dict[str, Floats] = {"potential": at.u[:, 0] * built.thermal_voltage}
    kinds = t.kind[t.region]
    # Between two steps the parabola of a nearly empty cell's amount may dip below zero.
    stores = (held > 0.0) & (t.volume[:, None] > 0.0) & ((kinds == DILUTE) | (kinds == LATTICE))
    concentration = np.where(stores, held / np.where(stores, t.volume[:, None], 1.0), system.local.concentration)
    for s, name in enumerate(built.species):
        here = kinds[:, s] != ABSENT
        values[f"concentration_{name}"] = np.where(here, concentration[:, s], np.nan)
        level = (at.u[:, 1 + s] + system.local.mu[:, s]) / (t.charge[s] or 1) + at.u[:, 0] * (t.charge[s] != 0)
        values[f"electrochemical_potential_{name}"] = np.where(here, level * built.thermal_voltage, np.nan)
        density = at_cells.of(f"current_density_{name}", flow[:, 1 + s] * t.charge[s] * FARADAY)
        values |= {part: np.where(here, component, np.nan) for part, component in density.items()}
    values |= at_cells.of("current_density", flow[:, 1:] @ t.charge * FARADAY)
    sigma = np.full(len(t.region), np.nan)
    for r, ion in enumerate(t.ion):
        if ion < 0:
            continue
        cells = np.flatnonzero(t.region == r)
        x = concentration[cells, ion] / t.density[r, ion]
        fraction = values.setdefault(f"site_fraction_{built.species[ion]}", np.full(len(t.region), np.nan))
        fraction[cells] = x
        sigma[cells] = each(t.sigma[r], t.charge[ion] * x)
    values["conductivity"] = sigma
    return values
