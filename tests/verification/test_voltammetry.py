"""Cyclic voltammograms against Randles and Sevcik, and against the thin film.

A host with U = U0 - (RT/F) ln(x/(1-x)), a constant diffusivity and electrons in plenty is a reversible couple: filled
and empty sites diffuse alike, and the first of them obeys Nernst at the surface, which a fast metal holds at the
potential of the gate. With u the voltage above that at x = 1/2, of a film much thicker than sqrt(D RT/(F v))

    i_p = 0.4463 F c sqrt(F v D/RT),    u_p = 1.109 RT/F

and of one much thinner, which is always filled to its Nernst composition,

    i_p = F^2 c L v/(4 RT),    u_p = 0

Sources: J. E. B. Randles, Trans. Faraday Soc. 44 (1948) 327; A. Sevcik, Collect. Czech. Chem. Commun. 13 (1948) 349;
the constants as R. S. Nicholson, I. Shain, Anal. Chem. 36 (1964) 706; A. T. Hubbard, F. C. Anson, Anal. Chem. 38 (1966)
58.
"""

from functools import lru_cache

import numpy as np

from eisfv.constants import FARADAY
from eisfv.model.contacts import OhmicContact
from eisfv.model.host_curves import AnalyticOpenCircuit, PercolationConductivity
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.ramps import Sweep
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import VoltageStep
from eisfv.simulation import Simulation
from support.devices import AREA, SITES, VOLT, metal, one_layer, wo3

D, X = 1e-14, 1e-3  # m2/s; the film is all but empty
THICK, THIN = 3e-6, 10e-9  # m
SPAN = 0.35  # V, from 0.18 V below x = 1/2 to as much above
RATES = (0.01, 0.04, 0.16)  # V/s


@lru_cache
def voltammogram(rate: float, thickness: float, cycles: int = 1) -> np.ndarray:
    """Return voltage (V) and current density (A/m2) of the accepted steps, in rows."""
    sigma = PercolationConductivity(1e5, 1.0, 0.5, 2.0)
    host = wo3(
        "H", 1, AnalyticOpenCircuit(0.0, polarons=False), sigma, zero_charge_x=X, background=SITES, diffusivity=D
    )
    mesh = MeshOptions(first=1.0, host_growth=1.1, largest=0.02)
    device = one_layer(host, thickness, metal(1e5, 1.0, 0.0, "H"), OhmicContact(), mesh, x=X)
    simulation = Simulation(device, SolverOptions(method="bdf", tolerance=1e-4, newton=1e-8))
    sweep = Sweep(simulation.voltage, simulation.voltage + SPAN, rate, cycles=cycles)
    steps = simulation.drive(VoltageStep(sweep.length, sweep))
    rows = [(a.end.offset, a.end.at.voltage * VOLT, a.end.current * FARADAY / AREA) for a in steps]
    return np.array(rows)


def peak(rate: float, thickness: float) -> tuple[float, float]:
    """Return the voltage and the current density of the peak on the way there, through a parabola."""
    time, volts, current = voltammogram(rate, thickness).T
    k = int(np.argmax(np.where(time < SPAN / rate, current, 0.0)))
    bend, slope, top = np.polyfit(volts[k - 2 : k + 3] - volts[k], current[k - 2 : k + 3], 2)
    return float(volts[k] - slope / (2 * bend)), float(top - slope**2 / (4 * bend))


def slope(thickness: float) -> float:
    """Return the exponent of the peak current in the rate."""
    peaks = [peak(rate, thickness)[1] for rate in RATES]
    return float(np.polyfit(np.log(RATES), np.log(peaks), 1)[0])


def test_the_peak_of_a_thick_film_is_that_of_randles_and_sevcik() -> None:
    for rate in RATES:
        volts, current = peak(rate, THICK)
        np.testing.assert_allclose(current, 0.4463 * FARADAY * SITES * np.sqrt(rate * D / VOLT), rtol=2e-3)
        np.testing.assert_allclose(volts / VOLT, 1.109, atol=0.03)


def test_the_peak_goes_with_the_square_root_of_the_rate() -> None:
    np.testing.assert_allclose(slope(THICK), 0.5, atol=2e-3)


def test_the_peak_of_a_thin_film_goes_with_the_rate() -> None:
    for rate in RATES:
        volts, current = peak(rate, THIN)
        np.testing.assert_allclose(current, FARADAY * SITES * THIN * rate / (4 * VOLT), rtol=5e-3)
        np.testing.assert_allclose(volts / VOLT, 0.0, atol=0.04)
    np.testing.assert_allclose(slope(THIN), 1.0, atol=1e-2)


def test_the_way_back_empties_the_film_again() -> None:
    time, _, current = voltammogram(RATES[0], THIN).T
    there = time < SPAN / RATES[0]
    passed = np.concatenate([[0.0], np.cumsum(0.5 * np.diff(time) * (current[1:] + current[:-1]))])
    np.testing.assert_allclose(passed[there][-1], FARADAY * SITES * THIN, rtol=0.1)
    assert abs(passed[-1]) < 1e-3 * passed[there][-1]
    assert current.min() < -0.9 * current.max()


def test_the_corners_of_every_cycle_are_ends_of_steps() -> None:
    time, volts, _ = voltammogram(RATES[2], THIN, 2).T
    for number in range(1, 5):
        place = int(np.argmin(np.abs(time - number * SPAN / RATES[2])))
        np.testing.assert_allclose(time[place], number * SPAN / RATES[2], rtol=1e-12)
        np.testing.assert_allclose(volts[place] - volts.min(), SPAN * (number % 2), atol=1e-6 * SPAN)
