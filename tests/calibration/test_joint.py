"""Fits over devices, curves, priors, bounds, stored steps and stops, on small cases that the solver runs."""

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from calibration.calibrated_case import QUANTITY
from eisfv.calibration import job
from eisfv.calibration.reading import read_plan
from eisfv.calibration.runs import reads_only
from eisfv.case import load
from eisfv.cli import app
from eisfv.result import Run, read
from eisfv.running import run_case
from support.small_case import COARSE, silent, write_case

SLOPE = "material.mg_wo3.conductivity.slope"
FILLING = "device.region.channel.initial.x"
TRUE_SLOPE, TRUE_FILLING = 700.0, {"one": 0.004, "two": 0.006}
PULSE = """
[[protocol]]
drive = "open_circuit"
duration = "1 s"
read = "last 500 ms"

[[protocol]]
drive = "current"
value = "10 uA"
duration = "500 ms"
pulse = true

[[protocol]]
drive = "open_circuit"
duration = "1 s"
read = "last 500 ms"
"""
SHARED = f"""
[[calibrate.parameter]]
key = "{SLOPE}"
low = "200 S/cm"
high = "1500 S/cm"
"""
OWN = f"""
[[calibrate.parameter]]
key = "{FILLING}"
scope = "device"
low = 0.003
high = 0.008
"""
DEVICES = """
[[calibrate.device]]
name = "one"
case = "."
[[calibrate.device]]
name = "two"
case = "../two"
"""
CURVE = """
[[curve]]
name = "conductance"
data = "measured.csv"
from = "terminals"
x = "time_s"
y = "conductance_S"
error = {{ factor = 1.01 }}
kind = "calibrated"
source = "a run with known parameters"
"""


def invoke(*words: object) -> Result:
    """Return a command in this process; what is not an exit fails the test."""
    result = CliRunner(env={"COLUMNS": "120", "NO_COLOR": "1"}).invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def known(directory: Path, name: str) -> Run:
    """Make a case with its expected.toml and a measured curve of a run with known parameters; return the run."""
    write_case(directory, PULSE, "", COARSE.replace("initial.x = 0.005", f"initial.x = {TRUE_FILLING[name]}"))
    case = load(directory, [f'{SLOPE}="{TRUE_SLOPE} S/cm"'])
    run_case(case, directory / "known", silent)
    run = read(directory / "known")
    rows = zip(run.terminals["time_s"], run.terminals["conductance_S"], strict=True)
    (directory / "measured.csv").write_text(
        "t (s),G (S)\n" + "".join(f"{t:.17g},{g:.17g}\n" for t, g in list(rows)[1:])
    )
    before, change = (float(run.pulses[column][0]) for column in ("G_before_S", "dG_S"))
    texts = [
        QUANTITY.format(name=label, value=value, unit="S", column=column)
        for label, value, column in (("before", before, "G_before_S"), ("change", change, "dG_S"))
    ]
    (directory / "expected.toml").write_text("".join(texts) + CURVE.format())
    return run


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("joint")
    for name in TRUE_FILLING:
        known(place / name, name)
    return place


def targets(*of: tuple[str, str, str]) -> str:
    return "".join(f'\n[[calibrate.target]]\n{where}\n{kind} = "{name}"\n' for where, kind, name in of)


def fit(cases: Path, out: Path, table: str, *words: object) -> tuple[Result, dict]:  # type: ignore[type-arg]
    """Return a fit of the first case with a table, and what it wrote."""
    file = cases / "one" / "case.toml"
    text = file.read_text()
    file.write_text(text + table)
    try:
        result = invoke("calibrate", cases / "one", "--workers", 1, "--out", out, *words)
    finally:
        file.write_text(text)
    return result, tomllib.loads((out / "fit.toml").read_text()) if (out / "fit.toml").exists() else {}


def values(found: dict) -> dict[str, float]:  # type: ignore[type-arg]
    return {one["key"] + one.get("device", ""): one["value"] for one in found["parameter"]}


BOTH = targets(*((f'device = "{name}"', "quantity", row) for name in TRUE_FILLING for row in ("before", "change")))


def test_a_shared_value_goes_to_all_devices_and_an_own_one_to_its_device(cases: Path) -> None:
    file = cases / "one" / "case.toml"
    text = file.read_text()
    file.write_text(text + SHARED + OWN + DEVICES + BOTH)
    try:
        plan = read_plan(cases / "one")
    finally:
        file.write_text(text)
    assert [parameter.name for parameter in plan.parameters] == [SLOPE, f"{FILLING} of one", f"{FILLING} of two"]
    one, two = (plan.overrides((cases / name).resolve(), [500.0, 0.004, 0.007]) for name in ("one", "two"))
    assert one == (f'{SLOPE}="500.0 S/cm"', f"{FILLING}=0.004")
    assert two == (f'{SLOPE}="500.0 S/cm"', f"{FILLING}=0.007")


@pytest.mark.long
def test_two_devices_give_back_what_they_share_and_what_is_their_own(cases: Path, tmp_path: Path) -> None:
    result, found = fit(cases, tmp_path / "out", SHARED + OWN + DEVICES + BOTH)
    assert result.exit_code == 0, result.output
    expected = {SLOPE: TRUE_SLOPE} | {FILLING + name: value for name, value in TRUE_FILLING.items()}
    assert set(values(found)) == set(expected)
    for key, value in values(found).items():
        np.testing.assert_allclose(value, expected[key], rtol=1e-4)
    assert f"{FILLING} of two = 0.006" in result.stdout


CURVE_ALONE = SHARED + targets(("", "curve", "conductance"))


@pytest.fixture(scope="module")
def alone(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, dict]:  # type: ignore[type-arg]
    return fit(cases, tmp_path_factory.mktemp("out") / "out", CURVE_ALONE)


def test_a_fit_of_the_conductivity_alone_makes_no_run_but_the_first_and_the_last(
    alone: tuple[Result, dict],  # type: ignore[type-arg]
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


def test_a_curve_is_a_target_with_all_its_points(cases: Path, alone: tuple[Result, dict]) -> None:  # type: ignore[type-arg]
    _, found = alone
    (target,) = found["target"]
    points = len((cases / "one" / "measured.csv").read_text().splitlines()) - 1
    assert (target["quantity"], target["points"]) == ("conductance", points)
    assert target["rms"] < 1e-2
    assert found["errors"]["degrees_of_freedom"] == points - 1


def test_a_start_that_follows_the_conductivity_is_run_for_each_of_its_values(cases: Path, tmp_path: Path) -> None:
    # initial.conductivity: the filling moves with the curve, though all currents are given.
    file = cases / "one" / "case.toml"
    text = file.read_text()
    file.write_text(text.replace(f"initial.x = {TRUE_FILLING['one']}", 'initial.conductivity = "1 S/cm"'))
    try:
        result, found = fit(cases, tmp_path / "out", SHARED + targets(("", "quantity", "change")))
    finally:
        file.write_text(text)
    assert result.exit_code == 0, result.output
    assert "one: the conductivity moves what its cells hold" in result.stderr
    assert found["provenance"]["read_from_stored_steps"] == 1


def test_under_a_voltage_every_conductivity_gets_its_own_run(cases: Path, tmp_path: Path) -> None:
    file = cases / "one" / "case.toml"
    text = file.read_text()
    file.write_text(text.replace('"current"', '"voltage"').replace('"10 uA"', '"0.2 V"'))
    try:
        result, found = fit(cases, tmp_path / "out", SHARED + targets(("", "quantity", "before")))
    finally:
        file.write_text(text)
    assert result.exit_code == 0, result.output
    assert found["provenance"]["read_from_stored_steps"] == 0
    assert found["provenance"]["runs"] > 5


def test_a_fit_that_was_stopped_goes_on_from_its_runs(
    cases: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    alone: tuple[Result, dict],  # type: ignore[type-arg]
) -> None:
    whole, made, most = job.run_case, 0, 6

    def counting(*given: object, **named: object) -> str:
        nonlocal made
        made += 1
        if made > most:
            raise KeyboardInterrupt
        return whole(*given, **named)  # type: ignore[arg-type]

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


@pytest.mark.parametrize(
    "table, words",
    [
        (SHARED + DEVICES + targets(('device = "tow"', "quantity", "before")), 'did you mean "two"'),
        (SHARED + 'devices = ["three"]\n' + DEVICES + BOTH, "is no device"),
        (OWN + BOTH.replace('device = "one"', "").replace('device = "two"', ""), "needs devices"),
        (SHARED + DEVICES + DEVICES.partition('"."')[0] + '"."' + BOTH, "another one's too"),
        (SHARED + targets(("", "curve", "conductanc")), 'did you mean "conductance"'),
        (SHARED + targets(('width = "1 uS"', "curve", "conductance")), "has its errors"),
        (SHARED + targets(('width = "1 mV"', "quantity", "before")), "width"),
        (SHARED + targets(("width = { factor = 0.9 }", "quantity", "before")), "above 1"),
        (SHARED + targets(('curve = "conductance"', "quantity", "before")), "one of them"),
        (SHARED + 'prior = { value = "700 S/cm", width = "10 V" }\n' + BOTH, "unit of low"),
        (
            SHARED.replace("200", "-200") + 'prior = { value = "700 S/cm", width = { factor = 2 } }\n' + BOTH,
            "logarithm",
        ),
        ("[calibrate]\nstarts = 0\n" + SHARED + BOTH, "starts"),
        ('[calibrate]\nprofile = ["material.mg_wo3.conductivity.slop"]\n' + SHARED + DEVICES + BOTH, "did you mean"),
    ],
    ids=range(13),
)
def test_a_mistake_is_told_in_one_line(cases: Path, tmp_path: Path, table: str, words: str) -> None:
    result, _ = fit(cases, tmp_path / "out", table)
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    assert words in line
    assert "calibrate" in line
    assert not (tmp_path / "out").exists()


def test_a_missing_sampler_is_told_before_anything_is_run(
    cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "emcee", None)
    result, _ = fit(cases, tmp_path / "out", "[calibrate]\nposterior = { steps = 20 }\n" + SHARED + DEVICES + BOTH)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "pip install emcee" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.long
def test_starts_profile_and_posterior_are_written(cases: Path, tmp_path: Path) -> None:
    pytest.importorskip("emcee")
    head = "[calibrate]\nstarts = 2\nprofile = true\nposterior = { steps = 40, walkers = 6 }\n"
    prior = 'prior = { value = "700 S/cm", width = { factor = 1.5 } }\n'
    result, found = fit(cases, tmp_path / "out", head + SHARED + prior + targets(("", "curve", "conductance")))
    assert result.exit_code == 0, result.output
    (profile,) = found["profile"]
    assert profile["identified"]
    low, high = profile["interval_68"]
    error = found["parameter"][0]["standard_error"]
    np.testing.assert_allclose([TRUE_SLOPE - low, high - TRUE_SLOPE], error, rtol=0.05)
    np.testing.assert_allclose(found["posterior"]["median"], TRUE_SLOPE, atol=3.0 * error)
    assert found["minimum"][0]["starts"] == 2
    assert found["provenance"]["runs"] == 3
    draws = (tmp_path / "out" / "posterior.csv").read_text().splitlines()
    assert draws[0] == f'"{SLOPE} (S/cm)"'
    assert len(draws) == 1 + 36 * 6
    for words in ("95 % by profile", "posterior", "2 starts came to 1 minima", "TOO SHORT"):
        assert words in result.stdout


@pytest.mark.long
def test_a_fit_that_is_killed_loses_the_runs_in_flight_alone(cases: Path, tmp_path: Path) -> None:
    file, out = cases / "one" / "case.toml", tmp_path / "out"
    text = file.read_text()
    file.write_text(text + SHARED + OWN + DEVICES + BOTH)
    command = [sys.executable, "-m", "eisfv.cli", "calibrate", cases / "one", "--workers", "2", "--out", out]
    try:
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as running:
            journal = out / "runs" / "outcomes.jsonl"
            while not journal.exists() or len(journal.read_text().splitlines()) < 12:
                assert running.poll() is None
                time.sleep(0.05)
            os.killpg(running.pid, signal.SIGKILL)
        kept = len([line for line in journal.read_text().splitlines() if json.loads(line)])
        assert kept >= 12
        result = invoke("calibrate", cases / "one", "--workers", 2, "--out", out)
    finally:
        file.write_text(text)
    assert result.exit_code == 0, result.output
    assert f"goes on from {kept} runs" in result.stderr
