"""Impedance and transfer against exact solutions: blocking walls, a salt between metals, an ion film, a section."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.analysis.small_signal import SmallSignal
from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.equations.flow_sums import current_of_unit_voltage
from eisfv.equations.linearised import shifted
from eisfv.model.case_file import Readout
from eisfv.model.contacts import BlockingContact, OhmicContact, ReactiveContact
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.materials import Electrode
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.sines import Sine
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.readout import ChannelReadout
from eisfv.simulation import Simulation
from support.devices import AREA, SITES, TEMPERATURE, VOLT, binary, debye, h_stack, metal, mg_stack, one_layer, wo3
from support.runs import held
from support.sections import COARSE, layered
from support.small_signals import impedances, signal

BY_LENGTHS = MeshOptions(grading="lengths")
FINE = MeshOptions(first=0.1, growth=1.05)


def between_walls(frequency: Floats) -> Floats:
    """Return Z (ohm) of a 1:1 salt between blocking walls, with the compact layers of both.

    Z A = 2/(i w eps b^2) [tanh(b L/2)/(lam^2 b) + i w L/(2 D)] + 2/(i w C_S),    b^2 = 1/lam^2 + i w/D

    Source: J. R. Macdonald, Phys. Rev. 92 (1953) 4.
    """
    iw, length, d, permittivity, stern = 2j * np.pi * frequency, 2e-6, 1e-9, 80.0 * VACUUM_PERMITTIVITY, 0.2
    lam = debye()
    b = np.sqrt(1.0 + iw * lam**2 / d) / lam
    salt = 2.0 / (iw * permittivity * b**2) * (np.tanh(0.5 * b * length) / (lam**2 * b) + 0.5 * iw * length / d)
    return np.asarray((salt + 2.0 / (iw * stern)) / AREA)


def walls(mesh: MeshOptions) -> Device:
    return one_layer(binary(), 2e-6, BlockingContact(0.2), BlockingContact(0.2), mesh)


def test_a_salt_between_blocking_walls() -> None:
    f = np.array([1e3, 1e5, 1e6, 1e7, 1e8])
    found, exact = impedances(walls(FINE), f), between_walls(f)
    np.testing.assert_allclose(found.real, exact.real, rtol=2e-5)
    np.testing.assert_allclose(found.imag, exact.imag, rtol=1e-3)
    np.testing.assert_allclose(exact[0] * AREA, 2.650582e-5 - 2.971582e-3j, rtol=1e-6)


def test_a_coarse_mesh_misses_the_capacitance_of_the_layers() -> None:
    f = np.array([1e3])
    missed = impedances(walls(BY_LENGTHS), f).imag / between_walls(f).imag - 1.0
    assert 0.01 < missed[0] < 0.03


def test_a_salt_between_metals_that_take_its_cation() -> None:
    """Z = R + 2/(1/(R_ct + W/2) + i w C_S A), W = R tanh(s)/s, s^2 = i w L^2/(4 D): a thin double layer."""
    d, length, c, exchange, stern = 1e-9, 10e-6, 10.0, 50.0, 1e-3
    f = np.array([1e-6, 1.0, 10.0, 100.0, 1e3, 1e4])
    contact = metal(exchange, stern)
    found = impedances(one_layer(binary(c), length, contact, contact, BY_LENGTHS), f)
    resistance = length * GAS_CONSTANT * TEMPERATURE / (2.0 * FARADAY**2 * c * d * AREA)
    s = np.sqrt(2j * np.pi * f * length**2 / (4.0 * d))
    transfer = VOLT / (exchange * AREA)
    faradaic = transfer + 0.5 * resistance * np.tanh(s) / s
    exact = resistance + 2.0 / (1.0 / faradaic + 2j * np.pi * f * stern * AREA)
    np.testing.assert_allclose(found, exact, rtol=1e-4)
    np.testing.assert_allclose(found[0].real, 12.9399, rtol=1e-5)
    assert np.abs(found / (exact - resistance) - 1.0).min() > 0.05  # it would see the other half of the resistance


def film() -> Device:
    """Return an Mg metal on a film of MgxWO3 on an ohmic contact, its conductance read."""
    gate = ReactiveContact(Electrode("Mg", 2, 0.0, reference="metal"), ButlerVolmer(20.0, 0.5), 0.1)
    readout = Readout(length=100e-6, width=500e-6)
    return replace(one_layer(wo3(), 80e-9, gate, OhmicContact(), BY_LENGTHS, x=0.1), readout=readout)


X, D, THICK = 0.1, 1e-15, 80e-9
LAYER = 0.0962 * AREA  # F: 0.1 F/m2 in series with the space charge of the film
# -dU/dx (V) of U = U0 - (RT/2F) [ln(x/(1-x)) + 2 ln(2x/(1-2x))] - 0.428 V x
FALL = 0.428 + 0.5 * VOLT * (1.0 / (X * (1.0 - X)) + 4.0 / (2.0 * X * (1.0 - 2.0 * X)))


def test_an_ion_film_stores_by_its_open_circuit_curve_and_diffuses_by_its_warburg_element() -> None:
    """Z_F = R_ct + R_W coth(s)/s, s^2 = i w L^2/D_chem; R_W and the chemical capacitance follow from U(x) and D."""
    found = signal(Simulation(film()))
    f = np.array([1e-3, 1e-2, 1.0])
    z = np.array([1.0 / found.at(each).admittance for each in f])
    chemical = D * FALL * 2.0 / VOLT * X * (1.0 - X)
    s = np.sqrt(2j * np.pi * f * THICK**2 / chemical)
    warburg = FALL * THICK / (2.0 * FARADAY * SITES * chemical * AREA) / np.tanh(s) / s
    # The layer of the metal moves the surface composition, and with it the rate, by 1.8 %.
    transfer = VOLT / (2.0 * 20.0 * AREA) * 1.018
    exact = 1.0 / (1.0 / (transfer + warburg) + 2j * np.pi * f * LAYER)
    np.testing.assert_allclose(z, exact, rtol=1e-3)
    np.testing.assert_allclose(z[0].imag, exact[0].imag, rtol=1e-4)
    np.testing.assert_allclose(z[0].real, exact[0].real, rtol=1e-2)
    storage = 2.0 * FARADAY * SITES * THICK * AREA / FALL
    np.testing.assert_allclose(-1.0 / (2.0 * np.pi * f[0] * z[0].imag), storage + LAYER, rtol=1e-4)


def test_the_conductance_of_a_film_follows_its_gate_by_its_curves() -> None:
    """dG/dV = G'(x)/(-U'(x)) where a wave is slow, dG/dI = G'(x)/(i w zF c L A) at every frequency of an even film."""
    simulation = Simulation(film())
    found = signal(simulation)
    u = (2.0 * X / 0.0263) ** 3.93
    by_x = 5.0 * THICK * 54760.0 * 2.0 * (u / (1.0 + u)) * (1.0 + 3.93 / (1.0 + u))
    slow = found.at(1e-6)
    np.testing.assert_allclose(slow.transfer, by_x / FALL, rtol=1e-4)
    np.testing.assert_allclose(abs(slow.transfer), 0.0491675, rtol=1e-3)
    for frequency, error in ((1e-3, 1e-4), (1e-2, 1e-3)):
        response = found.at(frequency)
        by_charge = by_x / (2.0 * FARADAY * SITES * THICK * AREA)
        through = 1.0 - 2j * np.pi * frequency * LAYER / response.admittance
        expected = by_charge / (2j * np.pi * frequency) * through
        np.testing.assert_allclose(response.transfer / response.admittance, expected, rtol=error)


@pytest.mark.parametrize("frequency", [10.0, 1e3])
def test_the_transient_of_a_small_sine_gives_the_same_numbers(frequency: float) -> None:
    device, amplitude, periods = mg_stack(), 1e-4, 3
    simulation = Simulation(device, SolverOptions(tolerance=1e-6, newton=1e-10, method="bdf"))
    start, begin = simulation.voltage, ChannelReadout(simulation.built)
    response = signal(simulation).at(frequency)
    wave = Sine(amplitude, frequency, offset=start, cycles=periods)
    rows = [
        (a.end.offset, a.end.current * FARADAY, begin.conductance(a.end))
        for a in simulation.drive(VoltageStep(wave.length, wave))
    ]
    time, current, conductance = np.array(rows).T
    last = time > (periods - 1) / frequency
    angle = 2.0 * np.pi * frequency * time[last]
    basis = np.stack([np.ones_like(angle), angle, np.sin(angle), np.cos(angle)], axis=1)
    for values, expected in ((current, response.admittance), (conductance, response.transfer)):
        _, _, sine, cosine = np.linalg.lstsq(basis, values[last], rcond=None)[0]
        np.testing.assert_allclose((sine + 1j * cosine) / amplitude, expected, rtol=2e-3)


def test_a_section_of_even_layers_is_its_stack() -> None:
    stack = mg_stack(length=200e-9, mesh=MeshOptions(**{k: v for k, v in COARSE.items() if "lateral" not in k}))
    flat = layered(stack, **COARSE)
    one, other = (signal(Simulation(device)) for device in (stack, flat))
    for frequency in (1e-2, 1e2, 1e6):
        expected, found = one.at(frequency), other.at(frequency)
        np.testing.assert_allclose(found.admittance, expected.admittance, rtol=1e-9)
        assert found.rounding < 1e-10


def test_waves_are_those_of_the_equations_in_extended_precision() -> None:
    """Refined, what is left of the rounding is 1e-8 where a device blocks; unrefined it is 1e-6."""
    for device, bound in ((mg_stack(), 1e-12), (h_stack(mesh=BY_LENGTHS), 1e-7)):
        found = signal(Simulation(device))
        for frequency in (1e-6, 1.0):
            expected, plain = exact_and_plain(found, frequency)
            response = found.solved(frequency)
            error = abs(response.current / expected - 1.0)
            assert error < bound
            if frequency == 1.0:  # below, the reference has lost as many digits
                assert error <= max(10.0 * response.rounding, 1e-13)
            if frequency < 1e-3 and bound > 1e-12:
                assert abs(plain / expected - 1.0) > 10.0 * error


def exact_and_plain(found: SmallSignal, frequency: float) -> tuple[complex, complex]:
    """Return the current of a unit voltage (mol/s), by elimination in extended precision and without refinement."""
    t, slopes = found.built.tables, found.system.slopes
    iw = np.clongdouble(2j * np.pi * frequency)
    cells, m = found.own.shape[:2]
    matrix = np.zeros((cells, m, cells, m), np.clongdouble)
    rhs = np.zeros((cells, m), np.clongdouble)
    for i in range(cells):
        matrix[i, :, i, :] = found.own[i] + iw * slopes.storage[i].astype(np.clongdouble)
    for f, (left, right) in enumerate(zip(t.left, t.right, strict=True)):
        by_right = slopes.transport.upper[f].astype(np.clongdouble)
        by_left = slopes.transport.lower[f].astype(np.clongdouble)
        by_right[0, 0] -= iw * slopes.displacement[f]
        by_left[0, 0] -= iw * slopes.displacement[f]
        matrix[left, :, right, :] += by_right
        matrix[left, :, left, :] -= by_left
        matrix[right, :, right, :] -= by_right
        matrix[right, :, left, :] += by_left
        felt = by_right @ t.follow[t.region[right]] * (t.test[right] - t.test[left])
        rhs[left] += felt
        rhs[right] -= felt
    answer = eliminated(matrix.reshape(cells * m, -1), rhs.ravel()).reshape(cells, m)
    total = np.clongdouble(0.0)
    for f in np.flatnonzero(t.test_fall):
        left, right = t.left[f], t.right[f]
        rise = t.follow[t.region[right]] * (t.test[right] - t.test[left]) - answer[right]
        flow = slopes.transport.upper[f] @ rise + slopes.transport.lower[f] @ answer[left]
        moved = -iw * slopes.displacement[f] * (rise[0] + answer[left, 0])
        total += t.test_fall[f] * (moved + t.charge @ flow[1 : 1 + len(t.charge)])
    found.solved(frequency)
    rough = found.linear.solve(shifted(found.t, found.matrix, found.system.part))
    return complex(total), current_of_unit_voltage(found.t, found.slopes, complex(iw), rough)


def eliminated(matrix: np.ndarray, rhs: np.ndarray) -> np.ndarray:
    """Return the solution by Gauss' elimination, rows scaled and pivoted, in the precision of the matrix."""
    scale = np.abs(matrix).max(axis=1)
    a, b = matrix / scale[:, None], rhs / scale
    size = len(b)
    for k in range(size):
        reach = min(size, k + 12)
        pivot = k + int(np.abs(a[k:reach, k]).argmax())
        a[[k, pivot]], b[[k, pivot]] = a[[pivot, k]], b[[pivot, k]]
        end = min(size, k + 24)
        share = a[k + 1 : reach, k] / a[k, k]
        a[k + 1 : reach, k:end] -= share[:, None] * a[k, k:end]
        b[k + 1 : reach] -= share * b[k]
    for k in range(size - 1, -1, -1):
        end = min(size, k + 24)
        b[k] = (b[k] - a[k, k + 1 : end] @ b[k + 1 : end]) / a[k, k]
    return b


def test_a_device_at_rest_does_not_drift_and_one_under_bias_does() -> None:
    simulation = Simulation(mg_stack())
    assert signal(simulation).drift() < 1e-12
    simulation.run(VoltageStep(0.1, Constant(0.3)))
    before, after = held(simulation), None
    drift = signal(simulation).drift()
    h = 1e-3
    simulation.run(VoltageStep(h, Constant(0.3)))
    after = held(simulation)
    region, ion = simulation.built.tables.region, simulation.built.number("Mg")
    change = np.bincount(region, (after - before)[:, ion]) / np.bincount(region, before[:, ion])
    np.testing.assert_allclose(drift, np.abs(change).max() / h, rtol=0.1)
