"""Numbers off a curve, on curves whose answers are known; a curve that does not tell says so."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from eisfv.cli import app
from eisfv.postprocess.quantities.compare import compare
from eisfv.postprocess.quantities.curves import CURVES
from eisfv.postprocess.quantities.decay_fits import Fitted, stretched, two_exponentials
from eisfv.postprocess.quantities.expected import ExpectedError, read_expected
from eisfv.postprocess.quantities.reductions import FORMULAS, REDUCTIONS, ReductionError, ratio_nth_first
from eisfv.result import read
from support.written_run import written

X = np.linspace(0.0, 4.0, 81)
TIMES = np.concatenate([[0.0], np.geomspace(0.01, 30.0, 120)])
LOOP = np.linspace(0.0, 2.0 * np.pi, 2001)
TWO = 1.0 + 0.6 * np.exp(-TIMES / 0.2) + 0.3 * np.exp(-TIMES / 5.0)
STRETCHED = 0.5 + 2.0 * np.exp(-((TIMES / 1.5) ** 0.6))


@pytest.mark.parametrize(
    "name, x, y, at, answer, rtol",
    [
        ("intercept", X, 2.0 - 3.0 * X, np.nan, 2.0, 1e-12),
        ("loglog_slope", X + 1.0, -5.0 * (X + 1.0) ** 1.7, np.nan, 1.7, 1e-12),
        ("power_law_x_at", X + 1.0, -5.0 * (X + 1.0) ** 1.7, -40.0, 8.0 ** (1.0 / 1.7), 1e-12),
        ("power_law_y_at", X + 1.0, -5.0 * (X + 1.0) ** 1.7, 100.0, -5.0 * 100.0**1.7, 1e-11),
        ("r2_of_means", np.repeat(X[:4], 2), np.repeat(X[:4], 2) + np.tile([1.0, -1.0], 4), np.nan, 1.0, 1e-12),
        ("r2_of_means", np.array([1.0, 2.0, 2.0, 3.0]), np.array([0.0, 2.0, 0.0, 1.0]), np.nan, 0.75, 1e-12),
        ("x_at", X, 3.0 - 2.0 * X, 0.0, 1.5, 1e-12),
        ("x_at", X, np.sin(X), 0.0, 0.0, 1e-12),
        ("x_at", X, np.cos(X), 0.0, np.pi / 2, 1e-3),
        ("y_at", X, 3.0 - 2.0 * X, 1.23, 0.54, 1e-12),
        ("y_at", -X, 3.0 - 2.0 * X, -1.23, 0.54, 1e-12),
        ("peak", X, 2.0 - 3.0 * (X - 1.23) ** 2, np.nan, 2.0, 1e-12),
        ("x_of_peak", X, 2.0 - 3.0 * (X - 1.23) ** 2, np.nan, 1.23, 1e-12),
        ("trough", X, 3e-9 * (X - 1.23) ** 2 - 1e-9, np.nan, -1e-9, 1e-12),
        ("x_of_trough", X, 3e-9 * (X - 1.23) ** 2, np.nan, 1.23, 1e-12),
        ("area", X, 1.0 + 2.0 * X, np.nan, 20.0, 1e-12),
        ("hysteresis_area", 2.0 * np.cos(LOOP), 3.0 * np.sin(LOOP), np.nan, 6.0 * np.pi, 1e-5),
        ("hysteresis_area", np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0, 1.0]), np.nan, 1.0, 1e-12),
        ("biexponential_tau1", TIMES + 100.0, TWO, np.nan, 0.2, 1e-6),
        ("biexponential_tau2", TIMES, 1e-9 * TWO, np.nan, 5.0, 1e-6),
        ("biexponential_ratio", TIMES, TWO, np.nan, 2.0, 1e-6),
        ("stretched_tau", TIMES, STRETCHED, np.nan, 1.5, 1e-6),
        ("stretched_beta", TIMES, 1e-6 * STRETCHED, np.nan, 0.6, 1e-6),
    ],
)
def test_curves_of_known_answers(
    name: str, x: np.ndarray, y: np.ndarray, at: float, answer: float, rtol: float
) -> None:
    np.testing.assert_allclose(CURVES[name].find(x, y, at), answer, rtol=rtol)


@pytest.mark.parametrize("unit", [1e-9, 1e-3, 1e9])
def test_a_fit_takes_times_of_any_size(unit: float) -> None:
    found = {**stretched(unit * TIMES, STRETCHED).values, **two_exponentials(unit * TIMES, TWO).values}
    expected = {"tau": 1.5 * unit, "beta": 0.6, "tau1": 0.2 * unit, "tau2": 5.0 * unit, "ratio": 2.0}
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-6)


def test_a_loop_that_goes_back_on_itself_has_no_area() -> None:
    there_and_back = np.concatenate([X, X[::-1]])
    assert CURVES["hysteresis_area"].find(there_and_back, there_and_back**2, np.nan) < 1e-12


@pytest.mark.parametrize(
    "name, x, y, at, words",
    [
        ("loglog_slope", X, 1.0 + X, np.nan, "no logarithm"),
        ("intercept", np.ones(3), X[:3], np.nan, "all the same"),
        ("power_law_x_at", X + 1.0, X + 1.0, 0.0, "zero nowhere"),
        ("power_law_y_at", X, X, 1.0, "no logarithm"),
        ("r2_of_means", np.array([1.0, 1.0, 2.0]), X[:3], np.nan, "2 values"),
        ("x_at", X, X, 5.0, "never through 5"),
        ("y_at", X, X, 5.0, "does not reach 5"),
        ("peak", X, X, np.nan, "no peak"),
        ("biexponential_tau1", TIMES, np.exp(-TIMES), np.nan, "not identified"),
        ("biexponential_tau1", TIMES, np.ones_like(TIMES), np.nan, "does not change"),
        ("biexponential_tau1", TIMES[:6], TWO[:6], np.nan, "has 6 rows"),
        ("biexponential_tau2", TIMES, 1.0 - 1e-3 * TIMES, np.nan, "not identified"),
        ("stretched_tau", TIMES, np.exp(-TIMES / 3e3), np.nan, "not identified"),
    ],
)
def test_what_a_curve_does_not_tell_is_said(name: str, x: np.ndarray, y: np.ndarray, at: float, words: str) -> None:
    with pytest.raises(ReductionError, match=words):
        CURVES[name].find(x, y, at)


@pytest.mark.parametrize(
    "fit, clean, true",
    [
        (two_exponentials, TWO, {"tau1": 0.2, "tau2": 5.0, "ratio": 2.0}),
        (stretched, STRETCHED, {"tau": 1.5, "beta": 0.6}),
    ],
)
def test_errors_of_the_fits_are_the_scatter_of_repeated_draws(
    fit: Callable[[np.ndarray, np.ndarray], Fitted], clean: np.ndarray, true: dict[str, float]
) -> None:
    rng = np.random.default_rng(11)
    fits = [fit(TIMES, clean + 0.005 * rng.normal(size=TIMES.size)) for _ in range(40)]
    for name, value in true.items():
        pulls = [(one.values[name] - value) / one.errors[name] for one in fits]
        # 40 draws give a standard deviation to 11 %, three times of which is allowed.
        assert 0.67 < np.std(pulls) < 1.33
        assert abs(np.mean(pulls)) < 0.5


def test_a_later_row_over_the_first_is_the_facilitation() -> None:
    np.testing.assert_allclose(ratio_nth_first(np.array([2.0, 3.0, 5.0]), 2), 1.5, rtol=1e-15)
    with pytest.raises(ReductionError, match="no row 4"):
        ratio_nth_first(np.array([2.0, 3.0, 5.0]), 4)


def test_the_page_has_every_reduction_once() -> None:
    assert set(FORMULAS) == set(REDUCTIONS)
    lines = CliRunner().invoke(app, ["info", "reductions"]).output.splitlines()
    for name in (*REDUCTIONS, *CURVES):
        assert sum(line.strip() == name or line.strip().startswith(f"{name}:") for line in lines) == 1, name


ENTRY = {
    "name": '"a"',
    "value": '"1 s"',
    "tolerance": "0.1",
    "kind": '"predicted"',
    "source": '"somewhere"',
    "from": '"terminals"',
    "column": '"conductance_S"',
    "against": '"time_s"',
    "select": '"all"',
    "reduce": '"x_at"',
    "at": '"1 uS"',
}


def entry(tmp_path: Path, **changed: str | None) -> Path:
    path = tmp_path / "expected.toml"
    entries = {**ENTRY, **changed}
    lines = [f"{key} = {value}" for key, value in entries.items() if value is not None]
    path.write_text("\n".join(["[[quantity]]", *lines]))
    return path


def test_a_position_has_the_unit_of_its_axis(tmp_path: Path) -> None:
    (found,) = read_expected(entry(tmp_path))
    assert (found.unit, found.value) == ("s", 1.0)
    np.testing.assert_allclose(found.at, 1e-6, rtol=1e-12)


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"at": None}, r"\.at is missing"),
        ({"at": '"1 V"'}, r"\.at = '1 V'"),
        ({"at": "1.0"}, r"\.at = 1\.0"),
        ({"against": None}, "against is missing"),
        ({"value": '"1 S"'}, r"\.value"),
        ({"nth": "2"}, "nth is for reduce = ratio_nth_first"),
        ({"reduce": '"ratio_nth_first"', "at": None, "against": None, "nth": "1", "value": "1.0"}, "from 2 on"),
        ({"reduce": '"intercept"'}, "at is for reduce = power_law_x_at"),
        ({"select": '"at 3 s"'}, "needs several rows"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, changed: dict[str, str | None], words: str) -> None:
    with pytest.raises(ExpectedError, match=words) as caught:
        read_expected(entry(tmp_path, **changed))
    assert "\n" not in str(caught.value)


def test_a_value_at_a_time_is_that_of_the_selection_at_this_time(tmp_path: Path) -> None:
    run = read(written(tmp_path / "run"))
    times = run.terminals["time_s"]
    middle = f'"{float(times[0] + 0.4 * (times[-1] - times[0]))!r} s"'
    values = {"column": '"voltage_V"', "value": '"1 V"'}
    curve = entry(tmp_path, **values, reduce='"y_at"', at=middle)
    (of_curve,) = compare(curve, lambda case: run)
    at = {"select": f'"at {middle[1:]}', "reduce": '"first"', "against": None, "at": None}
    (of_selection,) = compare(entry(tmp_path, **values, **at), lambda case: run)
    assert of_curve.model != run.terminals["voltage_V"][0]
    np.testing.assert_allclose(of_curve.model, of_selection.model, rtol=1e-9)


def test_a_curve_that_does_not_get_there_is_told_with_its_place(tmp_path: Path) -> None:
    run = read(written(tmp_path / "run"))
    path = entry(tmp_path, at='"1 S"')
    with pytest.raises(ExpectedError, match=r'expected\.toml: a: "conductance_S" goes from .* and never through 1$'):
        compare(path, lambda case: run)


def test_a_comparison_tells_the_standard_error_of_what_it_fits(tmp_path: Path) -> None:
    y = TWO + np.random.default_rng(3).normal(0.0, 1e-3, TIMES.size)
    run = SimpleNamespace(
        terminals={"time_s": TIMES, "conductance_S": 1e-6 * y}, pulses={}, measures={}, numerical_error={}
    )
    entry = {
        "value": '"0.2 s"',
        "tolerance": "0.1",
        "kind": '"predicted"',
        "source": '"made up"',
        "from": '"terminals"',
    }
    entry |= {"column": '"conductance_S"', "against": '"time_s"', "select": '"all"'}
    text = ""
    for name, value in (("biexponential_tau1", '"0.2 s"'), ("biexponential_ratio", "2"), ("area", "1")):
        own = entry | {"name": f'"{name}"', "reduce": f'"{name}"', "value": value}
        text += "[[quantity]]\n" + "\n".join(f"{key} = {word}" for key, word in own.items()) + "\n"
    (tmp_path / "expected.toml").write_text(text)
    time, ratio, area = compare(tmp_path / "expected.toml", lambda _: run)
    errors = two_exponentials(TIMES, 1e-6 * y).errors
    assert (time.standard, ratio.standard) == (errors["tau1"], errors["ratio"])
    assert 1e-3 < time.standard / time.model < 0.05
    assert abs(time.model - 0.2) < 4.0 * time.standard
    assert np.isnan(area.standard)
    assert [(" ± " in row.cells[3]) for row in (time, ratio, area)] == [True, True, False]
