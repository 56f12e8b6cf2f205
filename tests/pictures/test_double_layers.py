"""Double layers are found by their field, as far as they reach; the fall over a resistance is none."""

import numpy as np
import pytest

from eisfv.postprocess.pictures.depth_levels import Levels
from eisfv.postprocess.pictures.double_layers import ROOM, double_layers
from eisfv.postprocess.pictures.stack_axis import StackAxis, ticks

DEBYE, THICK = 0.5e-9, 1e-6


def region(start: float, first: int) -> Levels:
    edge = np.geomspace(1e-12, 0.5 * THICK, 200)
    y = start + np.concatenate([edge, THICK - edge[-2::-1]])
    return Levels(np.arange(first, first + y.size), np.arange(y.size), np.ones(y.size), y, start, start + THICK)


def both() -> dict[str, Levels]:
    first = region(0.0, 0)
    return {"host": first, "electrolyte": region(THICK, first.y.size)}


def test_a_layer_reaches_as_far_as_debye_has_it() -> None:
    levels = both()
    y = np.concatenate([own.y for own in levels.values()])
    potential = np.where(y > THICK, 0.1 * np.exp(-np.maximum(y - THICK, 0.0) / DEBYE), 0.5)
    (found,) = double_layers(levels, [potential])
    assert (found.before, found.after) == ("host", "electrolyte")
    np.testing.assert_allclose(found.place, THICK, rtol=1e-12)
    # 3 % of the field are left at ln(1/0.03) Debye lengths; the levels there are 14 % apart.
    np.testing.assert_allclose(found.reach, ROOM * DEBYE * np.log(1.0 / 0.03), rtol=0.15)


@pytest.mark.parametrize("slope", [0.0, 1e5])
def test_a_field_that_is_the_same_everywhere_is_no_layer(slope: float) -> None:
    levels = both()
    y = np.concatenate([own.y for own in levels.values()])
    assert double_layers(levels, [slope * y]) == []


def test_regions_follow_one_another_on_the_axis_and_those_apart_have_a_gap() -> None:
    axis = StackAxis(both())
    (a, b), (wa, wb) = axis.start.values(), axis.width.values()
    np.testing.assert_allclose((a, b, b + wb), (0.0, wa, 1.0), rtol=1e-12)
    np.testing.assert_allclose(axis.place("electrolyte", np.array([1.5 * THICK])), b + 0.5 * wb, rtol=1e-12)
    apart = StackAxis({"a": region(0.0, 0), "b": region(3e-6, 0)})
    assert apart.start["b"] > apart.width["a"] + 0.05


def test_ticks_are_round_depths_with_the_unit_at_the_last() -> None:
    shares, words = ticks(100e-6 * (1.0 + 1e-12), 0.6)
    np.testing.assert_allclose(shares, [0.25, 0.5, 0.75], rtol=1e-9)
    assert words == ["25", "50", "75 µm"]
