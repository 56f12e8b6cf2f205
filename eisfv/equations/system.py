"""The coupled system in blocks: one per cell, two per face, and the border of the gate voltage.

Unknowns u (cells, 1 + species): phi in RT/F, then the ideal potentials y in RT; and the gate voltage in RT/F.

    row 0   sum over faces of D - V (sum z c + c_fixed) = 0                      Gauss, in mol (charge over F)
    row 1+s q - q_known + dh sum over faces of N = 0, q = V c                    balance, in mol
    a species that stores nothing: dh sum N = 0; one that is absent: y = 0

D and N point from left to right along a face, out of the device on a contact. `dh` is the weight of the new flux in the
implicit stage (s). A lattice that is nearly full counts what it lacks, so that the last free sites keep their digits;
the balances do not see from where one counts. The border holds the slopes of the gate's current, taken through all
faces by the test function of `eisfv.device.weights`.
"""

from typing import NamedTuple

import numpy as np

from eisfv.device.tables import Floats, Tables
from eisfv.equations.local import Local, local_laws, new_local
from eisfv.equations.part import Part, whole


class System(NamedTuple):
    """Work arrays: n cells, f faces, b contact faces, m unknowns a cell, s species.

    Of the arrays over faces, and of the rows of the residual and the blocks, those of the part hold.
    """

    part: Part
    local: Local
    bath: Local  # (b) laws at the composition of a bath
    residual: Floats  # (n, m)
    stored: Floats  # (n, s) q = V c, or V (c - density) where full          mol
    full: Floats  # (n, s) 1: a lattice counted from its full side, 0: from its empty side
    flow: Floats  # (f, m) displacement flux (mol), then the species' flows (mol/s), left to right
    diagonal: Floats  # (n, m, m)
    upper: Floats  # (f, m, m) rows of the left cell, columns of the right
    lower: Floats  # (f, m, m) rows of the right cell, columns of the left
    border: Floats  # (n, m) slopes of the particle current through the gate, mol/s
    border_charge: Floats  # (n, m) slopes of the displacement through the gate, mol
    gate: Floats  # (2) particle current through the gate mol/s, displacement mol


def new_system(tables: Tables, part: Part | None = None) -> System:
    """Return zeroed work arrays for a device, or for the part of it that one process assembles."""
    cells, faces, contacts = len(tables.region), len(tables.left), len(tables.contact_cell)
    species = len(tables.charge)
    m = species + 1
    bath = new_local(contacts, species)
    outside = np.hstack([np.zeros((contacts, 1)), tables.contact_level])
    local_laws(tables, tables.region[tables.contact_cell], outside, bath)
    return System(
        part or whole(tables),
        new_local(cells, species),
        bath,
        np.zeros((cells, m)),
        np.zeros((cells, species)),
        np.zeros((cells, species)),
        np.zeros((faces, m)),
        np.zeros((cells, m, m)),
        np.zeros((faces, m, m)),
        np.zeros((faces, m, m)),
        np.zeros((cells, m)),
        np.zeros((cells, m)),
        np.zeros(2),
    )
