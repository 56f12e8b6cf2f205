"""A picture of chosen columns holds the values of the tables, of several runs, in a window, beside measured data."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.errors import EisfvError
from eisfv.postprocess.pictures.chosen_picture import Choice, panels_of, plot_chosen
from eisfv.postprocess.pictures.line_panels import draw_panels
from eisfv.postprocess.pictures.style import DARK, StyleError, styled
from eisfv.result import Run, read
from support.made_run import made_run, train


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read(made_run(tmp_path_factory.mktemp("made") / "run", train("1 uA", 3, "1 s", "10 s")))


def test_columns_are_drawn_against_the_time_or_the_pulse(run: Run) -> None:
    first, second = panels_of([run], Choice(y=("voltage_V", "2 * conductance_S")))
    np.testing.assert_array_equal(first.lines[0].x, run.terminals["time_s"])
    np.testing.assert_array_equal(first.lines[0].y, run.terminals["voltage_V"])
    np.testing.assert_array_equal(second.lines[0].y, 2.0 * run.terminals["conductance_S"])
    assert [(panel.x.unit, panel.y.unit) for panel in (first, second)] == [("s", "V"), ("s", "")]
    (pulses,) = panels_of([run], Choice(y=("dG_S",)))
    np.testing.assert_array_equal(pulses.lines[0].x, [1, 2, 3])


def test_terminals_beside_pulses_are_those_at_their_ends(run: Run) -> None:
    (panel,) = panels_of([run], Choice(x="charge_C", y=("voltage_V",)))
    table = run.terminals
    ends = [np.flatnonzero(table["step"] == step)[-1] for step in (1, 3, 5)]
    np.testing.assert_array_equal(panel.lines[0].y, table["voltage_V"][ends])


def test_a_window_of_a_pulse_begins_with_it(run: Run) -> None:
    (panel,) = panels_of([run], Choice(y=("conductance_S",), start="pulse 2", end="pulse 2"))
    assert panel.lines[0].x.min() >= -1e-9
    np.testing.assert_allclose(panel.lines[0].x.max(), 1.0, rtol=1e-9)
    assert panel.x.label == "time since pulse 2 began"
    (panel,) = panels_of([run], Choice(y=("conductance_S",), start="12 s", end="0.5 min"))
    assert panel.lines[0].x.min() >= 12.0
    assert panel.lines[0].x.max() <= 30.0


def test_measured_data_is_drawn_in_si_where_it_belongs(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "mine.csv"
    data.write_text("time (ms),G (uS),V_gate (mV)\n1000,2,30\n2000,4,50\n")
    conductance, voltage, current = panels_of([run], Choice(over=data))
    for panel, expected in ((conductance, [2e-6, 4e-6]), (voltage, [0.03, 0.05])):
        _, points = panel.lines
        assert points.points
        np.testing.assert_allclose((points.x, points.y), ([1.0, 2.0], expected), rtol=1e-12)
    assert len(current.lines) == 1


def test_measured_data_may_be_written_as_spreadsheets_do(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "mine.csv"
    data.write_text('\ufeff"time (s)";G (uS);remark\n1,5;2,5;first, of two\n1,0;4;""\n', encoding="utf-8")
    (panel,) = panels_of([run], Choice(y=("conductance_S",), over=data))
    points = panel.lines[-1]
    np.testing.assert_allclose((points.x, points.y), ([1.5, 1.0], [2.5e-6, 4e-6]), rtol=1e-12)


def test_runs_share_a_picture_and_are_told_apart(run: Run, tmp_path: Path) -> None:
    other = read(made_run(tmp_path / "other_case" / "runs" / "latest", train("2 uA", 2)))
    (panel,) = panels_of([run, other], Choice(y=("conductance_S",)))
    assert [line.label for line in panel.lines] == ["run", "other_case"]


@pytest.mark.parametrize("ending, begins", [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")])
def test_formats_and_styles_are_as_asked_and_equal_twice(run: Run, tmp_path: Path, ending: str, begins: bytes) -> None:
    plain, style = tmp_path / f"plain.{ending}", tmp_path / "mine.mplstyle"
    style.write_text("lines.linewidth: 5\nfont.size: 14\n")
    texts = []
    for out in (plain, tmp_path / f"again.{ending}"):
        texts.append(plot_chosen([run], Choice(y=("dG_S",)), out=out).read_bytes())
    styled = plot_chosen([run], Choice(y=("dG_S",)), style=style, out=tmp_path / f"styled.{ending}").read_bytes()
    assert texts[0].startswith(begins)
    assert texts[0] == texts[1] != styled


def test_a_style_sets_lines_colours_and_size(run: Run, tmp_path: Path) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style = tmp_path / "mine.mplstyle"
    style.write_text("lines.linewidth: 5\naxes.prop_cycle: cycler('color', ['red'])\nfigure.figsize: 3.4, 2.5\n")
    sizes = []
    for file in (None, style):
        with mpl.rc_context(styled(file)):
            figure = Figure()
            draw_panels(figure, panels_of([run], Choice(y=("conductance_S",))))
        line = figure.axes[0].lines[0]
        sizes.append((line.get_linewidth(), line.get_color(), figure.get_size_inches().tolist()))
    assert sizes == [(1.2, DARK, [6.4, 3.9]), (5.0, "red", [3.4, 2.5])]


@pytest.mark.parametrize(
    "choice, words",
    [
        (Choice(y=("volt_V",)), 'no column "volt_V"; did you mean "voltage_V"?'),
        (Choice(x="conductance", y=("dG_S",)), 'did you mean "conductance_S"?'),
        (Choice(y=("dG_S ** 2",)), "which is not taken"),
        (Choice(y=("amplitude_unit",)), "which is text"),
        (Choice(start="soon"), '--from "soon" is not a finite number with a unit'),
        (Choice(start="pulse 4"), "the run has 3 pulses"),
        (Choice(start="2 s", end="1 s"), "write the earlier time first"),
        (Choice(start="1 h"), "no rows of terminals in that time"),
        (Choice(over=Path("nowhere.csv")), "nowhere.csv: cannot be read"),
    ],
)
def test_a_mistake_is_one_line_with_its_remedy(run: Run, choice: Choice, words: str) -> None:
    with pytest.raises(EisfvError) as caught:
        panels_of([run], choice)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text, words",
    [
        ("1,2\n", "has no header"),
        ("time (s),G (uS)\n", "no numbers"),
        ("time (s),G (uS)\n1,x\n", '"x uS" in line 2'),
        ("time (s),G (uS)\n1,2,3\n", "has 3 columns in line 2"),
        ("time,G (uS)\n1,2\n", 'first column "time" must be what x is, which measures time'),
        ("time (s),G (uS),G (S)\n1,2,3\n", 'has two columns "G"; rename one'),
        ("x (V),G (uS)\n1,2\n", "must be what x is, which measures time"),
        ("time (s),T (K)\n1,2\n", "no column beside the first that measures S or V or A"),
    ],
)
def test_data_that_cannot_be_drawn_is_told(run: Run, tmp_path: Path, text: str, words: str) -> None:
    data = tmp_path / "mine.csv"
    data.write_text(text)
    with pytest.raises(EisfvError) as caught:
        panels_of([run], Choice(over=data))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["lines.linewidth 5\n", "lines.width: 5\n", "lines.linewidth: thick\n"])
def test_a_style_that_matplotlib_does_not_know_is_one_line(run: Run, tmp_path: Path, text: str) -> None:
    style = tmp_path / "mine.mplstyle"
    style.write_text(text)
    with pytest.raises(StyleError, match="no style file of matplotlib") as caught:
        plot_chosen([run], Choice(y=("dG_S",)), style=style, out=tmp_path / "never.png")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "never.png").exists()
