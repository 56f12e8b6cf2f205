"""Functions that are called through their address: what they do, and what is compiled when."""

import numpy as np
import pytest
from numba import njit, typeof
from numba.core.types import UniTuple, float64, int64, none

from eisfv import compiled_apart
from eisfv.compiled_apart import apart, compile_called


@apart(none)
@njit
def fill(x, value):
    """Fill x; ValueError where the value is negative."""
    if value < 0:
        raise ValueError("less than nothing")
    for i in range(x.size):
        x[i] = value


@apart(UniTuple(float64, 2))
@njit
def ends(x):
    """Return the first and the last entry."""
    return x[0], x[-1]


@apart(int64)
@njit
def misdeclared(x):
    """Return a float where an integer is declared."""
    return x[0]


@njit
def only_filled(x, value):
    """Call one."""
    fill(x, value)


@njit
def filled(x, value):
    """Call both, and one that is not reached."""
    fill(x, value)
    if value > 1e300:
        return misdeclared(x), 0.0
    return ends(x)


def test_a_call_through_the_address_does_what_the_function_does() -> None:
    there, direct = np.zeros(3), np.zeros(3)
    assert filled(there, 2.5) == (2.5, 2.5)
    fill(direct, 2.5)
    assert (there == direct).all()


def test_arguments_of_another_type_are_another_function() -> None:
    there, whole = np.zeros(3), np.zeros(3, np.int64)
    for x in (there, whole):
        only_filled(x, 2)
        assert (x == 2).all()
    kinds = [arguments[0].dtype for arguments in fill.compiled.signatures]
    assert float64 in kinds
    assert int64 in kinds


def test_an_error_reaches_whoever_called() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        filled(np.zeros(3), -1.0)


def test_what_is_not_reached_is_not_compiled_and_a_wrong_declaration_is_told() -> None:
    filled(np.zeros(3), 1.0)
    assert not misdeclared.compiled.signatures
    with pytest.raises(TypeError, match="returns float64, not int64 as it declares"):
        filled(np.zeros(3), 2e300)


def test_what_compiled_code_calls_can_be_compiled_before_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_apart, "called_so_far", [])
    kinds = (typeof(np.zeros(3, np.float32)), float64)
    only_filled.compile(kinds)
    assert kinds not in fill.compiled.overloads
    compile_called(without=("eisfv",))
    assert kinds in fill.compiled.overloads
