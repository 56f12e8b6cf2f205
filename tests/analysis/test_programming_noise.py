"""Scatter of a run by its own noise: against exact variances, against spectra, and against a jump process."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy.linalg import expm

from eisfv.analysis.noise import BOLTZMANN, Noise
from eisfv.analysis.noise_sources import AVOGADRO
from eisfv.analysis.programming_noise import RESISTOR, once, scatter
from eisfv.analysis.sensitivity import Adjoint
from eisfv.analysis.steps_taken import TakenStep, taken
from eisfv.constants import ELEMENTARY_CHARGE, FARADAY, VACUUM_PERMITTIVITY
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.model.contacts import BlockingContact, OhmicContact, ReactiveContact
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.materials import Electrode
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.steps import OpenCircuitStep, Step, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.readout import ChannelReadout
from eisfv.postprocess.extract.noise import sd_between_reads
from eisfv.simulation import Simulation
from support.devices import AREA, MG_CURVE, SITES, TEMPERATURE, VOLT, binary, mg_electrolyte, mg_stack, one_layer, wo3
from support.small_signals import signal

BY_LENGTHS = MeshOptions(grading="lengths")
THERMAL = BOLTZMANN * TEMPERATURE
STERN, LENGTH = 0.02, 10e-6  # F/m2, m
J0, X0, THICKNESS, SIDE = 1e-3, 0.01, 80e-9, 100e-9  # A/m2, -, m, m


def driven(simulation: Simulation, *protocol: Step) -> list[TakenStep]:
    """Return the steps of a run."""
    return [taken(each, partial(simulation.source, step)) for step in protocol for each in simulation.drive(step)]


def blocking_cell(**more: float) -> Device:
    walls = BlockingContact(STERN)
    return replace(one_layer(binary(), LENGTH, walls, walls, BY_LENGTHS), **more)


def on_the_gate(simulation: Simulation) -> Adjoint:
    """Return the seed of the gate's charge (C): ions hold it there by their share of the way to the other wall."""
    mesh, permittivity = simulation.built.mesh, 80.0 * VACUUM_PERMITTIVITY
    depth = mesh.position if mesh.position.ndim == 1 else mesh.position[:, -1]
    share = ((LENGTH - depth) / permittivity + 1.0 / STERN) / (LENGTH / permittivity + 2.0 / STERN)
    stored = -FARADAY * share[:, None] * simulation.built.tables.charge[None, :]
    return Adjoint(stored, np.zeros_like(stored))


def capacitances(device: Device) -> tuple[float, float]:
    """Return C of the cell at low and at high frequency, F."""
    low, high = (signal(Simulation(device)).at(f).admittance.imag / (2.0 * np.pi * f) for f in (1e-1, 1e11))
    return low, high


def circuit(resistance: float, time: float) -> float:
    """Return Var Q (C2) of the ions' charge on the gate after a time (s): the salt's R beside the cell's own
    capacitance, the layers before both, a resistance (ohm) in the wire; all charges known at the start."""
    low, high = capacitances(blocking_cell())
    salt = LENGTH * VOLT / (2.0 * FARADAY * 10.0 * 1e-9 * AREA)
    own = high * low / (low - high)
    if resistance == 0.0:
        return THERMAL * (low - high) * -float(np.expm1(-2.0 * time / (salt * (low + own))))
    wire, rest = -1.0 / resistance * np.ones((2, 2)), THERMAL * np.diag([1.0 / low, 1.0 / own])
    decay = expm((wire - np.diag([0.0, 1.0 / salt])) / np.array([[low], [own]]) * time)
    charge = np.array([low - high, -high])
    return float(charge @ (rest - decay @ rest @ decay.T) @ charge)


@pytest.mark.parametrize("resistance, times", [(0.0, (1e-7, 1e-5)), (5.0, (1e-6,))])
def test_a_cell_that_starts_without_noise_comes_to_that_of_its_capacitance(
    resistance: float, times: Sequence[float]
) -> None:
    """Var Q = k T (C(0) - C(inf)) (1 - e^(-2 t/RC)): of a charge that was known, 2 k T t/R at first."""
    for time in times:
        simulation = Simulation(blocking_cell(series_resistance=resistance))
        steps = driven(simulation, VoltageStep(time, Constant(0.0)))
        found = scatter(simulation.built, steps, {len(steps): on_the_gate(simulation)})
        np.testing.assert_allclose(found.variance, circuit(resistance, time), rtol=5e-3)
        assert found.moved < 5e-3
        if resistance:
            assert 0.5 < found.parts[RESISTOR] / found.variance < 0.9
        else:
            assert RESISTOR not in found.parts


def test_the_steps_of_the_run_alone_would_miss_what_relaxes_between_them() -> None:
    simulation = Simulation(blocking_cell())
    steps = driven(simulation, VoltageStep(1e-5, Constant(0.0)))
    found = once(simulation.built, steps, {len(steps): on_the_gate(simulation)}, 1e6, 0.5)
    assert abs(found.variance / circuit(0.0, 1e-5) - 1.0) > 0.1


def film() -> Device:
    """Return a film of 100 nm x 100 nm that a metal fills with ions which are mixed at once."""
    host = wo3(diffusivity=1e-12)
    gate = ReactiveContact(Electrode("Mg", 2, 0.0, reference="metal"), ButlerVolmer(J0, 0.5), 1e-3)
    device = one_layer(host, THICKNESS, gate, OhmicContact(), MeshOptions(first=1.0, growth=1.4, largest=0.2), x=X0)
    return replace(device, area=SIDE**2, regions=(replace(device.regions[0], electroneutral=True),))


def jumps(over: float, time: float, samples: int, steps: int) -> Floats:
    """Return how many ions came in: jumps one by one with the rates of both ways, in steps of many (Poisson)."""
    sites = SITES * THICKNESS * SIDE**2 * AVOGADRO
    exchange = J0 * SIDE**2 / (2.0 * FARADAY) * AVOGADRO
    rng, count, curve = np.random.default_rng(1), np.zeros(samples), MG_CURVE.curve(2, TEMPERATURE)
    start = np.log(X0 / (1.0 - X0))
    for _ in range(steps):
        x = X0 + count / sites
        affinity = 2.0 * over / VOLT + curve.value(np.log(x / (1.0 - x))) - curve.value(np.array(start))
        rate = exchange * np.sqrt(x * (1.0 - x) / (X0 * (1.0 - X0))) * time / steps
        count += rng.poisson(rate * np.exp(0.5 * affinity)) - 1.0 * rng.poisson(rate * np.exp(-0.5 * affinity))
    return count


def of_its_ions(simulation: Simulation) -> Adjoint:
    """Return the seed of how many ions there are."""
    tables = simulation.built.tables
    stored = np.zeros((len(tables.region), len(tables.charge)))
    stored[:, simulation.built.number("Mg")] = AVOGADRO
    return Adjoint(stored, np.zeros_like(stored))


@pytest.mark.parametrize(
    "over, time", [(0.2, 2.0), *(pytest.param(*at, marks=pytest.mark.long) for at in ((0.02, 200.0), (0.2, 20.0)))]
)
def test_far_from_equilibrium_ions_come_as_jumps_do(over: float, time: float) -> None:
    """The number of jumps is neither that of one way alone (Poisson) nor that of the resistance at rest."""
    simulation = Simulation(film())
    steps = driven(simulation, VoltageStep(time, Constant(simulation.voltage + over)))
    found = scatter(simulation.built, steps, {len(steps): of_its_ions(simulation)})
    came = jumps(over, time, 20000, 400)
    np.testing.assert_allclose(found.variance**0.5, came.std(), rtol=0.015)  # three of its own errors
    assert abs(found.variance / came.mean() - 1.0) > 0.2
    assert found.parts["gate", "Mg"] > 0.9 * found.variance


def test_at_open_circuit_ions_scatter_by_the_charge_of_the_layer_alone() -> None:
    """Var N = k T C/(2 e)^2, C that of the layer in series with the film: less than an ion."""
    simulation = Simulation(film())
    steps = driven(simulation, OpenCircuitStep(1.0))
    found = scatter(simulation.built, steps, {len(steps): of_its_ions(simulation)})
    capacitance = signal(simulation).at(1e4).admittance.imag / (2e4 * np.pi)
    expected = THERMAL * capacitance / (2.0 * ELEMENTARY_CHARGE) ** 2
    np.testing.assert_allclose(found.variance, expected, rtol=1e-2)
    assert expected < 1.0


@pytest.mark.long
@pytest.mark.parametrize("drive", ["closed", "open"])
def test_two_reads_at_rest_differ_as_the_spectrum_says(drive: str) -> None:
    """Var [G(t + tau) - G(t)] = 4 int S_G sin^2(pi f tau) df, of a device that has been there for long."""
    tau, simulation = 1.0, Simulation(replace(mg_stack(electrolyte=mg_electrolyte(1e-16)), area=1e-14))
    small, frequencies = signal(simulation), np.logspace(-7.0, 6.0, 105)
    noise, densities, volts = Noise(small), [], Constant(simulation.voltage)
    for frequency in frequencies:
        found = noise.at(small.at(frequency))
        densities.append(found.conductance_closed if drive == "closed" else found.conductance_open)

    def hold(time: float) -> list[TakenStep]:
        return driven(simulation, VoltageStep(time, volts) if drive == "closed" else OpenCircuitStep(time))

    before = hold(1e4)
    slopes = ChannelReadout(simulation.built).slope_by_amounts(simulation.state)
    steps = [*before, *hold(tau)]
    marks = {k: Adjoint(sign * slopes, np.zeros_like(slopes)) for k, sign in ((len(before), -1.0), (len(steps), 1.0))}
    expected = sd_between_reads(frequencies, np.array(densities), tau)
    np.testing.assert_allclose(scatter(simulation.built, steps, marks).variance ** 0.5, expected, rtol=1e-2)
