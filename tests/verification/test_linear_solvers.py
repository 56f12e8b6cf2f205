"""The answer does not depend on who solves the linear systems."""

import importlib.util
from typing import Literal

import numpy as np
import pytest

from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.solve.errors import SetupError
from eisfv.solve.stage_records import Source
from support.devices import VOLT, h_stack, mg_stack
from support.runs import held, stepped

Name = Literal["banded", "superlu", "petsc"]
DEVICES = {"Mg": (mg_stack(), 0.5, 0.5), "H": (h_stack(0.1), 4.0, 1e-3)}
needs_petsc = pytest.mark.skipif(importlib.util.find_spec("petsc4py") is None, reason="petsc4py is not installed")
OTHERS = ["superlu", pytest.param("petsc", marks=[pytest.mark.petsc, needs_petsc])]


def answer(name: Name, device: Device, volts: float, duration: float) -> Floats:
    """Return voltage, current and ions of each region after a pulse and a rest at adaptive steps."""
    options = SolverOptions(linear=name, tolerance=1e-2, newton=1e-9)
    simulation = Simulation(device, options)
    simulation.run(VoltageStep(duration, Constant(volts)))
    current = simulation.current
    simulation.run(OpenCircuitStep(duration))
    ions = held(simulation)[:, 0]
    regions = simulation.built.mesh.region
    return np.array([simulation.voltage, current, *(ions[regions == r].sum() for r in range(len(device.regions)))])


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("case", DEVICES)
def test_same_run_with_another_solver_agrees_to_nine_digits(case: str, other: Name) -> None:
    device, volts, duration = DEVICES[case]
    np.testing.assert_allclose(
        answer(other, device, volts, duration), answer("banded", device, volts, duration), rtol=1e-9
    )


@pytest.mark.parametrize("other", OTHERS)
def test_every_cell_agrees_after_fixed_steps(other: Name) -> None:
    def run(name: Name) -> Floats:
        simulation = Simulation(mg_stack(), SolverOptions(linear=name, newton=1e-9))
        rest = simulation.state.at.voltage
        stepped(simulation, lambda t: Source("voltage", rest + 0.5 / VOLT * t, 0.0), 0.5, 20)
        return held(simulation)

    np.testing.assert_allclose(run(other), run("banded"), rtol=1e-9)


def test_another_run_does_not_agree_to_nine_digits() -> None:
    device, volts, duration = DEVICES["Mg"]
    other = answer("superlu", device, volts * (1 + 1e-7), duration)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(other, answer("banded", device, volts, duration), rtol=1e-9)


def test_banded_solver_refuses_what_is_no_chain() -> None:
    from eisfv.device.build import build
    from eisfv.device.meshing import mesh_of
    from eisfv.solve.linear import linear_solver

    tables = build(mg_stack(), mesh_of(mg_stack())).tables
    right = tables.right.copy()
    right[3] += 2
    with pytest.raises(SetupError, match="needs a stack"):
        linear_solver("banded", tables._replace(right=right))
    assert linear_solver("auto", tables._replace(right=right)).name != "banded"
    assert linear_solver("auto", tables).name == "banded"
