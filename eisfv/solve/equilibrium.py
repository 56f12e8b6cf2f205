"""The state at the start: every region at its composition, the space charge at every interface relaxed.

In each region the electrochemical potential of every species that stores charge is the one of its neutral bulk; the
potential then solves Poisson's equation with the concentrations that follow, and electrons without storage carry
their steady leakage. Two hosts of different composition stay at their open-circuit voltage.
"""

from typing import NamedTuple

import numpy as np

from eisfv.device.build import Built
from eisfv.device.bulk import concentrations
from eisfv.device.tables import Floats, Ints
from eisfv.equations.assemble import assemble
from eisfv.equations.linearised import combine, linearised_handle, new_blocks
from eisfv.equations.local import Local, laws_at
from eisfv.equations.system import new_system, system_handle
from eisfv.equations.tables_handle import tables_handle
from eisfv.equations.unknowns import POTENTIAL, electrochemical, of_species, unknowns
from eisfv.errors import FAILED, EisfvError
from eisfv.mesh.records import CHANNEL, GATE
from eisfv.model.contacts import Contact, ExchangingContact
from eisfv.model.injecting_contact import InjectingContact
from eisfv.model.materials import ELECTRON, HOLE, Material
from eisfv.physics.statistics import ABSENT, stored_where
from eisfv.physics.transfer import BLOCKING, CONTINUOUS, exchange_activity
from eisfv.solve.convergence import CONTRACTION_KEPT
from eisfv.solve.linear import LinearSolver
from eisfv.solve.newton import Iterate
from eisfv.solve.update import apply_update, present_unknowns

TOLERANCE = 1e-11
# After an update this small (RT) the factors it came from serve on, as long as the updates shrink by CONTRACTION_KEPT.
SMALL = 1e-2


class Pace(NamedTuple):
    """How far one iteration may go: `whole` bounds the largest entry of the update, which is shortened as one vector,
    `each` every entry by itself, in RT and RT/F; None for the limits of any Newton iteration."""

    iterations: int
    whole: float | None = None
    each: float | None = None


# A plain Newton first; where it runs away, steps so short that the exponentials are nearly linear. Over a steep step of
# U(x) it leaps to and fro: a table that falls by 450 mV between two plateaus starts from every composition with 0.2 RT
# an iteration, from a third of them with 0.5. A volt then takes 200 iterations. An update that turns back on the one
# before is halved, so that no leap between two sides of a kink goes on for ever.
LEAST_SHARE = 1e-3
PACES = (Pace(200), Pace(600, whole=1.0), Pace(2000, each=1.0), Pace(2000, each=0.2))


class EquilibriumError(EisfvError):
    """The initial state could not be found."""

    exit_code = FAILED


def equilibrium(built: Built, linear: LinearSolver) -> Iterate:
    """Return the relaxed initial state and the gate voltage (RT/F); EquilibriumError where Newton fails."""
    t = built.tables
    levels, phi, gate = bulk_levels(built)
    start = unknowns(t, t.region, phi[t.region], np.where(t.kind[t.region] == ABSENT, 0.0, built.bulk[t.region]))
    start_leakage(built, start, levels)
    reasons = []
    for pace in PACES:
        u = start.copy()
        reason = relax(built, linear, u, levels, gate, pace)
        if reason is None:
            return Iterate(u, gate)
        reasons.append(reason)
    raise EquilibriumError(f"the initial state did not converge: {reasons[0]}")


def relax(built: Built, linear: LinearSolver, u: Floats, levels: Floats, gate: float, pace: Pace) -> str | None:
    """Move u to the relaxed state at a pace; return None, or why it could not be reached."""
    t, covered = built.tables, coverages(built)
    system = new_system(t, linear.part)
    tables, work, slopes = tables_handle(t), system_handle(system), linearised_handle(system.slopes)
    matrix = new_blocks(t)
    limits = present_unknowns(t)
    if pace.each is not None:
        limits = np.where(np.isinf(limits), limits, np.minimum(limits, pace.each))
    stores = stored_where(t.kind[t.region])
    none = np.zeros_like(system.stored)
    fresh, before = True, np.inf
    share, last = 1.0, np.zeros_like(u)
    for _ in range(pace.iterations):
        assemble(tables, u, np.array([gate, 0.0]), none, 1.0, fresh, work)
        if fresh:
            combine(tables, slopes, 1.0, 1.0, matrix)
        level = electrochemical(t, u, system.local.mu)
        for s in range(len(t.charge)):
            rows, row = np.flatnonzero(stores[:, s]), of_species(s)
            system.residual[rows, row] = level[rows, s] - levels[t.region[rows], s]
            leveled = t.follow[t.region[rows], row] != 0.0
            matrix.diagonal[rows, row, :] = np.where(leveled[:, None], 0.0, system.local.d_mu[rows, s])
            matrix.diagonal[rows, row, row] += 1.0
            matrix.diagonal[rows, row, POTENTIAL] += t.charge[s] - t.follow[t.region[rows], row]
            matrix.upper[stores[t.left, s], row, :] = 0.0
            matrix.lower[stores[t.right, s], row, :] = 0.0
        for cells, s, y in covered:  # what a plane has adsorbed waits, whatever the potential
            system.residual[cells, of_species(s)] = u[cells, of_species(s)] - y
            matrix.diagonal[cells, of_species(s), POTENTIAL] = 0.0
        if fresh and not linear.factor(matrix):
            return linear.reason
        update = linear.solve(-system.residual)
        if pace != PACES[0]:
            share = max(0.5 * share, LEAST_SHARE) if float(np.vdot(update, last)) < 0.0 else min(1.2 * share, 1.0)
            last = update.copy()
            update *= share
        if pace.whole is not None:
            update *= min(1.0, pace.whole / max(float(np.abs(update).max()), pace.whole))
        size, _, _ = apply_update(tables, u, update, np.zeros_like(u), 0.0, limits, 0.0)
        if not np.isfinite(size):
            return linear.reason
        if 0.0 <= size < TOLERANCE * share * max(1.0, float(np.abs(u).max())):
            return None
        fresh = not 0.0 <= size < min(SMALL, CONTRACTION_KEPT * before)
        before = size
    return "the space charge at an interface could not be relaxed"


def coverages(built: Built) -> list[tuple[Ints, int, float]]:
    """Return the cells of every plane, each species that it adsorbs and its y at the start."""
    first = len(built.device.regions)
    return [
        (np.flatnonzero(built.tables.region == row), built.number(name), float(built.bulk[row, built.number(name)]))
        for row, plane in enumerate(built.planes, first)
        for name in plane.sites
    ]


def bulk_levels(built: Built) -> tuple[Floats, Floats, float]:
    """Return the electrochemical potentials (rows of laws, species) and potentials (rows) of the bulk, and the gate
    voltage.
    """
    t, device = built.tables, built.device
    regions = len(device.regions)
    own = np.arange(len(built.bulk))
    local = laws_at(t, own, unknowns(t, own, np.zeros(len(own)), built.bulk))
    chemical = built.bulk + local.mu
    fill_at_barriers(built, chemical)
    phi = np.full(regions, np.nan)
    gate_end, channel_end = device.ends
    phi[channel_end] = bulk_against(built, chemical, channel_end, "channel")
    interfaces = neighbours(built)
    reached = [channel_end]
    for known in reached:
        for (a, b), face in interfaces.items():
            r = b if a == known else a
            if known in (a, b) and np.isnan(phi[r]):
                phi[r] = next_potential(built, local, chemical, phi, known, r, face)
                reached.append(r)
    if len(reached) < regions:
        lost = ", ".join(device.regions[r].name for r in range(regions) if r not in reached)
        raise EquilibriumError(f"no chain of regions joins {lost} to the channel contact")
    phi = np.append(phi, [phi[plane.region] for plane in built.planes])
    levels = chemical + t.charge * phi[:, None]
    gate = phi[gate_end] - bulk_against(built, chemical, gate_end, "gate")
    return levels, phi, float(gate)


def neighbours(built: Built) -> dict[tuple[int, int], int]:
    """Return one interface face of every two regions that touch."""
    t, region = built.tables, built.mesh.region
    faces = np.flatnonzero(t.interface >= 0)
    pairs = np.sort(np.stack([region[t.left[faces]], region[t.right[faces]]], axis=1), axis=1)
    return {(int(a), int(b)): int(face) for (a, b), face in zip(pairs, faces, strict=True)}


def bulk_against(built: Built, chemical: Floats, r: int, end: str) -> float:
    """Return the potential (RT/F) of the bulk of an end region against the metal of its contact, uncharged."""
    t, device = built.tables, built.device
    contact = device.gate if end == "gate" else device.channel
    faces = np.flatnonzero(t.terminal == (GATE if end == "gate" else CHANNEL))
    match contact.level:
        case "electron" | "carrier":
            s = built.number(carrier_of(contact, device.regions[r].material))
            return float(-chemical[r, s] / t.charge[s])
        case "ion":
            assert isinstance(contact, ExchangingContact)
            s = built.number(contact.electrode.ion)
            return float((t.contact_level[faces[0], s] - chemical[r, s]) / t.charge[s])
        case "wall":
            return float(-t.contact_zero[faces[0]])
        case "none":
            return 0.0
    raise EquilibriumError(f'the {end} contact is level by "{contact.level}", which the start does not know')


def fill_at_barriers(built: Built, chemical: Floats) -> None:
    """Give a band that begins empty behind an injecting metal the chemical potential (RT) of its carriers at the metal:
    so many enter it that no field ends there. Of the neutral bulk there is none."""
    t, device = built.tables, built.device
    for end, place in zip(device.ends, (GATE, CHANNEL), strict=True):
        contact, region = (device.gate if place == GATE else device.channel), device.regions[end]
        if not isinstance(contact, InjectingContact):
            continue
        s = built.number(contact.carrier)
        if concentrations(region, device.temperature)[contact.carrier] == 0.0:
            chemical[end, s] = t.charge[s] * t.contact_zero[np.flatnonzero(t.terminal == place)[0]]


def carrier_of(contact: Contact, material: Material) -> str:
    """Return the carrier that is level with the metal of a contact: its own, else electrons, else holes."""
    if isinstance(contact, InjectingContact):
        return contact.carrier
    return ELECTRON if ELECTRON in material.species else HOLE


def next_potential(built: Built, local: Local, chemical: Floats, phi: Floats, known: int, r: int, face: int) -> float:
    """Return the potential of region r from its neighbour's across an interface face: that at which the ions that pass
    carry no net current, else that at which electrons do not, else no double layer.

        phi_r - phi_k = sum over s of t_s (mu_k,s - mu_r,s)/z_s,   t_s = G_s / sum of G

    G_s is the conductance of the joint and of both neutral regions to a species. Where one ion passes it is level; two
    solutions of one salt begin with their diffusion potential.
    """
    t = built.tables
    stored = stored_where(t.kind[known]) & stored_where(t.kind[r])
    stored &= t.charge != 0  # an uncharged solute knows no potential
    passing = [int(s) for s in np.flatnonzero(stored) if t.transfer[t.interface[face], s, 0] != BLOCKING]
    passing = [s for s in passing if s != t.electron[0]] or passing
    ease = np.array([conductance(built, local, known, r, face, s) for s in passing])
    if not ease.any():
        ease[:] = 1.0
    jumps = (chemical[known, passing] - chemical[r, passing]) / t.charge[passing]
    return float(phi[known] + (ease / ease.sum()) @ jumps) if passing else float(phi[known])


def conductance(built: Built, local: Local, a: int, b: int, face: int, s: int) -> float:
    """Return the conductance (mol of charge/s per RT and area) of two regions and their joint to a species of the
    neutral bulk; local: the laws there, of every region."""
    t, regions = built.tables, built.device.regions
    row = t.transfer[t.interface[face], s]
    shares = [local.concentration[r, s] / t.density[r, s] for r in (a, b)]
    carried = [local.diffusivity[r, s] * local.concentration[r, s] / regions[r].height for r in (a, b)]
    if min(carried) <= 0.0:
        return 0.0
    resistance = sum(1.0 / ease for ease in carried)
    if row[0] != CONTINUOUS:
        exchange = exchange_activity(row, shares[0], local.free[a, s], shares[1], local.free[b, s])
        resistance += built.mesh.area[face] / (t.transfer_rate[t.interface[face], s] * exchange)
    return float(t.charge[s]) ** 2 / float(resistance)


def start_leakage(built: Built, u: Floats, levels: Floats) -> None:
    """Put the electrons of ohmic regions at a level between their neighbours', so that Newton starts near."""
    t = built.tables
    s = int(t.electron[0])
    if s < 0:
        return
    stored = stored_where(t.kind[:, s])
    if not stored.any():
        return
    mean = float(levels[stored, s].mean())
    ohmic = ~stored[t.region] & (t.kind[t.region, s] != ABSENT)
    follow = t.follow[t.region[ohmic], of_species(s)]
    u[ohmic, of_species(s)] = mean - (t.charge[s] - follow) * u[ohmic, POTENTIAL]
