"""The figures that a case describes are drawn from its runs; what is wrong with one is told in one line."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from eisfv.errors import EisfvError
from eisfv.postprocess.pictures.figures import draw_figures, figures_of, panel_of
from eisfv.postprocess.pictures.line_panels import Axis, Line, Panel, draw_panels
from eisfv.postprocess.quantities.expected import read_expected
from eisfv.result import read
from support.made_run import made_run, train

QUANTITY = """
[[quantity]]
name = "change"
value = "0.2 uS"
tolerance = 0.1
kind = "predicted"
source = "made up"
from = "pulses"
column = "dG_S"
select = "first 1"
reduce = "first"
"""
FIGURE = """
[[figure]]
file = "own.png"
columns = 2

[[figure.panel]]
x = "charge_C"
y = "voltage_V"
log = "y"
y_range = ["1 mV", "1 V"]
line = [{ label = "here", select = "first 2" }, { label = "there", case = "../other" }]
points = [{ label = "paper", x = ["1 uC", "2 uC"], y = ["10 mV", "20 mV"] }]
level = [{ value = "50 mV", label = "limit" }]

[[figure.panel]]
x = "index"
y = "dG_S * 1e9"
line = [{}]
"""


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cases")
    for name, count in (("own", 3), ("other", 2)):
        made_run(root / name / "runs" / "latest", train("1 uA", count))
    return root


def described(cases: Path, text: str) -> Path:
    (cases / "own" / "expected.toml").write_text(QUANTITY + text)
    return cases / "own"


def test_a_figure_is_drawn_beside_what_the_case_is_held_against(cases: Path) -> None:
    case = described(cases, FIGURE)
    (path,) = draw_figures(case)
    assert path == case / "own.png"
    assert path.stat().st_size > 5000
    assert [quantity.name for quantity in read_expected(case / "expected.toml")] == ["change"]
    assert draw_figures(cases / "other") == []


def test_lines_points_and_levels_are_the_numbers_that_they_say(cases: Path) -> None:
    case = described(cases, FIGURE)
    ((place, entry),) = figures_of(case)
    first, second = (panel_of(place, case, panel) for panel in entry["panel"])
    here, there, paper = first.lines
    own = read(case / "runs" / "latest")
    np.testing.assert_array_equal(here.x, own.pulses["charge_C"][:2])
    assert there.x.size == 2
    np.testing.assert_allclose((paper.x, paper.y), ([1e-6, 2e-6], [0.01, 0.02]), rtol=1e-12)
    np.testing.assert_allclose((*first.y.ends, first.levels[0][0]), (1e-3, 1.0, 0.05), rtol=1e-12)
    assert (first.x.log, first.y.log) == (False, True)
    np.testing.assert_allclose(second.lines[0].y, own.pulses["dG_S"] * 1e9, rtol=1e-14)


@pytest.mark.parametrize(
    "before, after, words",
    [
        ('file = "own.png"', 'file = "../own.png"', "figure[0].file = '../own.png': write a name that ends with .png"),
        ('file = "own.png"', 'flie = "own.png"', 'figure[0].flie is not a known key; did you mean "file"?'),
        ("columns = 2", "columns = 0", "figure[0].columns = 0: write a whole number"),
        ('log = "y"', 'log = "z"', "panel[0].log = 'z' is not one of x, y, both"),
        ('x = "charge_C"', 'x = "charge"', 'has no column "charge"; did you mean "charge_C"?'),
        ('y_range = ["1 mV", "1 V"]', 'y_range = ["1 mV"]', "write two ends"),
        ('y_range = ["1 mV", "1 V"]', 'y_range = ["1 s", "1 V"]', "measures time, not voltage"),
        ('"10 mV", "20 mV"', '"10 mV"', "has 2 values of x and 1 of y"),
        ('"first 2"', '"first 9"', 'line[0].select = "first 9" asks for more'),
        ('"../other"', '"../nobody"', "nobody has not been run; run it first"),
        ("line = [{}]", "", "panel[1] draws nothing"),
    ],
)
def test_a_mistake_is_one_line_with_its_place(cases: Path, before: str, after: str, words: str) -> None:
    assert before in FIGURE
    with pytest.raises(EisfvError) as caught:
        draw_figures(described(cases, FIGURE.replace(before, after)))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("counts", "marked"), [((10, 60), True), ((10, 61), False)])
def test_all_lines_of_a_panel_are_marked_or_none(counts: tuple[int, int], marked: bool) -> None:
    lines = [Line(np.arange(float(n)), np.arange(float(n)), f"{n}") for n in counts]
    figure = Figure()
    draw_panels(figure, [Panel(Axis("x", "", False, None), Axis("y", "", False, None), lines, [])], 1)
    found = [line.get_marker() not in ("None", "", None) for line in figure.axes[0].lines]
    assert found == [marked, marked]


@pytest.mark.parametrize("top, words", [(66e-6, {"2", "20", "60"}), (66e-3, {"$\\mathdefault{10^{4}}$"})])
def test_short_numbers_of_a_logarithmic_axis_have_no_power_of_ten(top: float, words: set[str]) -> None:
    figure = Figure()
    line = Line(np.arange(2.0), np.array([1.3e-6, top]))
    draw_panels(figure, [Panel(Axis("pulse", ""), Axis("conductance", "S", log=True), [line])])
    figure.canvas.draw()
    axis = figure.axes[0].yaxis
    labels = {label.get_text() for label in (*axis.get_majorticklabels(), *axis.get_minorticklabels())}
    assert words <= labels
