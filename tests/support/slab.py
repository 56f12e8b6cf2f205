"""Diffusion in a slab fed at y = L with the flux J and closed at y = 0.

    c - c0 = (J L/D) [D t/L^2 + (3 y^2 - L^2)/(6 L^2) - (2/pi^2) sum (-1)^n/n^2 e^{-n^2 pi^2 D t/L^2} cos(n pi y/L)]

Source: H. S. Carslaw, J. C. Jaeger, Conduction of Heat in Solids, 2nd ed., 1959, sec. 3.8.
"""

import numpy as np

from eisfv.device.tables import Floats


def fed_slab(y: Floats, t: float, flux: float, diffusivity: float, length: float) -> Floats:
    """Return c - c0 (mol/m3) of a slab closed at 0 and fed with `flux` (mol m^-2 s^-1) at its length."""
    n = np.arange(1, 400)[:, None]
    s = diffusivity * t / length**2
    series = ((-1.0) ** n / n**2 * np.exp(-((n * np.pi) ** 2) * s) * np.cos(n * np.pi * y / length)).sum(axis=0)
    return np.asarray(
        flux * length / diffusivity * (s + (3 * y**2 - length**2) / (6 * length**2) - 2 / np.pi**2 * series)
    )
