"""What Newton asks of the linear algebra, and the table of what answers."""

from importlib.util import find_spec
from typing import Protocol

from eisfv.device.tables import Floats, Tables
from eisfv.equations.linearised import Blocks
from eisfv.equations.part import Part, shares
from eisfv.equations.unknowns import per_cell
from eisfv.solve.errors import SetupError
from eisfv.solve.pattern import Pattern
from eisfv.solve.ranks import ALONE, Ranks


class LinearSolver(Protocol):
    """A factorised matrix of blocks, real or complex; right-hand sides and solutions have the shape (cells, unknowns).

    name, method   which solver, and how it was set up
    part           the rows that this process gives, None for all of them
    reason         why the last matrix or right-hand side had no solution, in words
    """

    name: str
    method: str
    part: Part | None
    reason: str

    def unused(self) -> list[str]:
        """Return the options that the solver has not asked for."""
        ...

    def factor(self, matrix: Blocks) -> bool:
        """Factor a matrix; False where it is singular."""
        ...

    def solve(self, rhs: Floats) -> Floats:
        """Return the solution for one right-hand side with the matrix last factored."""
        ...


def chosen(name: str, chain: bool, options: str = "", ranks: Ranks = ALONE) -> str:
    """Return the solver that a name means, for a stack (chain) or not: "auto" takes the banded one for a stack on one
    process, else PETSc where it is installed, else SuperLU; with PETSc options, PETSc.

    SetupError where the solver does not go with the mesh, the processes or what is installed.
    """
    installed = find_spec("petsc4py") is not None
    if name == "auto":
        several = "petsc" if installed or options or ranks.size > 1 else "superlu"
        name = "banded" if chain and ranks.size == 1 and not options else several
    if name == "banded" and not chain:
        raise SetupError('solver.linear = "banded" needs a stack; take "superlu" or "petsc"')
    if name != "petsc" and ranks.size > 1:
        raise SetupError(
            f'solver.linear = "{name}" runs on one process; take "petsc" under mpirun, or leave mpirun out'
        )
    if name == "petsc" and not installed:
        raise SetupError(
            'solver.linear = "petsc" needs petsc4py, which is not installed: make petsc, or take "superlu"'
        )
    return name


def linear_solver(name: str, tables: Tables, options: str = "", ranks: Ranks = ALONE) -> LinearSolver:
    """Return the solver of a name ("auto", "banded", "superlu", "petsc"). SetupError as `chosen`, and for a
    device of one cell: a current is told where it passes from one to the next."""
    if len(tables.left) == 0:
        raise SetupError(
            "the device is one cell, through which no current can be told; give its region two in mesh.cells"
        )
    parts = shares(tables, ranks.size)
    pattern = Pattern(tables, parts[ranks.rank])
    name = chosen(name, pattern.chain, options, ranks)
    if name == "banded":
        from eisfv.solve.banded import Banded

        return Banded(pattern)
    if name == "superlu":
        from eisfv.solve.superlu import SuperLU

        return SuperLU(pattern)
    from eisfv.solve.petsc import PetscSolver

    return PetscSolver(pattern, parts[ranks.rank], per_cell(tables), options, ranks)
