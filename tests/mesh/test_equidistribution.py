"""Cells from an indicator: as many as asked for, smooth, fine where it is large, and every second face of them a mesh
by the same rule."""

import numpy as np
import pytest

from eisfv.mesh.equidistribution import FEWEST, GROWTH, LARGEST, MULTIPLE, Layer, equidistributed
from eisfv.mesh.grading import joined

LENGTH = 1e-6
NO_BOUND = (np.inf, np.inf)


def layer(width: float = 5e-8, ends: tuple[float, float] = NO_BOUND, length: float = LENGTH) -> Layer:
    """Return an exponential layer of a width at the start of a region, seen on 60 equal cells."""
    faces = np.linspace(0.0, length, 61)
    centres = 0.5 * (faces[1:] + faces[:-1])
    return Layer(faces, np.exp(-centres / width) / width + 1e-3 / length, ends)


@pytest.mark.parametrize("cells", [64, 240, 640])
def test_there_are_as_many_cells_as_asked_for(cells: int) -> None:
    sizes = equidistributed([layer(), layer(2e-8)], cells)
    assert abs(sum(map(len, sizes)) - cells) <= 2 * MULTIPLE
    for size in sizes:
        assert len(size) % MULTIPLE == 0
        np.testing.assert_allclose(size.sum(), LENGTH, rtol=1e-12)


def test_a_layer_without_features_keeps_the_fewest_or_the_largest_cells() -> None:
    flat = Layer(np.array([0.0, LENGTH]), np.array([0.0]), NO_BOUND)
    (size,) = equidistributed([flat], 12)
    assert len(size) >= max(FEWEST, 1.0 / LARGEST)
    np.testing.assert_allclose(size, size[0], rtol=1e-9)


def test_the_indicator_is_shared_out_evenly() -> None:
    # Away from the bounds, m h is the same in every cell.
    width = 2e-7
    (size,) = equidistributed([layer(width)], 240)
    faces = np.concatenate([[0.0], np.cumsum(size)])
    inside = (faces[1:] > 0.2 * width) & (faces[1:] < 2.0 * width)
    m = np.exp(-0.5 * (faces[1:] + faces[:-1]) / width) / width
    share = (m * size)[inside]
    assert np.ptp(share) < 0.1 * share.mean()
    equal = (m * LENGTH / 240)[inside]
    assert np.ptp(equal) > 0.5 * equal.mean()  # of equal cells it is not


@pytest.mark.parametrize("bound", [1e-9, 1e-12])
def test_a_bound_at_a_wall_is_kept_and_left_slowly(bound: float) -> None:
    (size,) = equidistributed([layer(ends=(bound, bound))], 240)
    assert size[0] < 1.2 * bound
    assert size[-1] < 1.2 * bound
    assert np.abs(np.diff(np.log(size))).max() < 1.1 * GROWTH


def test_every_second_face_is_smooth_as_well() -> None:
    (size,) = equidistributed([layer(ends=(1e-11, np.inf))], 240)
    assert np.abs(np.diff(np.log(joined(size)))).max() < 2.2 * GROWTH


def test_joined_cells_fill_the_layer() -> None:
    for count in (8, 9, 21):
        size = np.geomspace(1.0, 3.0, count)
        coarse = joined(size)
        assert len(coarse) == (count + 1) // 2
        np.testing.assert_allclose(coarse.sum(), size.sum(), rtol=1e-14)
    with pytest.raises(ValueError, match="6 cells leave no coarser mesh"):
        joined(np.ones(6))
