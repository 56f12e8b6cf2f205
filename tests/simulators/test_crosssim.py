"""The tables of CrossSim 2 as it reads them, and the device of CrossSim 3 as it calls it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from eisfv.postprocess.extract.measured import Extraction, Measured
from eisfv.postprocess.simulators.arrays.crosssim import BINS, DECREASING, DEVICE_FILE, INCREASING, write
from simulators.made_steps import HIGH, LOW, extraction, linear_step, soft_down, soft_up
from simulators.stand_ins import crosssim_file, crosssim_parameters

REST, TAU = 3e-6, 120.0  # S, s
DECAY = {
    "retention_exponential_tau": Measured(TAU, "s"),
    "retention_exponential_amplitude": Measured(5e-6, "S"),
    "retention_exponential_end": Measured(REST, "S"),
}


def table(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return conductances (n,), points of the distribution (m,) and changes (m, n), read as the simulator does."""
    rows = [np.genfromtxt(path, delimiter=",", skip_header=skip, max_rows=1) for skip in (1, 2)]
    return rows[0], rows[1], np.genfromtxt(path, delimiter=",", skip_header=3)


def device(made: Extraction, out: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], Any]:
    assert write(made, out).reason == ""
    defined = crosssim_file(out / DEVICE_FILE, monkeypatch)
    return defined, defined["EISSynapse"](SimpleNamespace(), SimpleNamespace())


def test_the_tables_hold_the_measured_steps_at_the_same_conductances(tmp_path: Path) -> None:
    assert write(extraction(soft_up(), soft_down()), tmp_path).reason == ""
    (g_up, cdf_up, up), (g_down, cdf_down, down) = table(tmp_path / INCREASING), table(tmp_path / DECREASING)
    assert g_up.size == BINS
    np.testing.assert_array_equal(g_up, g_down)
    np.testing.assert_array_equal(cdf_up, cdf_down)
    np.testing.assert_allclose([g_up[0], g_up[-1]], [LOW, HIGH], rtol=1e-15)
    for row in up:
        np.testing.assert_allclose(row, soft_up()(g_up), rtol=1e-12)
    for row in down:
        np.testing.assert_allclose(row, -soft_down()(g_up), rtol=1e-12)


def test_the_distances_are_equal_so_that_the_simulator_needs_no_slow_interpolation(tmp_path: Path) -> None:
    write(extraction(soft_up(), soft_down(), noise=0.2), tmp_path)
    g, cdf, _ = table(tmp_path / INCREASING)
    for values in (g, cdf):
        np.testing.assert_allclose(np.diff(values), np.diff(values).mean(), rtol=1e-9)


def test_numbers_are_comma_separated_with_eighteen_digits_after_one_header_line(tmp_path: Path) -> None:
    write(extraction(soft_up(), soft_down()), tmp_path)
    lines = (tmp_path / DECREASING).read_text().splitlines()
    assert "conductance" in lines[0]
    for line in lines[1:]:
        assert all(cell == f"{float(cell):.18e}" for cell in line.split(","))


def test_noise_leaves_the_mean_that_the_simulator_takes(tmp_path: Path) -> None:
    write(extraction(soft_up(), soft_down(), noise=0.2), tmp_path)
    g, cdf, changes = table(tmp_path / INCREASING)
    weights = np.diff(cdf)
    # It leaves the last row out.
    np.testing.assert_allclose(weights @ changes[:-1], soft_up()(g), rtol=1e-12)
    np.testing.assert_allclose(changes[:-1].std(axis=0), 0.2 * soft_up()(g), rtol=0.03)
    assert np.ptp(changes[:, 0]) > 0.0


def test_the_nearest_bin_is_close_enough(tmp_path: Path) -> None:
    found = write(extraction(soft_up(), soft_down()), tmp_path)
    error = found.quantities["nearest_bin_error"].value
    assert error is not None
    assert 0.0 < error < 0.01


def test_programming_ends_within_half_a_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = 1e-7
    _, made = device(extraction(linear_step(2.0 * size), linear_step(size)), tmp_path, monkeypatch)
    wanted = np.full(20_000, 0.5)
    left = (made.programming_error(wanted.copy()) - wanted) * HIGH
    assert np.abs(left).max() <= 0.5 * size
    # Uniform: any place is as likely.
    np.testing.assert_allclose(left.std(), size / np.sqrt(12.0), rtol=0.02)
    assert abs(left.mean()) < 5.0 * size / np.sqrt(12.0 * wanted.size)


def test_a_conductance_relaxes_as_in_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, made = device(extraction(linear_step(1e-12 + 1e-7), linear_step(1e-7), quantities=DECAY), tmp_path, monkeypatch)
    start = np.linspace(0.3, 1.0, 8)
    mean = np.mean([made.drift_error(start.copy(), 60.0) for _ in range(4000)], axis=0) * HIGH
    expected = REST + (start * HIGH - REST) * np.exp(-60.0 / TAU)
    np.testing.assert_allclose(mean, expected, rtol=1e-3)


def test_a_drift_that_the_run_does_not_give_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, made = device(extraction(linear_step(), linear_step()), tmp_path, monkeypatch)
    # CrossSim tries every model with zeros when it makes a device.
    assert made.drift_error(np.zeros(1), 0).shape == (1,)
    assert made.programming_error(np.zeros(1)).shape == (1,)
    np.testing.assert_array_equal(made.read_noise(np.zeros(1)), np.zeros(1))
    with pytest.raises(ValueError, match="no decay"):
        made.drift_error(np.zeros(1), 1.0)


def test_the_parameters_are_set_and_the_read_voltage_only_when_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    defined, _ = device(extraction(linear_step(), linear_step()), tmp_path, monkeypatch)
    parameters = crosssim_parameters()
    defined["configure"](parameters)
    chosen = parameters.xbar.device
    np.testing.assert_allclose([chosen.Rmin, chosen.Rmax], [1.0 / HIGH, 1.0 / LOW], rtol=1e-12)
    assert chosen.Vread is None
    assert chosen.programming_error.model == "EISSynapse"
    assert not chosen.drift_error.enable
    defined["configure"](parameters, read_voltage=0.1)
    assert chosen.Vread == 0.1


def test_a_run_that_only_depresses_leaves_no_file(tmp_path: Path) -> None:
    found = write(extraction(None, linear_step()), tmp_path)
    assert "raise" in found.reason
    assert list(tmp_path.iterdir()) == []
