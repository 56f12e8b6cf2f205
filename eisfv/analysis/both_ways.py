"""Both ways of a flow together, M in mol/s, by what the assembled equations say of it:

one barrier         M = N coth(A/2)            interfaces, reactive contacts, traps
bulk, half cells    M = 2 (N/A) x coth x,      x = A a/(2 h): a hop of length a over a face of distance h; 1 without

A   affinity, the fall of the electrochemical potential over RT; at equilibrium M = 2 dN/dA
"""

from typing import Any, Protocol

import numpy as np

from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.equations.system import System
from eisfv.equations.unknowns import electrochemical, of_species
from eisfv.solve.stage_records import Iterate

Values = Floats | float
LEVEL = 1e-6  # RT: below, a flow over its affinity is rounding, and its slope stands for it


class Evaluated(Protocol):
    """A device whose equations were evaluated at a state, with slopes; `alone`: without a face."""

    @property
    def built(self) -> Built: ...
    @property
    def t(self) -> Any: ...
    @property
    def at_state(self) -> Iterate: ...
    @property
    def system(self) -> System: ...
    @property
    def alone(self) -> System: ...


def levels_of(signal: Evaluated) -> Floats:
    """Return the electrochemical potentials (cells, species), RT."""
    return electrochemical(signal.built.tables, signal.at_state.u, signal.system.local.mu)


def eases(signal: Evaluated) -> Floats:
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


def own_moves(signal: Evaluated) -> Floats:
    """Return by how much the level of a species (cells, species) rises with its own unknown: 1 of a level."""
    t, d_mu = signal.built.tables, signal.system.local.d_mu
    count = len(t.charge)
    own = d_mu[:, np.arange(count), of_species(np.arange(count))]
    return np.where(t.follow[t.region][:, 1 : 1 + count] != 0.0, 1.0, 1.0 + own)


def barrier(flow: Values, affinity: Values, even: Values) -> Floats:
    """Return both ways of flows over one barrier, mol/s; even: where it is level."""
    level = np.abs(affinity) < LEVEL
    return np.asarray(np.where(level, even, np.abs(flow / np.tanh(0.5 * np.where(level, 1.0, affinity)))))


def bulk(flow: Values, affinity: Values, even: Values, hop: Values) -> Floats:
    """Return both ways of flows in a bulk, mol/s; hop: length of a hop over the distance of the face."""
    level = np.abs(affinity) < LEVEL
    x = 0.5 * affinity * np.abs(hop)
    short = np.abs(x) <= LEVEL
    crowded = np.where(short, 1.0, x / np.tanh(np.where(short, 1.0, x)))
    return np.asarray(np.where(level, even, 2.0 * np.abs(flow / np.where(level, 1.0, affinity)) * crowded))
