"""Linear charging of a blocking cell: time constant, resistance and capacitance from its exact impedance.

Plates at +-L around a 1:1 electrolyte of equal diffusivities; the impedance of one square metre is

    Z(s) = (2L/sigma)/(1 + s t_D) [1 + tanh(qL)/(qL s t_D)],  t_D = lambda_D^2/D,  q lambda_D = sqrt(1 + s t_D)

Source: M. Z. Bazant, K. Thornton, A. Ajdari, Phys. Rev. E 70 (2004) 021506.
"""

from functools import lru_cache

import numpy as np
import pytest
from scipy.optimize import brentq

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.model.contacts import BlockingContact
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import AREA, TEMPERATURE, VOLT, binary, debye, one_layer
from support.runs import space_charge

BULK, D = 10.0, 1e-9  # mol/m3, m2/s
DEBYE = debye(BULK)
HALF = 50.0 * DEBYE  # L
SIGMA = 2 * FARADAY**2 * BULK * D / (GAS_CONSTANT * TEMPERATURE)  # S/m
CAPACITANCE = 80.0 * VACUUM_PERMITTIVITY / DEBYE  # F/m2 of one layer
TAU = DEBYE * HALF / D  # s
SMALL = 1e-3 * VOLT  # linear response to 1e-7
FINE = MeshOptions(first=0.02, growth=1.05, largest=0.02)
OPTIONS = SolverOptions(tolerance=1e-9, newton=1e-11)


def slowest_pole(delta: float = 0.0) -> float:
    """Return the time constant (s) of the slowest decay of the current after a step of the voltage.

    delta  thickness of the compact layers over the Debye length: 2/(s C_S) in series with Z
    """

    def impedance(share: float) -> float:
        """Return Z sigma/2L at s = -share/tau, cleared of its pole at -1/t_D."""
        s = -share / TAU * DEBYE**2 / D  # s t_D
        q = np.sqrt(1 + s) * HALF / DEBYE
        return float(1 + np.tanh(q) / (q * s) + (1 + s) * delta * DEBYE / HALF / s)

    return TAU / brentq(impedance, 0.5 * (1 + delta), 1.5 * (1 + delta))


@lru_cache(maxsize=1)
def decay(delta: float = 0.0) -> tuple[float, float, Simulation]:
    """Return the time constant of the current between 2 and 4 tau, its value at 1e-4 tau, and the simulation at 4
    tau.
    """
    contact = BlockingContact(CAPACITANCE / delta if delta else None)
    simulation = Simulation(one_layer(binary(BULK), 2 * HALF, contact, contact, FINE), OPTIONS)
    tau = TAU / (1 + delta)
    currents = []
    for duration in (1e-4 * tau, 1.9999 * tau, 2 * tau):
        simulation.run(VoltageStep(duration, Constant(SMALL)))
        currents.append(simulation.current / AREA)
    return float(2 * tau / np.log(currents[1] / currents[2])), currents[0], simulation


def test_theory_itself_has_the_published_pole() -> None:
    np.testing.assert_allclose(slowest_pole() / TAU, 0.990, rtol=1e-3)


def test_current_decays_with_the_slowest_pole() -> None:
    tau, _, _ = decay()
    np.testing.assert_allclose(tau, slowest_pole(), rtol=1e-3)


def test_thin_layer_estimate_is_not_the_pole() -> None:
    tau, _, _ = decay()
    assert abs(tau / TAU - 1) > 5e-3


def test_first_current_is_that_of_the_bulk_resistance() -> None:
    _, first, _ = decay()
    np.testing.assert_allclose(first, SMALL / (2 * HALF / SIGMA), rtol=2e-3)


def test_layers_fill_to_their_series_capacitance() -> None:
    _, _, simulation = decay.__wrapped__()  # one of its own: it goes on
    simulation.run(VoltageStep(40 * TAU, Constant(SMALL)))
    charge = space_charge(simulation)
    filled = -charge[: len(charge) // 2].sum() / AREA
    np.testing.assert_allclose(filled, 0.5 * CAPACITANCE * SMALL, rtol=1e-3)


@pytest.mark.parametrize("delta", [0.5, 5.0])
def test_compact_layers_shorten_the_time(delta: float) -> None:
    tau, _, _ = decay(delta)
    np.testing.assert_allclose(tau, slowest_pole(delta), rtol=1e-3)
    np.testing.assert_allclose(tau, TAU / (1 + delta), rtol=0.1)
