"""A synapse whose interfaces follow Marcus, Hush and Chidsey: at rest as any, and it passes less at a large voltage."""

import numpy as np

from eisfv.constants import FARADAY
from eisfv.model.interface_laws import ButlerVolmer, MarcusHushChidsey
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import mg_stack
from support.runs import held

OPTIONS = SolverOptions(newton=1e-9)
LAW = MarcusHushChidsey(1e-3, 3e4)


def inserted(law: ButlerVolmer | MarcusHushChidsey, volts: float) -> float:
    """Return the ions (mol) that a pulse brings into the channel."""
    simulation = Simulation(mg_stack(law=law, sigma_e=1e-30), OPTIONS)
    channel = simulation.built.mesh.region == 2
    before = held(simulation)[channel, 0].sum()
    simulation.run(VoltageStep(1e-3, Constant(volts)))
    return float(held(simulation)[channel, 0].sum() - before)


def test_it_starts_at_rest_and_keeps_its_ions() -> None:
    simulation = Simulation(mg_stack(law=LAW, sigma_e=1e-30), OPTIONS)
    rest, before = simulation.voltage, held(simulation).sum(axis=0)
    np.testing.assert_allclose(rest, Simulation(mg_stack(sigma_e=1e-30)).voltage, rtol=1e-12)
    simulation.run(OpenCircuitStep(1.0))
    np.testing.assert_allclose(simulation.voltage, rest, rtol=1e-9)
    simulation.run(VoltageStep(0.1, Constant(1.0)))
    np.testing.assert_allclose(held(simulation).sum(axis=0)[:2], before[:2], rtol=1e-13)


def test_near_equilibrium_it_is_butler_volmer_and_far_from_it_it_is_not() -> None:
    """Both laws have the exchange current of the case at the compositions of the bulk; at the interfaces, beside whose
    compositions the two differ in how they follow, the linear response is the same within some per cent."""
    rest = Simulation(mg_stack(sigma_e=1e-30)).voltage
    bv = ButlerVolmer(1e-3, 0.5)
    near = [inserted(law, rest + 1e-4) for law in (LAW, bv)]
    far = [inserted(law, rest + 3.0) for law in (LAW, bv)]
    assert abs(FARADAY * near[0]) > 1e-14
    np.testing.assert_allclose(near[0], near[1], rtol=0.05)
    assert far[0] < 0.9 * far[1]
