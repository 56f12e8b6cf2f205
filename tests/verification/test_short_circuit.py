"""Two hosts volts out of level, joined for ions and electrons: the ion runs into the empty one, and both end at one U.

U = U0 - (RT/F) ln(x/(1 - x)) - s x,    U_1(x_1) = U_2(x_2),    L_1 x_1 + L_2 x_2 = const
"""

import numpy as np
import pytest
from scipy.optimize import brentq

from eisfv.device.device import Device
from eisfv.model.contacts import OhmicContact
from eisfv.model.host_curves import AnalyticOpenCircuit
from eisfv.model.interface_laws import Continuous
from eisfv.model.interfaces import Interface
from eisfv.model.regions import Initial, Region
from eisfv.model.steps import OpenCircuitStep
from eisfv.simulation import Simulation, SolverError
from support.devices import TEMPERATURE, VOLT, wo3
from support.runs import total

STANDARD, SLOPE = (0.0, 1.2), (1.0, 3.0)  # V
X, LENGTH = (0.6, 1e-3), (100e-9, 20e-9)


def voltage(host: int, x: float) -> float:
    return float(STANDARD[host] - VOLT * np.log(x / (1.0 - x)) - SLOPE[host] * x)


def joined() -> Simulation:
    hosts = [
        wo3("H", 1, AnalyticOpenCircuit(standard, False, slope), diffusivity=1e-14)
        for standard, slope in zip(STANDARD, SLOPE, strict=True)
    ]
    regions = tuple(
        Region(name, host, length, Initial(x))
        for name, host, length, x in zip(("first", "second"), hosts, LENGTH, X, strict=True)
    )
    joint = Interface(("first", "second"), species={"H": Continuous(), "electron": Continuous()})
    return Simulation(Device(TEMPERATURE, 1e-12, regions, (joint,), OhmicContact(), OhmicContact()))


def test_hosts_two_volts_apart_end_level_with_the_ions_there_were() -> None:
    assert voltage(1, X[1]) - voltage(0, X[0]) > 1.9
    simulation = joined()
    before = total(simulation, "H")
    simulation.run(OpenCircuitStep(1.0))
    np.testing.assert_allclose(total(simulation, "H"), before, rtol=1e-12)
    simulation.run(OpenCircuitStep(20.0))
    built, h = simulation.built, simulation.built.number("H")
    share = simulation.profile().concentration[:, h] / built.tables.density[built.tables.region, h]
    ends = float(share[0]), float(share[-1])
    np.testing.assert_allclose(voltage(0, ends[0]), voltage(1, ends[1]), atol=1e-5)
    held = LENGTH[0] * X[0] + LENGTH[1] * X[1]
    expected = brentq(lambda x: voltage(1, x) - voltage(0, (held - LENGTH[1] * x) / LENGTH[0]), 0.01, 0.99)
    # Beside it stands the charge of the joint's double layer.
    np.testing.assert_allclose(ends[1], expected, rtol=1e-2)


def test_by_slopes_alone_newton_empties_the_node_that_is_to_be_filled() -> None:
    simulation = joined()
    simulation.newton.joined = simulation.newton.joined[:0]
    with pytest.raises(SolverError, match="still moved"):
        simulation.run(OpenCircuitStep(1.0))
