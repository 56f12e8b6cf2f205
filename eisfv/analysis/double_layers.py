"""The double layers of a device apart: the capacitance of each at a state, with the layer that it belongs to.

    C_k = d sigma_k/d V_k

Everything beyond an interface, or a metal, is raised by V_k at levels that are level on either side, so that bulks keep
their composition and no other layer feels it; sigma_k is the charge that then crosses the interface as displacement:
the compact layer in series with the space charges of both sides, as they are at the state. It is what a spectrum shows
between the wave that charges the layers and the ones that pass them, where the layers in series are its capacitance:
a spectrum alone tells them apart by their time constants at best.

    sum over faces of dD - V sum z dc = 0,    d mu_s + z_s d phi = 0 for what moves,   dy = 0 for what is bound
"""

from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import splu

from eisfv.analysis.small_signal import SmallSignal, stored_kinds
from eisfv.constants import FARADAY
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.mesh.records import CHANNEL, GATE


class DoubleLayer(NamedTuple):
    """Where it is, its capacitance (F) and its area (m2)."""

    where: str
    capacitance: float
    area: float


def double_layers(signal: SmallSignal) -> list[DoubleLayer]:
    """Return the double layers of a device from the gate on: at its metals where they have one, at its interfaces."""
    t, mesh, displacement = signal.built.tables, signal.built.mesh, signal.system.slopes.displacement
    gauss, by_volt = at_constant_levels(signal), FARADAY / signal.built.thermal_voltage
    found = []
    for number in np.unique(mesh.interface[mesh.interface >= 0]).tolist():
        own = np.flatnonzero(mesh.interface == number)
        left, right, ease = t.left[own], t.right[own], displacement[own]
        rise = gauss.solve(np.bincount(left, ease, mesh.cells) - np.bincount(right, ease, mesh.cells))
        moved = ease @ (1.0 - rise[left] + rise[right])
        pair = sorted({int(mesh.region[left[0]]), int(mesh.region[right[0]])})
        where = " | ".join(mesh.regions[k] for k in pair)
        found.append(DoubleLayer(where, float(moved) * by_volt, float(mesh.area[own].sum())))
    ends = []
    for terminal, where in ((GATE, "gate"), (CHANNEL, "channel contact")):
        own = np.flatnonzero((t.terminal == terminal) & (t.contact_layer > 0.0))
        cell, ease = t.contact_cell[own], t.contact_layer[own]
        moved = ease @ (1.0 - gauss.solve(np.bincount(cell, ease, mesh.cells))[cell])
        area = float(mesh.contact_area[own].sum())
        ends.append([DoubleLayer(where, float(moved) * by_volt, area)] if own.size else [])
    return [*ends[0], *found, *ends[1]]


def at_constant_levels(signal: SmallSignal) -> Any:
    """Return Gauss' law against the potentials alone, factored: all else follows them at constant levels."""
    t, system = signal.built.tables, signal.system
    storage, displacement = system.slopes.storage, system.slopes.displacement
    count, cells = len(t.charge), len(t.region)
    moving = stored_kinds(t)[t.region] & (system.local.diffusivity > 0.0)
    rows = of_species(np.arange(count))
    level = (t.follow[t.region][:, rows] != 0.0) | ~moving  # kept as it is
    slopes = np.where(level[:, :, None], 0.0, system.local.d_mu[:, :, rows]) + np.eye(count)
    raised = np.where(level, 0.0, t.charge + system.local.d_mu[:, :, POTENTIAL])
    with_potential = -np.linalg.solve(slopes, raised[:, :, None])[:, :, 0]
    own = storage[:, POTENTIAL, POTENTIAL] + np.einsum("is,is->i", storage[:, POTENTIAL, rows], with_potential)
    places = np.concatenate([np.arange(cells), t.left, t.right, t.left, t.right])
    columns = np.concatenate([np.arange(cells), t.left, t.right, t.right, t.left])
    values = np.concatenate([own, *[displacement] * 2, *[-displacement] * 2])
    return splu(coo_matrix((values, (places, columns)), (cells, cells)).tocsc())
