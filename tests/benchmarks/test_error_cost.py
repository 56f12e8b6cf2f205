"""What a run spends on its numerical error, by counting: cells times residuals, of the pilots before it and of the
companions behind it, over the run's own. Target: half a run where a protocol is long."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.conftest import Show
from eisfv.case import load
from eisfv.case.case import Case
from eisfv.running import case_run, following, run_case
from eisfv.simulation import Simulation
from support.error_cases import CASES
from support.section_case import PLANAR, section_case
from support.small_case import silent

LONG, HALF = 100, 0.5  # protocol steps
PULSES = "protocol[1].repeat"  # and those downward
RUNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "one pulse": ("mg_wo3_pulses", (f"{PULSES}=1", "protocol[2].repeat=1")),
    "10 and 10 pulses": ("mg_wo3_pulses", ()),
    "50 and 50 pulses": ("mg_wo3_pulses", (f"{PULSES}=50", "protocol[2].repeat=50")),
    "h_cycling, two cycles": ("h_cycling", ("protocol[1].repeat=2",)),
    "200 and 200 pulses": ("mg_wo3_pulses", (f"{PULSES}=200", "protocol[2].repeat=200")),
}
SECTIONS = {"section, 1 pulse": 1, "section, 10 pulses": 10}


def spent(case: Case, out: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int, float, float]:
    """Return the steps and cells of a run, and what its pilots and its companions spend, over the run."""
    made: dict[str, list[Simulation]] = {"run": [], "beside": []}
    before: list[int] = []

    def kept(name: str) -> Callable[..., Simulation]:
        def make(*args: Any, **options: Any) -> Simulation:
            simulation = Simulation(*args, **options)
            if name == "run":
                before.append(len(made["beside"]))
            made[name].append(simulation)
            return simulation

        return make

    with monkeypatch.context() as patch:
        patch.setattr(case_run, "Simulation", kept("run"))
        patch.setattr(following, "Simulation", kept("beside"))
        run_case(case, out, silent)
    own, *others = (s.built.mesh.cells * s.newton.counts.residuals for s in (*made["run"], *made["beside"]))
    pilots, companions = others[: before[0]], others[before[0] :]
    return len(case.protocol), made["run"][0].built.mesh.cells, sum(pilots) / own, sum(companions) / own


def section(directory: Path, repeat: int) -> Case:
    """Return a section under so many pulses, whose lines pilots choose."""
    pulse = {"drive": "voltage", "value": "0.5 V", "duration": "10 ms", "pulse": True}
    rest = {"drive": "voltage", "value": "0 V", "duration": "10 ms"}
    protocol = [{"repeat": repeat, "steps": [pulse, rest]}]
    return section_case(directory, {**PLANAR, "mesh": {"error": 1e-2}, "protocol": protocol})


@pytest.mark.benchmark
@pytest.mark.parametrize("name", [*RUNS, *SECTIONS])
def test_what_the_numerical_error_of_a_run_costs(
    name: str, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in RUNS:
        case, overrides = RUNS[name]
        found = load(CASES / case, overrides)
    else:
        found = section(tmp_path / "case", SECTIONS[name])
    steps, cells, pilots, companions = spent(found, tmp_path / "run", monkeypatch)
    show(
        "Numerical error: cells x residuals of pilots and companions, over the run",
        ("run", "steps", "cells", "pilots", "companions", "both"),
        [(name, steps, cells, pilots, companions, pilots + companions)],
    )
    assert steps < LONG or pilots + companions < HALF
