"""A run that cannot go on: exit code 1, one line that says when, what, where and what was tried; the rest is kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import Result

from eisfv import failure_causes, start_state
from eisfv.result import read
from eisfv.solve import equilibrium
from eisfv.solve.newton import Newton
from eisfv.solve.stage_records import Iterate, Known, Source, Stage
from support.small_case import DEVICE, OUTPUT, PULSES, STEP_BY_STEP, write_case

Invoke = Callable[..., Result]


@pytest.fixture
def hopeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no stage converge from the first pulse on: what a device does whose law has no solution there."""
    stage = Newton.stage
    drives = 0

    def failing(
        self: Newton, start: Iterate, known: Known, dh: float, source: Source, *rest: Any, **more: Any
    ) -> Stage:
        nonlocal drives
        drives += source.kind == "voltage"
        found = stage(self, start, known, dh, source, *rest, **more)
        reason = f"it still moved after {found.iterations} Newton iterations"
        return found if drives <= 20 else found._replace(converged=False, worst=(15, 1), reason=reason)

    monkeypatch.setattr(Newton, "stage", failing)


def test_a_run_that_does_not_converge_tells_when_what_where_and_what_was_tried(
    tmp_path: Path, invoke: Invoke, hopeless: None
) -> None:
    case = write_case(tmp_path / "case", device=DEVICE + STEP_BY_STEP)
    result = invoke("run", case, "--quiet")
    assert result.exit_code == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    out = case / "runs" / "latest"
    for words in (str(out), "t = 1.0", "TFSI has piled up", "electrolyte", "Newton iterations", "result.nc"):
        assert words in line, line
    status = read(out).status
    assert status.state == "failed"
    assert 1.0 < status.simulated_time < 1.1
    assert "electrolyte" in status.message


def test_what_was_reached_before_the_failure_is_kept(tmp_path: Path, invoke: Invoke, hopeless: None) -> None:
    case = write_case(tmp_path / "case", device=DEVICE + STEP_BY_STEP)
    invoke("run", case, "--quiet")
    run = read(case / "runs" / "latest")
    time = run.terminals["time_s"]
    assert time[-1] == run.status.simulated_time
    assert np.isfinite(run.terminals["voltage_V"]).all()
    assert run.profile_times.size >= 10
    assert "failed at t = 1.0" in (case / "runs" / "latest" / "run.log").read_text()
    told = invoke("info", case).stdout
    assert "failed at t = 1.0" in told
    assert "electrolyte" in told


def fine_case(directory: Path) -> Path:
    """Make a case that resolves its double layers: they do not charge in a millisecond's step."""
    device = DEVICE.partition("[mesh]")[0] + '[mesh]\ngrading = "lengths"\n' + STEP_BY_STEP
    return write_case(directory, PULSES, OUTPUT, device)


TOO_LONG = ("--set", 'solver.smallest_step="1 ms"')


def test_a_bound_on_the_step_that_is_too_high_is_told(tmp_path: Path, invoke: Invoke) -> None:
    case = fine_case(tmp_path / "case")
    result = invoke("run", case, "--quiet", *TOO_LONG)
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    for words in ("t = 1 s", "Mg in electrolyte", "0.001 s", "solver.smallest_step"):
        assert words in line, line
    assert read(case / "runs" / "latest").status.state == "failed"


@pytest.mark.long
def test_a_failed_run_asks_for_resume_or_force(tmp_path: Path, invoke: Invoke) -> None:
    case = fine_case(tmp_path / "case")
    invoke("run", case, "--quiet", *TOO_LONG)
    result = invoke("run", case)
    assert result.exit_code == 2
    assert "failed at t = 1 s" in result.stderr
    assert invoke("run", case, "--force", "--quiet").exit_code == 0


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_device_without_an_initial_state_is_told(
    tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(start_state, "PACES", (equilibrium.Pace(1),))
    monkeypatch.setattr(failure_causes, "shortest_time", lambda _: float("inf"))  # nothing forms any
    result = invoke(command, write_case(tmp_path / "case"))
    assert result.exit_code == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert "the initial state did not converge" in line
    assert "result.nc" not in line
