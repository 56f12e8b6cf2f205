"""How hard the solver tries: the `[solver]` table of a case."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class SolverOptions:
    """linear       the linear algebra; "auto" takes the banded LAPACK solver in 1D
    petsc           PETSc run-time options, for linear = "petsc"
    tolerance       error of one time step, relative to the ions' local storage
    newton          largest update (RT/F, RT) of the last Newton iteration of a stage
    smallest_step, largest_step   s; None: no bound of its own
    """

    linear: Literal["auto", "banded", "superlu", "petsc"] = "auto"
    petsc: str = ""
    tolerance: float = 2e-3
    newton: float = 1e-4
    smallest_step: float = 1e-18
    largest_step: float | None = None
