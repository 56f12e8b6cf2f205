"""The two phases of a host: tangents, spinodals, boundaries and the hull, against closed forms of regular solutions."""

import numpy as np
import pytest

from eisfv.constants import GAS_CONSTANT, thermal_voltage
from eisfv.model.host_curves import AnalyticOpenCircuit, TabulatedOpenCircuit
from eisfv.model.miscibility import falls, gaps, hull
from eisfv.model.phase_separation import GradientEnergy, boundary_energy, boundary_width

T = 298.15
RT, VOLT = GAS_CONSTANT * T, thermal_voltage(T)


def regular(omega: float, polarons: bool = False) -> AnalyticOpenCircuit:
    return AnalyticOpenCircuit(2.0, polarons, redlich_kister=(omega * RT,))


@pytest.mark.parametrize("omega", [2.2, 3.0, 4.51, 8.0])
def test_the_gap_of_a_regular_solution_is_that_of_its_closed_form(omega: float) -> None:
    """ln(x/(1-x)) = -omega (1-2x) at the phases, x (1-x) = 1/(2 omega) at the spinodal, U0 on the plateau."""
    (gap,) = gaps(regular(omega).curve(1, T))
    for x in (gap.low, gap.high):
        np.testing.assert_allclose(np.log(x / (1.0 - x)), -omega * (1.0 - 2.0 * x), rtol=1e-8)
    np.testing.assert_allclose([x * (1.0 - x) for x in gap.spinodal], 0.5 / omega, rtol=1e-3)
    np.testing.assert_allclose(-gap.level * VOLT, 2.0, rtol=1e-12)

    def energy(x: float) -> float:
        return float(x * np.log(x) + (1.0 - x) * np.log1p(-x) + omega * x * (1.0 - x))

    np.testing.assert_allclose(gap.barrier, energy(0.5) - energy(gap.low), rtol=1e-4)


@pytest.mark.parametrize("omega", [1.0, 1.99])
def test_below_the_critical_interaction_nothing_separates(omega: float) -> None:
    assert falls(regular(omega).curve(1, T))
    assert gaps(regular(omega).curve(1, T)) == ()


def test_a_table_with_two_humps_has_two_gaps_of_equal_areas() -> None:
    """Odd humps about 2.9 V and 2.4 V: the areas cancel by symmetry in x, whatever is between the points."""
    xi = np.linspace(0.0, 1.0, 31)
    odd = -0.02 / 0.19245 * 2.0 * xi * (1.0 - xi) * (1.0 - 2.0 * xi)
    x = np.concatenate([[0.01], 0.05 + 0.1 * xi, 0.25 + 0.2 * xi, [0.7]])
    u = np.concatenate([[3.1], 2.9 + odd, 2.4 + odd, [1.9]])
    found = gaps(TabulatedOpenCircuit(tuple(x), tuple(u), source="made").curve(1, T))
    assert len(found) == 2
    for gap, (low, high, level) in zip(found, ((0.05, 0.15, 2.9), (0.25, 0.45, 2.4)), strict=True):
        np.testing.assert_allclose([gap.low, gap.high], [low, high], atol=2e-4)
        np.testing.assert_allclose(-gap.level * VOLT, level, atol=1e-4)


def test_width_and_energy_say_the_same_kappa() -> None:
    """Phase-field set of LixFePO4: omega 1.856e-20 J a site, K 5.0148e-10 J/m on 1.3793e28 sites a m3: 8.83 nm2."""
    sites = 1.3793e28 / 6.02214076e23
    kappa = 5.0148e-10 / (RT * sites)
    np.testing.assert_allclose(kappa, 8.83e-18, rtol=2e-3)
    (gap,) = gaps(regular(1.856e-20 * 6.02214076e23 / RT).curve(1, T))
    for given in (
        GradientEnergy(width=boundary_width(kappa, gap)),
        GradientEnergy(energy=boundary_energy(kappa, gap, sites, T)),
    ):
        np.testing.assert_allclose(given.kappa(gap, sites, T), kappa, rtol=1e-12)


@pytest.mark.parametrize("omega", [3.0, 8.0])
def test_the_hull_is_the_curve_outside_and_the_plateau_inside(omega: float) -> None:
    curve = regular(omega).curve(1, T)
    (gap,) = gaps(curve)
    flat = hull(curve, 0.01 / VOLT, 4e-3)
    assert falls(flat)
    inside = np.linspace(gap.low, gap.high, 50)
    assert np.abs(flat.value(np.log(inside / (1.0 - inside))) + gap.level).max() * VOLT < 6e-3
    y = np.linspace(-14.0, 14.0, 999)
    x = 1.0 / (1.0 + np.exp(-y))
    outside = (x < 0.5 * gap.low) | (1.0 - x < 0.5 * (1.0 - gap.high))
    np.testing.assert_allclose(flat.value(y[outside]), curve.value(y[outside]), atol=5e-4)


def test_a_level_piece_is_two_phases_without_a_barrier() -> None:
    x = (0.002, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.9)
    table = TabulatedOpenCircuit(x, (3.2, 3.0, 2.9, 2.9, 2.9, 2.9, 2.8, 2.3), source="made")
    curve = table.curve(1, T)
    (gap,) = gaps(curve)
    np.testing.assert_allclose([gap.low, gap.high], [0.1, 0.4], rtol=1e-9)
    np.testing.assert_allclose(-gap.level * VOLT, 2.9, rtol=1e-12)
    assert gap.barrier == 0.0
    sloping = hull(curve, 0.4, 4e-3)
    assert falls(sloping)
    y = np.log(0.25 / 0.75)
    np.testing.assert_allclose(sloping.value(np.array([y])) * VOLT, 2.9, atol=1e-4)
    assert falls(TabulatedOpenCircuit(x, (3.2, 3.0, 2.9, 2.899, 2.898, 2.897, 2.8, 2.3), source="made").curve(1, T))
