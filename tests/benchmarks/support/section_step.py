"""One implicit step of a section, timed, in a process of its own; under mpirun on several.

    python -m benchmarks.support.section_step COLUMNS ROWS [PETSC OPTIONS]

prints the figures of `Cost` as JSON.
"""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

ENVIRONMENT = {
    **os.environ,
    "OMP_NUM_THREADS": "1",
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
}
WIDTH = 3e-6  # m
STEPS = 5  # the first leaves the corner of the drive; of the others the fastest counts


@dataclass(frozen=True)
class Cost:
    """Of a section of cells x unknowns: seconds of the start, of a step, of one factorisation and one solution; GMRES
    iterations of that solution; memory in GB of one process."""

    cells: int
    unknowns: int
    start: float
    step: float
    factor: float
    solve: float
    iterations: int
    memory: float


def section_step(columns: int, rows: int, options: str = "", processes: int = 1) -> Cost:
    """Return the cost of a step, measured in a fresh process or in several."""
    launch = ["mpirun", "--oversubscribe", "-n", str(processes)] if processes > 1 else []
    command = [*launch, sys.executable, "-m", "benchmarks.support.section_step", str(columns), str(rows), options]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def measured(columns: int, rows: int, options: str) -> None:
    """Run the section (PdHx | YSZ | WO3, potential and two species) and print its cost on the first process."""
    from eisfv.device.section_geometry import BoxSection
    from eisfv.mesh.box import Box
    from eisfv.model.contact_edges import ContactEdge
    from eisfv.model.mesh_options import MeshOptions
    from eisfv.model.solver_options import SolverOptions
    from eisfv.model.steps import VoltageStep
    from eisfv.model.waveforms import Constant
    from eisfv.simulation import Simulation
    from eisfv.solve.petsc import PetscSolver
    from eisfv.solve.ranks import ranks_of_run
    from support.devices import h_stack

    ranks = ranks_of_run()
    upper = rows * 6 // 10
    mesh = MeshOptions(cells={"electrolyte": upper, "channel": rows - upper}, lateral_cells=columns)
    boxes = {"electrolyte": Box((0.0, WIDTH), (0.0, 14e-9)), "channel": Box((0.0, WIDTH), (14e-9, 24e-9))}
    contacts = {
        "gate": ContactEdge("electrolyte", "top"),
        "source": ContactEdge("channel", "left"),
        "drain": ContactEdge("channel", "right"),
    }
    device = replace(h_stack(0.1, mesh=mesh), area=WIDTH * WIDTH, section=BoxSection(WIDTH, boxes, contacts))
    began = time.perf_counter()
    simulation = Simulation(device, SolverOptions(linear="petsc", petsc=options), ranks=ranks)
    start = time.perf_counter() - began
    times, began = [], time.perf_counter()
    for _, _ in zip(simulation.drive(VoltageStep(1e-3, Constant(2.0))), range(STEPS), strict=False):
        times.append(time.perf_counter() - began)
        began = time.perf_counter()
    newton = simulation.newton
    assert isinstance(newton.linear, PetscSolver)
    began = time.perf_counter()
    newton.linear.factor(newton.system)
    factor = time.perf_counter() - began
    began = time.perf_counter()
    newton.linear.solve(newton.system.residual)
    solve = time.perf_counter() - began
    cells, unknowns = newton.system.residual.shape
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    iterations = newton.linear.ksp.getIterationNumber()
    if ranks.rank == 0:
        print(json.dumps(asdict(Cost(cells, unknowns, start, min(times[1:]), factor, solve, iterations, memory))))


if __name__ == "__main__":
    measured(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
