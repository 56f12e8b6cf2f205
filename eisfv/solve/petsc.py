"""PETSc's KSP on a block matrix (BAIJ): run-time options choose the method; LU by default.

Options such as "-ksp_type gmres -pc_type bjacobi -ksp_rtol 1e-12" come from `solver.petsc` of a case.
"""

import numpy as np

from eisfv.device.tables import Floats, Tables
from eisfv.equations.system import System
from eisfv.solve.banded import row_scales

DIRECT = "-ksp_type preonly -pc_type lu"


class PetscSolver:
    """Row-equilibrated KSP, one process."""

    name = "petsc"

    def __init__(self, tables: Tables, options: str = "") -> None:
        import petsc4py

        petsc4py.init([])
        from petsc4py import PETSc

        self.cells, self.m = len(tables.region), len(tables.charge) + 1
        self.left, self.right = tables.left.astype(PETSc.IntType), tables.right.astype(PETSc.IntType)
        self.own = np.arange(self.cells, dtype=PETSc.IntType)
        self.scale = np.ones((self.cells, self.m))
        size = self.cells * self.m
        neighbours = np.bincount(np.concatenate([self.left, self.right]), minlength=self.cells)
        self.matrix = PETSc.Mat().createBAIJ(
            size, self.m, nnz=(neighbours + 1).astype(PETSc.IntType), comm=PETSc.COMM_SELF
        )
        self.matrix.setOption(PETSc.Mat.Option.ROW_ORIENTED, True)
        database = PETSc.Options()
        prefix = "eisfv_"
        for key, value in parsed(options or DIRECT).items():
            database[prefix + key] = value
        self.ksp = PETSc.KSP().create(PETSc.COMM_SELF)
        self.ksp.setOptionsPrefix(prefix)
        self.ksp.setOperators(self.matrix)
        self.ksp.setTolerances(rtol=1e-13)
        self.ksp.setFromOptions()
        self.rhs, self.solution = self.matrix.createVecs()

    def factor(self, system: System) -> bool:
        row_scales(system.diagonal, system.upper, system.lower, self.left, self.right, self.scale)
        rows = np.concatenate([self.own, self.left, self.right])
        columns = np.concatenate([self.own, self.right, self.left])
        blocks = np.concatenate([system.diagonal, system.upper, system.lower]) * self.scale[rows][:, :, None]
        self.matrix.setValuesBlockedRCV(rows[:, None], columns[:, None], blocks)
        self.matrix.assemble()
        self.ksp.setUp()
        return bool(np.isfinite(blocks).all())

    def solve(self, rhs: Floats) -> Floats:
        self.rhs.setArray((rhs * self.scale).ravel())
        self.ksp.solve(self.rhs, self.solution)
        if self.ksp.getConvergedReason() < 0:
            return np.full_like(rhs, np.nan)
        return np.array(self.solution.getArray()).reshape(rhs.shape)


def parsed(options: str) -> dict[str, str]:
    """Return PETSc options as key and value; ValueError where one does not start with a dash."""
    words = options.split()
    found: dict[str, str] = {}
    k = 0
    while k < len(words):
        if not words[k].startswith("-"):
            raise ValueError(f"PETSc option {words[k]!r} does not start with '-'")
        has_value = k + 1 < len(words) and (not words[k + 1].startswith("-") or words[k + 1][1:2].isdigit())
        found[words[k][1:]] = words[k + 1] if has_value else ""
        k += 2 if has_value else 1
    return found
