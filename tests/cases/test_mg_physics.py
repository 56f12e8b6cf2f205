"""What the magnesium cases rest on: symmetry, self-discharge, scaling and leak.

Every pulse test starts at equilibrium, V_oc = 0, with both films at the same x, and its pulses are so small that the
response is linear. "Symmetric" means that of ten pulses up and ten down each undoes its counterpart: the k-th the
k-th last. The small devices sit at the composition without a double layer, so that the exchange current at their
interfaces is the one given, and their films and their electrolyte are uniform at any time of interest.
"""

from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.constants import FARADAY, GAS_CONSTANT
from eisfv.device.device import Device
from eisfv.model.interface_laws import Blocking, ButlerVolmer, InterfaceLaw
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep, OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.readout import ChannelReadout
from eisfv.result import Run, read
from eisfv.running import run_case
from eisfv.simulation import Simulation
from support.devices import AREA, SITES, TEMPERATURE, VOLT, mg_stack, wo3

CASES = Path(__file__).parents[2] / "cases"
X, LENGTH, FILM = 0.01, 1e-7, 80e-9  # -, m, m
DEBYE = 0.277e-9  # m: of the films, as `eisfv check cases/mg_scaling` tells it
PAPER = 0.04  # leakage resistance over charge-transfer resistance: 1e4 over 2.6e5 ohm cm2, cases/mg_retention_open
SIGMA_MG = FARADAY**2 * 4 * 123.0 * 4.5e-13 / (GAS_CONSTANT * TEMPERATURE)  # S/m
OPTIONS = SolverOptions(tolerance=1e-5, newton=1e-10)
FAST = wo3(diffusivity=1e-10)


def device(
    leak: float, exchange: float = 1.0, x: tuple[float, float] = (X, X), law: InterfaceLaw | None = None
) -> Device:
    """Return a small device; leak: leakage over charge-transfer resistance; exchange (A/m2) at either interface."""
    sigma_e = LENGTH * exchange / (leak * VOLT)
    law = law or ButlerVolmer(exchange, 0.5, at_x=X)
    return mg_stack(x, sigma_e, LENGTH, (FAST, FAST), law=law)


def conductance(simulation: Simulation) -> float:
    """Return the in-plane conductance (S)."""
    return float(ChannelReadout(simulation.built).conductance(simulation.state))


def excess(simulation: Simulation) -> float:
    """Return how much fuller the channel is than at equilibrium."""
    return float(ChannelReadout(simulation.built).filling(simulation.state)) - X


def staircase(leak: float, signs: tuple[int, ...] = (1,) * 10 + (-1,) * 10) -> np.ndarray:
    """Return the change of conductance (S) by each pulse of 1 A/m2 and 2 ms with the 50 ms of open circuit after it."""
    simulation = Simulation(device(leak), OPTIONS)
    levels = [conductance(simulation)]
    for sign in signs:
        simulation.run(CurrentStep(2e-3, Constant(sign * AREA)))
        simulation.run(OpenCircuitStep(50e-3))
        levels.append(conductance(simulation))
    return np.diff(levels)


def asymmetry(changes: np.ndarray) -> float:
    """Return the largest sum of a change and its counterpart over the mean change."""
    return float(np.abs(changes + changes[::-1]).max() / np.abs(changes).mean())


def test_without_leak_pulses_are_symmetric_to_one_percent() -> None:
    assert asymmetry(staircase(1e6)) < 1e-2


def test_with_the_papers_leak_pulses_are_not_symmetric() -> None:
    changes = staircase(PAPER)
    assert asymmetry(changes) > 0.1
    assert changes[0] > changes[9] > 0.0  # the fuller channel loses ions while it is read


def test_with_the_leak_the_first_pulse_of_either_sign_is_still_symmetric() -> None:
    """The leak takes the same from both; what is asymmetric is where the pulses before have moved V_oc."""
    up, down = staircase(PAPER, (1,)), staircase(PAPER, (-1,))
    np.testing.assert_allclose(up, -down, rtol=1e-2)


@pytest.mark.parametrize("lean", [-1e-3, 1e-3])
def test_at_open_circuit_the_leak_moves_the_conductance_against_the_voltage(lean: float) -> None:
    for leak, moves in ((PAPER, True), (1e9, False)):
        simulation = Simulation(device(leak, x=(X - lean, X + lean)), OPTIONS)
        assert np.sign(simulation.voltage) == np.sign(lean)
        before = conductance(simulation)
        simulation.run(OpenCircuitStep(1.0))
        change = (conductance(simulation) - before) / before
        assert (np.sign(change) == -np.sign(lean) and abs(change) > 0.1) if moves else abs(change) < 1e-6


def times_of(leak: float, exchange: float) -> tuple[float, float]:
    """Return the time constants (s) from theory at open circuit and at 0 V: C/2 of two films in series, times the
    resistance of two interfaces, of the electrolyte and of the leak. The anions rest: only magnesium conducts.
    """
    slope = 0.5 * VOLT * (1 / X + 1 / (1 - X) + 2 / X + 4 / (1 - 2 * X)) + 0.428  # V per x
    capacitance = FILM * SITES * 2 * FARADAY / slope
    closed = VOLT / exchange + LENGTH / SIGMA_MG
    return 0.5 * capacitance * (closed + leak * VOLT / exchange), 0.5 * capacitance * closed


def decay(leak: float, exchange: float, drive: str, tau: float) -> float:
    """Return the time constant (s) with which a small imbalance of the films goes, between 1 and 3 tau."""
    # A tolerance far below the imbalance, 1e-3 of the filling.
    options = SolverOptions(tolerance=1e-8, newton=1e-11)
    simulation = Simulation(device(leak, exchange, (X - 1e-5, X + 1e-5)), options)
    left = []
    for stretch in (tau, 2 * tau):
        step = OpenCircuitStep(stretch) if drive == "open_circuit" else VoltageStep(stretch, Constant(0.0))
        simulation.run(step)
        left.append(excess(simulation))
    return float(2 * tau / np.log(left[0] / left[1]))


@pytest.mark.parametrize(("leak", "exchange"), [(PAPER, 1.0), (1.0, 1.0), (25.0, 1.0), (1.0, 100.0)])
def test_time_constants_follow_charge_transfer_against_leakage_resistance(leak: float, exchange: float) -> None:
    """tau_OC/tau_0V = 1 + R_e/(R_i + R_ct), each time constant by itself and the share of the leak."""
    theory = times_of(leak, exchange)
    model = [decay(leak, exchange, drive, tau) for drive, tau in zip(("open_circuit", "voltage"), theory, strict=True)]
    np.testing.assert_allclose(model, theory, rtol=1.2e-2)
    np.testing.assert_allclose(model[0] / model[1] - 1.0, theory[0] / theory[1] - 1.0, rtol=2e-2)


def test_open_circuit_and_zero_volts_end_at_the_same_conductance() -> None:
    ends = []
    for step in (OpenCircuitStep(60.0), VoltageStep(60.0, Constant(0.0)), OpenCircuitStep(0.1)):
        simulation = Simulation(device(1.0, x=(0.0005, 0.0247)), OPTIONS)
        simulation.run(step)
        ends.append(conductance(simulation))
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-4)
    assert ends[2] > 1.1 * ends[0]  # not yet


@pytest.mark.parametrize("leak", [PAPER, 1e4])
def test_chronoamperometry_with_blocked_ions_returns_the_conductivity_put_in(leak: float) -> None:
    simulation = Simulation(device(leak, law=Blocking()), OPTIONS)
    for volts in (0.1, -0.2):
        simulation.run(VoltageStep(100.0, Constant(volts)))
        np.testing.assert_allclose(simulation.current / AREA * leak * VOLT / 1.0 / volts, 1.0, rtol=1e-6)


def test_chronoamperometry_with_passing_ions_returns_more() -> None:
    simulation = Simulation(device(1e4), OPTIONS)
    simulation.run(VoltageStep(1e-2, Constant(0.1)))
    assert simulation.current / AREA * 1e4 * VOLT / 0.1 > 100.0


def result(name: str, out: Path, *overrides: str) -> Run:
    """Run a case of the project and return the result."""
    run_case(load(CASES / name, overrides), out, lambda progress: None)
    return read(out)


@pytest.mark.long
def test_charge_for_a_change_of_conductivity_goes_with_the_volume_of_the_film(tmp_path: Path) -> None:
    """Area, thickness and electrolyte differ; the pulse is the same share of the film's sites.

    What stays in the double layers of a film's two faces changes nothing along it: a share of two Debye lengths at most
    (80 nm: 0.35 % seen, 20 nm: 1.01 %, at a tenth of the mesh error the same).
    """
    per_volume = []
    for name, thickness, area in (("mg_energy", FILM, 6e-5), ("mg_scaling", FILM, 1e-14), ("mg_scaling", 2e-8, 1e-14)):
        films = [f"device.region.{film}.thickness={thickness} m" for film in ("reservoir", "channel")]
        pulse = [f"protocol[1].steps[0].value={10 / 6e-5 * area * thickness / FILM} uA"]
        run = result(name, tmp_path / f"{name}{thickness}", *films, *pulse)
        squares = 5.0 if name == "mg_energy" else 1.0  # width over length
        change = run.pulses["dG_S"][0] / (squares * thickness)
        per_volume.append(run.pulses["charge_C"][0] / change / (area * thickness))
    excess = [value / per_volume[0] - 1.0 for value in per_volume[1:]]
    assert abs(excess[0]) < 2.0 * DEBYE / FILM
    assert excess[0] < excess[1] < 2.0 * DEBYE / 2e-8


@pytest.mark.long
def test_the_case_without_leak_is_symmetric_and_with_the_papers_leak_is_not(tmp_path: Path) -> None:
    tight = result("mg_energy", tmp_path / "tight").pulses["dG_S"]
    leaky = result("mg_energy", tmp_path / "leaky", "device.region.electrolyte.material=pce_succinonitrile_mg")
    assert asymmetry(tight) < 1e-2
    assert asymmetry(leaky.pulses["dG_S"]) > 0.1


@pytest.mark.long
def test_the_cases_of_retention_end_alike_and_the_leak_makes_open_circuit_slower(tmp_path: Path) -> None:
    runs = [result(name, tmp_path / name) for name in ("mg_retention_open", "mg_retention")]
    ends = [run.terminals["conductance_S"][-1] for run in runs]
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-3)
    fillings = [np.interp(3600.0, run.terminals["time_s"], run.terminals["x_channel"]) for run in runs]
    assert fillings[0] > fillings[1] > runs[1].terminals["x_channel"][-1]


@pytest.mark.long
@pytest.mark.parametrize(("stern", "rtol"), [(10.0, 0.2), (0.1, 1.0)])
def test_energy_beyond_the_work_on_ions_charges_double_layers(tmp_path: Path, stern: float, rtol: float) -> None:
    """E less the integral of V dQ of the ions is C V^2/2 of two Stern layers in series, the diffuse layers aside."""
    layers = [f"device.interface[{i}].stern_capacitance={stern} uF/cm^2" for i in (0, 1)]
    run = result("mg_energy", tmp_path / "run", *layers)
    rows = (run.terminals["time_s"] >= 10.0) & (run.terminals["time_s"] <= 10.5)
    volts, x = run.terminals["voltage_V"][rows], run.terminals["x_channel"][rows]
    stored = run.pulses["energy_J"][0] - np.trapezoid(volts, x * 6e-5 * FILM * SITES * 2 * FARADAY)
    np.testing.assert_allclose(stored, 0.25e-2 * stern * 6e-5 * volts[-1] ** 2, rtol=rtol)
