"""Cell sizes of a layer: exact in sum, smooth, symmetric, fine where asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eisfv.mesh.grading import graded

LAYERS = {
    "thickness": st.floats(1e-9, 1e-3),
    "first": st.floats(1e-6, 1.0),
    "growth": st.floats(1.01, 1.5),
    "largest": st.floats(0.01, 1.0),
}


@settings(deadline=None, derandomize=True)
@given(**LAYERS)
def test_sizes_add_up_and_mirror(thickness: float, first: float, growth: float, largest: float) -> None:
    sizes = graded(thickness, first * thickness, growth, largest * thickness)
    np.testing.assert_allclose(sizes.sum(), thickness, rtol=1e-13)
    np.testing.assert_array_equal(sizes, sizes[::-1])
    assert (sizes > 0.0).all()


@settings(deadline=None, derandomize=True)
@given(**LAYERS)
def test_neighbours_differ_by_little_more_than_the_growth(
    thickness: float, first: float, growth: float, largest: float
) -> None:
    sizes = graded(thickness, first * thickness, growth, largest * thickness)
    ratio = np.maximum(sizes[1:] / sizes[:-1], sizes[:-1] / sizes[1:])
    # The stretch that makes the sum exact takes at most one cell's worth.
    if len(sizes) > 12:
        assert ratio.max() < growth**2


def test_first_cell_keeps_its_size() -> None:
    sizes = graded(1e-6, 0.3e-9, 1.2, 0.06e-6)
    np.testing.assert_allclose(sizes[[0, -1]], 0.3e-9, rtol=1e-12)


def test_a_thick_layer_costs_logarithmically_many_cells() -> None:
    """0.4 nm Debye lengths in 100 um: about 250 cells at 8 % growth."""
    assert len(graded(100e-6, 0.2e-9, 1.1, 6e-6)) < 300


@pytest.mark.parametrize(
    "thickness, first, growth, largest", [(1e-6, 1e-9, 1.0, 1e-7), (1e-6, 0.0, 1.2, 1e-7), (0.0, 1e-9, 1.2, 1e-7)]
)
def test_impossible_layers_are_refused(thickness: float, first: float, growth: float, largest: float) -> None:
    with pytest.raises(ValueError, match="graded mesh"):
        graded(thickness, first, growth, largest)
