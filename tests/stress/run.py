"""Random devices, each run to its end or to a limit of processor time; a line for each and what became of them all.

    python tests/stress/run.py 5000 5100 [--cpu SECONDS] [--check] [--out FILE] [--keep DIRECTORY]

Every device is driven by the method, and to the tolerance of Newton's, that `eisfv run` takes for a stack. The numbers
are the seeds from the first up to, not including, the second; the case of a seed is always the same. Every line says
the seed, what became of it, the processor seconds it took, steps, factorisations, solves, and the reason where it
stopped. --out keeps the lines as JSON, to compare two versions; --keep writes the cases. A device that has finished and
lost ions, or whose regions carry different currents, is in doubt (`checks`); --check drives every finished one once
more with smaller steps, for four times the limit, and is in doubt where the two differ.

One that reaches the limit is heavy where `eisfv check` has said that its phase boundaries take more than a thousand
cells, else too slow. One that has ended had no state any more that a device could be in, as its accepted steps show: a
host that is full, a film without carriers, a double layer that no charge answers, a kilovolt between the terminals,
where a current wants more; with --check the run with smaller steps ends then as well. The limit is processor time of
the run alone: neither other work on the machine nor compiling kernels, which is done once and kept, decides what
becomes of a device.
"""

import argparse
import json
import os
import resource
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

from checks import Watched, apart, tighter
from numba.core import event
from random_device import random_case
from tomli_w import dumps

from eisfv.case import CaseError, boundary_cells, load
from eisfv.errors import EisfvError
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.running.numerical_error import UNRESOLVED
from eisfv.simulation import Simulation, SolverError

CHECKED = 4.0  # what a second run may spend, in limits: twice the steps, and smaller updates of Newton's
ALIKE = 0.1  # of the time at which a device ends, which is told to a step
MAIN = Path(__file__).parents[2] / "cases" / "mg_wo3_pulses"


def outcomes_of(seed: int, check: bool, limit: "Compiling") -> Iterator[dict[str, Any]]:
    """Give what becomes of the device of a seed, and once more with what a second run with smaller steps says of it."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "case.toml"
        file.write_text(dumps(random_case(seed)))
        try:
            case = load(file)
        except CaseError as error:
            why = "; ".join(line.split(": ", 1)[-1] for line in error.lines)
            yield {"end": "refused", "why": why, "cpu": limit.used}
            return
    options = case.solver.left_to_pilots(processes=1).completed()
    found: dict[str, Any] = {"end": "finished", "why": ""}
    slow = "heavy" if any(boundary_cells.warnings(case.device)) else "too slow"
    try:
        watched = Watched(case, options)
    except (EisfvError, TooSlowError) as error:
        end = slow if isinstance(error, TooSlowError) else "no start"
        yield {"end": end, "why": str(error) or "before it began", "cpu": limit.used}
        return
    try:
        watched.run()
    except TooSlowError:
        found.update(end=slow, why=watched.reached())
    except SolverError as error:
        found.update(end="ended" if error.failure.of_device else "stopped", why=str(error))
    except Exception as error:  # a traceback is a finding, and the other seeds go on
        found.update(end="traceback", why=f"{type(error).__name__}: {error}")
    else:
        broken = "; ".join(watched.broken())
        found.update(end="in doubt" if broken else "finished", why=broken)
    simulation = watched.simulation
    counts, newton = simulation.integrator.counts, simulation.newton.counts
    found.update(steps=counts.accepted, cut=counts.cut, factorisations=newton.factorisations, solves=newton.solves)
    found.update(voltage=simulation.voltage, cpu=limit.used)
    yield found
    if not check or found["end"] not in ("finished", "ended"):
        return
    limit.more(CHECKED * limit.limit)
    try:
        second = Watched(case, tighter(options))
        second.run()
    except SolverError as error:
        own, other = watched.simulation.state.time, second.simulation.state.time
        ends = found["end"] == "ended" and error.failure.of_device and abs(own - other) <= ALIKE * own
        yield found | ({} if ends else {"end": "in doubt", "why": f"ends at {other:.3g} s with smaller steps: {error}"})
        return
    except (EisfvError, TooSlowError) as error:
        yield found | {"why": f"not checked: with smaller steps {error or 'too slow'}"}
        return
    size, name = apart(watched.told(), second.told())
    told = f"{size:.1e} off the run with smaller steps ({name})"
    yield found | {"end": "finished" if size <= UNRESOLVED else "in doubt", "why": told, "apart": size}


class TooSlowError(Exception):
    """The limit is reached."""


def too_slow(*_: object) -> None:
    """Say so where the limit is reached, once the compiled code has returned."""
    raise TooSlowError


def allow(spent: float) -> None:
    """Let this process spend this many seconds in all: then it is told so, every second."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + 1, resource.RLIM_INFINITY))


class Compiling(event.Listener):
    """Limits the processor time of this process to so many seconds beside that of compiling, which nests."""

    def __init__(self, limit: float) -> None:
        self.limit, self.spent, self.depth, self.begun = limit, 0.0, 0, 0.0
        self.start = process_time()
        self.more(limit)

    @property
    def used(self) -> float:
        """Return the seconds beside compiling so far."""
        return round(process_time() - self.start - self.spent, 2)

    def more(self, seconds: float) -> None:
        """Allow so many seconds from now on."""
        self.stop = self.used + seconds
        allow(self.start + self.stop + self.spent)

    def on_start(self, event: event.Event) -> None:
        """Begin to count, and let no limit end what is being compiled."""
        self.depth += 1
        if self.depth == 1:
            self.begun = process_time()
            allow(self.begun + 600.0)

    def on_end(self, event: event.Event) -> None:
        """Count what was spent."""
        self.depth -= 1
        if self.depth == 0:
            self.spent += process_time() - self.begun
            allow(self.start + self.stop + self.spent)


def alone(seed: int, limit: float, check: bool) -> dict[str, Any]:
    """Return the outcome from a process of its own that may spend `limit` seconds beside compiling."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        signal.signal(signal.SIGXCPU, too_slow)
        compiling = Compiling(limit)
        event.register("numba:compile", compiling)
        for found in outcomes_of(seed, check, compiling):
            os.write(send, json.dumps(found).encode() + b"\n")
        os._exit(0)
    os.close(send)
    with os.fdopen(receive) as pipe:
        lines = pipe.read().splitlines()
    _, status = os.waitpid(child, 0)
    if not lines:
        return {"end": "traceback", "why": f"status {status}"}
    found = dict(json.loads(lines[-1]))
    if status:
        found["why"] = f"not checked: with smaller steps a traceback, status {status}"
    return found


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
    parser.add_argument("--check", action="store_true")
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
        found = {"seed": seed, **alone(seed, options.cpu, options.check)}
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
