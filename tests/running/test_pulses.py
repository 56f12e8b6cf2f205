"""The row of a pulse against the terminals and against what is known exactly."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.result import Run
from support.small_case import DEVICE, between_reads, finished, pulse, rest, small_case

RAMPS = """
[[protocol]]
drive = "voltage"
value = { times = ["0 s", "50 ms", "100 ms"], levels = ["0 V", "-0.5 V", "0.1 V"] }
duration = "100 ms"
pulse = true
"""
# One pulse of each kind with a read before it, with none, and with the protocol's end after it.
PULSES = (
    between_reads(pulse("voltage", "0.5 V", "100 ms"))
    + pulse("current", "10 uA", "200 ms")
    + rest("300 ms")
    + RAMPS
    + rest("200 ms")
)
OUTPUT = """
[output]
terminals = { every = "200 us" }

[solver]
tolerance = 1e-4
"""
RESISTANCE = 1000.0  # ohm


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    where = tmp_path_factory.mktemp("pulses")
    return finished(small_case(where, PULSES, OUTPUT), where / "run")


def during(run: Run, start: float, end: float) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the times of a stretch and the columns of terminals.csv on it, the value before it left out."""
    time = run.terminals["time_s"]
    rows = (time > start * (1.0 + 1e-12)) & (time <= end * (1.0 + 1e-12))
    return time[rows], {name: column[rows] for name, column in run.terminals.items()}


def trapezoid(run: Run, pulse: int, quantity: str) -> float:
    """Return the integral of the current or of the power at the device over a pulse."""
    start, end = run.pulses["t_start_s"][pulse], run.pulses["t_end_s"][pulse]
    time, rows = during(run, start, end)
    current = rows["current_A"]
    return float(np.trapezoid(current if quantity == "charge" else current * rows["voltage_V"], time))


def test_the_pulses_are_told_as_they_were_driven(run: Run) -> None:
    pulses = run.pulses
    np.testing.assert_array_equal(pulses["index"], [1, 2, 3])
    np.testing.assert_allclose(pulses["t_start_s"], [1.0, 2.1, 2.6], rtol=1e-14)
    np.testing.assert_allclose(pulses["t_end_s"], [1.1, 2.3, 2.7], rtol=1e-14)
    np.testing.assert_array_equal(pulses["amplitude"], [0.5, 10e-6, -0.5])
    assert list(pulses["amplitude_unit"]) == ["V", "A", "V"]


def test_the_charge_of_a_current_pulse_is_current_times_time(run: Run) -> None:
    np.testing.assert_allclose(run.pulses["charge_C"][1], 10e-6 * 0.2, rtol=1e-12)


def test_the_energy_of_a_voltage_pulse_is_voltage_times_charge(run: Run) -> None:
    np.testing.assert_allclose(run.pulses["energy_J"][0], 0.5 * run.pulses["charge_C"][0], rtol=1e-12)


# The double layers charge within microseconds of a voltage step, between two rows of terminals.csv: 1 % of it.
@pytest.mark.parametrize("pulse, rtol", [(0, 2e-2), (1, 2e-3), (2, 2e-2)])
@pytest.mark.parametrize("quantity, column", [("charge", "charge_C"), ("energy", "energy_J")])
def test_charge_and_energy_are_the_integrals_over_the_terminals(
    run: Run, quantity: str, column: str, pulse: int, rtol: float
) -> None:
    np.testing.assert_allclose(run.pulses[column][pulse], trapezoid(run, pulse, quantity), rtol=rtol)


def test_the_integral_over_another_pulse_is_another(run: Run) -> None:
    assert not np.isclose(run.pulses["charge_C"][0], trapezoid(run, 2, "charge"), rtol=0.5)


def test_the_source_also_gives_what_the_series_resistance_takes(tmp_path: Path) -> None:
    device = DEVICE.replace('area = "0.6 cm^2"', f'area = "0.6 cm^2"\nseries_resistance = "{RESISTANCE} ohm"')
    run = finished(small_case(tmp_path, PULSES, OUTPUT, device), tmp_path / "run")
    np.testing.assert_allclose(run.pulses["energy_J"][0], 0.5 * run.pulses["charge_C"][0], rtol=1e-6)
    assert trapezoid(run, 0, "energy") < 0.9 * run.pulses["energy_J"][0]


def test_a_read_is_the_mean_over_its_window(run: Run) -> None:
    for before, end in (("G_before_S", 1.0), ("G_after_S", 2.1)):
        time, rows = during(run, end - 0.5 - 1e-9, end)
        mean = np.trapezoid(rows["conductance_S"], time) / (time[-1] - time[0])
        np.testing.assert_allclose(run.pulses[before][0], mean, rtol=1e-7)
        last = rows["conductance_S"][-1]
        assert abs(last / mean - 1.0) > 1e-6, "the window is too flat to tell a mean from a last value"


def at(run: Run, time: float) -> float:
    return float(run.terminals["conductance_S"][np.argmin(np.abs(run.terminals["time_s"] - time))])


def test_without_a_read_the_conductance_is_taken_where_the_next_pulse_starts_or_the_protocol_ends(run: Run) -> None:
    pulses = run.pulses
    np.testing.assert_allclose(pulses["G_after_S"][1:], [at(run, 2.6), at(run, 2.9)], rtol=1e-12)
    np.testing.assert_allclose(pulses["G_before_S"][2], at(run, 2.6), rtol=1e-12)


def test_the_read_after_a_pulse_is_the_one_before_the_next(run: Run) -> None:
    assert run.pulses["G_before_S"][1] == run.pulses["G_after_S"][0]


def test_the_change_is_after_less_before(run: Run) -> None:
    pulses = run.pulses
    np.testing.assert_array_equal(pulses["dG_S"], pulses["G_after_S"] - pulses["G_before_S"])


def test_a_positive_pulse_raises_the_conductance_and_a_negative_one_lowers_it(run: Run) -> None:
    assert run.pulses["dG_S"][0] > 0.0 > run.pulses["dG_S"][2]
