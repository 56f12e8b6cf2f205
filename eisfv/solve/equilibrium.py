"""The state at the start: every region at its composition, the space charge at every interface relaxed.

In each region the electrochemical potential of every species that stores charge is the one of its neutral bulk; the
potential then solves Poisson's equation with the concentrations that follow, and electrons without storage carry
their steady leakage. Two hosts of different composition stay at their open-circuit voltage.
"""

import numpy as np

from eisfv.device.build import Built
from eisfv.device.tables import BLOCKED, Floats
from eisfv.equations.assemble import assemble
from eisfv.equations.local import local_laws, new_local
from eisfv.equations.system import new_system
from eisfv.model.contacts import BathContact, BlockingContact, OhmicContact, ReactiveContact
from eisfv.physics.statistics import DILUTE, LATTICE
from eisfv.solve.linear import LinearSolver
from eisfv.solve.newton import Iterate
from eisfv.solve.update import apply_update, present_unknowns

ITERATIONS_MAX = 200
TOLERANCE = 1e-11


class EquilibriumError(RuntimeError):
    """The initial state could not be found."""


def equilibrium(built: Built, linear: LinearSolver) -> Iterate:
    """Return the relaxed initial state and the gate voltage (RT/F); EquilibriumError where Newton fails."""
    t = built.tables
    levels, potential, gate = bulk_levels(built)
    u = np.concatenate([potential[t.region][:, None], built.bulk[t.region]], axis=1)
    u[:, 1:][t.kind[t.region] == 0] = 0.0
    start_leakage(built, u, levels)
    system = new_system(t, linear.part)
    limits = present_unknowns(t)
    stores = (t.kind[t.region] == DILUTE) | (t.kind[t.region] == LATTICE)
    none = np.zeros_like(system.stored)
    reason = "the space charge at an interface could not be relaxed"
    for _ in range(ITERATIONS_MAX):
        assemble(t, u, np.array([gate, 0.0]), none, 1.0, True, system)
        level = u[:, 1:] + system.local.mu + t.charge * u[:, :1]
        for s in range(len(t.charge)):
            rows = np.flatnonzero(stores[:, s])
            system.residual[rows, 1 + s] = level[rows, s] - levels[t.region[rows], s]
            system.diagonal[rows, 1 + s, :] = 0.0
            system.diagonal[rows, 1 + s, 0] = t.charge[s]
            system.diagonal[rows, 1 + s, 1:] = system.local.d_mu[rows, s, :]
            system.diagonal[rows, 1 + s, 1 + s] += 1.0
            system.upper[stores[t.left, s], 1 + s, :] = 0.0
            system.lower[stores[t.right, s], 1 + s, :] = 0.0
        if not linear.factor(system):
            reason = linear.reason
            break
        update = linear.solve(-system.residual)
        size, _, _ = apply_update(u, update, np.zeros_like(u), t.test, 0.0, limits)
        if not np.isfinite(size):
            reason = linear.reason
            break
        if 0.0 <= size < TOLERANCE * max(1.0, float(np.abs(u).max())):
            return Iterate(u, gate)
    raise EquilibriumError(f"the initial state did not converge: {reason}")


def bulk_levels(built: Built) -> tuple[Floats, Floats, float]:
    """Return the electrochemical potentials (regions, species) and potentials (regions) of the bulk, and the gate
    voltage.
    """
    t, device = built.tables, built.device
    regions = len(device.regions)
    local = new_local(regions, len(t.charge))
    u = np.concatenate([np.zeros((regions, 1)), built.bulk], axis=1)
    local_laws(t, np.arange(regions), u, local)
    chemical = built.bulk + local.mu
    potential = np.full(regions, np.nan)
    gate_end, channel_end = device.ends
    potential[channel_end] = bulk_against(built, chemical, channel_end, "channel")
    joints = touching(built)
    reached = [channel_end]
    for known in reached:
        for (a, b), face in joints.items():
            r = b if a == known else a
            if known in (a, b) and np.isnan(potential[r]):
                potential[r] = next_potential(built, chemical, potential, known, r, face)
                reached.append(r)
    if len(reached) < regions:
        lost = ", ".join(device.regions[r].name for r in range(regions) if r not in reached)
        raise EquilibriumError(f"no chain of regions joins {lost} to the channel contact")
    levels = chemical + t.charge * potential[:, None]
    gate = potential[gate_end] - bulk_against(built, chemical, gate_end, "gate")
    return levels, potential, float(gate)


def touching(built: Built) -> dict[tuple[int, int], int]:
    """Return one interface face of every two regions that touch."""
    t = built.tables
    faces = np.flatnonzero(t.joint >= 0)
    pairs = np.sort(np.stack([t.region[t.left[faces]], t.region[t.right[faces]]], axis=1), axis=1)
    return {(int(a), int(b)): int(face) for (a, b), face in zip(pairs, faces, strict=True)}


def bulk_against(built: Built, chemical: Floats, r: int, end: str) -> float:
    """Return the potential (RT/F) of the bulk of an end region against the metal of its contact, uncharged."""
    t, device = built.tables, built.device
    contact = device.gate if end == "gate" else device.channel
    if isinstance(contact, OhmicContact):
        return float(chemical[r, t.electron[0]])
    if isinstance(contact, ReactiveContact):
        s = built.number(contact.electrode.ion)
        volts = contact.electrode.potential / built.thermal_voltage
        return float(-volts - chemical[r, s] / t.charge[s])
    if isinstance(contact, BlockingContact):
        return -contact.zero_charge_voltage / built.thermal_voltage
    if isinstance(contact, BathContact):
        return 0.0
    return 0.0


def next_potential(built: Built, chemical: Floats, potential: Floats, known: int, r: int, face: int) -> float:
    """Return the potential of region r from its neighbour's across an interface face: level ions where one passes, else
    no double layer."""
    t = built.tables
    law = t.law[t.joint[face]]
    ions = [s for s in range(len(t.charge)) if law[s] != BLOCKED and s != t.electron[0]]
    electrons = [
        s for s in [int(t.electron[0])] if s >= 0 and law[s] != BLOCKED and t.kind[known, s] * t.kind[r, s] in (1, 2, 4)
    ]
    for s in ions + electrons:
        return float(potential[known] + (chemical[known, s] - chemical[r, s]) / t.charge[s])
    return float(potential[known])


def start_leakage(built: Built, u: Floats, levels: Floats) -> None:
    """Put the electrons of ohmic regions at a level between their neighbours', so that Newton starts near."""
    t = built.tables
    s = int(t.electron[0])
    if s < 0:
        return
    stored = (t.kind[:, s] == DILUTE) | (t.kind[:, s] == LATTICE)
    if not stored.any():
        return
    mean = float(levels[stored, s].mean())
    ohmic = ~stored[t.region] & (t.kind[t.region, s] != 0)
    u[ohmic, 1 + s] = mean - t.charge[s] * u[ohmic, 0]
