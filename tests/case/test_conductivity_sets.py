"""What tells the conductivity curves of the library apart, by charge alone: pulses, halved contents, both ions."""

import numpy as np
import pytest
from scipy.optimize import brentq

from eisfv.case.file_tree import read_toml
from eisfv.case.material_file import read
from eisfv.materials import library
from eisfv.model.host_curves import PercolationConductivity
from eisfv.model.materials import Material


def conductivity_of(name: str, gamma: float) -> tuple[float, float]:
    """Return sigma (S/m) and its slope, written out here once more."""
    record = read(name, read_toml(library.path(name)))
    assert isinstance(record, Material)
    assert record.host is not None
    curve = record.host.conductivity
    assert isinstance(curve, PercolationConductivity)
    u = (gamma / curve.threshold) ** curve.exponent
    a, p = float(curve.hopping or 0.0), float(curve.hopping_exponent or 1.0)
    sigma = curve.background + a * gamma**p + curve.slope * gamma * u / (1 + u)
    return sigma, a * p * gamma ** (p - 1) + curve.slope * u / (1 + u) * (1 + curve.exponent / (1 + u))


@pytest.mark.parametrize(
    "gamma, sigma, over, slopes",
    [
        (0.03, 5.45e-3, 1900.0, 1660.0),
        (0.1, 0.862, 70.0, 11.8),
        (0.15, 8.04, 10.8, 1.77),
        (0.2, 35.9, 3.2, 0.64),
        (0.25, 85.4, 1.63, 0.49),
        (0.3, 138.0, 1.20, 0.52),
        (0.36, 197.2, 1.00, 0.54),
    ],
)
def test_one_curve_of_hydrogen_meets_what_the_paper_says_of_both_ions(
    gamma: float, sigma: float, over: float, slopes: float
) -> None:
    # S/cm; Mg over H, conductivity and slope. The magnesium device starts at 5.5e-3 S/cm, so holds 0.0162 already.
    hydrogen, hydrogen_slope = conductivity_of("h_wo3_hopping", gamma)
    magnesium, magnesium_slope = conductivity_of("mg_wo3_pristine", gamma + 0.01622)
    np.testing.assert_allclose(hydrogen / 100.0, sigma, rtol=0.01)
    np.testing.assert_allclose(magnesium / hydrogen, over, rtol=0.02)
    np.testing.assert_allclose(magnesium_slope / hydrogen_slope, slopes, rtol=0.02)


def composition(name: str, microsiemens: float) -> float:
    """Return the electrons per tungsten at which a standard film has a conductance; it conducts 40 uS at 1 S/cm."""
    return float(brentq(lambda gamma: conductivity_of(name, gamma)[0] * 0.4 - microsiemens, 1e-9, 0.5))


def pulse(name: str, microsiemens: float, volume: float, pulses: int = 1) -> float:
    """Return the mean change (uS) by so many pulses of 5 uC on a standard film from a conductance, by charge alone.

    The film takes 3.496e-4 electrons per tungsten a pulse over `volume`.
    """
    before = composition(name, microsiemens)
    after = conductivity_of(name, before + pulses * 3.496e-4 / volume)[0] * 0.4
    return (after - microsiemens) / pulses


@pytest.mark.parametrize(
    "name, volume, first, mean, ratio",
    [
        ("mg_wo3", 1.0, 0.865, 1.52, 3.60),
        ("mg_wo3_pristine", 1.0 / 0.558, 0.313, 0.401, 4.17),
        ("mg_wo3_pristine_hopping", 1.0, 0.245, 0.379, 9.29),
    ],
)
def test_what_a_pulse_does_at_five_microsiemens_tells_the_sets_apart(
    name: str, volume: float, first: float, mean: float, ratio: float
) -> None:
    # uS; the paper has 0.3 and more than three times that at tens of uS.
    np.testing.assert_allclose(pulse(name, 5.0, volume), first, rtol=0.01)
    np.testing.assert_allclose(pulse(name, 5.0, volume, 10), mean, rtol=0.01)
    np.testing.assert_allclose(pulse(name, 27.0, volume) / pulse(name, 5.0, volume), ratio, rtol=0.01)


@pytest.mark.parametrize(
    "name, lowest", [("mg_wo3", 238.0), ("mg_wo3_pristine", 22.9), ("mg_wo3_pristine_hopping", 60.0)]
)
def test_halving_the_magnesium_of_one_millisiemens_tells_the_sets_apart(name: str, lowest: float) -> None:
    # uS: where two equal films come to rest when the other one was empty; the paper's 40 lie between.
    full = composition(name, 1000.0)
    np.testing.assert_allclose(conductivity_of(name, full / 2)[0] * 0.4, lowest, rtol=0.01)
