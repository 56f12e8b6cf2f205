"""No run of a fit is made twice: those of another conductivity are read from stored steps, a stopped fit goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import Result

from calibration.joint_case import (
    BOTH,
    DEVICES,
    OWN,
    SHARED,
    SLOPE,
    TRUE_FILLING,
    TRUE_SLOPE,
    fit,
    holding,
    joint_cases,
    targets,
    values,
)
from eisfv.calibration import job
from eisfv.calibration.runs import reads_only
from eisfv.running import run_case
from support.commands import invoke


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return joint_cases(tmp_path_factory.mktemp("joint"))


CURVE_ALONE = SHARED + targets(("", "curve", "conductance"))


@pytest.fixture(scope="module")
def alone(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, dict[str, Any]]:
    return fit(cases, tmp_path_factory.mktemp("out") / "out", CURVE_ALONE)


def test_a_fit_of_the_conductivity_alone_makes_no_run_but_the_first_and_the_last(
    alone: tuple[Result, dict[str, Any]],
) -> None:
    result, found = alone
    assert result.exit_code == 0, result.output
    assert "are read from the steps of one" in result.stderr
    # At the start, of its own to compare with, at the end with its companions.
    assert found["provenance"]["runs"] == 3
    assert found["provenance"]["read_from_stored_steps"] > 5
    np.testing.assert_allclose(values(found)[SLOPE], TRUE_SLOPE, rtol=1e-4)


@pytest.mark.parametrize(
    "key, of_readout",
    [
        (SLOPE, True),
        ('material."./materials/mg_wo3.toml".conductivity.slope', True),
        ("readout.length", True),
        ("material.mg_wo3.open_circuit.slope", False),
        ("material.conductivity.species.Mg.diffusivity", False),
        ("device.area", False),
    ],
)
def test_the_conductivity_and_the_form_of_the_film_are_the_read_out(key: str, of_readout: bool) -> None:
    assert reads_only(key) is of_readout
    assert reads_only(f'{key}="1 S/cm"') is of_readout


def test_a_curve_is_a_target_with_all_its_points(cases: Path, alone: tuple[Result, dict[str, Any]]) -> None:
    _, found = alone
    (target,) = found["target"]
    points = len((cases / "one" / "measured.csv").read_text().splitlines()) - 1
    assert (target["quantity"], target["points"]) == ("conductance", points)
    assert target["rms"] < 1e-2
    assert found["errors"]["degrees_of_freedom"] == points - 1


def test_a_start_that_follows_the_conductivity_is_run_for_each_of_its_values(cases: Path, tmp_path: Path) -> None:
    # initial.conductivity: the filling moves with the curve, though all currents are given.
    file, expected = cases / "one" / "case.toml", cases / "one" / "expected.toml"
    prior = 'prior = { value = "700 S/cm", width = "100 S/cm" }\n'
    following = file.read_text().replace(f"initial.x = {TRUE_FILLING['one']}", 'initial.conductivity = "1 S/cm"')
    # A bound that is kept: it does not show what moves behind it.
    bounded = expected.read_text().replace("tolerance = 0.01", 'tolerance = "at most"')
    with holding(file, following), holding(expected, bounded):
        result, found = fit(cases, tmp_path / "out", SHARED + prior + targets(("width = 0.1", "quantity", "change")))
    assert result.exit_code == 0, result.output
    assert "one: the conductivity moves what its cells hold" in result.stderr
    assert found["provenance"]["read_from_stored_steps"] == 1


def test_under_a_voltage_every_conductivity_gets_its_own_run(cases: Path, tmp_path: Path) -> None:
    file = cases / "one" / "case.toml"
    with holding(file, file.read_text().replace('"current"', '"voltage"').replace('"10 uA"', '"0.2 V"')):
        result, found = fit(cases, tmp_path / "out", SHARED + targets(("", "quantity", "before")))
    assert result.exit_code == 0, result.output
    assert found["provenance"]["read_from_stored_steps"] == 0
    assert found["provenance"]["runs"] > 5


def test_a_fit_that_was_stopped_goes_on_from_its_runs(
    cases: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    alone: tuple[Result, dict[str, Any]],
) -> None:
    whole: Callable[..., str] = run_case
    made, most = 0, 6

    def counting(*given: object, **named: object) -> str:
        nonlocal made
        made += 1
        if made > most:
            raise KeyboardInterrupt
        return whole(*given, **named)

    monkeypatch.setattr(job, "run_case", counting)
    out = tmp_path / "out"
    journal = out / "runs" / "outcomes.jsonl"
    result, _ = fit(cases, out, CURVE_ALONE)
    assert result.exit_code == 1
    assert "goes on from the runs it has made" in result.stderr
    assert len(journal.read_text().splitlines()) == most
    with journal.open("a") as file:  # as a process that is killed may leave it
        file.write('["cut sho')
    made, most = 0, 10_000
    result, found = fit(cases, out, CURVE_ALONE)
    assert result.exit_code == 0, result.output
    assert "goes on from 6 runs" in result.stderr
    np.testing.assert_allclose(values(found)[SLOPE], values(alone[1])[SLOPE], rtol=1e-9)
    total = sum(alone[1]["provenance"][name] for name in ("runs", "read_from_stored_steps"))
    assert made == total - 6


@pytest.mark.long
def test_a_fit_that_is_killed_loses_the_runs_in_flight_alone(cases: Path, tmp_path: Path) -> None:
    file, out = cases / "one" / "case.toml", tmp_path / "out"
    command = [sys.executable, "-m", "eisfv.cli", "calibrate", cases / "one", "--workers", "2", "--out", out]
    with holding(file, file.read_text() + SHARED + OWN + DEVICES + BOTH):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as running:
            journal = out / "runs" / "outcomes.jsonl"
            while not journal.exists() or len(journal.read_text().splitlines()) < 12:
                assert running.poll() is None
                time.sleep(0.05)
            os.killpg(running.pid, signal.SIGKILL)
        kept = len([line for line in journal.read_text().splitlines() if json.loads(line)])
        assert kept >= 12
        result = invoke("calibrate", cases / "one", "--workers", 2, "--out", out)
    assert result.exit_code == 0, result.output
    assert f"goes on from {kept} runs" in result.stderr
