"""Every law of the table against what all of them promise; a law that is added is tested here."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eisfv.physics.transfer import BLOCKING, CONTINUOUS, KINDS, exchange_activity, transfer, transfer_row
from support.slopes import assert_slopes

PARAMETERS = {
    "butler_volmer": (0.3,),
    "marcus_hush_chidsey": (19.5,),
    "coupled_ion_electron": (15.2,),
    "over_barrier": (0.4, 12.0),
}
KINETIC = [name for name, kind in KINDS.items() if kind not in (BLOCKING, CONTINUOUS)]
SHARES = st.floats(1e-9, 0.999)
each_law = pytest.mark.parametrize("name", KINETIC)


def row(name: str) -> np.ndarray:
    return transfer_row(name, PARAMETERS[name])


def level(theta_l: float, theta_r: float) -> float:
    """Return the affinity at which two lattices are in equilibrium."""
    return float(np.log(theta_r / (1 - theta_r)) - np.log(theta_l / (1 - theta_l)))


def test_every_kinetic_law_is_tested_here() -> None:
    assert set(PARAMETERS) == set(KINETIC)
    assert len(set(KINDS.values())) == len(KINDS)


@each_law
@given(theta_l=SHARES, theta_r=SHARES)
def test_rate_vanishes_at_equilibrium(name: str, theta_l: float, theta_r: float) -> None:
    rate = transfer(row(name), theta_l, 1 - theta_l, theta_r, 1 - theta_r, level(theta_l, theta_r))[0]
    assert abs(rate) < 1e-13 * exchange_activity(row(name), theta_l, 1 - theta_l, theta_r, 1 - theta_r)


@each_law
@given(theta_l=SHARES, theta_r=SHARES)
def test_exchange_rate_is_each_direction_at_equilibrium(name: str, theta_l: float, theta_r: float) -> None:
    exchange = exchange_activity(row(name), theta_l, 1 - theta_l, theta_r, 1 - theta_r)
    backward = transfer(row(name), 0.0, 1 - theta_l, theta_r, 1 - theta_r, level(theta_l, theta_r))[0]
    np.testing.assert_allclose(-backward, exchange, rtol=1e-11)


@each_law
@given(theta_l=SHARES, theta_r=SHARES, affinity=st.floats(-80.0, 80.0))
def test_rate_runs_down_the_electrochemical_potential(
    name: str, theta_l: float, theta_r: float, affinity: float
) -> None:
    fall = affinity - level(theta_l, theta_r)
    if abs(fall) > 1e-9:
        rate = transfer(row(name), theta_l, 1 - theta_l, theta_r, 1 - theta_r, affinity)[0]
        assert rate * fall > 0.0


@each_law
def test_full_host_takes_no_more(name: str) -> None:
    assert transfer(row(name), 0.5, 0.5, 1.0, 0.0, 5.0)[0] < 0.0


@each_law
@given(affinity=st.floats(allow_nan=False, allow_infinity=False))
def test_no_affinity_overflows(name: str, affinity: float) -> None:
    assert np.isfinite(transfer(row(name), 0.2, 0.8, 0.3, 0.7, affinity)).all()


@each_law
def test_slopes_are_the_derivatives(name: str) -> None:
    rng = np.random.default_rng(7)
    points = [(*rng.uniform(0.01, 0.99, 4), rng.uniform(-20, 20)) for _ in range(100)]
    assert_slopes(lambda *x: transfer(row(name), *x), points, floor=0.1)


@pytest.mark.parametrize("kind", [BLOCKING, CONTINUOUS, 99.0])
def test_what_is_no_rate_is_refused(kind: float) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        transfer(np.array([kind, 0.5]), 0.2, 0.8, 0.3, 0.7, 1.0)


def test_a_law_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r'no transfer law "butler_vollmer".*butler_volmer'):
        transfer_row("butler_vollmer")
