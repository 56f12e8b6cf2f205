"""Newton's iteration ends where it is exact enough, or where only rounding is left, and nowhere else."""

import numpy as np
import pytest

from eisfv.solve.convergence import converged
from eisfv.solve.update import damped


@pytest.mark.parametrize(
    "size, previous, rate, fresh, ends",
    [
        (1e-9, 0.0, 1.0, True, True),  # below the tolerance
        (1e-5, 0.1, 1e-4, False, True),  # the next one, 1e-9, would be what is left
        (1e-5, 1e-4, 0.1, False, False),
        (8e-7, 1e-6, 0.8, True, True),  # no longer halved by a fresh matrix: rounding
        (8e-7, 1e-6, 0.8, False, False),  # an old matrix may contract as slowly
        (4e-7, 1e-6, 0.4, True, False),  # it still gains
        (8e-3, 1e-2, 0.8, True, False),  # too large to be rounding
        (8e-7, 0.0, 0.8, True, False),  # nothing to compare with
    ],
)
def test_an_update_is_the_last_one_where_it_is_small_or_only_rounding(
    size: float, previous: float, rate: float, fresh: bool, ends: bool
) -> None:
    assert converged(size, previous, rate, fresh, 1e-8) == ends


def share_of(size: float, change: float = 0.0) -> float:
    """Return the share that is made of an update which turns back on the one before."""
    update, last, move = np.full((2, 1), size), np.full((2, 1), -1.0), np.ones((2, 1))
    return damped(update, np.zeros_like(move), move, change, last, 1.0)


def test_an_update_that_turns_back_is_halved_but_at_rounding_it_turns_at_random() -> None:
    assert share_of(1.0) == 0.5
    assert share_of(1e-6) == 1.0


def test_what_the_gate_adds_to_an_update_counts_for_its_turning_back() -> None:
    """The cells alone ask for 3 RT one way, with the gate they move by 1 RT the other."""
    assert share_of(3.0, change=-4.0) == 1.0
    assert share_of(-3.0, change=4.0) == 0.5
    assert share_of(3.0, change=-3.0 + 1e-6) == 1.0  # rounding is left of two large moves
