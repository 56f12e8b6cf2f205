"""The processes of a run. Every one knows the whole state; the rows of the matrix are shared out.

Whatever decides what happens next (is it converged, how large is the step) is the same number on every process, to the
last bit: sums are taken in the order of the ranks.
"""

import os
import sys
import traceback
from importlib.util import find_spec
from types import TracebackType
from typing import Any, NoReturn, Protocol

import numpy as np

from eisfv.device.tables import Floats
from eisfv.solve.errors import SetupError

# What the launchers of MPI set before a process starts.
SIZE_KEYS = ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE")
RANK_KEYS = ("OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK")


class Ranks(Protocol):
    """rank: number of this process; size: how many there are."""

    rank: int
    size: int

    def total(self, share: Floats) -> Floats:
        """Return the sum over the processes."""
        ...

    def all(self, mine: bool) -> bool:
        """Return whether it is so on every process."""
        ...

    def joined(self, stretch: Floats) -> Floats:
        """Return the stretches of all processes, one behind the other along the first axis."""
        ...

    def told(self, what: Any) -> Any:
        """Return what the first process says."""
        ...


class Alone:
    """One process."""

    rank, size = 0, 1

    def total(self, share: Floats) -> Floats:
        return share

    def all(self, mine: bool) -> bool:
        return mine

    def joined(self, stretch: Floats) -> Floats:
        return stretch

    def told(self, what: Any) -> Any:
        return what


ALONE = Alone()


class Mpi:
    """The processes that mpirun started."""

    def __init__(self) -> None:
        from mpi4py import MPI

        from eisfv.solve.petsc import started

        # All processes start it together: begun in a pilot, which the first runs alone, it would take up what the
        # others are told next.
        started()
        self.comm = MPI.COMM_WORLD
        self.rank, self.size = self.comm.Get_rank(), self.comm.Get_size()
        sys.excepthook = die

    def total(self, share: Floats) -> Floats:
        shares = np.empty((self.size, *np.shape(share)))
        self.comm.Allgather(np.ascontiguousarray(share, float), shares)
        return np.asarray(sum(shares[1:], start=shares[0]))

    def all(self, mine: bool) -> bool:
        return bool(self.total(np.array([float(mine)]))[0] == self.size)

    def joined(self, stretch: Floats) -> Floats:
        stretch = np.ascontiguousarray(stretch, float)
        counts = np.array(self.comm.allgather(stretch.size))
        out = np.empty(counts.sum())
        self.comm.Allgatherv(stretch, (out, counts))
        return out.reshape(-1, *stretch.shape[1:])

    def told(self, what: Any) -> Any:
        return self.comm.bcast(what)


def launched() -> int:
    """Return how many processes mpirun started, 1 without it."""
    return next((int(os.environ[key]) for key in SIZE_KEYS if key in os.environ), 1)


def launched_rank() -> int:
    """Return the number of this process among them."""
    return next((int(os.environ[key]) for key in RANK_KEYS if key in os.environ), 0) if launched() > 1 else 0


def ranks_of_run() -> Ranks:
    """Return the processes of this run. SetupError where mpirun started several and MPI or PETSc is not installed."""
    if launched() == 1:
        return Alone()
    if find_spec("mpi4py") is None or find_spec("petsc4py") is None:
        raise SetupError(
            f"mpirun started {launched()} processes, which need petsc4py and mpi4py: make petsc, or run without mpirun"
        )
    return Mpi()


def die(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell an error that nobody has caught and end every process: the others would wait for this one for ever."""
    traceback.print_exception(kind, error, trace)
    sys.stderr.write(f"process {launched_rank()} of {launched()} failed; the run ends\n")
    abort(1)


def abort(code: int) -> NoReturn:
    """End every process at once: the others wait for this one."""
    from mpi4py import MPI

    sys.stderr.flush()
    MPI.COMM_WORLD.Abort(code)
    raise SystemExit(code)
