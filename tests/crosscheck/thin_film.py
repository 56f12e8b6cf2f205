"""A thin-film cell in steady state by SciPy's collocation: an independent solution, no eisfv in it.

A binary 1:1 electrolyte between two metals that exchange the cation; the anion stays inside.

    p' = -p phi' - J,   m' = m phi',   2 e^2 phi'' = m - p,   integral of m = 1

x over the thickness L, p and m over the mean anion concentration c0, phi in RT/F, J = N L/(D c0), e = lambda_D / L, one
diffusivity D. Compact layers of thickness d (over lambda_D, as if of the electrolyte's permittivity) and Butler-Volmer
at the reaction planes, rate K over D c0/L, against metals at the voltages V and 0 (RT/F):

    x = 0   V - phi = -d e phi',   J = -K [p e^{a (phi - V)} - e^{-(1-a) (phi - V)}]
    x = 1   phi     = -d e phi',   J =  K [p e^{a phi} - e^{-(1-a) phi}]

Source: M. Z. Bazant, K. T. Chu, B. J. Bayly, SIAM J. Appl. Math. 65 (2005) 1463.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_bvp

Floats = NDArray[np.float64]

# Voltages between rest and the one asked for: each starts from the one before.
CONTINUATION = 0.5  # RT/F


@dataclass(frozen=True)
class Cell:
    """Debye length e and compact layers d, kinetics K and transfer coefficient a, as above."""

    debye: float
    compact: float
    kinetics: float
    alpha: float


@dataclass(frozen=True)
class Steady:
    """Profiles at the points asked for, and the flux J."""

    cation: Floats
    anion: Floats
    potential: Floats
    flux: float


def steady_state(cell: Cell, voltage: float, x: Floats) -> Steady:
    """Return the steady state at a voltage (RT/F) and points x in [0, 1]; RuntimeError where collocation fails."""

    def slopes(_: Floats, y: Floats, parameter: Floats) -> Floats:
        p, m, _phi, field, _m = y
        return np.array([-p * field - parameter[0], m * field, field, (m - p) / (2.0 * cell.debye**2), m])

    def transfer(p: float, affinity: float) -> float:
        return float(cell.kinetics * (p * np.exp(cell.alpha * affinity) - np.exp(-(1.0 - cell.alpha) * affinity)))

    def walls(left: Floats, right: Floats, parameter: Floats) -> Floats:
        layer = cell.compact * cell.debye
        return np.array(
            [
                level - left[2] + layer * left[3],
                right[2] + layer * right[3],
                parameter[0] + transfer(left[0], left[2] - level),
                parameter[0] - transfer(right[0], right[2]),
                left[4],
                right[4] - 1.0,
            ]
        )

    edge = cell.debye * np.geomspace(0.01, 5.0, 60)
    grid = np.unique(
        np.concatenate([[0.0], edge, np.linspace(10 * cell.debye, 1 - 10 * cell.debye, 40), 1 - edge, [1.0]])
    )
    guess = np.array([np.ones_like(grid), np.ones_like(grid), 0.0 * grid, 0.0 * grid, grid])
    flux = np.zeros(1)
    for level in np.linspace(0.0, voltage, 1 + int(np.ceil(abs(voltage) / CONTINUATION)))[1:]:
        answer = solve_bvp(slopes, walls, grid, guess, p=flux, tol=1e-8, max_nodes=50000)
        if not answer.success:
            raise RuntimeError(f"collocation at {level} RT/F: {answer.message}")
        grid, guess, flux = answer.x, answer.y, answer.p
    p, m, phi, _, _ = answer.sol(x)
    return Steady(p, m, phi, float(flux[0]))
