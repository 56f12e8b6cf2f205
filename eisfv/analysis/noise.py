"""Thermal and reaction noise of a device: spectral densities of gate current, gate voltage and conductance.

Every flow N carries a white fluctuation of its own, of one-sided density

    S = 2 M / N_A,   M both ways of the flow together, (mol/s)^2/Hz

    one barrier         M = N coth(A/2)            interfaces, reactive contacts, traps
    bulk, half cells    M = 2 (N/A) x coth x,      x = A a/(2 h): a hop of length a over a face of distance h; 1 without
    one way for good    M = N                      what a surface loses

    A   affinity, the fall of the electrochemical potential over RT; at equilibrium M = 2 dN/dA, and a spectrum obeys
        Nyquist's 4 k T Re Z on any mesh, as the flows obey detailed balance

What they do to a read-out follows from the transposed matrix of the small signal, one solve for all of them:

    (T + i w C)^T lam = border,   a = z w_f F - F (lam_left - lam_right),   S_I = sum |a|^2 S

Left out: 1/f noise of carriers, lateral modes of a stack: the densities are a lower limit, of an area that is the same
all over. Far from equilibrium an interface has full shot noise, a bulk the thermal noise of its carriers. The
field that an ohmic contact ends in a host (`equations.electrons_at_metals`) is not reciprocal: where its displacement
counts, above sigma/(2 pi eps) of that host, Nyquist is missed by up to a percent.
"""

from math import tanh
from typing import NamedTuple

import numpy as np

from eisfv.analysis.small_signal import Response, SmallSignal
from eisfv.constants import ELEMENTARY_CHARGE, FARADAY, GAS_CONSTANT
from eisfv.device.tables import Floats, Ints
from eisfv.equations.assemble import clear
from eisfv.equations.contacts import BATH_CONTACT, OHMIC_CONTACT, RESISTIVE_CONTACT, add_contact
from eisfv.equations.linearised import transposed_rest_by_flows
from eisfv.equations.system import system_handle
from eisfv.equations.unknowns import electrochemical, of_species
from eisfv.physics.statistics import ABSENT, OHMIC
from eisfv.physics.transfer import BLOCKING, CONTINUOUS
from eisfv.physics.trapping import trapping

AVOGADRO = FARADAY / ELEMENTARY_CHARGE  # 1/mol
BOLTZMANN = GAS_CONSTANT / AVOGADRO  # J/K
LEVEL = 1e-6  # RT: below, a flow over its affinity is rounding, and its slope stands for it


class Source(NamedTuple):
    """One fluctuation: what it adds to the balances of two cells, (cell, row, share) each; its share of the gate's
    current (charge through the test function); M in mol/s."""

    cells: tuple[int, int]
    rows: tuple[int, int]
    shares: tuple[float, float]
    through: float
    both_ways: float


class Densities(NamedTuple):
    """At one frequency, one-sided: of the gate's current where its voltage is given (A2/Hz), of its voltage at open
    circuit and what that is at equilibrium, 4 k T Re 1/Y (V2/Hz), of the conductance where the source's voltage is
    given and at open circuit (S2/Hz)."""

    current: float
    voltage: float
    nyquist: float
    conductance_closed: float
    conductance_open: float


class Noise:
    """The sources of a device at a state, and what they do."""

    def __init__(self, signal: SmallSignal) -> None:
        self.signal = signal
        found = [*faces(signal), *contacts(signal), *traps(signal)]
        self.cells: Ints = np.array([s.cells for s in found], np.int64).reshape(-1, 2)
        self.rows: Ints = np.array([s.rows for s in found], np.int64).reshape(-1, 2)
        self.shares: Floats = np.array([s.shares for s in found]).reshape(-1, 2)
        self.through: Floats = np.array([s.through for s in found])
        self.density: Floats = 2.0 * np.array([s.both_ways for s in found]) / AVOGADRO

    def at(self, response: Response, resistance: float = 0.0) -> Densities:
        """Return the densities at the frequency of a response, the one that `signal` was asked for last.

        resistance  in series with the gate, ohm; its own noise is in the conductance where a voltage is given
        """
        slopes, y, h = self.signal.system.slopes, response.admittance, response.transfer
        by_storage = 2j * np.pi * response.frequency
        by_current = self.felt(slopes.gate_current + by_storage * slopes.gate_charge, by_storage)
        current = FARADAY * (self.through - by_current)
        conductance = -self.felt(self.signal.by_unknowns.astype(complex), by_storage)
        seen = h / (1.0 + resistance * y)
        closed = self.summed(conductance - seen * resistance * current)
        thermal = 4.0 * BOLTZMANN * self.signal.built.device.temperature
        of_current = self.summed(current)
        return Densities(
            of_current,
            of_current / abs(y) ** 2,
            thermal * (1.0 / y).real,
            closed + thermal * resistance * abs(seen) ** 2,
            self.summed(conductance - h / y * current),
        )

    def felt(self, row: Floats, by_storage: complex) -> Floats:
        """Return what the cells' part of every source does to a read-out of this row (cells, m)."""
        signal = self.signal
        answer = signal.linear.solve_transposed(row)
        rest = transposed_rest_by_flows(signal.t, signal.slopes, signal.own, by_storage, row, answer)
        answer = answer + signal.linear.solve_transposed(rest)
        return np.asarray((self.shares * answer[self.cells, self.rows]).sum(axis=1))

    def summed(self, response: Floats) -> float:
        """Return the density of what every source does."""
        return float(np.abs(response) ** 2 @ self.density)


def faces(signal: SmallSignal) -> list[Source]:
    """Return the sources of all flows through faces."""
    t, system = signal.built.tables, signal.system
    levels = levels_of(signal)
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
            found.append(Source((left, right), (row, row), (1.0, -1.0), through, both))
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
        kind = int(t.contact[b, 0])
        loss = loss_of(signal, b) if kind == OHMIC_CONTACT else 0.0
        if loss > 0.0:
            ion = int(t.contact[b, 1])
            rows = of_species(ion), of_species(electron)
            found.append(Source((cell, cell), rows, (1.0, float(t.charge[ion])), 0.0, loss))
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
            found.append(Source((cell, cell), (row, row), (1.0, 0.0), 0.0, both))
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
    for region, free, bound, capture, release in t.trap.tolist():
        s, o = int(free), int(bound)
        for i in np.flatnonzero((t.region == int(region)) & (t.volume > 0.0)).tolist():
            held = law.concentration[i, s], law.free[i, o], law.concentration[i, o]
            both = t.volume[i] * (trapping(*held, capture, 0.0)[0] - trapping(*held, 0.0, release)[0])
            found.append(Source((i, i), (of_species(s), of_species(o)), (1.0, -1.0), 0.0, float(both)))
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
