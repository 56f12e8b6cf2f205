"""A stripe of solute spreads along a section as the cosine series has it; a patch spreads both ways.

    c = c0 + dc S(x; a, b, W)
    S = (b-a)/W + sum 2/(n pi) [sin(k b) - sin(k a)] cos(k x) e^{-k^2 D t},   k = n pi/W

for a stripe a < x < b in a slab with closed ends; a patch is the product of two stripes. A salt spreads with
2 D+ D-/(D+ + D-), and so does what a bath at the left edge lets in: 1 - sum 4/pi sin(m pi x/2W)/m e^{...}, m odd.
Source: H. S. Carslaw, J. C. Jaeger, Conduction of Heat in Solids, 2nd ed., 1959, secs. 3.3 and 3.5.
"""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.device.device import Device
from eisfv.device.section_geometry import BoxSection
from eisfv.device.tables import Floats
from eisfv.mesh.box import Box, Span
from eisfv.model.contact_edges import ContactEdge
from eisfv.model.contacts import BathContact, InsulatingContact, OhmicContact
from eisfv.model.host_curves import AnalyticOpenCircuit, PercolationConductivity
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Initial
from eisfv.model.solver_options import SolverOptions
from eisfv.model.species import Dilute
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.solve.stage_records import Iterate, Known
from eisfv.stepping.tr_bdf2 import initial_state
from support.devices import SITES, binary, debye, one_layer, wo3
from support.orders import assert_second_order, observed_errors
from support.runs import held, total

D, START, RISE = 1e-9, 10.0, 15.0  # m2/s, mol/m3, mol/m3
WIDTH, HEIGHT = 4e-6, 1e-6  # m
DEPTH = 1e-3
STRIPE: Span = (0.25 * WIDTH, 0.625 * WIDTH)
EVERYWHERE: Span = (0.0, HEIGHT)
TIME = 0.01 * WIDTH**2 / D
OPTIONS = SolverOptions(linear="superlu", tolerance=1e-5, newton=1e-9)


def neutral() -> Electrolyte:
    """Return a solvent with an uncharged solute."""
    return Electrolyte(80.0, {"solute": Dilute(0, concentration=START, diffusivity=D)})


def slab(material: Electrolyte, columns: int, rows: int = 2) -> Device:
    """Return one region of equal cells between a blocking top and a blocking bottom, its ends closed."""
    plain = one_layer(material, HEIGHT, mesh=MeshOptions(cells={"layer": rows}, lateral_cells=columns))
    boxes = {"layer": Box((0.0, WIDTH), EVERYWHERE)}
    contacts = {"gate": ContactEdge("layer", "top"), "channel": ContactEdge("layer", "bottom")}
    return replace(plain, section=BoxSection(DEPTH, boxes, contacts))


def within(at: Floats, span: Span) -> Floats:
    return np.asarray((at > span[0]) & (at < span[1]), float)


def striped(device: Device, x: Span, y: Span = EVERYWHERE, options: SolverOptions = OPTIONS) -> Simulation:
    """Return a simulation that begins with every species raised by dc inside a rectangle."""
    simulation = Simulation(device, options)
    built, newton = simulation.built, simulation.newton
    share = within(built.mesh.position[:, 0], x) * within(built.mesh.position[:, 1], y)
    u = simulation.state.at.u.copy()
    u[:, 1:] += np.log(1.0 + RISE / START * share)[:, None]
    at = Iterate(u, simulation.state.at.voltage)
    newton.evaluate(at, Known(np.zeros_like(newton.system.stored), 0.0), 1.0, True)
    stored, charge = newton.system.stored.copy(), float(newton.gate[1])
    simulation.state = initial_state(at, stored, charge, newton.flows())
    newton.forget()
    return simulation


def spread(simulation: Simulation, time: float = TIME) -> Floats:
    """Return the mean over the species of the rise in every cell after some time, over dc."""
    simulation.run(VoltageStep(time, Constant(simulation.voltage)))
    mesh = simulation.built.mesh
    inner = ~mesh.surface
    c = held(simulation)[inner] / mesh.volume[inner, None]
    return np.asarray((c.mean(axis=1) - START) / RISE)


def series(at: Floats, span: Span, extent: float, diffusivity: float, time: float = TIME) -> Floats:
    """Return S of the head of this file."""
    n = np.arange(1, 200)[:, None]
    k = n * np.pi / extent
    weight = 2.0 * (np.sin(k * span[1]) - np.sin(k * span[0])) / (n * np.pi)
    waves = weight * np.cos(k * at) * np.exp(-(k**2) * diffusivity * time)
    return np.asarray((span[1] - span[0]) / extent + waves.sum(axis=0))


def error(columns: int, diffusivity: float = D) -> float:
    simulation = striped(slab(neutral(), columns), STRIPE)
    found = spread(simulation)
    return float(np.abs(found - series(simulation.built.mesh.position[:, 0], STRIPE, WIDTH, diffusivity)).max())


def test_a_stripe_spreads_as_the_series_has_it_with_second_order() -> None:
    errors = [error(columns) for columns in (16, 32, 64, 128)]
    assert_second_order(observed_errors(errors))
    assert errors[-1] < 1e-3


def test_a_stripe_of_another_diffusivity_does_not_follow_that_series() -> None:
    assert error(64, 1.05 * D) > 5.0 * error(64)
    assert error(64, 1.05 * D) > 3e-3


def test_a_stripe_keeps_its_amount_and_stays_level_across() -> None:
    simulation = striped(slab(neutral(), 32, 4), STRIPE)
    before = total(simulation, "solute")
    found = spread(simulation).reshape(32, 4)
    np.testing.assert_allclose(total(simulation, "solute"), before, rtol=1e-12)
    assert np.ptp(found, axis=1).max() < 1e-9
    assert np.ptp(found[:, 0]) > 0.5


def test_a_patch_spreads_in_both_directions_as_the_product_of_two_series() -> None:
    spot: Span = (0.0, 0.5 * HEIGHT)
    simulation = striped(slab(neutral(), 64, 32), STRIPE, spot)
    time = 0.1 * HEIGHT**2 / D
    found = spread(simulation, time)
    x, y = simulation.built.mesh.position.T
    exact = series(x, STRIPE, WIDTH, D, time) * series(y, spot, HEIGHT, D, time)
    assert np.abs(found - exact).max() < 2e-3
    swapped = series(y, STRIPE, WIDTH, D, time) * series(x, spot, HEIGHT, D, time)
    assert np.abs(found - swapped).max() > 0.1


def thin_salt(ratio: float) -> Electrolyte:
    """Return a 1:1 salt of a Debye length of a thousandth of the height, its anion `ratio` times as fast."""
    permittivity = (1e-3 * HEIGHT / debye(START, 1.0)) ** 2
    return binary(START, permittivity, (D, ratio * D))


@pytest.mark.parametrize("ratio", [1.0, 4.0])
def test_a_stripe_of_salt_spreads_with_the_ambipolar_diffusivity(ratio: float) -> None:
    simulation = striped(slab(thin_salt(ratio), 64, 2), STRIPE)
    found = spread(simulation)
    x = simulation.built.mesh.position[:, 0]
    together = 2.0 * ratio / (1.0 + ratio) * D
    assert np.abs(found - series(x, STRIPE, WIDTH, together)).max() < 3e-3
    assert ratio == 1.0 or np.abs(found - series(x, STRIPE, WIDTH, D)).max() > 0.03


def test_the_edge_of_a_stripe_of_salt_has_its_diffusion_potential() -> None:
    """The faster anion runs ahead: phi = (D- - D+)/(D- + D+) ln(c/c0), in RT/F, high where the salt is."""
    simulation = striped(slab(thin_salt(4.0), 64, 2), STRIPE)
    found = 1.0 + RISE / START * spread(simulation)
    phi = simulation.state.at.u[:, 0]
    exact = 0.6 * np.log(found)
    np.testing.assert_allclose(phi - phi[0], exact - exact[0], atol=5e-3 * np.ptp(exact))


def host_film(curve: AnalyticOpenCircuit) -> Device:
    """Return a host as a film between ohmic contacts at its ends, its electrons far more mobile than its ions."""
    sigma = PercolationConductivity(1e6, 1.0, 0.5, 2.0)
    host = wo3("H", 1, curve, sigma, zero_charge_x=START / SITES, diffusivity=D)
    device = slab(host, 64)
    layout = device.section
    assert isinstance(layout, BoxSection)
    section = replace(layout, contacts={"gate": ContactEdge("layer", "left"), "channel": ContactEdge("layer", "right")})
    film = replace(device.regions[0], initial=Initial(START / SITES))
    return replace(device, regions=(film,), gate=OhmicContact(), channel=OhmicContact(), section=section)


@pytest.mark.parametrize("polarons, factor", [(False, 1.0), (True, 2.0)])
def test_ions_of_a_film_spread_along_it_with_the_slope_of_its_open_circuit_curve(polarons: bool, factor: float) -> None:
    """D_chem = -D (x F/RT) dU/dx for few ions: D where the electrons' entropy is not in U(x), 2 D where it is."""
    simulation = striped(host_film(AnalyticOpenCircuit(0.0, polarons)), STRIPE)
    before = total(simulation, "H")
    found = spread(simulation, TIME / factor)
    x = simulation.built.mesh.position[:, 0]
    assert np.abs(found - series(x, STRIPE, WIDTH, factor * D, TIME / factor)).max() < 3e-3
    assert np.abs(found - series(x, STRIPE, WIDTH, 1.5 * D, TIME / factor)).max() > 2e-2
    np.testing.assert_allclose(total(simulation, "H"), before, rtol=1e-12)


def at_a_bath(columns: int) -> Simulation:
    """Return the solute's slab with a bath at its left edge, all else closed."""
    device = slab(neutral(), columns)
    layout = device.section
    assert isinstance(layout, BoxSection)
    section = replace(
        layout, contacts={"gate": ContactEdge("layer", "left"), "channel": ContactEdge("layer", "bottom")}
    )
    bath = BathContact({"solute": START + RISE})
    return Simulation(replace(device, gate=bath, channel=InsulatingContact(), section=section), OPTIONS)


def test_a_bath_at_the_left_edge_fills_the_slab_along_x() -> None:
    simulation = at_a_bath(64)
    time = 0.05 * WIDTH**2 / D
    found = spread(simulation, time)
    x = simulation.built.mesh.position[:, 0]
    m = (2 * np.arange(200) + 1)[:, None]
    k = m * np.pi / (2 * WIDTH)
    exact = 1.0 - (4 / (m * np.pi) * np.sin(k * x) * np.exp(-(k**2) * D * time)).sum(axis=0)
    assert np.abs(found - exact).max() < 1e-3
    assert np.abs(found - exact[::-1]).max() > 0.1
    # Early uptake is Cottrell's: 2 dc sqrt(D t/pi) per area of the edge.
    taken = found.mean() * WIDTH * RISE
    np.testing.assert_allclose(taken, 2.0 * RISE * np.sqrt(D * time / np.pi), rtol=2e-3)
