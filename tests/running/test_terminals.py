"""The rows of terminals.csv: when they are written and that they follow the steps."""

from pathlib import Path

import numpy as np

from eisfv.result import Run
from support.small_case import PULSES, finished, small_case

LENGTH = 1.0 + 2 * 2.3  # s, of PULSES


def run_with(directory: Path, terminals: str) -> Run:
    output = f'[output]\nterminals = {terminals}\nfields = {{ at = ["end"] }}\n'
    return finished(small_case(directory, PULSES, output), directory / "run")


def test_every_step_is_a_row_of_its_own(tmp_path: Path) -> None:
    time = run_with(tmp_path, '"every step"').terminals["time_s"]
    assert time[0] == 0.0
    assert (np.diff(time) > 0.0).all()
    np.testing.assert_allclose(time[-1], LENGTH, rtol=1e-14)
    for corner in (1.0, 1.1, 2.1, 2.3, 3.3, 3.4, 4.4, 4.6):
        assert np.isclose(time, corner, rtol=1e-14).any()


def test_rows_at_intervals_fall_on_multiples_of_it(tmp_path: Path) -> None:
    time = run_with(tmp_path, '{ every = "30 ms" }').terminals["time_s"]
    np.testing.assert_allclose(time, 0.03 * np.arange(round(LENGTH // 0.03) + 1), rtol=1e-14)


def test_the_last_row_is_there_when_the_protocol_is_a_multiple_of_the_interval(tmp_path: Path) -> None:
    time = run_with(tmp_path, '{ every = "100 ms" }').terminals["time_s"]
    np.testing.assert_allclose(time, 0.1 * np.arange(57), rtol=1e-14)


def test_rows_at_intervals_lie_on_the_curve_through_the_steps(tmp_path: Path) -> None:
    steps = run_with(tmp_path / "steps", '"every step"').terminals
    regular = run_with(tmp_path / "regular", '{ every = "25 ms" }').terminals
    for column in ("x_channel", "conductance_S", "voltage_V"):
        line = np.interp(regular["time_s"], steps["time_s"], steps[column])
        np.testing.assert_allclose(regular[column], line, rtol=0.0, atol=1e-2 * np.ptp(steps[column]))


def test_a_row_that_falls_on_a_step_is_that_step(tmp_path: Path) -> None:
    steps = run_with(tmp_path / "steps", '"every step"').terminals
    regular = run_with(tmp_path / "regular", '{ every = "100 ms" }').terminals
    for corner in (1.1, 2.3, 4.6):
        one = int(np.argmin(np.abs(steps["time_s"] - corner)))
        other = int(np.argmin(np.abs(regular["time_s"] - corner)))
        for column in ("x_channel", "conductance_S", "voltage_V", "current_A", "leak_current_A"):
            np.testing.assert_allclose(regular[column][other], steps[column][one], rtol=1e-9, atol=1e-18)


def test_rows_at_given_times_follow_the_start(tmp_path: Path) -> None:
    time = run_with(tmp_path, '{ at = ["1.05 s", "end of pulse", "2.5 s"] }').terminals["time_s"]
    np.testing.assert_allclose(time, [0.0, 1.05, 1.1, 2.3, 2.5, 3.4, 4.6], rtol=1e-14)


def test_rows_that_spread_out_begin_anew_in_every_step(tmp_path: Path) -> None:
    time = run_with(tmp_path, '{ log = { first = "1 ms", per_decade = 1 } }').terminals["time_s"]
    begins = (0.0, 1.0, 1.1, 2.1, 2.3, 3.3, 3.4, 4.4, 4.6)
    ends = (*begins[1:], LENGTH)
    spread = [
        begin + offset
        for begin, end in zip(begins, ends, strict=True)
        for offset in (1e-3, 1e-2, 0.1, 1.0)
        if offset <= (end - begin) * (1.0 + 1e-9)
    ]
    np.testing.assert_allclose(time, [0.0, *spread], rtol=1e-14)
