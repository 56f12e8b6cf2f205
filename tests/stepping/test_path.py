"""A run on other cells takes the time steps of another one, and leaves what they leave."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.case.case import Case
from eisfv.device.meshing import coarser_mesh, mesh_of
from eisfv.model.mesh_options import MeshOptions
from eisfv.observers.reported import Reported
from eisfv.running.following import Follower, Paths
from eisfv.running.numerical_error import difference
from eisfv.simulation import Simulation
from eisfv.solve.ranks import ALONE
from eisfv.stepping.path import Path
from support.small_case import PULSE_BETWEEN_READS, small_case


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    case = small_case(tmp_path_factory.mktemp("path") / "case", PULSE_BETWEEN_READS)
    lengths = MeshOptions(first=0.5, grading="lengths")
    solver = replace(case.solver, method="bdf", newton=1e-8)
    return replace(case, device=replace(case.device, mesh=lengths), solver=solver)


def driven(case: Case, coarser: int = 0, tighter: float = 1.0, paths: Paths | None = None) -> Reported:
    mesh = coarser_mesh(case.device, None, coarser) if coarser else mesh_of(case.device)
    options = replace(case.solver, tolerance=case.solver.step_tolerance / tighter)
    return Follower(case, ALONE, 10**6).follow(mesh, options, case.protocol, paths=paths)[1]


def test_a_run_repeats_itself(case: Case) -> None:
    own = driven(case)
    again = driven(case, paths=own.path)
    assert again.ends == own.ends
    assert again.orders == own.orders
    apart = np.abs(np.diff(again.rows, axis=0) - np.diff(own.rows, axis=0))
    assert (apart <= np.maximum(1e-9 * own.scale, own.noise)).all()


def test_other_cells_take_the_steps_they_are_given_and_leave_their_error(case: Case) -> None:
    own = driven(case)
    given, free = driven(case, 1, paths=own.path), driven(case, 1)
    assert given.ends == own.ends
    assert free.ends != own.ends  # what is compared is not the same anyhow
    tight, coarse_tight = driven(case, tighter=30.0), driven(case, 1, tighter=30.0)
    true = difference(own.rows, tight.rows, own.scale).max(axis=0)
    told = difference(given.rows, coarse_tight.rows, own.scale).max(axis=0)
    counts = (true > 1e-5) & (own.scale.max(axis=0) > own.noise)
    assert counts.any()
    np.testing.assert_allclose(told[counts], true[counts], rtol=0.2)


def test_a_path_goes_on_where_a_step_was_cut_and_ends_with_its_last() -> None:
    path = Path(np.array([1.0, 3.0, 5.0]), np.array([1, 1, 2], np.int8))
    assert path.ahead(0.0) == (1.0, 1)
    assert path.ahead(1.0) == (2.0, 1)
    assert path.ahead(1.5) == (1.5, 1)
    assert path.ahead(2.9) == pytest.approx((2.1, 2))  # no step of a twentieth of what was taken there
    assert path.ahead(5.0) is None


def test_steps_that_start_from_kept_states_say_what_they_do_in_the_whole(case: Case) -> None:
    follower, mesh = Follower(case, ALONE, 10**6), mesh_of(case.device)
    whole = follower.follow(mesh, case.solver, case.protocol, keep=[2])[0]
    steps = list(case.protocol)
    protocol = replace(case.protocol, entries=(steps[0], steps[2]))
    apart = follower.follow(mesh, case.solver, protocol, jumps={1: whole.kept[2]})[0]
    changes, whole_changes = np.diff(apart.rows, axis=0), np.diff(whole.rows, axis=0)[[0, 2]]
    largest = np.abs(whole_changes).max(axis=0)
    np.testing.assert_allclose(changes, whole_changes, atol=1e-9 * largest.max(initial=1e-300), rtol=1e-9)
    # driven on from the first, the last one changes other amounts
    on = follower.follow(mesh, case.solver, protocol)[0]
    assert np.abs(np.diff(on.rows, axis=0) - whole_changes).max() > 1e-3 * largest.max()


def test_the_file_of_a_run_keeps_its_steps(case: Case) -> None:
    own = driven(case)
    again = Reported(own.built, own.channel, Simulation(case.device, case.solver).state)
    again.restore(own.save(), None)
    assert (again.ends, again.orders, again.counts, again.staged) == (own.ends, own.orders, own.counts, own.staged)
