"""Runs that tests have in common."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from eisfv.constants import FARADAY
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.mesh.records import Mesh
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import Step, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.solve.stage_records import Source
from eisfv.stepping import tr_bdf2
from eisfv.stepping.state import amounts

TIGHT = SolverOptions(tolerance=1e-4, newton=1e-9)
LOOSE = SolverOptions(tolerance=1e-2)


def settled(
    device: Device, volts: float, duration: float, options: SolverOptions = LOOSE, mesh: Mesh | None = None
) -> Simulation:
    """Return a simulation long after its gate was put to a voltage."""
    simulation = Simulation(device, options, mesh)
    simulation.run(VoltageStep(duration, Constant(volts)))
    return simulation


def held(simulation: Simulation) -> Floats:
    """Return what every cell holds of each species (cells, species) in mol."""
    return amounts(simulation.built.tables, simulation.state)


def space_charge(simulation: Simulation) -> Floats:
    """Return the mobile and fixed charge (C) of every cell."""
    tables = simulation.built.tables
    mobile = held(simulation) @ tables.charge
    return np.asarray(FARADAY * (mobile + tables.volume * tables.fixed[tables.region]))


def total(simulation: Simulation, species: str) -> float:
    """Return the amount (mol) of a species in the device."""
    return float(held(simulation)[:, simulation.built.number(species)].sum())


def stepped(
    simulation: Simulation,
    drive: Callable[[float], Source],
    duration: float,
    steps: int,
    scheme: str = "tr_bdf2",
) -> Simulation:
    """Run steps of one size with one scheme ("tr_bdf2" or "backward_euler"), the error estimate ignored."""
    h = duration / steps
    for _ in range(steps):
        state = simulation.state
        simulation.newton.forget()
        if scheme == "tr_bdf2":
            sources = drive(state.offset + tr_bdf2.GAMMA * h), drive(state.offset + h)
            step = tr_bdf2.tr_bdf2(simulation.newton, state, h, sources)
        else:
            step = tr_bdf2.backward_euler(simulation.newton, state, h, drive(state.offset + h))
        assert step.end is not None, "a stage did not converge"
        simulation.state = step.end
    return simulation


def halved(mesh: Mesh, times: int = 1) -> list[Floats]:
    """Return the cell sizes of each region of a stack, every cell halved `times` times."""
    order = np.argsort(mesh.position[:, 0], kind="stable")
    bulk = order[~mesh.surface[order]]
    area = float(mesh.area[0])
    sizes = mesh.volume[bulk] / area
    region = mesh.region[bulk]
    return [np.repeat(sizes[region == r] / 2**times, 2**times) for r in range(len(mesh.regions))]


def at_temperature(device: Device, temperature: float) -> Device:
    """Return the device at another temperature."""
    return replace(device, temperature=temperature)


def resumed(cut: Simulation, again: Simulation, step: Step) -> None:
    """Go on with another simulation of the same device inside a protocol step where one was cut, from what it saved."""
    saved, state = cut.integrator.save(), cut.state
    again.integrator.restore({name: np.copy(value) for name, value in saved.items()}, state)
    again.state = state
    for _ in again.drive(step, resume=True):
        pass
