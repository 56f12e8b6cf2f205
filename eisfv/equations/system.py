"""The coupled system: what the kernels write at a state.

    Gauss              sum over faces of D - V (sum z c + c_fixed) = 0                    mol (charge over F)
    balance            q - q_known + dh sum over faces of N = 0, q = V c                  mol
    a species that stores nothing: dh sum N = 0; one that is absent: y = 0; an unknown without a law: u = 0

D and N point from left to right along a face, out of the device on a contact. `dh` is the weight of the new flow in the
implicit stage (s). From where amounts are counted is the `Ledger`'s; the balances do not see it. The gate's current is
taken through all faces by the test function of `eisfv.device.current_test_function`.
"""

from typing import NamedTuple

import numpy as np

from eisfv.device.tables import Floats, Tables
from eisfv.equations.face_rows import ROWS
from eisfv.equations.linearised import Linearised, linearised_handle, new_linearised
from eisfv.equations.local import Local, laws_at, local_handle, new_local
from eisfv.equations.part import Part, whole
from eisfv.equations.unknowns import per_cell, unknowns
from eisfv.kernel_handles import Handle


class Ledger(NamedTuple):
    """From where the stored amounts are counted: amount = base + stored + full V density.

    A lattice that is nearly full counts what it lacks, so that the last free sites keep their digits. The base takes
    the bulk of an amount out of `stored`: over a step of a microsecond the rounding of what a cell holds would be a
    current. Gauss' law uses the very same numbers, sum z amount = moved + sum z stored, and so knows what flowed.
    """

    base: Floats  # (n, s)                                                                   mol
    full: Floats  # (n, s) 1: a lattice counted from its full side, 0: from its empty side   -
    moved: Floats  # (n) charge that is not counted in `stored`                              mol


def new_ledger(cells: int, species: int) -> Ledger:
    """Return the ledger that counts everything from nothing."""
    return Ledger(np.zeros((cells, species)), np.zeros((cells, species)), np.zeros(cells))


class System(NamedTuple):
    """Work arrays: n cells, f faces, b contact faces, m unknowns a cell, s species.

    Of the arrays over faces, and of the rows of the residual and the slopes, those of the part hold.
    """

    part: Part
    local: Local
    bath: Local  # (b) laws at the composition of a bath
    residual: Floats  # (n, m)
    stored: Floats  # (n, s) q = V c - base, or V (c - density) - base where full   mol
    ledger: Ledger
    flow: Floats  # (f, m) displacement (mol), then the species' flows (mol/s), left to right
    gate: Floats  # (2) particle current through the gate mol/s, displacement mol
    slopes: Linearised
    rows: Floats  # work of `face_rows`


def system_handle(system: System) -> Handle:
    """Return the handle of work arrays."""
    local, bath = local_handle(system.local), local_handle(system.bath)
    return Handle(system, local=local, bath=bath, slopes=linearised_handle(system.slopes))


def new_system(tables: Tables, part: Part | None = None) -> System:
    """Return zeroed work arrays for a device, or for the part of it that one process assembles."""
    cells, faces, contacts = len(tables.region), len(tables.left), len(tables.contact_cell)
    species, m = len(tables.charge), per_cell(tables)
    behind = tables.region[tables.contact_cell]
    outside = unknowns(tables, behind, np.zeros(contacts), tables.contact_level)
    return System(
        part or whole(tables),
        new_local(cells, species, m),
        laws_at(tables, behind, outside),
        np.zeros((cells, m)),
        np.zeros((cells, species)),
        new_ledger(cells, species),
        np.zeros((faces, m)),
        np.zeros(2),
        new_linearised(tables),
        np.zeros(ROWS),
    )
