"""Fits over devices, curves, priors and bounds, on small cases that the solver runs."""

from pathlib import Path

import numpy as np
import pytest

from calibration.joint_case import (
    BOTH,
    DEVICES,
    FILLING,
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
from eisfv import extras
from eisfv.calibration.reading import read_plan


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return joint_cases(tmp_path_factory.mktemp("joint"))


def test_a_shared_value_goes_to_all_devices_and_an_own_one_to_its_device(cases: Path) -> None:
    file = cases / "one" / "case.toml"
    with holding(file, file.read_text() + SHARED + OWN + DEVICES + BOTH):
        plan = read_plan(cases / "one")
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


def test_a_value_that_ends_at_its_bound_has_no_error(cases: Path, tmp_path: Path) -> None:
    result, found = fit(cases, tmp_path / "out", SHARED.replace("1500", "600") + targets(("", "curve", "conductance")))
    assert result.exit_code == 0, result.output
    (one,) = found["parameter"]
    np.testing.assert_allclose(one["value"], 600.0, rtol=1e-3)
    assert one["at_bound"]
    assert "standard_error" not in one
    assert "covariance" not in found["errors"]
    assert found["errors"]["from"] == "none: every parameter is at a bound"
    assert f"{SLOPE} = 600 S/cm, AT ITS BOUND" in result.stdout


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
    monkeypatch.setattr(extras, "_installed", lambda name: name != "emcee")
    result, _ = fit(cases, tmp_path / "out", "[calibrate]\nposterior = { steps = 20 }\n" + SHARED + DEVICES + BOTH)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "calibrate.posterior needs emcee, which is not installed; install: " in line
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
