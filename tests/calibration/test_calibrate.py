"""`eisfv calibrate` on a small case: known parameters come back, what is written can be used, mistakes are told."""

import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from typer.testing import Result

from calibration.calibrated_case import CURRENT, IDLE, ONE_TARGET, SLOPE, TARGETS, TRUE, calibrated_case
from eisfv.case import CaseError, load
from eisfv.case.case import Case
from eisfv.model.host_curves import PercolationConductivity
from eisfv.running import run_case
from support.commands import invoke


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return calibrated_case(tmp_path_factory.mktemp("calibrate") / "case")


@pytest.fixture(scope="module")
def done(case: Path) -> Result:
    return invoke("calibrate", case, "--workers", 1)


@contextmanager
def table_of(case: Path, table: str) -> Iterator[None]:
    """Give the case another [calibrate] table for a while."""
    text = (case / "case.toml").read_text()
    (case / "case.toml").write_text(text[: text.index("[[calibrate")] + table)
    try:
        yield
    finally:
        (case / "case.toml").write_text(text)


def told(case: Path, table: str) -> list[str]:
    """Return the lines on a case with another table, which must be refused."""
    with table_of(case, table):
        result = invoke("calibrate", case, "--workers", 1, "--out", case / "other")
    assert result.exit_code == 2, result.output
    assert not (case / "other").exists()
    return result.stderr.splitlines()


def test_parameters_that_made_the_targets_come_back(case: Path, done: Result) -> None:
    assert done.exit_code == 0, done.output
    fit = tomllib.loads((case / "calibrated" / "fit.toml").read_text())
    for entry in fit["parameter"]:
        value, unit = TRUE[entry["key"]]
        np.testing.assert_allclose(entry["value"], value, rtol=1e-3)
        assert entry["unit"] == unit
    assert fit["converged"]
    assert all(abs(target["residual"]) < 1e-2 for target in fit["target"])


def test_the_fit_tells_its_errors_and_where_it_comes_from(case: Path, done: Result) -> None:
    fit = tomllib.loads((case / "calibrated" / "fit.toml").read_text())
    covariance, correlation = (np.array(fit["errors"][name]) for name in ("covariance", "correlation"))
    errors = [entry["standard_error"] for entry in fit["parameter"]]
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)), errors, rtol=1e-12)
    np.testing.assert_allclose(np.diag(correlation), 1.0, rtol=1e-12)
    assert "tolerances" in fit["errors"]["from"]
    assert fit["provenance"]["case_digests"] == {".": load(case).digest}
    assert fit["provenance"]["versions"]["scipy"]


def test_the_error_of_the_conductivity_is_what_the_tolerance_of_the_conductance_allows(
    case: Path, done: Result
) -> None:
    # Of the conductance only the share above the background goes with the slope; it is known to 1 %.
    fit = tomllib.loads((case / "calibrated" / "fit.toml").read_text())
    background = 0.55 * 80e-9 * 5.0  # S: 5.5e-3 S/cm of 80 nm, five squares wide
    share = 1.0 - background / fit["target"][0]["value"]
    known_otherwise = np.linalg.inv(fit["errors"]["covariance"])[1, 1] ** -0.5  # with the exchange current known
    np.testing.assert_allclose(known_otherwise, 700.0 * 0.01 / share, rtol=1e-2)
    assert fit["parameter"][1]["standard_error"] > known_otherwise


def test_the_fitted_material_is_a_material(case: Path, done: Result) -> None:
    text = (case / "case.toml").read_text()
    fitted = text.replace('material = "mg_wo3"', 'material = "./calibrated/mg_wo3.toml"')
    (case / "fitted.toml").write_text(fitted[: fitted.index("[[calibrate")])
    region = load(case / "fitted.toml").device.regions[-1]
    host = region.material.host
    assert host is not None
    assert isinstance(host.conductivity, PercolationConductivity)
    np.testing.assert_allclose(host.conductivity.slope, 700e2, rtol=1e-3)
    entry = tomllib.loads((case / "calibrated" / "mg_wo3.toml").read_text())["conductivity"]["slope"]
    assert entry["source"].startswith("fitted: case: conductance before, case: charge; standard error")


def test_an_earlier_fit_is_kept_unless_forced(case: Path, done: Result) -> None:
    again = invoke("calibrate", case, "--workers", 1)
    assert again.exit_code == 2
    (line,) = again.stderr.splitlines()
    assert "--force" in line


def test_a_parameter_without_influence_is_told(case: Path) -> None:
    *_, line = told(case, IDLE + TARGETS)
    assert "activation_energy changes none of the targets" in line


@pytest.mark.parametrize(
    "table, words",
    [
        ((SLOPE + TARGETS).replace("conductivity.slope", "conductivity.slop"), 'did you mean "slope"'),
        ((SLOPE + TARGETS).replace("mg_wo3", "mg_wo"), "is not used by the device"),
        ((SLOPE + TARGETS).replace('"200 S/cm"', "200.0"), 'low = 200 has none; write low = "200 S/cm"'),
        ((SLOPE + TARGETS).replace('"200 S/cm"', "2.0").replace('"1000 S/cm"', "9.0"), "has no unit"),
        ((SLOPE + TARGETS).replace("200", "2000"), "not above low"),
        ((SLOPE + TARGETS).replace("S/cm", "V"), "measures voltage"),
        (SLOPE + 'start = "100 S/cm"\n' + TARGETS, "outside the bounds"),
        (SLOPE.replace("200", "0") + 'scale = "log"\n' + TARGETS, "above zero"),
        ((SLOPE + TARGETS).replace('"charge"', '"charges"'), 'did you mean "charge"'),
        (SLOPE + TARGETS.replace("quantity", 'case = "../none"\nquantity', 1), "is not there"),
        (SLOPE + 'also = [{ key = "device.area", case = "../none" }]\n' + TARGETS, "no case that a target needs"),
        (SLOPE, "target"),
        (SLOPE + TARGETS + "weight = -1.0\n", "greater than 0"),
        (SLOPE + 'colour = "red"\n' + TARGETS, "not a known key"),
    ],
    ids=range(14),
)
def test_a_mistake_in_the_table_is_told_in_one_line(case: Path, table: str, words: str) -> None:
    (line,) = told(case, table)
    assert words in line
    assert "calibrate" in line


def test_a_case_without_the_table_is_told(case: Path) -> None:
    (line,) = told(case, "")
    assert "has nothing to fit" in line


def test_fewer_targets_than_parameters_give_no_errors(case: Path, done: Result, tmp_path: Path) -> None:
    with table_of(case, CURRENT + SLOPE + ONE_TARGET):
        result = invoke("calibrate", case, "--workers", 1, "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "not unique and have no errors" in result.stderr
    fit = tomllib.loads((tmp_path / "fit.toml").read_text())
    assert "covariance" not in fit["errors"]
    assert "standard_error" not in fit["parameter"][0]
    assert "none: 1 targets" in fit["errors"]["from"]


def test_runs_that_fail_are_told(case: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from eisfv.calibration import job as runs
    from eisfv.result import StorageError

    whole: Callable[..., str] = run_case

    def breaks(case: Case, out: Path, report: object, *, merge: bool, series: object) -> None:
        tables = case.resolved["material"]["mg_wo3"]["conductivity"]["slope"]["value"]
        if float(tables.split()[0]) > 650.0:
            raise StorageError("made to fail")
        whole(case, out, report, merge=merge, series=series)

    monkeypatch.setattr(runs, "run_case", breaks)
    result = invoke("calibrate", case, "--workers", 1, "--out", tmp_path / "broken")
    assert "a run failed: case with" in result.stderr
    assert "made to fail" in result.stderr
    fit = tomllib.loads((tmp_path / "broken" / "fit.toml").read_text())
    assert fit["parameter"][1]["value"] <= 650.0
    assert result.exit_code == 0 or not fit["converged"]


def test_a_start_that_cannot_be_run_is_told(case: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from eisfv.calibration import job as runs
    from eisfv.result import StorageError

    def breaks(case: object, out: Path, report: object, *, merge: bool, series: object) -> None:
        raise StorageError("made to fail")

    monkeypatch.setattr(runs, "run_case", breaks)
    result = invoke("calibrate", case, "--workers", 1, "--out", tmp_path / "broken")
    assert result.exit_code == 1
    assert "choose other start values" in result.stderr
    assert not (tmp_path / "broken").exists()


@pytest.mark.long
def test_processes_give_the_same_fit(case: Path, done: Result, tmp_path: Path) -> None:
    result = invoke("calibrate", case, "--workers", 2, "--out", tmp_path / "two")
    assert result.exit_code == 0, result.output
    one, two = (tomllib.loads((folder / "fit.toml").read_text()) for folder in (case / "calibrated", tmp_path / "two"))
    assert [entry["value"] for entry in one["parameter"]] == [entry["value"] for entry in two["parameter"]]


@pytest.mark.long
def test_a_fit_that_is_stopped_keeps_its_runs_and_nothing_else(case: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "eisfv.cli", "calibrate", case, "--workers", "2", "--out", tmp_path / "out"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as fit:
        assert fit.stderr is not None
        assert "runs, cost" in fit.stderr.readline()  # it is at work
        fit.send_signal(signal.SIGTERM)
        told = fit.stderr.read()
    assert fit.returncode == 1
    assert told.splitlines()[-1] == f"{case}: interrupted; called again it goes on from the runs it has made"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["runs"]


def test_the_table_is_no_part_of_what_a_case_is(case: Path, tmp_path: Path) -> None:
    text = (case / "case.toml").read_text()
    (tmp_path / "case.toml").write_text(text[: text.index("[[calibrate")])
    assert load(tmp_path).digest == load(case).digest
    assert "calibrate" not in load(case).resolved_toml()


def test_a_fault_of_the_table_is_found_by_whoever_reads_the_case(case: Path) -> None:
    with table_of(case, SLOPE.replace("200", "2000") + TARGETS), pytest.raises(CaseError, match="not above low"):
        load(case)
