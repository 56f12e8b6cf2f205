"""The levels and potentials of the neutral regions, joined across their interfaces: where the start begins to relax."""

import numpy as np

from eisfv.device.build import Built
from eisfv.device.bulk import concentrations
from eisfv.device.tables import Floats
from eisfv.equations.local import Local, laws_at
from eisfv.equations.unknowns import unknowns
from eisfv.mesh.records import CHANNEL, GATE
from eisfv.model.contacts import Contact
from eisfv.model.exchanging_contact import ExchangingContact
from eisfv.model.injecting_contact import InjectingContact
from eisfv.model.materials import ELECTRON, HOLE, Material
from eisfv.physics.statistics import stored_where
from eisfv.physics.transfer import BLOCKING, CONTINUOUS, exchange_activity
from eisfv.solve.errors import EquilibriumError


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
    """Return the potential of region r from its neighbour's across an interface face: that at which what both store and
    what passes carries no net current; no double layer where nothing does.

        phi_r - phi_k = sum over s of t_s (mu_k,s - mu_r,s)/z_s,   t_s = G_s / sum of G

    G_s is the conductance of the joint and of both neutral regions to a species. Where one ion passes it is level; two
    solutions of one salt begin with their diffusion potential, two hosts of one ion with their electrons level. Any
    other potential would be gone within the time in which charge relaxes, eps/sigma.
    """
    t = built.tables
    stored = stored_where(t.kind[known]) & stored_where(t.kind[r])
    stored &= t.charge != 0  # an uncharged solute knows no potential
    passing = [int(s) for s in np.flatnonzero(stored) if t.transfer[t.interface[face], s, 0] != BLOCKING]
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
