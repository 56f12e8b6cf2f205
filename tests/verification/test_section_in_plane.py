"""The film's resistance along itself: a resistive channel fills beside its contacts first, and levels out afterwards.

A film of sheet conductance S = sigma t over an interface of conductance g' per area is a transmission line. At early
times, its levels still where they were, a gate step of V inserts the current density

    i(x) = g' V cosh((x - W/2)/lambda)/cosh(W/2 lambda),     lambda = sqrt(S/g')
    1/g' = RT/(F i0) of both charge transfers + thickness/conductivity of the electrolyte

At rest a wave of filling cos(k x), k = 2 pi/W, decays through the film's electrons in series with the ions through the
interface, and through both along the film (its ions conduct sigma_i):

    rate = [1/(1/g' + 1/(S k^2)) + k^2 t sigma_i S/(S + sigma_i t)] / C,     C = -F c_site t / (dU/dx)
"""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from eisfv.constants import FARADAY
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.model.contacts import OhmicContact, ReactiveContact
from eisfv.model.host_curves import PercolationConductivity
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.interfaces import Interface
from eisfv.model.materials import Electrode
from eisfv.model.regions import Initial, Region
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import H_CURVE, SITES, TEMPERATURE, VOLT, wo3, ysz
from support.runs import held, total
from support.sections import COARSE, layered

WIDTH, THICK, LENGTH = 20e-6, 50e-9, 14e-9  # m: of the section, of the film, of the electrolyte
X, D = 0.3, 3e-15  # filling, m2/s of the protons in the film
POOR = 5.5e-3  # S/m
TRANSFER, FAST = 1.0, 1e3  # A/m2 at the film, at the gate
PROTONS = 100.0, 2.663e-15  # mol/m3, m2/s in the electrolyte
EARLY = 0.3  # s: far beyond the double layers (4 ms), far before the film's filling (24 s)
STEP = 2e-3  # V
OPTIONS = SolverOptions(linear="superlu", tolerance=1e-4, newton=1e-7)
COLUMNS = 40
# Protons drift along the film, 2 % of its current, and pile up at the metals that stop them.
INNER = slice(1, -1)


def device(sigma: float, transfer: float = TRANSFER, contacts: str = "sides") -> Device:
    """Return metal | proton conductor | film whose conductivity is the same at every filling."""
    level = PercolationConductivity(sigma, 1e-12, 0.9, 2.0)
    film = wo3("H", 1, H_CURVE, level, zero_charge_x=X, diffusivity=D)
    stack = Device(
        TEMPERATURE,
        1e-9,
        (Region("electrolyte", ysz(0.0, PROTONS[0], leak=False), LENGTH), Region("channel", film, THICK, Initial(X))),
        (Interface(("electrolyte", "channel"), species={"H": ButlerVolmer(transfer)}, stern_capacitance=0.1),),
        ReactiveContact(Electrode("H", 1, 0.0, reference="metal"), ButlerVolmer(FAST, 0.5), 0.1),
        OhmicContact(),
    )
    return layered(stack, contacts, width=WIDTH, **{**COARSE, "lateral_cells": COLUMNS})


def conductance_across(transfer: float = TRANSFER) -> float:
    """Return g' (S/m2)."""
    sigma = PROTONS[0] * PROTONS[1] * FARADAY / VOLT
    return 1.0 / (VOLT / transfer + VOLT / FAST + LENGTH / sigma)


def decay_length(sigma: float, transfer: float = TRANSFER) -> float:
    return float(np.sqrt(sigma * THICK / conductance_across(transfer)))


def columns(simulation: Simulation) -> tuple[Floats, Floats]:
    """Return x (m) and the protons per area (mol/m2) of every column of the film."""
    mesh = simulation.built.mesh
    film = (mesh.region == 1) & ~mesh.surface
    x, number = np.unique(np.round(mesh.position[film, 0] / WIDTH, 9), return_inverse=True)
    amount = np.bincount(number, held(simulation)[film, 0])
    volume = np.bincount(number, mesh.volume[film])
    return x * WIDTH, amount / volume * THICK


def inserted(simulation: Simulation, duration: float, volts: float = STEP) -> tuple[Floats, Floats]:
    """Return x and what every column of the film has taken (mol/m2) since the gate was raised above rest."""
    x, before = columns(simulation)
    simulation.run(VoltageStep(duration, Constant(simulation.voltage + volts)))
    return x, columns(simulation)[1] - before


def fitted_length(x: Floats, taken: Floats) -> float:
    """Return the decay length (m) of the hyperbolic cosine that fits best, its height free."""

    x, taken = x[INNER], taken[INNER]

    def misfit(log_length: float) -> float:
        shape = np.cosh((x - 0.5 * WIDTH) / np.exp(log_length))
        shape /= shape.max()
        return float(((taken - shape * (taken @ shape) / (shape @ shape)) ** 2).sum() / (taken @ taken))

    found = minimize_scalar(misfit, bounds=(np.log(WIDTH / 100), np.log(100 * WIDTH)), method="bounded")
    assert found.fun < 1e-4
    return float(np.exp(found.x))


@pytest.mark.parametrize("sigma, transfer", [(POOR, TRANSFER), (4 * POOR, TRANSFER), (POOR, 0.3 * TRANSFER)])
def test_a_resistive_film_fills_beside_its_contacts_over_the_length_of_the_line(sigma: float, transfer: float) -> None:
    simulation = Simulation(device(sigma, transfer), OPTIONS)
    x, taken = inserted(simulation, EARLY)
    expected = decay_length(sigma, transfer)
    np.testing.assert_allclose(fitted_length(x, taken), expected, rtol=0.05)
    np.testing.assert_allclose(taken, taken[::-1], rtol=1e-6)
    # The height too: g' V t/F beside a contact.
    rate = conductance_across(transfer) * STEP * EARLY / FARADAY
    shape = np.cosh((x - 0.5 * WIDTH) / expected) / np.cosh(0.5 * WIDTH / expected)
    np.testing.assert_allclose(taken[INNER], rate * shape[INNER], atol=0.05 * rate)


def test_the_lengths_of_these_lines_are_apart() -> None:
    lengths = [decay_length(POOR), decay_length(4 * POOR), decay_length(POOR, 0.3 * TRANSFER)]
    assert min(lengths) * 1.25 < np.median(lengths)
    assert np.median(lengths) * 1.25 < max(lengths)


def test_a_good_film_fills_evenly() -> None:
    simulation = Simulation(device(1e4 * POOR), OPTIONS)
    _, taken = inserted(simulation, EARLY)
    assert np.ptp(taken) < 3e-3 * taken.mean()
    poor = Simulation(device(POOR), OPTIONS)
    assert np.ptp(inserted(poor, EARLY)[1]) > taken.mean() * 0.5


def test_a_resistive_film_on_one_wide_contact_fills_evenly() -> None:
    """Its electrons come through the thickness, not along the film."""
    _, taken = inserted(Simulation(device(POOR, contacts="bottom"), OPTIONS), EARLY)
    assert np.ptp(taken) < 1e-6 * taken.mean()


def wave(simulation: Simulation) -> float:
    """Return the amplitude (mol/m2) of cos(2 pi x/W) in the film's filling."""
    x, amount = columns(simulation)
    return float(2.0 * np.mean(amount * np.cos(2.0 * np.pi * x / WIDTH)))


def test_after_a_pulse_the_ions_of_a_resistive_film_redistribute_and_none_is_lost() -> None:
    simulation = Simulation(device(POOR), OPTIONS)
    inserted(simulation, 5.0, 5e-3)
    simulation.run(OpenCircuitStep(1.0))
    before, height = total(simulation, "H"), wave(simulation)
    rest = 40.0
    simulation.run(OpenCircuitStep(rest))
    np.testing.assert_allclose(total(simulation, "H"), before, rtol=1e-11)
    k = 2.0 * np.pi / WIDTH
    sheet, protons = POOR * THICK, X * SITES * D * FARADAY / VOLT * THICK
    capacity = FARADAY * SITES * THICK * X * (1.0 - X) / (2.0 * VOLT)
    through = 1.0 / (1.0 / conductance_across() + 1.0 / (sheet * k**2))
    along = k**2 * protons * sheet / (protons + sheet)
    found = np.log(height / wave(simulation)) / rest
    np.testing.assert_allclose(found, (through + along) / capacity, rtol=0.05)
    # Neither the interface alone nor the film alone would do.
    assert abs(found * capacity / conductance_across() - 1.0) > 0.3
    assert abs(found * capacity / (sheet * k**2) - 1.0) > 0.3


def test_the_spread_of_the_filling_falls_at_rest_and_grows_under_the_pulse() -> None:
    simulation = Simulation(device(POOR), OPTIONS)
    pulse = Constant(simulation.voltage + 5e-3)
    pulses = [VoltageStep(duration, pulse) for duration in (2.0, 3.0)]
    rests = [OpenCircuitStep(duration) for duration in (20.0, 200.0)]
    spreads = []
    for step in pulses + rests:
        simulation.run(step)
        spreads.append(float(np.ptp(columns(simulation)[1])))
    assert 0.0 < spreads[0] < spreads[1]
    assert spreads[1] > spreads[2] > 10.0 * spreads[3]
