"""The sources of thermal and reaction noise: every flow carries a white fluctuation of its own, of one-sided density

    S = 2 M / N_A,   M both ways of the flow together, (mol/s)^2/Hz

    one barrier         M = N coth(A/2)            interfaces, reactive contacts, traps
    bulk, half cells    M = 2 (N/A) x coth x,      x = A a/(2 h): a hop of length a over a face of distance h; 1 without
    one way for good    M = N                      what a surface loses

    A   affinity, the fall of the electrochemical potential over RT; at equilibrium M = 2 dN/dA

Flows and slopes are those of the assembled equations; a law of transfer needs no word here.
"""

from math import tanh
from typing import NamedTuple

import numpy as np

from eisfv.analysis.small_signal import SmallSignal
from eisfv.device.tables import Floats
from eisfv.equations.assemble import clear
from eisfv.equations.contacts import BATH_CONTACT, OHMIC_CONTACT, RESISTIVE_CONTACT, add_contact
from eisfv.equations.system import system_handle
from eisfv.equations.traps import eased, gradients_of
from eisfv.equations.unknowns import electrochemical, of_species
from eisfv.mesh.records import GATE
from eisfv.physics.statistics import ABSENT, OHMIC
from eisfv.physics.transfer import BLOCKING, CONTINUOUS
from eisfv.physics.trapping import trapping

LEVEL = 1e-6  # RT: below, a flow over its affinity is rounding, and its slope stands for it


class Source(NamedTuple):
    """One fluctuation: what it adds to the balances of two cells, (cell, row, share) each; its share of the gate's
    current (charge through the test function); M in mol/s; process: region, interface or contact, and the species."""

    cells: tuple[int, int]
    rows: tuple[int, int]
    shares: tuple[float, float]
    through: float
    both_ways: float
    process: tuple[str, str]


def faces(signal: SmallSignal) -> list[Source]:
    """Return the sources of all flows through faces."""
    t, system = signal.built.tables, signal.system
    levels, names, region = levels_of(signal), signal.built.mesh.regions, signal.built.mesh.region
    ease = eases(signal)
    found = []
    for s in range(len(t.charge)):
        row = of_species(s)
        kinds = t.kind[t.region, s]
        for f in np.flatnonzero((kinds[t.left] != ABSENT) & (kinds[t.right] != ABSENT)):
            left, right, j = int(t.left[f]), int(t.right[f]), t.interface[f]
            flow, affinity = float(system.flow[f, row]), float(levels[left, s] - levels[right, s])
            if j >= 0 and t.transfer[j, s, 0] == BLOCKING:
                continue
            if kinds[left] == OHMIC:
                both = 2.0 * ease[f, s]
            elif j >= 0 and t.transfer[j, s, 0] != CONTINUOUS:
                both = barrier(flow, affinity, ease[f, s])
            else:
                hop = 2.0 * t.hop[t.region[left], s] / t.charge[s] / t.distance[f] if j < 0 else 0.0
                both = bulk(flow, affinity, ease[f, s], hop)
            through = float(t.test_fall[f] * t.charge[s])
            where = names[region[left]] if j < 0 else f"{names[region[left]]} | {names[region[right]]}"
            process = (where, signal.built.species[s])
            found.append(Source((left, right), (row, row), (1.0, -1.0), through, both, process))
    return found


def levels_of(signal: SmallSignal) -> Floats:
    """Return the electrochemical potentials (cells, species), RT."""
    return electrochemical(signal.built.tables, signal.at_state.u, signal.system.local.mu)


def eases(signal: SmallSignal) -> Floats:
    """Return dN/dA (faces, species) of level faces, mol/s: from the slopes against what one cell's own potential does,
    the cell whose potential moves the more."""
    t, upper, lower = signal.built.tables, signal.system.slopes.transport.upper, signal.system.slopes.transport.lower
    moves = own_moves(signal)
    out = np.zeros((len(t.left), len(t.charge)))
    for s in range(len(t.charge)):
        row = of_species(s)
        near, far = moves[t.left, s], moves[t.right, s]
        with np.errstate(divide="ignore", invalid="ignore"):
            from_left, from_right = -lower[:, row, row] / near, -upper[:, row, row] / far
        even = np.where(np.abs(np.abs(near) - np.abs(far)) < 0.5 * np.abs(far), 0.5 * (from_left + from_right), np.nan)
        one = np.where(np.abs(near) > np.abs(far), from_left, from_right)
        out[:, s] = np.where(np.isfinite(even), even, one)
    return np.maximum(out, 0.0)


def own_moves(signal: SmallSignal) -> Floats:
    """Return by how much the level of a species (cells, species) rises with its own unknown: 1 of a level."""
    t, d_mu = signal.built.tables, signal.system.local.d_mu
    count = len(t.charge)
    own = d_mu[:, np.arange(count), of_species(np.arange(count))]
    return np.where(t.follow[t.region][:, 1 : 1 + count] != 0.0, 1.0, 1.0 + own)


def contacts(signal: SmallSignal) -> list[Source]:
    """Return the sources of all flows through contacts: over a barrier by its law, else those of a half cell."""
    t, system, u = signal.built.tables, signal.alone, signal.at_state.u
    work, voltage = system_handle(system), (signal.at_state.voltage, 0.0)
    levels, moves, electron = levels_of(signal), own_moves(signal), int(t.electron[0])
    kept = system.slopes.transport.diagonal.copy(), system.residual.copy(), system.slopes.storage.copy()
    found = []
    for b, cell in enumerate(t.contact_cell.tolist()):
        clear(system.slopes.transport.diagonal, cell, cell + 1)
        system.residual[cell] = 0.0
        volts = voltage[t.terminal[b]]
        add_contact(signal.t, u, b, volts, 1.0, True, work)
        kind, side = int(t.contact[b, 0]), "gate" if t.terminal[b] == GATE else "channel contact"
        loss = loss_of(signal, b) if kind == OHMIC_CONTACT else 0.0
        if loss > 0.0:
            ion = int(t.contact[b, 1])
            rows = of_species(ion), of_species(electron)
            lost = (1.0, float(t.charge[ion]))
            found.append(Source((cell, cell), rows, lost, 0.0, loss, (side, f"{signal.built.species[ion]} lost")))
        for s in range(len(t.charge)):
            row = of_species(s)
            ease = float(system.slopes.transport.diagonal[cell, row, row] / moves[cell, s])
            if ease == 0.0 or (loss > 0.0 and s != electron):
                continue
            flow = float(system.residual[cell, row])
            if s == electron:
                affinity = float(levels[cell, s] - t.charge[s] * volts)
                flow -= loss * float(t.charge[int(t.contact[b, 1])]) if loss > 0.0 else 0.0
            elif kind == BATH_CONTACT:
                affinity = float(levels[cell, s] - t.contact_level[b, s] - system.bath.mu[b, s] - t.charge[s] * volts)
            else:
                affinity = float(levels[cell, s] - t.contact_level[b, s] - t.charge[s] * volts)
            one_barrier = s != electron and kind not in (BATH_CONTACT, OHMIC_CONTACT, RESISTIVE_CONTACT)
            if one_barrier and int(t.contact[b, 3]) != CONTINUOUS:
                both = barrier(flow, affinity, ease)
            elif kind == BATH_CONTACT:
                hop = 2.0 * t.hop[t.region[cell], s] / t.charge[s] / t.contact_distance[b]
                both = bulk(flow, affinity, ease, hop)
            else:
                both = bulk(flow, affinity, ease, 0.0)
            found.append(Source((cell, cell), (row, row), (1.0, 0.0), 0.0, both, (side, signal.built.species[s])))
    system.slopes.transport.diagonal[:], system.residual[:], system.slopes.storage[:] = kept
    return found


def loss_of(signal: SmallSignal, b: int) -> float:
    """Return what leaves for good through a contact, mol/s of atoms."""
    t = signal.built.tables
    ease = float(t.contact[b, 2]) if t.contact.shape[1] > 2 else 0.0
    return (
        ease * float(signal.system.local.concentration[t.contact_cell[b], int(t.contact[b, 1])]) if ease > 0.0 else 0.0
    )


def traps(signal: SmallSignal) -> list[Source]:
    """Return the sources of capture and release."""
    t, law = signal.built.tables, signal.system.local
    found = []
    gradients = gradients_of(signal.t, signal.at_state.u)
    for region, free, bound, capture, release, half_hop, attempts in t.trap.tolist():
        s, o = int(free), int(bound)
        for i in np.flatnonzero((t.region == int(region)) & (t.volume > 0.0)).tolist():
            held = law.concentration[i, s], law.free[i, o], law.concentration[i, o]
            speed = release * eased(gradients[i], half_hop, attempts)[0] if half_hop else release
            both = t.volume[i] * (trapping(*held, capture, 0.0)[0] - trapping(*held, 0.0, speed)[0])
            process = (signal.built.places[int(region)], f"{signal.built.species[s]} at traps")
            found.append(Source((i, i), (of_species(s), of_species(o)), (1.0, -1.0), 0.0, float(both), process))
    return found


def barrier(flow: float, affinity: float, ease: float) -> float:
    """Return both ways of a flow over one barrier, mol/s; ease: dN/dA where it is level."""
    return 2.0 * ease if abs(affinity) < LEVEL else abs(flow / tanh(0.5 * affinity))


def bulk(flow: float, affinity: float, ease: float, hop: float) -> float:
    """Return both ways of a flow in a bulk, mol/s; hop: length of a hop over the distance of the face."""
    if abs(affinity) < LEVEL:
        return 2.0 * ease
    x = 0.5 * affinity * abs(hop)
    return 2.0 * abs(flow / affinity) * (x / tanh(x) if abs(x) > LEVEL else 1.0)
