"""The conductivity of a bulk, as `check` tells it and the scales of a run take it."""

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT
from eisfv.device.conductivities import bulk_conductivity
from eisfv.model.materials import Electrolyte
from eisfv.model.species import Lattice
from eisfv.physics.exchange_flux import exchange_flux
from support.devices import one_layer
from support.runs import at_temperature

DENSITY, AMOUNT, DIFFUSIVITY = 500.0, 100.0, 1e-18
SMALL = 1e-6  # RT/F between two points


def test_a_film_whose_sites_are_partly_full_conducts_by_hops_to_the_free_ones() -> None:
    """The slope of the solver's own flux against the potential; a fifth less than D c F^2/RT."""
    ion = Lattice(1, density=DENSITY, concentration=AMOUNT, diffusivity=DIFFUSIVITY)
    film = Electrolyte(10.0, {"H": ion}, fixed_charge=-AMOUNT, reference="film")
    sigma = bulk_conductivity(at_temperature(one_layer(film, 1e-8), 298.15))[0]
    free = 1.0 - AMOUNT / DENSITY
    flux = exchange_flux(AMOUNT, free, AMOUNT, free, -SMALL)[0]
    wanted = FARADAY**2 * DIFFUSIVITY / (GAS_CONSTANT * 298.15) * flux / SMALL
    np.testing.assert_allclose(sigma, wanted, rtol=1e-6)
    assert sigma < 0.81 * FARADAY**2 * DIFFUSIVITY * AMOUNT / (GAS_CONSTANT * 298.15)
