"""Which statements on the magnesium film exclude which, against figures from another grid of films."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

CASE = Path(__file__).parents[2] / "cases" / "mg_joint"
FRONTS = {
    "first conductivity as background": (0.86, 0.68, 0.56, 0.44, 0.37, 0.26),
    "pristine": (0.62, 0.48, 0.39, 0.31, 0.27, 0.25),
}


@pytest.fixture
def exclusions(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(CASE)
    return __import__("exclusions")


@pytest.mark.parametrize("name", FRONTS)
def test_a_small_pulse_at_five_microsiemens_moves_the_largest_slope_away(exclusions: ModuleType, name: str) -> None:
    np.testing.assert_allclose(exclusions.front(name, points=80), FRONTS[name], rtol=0.05)


def test_on_the_curve_of_the_library_a_rest_at_sixty_microsiemens_costs_more(exclusions: ModuleType) -> None:
    name = "first conductivity as background"
    rests = exclusions.front(name, points=80, rests=True)
    np.testing.assert_allclose(rests[1:], (0.70, 0.56, 0.44, 0.37, 0.26), rtol=0.05)
    assert rests[0] > 1.15 * exclusions.front(name, points=80)[0]


def test_what_excludes_what_depends_on_the_background_and_the_charge(exclusions: ModuleType) -> None:
    pulse, mean, peak = "0.3 µS at 5 µS", "0.3 µS, mean of ten", "slope peaks at 0.03"
    ratio, decade = "3 × from 5 to 10 µS", "110 mV in the lowest"
    assert exclusions.excluded("first conductivity as background") == (
        [ratio, decade, "80 nS reached"],
        [(pulse, peak), (mean, peak), (mean, "1000 × H at 0.03")],
    )
    assert exclusions.excluded("pristine") == ([ratio, decade], [(pulse, peak), (mean, peak)])
    assert exclusions.excluded("charge factor") == ([ratio, decade], [])


@pytest.mark.parametrize(
    "film, misses",
    [
        ((5.5e-3, 0.0, 0.0263, 3.93, 1.0), 8),
        ((1.9e-6, 0.0, 0.0483, 6.73, 0.558), 2),
        ((1.9e-6, 7.4, 0.0388, 6.0, 1.0), 3),
    ],
    ids=["mg_wo3", "mg_wo3_pristine", "mg_wo3_pristine_hopping"],
)
def test_the_library_s_films_miss_as_many_statements(
    exclusions: ModuleType, film: tuple[float, ...], misses: int
) -> None:
    # The film with hopping lies at three limits: its largest slope at 0.0403, lines of 0.971 and 0.951.
    told = exclusions.met(exclusions.Films(*(np.array([value]) for value in film)).numbers)
    assert len(told) == 14
    assert sum(not meets.all() for meets in told.values()) == misses
