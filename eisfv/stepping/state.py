"""Where a run stands, and how it counts what its cells hold."""

from typing import NamedTuple

import numpy as np
from numba import njit

from eisfv.device.tables import Floats, Tables
from eisfv.equations.unknowns import of_species
from eisfv.physics.bernoulli import capped_exp
from eisfv.physics.statistics import DILUTE, LATTICE, lattice_others, lattice_share, stores
from eisfv.solve.newton import Iterate, Newton

# An amount is doubtful when it differs from what the potential says by a share that no converged stage leaves.
DOUBTFUL = 1e-2


class State(NamedTuple):
    """Where a run stands.

    time s; at: unknowns and gate voltage; stored (cells, species) mol and its rate mol/s; full (cells, species) 1 where
    stored counts a lattice from its full side;
    charge displaced through the gate mol and its rate; current into the gate mol/s;
    flow (faces, unknowns) displacement (mol) and flows (mol/s) as the balances carry them;
    slope of the unknowns (cells, unknowns) 1/s and of the voltage, 0 after a corner
    """

    time: float
    at: Iterate
    stored: Floats
    full: Floats
    rate: Floats
    charge: float
    charge_rate: float
    current: float
    flow: Floats
    slope: Iterate


def counted(newton: Newton, state: State) -> State:
    """Return the state as a step starts from it, and tell the equations how lattices are counted.

    Every lattice is counted from its nearer side. A species of which a cell holds less than the rounding of what flows
    through it takes its amount from its potential again; the balance knows nothing of so little.
    """
    t = newton.tables
    stored, full, rate = state.stored.copy(), state.full.copy(), state.rate.copy()
    changed = settle(t, state.at.u, stored, full, rate)
    newton.system.full[:] = full
    return state._replace(stored=stored, full=full, rate=rate) if changed else state


@njit(cache=True, error_model="numpy")
def settle(t, u, stored, full, rate):  # type: ignore[no-untyped-def]
    """Change stored, full and rate (cells, species) as `counted` says; return whether anything changed."""
    changed = False
    for i in range(t.region.size):
        r = t.region[i]
        for s in range(t.charge.size):
            kind = t.kind[r, s]
            if not stores(kind):
                continue
            capacity = t.volume[i] * t.density[r, s]
            y = u[i, of_species(s)]
            held = 0.0
            if kind == DILUTE:
                held = capacity * capped_exp(y)
            elif kind == LATTICE:
                # Half a decade of hysteresis: a lattice that stays half full does not change sides at every step.
                side = 1.0 if y > (-1.0 if full[i, s] > 0.0 else 1.0) else 0.0
                changed = changed or side != full[i, s]
                stored[i, s] -= (side - full[i, s]) * capacity
                full[i, s] = side
                others = lattice_others(t.sublattice[r], u[i, of_species(0) :], s)
                theta, free = lattice_share(y, others)
                held = -capacity * free * (1.0 + others) if side > 0.0 else capacity * theta
            if abs(stored[i, s] - held) > DOUBTFUL * abs(held):
                stored[i, s] = held
                rate[i, s] = 0.0
                changed = True
    return changed


def amounts(tables: Tables, state: State) -> Floats:
    """Return what the cells hold of each species (cells, species) in mol."""
    return np.asarray(state.stored + state.full * tables.volume[:, None] * tables.density[tables.region])
