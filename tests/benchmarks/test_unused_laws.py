"""What do the laws that a device does not have cost it: phases that separate, holes, traps, solvation, adsorption?

Target: 2 % of a pulse of the Mg stack. Its kernels beside a copy whose conditions for these laws are left out, in
processes that take turns; the same kernels twice are the scatter of the measurement.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.conftest import Show
from benchmarks.support.without_laws import copied_without_laws

TURNS, AMONG = 120, 15  # the least time among some turns is that of the machine at its quietest
TESTS = Path(__file__).parents[1]
PARTS = ("a pulse", "residual alone", "residual and slopes")


def started(package: Path) -> subprocess.Popen[str]:
    """Return a process that times pulses of a package."""
    path = os.pathsep.join(map(str, (package, TESTS)))
    one = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.support.timed_pulse"],
        env=os.environ | one | {"PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def measured(process: subprocess.Popen[str]) -> np.ndarray:
    """Return counts and seconds of a turn."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return np.array(process.stdout.readline().split(), dtype=float)


@pytest.mark.benchmark
def test_cost_of_laws_that_a_device_does_not_have(tmp_path: Path, show: Show) -> None:
    copied_without_laws(tmp_path)
    own = TESTS.parent
    processes = [started(own), started(own), started(tmp_path)]
    for process in processes:
        measured(process)
    turns = np.array([[measured(process) for process in processes] for _ in range(TURNS)])
    for process in processes:
        process.communicate()
    assert (turns[:, :, :3] == turns[0, 0, :3]).all(), "other steps"
    rows = []
    for part, name in enumerate(PARTS, 3):
        least = turns[:, :, part].reshape(-1, AMONG, len(processes)).min(axis=1)
        first, again, without = least.T
        both = [np.log(first / without), np.log(first / again)]
        told = [f"{np.median(r):+.2%} +- {1.25 * r.std() / r.size**0.5:.2%}" for r in both]
        rows.append((name, *told, float(1e6 * np.median(first))))
    steps, residuals, factored = map(int, turns[0, 0, :3])
    title = f"One pulse, {steps} steps, {residuals} residuals, {factored} factorisations in each; median and its error"
    show(title, ("part", "with over without", "the same twice", "us"), rows)
