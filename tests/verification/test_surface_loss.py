"""A surface that loses ions: an exponential in a thin film, the slab with a surface resistance in a thick one."""

import numpy as np
import pytest
from scipy.optimize import brentq

from eisfv.constants import FARADAY
from eisfv.model.contacts import OhmicContact
from eisfv.model.host_curves import AnalyticOpenCircuit, PercolationConductivity
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import VoltageStep
from eisfv.model.surface_loss import SurfaceLoss
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import one_layer, wo3
from support.runs import total

LENGTH, D = 10e-9, 1e-14  # m, m2/s
MESH = MeshOptions(first=1.0, host_growth=1.2, largest=0.03)
TIGHT = SolverOptions(tolerance=1e-6, newton=1e-10)


def share_left(rate: float | None, time: float) -> tuple[float, Simulation]:
    """Return the share of the ions that a film holds after a time (s), with a loss of a rate (m/s) at the channel."""
    sigma = PercolationConductivity(1e5, 1.0, 0.5, 2.0)
    host = wo3("H", 1, AnalyticOpenCircuit(0.0, polarons=False), sigma, zero_charge_x=0.3, diffusivity=D)
    loss = None if rate is None else SurfaceLoss(rate)
    device = one_layer(host, LENGTH, OhmicContact(), OhmicContact(loss=loss), MESH, x=0.3)
    simulation = Simulation(device, TIGHT)
    before = total(simulation, "H")
    simulation.run(VoltageStep(time, Constant(0.0)))
    return total(simulation, "H") / before, simulation


@pytest.mark.parametrize("share", [0.1, 1.0, 3.0])
def test_a_thin_film_empties_exponentially(share: float) -> None:
    """K L/D = 1e-4. The ions run to the surface as k c y/L; under a short circuit the electrons that they leave behind
    go to either metal alike, so that half of what is lost flows outside."""
    rate = 1e-4 * D / LENGTH
    left, simulation = share_left(rate, share * LENGTH / rate)
    np.testing.assert_allclose(left, np.exp(-share), rtol=2e-4)
    lost = FARADAY * rate * total(simulation, "H") / LENGTH
    np.testing.assert_allclose(simulation.current, 0.5 * lost, rtol=1e-2)


@pytest.mark.parametrize("tau", [0.1, 1.0])
def test_a_thick_film_is_the_slab_with_a_surface_resistance(tau: float) -> None:
    """B = k L/D = 2: mean = sum 2 B^2 e^(-b^2 tau)/(b^2 (b^2 + B^2 + B)), b tan b = B (Carslaw and Jaeger, 3.11)."""
    biot = 2.0
    mean = 0.0
    for n in range(60):
        b = brentq(lambda x: x * np.sin(x) - biot * np.cos(x), n * np.pi + 1e-9, (n + 0.5) * np.pi)
        mean += 2 * biot**2 * np.exp(-(b**2) * tau) / (b**2 * (b**2 + biot**2 + biot))
    left, _ = share_left(biot * D / LENGTH, tau * LENGTH**2 / D)
    np.testing.assert_allclose(left, mean, rtol=5e-3)
    assert abs(np.exp(-biot * tau) / mean - 1.0) > 0.05  # a level film would empty faster


def test_a_surface_that_loses_nothing_keeps_all() -> None:
    np.testing.assert_allclose(share_left(None, 1.0)[0], 1.0, rtol=1e-13)


def test_the_rate_follows_arrhenius() -> None:
    loss = SurfaceLoss(1e-9, 5e4)
    assert loss.rate_at(298.15) == 1e-9
    np.testing.assert_allclose(
        loss.rate_at(350.0) / 1e-9, np.exp(-5e4 / 8.31446261815324 * (1 / 350.0 - 1 / 298.15)), rtol=1e-12
    )
