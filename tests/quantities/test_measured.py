"""Measured curves are held against runs: residuals by hand, the limit by draws, mistakes in one line, the picture."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.pictures.measured_picture import draw_measured
from eisfv.postprocess.quantities.compare import compare
from eisfv.postprocess.quantities.expected import ExpectedError, read_curves
from eisfv.postprocess.quantities.rows import Row, comparison_lines
from eisfv.result import read
from support.written_run import written

# The run's terminals: V = 0.1 t volt at 0, 1, 2, 3 s, straight between.
CURVE = {
    "name": '"charging"',
    "data": '"measured.csv"',
    "from": '"terminals"',
    "x": '"time_s"',
    "y": '"voltage_V"',
    "error": '"10 mV"',
    "kind": '"predicted"',
}
DATA = "t (s),U (mV),dU (mV),w (-)\n0.5,50,10,1\n1.5,160,20,1\n2.5,230,10,0\n"


def entry(tmp_path: Path, content: str = DATA, **changed: str | None) -> Path:
    """Write an expected.toml of one curve, keys changed or left out, with its data."""
    (tmp_path / "measured.csv").write_text(content)
    keys = {**CURVE, **changed}
    text = "\n".join(f"{key} = {value}" for key, value in keys.items() if value is not None)
    (tmp_path / "expected.toml").write_text(f"[[curve]]\n{text}\n")
    return tmp_path / "expected.toml"


def compared(tmp_path: Path, content: str = DATA, **changed: str | None) -> Row:
    """Return the row of a curve against the written run."""
    path = entry(tmp_path, content, **changed)
    place = tmp_path / "run"
    run = read(place if place.exists() else written(place))
    (row,) = compare(path, lambda case: run)
    return row


@pytest.mark.parametrize(
    "changed, expected",
    [
        ({}, [0.0, -1.0, 2.0]),
        ({"error": '"dU"'}, [0.0, -0.5, 2.0]),
        ({"weight": '"w"'}, [0.0, -1.0, 0.0]),
        ({"window": '["1 s", "2 s"]'}, [-1.0]),
        ({"error": "{ factor = 1.25 }"}, [0.0, -0.25, 0.02 / (0.25 * 0.23)]),
        (
            {"error": "{ factor = 1.25 }", "residuals": '"log"'},
            [0.0, np.log(15 / 16) / np.log(1.25), np.log(25 / 23) / np.log(1.25)],
        ),
        ({"residuals": '"log"'}, [0.0, 16.0 * np.log(15 / 16), 23.0 * np.log(25 / 23)]),
        # Arithmetic has no unit of its own: the header's says how to SI. 2 V against 2 U.
        ({"y": '"2 * voltage_V"', "error": '"10 mV"'}, [5.0, 14.0, 27.0]),
    ],
)
def test_residuals_are_those_by_hand(tmp_path: Path, changed: dict[str, str], expected: list[float]) -> None:
    row = compared(tmp_path, **changed)
    assert row.curve is not None
    np.testing.assert_allclose(row.curve.residuals, expected, rtol=1e-9, atol=1e-9)


def test_a_curve_that_is_run_through_backwards_gives_the_same(tmp_path: Path) -> None:
    data = "t (s),U (mV)\n-2.5,250\n-0.5,60\n"
    row = compared(tmp_path, data, x='"0 - time_s"')
    assert row.curve is not None
    np.testing.assert_allclose(row.curve.residuals, [0.0, -1.0], atol=1e-9)


def test_errors_as_large_as_said_are_within_19_times_of_20_and_half_as_large_ones_are_not(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    (curve,) = read_curves(entry(tmp_path, "t (s),U (mV)\n" + "".join(f"{t / 10},0\n" for t in range(30))))
    limit = curve.quantity.value
    rms = [float(np.sqrt(np.mean(curve.residuals(0.01 * rng.normal(size=30)) ** 2))) for _ in range(2000)]
    # 1900 of 2000 with a standard deviation of 10
    assert abs(np.count_nonzero(np.array(rms) <= limit) - 1900) < 30
    assert np.count_nonzero(2.0 * np.array(rms) <= limit) < 20


def test_a_comparison_names_the_source_of_the_data_or_says_measured(tmp_path: Path) -> None:
    assert compared(tmp_path).quantity.source == "measured"
    named = compared(tmp_path, source='"Schwacke 2024, Fig. 3a"')
    assert named.quantity.source == "Schwacke 2024, Fig. 3a"
    assert "error bars" in list(comparison_lines([named]))[-1]
    # chi squared of (0, 1, 2)^2 against 7.81
    assert named.within
    assert not compared(tmp_path, error='"5 mV"').within


def test_the_picture_lies_in_the_plots_of_the_run(tmp_path: Path) -> None:
    row = compared(tmp_path, name='"U / t: charging"')
    assert row.curve is not None
    assert row.run is not None
    picture = draw_measured(row.curve, row.run, "a title")
    assert picture == tmp_path / "run" / "plots" / "U_t_charging.png"
    assert picture.stat().st_size > 10_000


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"error": '"dV"'}, 'did you mean "dU"'),
        ({"error": '"10 mA"'}, "measures"),
        ({"error": '"0 mV"'}, "not above zero"),
        ({"error": "0.01"}, "unit"),
        ({"error": "{ factor = 1 }"}, "above 1"),
        ({"error": None}, "curve[0].error is missing"),
        ({"colums": '["t", "U"]'}, 'did you mean "columns"'),
        ({"columns": '["t", "V"]'}, "has no column"),
        ({"columns": '["t"]'}, "two names"),
        ({"columns": '["t", "w"]'}, 'no unit of "w"'),
        ({"x": '"tim_s"'}, 'did you mean "time_s"'),
        ({"y": '"charge_C"', "from": '"terminals"'}, "charge"),
        ({"from": '"profiles"'}, "not one of terminals, pulses"),
        ({"kind": '"measured"'}, "not one of calibrated"),
        ({"residuals": '"ln"'}, "linear, log"),
        ({"window": '["7 s", "8 s"]'}, "leaves no point"),
        ({"window": '["2 s", "1 s"]'}, "smaller end first"),
        ({"select": '"at 1 s"'}, "single value"),
        ({"select": '"rows 1 to 2"'}, "2 of 3 points lie outside the model's 0 to 1 s, the first at 1.5 s"),
        ({"data": '"none.csv"'}, "none.csv cannot be read"),
        ({"weight": '"dU"'}, "dU"),
        ({"name": '""'}, "write a text"),
    ],
)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, changed: dict[str, str | None], words: str) -> None:
    with pytest.raises(ExpectedError) as caught:
        compared(tmp_path, **changed)
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith(str(tmp_path / "expected.toml"))
    assert words in line


@pytest.mark.parametrize(
    "data, changed, words",
    [
        (DATA.replace("50,", "0,", 1), {"residuals": '"log"', "error": '"1 mV"'}, "zero or changes its sign"),
        (DATA.replace(",50,", ",0,"), {"error": "{ factor = 1.1 }"}, "is zero where y is"),
        (DATA.replace("0.5,", "3.5,"), {}, "1 of 3 points lie outside"),
        ("t,U\n1,2\n", {}, "has no unit"),
        (DATA, {"y": '"voltage"'}, 'curve.0.: "voltage" is no column with a unit, and "U" has one; name it'),
    ],
)
def test_data_that_cannot_be_held_against_a_run_are_told(
    tmp_path: Path, data: str, changed: dict[str, str | None], words: str
) -> None:
    if "residuals" in changed:
        data = DATA.replace(",50,", ",-50,")
    with pytest.raises(ExpectedError, match=words):
        compared(tmp_path, data, **changed)


def test_a_run_that_turns_back_is_told_with_the_row(tmp_path: Path) -> None:
    path = entry(tmp_path, "U (V),t (s)\n0.1,1\n", x='"abs(time_s - 2)"', y='"time_s"', error='"1 s"')
    (tmp_path / "measured.csv").write_text("a (-),t (s)\n1,1\n")
    with pytest.raises(ExpectedError, match="turns back at row"):
        compare(path, lambda case: read(written(tmp_path / "other")))


def test_names_are_those_of_one_entry_alone(tmp_path: Path) -> None:
    path = entry(tmp_path)
    path.write_text(path.read_text() + path.read_text())
    with pytest.raises(ExpectedError, match="another one's too"):
        read_curves(path)


def test_a_curve_that_a_fit_used_is_no_prediction(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    compared(tmp_path / "case")
    (tmp_path / "case" / "calibrated").mkdir()
    (tmp_path / "case" / "calibrated" / "fit.toml").write_text('[[target]]\ncase = "."\nquantity = "charging"\n')
    with pytest.raises(ExpectedError, match=r'charging: kind = "predicted", but .* write "calibrated"'):
        compared(tmp_path / "case")
    assert compared(tmp_path / "case", kind='"calibrated"').within
