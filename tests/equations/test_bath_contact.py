"""A bath beside a host that a field has emptied fills it, however little is left."""

import numpy as np
import pytest

from eisfv.device.build import build
from eisfv.device.meshing import mesh_of
from eisfv.device.tables import Floats
from eisfv.equations.unknowns import of_species, unknowns
from eisfv.model.contacts import BathContact, BlockingContact
from eisfv.model.mesh_options import MeshOptions
from support.devices import one_layer
from support.jacobian import assembled, differenced, evaluated, work_arrays, worst
from support.phases import regular

CELLS = 5
DEVICE = one_layer(regular(), 50e-9, BathContact(), BlockingContact(), MeshOptions(cells={"layer": CELLS}), x=0.1)
BUILT = build(DEVICE, mesh_of(DEVICE))
TABLES, ION = BUILT.tables, int(BUILT.tables.ion[0])
SHARE = 0.1  # of the ideal chemical potential that the excess of the emptied cell leaves
NOWHERE = np.zeros(2)  # RT/F: the metals at the potential of the cells


def emptied(fall: float) -> Floats:
    """Return unknowns with e^-fall of the ions of the first cell left, and an excess of (1 - SHARE) fall there."""
    y = BUILT.bulk[TABLES.region].copy()
    y[0, ION] -= fall
    u = unknowns(TABLES, TABLES.region, np.zeros(CELLS), y)
    u[0, of_species(len(TABLES.charge))] += (1.0 - SHARE) * fall
    return np.asarray(u)


def from_bath(fall: float) -> float:
    """Return what flows from the bath into the emptied cell, mol/s."""
    found, row = evaluated(BUILT, emptied(fall), NOWHERE, 1.0, work_arrays(BUILT, False)), of_species(ION)
    return float(found.stored[0, ION] + found.flow[0, row] - found.residual[0, row])


def test_an_emptied_cell_fills_as_fast_as_its_bath_diffuses() -> None:
    """By its thermodynamic factor, D A/h s c, the nearer the emptier it is; by its excess alone the half cell would be
    shut, to e^-18 and less."""
    system = work_arrays(BUILT, False)
    evaluated(BUILT, emptied(0.0), NOWHERE, 1.0, system)
    diffusive = TABLES.contact_aspect[0] * system.local.diffusivity[0, ION] * system.local.concentration[0, ION]
    flows = np.array([from_bath(fall) for fall in (20.0, 60.0, 300.0)])
    np.testing.assert_allclose(flows, SHARE * diffusive, rtol=0.6)
    np.testing.assert_allclose(flows[-1], SHARE * diffusive, rtol=0.05)


@pytest.mark.parametrize("fall", [1.0, 3.0, 8.0])
def test_jacobian_beside_an_emptied_cell_is_the_derivative(fall: float) -> None:
    state = BUILT, emptied(fall), np.array([0.3, 0.0])
    errors = worst(assembled(*state, 1.0), differenced(*state, 1.0))
    assert max(errors.values()) < 1e-7, errors
