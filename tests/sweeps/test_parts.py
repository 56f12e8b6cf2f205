"""Cells of maps, shares of rulers, units and numbers as they are drawn."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from eisfv.postprocess.pictures.style import file_word
from eisfv.postprocess.sweeps.coordinates import coordinate, held, plotted_quantity, varied
from eisfv.postprocess.sweeps.labels import pretty_unit, scaled, short, spread_is_wide
from eisfv.postprocess.sweeps.map import draw_map, edges
from eisfv.postprocess.sweeps.parallel import share
from eisfv.result.sweep_table import Sweep, read_sweep
from support.synthetic_sweep import axis, grid_rows, quantity, write_sweep

X, Y = axis("thickness", "um", [1.0, 3.0, 9.0, 27.0], "log"), axis("voltage", "V", [0.0, 0.1, 0.4, 0.5])
DG = quantity("dG", "S")


def swept(out: Path, failed: tuple[int, ...] = ()) -> Sweep:
    """A sweep with dG = (thickness + 100 voltage) nS, none at the last point."""
    rows = grid_rows([X, Y])

    def give(row: object) -> dict[str, float]:
        t, v = float(row["thickness"]), float(row["voltage"])
        return {} if (t, v) == (27.0, 0.5) else {"dG": 1e-9 * (t + 100.0 * v)}

    return read_sweep(write_sweep(out, [X, Y], [DG], rows, give, failed=failed))


def test_edges_of_cells_lie_halfway() -> None:
    np.testing.assert_allclose(edges(np.array([0.0, 1.0, 4.0]), log=False), [-0.5, 0.5, 2.5, 5.5], rtol=1e-14)
    np.testing.assert_allclose(edges(np.array([1.0, 100.0]), log=True), [0.1, 10.0, 1000.0], rtol=1e-14)
    np.testing.assert_allclose(edges(np.array([2.0]), log=False), [1.5, 2.5], rtol=1e-14)


def test_every_run_is_in_its_own_cell(tmp_path: Path) -> None:
    sweep = swept(tmp_path, failed=(2, 5))
    figure = Figure()
    rows, _ = held(sweep, [X, Y])
    failed = np.asarray(sweep.table["status"] == "failed")
    draw_map(
        figure.add_subplot(), coordinate(sweep, X), coordinate(sweep, Y), plotted_quantity(sweep, DG), rows, failed
    )
    axes = figure.axes[0]
    (mesh,) = (child for child in axes.get_children() if isinstance(child, QuadMesh))
    cells = np.ma.filled(np.ma.asarray(mesh.get_array(), float), np.nan).reshape(4, 4)  # (voltage, thickness)
    for row, (thickness, voltage) in enumerate((t, v) for t in X.values for v in Y.values):
        found = cells[Y.values.index(voltage), X.values.index(thickness)]
        expected = np.nan if row in (2, 5, 15) else float(thickness) + 100.0 * float(voltage)
        np.testing.assert_allclose(found, expected, rtol=1e-9)
    hatched = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_hatch() == "////"]
    dotted = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_hatch() == ".."]
    assert (len(hatched), len(dotted)) == (2, 1)
    assert "failed (2)" in axes.get_title("right")
    # Row 2 is thickness 1, voltage 0.4: between 0.25 and 0.45 V.
    place = min(patch.get_y() for patch in hatched if patch.get_x() < 1.0)
    np.testing.assert_allclose(place, 0.25, rtol=1e-12)


def test_scales_follow_the_axis(tmp_path: Path) -> None:
    sweep = swept(tmp_path)
    assert coordinate(sweep, X).log
    assert not coordinate(sweep, Y).log
    assert coordinate(sweep, X).label == "thickness (µm)"
    assert coordinate(sweep, X).text(27.0) == "27 µm"


def test_a_list_over_more_than_a_decade_is_logarithmic() -> None:
    assert spread_is_wide(np.array([1.0, 20.0, np.nan]))
    assert not spread_is_wide(np.array([1.0, 19.0]))
    assert not spread_is_wide(np.array([0.0, 20.0]))
    assert not spread_is_wide(np.array([np.nan]))


def test_axes_that_are_not_drawn_stay_at_their_first_value(tmp_path: Path) -> None:
    sweep = swept(tmp_path)
    rows, words = held(sweep, [Y])
    assert words == "thickness = 1 µm"
    np.testing.assert_array_equal(sweep.table["thickness_um"][rows], 1.0)
    assert rows.sum() == 4


def test_an_axis_of_one_value_does_not_vary(tmp_path: Path) -> None:
    one = axis("temperature", "K", [298.15])
    out = write_sweep(tmp_path, [one, X], [DG], grid_rows([one, X]), lambda row: {"dG": 1e-9})
    assert [found.name for found in varied(read_sweep(out))] == ["thickness"]


def test_words_keep_their_order(tmp_path: Path) -> None:
    law = axis("law", "", ["continuous", "blocking", "band"])
    sweep = read_sweep(write_sweep(tmp_path, [law], [DG], grid_rows([law]), lambda row: {"dG": 1e-9}))
    found = coordinate(sweep, law)
    np.testing.assert_array_equal(found.at, [0.0, 1.0, 2.0])
    assert [found.text(level) for level in found.levels] == ["continuous", "blocking", "band"]


def test_shares_run_from_the_smallest_to_the_largest() -> None:
    values = np.array([1.0, 10.0, 100.0, np.nan])
    np.testing.assert_allclose(share(values, values, log=True), [0.0, 0.5, 1.0, np.nan], rtol=1e-14)
    np.testing.assert_allclose(share(values, values, log=False), [0.0, 1.0 / 11.0, 1.0, np.nan], rtol=1e-14)
    np.testing.assert_array_equal(share(np.array([3.0]), np.array([3.0, 3.0]), log=False), [0.5])


@pytest.mark.parametrize(
    ("unit", "printed"),
    [("uA/cm^2", "µA/cm²"), ("um", "µm"), ("cm^2/s", "cm²/s"), ("1/cm^3", "1/cm³"), ("ohm", "Ω"), ("K", "K"), ("", "")],
)
def test_units_as_they_are_printed(unit: str, printed: str) -> None:
    assert pretty_unit(unit) == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [(1000.0, "1000"), (0.0316228, "0.0316"), (2.15443e-10, "2.15e−10"), (1e-12, "1e−12"), (-0.5, "−0.5"), (0.0, "0")],
)
def test_numbers_as_they_are_printed(value: float, printed: str) -> None:
    assert short(value) == printed


def test_long_numbers_keep_their_size() -> None:
    assert float(short(12345.0)) == 12345.0
    assert float(short(999.6)) == pytest.approx(1000.0, rel=1e-3)


def test_times_are_in_seconds_on_a_logarithmic_scale() -> None:
    times = np.array([10.0, 86400.0, np.nan])
    assert scaled(times, "s", log=True) == (1.0, "s")
    factor, unit = scaled(times, "s", log=False)
    assert (unit, factor) == ("h", 1.0 / 3600.0)
    assert scaled(np.array([2e-6]), "S", log=False)[1] == "µS"


def test_file_names_hold_no_marks() -> None:
    assert file_word("mean dG / pulse (S)") == "mean_dG_pulse_S"
    assert file_word("ΔG") == "G"
