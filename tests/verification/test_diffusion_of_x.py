"""D of composition: Fick's law under any U(x), tables, and what D(x) must leave alone.

Film of 10 um, D 1e-13 m2/s, 25 370 of 51 217 mol/m3, fed with 2 A/m2 (a finite slab).
"""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import FARADAY, GAS_CONSTANT
from eisfv.device.hosts import ion_diffusivity
from eisfv.device.tables import Floats
from eisfv.model.contacts import OhmicContact
from eisfv.model.diffusion import AnyDiffusion, ConstantDiffusion, TabulatedDiffusion
from eisfv.model.host_curves import AnalyticOpenCircuit, PercolationConductivity, TabulatedOpenCircuit
from eisfv.model.materials import Host
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.species import Dilute, Lattice
from eisfv.model.steps import CurrentStep, OpenCircuitStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import AREA, TEMPERATURE, metal, mg_stack, one_layer
from support.runs import TIGHT, total
from support.slab import fed_slab

LENGTH, D, SITES, START, CURRENT = 10e-6, 1e-13, 51217.0, 25370.0, 2.0  # m, m2/s, mol/m3, mol/m3, A/m2
STEEP = AnalyticOpenCircuit(4.0, True, 0.5)  # its thermodynamic factor is 1 + 1 + 4.9 at x = 1/2
MEASURED = TabulatedOpenCircuit((0.1, 0.3, 0.5, 0.6, 0.9), (4.4, 4.2, 4.1, 3.9, 3.6), source="round numbers")
FICK = ConstantDiffusion("chemical")
STEPS = TabulatedDiffusion("tracer", (0.2, 0.5, 0.8), (1e-14, 1e-13, 1e-12), source="two decades")


def film(
    curve: AnalyticOpenCircuit | TabulatedOpenCircuit = STEEP,
    diffusion: AnyDiffusion | None = FICK,
    charge: int = 1,
) -> Host:
    """Return a host whose electrons are level, whose ion diffuses by a law."""
    own = None if isinstance(diffusion, TabulatedDiffusion) else D
    species = {"Li": Lattice(charge, density=SITES, diffusivity=own), "electron": Dilute(-1, density=SITES)}
    sigma = PercolationConductivity(1e6, 1.0, 0.5, 2.0)
    return Host(20.0, "Li", START / SITES, species, curve, sigma, diffusion=diffusion, reference="film")


def fed(host: Host, time: float) -> tuple[Simulation, Floats, Floats]:
    """Return a film after `time` (s) of the current, places (m) beyond its double layers, what was gained there."""
    mesh = MeshOptions(first=20.0, host_growth=1.3, largest=0.02)
    device = one_layer(host, LENGTH, metal(1e4, 1e-3, 4.0, "Li"), OhmicContact(), mesh, x=START / SITES)
    simulation = Simulation(device, TIGHT)
    before = simulation.profile().concentration[:, 0]
    simulation.run(CurrentStep(time, Constant(CURRENT * AREA)))
    y = simulation.built.mesh.position[:, 0]
    deep = (y > 20e-9) & (y < LENGTH - 20e-9)
    return simulation, y[deep], (simulation.profile().concentration[:, 0] - before)[deep]


@pytest.mark.parametrize("curve", [STEEP, MEASURED], ids=["formula", "table"])
@pytest.mark.parametrize("s", [0.02, 0.5])
def test_constant_chemical_diffusivity_is_ficks_law_under_any_curve(s: float, curve: AnalyticOpenCircuit) -> None:
    time = s * LENGTH**2 / D
    simulation, y, found = fed(film(curve), time)
    gained = CURRENT * time / (FARADAY * LENGTH)
    np.testing.assert_allclose(total(simulation, "Li") / (AREA * LENGTH), START + gained, rtol=1e-6)
    expected = fed_slab(LENGTH - y, time, CURRENT / FARADAY, D, LENGTH)
    np.testing.assert_allclose(found, expected, atol=4e-3 * expected.max())
    np.testing.assert_allclose(found[0], expected[0], rtol=4e-3)


def test_constant_tracer_diffusivity_is_not_and_is_what_a_host_does_without_a_law() -> None:
    time = 0.02 * LENGTH**2 / D
    _, y, found = fed(film(diffusion=ConstantDiffusion("tracer")), time)
    expected = fed_slab(LENGTH - y, time, CURRENT / FARADAY, D, LENGTH)
    assert abs(found[0] / expected[0] - 1.0) > 0.3
    assert (found == fed(film(diffusion=None), time)[2]).all()


@pytest.mark.parametrize("of", ["tracer", "chemical"])
def test_a_table_passes_its_points_and_holds_its_ends(of: str) -> None:
    host = film(diffusion=replace(STEPS, of=of))
    for x, d in ((0.01, 1e-14), (0.2, 1e-14), (0.5, 1e-13), (0.8, 1e-12), (0.99, 1e-12)):
        factor = 2.0 + x * (1.0 - x) * 0.5 * FARADAY / (GAS_CONSTANT * TEMPERATURE)  # ions, polarons, slope
        exact = d if of == "tracer" else d / factor
        np.testing.assert_allclose(ion_diffusivity(host, x, TEMPERATURE), exact, rtol=2e-3)


@pytest.mark.parametrize("law", [FICK, STEPS, replace(STEPS, of="chemical")], ids=["Fick", "tracer", "chemical"])
def test_no_law_moves_the_equilibrium_or_loses_an_ion(law: AnyDiffusion) -> None:
    """The same start to the last bit; after a pulse two hosts hold together what they held."""
    plain, own = (mg_stack(hosts=(host, host), x=(0.3, 0.2)) for host in (magnesium(None), magnesium(law)))
    first, second = Simulation(plain, TIGHT), Simulation(own, TIGHT)
    assert first.voltage == second.voltage
    assert (first.state.at.u == second.state.at.u).all()
    before = total(second, "Mg")
    second.run(CurrentStep(0.1, Constant(1e-5)))
    second.run(OpenCircuitStep(1.0))
    np.testing.assert_allclose(total(second, "Mg"), before, rtol=1e-13)


def magnesium(law: AnyDiffusion | None) -> Host:
    """Return a host of Mg whose ion diffuses by a law."""
    own = None if isinstance(law, TabulatedDiffusion) else 1e-15
    species = {"Mg": Lattice(2, density=SITES, diffusivity=own), "electron": Dilute(-1, density=SITES)}
    sigma = PercolationConductivity(0.55, 54760.0, 0.0263, 3.93)
    curve = AnalyticOpenCircuit(2.3, True, 0.428)
    return Host(30.0, "Mg", 0.01, species, curve, sigma, diffusion=law, reference="host")
