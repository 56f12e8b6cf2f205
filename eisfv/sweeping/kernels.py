"""Compiled kernels for many processes at once: one of a machine's processes compiles, the others wait and load."""

import fcntl
import gc
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from eisfv.case.case import Case
from eisfv.compiled_apart import compile_called
from eisfv.device.build import build
from eisfv.device.meshing import mesh_of
from eisfv.errors import EisfvError
from eisfv.running import Progress, Series, run_case
from eisfv.running.choice import by_lengths, by_solution
from eisfv.solve.linear import linear_solver
from eisfv.solve.newton import Newton
from eisfv.stepping.compiled import CompiledIntegrator

# Accepted steps of a run that have called all its kernels: the first two leave a corner in a way of their own.
STEPS = 3


class EnoughError(Exception):
    """Some steps were made: what every run needs is compiled; what few steps call is when they do."""


def compile_once(case: Case) -> None:
    """Return when the kernels for a case like this one are on disk; at once where they were before."""
    by_pilots = by_solution(case)
    kind = "section" if case.device.section is not None else "pilots" if by_pilots else "stack"
    stamp = f"{stamp_of_sources()} {kind} {case.solver.method}"
    if stamp in seen:
        return
    seen.add(stamp)
    with notes() as file:
        if stamp in file.read_text().splitlines():
            return
        place = TemporaryDirectory(prefix="eisfv-kernels-")
        with place as directory, suppress(EnoughError, EisfvError), collecting_later(), beside(case):
            # With the options that pilots leave, without pilots.
            series = Series(replace(by_lengths(case), pilots=1) if by_pilots else None)
            run_case(case, Path(directory) / "run", Enough(), series=series)
        with file.open("a") as lines:
            lines.write(stamp + "\n")


@contextmanager
def beside(case: Case) -> Iterator[None]:
    """Have a second process, where there is a processor for it, compile the time steps while the first begins with the
    start: each looks on the disk before it compiles, and none waits for the other. What both need to begin with, the
    laws of cells, is compiled before they part."""
    options = case.solver.left_to_pilots(processes=1) if by_solution(case) else case.solver.completed()
    if options.method != "bdf" or len(os.sched_getaffinity(0)) < 2:
        yield
        return
    second = None
    # What fails here fails in the run as well, and that one tells.
    with suppress(Exception):
        built = build(case.device, mesh_of(case.device))
        newton = Newton(built.tables, linear_solver("banded", built.tables), options.newton_tolerance)
        steps = CompiledIntegrator(newton, built.bulk, options)
        second = get_context("fork").Process(target=compile_steps, args=(steps,), daemon=True)
        second.start()
    try:
        yield
    finally:
        if second is not None:
            second.kill()
            second.join()


def compile_steps(steps: CompiledIntegrator) -> None:
    """Compile the time steps of a stack from the outermost call inwards, without what its start needs as well and laws
    that it may not have."""
    steps.compile()
    compile_called(without=("eisfv.equations", "eisfv.physics", "eisfv.stepping.state"))


@contextmanager
def collecting_later() -> Iterator[None]:
    """Look for objects that hold each other only afterwards: what a compiler leaves would be looked through thousands
    of times, a tenth of what compiling takes."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


seen: set[str] = set()  # what this process need not ask again


class Enough:
    """What ends a run after some steps."""

    def __init__(self) -> None:
        self.steps = 0

    def __call__(self, progress: Progress) -> None:
        self.steps += 1
        if self.steps == STEPS:
            raise EnoughError


def stamp_of_sources() -> str:
    """Return what compiled kernels depend on: where the package is, its newest source, numba."""
    root = Path(__file__).parents[1]
    newest = max(path.stat().st_mtime_ns for path in root.glob("*/*.py"))
    return f"{root} {newest} {version('numba')}"


def private_directory() -> Path:
    """Return this user's own directory in the common one for temporary files, where anybody may have put a link."""
    path = Path(gettempdir()) / f"eisfv-{os.getuid()}"
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise EisfvError(f"{path}: is no directory that is yours alone; remove it, or set TMPDIR to another place")
    return path


@contextmanager
def notes() -> Iterator[Path]:
    """Give the file in which this machine's processes note what is compiled, to one of them at a time."""
    path = private_directory() / "kernels.txt"
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield path
