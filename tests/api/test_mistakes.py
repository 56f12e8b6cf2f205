"""What a user gets wrong in Python is one line of an `EisfvError`, told before anything is run or written."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import eisfv
from calibration.calibrated_case import ONE_TARGET, SLOPE, calibrated_case
from support.made_run import made_run, train
from support.small_case import COARSE, PULSES, write_case
from support.sweep_file import CHANGE, HEAD, THICKNESS, sweep_file

WAITING = """
[[protocol]]
drive = "voltage"
value = "0.3 V"
duration = "1 ms"
until = { x = "above 0.9" }
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return write_case(tmp_path / "case", PULSES, "", COARSE)


def line_of(call: Callable[[], object]) -> str:
    """Return the one line of a refusal."""
    with pytest.raises(eisfv.EisfvError) as error:
        call()
    (line,) = str(error.value).splitlines()
    return line


@pytest.mark.parametrize("workers", [0, -1, 1.5, "two", True])
def test_workers_are_a_number_of_runs(tmp_path: Path, workers: Any) -> None:
    file = sweep_file(tmp_path, HEAD + THICKNESS + CHANGE)
    for call in (eisfv.sweep, eisfv.calibrate):
        line = line_of(lambda call=call: call(file, workers=workers, out=tmp_path / "out"))
        assert line.startswith(f"workers = {workers!r} is no number of runs at the same time")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("wrong", [3, b"runs", "a\0b", Path("a\0b")])
def test_a_place_to_write_to_is_a_path(tmp_path: Path, place: Path, wrong: Any) -> None:
    file = sweep_file(tmp_path, HEAD + THICKNESS + CHANGE)
    calls: list[Callable[[], object]] = [
        lambda: eisfv.run(place, wrong),
        lambda: eisfv.sweep(file, out=wrong),
        lambda: eisfv.plan_sweep(file, out=wrong),
        lambda: eisfv.calibrate(place, out=wrong),
        lambda: eisfv.compare(place, run=wrong),
        lambda: eisfv.compare(place, report=wrong),
        lambda: eisfv.load(wrong),
    ]
    for call in calls:
        assert line_of(call).startswith(f"{wrong!r} is no path")


def test_an_earlier_fit_is_not_overwritten_without_force(tmp_path: Path) -> None:
    case = calibrated_case(tmp_path / "case", SLOPE + ONE_TARGET)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "fit.toml").write_text("mine")
    line = line_of(lambda: eisfv.calibrate(case, out=tmp_path / "out"))
    assert "is there already; replace it with force = True" in line


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ({"targets": "spice"}, 'target "spice" is not one of circuit, '),
        ({"targets": 3}, 'target "3" is not one of circuit, '),
        ({"residual": "0.5"}, "residual '0.5' is no share between 0 and 1"),
        ({"residual": 2}, "residual 2 is no share between 0 and 1"),
        ({"out": 3}, "3 is no path"),
    ],
)
def test_a_wrong_extraction_is_told_before_the_work(tmp_path: Path, words: dict[str, Any], line: str) -> None:
    run = made_run(tmp_path / "run", train("1 uA", 2))
    assert line_of(lambda: eisfv.extract(run, **words)).startswith(line)
    assert not (run / "extract").exists()


def test_nothing_to_work_on_is_told() -> None:
    assert line_of(lambda: eisfv.extract([])).startswith("runs: there are none")
    assert line_of(lambda: eisfv.compare([])).startswith("cases: there are none")


def test_a_single_target_may_stand_alone(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", train("1 uA", 6) + train("-1 uA", 6))
    assert set(eisfv.extract(run, targets="crosssim").outcome.written) == {"crosssim"}


def test_a_text_that_the_files_cannot_hold_is_refused(place: Path) -> None:
    case = eisfv.load(place)
    for key in ("case.title", "case.source"):
        for text in ("a\0b", "a\ud800b", "\0"):
            line = line_of(lambda key=key, text=text: case.set(key, text))
            assert line.startswith(f'set: {key} = "')
            assert line.endswith('" holds a character that no file can hold; remove it')
    assert line_of(lambda: case.set("case.title", "")) == 'set: case.title = "" must not be empty'
    case.set("case.title", "Größe, 大きさ")


def test_a_key_that_is_a_list_is_no_key(place: Path) -> None:
    key: Any = ["device.temperature"]
    assert "is no key; write for example" in line_of(lambda: eisfv.load(place).set(key, "300 K"))


def test_a_shipped_case_that_is_none_is_told_without_options(tmp_path: Path) -> None:
    assert re.match(r'"mg_wo3_puls" is no shipped case', line_of(lambda: eisfv.new(tmp_path / "q", "mg_wo3_puls")))


def test_a_step_that_waits_in_vain_leaves_what_was_reached(tmp_path: Path) -> None:
    case = eisfv.load(write_case(tmp_path / "case", WAITING, "", COARSE))
    case.set("mesh.companion", "none")
    with pytest.raises(eisfv.EisfvError, match=r"without x above 0\.9") as error:
        eisfv.run(case, quiet=True)
    reached: Any = error.value
    assert (reached.run.state, float(reached.run.terminals.time[-1])) == ("failed", 1e-3)


def test_a_drive_that_was_left_does_not_go_on(place: Path) -> None:
    simulation = eisfv.Simulation(place)
    left = simulation.steps("voltage", "0.1 V", "1 s")
    next(left)
    end = simulation.drive("open_circuit", duration="1 ms")
    assert "another drive has begun" in line_of(lambda: next(left))
    assert simulation.now == end
