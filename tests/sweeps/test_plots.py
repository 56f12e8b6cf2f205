"""Pictures of sweeps: which kind suits, what is written, what is refused."""

import csv
from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.sweeps.coordinates import SweepPlotError
from eisfv.postprocess.sweeps.plots import plot_sweep
from eisfv.result import ResultError
from support.synthetic_sweep import Row, axis, drawn_axis, grid_rows, quantity, write_sweep

THICKNESS = axis("thickness", "um", [1.0, 10.0, 100.0, 1000.0, 10000.0], "log")
CURRENT = axis("exchange_current", "uA/cm^2", [0.01, 0.1, 1.0, 10.0, 100.0], "log")
WIDTH = axis("width", "ms", [1.0, 2.0])
CONTACT = axis("contact", "", ["ohmic", "blocking"])
DG, TAU = quantity("dG", "S"), quantity("retention", "s")


def outputs(row: Row) -> dict[str, float]:
    return {"dG": 1e-7 * float(row["thickness"]), "retention": 3.0 / float(row.get("exchange_current", 1.0))}


def grid(out: Path, *axes: object, failed: tuple[int, ...] = ()) -> Path:
    return write_sweep(out, list(axes), [DG, TAU], grid_rows(list(axes)), outputs, failed=failed)


def is_picture(path: Path) -> bool:
    return path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 5000


def names(paths: list[Path]) -> list[str]:
    assert all(path.is_file() for path in paths)
    return [path.name for path in paths]


def test_one_axis_is_drawn_as_a_line(tmp_path: Path) -> None:
    written = plot_sweep(grid(tmp_path / "s", THICKNESS))
    assert names(written) == ["line_dG.png", "line_retention.png"]
    assert all(is_picture(path) for path in written)
    assert written[0].parent == tmp_path / "s" / "plots"


def test_two_axes_are_drawn_as_a_map(tmp_path: Path) -> None:
    assert names(plot_sweep(grid(tmp_path / "s", THICKNESS, CURRENT))) == ["map_dG.png", "map_retention.png"]


def test_few_values_of_a_second_axis_are_lines(tmp_path: Path) -> None:
    for k, second in enumerate((WIDTH, CONTACT)):
        assert names(plot_sweep(grid(tmp_path / str(k), second, THICKNESS), y="dG")) == ["line_dG.png"]


def test_more_axes_are_parallel_coordinates(tmp_path: Path) -> None:
    assert names(plot_sweep(grid(tmp_path / "s", THICKNESS, CURRENT, WIDTH), y="dG_S")) == ["parallel_dG.png"]


def test_axes_that_advance_together_count_once(tmp_path: Path) -> None:
    size = axis("size", "um", [1.0, 10.0, 100.0], "log", zipped="square")
    area = axis("area", "um^2", [1.0, 100.0, 10000.0], "log", zipped="square")
    rows = [{"size": a, "area": b} for a, b in zip(size.values, area.values, strict=True)]
    out = write_sweep(tmp_path, [size, area], [DG], rows, lambda row: {"dG": 1e-9 * float(row["area"])})
    assert names(plot_sweep(out)) == ["line_dG.png"]
    assert names(plot_sweep(out, x="area")) == ["line_dG.png"]
    with pytest.raises(SweepPlotError, match="a map takes two axes"):
        plot_sweep(out, kind="map")


@pytest.mark.parametrize("kind", ["line", "map", "parallel"])
def test_every_kind_can_be_asked_for(tmp_path: Path, kind: str) -> None:
    out = grid(tmp_path / "s", THICKNESS, CURRENT, CONTACT, failed=(0, 7))
    assert names(plot_sweep(out, kind=kind, y="retention")) == [f"{kind}_retention.png"]


def test_twice_the_same_picture(tmp_path: Path) -> None:
    out = grid(tmp_path / "s", THICKNESS, CURRENT, failed=(3,))
    (first,) = plot_sweep(out, y="dG")
    before = first.read_bytes()
    plot_sweep(out, y="dG")
    assert first.read_bytes() == before


def test_a_quantity_that_no_run_gives_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    out = write_sweep(tmp_path, [THICKNESS], [DG, TAU], grid_rows([THICKNESS]), lambda row: {"dG": 1e-6})
    assert names(plot_sweep(out)) == ["line_dG.png"]
    with pytest.raises(SweepPlotError, match='no run gives "retention"'):
        plot_sweep(out, y="retention")


def test_what_cannot_be_drawn_is_refused_in_one_line(tmp_path: Path) -> None:
    out = grid(tmp_path / "s", THICKNESS, CURRENT)
    for wish, words in (
        ({"x": "thicknes"}, 'no axis "thicknes"; did you mean "thickness"?'),
        ({"y": "charge"}, 'no quantity "charge"; there are dG, retention'),
        ({"kind": "heatmap"}, '"heatmap" is no kind of picture; there are line, map, parallel, sobol'),
        ({"kind": "sobol"}, 'this is a grid; write method = "saltelli"'),
    ):
        with pytest.raises(SweepPlotError) as caught:
            plot_sweep(out, **wish)
        assert words in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_sweep_of_failed_runs_says_why(tmp_path: Path) -> None:
    out = grid(tmp_path / "s", THICKNESS, failed=(0, 1, 2, 3, 4))
    with pytest.raises(SweepPlotError, match="no run has finished; the first failed: it does not converge at t = 1 s"):
        plot_sweep(out)
    assert not list((out / "plots").glob("*")) if (out / "plots").exists() else True


def test_a_directory_without_a_sweep_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="holds no gathered sweep"):
        plot_sweep(tmp_path)


def sample(out: Path, method: str, blocks: int, failed: tuple[int, ...] = ()) -> Path:
    """A quantity that is 3 a + b of two axes between 0 and 1: first-order indices of 0.9 and 0.1."""
    rng = np.random.default_rng(5)
    base, other = rng.random((2, blocks, 2))
    points = np.stack(
        (base, np.column_stack((other[:, 0], base[:, 1])), np.column_stack((base[:, 0], other[:, 1])), other), 1
    )
    rows: list[Row] = [{"a": float(a), "b": float(b)} for a, b in points.reshape(-1, 2)]
    axes = [drawn_axis("a", "V", 0.0, 1.0), drawn_axis("b", "", 0.0, 1.0)]
    give = [quantity("sum"), quantity("flat", "S")]
    size = blocks if method == "saltelli" else len(rows)
    return write_sweep(
        out,
        axes,
        give,
        rows,
        lambda row: {"sum": 3.0 * float(row["a"]) + float(row["b"]), "flat": 2e-6},
        method=method,
        size=size,
        failed=failed,
    )


def test_a_saltelli_sample_gives_its_indices(tmp_path: Path) -> None:
    picture, table = plot_sweep(sample(tmp_path, "saltelli", 2048, failed=(9,)))
    assert is_picture(picture)
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [(row["quantity"], row["axis"], row["blocks"], row["of"]) for row in rows] == [
        ("sum", "a", "2047", "2048"),
        ("sum", "b", "2047", "2048"),
    ]
    for row, exact in zip(rows, (0.9, 0.1), strict=True):
        assert float(row["first_low"]) < exact < float(row["first_high"])
        np.testing.assert_allclose(float(row["total"]), exact, rtol=0.1)


def test_indices_need_the_whole_sample(tmp_path: Path) -> None:
    out = sample(tmp_path, "saltelli", 32)
    short = write_sweep(
        tmp_path / "short",
        [drawn_axis("a", "V", 0.0, 1.0)],
        [quantity("sum")],
        [{"a": 0.1 * k} for k in range(10)],
        lambda row: {"sum": float(row["a"])},
        method="saltelli",
        size=4,
    )
    assert names(plot_sweep(out, y="sum")) == ["sobol.png", "sobol.csv"]
    with pytest.raises(SweepPlotError, match="holds 10 of 12 points of the sample"):
        plot_sweep(short)
    with pytest.raises(SweepPlotError, match='"flat" is the same in every run'):
        plot_sweep(out, y="flat")


def test_other_samples_are_parallel_coordinates_or_points(tmp_path: Path) -> None:
    out = sample(tmp_path, "latin_hypercube", 16)
    assert names(plot_sweep(out)) == ["parallel_sum.png", "parallel_flat.png"]
    assert names(plot_sweep(out, x="a", y="sum")) == ["line_sum.png"]
    with pytest.raises(SweepPlotError, match="a map takes a grid, and this is a latin_hypercube"):
        plot_sweep(out, kind="map")
