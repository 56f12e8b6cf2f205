"""A good conductor between two metals, left to itself: its charge is gone in eps/sigma, up to its ends.

    V(t) = V(0) e^(-t sigma/eps)

A uniform conductor is a resistance with its own capacitance beside it wherever it is cut, so in the half cells between
the metals and the first cells as well: a cell in the middle stays neutral.
"""

import numpy as np
import pytest

from eisfv.constants import VACUUM_PERMITTIVITY
from eisfv.model.contacts import OhmicContact
from eisfv.model.host_curves import PercolationConductivity
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import VOLT, one_layer, wo3

SIGMA = 1e-2  # S/m
RELAXED = 30.0 * VACUUM_PERMITTIVITY / SIGMA  # s


@pytest.mark.parametrize(("tolerance", "error"), [(5e-4, 6e-3), (8e-6, 1e-3)])
@pytest.mark.parametrize("volts", [2.0 * VOLT, 1e-3 * VOLT])
def test_a_wire_loses_its_voltage_in_the_dielectric_relaxation_time(
    volts: float, tolerance: float, error: float
) -> None:
    """With a tenth of it over each half cell at the ends: of order one in RT, and of 1e-4."""
    metal = wo3(sigma=PercolationConductivity(SIGMA, 0.0, 0.0263, 3.93), diffusivity=1e-20)
    wire = one_layer(metal, 100e-9, OhmicContact(), OhmicContact(), MeshOptions(cells={"layer": 5}), x=0.1)
    simulation = Simulation(wire, SolverOptions(tolerance=tolerance))
    simulation.run(VoltageStep(20.0 * RELAXED, Constant(volts)))
    for _ in range(3):
        before = simulation.voltage
        simulation.run(OpenCircuitStep(RELAXED))
        np.testing.assert_allclose(simulation.voltage / before, np.exp(-1.0), rtol=error)
