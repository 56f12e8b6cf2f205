"""Transfer over a barrier: Butler-Volmer below it, an ion at every attempt beyond."""

import numpy as np
import pytest

from eisfv.physics.barrier_transfer import barrier_transfer
from eisfv.physics.butler_volmer import butler_volmer

BARRIER, ALPHA = 20.0, 0.4


@pytest.mark.parametrize("affinity", [-10.0, 0.0, 10.0])
def test_far_below_the_barrier_it_is_butler_volmer(affinity: float) -> None:
    found = barrier_transfer(0.3, 0.7, 0.6, 0.4, affinity, ALPHA, 60.0)
    np.testing.assert_allclose(found, butler_volmer(0.3, 0.7, 0.6, 0.4, affinity, ALPHA), rtol=1e-12)


@pytest.mark.parametrize("affinity, share", [(200.0, 0.3 * 0.4), (-200.0, -0.6 * 0.7)])
def test_beyond_it_every_attempt_passes(affinity: float, share: float) -> None:
    rate = barrier_transfer(0.3, 0.7, 0.6, 0.4, affinity, ALPHA, BARRIER)[0]
    np.testing.assert_allclose(rate, share * np.exp(BARRIER), rtol=1e-9)
    assert abs(butler_volmer(0.3, 0.7, 0.6, 0.4, affinity, ALPHA)[0]) > 1e20 * abs(rate)


def test_half_of_the_attempts_pass_where_the_barrier_is_gone() -> None:
    rate = barrier_transfer(1.0, 1.0, 0.0, 1.0, BARRIER / ALPHA, ALPHA, BARRIER)[0]
    np.testing.assert_allclose(rate, 0.5 * np.exp(BARRIER), rtol=1e-8)
