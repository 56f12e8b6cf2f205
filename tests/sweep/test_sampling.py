"""Grids and samples: all combinations, the right ones together, the same ones for the same seed."""

from itertools import product
from math import nan

import numpy as np
import pytest

from eisfv.sweeping.axes import Axis
from eisfv.sweeping.plan import CHUNK, kept
from eisfv.sweeping.sampling import Grid, Method, Sample, Sampling


def listed(name: str, values: tuple[float | str, ...], zipped: str = "") -> Axis:
    """Return an axis with a list of values."""
    return Axis(name, "", (name,), "list", values, nan, nan, zipped=zipped)


def drawn(name: str, scale: str = "linear") -> Axis:
    """Return an axis from 1 to 100."""
    return Axis(name, "", (name,), scale, (), 1.0, 100.0)


def rows(sampling: Sampling, start: int = 0, stop: int | None = None) -> list[tuple[float | str, ...]]:
    """Return the points of a sampling."""
    columns = sampling.columns(start, sampling.total if stop is None else stop)
    return list(zip(*(values.tolist() for values in columns.values()), strict=True))


def test_a_grid_is_every_combination_with_the_last_axis_fastest() -> None:
    grid = Grid((listed("a", (1.0, 2.0)), listed("b", ("x", "y", "z")), listed("c", (5.0, 6.0))))
    assert rows(grid) == list(product((1.0, 2.0), ("x", "y", "z"), (5.0, 6.0)))
    assert rows(grid, 4, 7) == rows(grid)[4:7]


def test_zipped_axes_advance_together() -> None:
    grid = Grid((listed("a", (1.0, 2.0), "g"), listed("b", (7.0, 8.0)), listed("c", (10.0, 20.0), "g")))
    assert grid.total == 4
    assert rows(grid) == [(1.0, 7.0, 10.0), (1.0, 8.0, 10.0), (2.0, 7.0, 20.0), (2.0, 8.0, 20.0)]


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol", "saltelli"])
def test_the_seed_says_the_sample(method: Method) -> None:
    axes = (drawn("a"), drawn("b"))
    assert rows(Sample(axes, method, 8, 3)) == rows(Sample(axes, method, 8, 3))
    assert rows(Sample(axes, method, 8, 3)) != rows(Sample(axes, method, 8, 4))


def test_a_latin_hypercube_has_one_point_in_every_slice() -> None:
    values = Sample((drawn("a", "log"), drawn("b")), "latin_hypercube", 50, 1).columns(0, 50)
    shares = np.log(values["a"]) / np.log(100.0), (values["b"] - 1.0) / 99.0
    for share in shares:
        assert sorted(np.floor(50.0 * share).astype(int)) == list(range(50))


def test_a_longer_sobol_sequence_begins_with_the_shorter_one() -> None:
    axes = (drawn("a"), drawn("b"), drawn("c"))
    assert rows(Sample(axes, "sobol", 64, 1))[:32] == rows(Sample(axes, "sobol", 32, 1))


def test_a_longer_latin_hypercube_does_not() -> None:
    axes = (drawn("a"), drawn("b"))
    assert rows(Sample(axes, "latin_hypercube", 64, 1))[:32] != rows(Sample(axes, "latin_hypercube", 32, 1))


def test_a_saltelli_block_is_a_then_a_with_one_coordinate_of_b_then_b() -> None:
    found = rows(Sample((drawn("a"), drawn("b"), drawn("c")), "saltelli", 4, 1))
    assert len(found) == 4 * 5
    for k in range(0, 20, 5):
        first, *mixed, last = found[k : k + 5]
        assert mixed == [tuple(last[i] if i == j else first[i] for i in range(3)) for j in range(3)]
        assert not set(first) & set(last)


def test_points_come_in_chunks_and_none_is_lost() -> None:
    grid = Grid((listed("a", tuple(float(k) for k in range(100))), listed("b", tuple(float(k) for k in range(100)))))
    sizes = [columns["a"].size for columns in kept(grid.axes, grid, ())]
    assert sum(sizes) == 10_000
    assert max(sizes) == CHUNK
