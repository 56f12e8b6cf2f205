"""What rows feel of the gate, where traps are emptied by a field: nothing that holds no traps feels them."""

import numpy as np

from eisfv.device.tables import Floats
from eisfv.equations.linearised import LEAST_SLOPE, add_shift_of_drops, combine, linearised_handle, new_blocks, shifted
from eisfv.equations.tables_handle import tables_handle
from eisfv.equations.unknowns import of_species
from support.jacobian import evaluated, random_state, work_arrays
from support.law_devices import DEVICES

DEVICE = DEVICES["traps that a field empties"]
DH = [10.0**k / 3.0 for k in range(-9, 1)]  # s


def felt_by_node(dh: float, as_one: bool = False) -> Floats:
    """Return what the row of bound ions in the surface node at the metal feels; as_one: the slopes of both sides added
    before they are multiplied."""
    built, u, voltages = random_state(DEVICE, 3, 1.0)
    t, handle = built.tables, tables_handle(built.tables)
    system = evaluated(built, u, voltages, dh, work_arrays(built, False))
    slopes, matrix = linearised_handle(system.slopes), new_blocks(t)
    combine(handle, slopes, 1.0, dh, matrix)
    felt = shifted(handle, matrix, system.part)
    if as_one:
        drop = dh * (t.test[t.right] - t.test[t.left])
        np.add.at(felt, t.right, system.slopes.by_drop.sum(axis=0) * drop[:, None])
    else:
        add_shift_of_drops(handle, slopes, dh, system.part, felt)
    bound, node = of_species(int(t.trap[0, 2])), len(t.region) - 1
    assert t.volume[node] == 0.0
    assert matrix.diagonal[node, bound, bound] == LEAST_SLOPE
    assert system.slopes.by_drop[0, -1, bound] != 0.0
    return np.asarray(felt[node, bound])


def test_a_node_without_traps_feels_nothing() -> None:
    assert [float(felt_by_node(dh)) for dh in DH] == [0.0] * len(DH)


def test_slopes_added_before_they_are_multiplied_leave_their_rounding() -> None:
    assert any(felt_by_node(dh, as_one=True) != 0.0 for dh in DH)
