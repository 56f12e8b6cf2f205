"""Where hosts exchange ions with what lies beside them, and which of them do so at any current.

The current fixes what a metal's hosts hold together, not what each of them does: ions go from one to the next by the
electrolyte, or from one end of a film to the other, and the electrons follow within the metal.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from eisfv.device.tables import Floats, Ints, Tables
from eisfv.equations.local import laws_at
from eisfv.physics.transfer import BLOCKING, CONTINUOUS, exchange_activity


class Passing(NamedTuple):
    """A face of an interface that ions pass. cells: one beside a wall, two between hosts, as places among the hosts';
    halves: the faces from the surface nodes to these cells, -1 where the cell is at the interface itself."""

    face: int
    cells: tuple[int, ...]
    halves: tuple[int, ...]


def beside(t: Tables, node: int, place: Ints) -> list[tuple[int, int]]:
    """Return the place of a node's cell, or of those beside it where it has no volume, and the face to it."""
    if place[node] >= 0:
        return [(int(place[node]), -1)]
    faces = np.flatnonzero(((t.left == node) | (t.right == node)) & (t.interface < 0))
    far = np.where(t.left[faces] == node, t.right[faces], t.left[faces])
    return [(int(place[cell]), int(f)) for cell, f in zip(far, faces, strict=True) if place[cell] >= 0]


def passings(t: Tables, ion: int, place: Ints) -> list[Passing]:
    """Return where the ion passes from or to hosts; place: of their cells among them, -1 elsewhere."""
    inside = set(t.region[place >= 0].tolist())
    out = []
    for f in np.flatnonzero(t.interface >= 0):
        if t.transfer[t.interface[f], ion, 0] == BLOCKING:
            continue
        ends = [beside(t, int(i), place) for i in (t.left[f], t.right[f]) if int(t.region[i]) in inside]
        for one in product(*ends) if ends else ():
            out.append(Passing(int(f), tuple(cell for cell, _ in one), tuple(half for _, half in one)))
    return out


def exchange(t: Tables, ion: int, where: list[Passing], u: Floats, mobile: Floats) -> Floats:
    """Return the exchange rates (mol/s) at unknowns u: that of the law in series with the half cells of the hosts;
    mobile: m times the sites (mol/(m s)) of the hosts' cells."""
    if not where:
        return np.zeros(0)
    faces = np.array([one.face for one in where])
    ends = np.concatenate([t.left[faces], t.right[faces]])
    law, j, regions = laws_at(t, t.region[ends], u[ends]), t.interface[faces], t.region[ends]
    theta, free = law.concentration[:, ion] / t.density[regions, ion], law.free[:, ion]
    out = np.empty(len(where))
    for k, one in enumerate(where):
        near, far = (theta[k], free[k]), (theta[len(where) + k], free[len(where) + k])
        row = t.transfer[j[k], ion]
        if int(row[0]) == CONTINUOUS:
            activity = min(near[0] * far[1], far[0] * near[1])
        else:
            activity = exchange_activity(row, *near, *far)
        behind = sum(1.0 / (mobile[c] * t.aspect[h]) for c, h in zip(one.cells, one.halves, strict=True) if h >= 0)
        out[k] = 1.0 / (1.0 / max(t.transfer_rate[j[k], ion] * activity, 1e-300) + behind)
    return out


def hosts_of_one_metal(t: Tables, regions: list[int]) -> list[list[int]]:
    """Return the regions in groups, those of one ion whose electrons pass from one to the next, by other hosts or by a
    terminal."""
    groups = {int(r): {int(r)} for r in np.flatnonzero(t.ion >= 0)}
    joined = [
        (int(t.region[t.left[f]]), int(t.region[t.right[f]]))
        for f in np.flatnonzero(t.interface >= 0)
        if t.transfer[t.interface[f], t.electron[0], 0] == CONTINUOUS
    ]
    for terminal in set(t.terminal.tolist()):
        touched = sorted({int(t.region[i]) for i in t.contact_cell[t.terminal == terminal]} & groups.keys())
        joined += [(touched[0], other) for other in touched[1:]]
    for one, other in joined:
        if one in groups and other in groups and groups[one] is not groups[other]:
            groups[one] |= groups[other]
            for r in groups[other]:
                groups[r] = groups[one]
    found: list[list[int]] = []
    for r in regions:
        same = [group for group in found if r in groups[group[0]] and t.ion[r] == t.ion[group[0]]]
        if same:
            same[0].append(r)
        else:
            found.append([r])
    return found
