"""The times of the profiles: each wanted one, once; and that looking does not change what is looked at."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.result import Run
from support.small_case import finished, small_case

PROTOCOL = """
[[protocol]]
drive = "open_circuit"
duration = "300 ms"

[[protocol]]
repeat = 2
steps = [
    { drive = "voltage", value = "0.5 V", duration = "100 ms", pulse = true },
    { drive = "open_circuit", duration = "250 ms" },
]
"""
STEP_ENDS = [0.3, 0.4, 0.65, 0.75, 1.0]
PULSE_ENDS = [0.4, 0.75]


def run_with(directory: Path, profiles: str, fields: str) -> Run:
    output = f"[output]\nprofiles = {profiles}\nfields = {{ at = {fields} }}\n"
    return finished(small_case(directory, PROTOCOL, output), directory / "run")


@pytest.mark.parametrize(
    "fields, expected",
    [
        ('["start"]', [0.0]),
        ('["end"]', [1.0]),
        ('["start", "end"]', [0.0, 1.0]),
        ('["end of step"]', STEP_ENDS),
        ('["end of step", "end", "end of pulse"]', STEP_ENDS),
        ('["end of pulse", "end"]', [*PULSE_ENDS, 1.0]),
        ('["0 s", "0.4 s", "1 s"]', [0.0, 0.4, 1.0]),
        ('["start", "0 s", "1 s", "end"]', [0.0, 1.0]),
        ('["350 ms", "end of pulse", "400 ms", "0.70 s"]', [0.35, 0.4, 0.7, 0.75]),
        ('["0.123456789 s", "0.1234567891 s"]', [0.123456789, 0.1234567891]),
    ],
)
def test_field_times_are_met_once(tmp_path: Path, fields: str, expected: list[float]) -> None:
    run = run_with(tmp_path, '"with fields"', fields)
    np.testing.assert_allclose(run.profile_times, expected, rtol=1e-14)
    assert run.profile_is_field.all()


@pytest.mark.parametrize("every, count", [("100 ms", 11), ("50 ms", 21), ("30 ms", 34), ("1 s", 2), ("2 s", 1)])
def test_regular_times_are_met_once(tmp_path: Path, every: str, count: int) -> None:
    run = run_with(tmp_path, f'{{ every = "{every}" }}', "[]")
    interval = float(every.split()[0]) * (1e-3 if every.endswith("ms") else 1.0)
    np.testing.assert_allclose(run.profile_times, interval * np.arange(count), rtol=1e-14)
    assert not run.profile_is_field.any()


def test_a_time_wanted_twice_over_is_written_once_and_is_a_field(tmp_path: Path) -> None:
    run = run_with(tmp_path, '{ every = "100 ms" }', '["start", "200 ms", "350 ms", "end of pulse", "end"]')
    expected = sorted({*(k / 10 for k in range(11)), 0.35, 0.75})
    np.testing.assert_allclose(run.profile_times, expected, rtol=1e-14)
    fields = run.profile_times[run.profile_is_field]
    np.testing.assert_allclose(fields, [0.0, 0.2, 0.35, 0.4, 0.75, 1.0], rtol=1e-14)


def test_profiles_and_fields_take_every_form_of_times(tmp_path: Path) -> None:
    output = '[output]\nprofiles = { at = ["end of pulse", "0.2 s"] }\nfields = { every = "400 ms" }\n'
    run = finished(small_case(tmp_path, PROTOCOL, output), tmp_path / "run")
    np.testing.assert_allclose(run.profile_times, [0.0, 0.2, 0.4, 0.75, 0.8], rtol=1e-14)
    assert run.profile_is_field.tolist() == [True, False, True, False, True]


def test_profiles_that_spread_out_begin_anew_in_every_step(tmp_path: Path) -> None:
    run = run_with(tmp_path, '{ log = { first = "10 ms", per_decade = 1 } }', "[]")
    offsets = [0.01, 0.1, 0.31, 0.4, 0.41, 0.5, 0.66, 0.75, 0.76, 0.85]
    np.testing.assert_allclose(run.profile_times, offsets, rtol=1e-14)


def test_a_time_after_the_end_is_not_met(tmp_path: Path) -> None:
    run = run_with(tmp_path, '"with fields"', '["200 ms", "5 s"]')
    np.testing.assert_allclose(run.profile_times, [0.2], rtol=1e-14)


def test_the_profiles_tell_the_step_and_the_time_in_it(tmp_path: Path) -> None:
    run = run_with(tmp_path, '"with fields"', '["start", "350 ms", "end of step"]')
    np.testing.assert_array_equal(run.profile_steps, [1, 1, 2, 2, 3, 4, 5])
    np.testing.assert_allclose(run.profile_step_times, [0.0, 0.3, 0.05, 0.1, 0.25, 0.1, 0.25], rtol=1e-12)


def test_the_filling_of_the_profiles_is_the_filling_at_the_terminals(tmp_path: Path) -> None:
    run = run_with(tmp_path, '{ every = "100 ms" }', '["end of pulse", "end"]')
    channel = run.cells.region == run.regions.index("channel")
    size = run.cells.size[channel]
    fraction = np.where(size > 0.0, run.profiles("site_fraction_Mg")[:, channel], 0.0)
    mean = fraction @ size / size.sum()
    time, filling = run.terminals["time_s"], run.terminals["x_channel"]
    # Pulse ends are steps; elsewhere a line between them.
    for end in PULSE_ENDS:
        here = int(np.argmin(np.abs(run.profile_times - end)))
        np.testing.assert_allclose(mean[here], filling[np.argmin(np.abs(time - end))], rtol=1e-12)
    np.testing.assert_allclose(mean, np.interp(run.profile_times, time, filling), rtol=1e-3)


def test_the_profiles_keep_every_ion(tmp_path: Path) -> None:
    run = run_with(tmp_path, '{ every = "100 ms" }', '["end of pulse", "end"]')
    size = run.cells.size
    for ion in ("Mg", "TFSI"):
        held = np.nan_to_num(run.profiles(f"concentration_{ion}")) @ size
        np.testing.assert_allclose(held, held[0], rtol=1e-11)


def test_looking_does_not_change_the_run(tmp_path: Path) -> None:
    finished(small_case(tmp_path / "blind", PROTOCOL, "[output]\nfields = { at = [] }\n"), tmp_path / "blind" / "run")
    often = '[output]\nterminals = { every = "1 ms" }\nprofiles = { every = "3 ms" }\nfields = { at = ["start"] }\n'
    finished(small_case(tmp_path / "often", PROTOCOL, often), tmp_path / "often" / "run")
    rows = [(tmp_path / which / "run" / "pulses.csv").read_bytes() for which in ("blind", "often")]
    assert rows[0] == rows[1]
