"""What Newton asks of the linear algebra, and the table of what answers."""

from typing import Protocol

from eisfv.device.tables import Floats, Tables
from eisfv.equations.system import System


class LinearSolver(Protocol):
    """A factorised block matrix of a `System`; right-hand sides and solutions have the shape (cells, unknowns)."""

    name: str

    def factor(self, system: System) -> bool:
        """Take the matrix that the system holds now; False where it is singular."""
        ...

    def solve(self, rhs: Floats) -> Floats:
        """Return the solution for one right-hand side with the matrix last factored."""
        ...


def linear_solver(name: str, tables: Tables, options: str = "") -> LinearSolver:
    """Return the solver of a name: "banded" (a stack only), "superlu", "petsc" with its run-time options, or "auto"."""
    chain = bool((abs(tables.right - tables.left) == 1).all())
    if name == "auto":
        name = "banded" if chain else "superlu"
    if name == "banded":
        from eisfv.solve.banded import Banded

        if not chain:
            raise ValueError("the banded solver needs a stack; take superlu or petsc")
        return Banded(tables)
    if name == "superlu":
        from eisfv.solve.superlu import SuperLU

        return SuperLU(tables)
    from eisfv.solve.petsc import PetscSolver

    return PetscSolver(tables, options)
