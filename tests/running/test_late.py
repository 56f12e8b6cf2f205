"""What happens late in a run is what happens early: time is a start of the step and an offset from it."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.constants import FARADAY
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep, OpenCircuitStep
from eisfv.model.waveforms import PiecewiseLinear
from eisfv.result import Run
from eisfv.simulation import Simulation
from support.devices import h_stack
from support.small_case import finished, small_case

PULSES = """
[[protocol]]
drive = "open_circuit"
duration = "{rest}"

[[protocol]]
repeat = 3
steps = [
    {{ drive = "current", value = "1 mA", duration = "{width}", pulse = true }},
    {{ drive = "open_circuit", duration = "1 s", read = "last 0.5 s" }},
]
"""
METHODS = ["tr_bdf2", "bdf"]


def run(directory: Path, protocol: str, method: str) -> Run:
    output = f'[output]\nfields = {{ at = [] }}\n[solver]\nmethod = "{method}"\n'
    return finished(small_case(directory, protocol, output), directory / "run")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "rest, width, charge", [("1e9 s", "1 ns", 1e-12), ("1e6 s", "1 ns", 1e-12), ("1e5 s", "10 ns", 1e-11)]
)
def test_a_short_pulse_brings_its_charge_however_late(
    tmp_path: Path, rest: str, width: str, charge: float, method: str
) -> None:
    found = run(tmp_path, PULSES.format(rest=rest, width=width), method)
    np.testing.assert_allclose(found.pulses["charge_C"], charge, rtol=1e-6)
    np.testing.assert_allclose(found.pulses["width_s"], charge / 1e-3, rtol=1e-12)


# A film without electrons: at rest nothing can change.
FILM = """
kind = "electrolyte"
title = "protons on a fixed background"
relative_permittivity = { value = 20.0, source = "round" }
fixed_charge = { value = "-100 mol/m^3", source = "balances the protons" }

[species.H]
charge = 1
statistics = "lattice"
density = { value = "4.8e4 mol/m^3", source = "round" }
concentration = { value = "100 mol/m^3", source = "round" }
diffusivity = { value = "2.663e-11 cm^2/s", source = "1e-8 S/cm" }
hop_length = { value = "1.2 nm", source = "round" }
"""
READS = """
[case]
title = "Reads of two nanoseconds"

[device]
temperature = "298.15 K"
area = "1 mm^2"
region = [
    { name = "film", material = "./film.toml", thickness = "14 nm" },
    { name = "channel", material = "h_wo3", thickness = "10 nm", initial.x = 0.1 },
]
contact.gate = { kind = "reactive", electrode = "pd_hx", exchange_current = "100 A/m^2" }
contact.channel = { kind = "ohmic" }

[[device.interface]]
between = ["film", "channel"]
ion = { law = "butler_volmer", exchange_current = "0.01 A/m^2" }
stern_capacitance = "10 uF/cm^2"

[readout]
length = "100 um"
width = "500 um"

[mesh]
grading = "lengths" # one mesh whatever the rest and the method

[[protocol]]
drive = "open_circuit"
duration = "REST"
read = "last 2 ns"

[[protocol]]
drive = "voltage"
value = "5 V"
duration = "5 ns"
pulse = true

[[protocol]]
drive = "open_circuit"
duration = "1 us"
read = "last 2 ns"
"""


# dG with method = "bdf", tolerance = 1e-7; G before with either method.
CHANGE, BEFORE = 1.5228283e-8, 1.496097e-6  # S


def read_back(directory: Path, rest: str, tolerance: str = "2e-3") -> tuple[float, float]:
    """Return the change of the conductance by the pulse and the conductance before it, S."""
    directory.mkdir()
    (directory / "film.toml").write_text(FILM)
    solver = f'[solver]\nmethod = "tr_bdf2"\ntolerance = {tolerance}\nnewton = 1e-6\n'
    (directory / "case.toml").write_text(READS.replace("REST", rest) + solver)
    pulse = finished(load(directory), directory / "run").pulses
    return float(pulse["dG_S"][0]), float(pulse["G_before_S"][0])


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> tuple[float, float]:
    return read_back(tmp_path_factory.mktemp("early") / "case", "1 us")


@pytest.mark.parametrize("rest", ["1 h", "1e5 s", "1e6 s"])
def test_a_read_of_two_nanoseconds_says_the_same_however_late(
    tmp_path: Path, early: tuple[float, float], rest: str
) -> None:
    np.testing.assert_allclose(read_back(tmp_path / "late", rest), early, rtol=1e-6)
    np.testing.assert_allclose(early, (CHANGE, BEFORE), rtol=1e-3)


def test_both_methods_read_the_same_where_their_tolerance_is_tight(tmp_path: Path) -> None:
    np.testing.assert_allclose(read_back(tmp_path / "tight", "1 us", "1e-6"), (CHANGE, BEFORE), rtol=5e-6)


def test_a_loose_tolerance_keeps_them_apart(early: tuple[float, float]) -> None:
    assert abs(early[0] / CHANGE - 1.0) > 5e-6


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("start", [1.0, 1e5])
def test_a_pulse_late_within_its_own_step_brings_its_charge(method: str, start: float) -> None:
    """A millionth of what is left, the usual first step, is less than the clock tells there.

    The edge carries half a percent of the charge, and the time steps resolve it to solver.tolerance.
    """
    stop = start + 1e-5
    times, levels = (0.0, start, start + 1e-7, stop), (0.0, 0.0, 1e-5, 1e-5)
    simulation = Simulation(h_stack(leak=False), SolverOptions(method=method))
    charge = 0.0
    for accepted in simulation.drive(CurrentStep(stop, PiecewiseLinear(times=times, levels=levels))):
        charge += FARADAY * (accepted.end.passed - accepted.start.passed)
    expected = sum((t - s) * 0.5 * (p + q) for (s, p), (t, q) in pairwise(zip(times, levels, strict=True)))
    assert simulation.state.offset == stop
    np.testing.assert_allclose(charge, expected, rtol=0.005 * simulation.options.step_tolerance)


def test_repeated_steps_do_not_drift() -> None:
    simulation = Simulation(h_stack(leak=False))
    for _ in range(50):
        simulation.run(OpenCircuitStep(0.1))
    state = simulation.state
    assert state.start + Fraction(state.offset) == 50 * Fraction(0.1)
    assert state.offset == 0.1


def test_an_absolute_time_would_lose_the_pulse() -> None:
    """What the pair is for: a nanosecond is less than the rounding of 1e9 s."""
    assert 1e9 + 1e-9 == 1e9
    assert Fraction(10**9) + Fraction(1e-9) > 10**9
