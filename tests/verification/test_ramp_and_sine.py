"""A blocking cell behind a resistor under a ramp and a sine: the closed forms of a resistor and a capacitor in series.

    ramp  I = C v (1 - e^(-t/RC))
    sine  |I| = V w C / sqrt(1 + (w R C)^2),    arg I - arg V = atan(1/(w R C))

R is the resistor and the bulk, C the two double layers in series, C = tanh(L/l) eps/(2 l) of plates at +-L with the
Debye length l; beside a resistor of many times the bulk what the layers themselves resist is a part of l/L of the rest
(M. Z. Bazant, K. Thornton, A. Ajdari, Phys. Rev. E 70 (2004) 021506).
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.model.contacts import BlockingContact
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.ramps import Ramp
from eisfv.model.sines import Sine
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import AREA, TEMPERATURE, VOLT, binary, debye, one_layer

BULK, D = 10.0, 1e-9  # mol/m3, m2/s
DEBYE = debye(BULK)
HALF = 50.0 * DEBYE
SIGMA = 2 * FARADAY**2 * BULK * D / (GAS_CONSTANT * TEMPERATURE)
RESISTOR = 20.0 * 2 * HALF / (SIGMA * AREA)  # ohm
R = RESISTOR + 2 * HALF / (SIGMA * AREA)
C = 80.0 * VACUUM_PERMITTIVITY / (2 * DEBYE) * np.tanh(HALF / DEBYE) * AREA
SMALL = 0.1 * VOLT  # the layers hold a tenth of RT/F together: linear to 1e-4


def cell() -> Simulation:
    """Return the cell behind its resistor."""
    mesh = MeshOptions(first=0.05, growth=1.15, largest=0.05)
    device = one_layer(binary(BULK), 2 * HALF, BlockingContact(), BlockingContact(), mesh)
    options = SolverOptions(method="bdf", tolerance=1e-5, newton=1e-9)
    return Simulation(replace(device, series_resistance=RESISTOR), options)


def courses(simulation: Simulation, step: VoltageStep) -> tuple[np.ndarray, np.ndarray]:
    """Return the times (s) and currents (A) of the accepted steps of a protocol step."""
    rows = [(a.end.offset, a.end.current * FARADAY) for a in simulation.drive(step)]
    time, current = np.array(rows).T
    return time, current


def test_a_ramp_charges_the_cell_as_a_resistor_and_a_capacitor() -> None:
    rate = SMALL / (8 * R * C)
    time, current = courses(cell(), VoltageStep(8 * R * C, Ramp(SMALL, from_=0.0, rate=rate)))
    expected = C * rate * (1 - np.exp(-time / (R * C)))
    np.testing.assert_allclose(current, expected, atol=3e-3 * C * rate)
    assert np.abs(current - C * rate * time / (R * C)).max() > C * rate


def test_a_ramp_from_where_the_source_stands_begins_without_a_jump() -> None:
    simulation = cell()
    simulation.run(VoltageStep(0.5 * R * C, Constant(SMALL)))
    before = simulation.current
    _, current = courses(simulation, VoltageStep(0.1 * R * C, Ramp(0.0, duration=R * C)))
    np.testing.assert_allclose(simulation.level, SMALL, rtol=1e-9)
    np.testing.assert_allclose(current[0], before, rtol=1e-3)
    jump = VoltageStep(0.1 * R * C, Ramp(0.0, from_=0.5 * SMALL, duration=R * C))
    simulation = cell()
    simulation.run(VoltageStep(0.5 * R * C, Constant(SMALL)))
    assert abs(courses(simulation, jump)[1][0] - before) > 0.4 * SMALL / R


@lru_cache
def response(share: float) -> complex:
    """Return current over voltage (A/V) at share/RC, from the third period of a sine."""
    frequency = share / (2 * np.pi * R * C)
    sine = Sine(SMALL, frequency, cycles=3)
    time, current = courses(cell(), VoltageStep(sine.length, sine))
    last = time > 2 / frequency
    angle = 2 * np.pi * frequency * time[last]
    waves = np.column_stack([np.sin(angle), np.cos(angle)])
    (real, imaginary), *_ = np.linalg.lstsq(waves, current[last], rcond=None)
    return complex(real, imaginary) / SMALL


@pytest.mark.parametrize("share", [0.5, 1.0, 3.0])
def test_a_sine_drives_the_current_of_a_resistor_and_a_capacitor(share: float) -> None:
    found = response(share)
    size = share / R / np.sqrt(1 + share**2)
    np.testing.assert_allclose(abs(found), size, rtol=3e-3)
    np.testing.assert_allclose(np.angle(found), np.arctan(1 / share), atol=3e-3)


def test_a_resistor_alone_has_another_phase() -> None:
    assert np.angle(response(1.0)) > 0.5
