"""The electrons of a semiconductor as rows for the kernels."""

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT
from eisfv.device.tables import Floats
from eisfv.model.band_filling import band_excess
from eisfv.model.species import Band
from eisfv.physics import conductivity
from eisfv.physics.cubic import cubic_row
from eisfv.physics.open_circuit import SHARED


def band_row(band: Band) -> Floats:
    """Return the row of `eisfv.physics.open_circuit` that knows the excess of a band's electrons alone."""
    excess = band_excess(band.filling)
    if excess is None:
        return np.zeros(SHARED)
    row = cubic_row(excess.knots, excess.values, excess.slopes, excess.beyond)
    return np.concatenate([[0.0, float(SHARED)], row])


def band_sigma(band: Band, temperature: float) -> Floats:
    """Return the row of `eisfv.physics.conductivity` of sigma = F^2 D n/RT, D that of the dilute band, against n/N."""
    slope = FARADAY**2 * band.diffusivity_at(temperature) * band.density / (GAS_CONSTANT * temperature)
    return np.array([float(conductivity.PERCOLATION), 0.0, 0.0, 1.0, 1.0, slope, 1.0])
