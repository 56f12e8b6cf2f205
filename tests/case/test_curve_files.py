"""Measured curves from csv files: the same device as typed lists, each mistake its line, smoothed only when asked."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tomli_w import dumps

from eisfv.case import Case, CaseError, load
from eisfv.case.curve_files import smoothed
from eisfv.case.file_tree import read_toml
from eisfv.materials import library
from eisfv.model.host_curves import TabulatedConductivity, TabulatedOpenCircuit
from eisfv.model.materials import Host

MAIN = Path(__file__).parents[2] / "cases" / "mg_wo3_pulses" / "case.toml"
X, U = [0.001, 0.004, 0.01, 0.1, 0.3], [2.6, 2.55, 2.5, 2.4, 2.2]
GAMMA, SIGMA = [0.0, 0.1, 0.5], [1.0, 20.0, 300.0]
OCV = "x (-),U (V)\n" + "".join(f"{x},{u}\n" for x, u in zip(X, U, strict=True))
SIGMAS = "gamma (-),sigma (S/cm)\n" + "".join(f"{g},{s / 100}\n" for g, s in zip(GAMMA, SIGMA, strict=True))
TABLE = {"form": "table", "table": "ocv.csv", "source": "measured"}


def case_of(tmp_path: Path, open_circuit: Any = TABLE, conductivity: Any = None, ocv: str = OCV) -> Case:
    """Return the main case on a host beside it whose curves are replaced."""
    host = read_toml(library.path("mg_wo3"))
    host["open_circuit"] = open_circuit
    host["conductivity"] = conductivity or host["conductivity"]
    folder = tmp_path / "materials"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ocv.csv").write_bytes(ocv.encode())
    (folder / "sigma.csv").write_text(SIGMAS)
    (folder / "host.toml").write_text(dumps(host))
    (tmp_path / "case.toml").write_text(MAIN.read_text().replace('"mg_wo3"', '"materials/host.toml"'))
    return load(tmp_path)


def curve_of(case: Case) -> TabulatedOpenCircuit:
    host = case.device.regions[0].material
    assert isinstance(host, Host)
    assert isinstance(host.open_circuit, TabulatedOpenCircuit)
    return host.open_circuit


def test_a_file_is_the_list_it_holds(tmp_path: Path) -> None:
    sigma = {"form": "table", "table": "sigma.csv", "source": "measured"}
    case = case_of(tmp_path, conductivity=sigma)
    typed = {"form": "table", "x": X, "potential": [f"{u} V" for u in U], "source": "measured"}
    values = {"form": "table", "gamma": GAMMA, "conductivity": [f"{s} S/m" for s in SIGMA], "source": "measured"}
    assert case.device == case_of(tmp_path / "typed", typed, values).device
    host = case.device.regions[0].material
    assert isinstance(host, Host)
    assert isinstance(host.conductivity, TabulatedConductivity)
    assert [curve.smooth for curve in case.curves] == ["", ""]


def test_the_resolved_case_stands_alone(tmp_path: Path) -> None:
    case = case_of(tmp_path)
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "case.toml").write_text(case.resolved_toml())
    assert load(alone).digest == case.digest
    assert "ocv.csv" not in tomllib.loads(case.resolved_toml())["material"]["materials/host.toml"]["open_circuit"]


@pytest.mark.parametrize(
    "text, words",
    [
        (OCV.replace(",", ";").replace(".", ","), "semicolons and decimal commas"),
        (OCV.replace(",", "\t").replace(".", ","), "tabs and decimal commas"),
        ("\ufeff" + OCV.replace("x (-)", '"x (-)"').replace("\n", "\r\n"), ""),
        ('x (-),U (V)\n"0,001","2,6"\n"0,004","2,55"\n"0,01","2,5"\n"0,1","2,4"\n"0,3","2,2"\n', "decimal commas"),
        ("x (-),U (mV)\n" + "".join(f"{x},{1000 * u:g}\n" for x, u in zip(X, U, strict=True)), ""),
    ],
)
def test_other_spellings_are_the_same_curve_and_said(text: str, words: str, tmp_path: Path) -> None:
    case = case_of(tmp_path, ocv=text)
    np.testing.assert_allclose(curve_of(case).potential, U, rtol=1e-15)
    np.testing.assert_allclose(curve_of(case).x, X, rtol=1e-15)
    (curve,) = case.curves
    assert curve.found == words
    assert words in curve.line


def test_columns_are_chosen_among_several(tmp_path: Path) -> None:
    rows = "".join(f"{n},{x},{u + 1},{u}\n" for n, (x, u) in enumerate(zip(X, U, strict=True)))
    text = "point,Li content,U charge (V),U discharge (V)\n" + rows
    case = case_of(tmp_path, {**TABLE, "columns": ["Li content", "U discharge"]}, ocv=text)
    assert list(curve_of(case).potential) == U


@pytest.mark.parametrize(
    "change, ocv, words",
    [
        ({"table": "none.csv"}, OCV, '.table = "none.csv" does not exist: there is no file'),
        ({}, OCV.replace("0.01,", "0.0005,"), "has in line 4 a value of x that is not above the one before"),
        ({}, OCV.replace("U (V)", "U1 (V)"), 'has no column "U"; its columns are "x", "U1": did you mean "U1"?'),
        ({}, OCV.replace("U (V)", "U"), 'has no unit of "U" in its header'),
        ({}, OCV.replace("U (V)", "U (A)"), "measures current, not voltage"),
        ({}, OCV.replace("0.3,", "1.3,"), 'has "1.3" in line 6; x must be between 0 and 1'),
        ({}, OCV.replace("2.55", "2;55"), 'has "2;55 V" in line 3'),
        ({}, OCV.replace(",", ";").replace("2.55", "2,55"), "decimal commas elsewhere; write one mark"),
        ({}, OCV.split("\n", 1)[1], "has no header"),
        ({}, "x (-),U (V)\n0.1,2\n0.2,1\n", "has fewer than 3 points"),
        ({"columns": ["x", "V"]}, OCV, 'has no column "V"; its columns are "x", "U"'),
        ({"columns": ["x", "x"]}, OCV, 'columns names "x" twice'),
        ({"columns": ["x"]}, OCV, "must have 2 entries"),
        ({"smooth": "3 m"}, OCV, "measures length, not voltage"),
        ({"smooth": "1 V"}, OCV, 'smooth = "1 V" is as much as the whole curve scatters'),
        ({"smooth": "3 mV"}, "x (-),U (V)\n0.1,2\n0.2,1\n0.3,0.5\n", "needs 5 points, and the table has 3"),
        ({"smoth": "3 mV"}, OCV, 'did you mean "smooth"?'),
        ({"x": X}, OCV, "stands beside a table that has it"),
    ],
)
def test_a_mistake_is_one_line(change: dict[str, Any], ocv: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(CaseError) as error:
        case_of(tmp_path, {**TABLE, **change}, ocv=ocv)
    assert len(error.value.lines) == 1, error.value.lines
    assert words in error.value.lines[0]
    assert error.value.lines[0].startswith(f"{tmp_path / 'materials/host.toml'}: open_circuit")


@pytest.mark.parametrize(
    "u, words", [([2.6, 2.55, 2.5, 2.2, 2.4], "rises from x = 0.1 to 0.3"), (U[::-1], "rises everywhere")]
)
def test_a_curve_that_rises_is_told_once_and_of_its_file(u: list[float], words: str, tmp_path: Path) -> None:
    rising = "x (-),U (V)\n" + "".join(f"{x},{u}\n" for x, u in zip(X, u, strict=True))
    with pytest.raises(CaseError) as refused:
        case_of(tmp_path, ocv=rising)
    (line,) = refused.value.lines
    assert "ocv.csv: region reservoir: U(x) of host " + words in line


def test_a_smoothed_curve_falls_and_is_nearer_to_the_truth_than_its_noise() -> None:
    noise, rng = 3e-3, np.random.default_rng(5)
    x = np.linspace(0.02, 0.9, 120)
    truth = 2.5 - 0.0257 * np.log(x / (1 - x)) - 0.2 * x
    noisy = truth + noise * rng.standard_normal(len(x))
    assert (np.diff(noisy) > 0).any()  # the noise itself turns the curve
    curve = smoothed("open_circuit", x, noisy, noise)
    assert (np.diff(curve) <= 0).all()
    before, after = (np.sqrt(np.mean((values - truth) ** 2)) for values in (noisy, curve))
    assert after < 0.75 * before
    # The spline keeps to the distance that was asked; the falling values move it by little.
    np.testing.assert_allclose(np.sqrt(np.mean((curve - noisy) ** 2)), noise, rtol=0.05)


def test_smoothing_is_said(tmp_path: Path) -> None:
    (curve,) = case_of(tmp_path, {**TABLE, "smooth": "3 mV"}).curves
    assert "smoothed by 3 mV: moved by" in curve.line
    assert not np.array_equal(curve.used, curve.values)
