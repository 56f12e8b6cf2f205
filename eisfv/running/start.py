"""The state from which a run starts, where that is another run's: what a checkpoint tells of its device, and taking it.

The new run lies on the mesh of the other, cell by cell, and its time begins at zero. Its companions start from where
those of the other have ended: its numerical error is that of both runs together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from eisfv.case.case import Case
from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.model.solver_options import SolverOptions
from eisfv.observers.observer import Entry
from eisfv.result import file_names
from eisfv.result.checkpoint import read_checkpoint
from eisfv.running.checkpoint import counters, restored, state_entries, state_in
from eisfv.simulation import Simulation
from eisfv.solve.errors import SetupError
from eisfv.stepping.state import State

BESIDE = "beside {} "  # a companion's state, by its place in `estimated`, or that of the coarsest alone
WORTH_OF, WORTH = "worth of", "worth"


def start_of(case: Case) -> dict[str, Entry] | None:
    """Return the state from which a case starts; None where it starts from rest. Raises ResultError."""
    file = case.attachments.get(file_names.START)
    return None if file is None else read_checkpoint(file)


def told_of(built: Built, options: SolverOptions, sizes: Sequence[Floats] | None) -> dict[str, Entry]:
    """Return what a checkpoint tells of its device, names, temperature, and the mesh, and of its time steps; sizes (m)
    of its cells."""
    mesh, count = built.mesh, len(built.mesh.regions)
    return {
        "regions": "\n".join(mesh.regions),
        "species": "\n".join(built.species),
        "temperature": built.device.temperature,
        "method": str(options.method),
        "tolerance": options.step_tolerance,
        "newton": options.newton_tolerance,
        "stack": int(built.device.section is None),
        "region volumes": np.bincount(mesh.region, mesh.volume, count),
        "cell volumes": mesh.volume,
        **{f"cell sizes {number}": size for number, size in enumerate(sizes or ())},
    }


def sizes_in(saved: Mapping[str, Entry]) -> tuple[Floats, ...] | None:
    """Return the cell sizes (m) of a run, `eisfv.running.choice.Choice.sizes`; None of a section by lengths."""
    count = sum(name.startswith("cell sizes ") for name in saved)
    return tuple(np.asarray(saved[f"cell sizes {number}"]) for number in range(count)) or None


def options_in(saved: Mapping[str, Entry], options: SolverOptions) -> SolverOptions:
    """Return options with those of the run that has kept a state where they are left open."""
    return replace(
        options,
        method="bdf" if (options.method or saved["method"]) == "bdf" else "tr_bdf2",
        tolerance=options.tolerance or float(saved["tolerance"]),
        newton=options.newton or float(saved["newton"]),
    )


def begin(simulation: Simulation, saved: Mapping[str, Entry]) -> None:
    """Let a simulation stand where another run has ended, its time and counts at zero. Raises SetupError."""
    volumes, mesh = np.asarray(saved["cell volumes"]), simulation.built.mesh
    if volumes.shape != mesh.volume.shape or not np.allclose(volumes, mesh.volume, rtol=1e-9, atol=0.0):
        raise SetupError(
            f"the state it starts from lies on another mesh, of {len(volumes)} cells where this case has "
            f"{mesh.cells}; give both cases the same [mesh]"
        )
    if simulation.state.at.u.shape != np.shape(saved["u"]):
        raise SetupError("the state it starts from has other unknowns in its cells; give both cases the same materials")
    integrator = simulation.integrator
    if any(name not in saved for name in integrator.save()):
        raise SetupError(
            f'the state it starts from was made with solver.method = "{saved["method"]}", and this case has '
            f'"{simulation.options.method}"; give both cases the same'
        )
    restored(simulation, saved)
    simulation.state = simulation.state._replace(start=Fraction(0), offset=0.0)
    for counts in counters(simulation):
        counts.update(dict.fromkeys(counts, 0))


def beside(ends: Sequence[State], worth: Mapping[str, float]) -> dict[str, Entry]:
    """Return what a checkpoint keeps of the states in which companions have ended, and of what they are worth."""
    found = {BESIDE.format(k) + name: entry for k, end in enumerate(ends) for name, entry in state_entries(end).items()}
    kept: dict[str, Entry] = {WORTH_OF: "\n".join(worth), WORTH: np.array(list(worth.values()))} if ends else {}
    return {**found, **kept}


def worth_beside(saved: Mapping[str, Entry]) -> dict[str, float]:
    """Return what differences from the coarsest companion are worth, by quantity."""
    if WORTH not in saved:
        return {}
    return dict(zip(str(saved[WORTH_OF]).split("\n"), np.asarray(saved[WORTH]).tolist(), strict=True))


def states_beside(saved: Mapping[str, Entry]) -> list[State]:
    """Return the states that `beside` has put together, their time at zero."""
    found: list[State] = []
    while f"{BESIDE.format(len(found))}u" in saved:
        head = BESIDE.format(len(found))
        state = state_in({name.removeprefix(head): entry for name, entry in saved.items() if name.startswith(head)})
        found.append(state._replace(start=Fraction(0), offset=0.0))
    return found
