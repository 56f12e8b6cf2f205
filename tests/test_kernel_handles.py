"""Handles: compiled code reads and writes what the record holds, wherever in the table a field stands."""

from typing import Any, NamedTuple

import numpy as np
import pytest

from eisfv.kernel import kernel
from eisfv.kernel_handles import Handle


class Pair(NamedTuple):
    first: Any
    second: Any


class Several(NamedTuple):
    empty: Any
    cube: Any
    count: Any
    pair: Any
    size: Any
    inner: Any
    last: Any


@kernel
def read_and_write(h):
    """Write to the arrays of a handle what tells all of its fields apart."""
    h.last[0] = h.empty.shape[0] + 10.0 * h.count + h.size
    h.last[1] = h.pair.second[1]
    h.last[2] = h.inner.first[2]
    h.cube[1, 2, 3] = h.cube[0, 1, 2]


def several(last: Any) -> tuple[Several, Handle]:
    """Return a record of every kind of field, and its handle."""
    inner = Handle(Pair(np.array([1.0, 2.0, 3.0]), 1))
    cube, pair = np.arange(24.0).reshape(2, 3, 4), Pair(np.array([4, 5]), np.array([6.0, 7.0]))
    record = Several(np.zeros((0, 3)), cube, -3, pair, 0.25, None, last)
    return record, Handle(record, inner=inner)


@pytest.mark.parametrize("stride", [1, 2])
def test_every_field_is_read_from_its_own_place_and_arrays_are_shared(stride: int) -> None:
    record, handle = several(np.zeros(6)[::stride][:3])
    read_and_write(handle)
    np.testing.assert_array_equal(record.last, [-29.75, 7.0, 3.0])
    assert record.cube[1, 2, 3] == record.cube[0, 1, 2] == 6.0


def test_records_that_differ_in_one_field_have_types_of_their_own() -> None:
    kinds = [several(last)[1]._numba_type_ for last in (np.zeros(3), np.zeros(3), np.zeros((3, 1)))]
    assert kinds[0] == kinds[1] != kinds[2]


@pytest.mark.parametrize("value", [True, "text", None, 1j])
def test_what_has_another_length_in_memory_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="a handle holds no"):
        Handle(Pair(np.zeros(2), value))
