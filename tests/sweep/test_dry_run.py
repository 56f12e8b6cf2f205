"""A dry run tells the points, what is there, and the cost, and leaves nothing behind."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.result import sweep_file_names
from eisfv.result.shards import ShardWriter
from eisfv.sweeping.definition import Definition, definition_of
from eisfv.sweeping.dry_run import dry_run, standing, time_text
from eisfv.sweeping.plan import Plan
from eisfv.sweeping.reading import read_plan
from eisfv.sweeping.store import Store
from support.sweep_file import CHANGE, CURRENT, HEAD, THICKNESS, sweep_file


def keys_of(plan: Plan) -> list[str]:
    """Return the keys of a plan's points."""
    return [load(plan.case, point.overrides).digest for point in plan.points()]


def put(plan: Plan, keys: Sequence[str], state: str = "finished", reason: str = "", name: str = "a") -> None:
    """Write a shard in which runs with these keys have ended, 2 s each."""
    folder = plan.out / sweep_file_names.SHARDS
    folder.mkdir(parents=True, exist_ok=True)
    made_by: Definition = definition_of(plan)
    with ShardWriter(folder / f"{name}{sweep_file_names.SHARD}") as shard:
        shard.append({"kind": "task", "task": "t", "quantities": dict(made_by.quantities), "traces": made_by.traces})
        for key in keys:
            text = {"kind": "run", "task": "t", "key": key, "state": state, "reason": reason, "wall": 2.0}
            shard.append({**text, "values": {}, "outputs": {}, "host": "", "ended": 0.0, "overrides": []})


def test_a_first_dry_run_times_the_first_point_and_leaves_nothing(tmp_path: Path) -> None:
    plan = read_plan(sweep_file(tmp_path))
    before = sorted(tmp_path.rglob("*"))
    lines = list(dry_run(plan))
    assert sorted(tmp_path.rglob("*")) == before
    text = "\n".join(lines)
    assert lines[0] == "a small sweep: 9 points, 3 thickness x 3 exchange_current"
    assert "thickness (um)  exchange_current (uA/cm^2)" in text
    assert "0 finished, 9 to run" in text
    assert "the first point takes" in text
    assert "dG = " in text
    assert "nan" not in text


def test_what_is_done_is_counted_by_the_case_and_not_by_the_point(tmp_path: Path) -> None:
    plan = read_plan(sweep_file(tmp_path))
    keys = keys_of(plan)
    put(plan, keys[:4])
    put(plan, keys[4:6], "failed", "it does not converge", name="b")
    lines = list(dry_run(plan))
    text = "\n".join(lines)
    assert "4 finished, 2 failed, 3 to run" in text
    assert "2 failed: it does not converge" in text
    assert "a run takes 2 s, the mean of those that are there" in text
    assert lines[-1].startswith("3 runs of 2 s on ")


def test_a_changed_axis_adds_only_what_is_new(tmp_path: Path) -> None:
    plan = read_plan(sweep_file(tmp_path))
    put(plan, keys_of(plan))
    assert "9 finished, 0 to run" in "\n".join(dry_run(plan))
    wider = THICKNESS.replace('"4 um"', '"4 um", "8 um"')
    changed = read_plan(sweep_file(tmp_path, HEAD + CURRENT + wider + CHANGE))
    assert "9 finished, 3 to run" in "\n".join(dry_run(changed))


def test_runs_without_a_quantity_that_is_wanted_now_are_to_be_made_again(tmp_path: Path) -> None:
    plan = read_plan(sweep_file(tmp_path))
    put(plan, keys_of(plan))
    more = CHANGE.replace('"dG"', '"charge"').replace("dG_S", "charge_C")
    changed = read_plan(sweep_file(tmp_path, HEAD + THICKNESS + CURRENT + CHANGE + more))
    text = "\n".join(dry_run(changed))
    assert "0 finished, 9 to run" in text
    assert "9 of them finished before, without a quantity or trace that is asked for now" in text


def test_combinations_that_are_no_case_are_not_to_run(tmp_path: Path) -> None:
    long = '[[axis]]\nname = "read"\nkey = "protocol[0].read"\nvalues = ["last 1 s", "last 3 s"]\n'
    step = '[[axis]]\nname = "step"\nkey = "protocol[0].duration"\nvalues = ["5 s", "2 s"]\n'
    plan = read_plan(sweep_file(tmp_path, HEAD + long + step))
    points = list(plan.points())
    put(plan, [load(plan.case, points[0].overrides).digest])
    assert "1 finished, 1 no case, 2 to run" in "\n".join(dry_run(plan))


def test_of_very_many_points_some_stand_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eisfv.sweeping.dry_run.EXACT", 100)
    monkeypatch.setattr("eisfv.sweeping.dry_run.SPREAD", 50)
    many = CURRENT.replace("points = 3", "points = 256")
    last = '[[axis]]\nkey = "device.temperature"\nvalues = ["300 K", "310 K"]\n'
    plan = read_plan(sweep_file(tmp_path, HEAD + many + last))
    put(plan, keys_of(plan)[::2])  # all at 300 K: every second point, and the step between those looked up is even
    found = standing(plan, Store(plan.out, definition_of(plan)))
    assert 50 <= found.looked_up <= 60
    np.testing.assert_allclose(found.finished / found.looked_up, 0.5, rtol=0.3)
    assert "spread over the plan" in "\n".join(dry_run(plan))


def test_a_first_point_that_fails_says_why_and_tells_no_cost(tmp_path: Path) -> None:
    file = sweep_file(tmp_path, HEAD + 'set = ["solver.smallest_step=50 ms", "solver.tolerance=1e-9"]\n' + THICKNESS)
    lines = list(dry_run(read_plan(file)))
    assert lines[-1].startswith("the first point fails, so nothing tells the cost: ")


@pytest.mark.parametrize(
    "seconds, text",
    [(0.0, "0 s"), (0.674, "0.67 s"), (99.0, "99 s"), (110.0, "110 s"), (600.0, "10 min"), (9000.0, "2.5 h")]
    + [(86400.0 * 3, "3 days"), (86400.0 * 400, "400 days")],
)
def test_times_are_for_people(seconds: float, text: str) -> None:
    assert time_text(seconds) == text
