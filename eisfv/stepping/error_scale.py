"""What the error of a time step is measured against."""

import numpy as np

from eisfv.device.tables import Floats, Tables
from eisfv.kernel import kernel
from eisfv.physics.solvation import solvated_share
from eisfv.physics.statistics import DILUTE, LATTICE, SOLVATED, stored_where
from eisfv.stepping.step_size import FLOOR


def error_scale(tables: Tables, bulk: Floats) -> Floats:
    """Return (cells, species) the floor of the amounts that an error is measured against, 0 where it does not count;
    negative of electrons and holes of a band, which do not count in the step that leaves a corner: they follow a jump
    of the drive at once. Those of hosts and electrolytes follow the ions.

    A region that begins nearly empty counts as one that holds this share of what the fullest one or a bath holds: what
    flows in from there is not measured against nothing.
    """
    kinds = tables.kind[tables.region]
    share = np.where(kinds == DILUTE, np.exp(np.clip(bulk, -50, 50))[tables.region], 1.0)
    share = np.where(kinds == LATTICE, (1.0 / (1.0 + np.exp(-bulk)))[tables.region], share)
    for r, s in zip(*np.nonzero(tables.kind == SOLVATED), strict=True):
        share[tables.region == r, s] = solvated_share(bulk[r], tables.size[r], s)[0]
    for r, _, bound, *_ in tables.trap:  # traps that begin empty are measured against what they can hold
        share[tables.region == int(r), int(bound)] = 1.0
    bulk_amount = tables.density[tables.region] * share
    stored = stored_where(kinds)
    fullest = np.where(stored, bulk_amount, 0.0).max(axis=0)
    scale = FLOOR * tables.volume[:, None] * np.maximum(bulk_amount, FLOOR * fullest)
    scale[~stored] = 0.0
    adsorbed = {(int(row[0]), int(row[2])) for row in tables.trap}
    for r in np.flatnonzero(tables.thin).tolist():
        free = np.array([(r, s) not in adsorbed for s in range(len(tables.charge))])
        scale[np.ix_(tables.region == r, free)] = 0.0
    for s in (int(tables.electron[0]), int(tables.hole[0])):
        if s >= 0:
            scale[:, s] = -carrier_scale(tables, s)
    return np.asarray(scale)


def carrier_scale(tables: Tables, s: int) -> Floats:
    """Return (cells) the floor of the amount that electrons or holes s of a band are measured against, 0 elsewhere:
    the share FLOOR of V eps RT/(F L)^2, which bends the potential of a film of thickness L by RT/F.
    """
    scale = np.zeros(len(tables.volume))
    banded = (tables.kind[:, s] == DILUTE) & (tables.ion < 0) & tables.sigma.any(axis=1)
    for r in np.flatnonzero(banded):
        inside = (tables.region[tables.left] == r) & (tables.interface < 0)
        cells = tables.region == r
        if inside.any():
            capacity = tables.permittivity[r] / (1.0 / tables.aspect[inside]).sum()
            scale[cells] = FLOOR * capacity * tables.volume[cells] / tables.volume[cells].sum()
    return scale


@kernel
def largest_share(change: Floats, concentration: Floats, volume: Floats, scale: Floats) -> tuple[float, int, int]:
    """Return the largest |change| / (V c + scale) over the entries that count, with its cell and species."""
    worst, cell, species = 0.0, 0, 0
    cells, count = scale.shape
    for i in range(cells):
        for s in range(count):
            if scale[i, s] != 0.0:
                share = abs(change[i, s]) / (volume[i] * concentration[i, s] + abs(scale[i, s]))
                if share > worst or share != share:
                    worst, cell, species = share, i, s
    return worst, cell, species
