"""The sizes of steps that both integrators have in common."""

import numpy as np
import pytest

from eisfv.stepping.step_size import FIRST, counting, first_step, fitted, least_step, straight


@pytest.mark.parametrize("offset", [0.0, 1e-9, 1.0, 1e5])
@pytest.mark.parametrize("left", [1e-9, 1e-3, 1e3])
def test_every_step_that_is_tried_moves_the_clock(offset: float, left: float) -> None:
    for h in (least_step(1e-18, left, offset), first_step(1e-18, np.inf, left, offset)):
        assert counting(h, offset) > 0.0
    assert first_step(1e-18, np.inf, left, 0.0) == FIRST * left
    assert least_step(1e-18, 1e-6, 1e5) > FIRST * 1e-6, "a millionth of a microsecond is nothing to a clock at 1e5 s"


def test_a_step_ends_on_the_corner_and_leaves_no_sliver() -> None:
    assert fitted(1.0, 1.0) == fitted(2.0, 1.0) == fitted(1.0 - 1e-12, 1.0) == 1.0
    assert fitted(0.7, 1.0) == 0.5
    assert fitted(0.3, 1.0) == 0.3


def test_a_bent_drive_is_no_straight_line() -> None:
    assert straight(0.0, 0.5, 1.0, 1e-3)
    assert straight(0.0, 0.5004, 1.0, 1e-3)
    assert not straight(0.0, 0.51, 1.0, 1e-3)
    assert not straight(0.0, 1.0, 0.0, 1e-3)
    assert straight(0.0, 0.0, 0.0, 1e-3)
