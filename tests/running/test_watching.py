"""Looking on costs nothing of what is looked at: a run counts the same whatever is written of it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from eisfv.observers import table
from eisfv.observers.observer import Onlooker, Watched
from eisfv.observers.profiles import ProfileValues
from eisfv.observers.snapshot import Snapshot
from eisfv.result import Column, file_names, read
from eisfv.running import case_run, run_case
from eisfv.running.case_run import CaseRun
from eisfv.simulation import Simulation
from eisfv.solve.stage_records import Known
from eisfv.stepping.accepted import Accepted
from support.small_case import COARSE, PULSE_BETWEEN_READS, finished, silent, small_case

OUTPUTS = {
    "nothing": "fields = { at = [] }",
    "often": 'terminals = { every = "1 ms" }\nprofiles = { every = "3 ms" }\nfields = { at = ["end of step"] }',
    "spread out": 'profiles = { log = { first = "1 us", per_decade = 10 } }\nfields = { every = "200 ms" }',
}


def counts(directory: Path, output: str) -> Mapping[str, object]:
    """Return what the provenance of a run with an output says of the solver."""
    finished(small_case(directory, PULSE_BETWEEN_READS, f"[output]\n{output}\n", COARSE), directory / "run")
    return dict(json.loads((directory / "run" / file_names.PROVENANCE).read_text())["solver"])


def test_what_is_written_does_not_change_what_a_run_counts(tmp_path: Path) -> None:
    found = [counts(tmp_path / name, output) for name, output in OUTPUTS.items()]
    assert int(str(found[0]["newton_iterations"])) > 0
    assert found[0] == found[1] == found[2]


def test_an_observer_that_calls_the_solver_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    simulations: list[Simulation] = []
    start, values = CaseRun.__init__, ProfileValues.of

    def known(run: CaseRun, *args: object) -> None:
        start(run, *args)
        simulations.append(run.simulation)

    def evaluated(profiles: ProfileValues, seen: Snapshot) -> dict[str, np.ndarray]:
        newton, state = simulations[-1].newton, simulations[-1].state
        newton.evaluate(state.at, Known(newton.system.stored, 0.0), 1.0, False)
        return values(profiles, seen)

    monkeypatch.setattr(case_run.CaseRun, "__init__", known)
    monkeypatch.setattr(ProfileValues, "of", evaluated)
    found = [counts(tmp_path / name, OUTPUTS[name])["newton_iterations"] for name in ("nothing", "often")]
    assert int(str(found[1])) > int(str(found[0])) + 100


def test_a_profile_leaves_the_solver_alone(tmp_path: Path) -> None:
    simulation = Simulation(small_case(tmp_path).device)
    before = [array.copy() for array in work_arrays(simulation)]
    simulation.profile()
    for one, other in zip(before, work_arrays(simulation), strict=True):
        np.testing.assert_array_equal(one, other)


def work_arrays(simulation: Simulation) -> Sequence[np.ndarray]:
    """Return the arrays that the solver writes to."""
    system = simulation.newton.system
    return [system.stored, *system.ledger, system.flow, system.residual, system.gate, *system.local]


class Longest(Onlooker):
    """An observer as one may add it: the longest step of each protocol step in a table of its own."""

    def __init__(self, watched: Watched) -> None:
        self.row = watched.table("longest", [Column("index", "", "protocol step", "count"), Column("longest", "s")])
        self.number, self.longest = 0, 0.0

    def begin(self, *_: object) -> None:
        self.number, self.longest = self.number + 1, 0.0

    def accept(self, accepted: Accepted) -> None:
        self.longest = max(self.longest, accepted.h)

    def end(self, *_: object) -> None:
        self.row((self.number, self.longest))

    def statistics(self) -> Mapping[str, object]:
        return {"protocol_steps": self.number}


def test_an_observer_is_a_file_and_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_run, "OBSERVERS", (*table.OBSERVERS, Longest))
    monkeypatch.setitem(file_names.TABLES, "longest", "protocol_step")
    case = small_case(tmp_path, PULSE_BETWEEN_READS, device=COARSE)
    run_case(case, tmp_path / "run", silent)
    found = read(tmp_path / "run").table("longest")
    assert found["index"].tolist() == [1, 2, 3]
    assert (found["longest_s"] > 0.0).all()
    assert found["longest_s"].max() < 1.0
    told = json.loads((tmp_path / "run" / file_names.PROVENANCE).read_text())["solver"]
    assert told["protocol_steps"] == 3
