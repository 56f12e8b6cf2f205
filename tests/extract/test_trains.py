"""The train that a nonlinearity is read off, and the saturating course through it."""

from collections.abc import Callable

import numpy as np
import pytest

from eisfv.postprocess.extract.extraction import extract
from eisfv.postprocess.extract.measured import Extraction
from eisfv.postprocess.extract.nonlinearity import fit_saturating, train_of
from support.made_run import Made, linear, train

Extracted = Callable[..., Extraction]


@pytest.mark.parametrize("a", [7.0, 30.0, -30.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_saturating_train_gives_its_constant(a: float, sign: float) -> None:
    x = np.arange(51.0)
    g = 20e-6 + sign * 1e-6 * (1.0 - np.exp(-x / a)) * np.sign(a)
    fit = fit_saturating(x, g)
    np.testing.assert_allclose(fit.A, a, rtol=1e-6)
    np.testing.assert_allclose(fit.B, sign * 1e-6 * np.sign(a), rtol=1e-6)
    np.testing.assert_allclose(fit.course, g, rtol=1e-9)


def test_a_straight_train_has_no_bend() -> None:
    rng = np.random.default_rng(6)
    x = np.arange(51.0)
    assert abs(fit_saturating(x, 1e-6 * x).curvature) < 1e-6
    noisy = fit_saturating(x, 1e-6 * x + rng.normal(0.0, 1e-7, 51))
    assert noisy.interval is not None
    assert noisy.interval[0] < 0.1
    assert noisy.confidence is None or abs(noisy.A) > 100.0


def test_the_train_is_the_last_of_the_longest(extracted: Extracted) -> None:
    extraction = extracted(train("1 uA", 10) + train("-1 uA", 5) + train("1 uA", 10), Made(step=linear))
    assert extraction.up is not None
    g = train_of(extraction.pulses, extraction.up)
    np.testing.assert_allclose(g[[0, -1]], [10e-6 + 2.5e-6, 10e-6 + 7.5e-6], rtol=1e-9)


def test_two_runs_are_two_trains(sourced: Callable[..., object]) -> None:
    sources = [sourced(train("1 uA", 6), Made(step=linear), name) for name in ("a", "b")]
    extraction = extract(sources)
    assert extraction.up is not None
    assert extraction.up.chosen.size == 12
    assert train_of(extraction.pulses, extraction.up).size == 7
