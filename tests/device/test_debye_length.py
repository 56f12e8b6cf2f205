"""The Debye length of a bulk is that of the charge which the solver's own cells take up."""

import numpy as np
import pytest

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.device.build import build
from eisfv.device.bulk import debye_length
from eisfv.device.meshing import mesh_of
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import unknowns
from eisfv.model.materials import Electrolyte
from eisfv.model.species import Lattice
from support.devices import one_layer
from support.runs import at_temperature

TEMPERATURE, PERMITTIVITY, SITES = 298.15, 10.0, 500.0
ALONE = {"H": Lattice(1, density=SITES, concentration=250.0, diffusivity=1e-12)}
TOGETHER = {
    "H": Lattice(1, density=SITES, concentration=150.0, diffusivity=1e-12, sublattice="sites"),
    "Mg": Lattice(2, density=SITES, concentration=100.0, diffusivity=1e-12, sublattice="sites"),
}


@pytest.mark.parametrize("ions", [ALONE, TOGETHER], ids=["alone", "together"])
def test_ions_on_sites_screen_by_what_is_free_of_them(ions: dict[str, Lattice]) -> None:
    fixed = -sum(ion.charge * float(ion.concentration or 0.0) for ion in ions.values())
    film = Electrolyte(PERMITTIVITY, dict(ions), fixed_charge=fixed, reference="film")
    device = at_temperature(one_layer(film, 1e-7), TEMPERATURE)
    made = build(device, mesh_of(device))
    t, own = made.tables, np.array([0])
    slopes = laws_at(t, own, unknowns(t, own, np.zeros(1), made.bulk)).d_concentration[0]
    taken = t.charge @ slopes[:, 1 : 1 + len(t.charge)] @ t.charge
    wanted = np.sqrt(PERMITTIVITY * VACUUM_PERMITTIVITY * GAS_CONSTANT * TEMPERATURE / (FARADAY**2 * taken))
    np.testing.assert_allclose(debye_length(device.regions[0], TEMPERATURE), wanted, rtol=1e-12)
    assert debye_length(device.regions[0], TEMPERATURE, dilute=True) < 0.8 * wanted
