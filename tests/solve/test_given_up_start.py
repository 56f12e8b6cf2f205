"""A relaxation that comes no nearer is given up early: a few matrices, not all that its paces allow."""

from math import exp
from pathlib import Path

import pytest

from eisfv import start_state
from eisfv.case import load
from eisfv.simulation import Simulation
from eisfv.solve import equilibrium
from eisfv.solve.equilibrium import PACES, Course
from support.devices import mg_stack

# A host whose ion climbs its own gradient, between an electrolyte and a film doped with holes.
EMPTIED = Path(__file__).parent / "emptied_host.toml"


@pytest.fixture
def iterations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the updates of all relaxations."""
    made, whole = [0], equilibrium.apply_update

    def counted(*of: object) -> object:
        made[0] += 1
        return whole(*of)

    monkeypatch.setattr(equilibrium, "apply_update", counted)
    return made


def test_a_start_without_a_relaxed_state_takes_few_matrices(iterations: list[int]) -> None:
    assert Simulation(load(EMPTIED).device).unrelaxed
    assert iterations[0] < 600  # 2644 to the end of every pace


@pytest.mark.parametrize(("pace", "p", "after"), [(PACES[1], 1.0, 14), (PACES[2], 1.0, 14), (PACES[3], 0.2, 70)])
def test_growth_without_a_break_is_given_up_at_a_short_pace(pace: equilibrium.Pace, p: float, after: int) -> None:
    course, plain = Course(pace), Course(PACES[0])
    asked = [40.0 * exp(p * i) for i in range(after + 1)]  # e^(p n) > 1e6
    assert [course.lost(size) for size in asked] == [False] * after + [True]
    assert not any(plain.lost(size) for size in asked)


def test_one_leap_is_not() -> None:
    course = Course(PACES[2])
    assert not any(course.lost(asked) for asked in (191.0, 186.0, 2e16, 171.0, 166.0, 161.0))


def test_a_short_pace_may_go_all_the_way_but_not_on_for_ever() -> None:
    course = Course(PACES[3])
    assert not any(course.lost(40.0 - 0.2 * i) for i in range(200))
    said = [course.lost(5.0 + i % 2) for i in range(2000)]
    assert 595 < said.index(True) < 605


def test_only_where_an_ion_climbs_are_the_short_paces_left_out() -> None:
    climbing, other = Simulation(load(EMPTIED).device).built, Simulation(mg_stack()).built
    assert (start_state.paces_of(climbing), start_state.paces_of(other)) == (PACES[:1], PACES)
