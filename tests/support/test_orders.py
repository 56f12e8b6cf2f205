"""The order check accepts second order and nothing else."""

import numpy as np
import pytest

from support.orders import assert_second_order, observed, observed_errors

STEPS = 2.0 ** -np.arange(4.0)


@pytest.mark.parametrize("order, passes", [(1.0, False), (1.5, False), (2.0, True), (3.0, False)])
def test_only_second_order_passes(order: float, passes: bool) -> None:
    errors = 0.3 * STEPS**order
    for orders in (observed_errors(errors), observed([1.0 + e for e in errors])):
        np.testing.assert_allclose(orders, order, rtol=1e-10)
        if passes:
            assert_second_order(orders)
        else:
            with pytest.raises(AssertionError):
                assert_second_order(orders)


def test_second_order_answer_with_a_first_order_part_fails() -> None:
    with pytest.raises(AssertionError):
        assert_second_order(observed_errors(STEPS**2 + 0.05 * STEPS))
