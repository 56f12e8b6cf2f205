"""A metal on a host: as many electrons as leave it neutral there, whatever the cell beside it has lost."""

import numpy as np
import pytest

from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.device.build import build
from eisfv.device.meshing import mesh_of
from eisfv.device.tables import Floats
from eisfv.equations.electrons_at_metals import LEVEL
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import POTENTIAL, of_species, unknowns
from eisfv.model.contacts import OhmicContact
from eisfv.model.mesh_options import MeshOptions
from support.devices import AREA, VOLT, one_layer, wo3
from support.jacobian import evaluated, work_arrays

LENGTH, CELLS = 50e-9, 5
DEVICE = one_layer(wo3(), LENGTH, OhmicContact(), OhmicContact(), MeshOptions(cells={"layer": CELLS}), x=0.1)
BUILT = build(DEVICE, mesh_of(DEVICE))
TABLES, ELECTRON = BUILT.tables, int(BUILT.tables.electron[0])


def at_gate(level: float, lost: float = 0.0) -> Floats:
    """Return the residual (mol, over 1 s) of the gate's cell with e^-lost of its electrons left, all its ions, and its
    electrons `level` RT above the metal's."""
    y = BUILT.bulk[TABLES.region].copy()
    y[0, ELECTRON] -= lost
    u = unknowns(TABLES, TABLES.region, np.zeros(len(TABLES.region)), y)
    voltage = level - float(u[0, of_species(ELECTRON)])  # level = u - z V, z = -1
    found = evaluated(BUILT, u, np.array([voltage, 0.0]), 1.0, work_arrays(BUILT, False))
    return np.asarray(found.residual[0].copy())


def conductance() -> float:
    """Return D c A/h of the half cell of the neutral host, mol/s per RT."""
    law = laws_at(TABLES, TABLES.region, unknowns(TABLES, TABLES.region, np.zeros(CELLS), BUILT.bulk[TABLES.region]))
    return float(TABLES.contact_aspect[0] * law.diffusivity[0, ELECTRON] * law.concentration[0, ELECTRON])


@pytest.mark.parametrize("level", [-30.0, -1.0, 1e-2, 1.0, 30.0])
def test_a_neutral_cell_conducts_in_proportion_to_its_level(level: float) -> None:
    """A half cell without a field would carry 1 - e^-L: 1 for 30, -1e13 for -30."""
    flow = (at_gate(level) - at_gate(0.0))[of_species(ELECTRON)]
    np.testing.assert_allclose(flow, conductance() * level, rtol=1e-6)


def test_an_emptied_cell_is_refilled_at_the_metals_level_of_a_neutral_one() -> None:
    """By diffusion, D A/h (0 - n): there is no field then."""
    flow = (at_gate(-40.0, 40.0) - at_gate(0.0, 40.0))[of_species(ELECTRON)]
    np.testing.assert_allclose(flow, -conductance(), rtol=1e-6)


@pytest.mark.parametrize("lost", [0.0, 0.3, 60.0])
@pytest.mark.parametrize("rise", [1e-2, 5.0])
def test_the_field_of_the_half_cell_ends_at_the_metal(rise: float, lost: float) -> None:
    """Eps A/h per volt where the cell is out of level with the metal, whether it screens the field or not: nowhere
    would a voltage be the root of a charge, or a charge fall as the voltage rises."""
    charge = (at_gate(rise - lost, lost) - at_gate(-lost, lost))[POTENTIAL]
    half = LENGTH / (2 * CELLS)
    np.testing.assert_allclose(charge, -30.0 * VACUUM_PERMITTIVITY * AREA / half * rise * VOLT / FARADAY, rtol=1e-6)


@pytest.mark.parametrize("lost", [0.0, 0.1])
def test_no_field_ends_at_a_metal_that_the_electrons_are_level_with(lost: float) -> None:
    """To first order in the level, of a cell that has them: a thousandth of LEVEL off, a millionth of the field."""
    level, half = 1e-3 * LEVEL, LENGTH / (2 * CELLS)
    charge = (at_gate(level, lost) - at_gate(0.0, lost))[POTENTIAL]
    assert abs(charge) < 1e-5 * 30.0 * VACUUM_PERMITTIVITY * AREA / half * max(lost, level) * VOLT / FARADAY
