"""The sources of thermal and reaction noise: every flow carries a white fluctuation of its own, of one-sided density

    S = 2 M / N_A,   M both ways of the flow together, (mol/s)^2/Hz

    M by its kind       `eisfv.analysis.both_ways`
    one way for good    M = N                      what a surface loses

Flows and slopes are those of the assembled equations; a law of transfer needs no word here.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from eisfv.analysis.both_ways import Evaluated, barrier, bulk, eases, levels_of, own_moves
from eisfv.constants import AVOGADRO
from eisfv.device.tables import Floats, Ints
from eisfv.equations.assemble import clear
from eisfv.equations.contacts import BATH_CONTACT, OHMIC_CONTACT, RESISTIVE_CONTACT, add_contact
from eisfv.equations.system import system_handle
from eisfv.equations.traps import eased, gradients_of
from eisfv.equations.unknowns import of_species
from eisfv.mesh.records import GATE
from eisfv.physics.statistics import ABSENT, OHMIC
from eisfv.physics.transfer import BLOCKING, CONTINUOUS
from eisfv.physics.trapping import trapping


class Source(NamedTuple):
    """One fluctuation: what it adds to the balances of two cells, (cell, row, share) each; its share of the gate's
    current (charge through the test function); M in mol/s; process: region, interface or contact, and the species."""

    cells: tuple[int, int]
    rows: tuple[int, int]
    shares: tuple[float, float]
    through: float
    both_ways: float
    process: tuple[str, str]


class Sources(NamedTuple):
    """All fluctuations of a device, a row each; fields as of `Source`, process by its number in `processes`, density
    one-sided, (mol/s)^2/Hz."""

    cells: Ints  # (sources, 2)
    rows: Ints  # (sources, 2)
    shares: Floats  # (sources, 2)
    through: Floats
    process: Ints
    density: Floats
    processes: tuple[tuple[str, str], ...]

    def felt(self, answer: Floats) -> Floats:
        """Return what the balances' part of every source does to a read-out whose rows (cells, m) are worth `answer`
        to it."""
        return np.asarray((self.shares * answer[self.cells, self.rows]).sum(axis=1))


def sources(signal: Evaluated) -> Sources:
    """Return every source of a device."""
    parts = [*faces(signal), *(listed(found) for found in (contacts(signal), traps(signal)) if found)]
    processes = tuple(dict.fromkeys(process for part in parts for process in part.processes))
    places = {process: place for place, process in enumerate(processes)}
    own = [np.array([places[process] for process in part.processes], np.int64)[part.process] for part in parts]
    return Sources(
        np.concatenate([part.cells for part in parts]),
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.shares for part in parts]),
        np.concatenate([part.through for part in parts]),
        np.concatenate(own),
        np.concatenate([part.density for part in parts]),
        processes,
    )


def listed(found: list[Source]) -> Sources:
    """Return sources that were found one by one."""
    processes = tuple(dict.fromkeys(source.process for source in found))
    return Sources(
        np.array([source.cells for source in found], np.int64),
        np.array([source.rows for source in found], np.int64),
        np.array([source.shares for source in found], float),
        np.array([source.through for source in found]),
        np.array([processes.index(source.process) for source in found], np.int64),
        2.0 * np.array([source.both_ways for source in found]) / AVOGADRO,
        processes,
    )


def faces(signal: Evaluated) -> Iterator[Sources]:
    """Yield the sources of all flows through faces, species by species."""
    t, system = signal.built.tables, signal.system
    levels, names, region = levels_of(signal), signal.built.mesh.regions, signal.built.mesh.region
    ease = eases(signal)
    for s, charge in enumerate(t.charge.tolist()):
        kinds = t.kind[t.region, s]
        law = np.where(t.interface >= 0, t.transfer[t.interface, s, 0] if len(t.transfer) else CONTINUOUS, CONTINUOUS)
        there = (kinds[t.left] != ABSENT) & (kinds[t.right] != ABSENT) & ((t.interface < 0) | (law != BLOCKING))
        f = np.flatnonzero(there)
        if not f.size:
            continue
        left, right, inside = t.left[f], t.right[f], t.interface[f] < 0
        flow, affinity, even = system.flow[f, of_species(s)], levels[left, s] - levels[right, s], 2.0 * ease[f, s]
        hop = 2.0 * t.hop[t.region[left], s] / charge / np.where(inside, t.distance[f], np.inf)
        one_barrier = ~inside & (law[f] != CONTINUOUS)
        both = np.where(one_barrier, barrier(flow, affinity, even), bulk(flow, affinity, even, hop))
        both = np.where(kinds[left] == OHMIC, even, both)
        far = np.where(inside, region[left], region[right])
        sides, process = np.unique(region[left] * len(names) + far, return_inverse=True)
        pairs = [divmod(side, len(names)) for side in sides.tolist()]
        words = [names[i] if i == j else f"{names[i]} | {names[j]}" for i, j in pairs]
        rows, shares = np.full((f.size, 2), of_species(s)), np.tile([1.0, -1.0], (f.size, 1))
        species = signal.built.species[s]
        yield Sources(
            np.stack([left, right], axis=1),
            rows,
            shares,
            t.test_fall[f] * charge,
            process,
            2.0 * both / AVOGADRO,
            tuple((word, species) for word in words),
        )


def contacts(signal: Evaluated) -> list[Source]:
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
                both = barrier(flow, affinity, 2.0 * ease)
            elif kind == BATH_CONTACT:
                hop = 2.0 * t.hop[t.region[cell], s] / t.charge[s] / t.contact_distance[b]
                both = bulk(flow, affinity, 2.0 * ease, hop)
            else:
                both = bulk(flow, affinity, 2.0 * ease, 0.0)
            process = (side, signal.built.species[s])
            found.append(Source((cell, cell), (row, row), (1.0, 0.0), 0.0, float(both), process))
    system.slopes.transport.diagonal[:], system.residual[:], system.slopes.storage[:] = kept
    return found


def loss_of(signal: Evaluated, b: int) -> float:
    """Return what leaves for good through a contact, mol/s of atoms."""
    t = signal.built.tables
    ease = float(t.contact[b, 2]) if t.contact.shape[1] > 2 else 0.0
    return (
        ease * float(signal.system.local.concentration[t.contact_cell[b], int(t.contact[b, 1])]) if ease > 0.0 else 0.0
    )


def traps(signal: Evaluated) -> list[Source]:
    """Return the sources of capture and release."""
    t, law = signal.built.tables, signal.system.local
    found = []
    gradients = gradients_of(signal.t, signal.at_state.u)
    for region, free, bound, capture, release, half_hop, attempts in t.trap.tolist():
        s, o = int(free), int(bound)
        for i in np.flatnonzero((t.region == int(region)) & (t.volume > 0.0)).tolist():
            held = law.concentration[i, s], law.free[i, s], law.free[i, o], law.concentration[i, o]
            speed = release * eased(gradients[i], half_hop, attempts)[0] if half_hop else release
            both = t.volume[i] * (trapping(*held, capture, 0.0)[0] - trapping(*held, 0.0, speed)[0])
            process = (signal.built.places[int(region)], f"{signal.built.species[s]} at traps")
            found.append(Source((i, i), (of_species(s), of_species(o)), (1.0, -1.0), 0.0, float(both), process))
    return found
