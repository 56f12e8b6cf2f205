"""Random devices, each run to its end or to a limit of processor time; a line for each and what became of them all.

    python tests/stress/run.py 5000 5100 [--cpu SECONDS] [--out DIRECTORY] [--keep DIRECTORY]

The numbers are the seeds from the first up to, not including, the second; the case of a seed is always the same. Every
line says the seed, what became of it, the processor seconds it took, steps, factorisations, solves, and the reason
where it stopped. --out keeps the lines as JSON, to compare two versions; --keep writes the cases.

The limit is processor time of the run alone: neither other work on the machine nor compiling kernels, which is done
once and kept, decides what becomes of a device.
"""

import argparse
import json
import os
import resource
import tempfile
from collections import Counter
from pathlib import Path
from time import process_time
from typing import Any

from numba.core import event
from random_device import random_case
from tomli_w import dumps

from eisfv.case import CaseError, load
from eisfv.errors import EisfvError
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation, SolverError

MAIN = Path(__file__).parents[2] / "cases" / "mg_wo3_pulses"


def outcome_of(seed: int) -> dict[str, Any]:
    """Return what becomes of the device of a seed."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "case.toml"
        file.write_text(dumps(random_case(seed)))
        try:
            case = load(file)
        except CaseError as error:
            return {"end": "refused", "why": "; ".join(line.split(": ", 1)[-1] for line in error.lines)}
    found: dict[str, Any] = {"end": "finished", "why": ""}
    try:
        simulation = Simulation(case.device, case.solver)
    except EisfvError as error:
        return {"end": "no start", "why": str(error)}
    try:
        found["voltages"] = [simulation.voltage]
        for step in case.protocol:
            simulation.run(step)
            found["voltages"].append(simulation.voltage)
    except SolverError as error:
        found.update(end="stopped", why=str(error))
    except Exception as error:  # a traceback is a finding, and the other seeds go on
        found.update(end="traceback", why=f"{type(error).__name__}: {error}")
    counts, newton = simulation.integrator.counts, simulation.newton.counts
    found.update(steps=counts.accepted, cut=counts.cut, factorisations=newton.factorisations, solves=newton.solves)
    return found


def allow(spent: float) -> None:
    """Let this process spend this many seconds in all."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + 1, resource.RLIM_INFINITY))


class Compiling(event.Listener):
    """Puts the processor time of compiling, which nests, on top of a limit."""

    def __init__(self, limit: float) -> None:
        self.limit, self.spent, self.depth, self.begun = limit, 0.0, 0, 0.0

    def on_start(self, event: event.Event) -> None:
        """Begin to count, and let no limit end what is being compiled."""
        self.depth += 1
        if self.depth == 1:
            self.begun = process_time()
            allow(self.limit + self.spent + 600.0)

    def on_end(self, event: event.Event) -> None:
        """Count what was spent."""
        self.depth -= 1
        if self.depth == 0:
            self.spent += process_time() - self.begun
            allow(self.limit + self.spent)


def alone(seed: int, limit: float) -> dict[str, Any]:
    """Return the outcome from a process of its own that may spend `limit` seconds beside compiling."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        begun = process_time()
        allow(begun + limit)
        compiling = Compiling(begun + limit)
        event.register("numba:compile", compiling)
        found = outcome_of(seed)
        found["cpu"] = round(process_time() - begun - compiling.spent, 2)
        os.write(send, json.dumps(found).encode())
        os._exit(0)
    os.close(send)
    with os.fdopen(receive) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    if text:
        return dict(json.loads(text))
    return {"end": "too slow" if os.WIFSIGNALED(status) else "traceback", "why": f"status {status}"}


def warm() -> None:
    """Load the compiled kernels once, before the first fork."""
    case = load(MAIN)
    Simulation(case.device, case.solver).run(VoltageStep(1e-6, Constant(0.1)))


def main() -> None:
    """Run the seeds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("--cpu", type=float, default=30.0)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    warm()
    ends: Counter[str] = Counter()
    for seed in range(options.first, options.last):
        if options.keep:
            place = options.keep / str(seed)
            place.mkdir(parents=True, exist_ok=True)
            (place / "case.toml").write_text(dumps(random_case(seed)))
        found = {"seed": seed, **alone(seed, options.cpu)}
        ends[found["end"]] += 1
        cost = " ".join(f"{found[key]}" for key in ("cpu", "steps", "factorisations", "solves") if key in found)
        print(f"{seed} {found['end']:9} {cost:22} {found['why']}", flush=True)
        if options.out:
            with options.out.open("a") as file:
                file.write(json.dumps(found) + "\n")
    total = sum(ends.values())
    print(", ".join(f"{count} {end}" for end, count in ends.most_common()), f"of {total}")


if __name__ == "__main__":
    main()
