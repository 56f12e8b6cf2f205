"""The update of one Newton iteration: how far it may go, what it means for the amounts in store."""

from math import log1p

import numpy as np
from numba import njit

from eisfv.device.tables import Floats, Tables

# Largest update of one iteration: potentials may cross a volt at once, compositions move by decades.
LIMIT_PHI, LIMIT_Y = 40.0, 5.0  # RT/F, RT


def present_unknowns(tables: Tables) -> Floats:
    """Return (cells, unknowns) the largest update allowed, 0 where a species is absent."""
    limits = np.full((len(tables.region), len(tables.charge) + 1), LIMIT_Y)
    limits[:, 0] = LIMIT_PHI
    limits[:, 1:][tables.kind[tables.region] == 0] = 0.0
    return limits


@njit(cache=True, error_model="numpy")
def apply_update(u, update, answer, test, change, limits):
    """Move u by update + change * (test - answer) within the limits.

    Return the largest move asked for, negative where a limit held it back, where it is, and the share of the
    potential's move that was made.

    A potential that would move too far shortens the whole move of the potential, so that no artificial field arises;
    the compositions are held back cell by cell.
    """
    largest, where, limited = 0.0, 0, False
    cells, m = u.shape
    furthest = 0.0
    for i in range(cells):
        furthest = max(furthest, abs(update[i, 0] + change * (test[i] - answer[i, 0])))
    share = min(1.0, limits[0, 0] / furthest) if furthest > 0.0 else 1.0
    for i in range(cells):
        for p in range(m):
            limit = limits[i, p]
            if limit == 0.0:
                continue
            move = update[i, p] - change * answer[i, p]
            if p == 0:
                move += change * test[i]
            if abs(move) > largest or move != move:
                largest, where = abs(move), i * m + p
            if p == 0:
                limited = limited or share < 1.0
                move *= share
            elif move > limit:
                limited = True
                # A balance is nearly linear in the concentration: where next to nothing is, take the update there,
                # y + ln(1 + dy).
                move = min(log1p(move), max(limit, -u[i, p]))
            elif move < -limit:
                limited = True
                move = -limit
            u[i, p] += move
    return (-largest if limited else largest), where, share


@njit(cache=True, error_model="numpy")
def shifted(a, left, right, test):
    """Return what the rows (cells, unknowns) feel when the gate moves by one and all potentials with it along the test
    function: nothing where the test function is level, flows know potentials by their difference only."""
    out = np.zeros_like(a.residual)
    for f in range(a.part.first_face, a.part.last_face):
        drop = test[right[f]] - test[left[f]]
        if drop != 0.0:
            for p in range(out.shape[1]):
                out[left[f], p] += a.upper[f, p, 0] * drop
                out[right[f], p] -= a.upper[f, p, 0] * drop
    return out


@njit(cache=True, error_model="numpy")
def conserved_change(slopes, update):
    """Return C du of the stored amounts (cells, species)."""
    cells, count, _ = slopes.shape
    out = np.zeros((cells, count))
    for i in range(cells):
        for s in range(count):
            for o in range(count):
                out[i, s] += slopes[i, s, o] * update[i, 1 + o]
    return out
