"""Where a run stands, and how it counts what its cells hold."""

from fractions import Fraction
from math import log, log1p
from typing import NamedTuple

import numpy as np
from numba.core.types import boolean

from eisfv.compiled_apart import apart
from eisfv.device.tables import Floats, Tables
from eisfv.equations.enclosed import ROUNDING
from eisfv.equations.system import Ledger
from eisfv.equations.unknowns import POTENTIAL, ideal_of, of_species, without_excess
from eisfv.kernel import kernel
from eisfv.physics.bernoulli import capped_exp
from eisfv.physics.open_circuit import shares_excess
from eisfv.physics.solvation import solvated_share
from eisfv.physics.statistics import DILUTE, LATTICE, SOLVATED, lattice_others, lattice_share, stores
from eisfv.solve.newton import Newton
from eisfv.solve.stage_records import Iterate

# An amount is doubtful when it differs from what the potential says by a share that no converged stage leaves.
DOUBTFUL = 1e-2
# A base is taken anew when what is counted beside it has become as large as this share of the whole.
REBASE = 0.5


class State(NamedTuple):
    """Where a run stands.

    Time is a pair: `start` of the protocol step, the exact sum of the durations before it, and `offset` within the
    step. One absolute number would lose a pulse of a nanosecond after a day. What is measured is an offset.

    start, offset s; at: unknowns and gate voltage; stored (cells, species) mol and its rate mol/s, counted as `ledger`
    says; charge displaced through the gate mol and its rate; current into the gate mol/s;
    flow (faces, unknowns) displacement (mol) and flows (mol/s) as the balances carry them;
    slope of the unknowns (cells, unknowns) 1/s and of the voltage, 0 after a corner;
    displacement_rate (faces) mol/s, by the scheme's own formula, as `rate` is;
    passed, spent: since the corner before, what went into the gate (mol of charge) and what the source gave for it
    (mol RT/F), summed by the scheme's own formula
    """

    start: Fraction
    offset: float
    at: Iterate
    stored: Floats
    ledger: Ledger
    rate: Floats
    charge: float
    charge_rate: float
    current: float
    flow: Floats
    slope: Iterate
    displacement_rate: Floats
    passed: float = 0.0
    spent: float = 0.0

    @property
    def time(self) -> float:
        """Return the time since the start of the run (s), rounded: for files and messages."""
        return float(self.start + Fraction(self.offset))

    def begun(self) -> "State":
        """Return the state as the protocol step after it begins with it."""
        return self._replace(start=self.start + Fraction(self.offset), offset=0.0)


def counted(newton: Newton, state: State) -> State:
    """Return the state as a step starts from it, and tell the equations how its amounts are counted.

    Every lattice is counted from its nearer side, every amount from about where it is. A species of which a cell holds
    less than the rounding of what flows through it takes its amount from its potential again; the balance knows nothing
    of so little. What that changes, and its rate, goes to the cell of its region that answers a level with most, so
    that none is lost; not where it moves the level there by more than rounding (`eisfv.equations.enclosed.ROUNDING`).
    """
    stored, rate = state.stored.copy(), state.rate.copy()
    ledger = Ledger(*(array.copy() for array in state.ledger))
    changed = settle(newton.t, state.at.u, stored, ledger, rate)
    for own, array in zip(newton.system.ledger, ledger, strict=True):
        own[:] = array
    return state._replace(stored=stored, ledger=ledger, rate=rate) if changed else state


@apart(boolean)
@kernel
def settle(t: Tables, u: Floats, stored: Floats, ledger: Ledger, rate: Floats) -> bool:
    """Change stored, ledger and rate (cells, species) as `counted` says; return whether anything changed."""
    changed = False
    base, full, moved = ledger.base, ledger.full, ledger.moved
    region, volume, charge, kinds, density = t.region, t.volume, t.charge, t.kind, t.density
    follow, standard, sublattice, levels = t.follow, t.mu0, t.sublattice, u[:, of_species(0) :]
    electron, hole = t.electron[0], t.hole[0]
    for r in range(kinds.shape[0]):
        for s in range(charge.size):
            kind = kinds[r, s]
            if not stores(kind):
                continue
            lacking, lacking_rate, most, fullest = 0.0, 0.0, 0.0, 0
            own = follow[r, of_species(s)]
            shared = s == electron and own != 0.0 and shares_excess(t.curve[r])
            filling = s == hole and t.hole_excess.shape[0] > 0 and shares_excess(t.hole_excess[r])
            for i in range(region.size):
                if region[i] != r or volume[i] == 0.0:
                    continue
                capacity = volume[i] * density[r, s]
                y = ideal_of(u[i, of_species(s)], own, standard[r, s], u[i, POTENTIAL])
                if shared:
                    y = without_excess(t.curve[r], y, log(density[r, s] / t.sites[r]))
                elif filling:
                    y = without_excess(t.hole_excess[r], y, 0.0)
                held, slope, before = 0.0, 0.0, stored[i, s]
                if kind == DILUTE:
                    held = slope = capacity * capped_exp(y)
                elif kind == LATTICE:
                    others = lattice_others(sublattice, r, levels, i, s)
                    # Half a decade of hysteresis: a lattice that stays half full does not change sides at every step.
                    # Full is full of this species: where another one leaves no site free, y alone does not tell.
                    side = 1.0 if y - log1p(others) > (-1.0 if full[i, s] > 0.0 else 1.0) else 0.0
                    if side != full[i, s]:
                        changed = True
                        # On the other side the whole amount is counted anew, without a base.
                        stored[i, s] = (base[i, s] - (side - full[i, s]) * capacity) + stored[i, s]
                        base[i, s], full[i, s] = 0.0, side
                    theta, free = lattice_share(y, others)
                    held = -capacity * free * (1.0 + others) if side > 0.0 else capacity * theta
                    slope = capacity * theta * (1.0 - theta)
                elif kind == SOLVATED:
                    theta = solvated_share(u[i, of_species(0) : of_species(charge.size)], t.size[r], s)[0]
                    held, slope = capacity * theta, capacity * theta * (1.0 - theta)
                if slope > most:
                    most, fullest = slope, i
                whole = base[i, s] + stored[i, s]
                if abs(stored[i, s]) > REBASE * abs(whole):
                    changed = True
                    stored[i, s] += base[i, s] - whole  # the rounding of the new base, exactly
                    base[i, s] = whole
                moved[i] += charge[s] * (before - stored[i, s])
                if abs(whole - held) > DOUBTFUL * abs(held):
                    lacking += whole - held
                    lacking_rate += rate[i, s]
                    stored[i, s] = held - base[i, s]
                    rate[i, s] = 0.0
                    changed = True
            if abs(lacking) <= ROUNDING * most:
                stored[fullest, s] += lacking
                rate[fullest, s] += lacking_rate
    return changed


def amounts(tables: Tables, state: State) -> Floats:
    """Return what the cells hold of each species (cells, species) in mol."""
    ledger = state.ledger
    held = ledger.base + state.stored
    if ledger.full.any():  # of lattices that are counted from their full side
        held += ledger.full * tables.volume[:, None] * tables.density[tables.region]
    return np.asarray(held)
