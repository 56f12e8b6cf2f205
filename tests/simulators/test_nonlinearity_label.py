"""NeuroSim's label against its formula in many digits, and against what it measures."""

from decimal import Decimal, localcontext

import numpy as np
import pytest

from eisfv.postprocess.extract.nonlinearity import saturating
from eisfv.postprocess.simulators.arrays.nonlinearity_label import DIVISOR, SMALL, curvature_of, label_of


def in_fifty_digits(a: str) -> float:
    """Return the label of a = A/N > 0 by its formula as it stands."""
    with localcontext() as context:
        context.prec = 50
        size = Decimal(a)
        b = 1 / (1 - (-1 / size).exp())
        return float((b - size - size * (b / size).ln()) / (Decimal("0.07") * Decimal(2).sqrt()))


@pytest.mark.parametrize("a", ["0.01", "0.1", "0.5", "1", "3", "19.9", "20.1", "100", "12345", "1e6"])
def test_the_label_is_its_formula(a: str) -> None:
    np.testing.assert_allclose(label_of(1.0 / float(a)), in_fifty_digits(a), rtol=1e-9)


@pytest.mark.parametrize("label", [0.01, 0.3, 1.0, 2.4, 4.22, 9.0])
def test_a_label_gives_its_train_back(label: float) -> None:
    np.testing.assert_allclose(label_of(curvature_of(label)), label, rtol=1e-9)
    np.testing.assert_allclose(curvature_of(-label), -curvature_of(label), rtol=1e-15)


def test_the_label_is_the_height_above_the_straight_line() -> None:
    for k in (0.3, 2.0, 11.0):
        u = np.linspace(0.0, 1.0, 20_001)
        np.testing.assert_allclose(label_of(k) * DIVISOR, (saturating(k, u) - u).max(), rtol=1e-6)


def test_a_straight_train_has_none() -> None:
    assert label_of(0.0) == 0.0
    assert curvature_of(0.0) == 0.0
    # For a small curvature it is k / 8.
    np.testing.assert_allclose(label_of(1e-9), 1e-9 / 8.0 / DIVISOR, rtol=1e-6)


def test_the_sign_is_that_of_the_curvature() -> None:
    assert label_of(-2.0) == -label_of(2.0) < 0.0


def test_series_and_formula_meet() -> None:
    np.testing.assert_allclose(label_of(SMALL * (1 - 1e-12)), label_of(SMALL * (1 + 1e-12)), rtol=1e-11)


@pytest.mark.parametrize("label", [10.2, -11.0])
def test_a_label_that_no_train_has_is_refused(label: float) -> None:
    with pytest.raises(ValueError, match="no train"):
        curvature_of(label)
