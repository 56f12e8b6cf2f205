"""PETSc's KSP on a block matrix (BAIJ), on one process or shared between several: run-time options choose the method.

Options such as "-ksp_type gmres -pc_type bjacobi" come from `solver.petsc` of a case or from `--petsc`; what they leave
open is taken from the default:

    one process, up to DIRECT_CELLS   LU with nested dissection: exact, and a factorisation serves many solutions
    otherwise                         GMRES on overlapping strips of columns (additive Schwarz), LU in each. A section
                                      couples across far fewer columns than it has, so that a few iterations reach
                                      what rounding leaves; the norm is the preconditioned one, that of the update.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any

import numpy as np

from eisfv.device.tables import Floats
from eisfv.equations.linearised import Blocks
from eisfv.equations.part import Part
from eisfv.solve.errors import SetupError
from eisfv.solve.pattern import Pattern, as_real
from eisfv.solve.ranks import ALONE, Ranks

DIRECT = "-ksp_type preonly -pc_type lu -pc_factor_mat_ordering_type nd"
STRIPS = (
    "-ksp_type gmres -ksp_gmres_restart 40 -ksp_max_it 400 -ksp_rtol 1e-12 -pc_type asm -pc_asm_overlap 12 "
    "-sub_ksp_type preonly -sub_pc_type lu -sub_pc_factor_mat_ordering_type nd"
)
# Every solver has its own prefix in PETSc's one table of options.
NUMBERS = count()
# Beyond this many cells on one process strips are faster than one factorisation.
DIRECT_CELLS = 100_000
# Cells of a strip.
STRIP_CELLS = 40_000


class PetscSolver:
    """Row-equilibrated KSP. `reason` says in words why the last solution could not be had."""

    name = "petsc"

    def __init__(self, pattern: Pattern, part: Part, m: int, options: str = "", ranks: Ranks | None = None) -> None:
        """m: unknowns a cell. A complex matrix is taken as a real one of twice as many, as PETSc's numbers are real."""
        PETSc = started()
        self.ranks = ranks or ALONE
        self.reason, self.complex = "", False
        self.index = PETSc.IntType
        comm = PETSc.COMM_WORLD if self.ranks.size > 1 else PETSc.COMM_SELF
        self.comm = comm
        self.part: Part | None = part
        self.m, self.pattern = m, pattern
        cells = pattern.cells
        chosen = {**parsed(default_options(cells, self.ranks.size)), **parsed(options)}
        if "pc_type" in parsed(options) or "ksp_type" in parsed(options):
            chosen = parsed(options)
        self.method = " ".join(f"-{key} {value}".strip() for key, value in chosen.items())
        self.database, self.chosen = PETSc.Options(), chosen
        self.prefix = f"eisfv_{next(NUMBERS)}_"
        for key, value in chosen.items():
            self.database[self.prefix + key] = value
        self.ready: dict[int, tuple[Any, Any]] = {}
        self.set_up(m)
        self.reasons = {
            value: name
            for name, value in vars(PETSc.KSP.ConvergedReason).items()
            if isinstance(value, int) and not name.startswith("_")
        }

    def set_up(self, m: int) -> None:
        """Take up the matrix and the solver of m unknowns a cell, made once."""
        from petsc4py import PETSc

        if m not in self.ready:
            pattern = self.pattern
            own = pattern.own.stop - pattern.own.start
            sizes = (own * m, pattern.cells * m)
            csr = (pattern.start.astype(PETSc.IntType), pattern.column.astype(PETSc.IntType))
            matrix = PETSc.Mat().createBAIJ((sizes, sizes), m, csr=csr, comm=self.comm)
            matrix.setOption(PETSc.Mat.Option.ROW_ORIENTED, True)
            ksp = PETSc.KSP().create(self.comm)
            ksp.setOptionsPrefix(self.prefix)
            ksp.setOperators(matrix)
            ksp.setTolerances(rtol=1e-12)
            with self.refusals():
                ksp.setFromOptions()
            self.ready[m] = matrix, ksp
        self.matrix, self.ksp = self.ready[m]
        self.m = m
        self.rhs, self.solution = self.matrix.createVecs()

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Tell what PETSc refuses, as a method that it does not know, by the last line of what it says."""
        from petsc4py import PETSc

        try:
            yield
        except PETSc.Error as error:
            why = str(error).splitlines()[-1].removeprefix(f"[{self.ranks.rank}] ")
            raise SetupError(f"solver.petsc: PETSc refuses {self.method}: {why}") from error

    def unused(self) -> list[str]:
        """Return the options that PETSc has not asked for, and forget them: misspelt, or not of the chosen method."""
        left = [key for key in self.chosen if not self.database.used(self.prefix + key)]
        for key in left:  # or PETSc complains of it by the prefix when it ends
            self.database.delValue(self.prefix + key)
        return [f"-{key}" for key in left]

    def factor(self, matrix: Blocks) -> bool:
        self.complex = np.iscomplexobj(matrix.diagonal)
        real = as_real(matrix) if self.complex else matrix
        blocks, self.scale = self.pattern.equilibrated(real)
        if not self.ranks.all(bool(np.isfinite(blocks).all())):
            self.reason = "the matrix holds a number that is not finite"
            return False
        if blocks.shape[1] != self.m:
            self.set_up(blocks.shape[1])
        start, columns = (array.astype(self.index) for array in (self.pattern.start, self.pattern.column))
        self.matrix.setValuesBlockedCSR(start, columns, blocks)
        self.matrix.assemble()
        if self.ksp.getPC().getFailedReason():  # a preconditioner that has failed once would refuse every later matrix
            self.ksp.reset()
            self.ksp.setOperators(self.matrix)
            self.ksp.setFromOptions()
        with self.refusals():
            self.ksp.setUp()
            self.ksp.setUpOnBlocks()
        return True

    def solve(self, rhs: Floats) -> Floats:
        own = self.pattern.own
        real = np.concatenate([rhs.real, rhs.imag], axis=1) if self.complex else rhs
        self.rhs.setArray((real[own] * self.scale[own]).ravel())
        self.ksp.solve(self.rhs, self.solution)
        code = self.ksp.getConvergedReason()
        if code < 0:
            self.reason = (
                f"PETSc gave up after {self.ksp.getIterationNumber()} iterations ({self.reasons.get(code, code)})"
            )
            return np.full_like(rhs, np.nan)
        found = self.ranks.joined(np.array(self.solution.getArray()).reshape(-1, self.m))
        return found[:, : self.m // 2] + 1j * found[:, self.m // 2 :] if self.complex else found


@cache
def started() -> Any:
    """Return PETSc, ready for use. Once: each time it is made ready is one more that all processes end together."""
    import petsc4py

    # It would answer a closed pipe with a page of its own, and load libraries that a .petscrc of this directory names.
    petsc4py.init(["eisfv", "-no_signal_handler", "-skip_petscrc"])
    from petsc4py import PETSc

    return PETSc


def default_options(cells: int, processes: int) -> str:
    """Return the options for a system of a size."""
    if processes == 1 and cells <= DIRECT_CELLS:
        return DIRECT
    if processes > 1:
        return STRIPS
    return f"{STRIPS} -pc_asm_blocks {max(2, round(cells / STRIP_CELLS))}"


def parsed(options: str) -> dict[str, str]:
    """Return PETSc options as key and value. SetupError where one does not start with a dash, or names a file or a
    Python program: a case must not have them written or executed."""
    words = options.split()
    found: dict[str, str] = {}
    k = 0
    while k < len(words):
        if not words[k].startswith("-"):
            raise SetupError(f"solver.petsc: the option {words[k]!r} does not start with '-'")
        has_value = k + 1 < len(words) and (not words[k + 1].startswith("-") or words[k + 1][1:2].isdigit())
        found[words[k][1:]] = words[k + 1] if has_value else ""
        given = words[k : k + 2] if has_value else words[k : k + 1]
        if "python" in " ".join(given):
            raise SetupError(f"solver.petsc: {' '.join(given)} would execute a program; take a method of PETSc's own")
        if has_value and set(given[1]) & set(":/"):
            raise SetupError(f"solver.petsc: {' '.join(given)} names a file; leave that away, the screen takes it")
        k += len(given)
    return found
