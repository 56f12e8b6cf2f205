"""The state that a run has reached, or had at an earlier time: what a small signal is taken at.

The last state is in the checkpoint. At an earlier one the run is driven again from its beginning, on its own mesh and
with its own tolerances; its observers and companions are left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from eisfv.case.case import Case
from eisfv.device.build import Built, build
from eisfv.device.meshing import mesh_on
from eisfv.model.steps import Step
from eisfv.observers.observer import Entry
from eisfv.result import ResultError, file_names
from eisfv.result.checkpoint import read_checkpoint
from eisfv.running.checkpoint import state_in
from eisfv.running.start import begin, options_in, sizes_in, start_of
from eisfv.simulation import Simulation
from eisfv.stepping.state import State

CLOSE = 1e-12  # of a time: what a sum of durations may miss


def reached(run: Path, case: Case, at: float | None, tell: Callable[[str], None]) -> tuple[Built, State]:
    """Return the device of a run and its state at a time (s), None: where it stands.

    Raises ResultError where there is none, and what a run raises.
    """
    path = run / file_names.CHECKPOINT
    if not path.is_file():
        raise ResultError(f"{run}: has no {file_names.CHECKPOINT}, the run has not come far enough to be gone on from")
    saved = read_checkpoint(path)
    state = state_in(saved)
    sizes = sizes_in(saved)
    mesh = mesh_on(case.device, sizes)
    if at is None or abs(at - state.time) <= CLOSE * state.time:
        return build(case.device, mesh), state
    if not 0.0 <= at < state.time:
        raise ResultError(f"{run}: {at:.6g} s is not within the run, which goes from 0 s to {state.time:.6g} s")
    tell(f"{run}: driven again from its beginning to {at:.6g} s, as only its last state is kept")
    simulation = Simulation(case.device, options_in(saved, case.solver), mesh)
    return simulation.built, driven_to(simulation, case, at, start_of(case))


def driven_to(simulation: Simulation, case: Case, at: float, start: Mapping[str, Entry] | None) -> State:
    """Return the state at a time (s) of a case, started from rest or from another run's state."""
    if start is not None:
        begin(simulation, dict(start))
    left = at
    for step in case.protocol:
        if left <= CLOSE * at:
            break
        simulation.run(step if step.duration <= left * (1.0 + CLOSE) else cut(step, left))
        left = at - simulation.state.time
    return simulation.state


def cut(step: Step, duration: float) -> Step:
    """Return a step that is over after a while (s)."""
    return replace(step, duration=duration, read=None)
