"""The discretisation is of second order in space, on uniform meshes and on graded ones, across interfaces and contacts.

Every cell of a mesh is halved, and halved again; the time steps stay the same, so that their error drops out.
"""

import numpy as np
import pytest

from eisfv.constants import GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.device.tables import Floats
from eisfv.mesh.records import Mesh
from eisfv.mesh.stack import stack_mesh
from eisfv.model.contacts import BathContact, BlockingContact, ReactiveContact
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.simulation import Simulation
from eisfv.solve.stage_records import Source
from support.devices import AREA, TEMPERATURE, VOLT, binary, debye, h_stack, metal, mg_electrolyte, mg_stack, one_layer
from support.orders import assert_second_order, observed, observed_errors
from support.runs import halved, held, settled, space_charge, stepped

OPTIONS = SolverOptions(newton=1e-10)
# The Debye length of the Mg electrolyte is 0.42 nm, of the hosts 0.2 nm, of the protonated film 0.7 nm.
MG = {"length": 10e-9, "stern": 0.1}
UNIFORM_MG = MeshOptions(cells={"reservoir": 640, "electrolyte": 80, "channel": 640})
GRADED = MeshOptions(first=0.25, growth=1.1, host_growth=1.1, largest=0.05)
DEVICES = {
    "Mg, uniform": mg_stack((0.1, 0.05), mesh=UNIFORM_MG, **MG),
    "Mg, graded": mg_stack((0.1, 0.05), mesh=GRADED, **MG),
    "Mg without compact layers, graded": mg_stack((0.1, 0.05), mesh=GRADED, length=10e-9, stern=None),
    "H, uniform": h_stack(0.1, mesh=MeshOptions(cells={"electrolyte": 60, "channel": 80})),
    "H, graded": h_stack(0.1, mesh=GRADED),
    "electroneutral": mg_stack((0.1, 0.05), electrolyte=mg_electrolyte(electroneutral=True), length=1e-6, mesh=GRADED),
    "metal and bath": one_layer(binary(), 60e-9, metal(100.0, 0.1), BathContact(), MeshOptions(cells={"layer": 40})),
}
# amplitude in V above rest, duration in s
DRIVES = {"Mg": (0.3, 0.2), "H": (1.0, 1.0), "electroneutral": (0.3, 0.2), "metal": (0.1, 1e-6)}


def finer(device: Device, times: int) -> Mesh:
    """Return the device's mesh with every cell halved so many times."""
    nodes = (isinstance(device.gate, ReactiveContact), isinstance(device.channel, ReactiveContact))
    base = mesh_of(device)
    return stack_mesh(base.regions, halved(base, times), device.area, nodes)


def answer(device: Device, mesh: Mesh, amplitude: float, duration: float) -> Floats:
    """Return the ions (mol) that each region has gained after a smooth rise of the voltage."""
    simulation = Simulation(device, OPTIONS, mesh)
    rest = simulation.state.at.voltage

    def drive(time: float) -> Source:
        return Source("voltage", rest + amplitude / VOLT * np.sin(0.5 * np.pi * time / duration) ** 3, 0.0)

    before = held(simulation)[:, 0]
    moved = held(stepped(simulation, drive, duration, 20))[:, 0] - before
    region = simulation.built.mesh.region
    ions = [moved[region == r].sum() for r in range(len(device.regions))]
    return np.array(ions)


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.long] if n == "Mg, uniform" else []) for n in DEVICES]
)
def test_inserted_ions_are_of_second_order(name: str) -> None:
    amplitude, duration = DRIVES[name.split(",")[0].split()[0]]
    device = DEVICES[name]
    # 1 360 cells need no more; the others start at half their cells.
    first = 0 if name == "Mg, uniform" else 1
    answers = [answer(device, finer(device, k), amplitude, duration) for k in range(first, first + 4)]
    assert_second_order(observed(answers))


@pytest.mark.parametrize("graded", [False, True])
def test_charge_of_a_double_layer_is_of_second_order(graded: bool) -> None:
    mesh = MeshOptions(first=0.2, growth=1.15) if graded else MeshOptions(cells={"layer": 60})
    device = one_layer(binary(), 20 * debye(), BlockingContact(), BathContact(), mesh)
    grahame = np.sqrt(8 * 80 * VACUUM_PERMITTIVITY * GAS_CONSTANT * TEMPERATURE * 10.0) * np.sinh(1.0)
    errors: list[float] = []
    for k in range(4):
        simulation = settled(device, 2.0 * VOLT, 1e-3, SolverOptions(tolerance=1e-2, newton=1e-10), finer(device, k))
        errors.append(float(-space_charge(simulation).sum() / AREA / grahame - 1))
    assert_second_order(observed_errors(errors))
    assert abs(errors[-1]) < 1e-3


def test_a_contact_that_is_half_a_cell_off_fails_the_check() -> None:
    """A wall whose half cell of dielectric is left out moves by half a cell: first order."""
    device = one_layer(binary(), 20 * debye(), BlockingContact(), BathContact(), MeshOptions(cells={"layer": 60}))
    charges = []
    for k in range(4):
        mesh = finer(device, k)
        mesh.contact_distance[0] *= 1e-6
        simulation = settled(device, 0.1 * VOLT, 1e-3, SolverOptions(tolerance=1e-2, newton=1e-10), mesh)
        charges.append(float(space_charge(simulation).sum()))
    orders = observed(charges)
    assert 0.8 < orders[-1] < 1.2
    with pytest.raises(AssertionError):
        assert_second_order(orders)
