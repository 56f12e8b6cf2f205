"""PETSc's KSP on a block matrix (BAIJ), on one process or shared between several: run-time options choose the method.

Options such as "-ksp_type gmres -pc_type bjacobi" come from `solver.petsc` of a case or from `--petsc`; what they leave
open is taken from the default:

    one process, up to DIRECT_CELLS   LU with nested dissection: exact, and a factorisation serves many solutions
    otherwise                         GMRES on overlapping strips of columns (additive Schwarz), LU in each. A section
                                      couples across far fewer columns than it has, so that a few iterations reach
                                      what rounding leaves; the norm is the preconditioned one, that of the update.
"""

from itertools import count

import numpy as np

from eisfv.device.tables import Floats, Tables
from eisfv.equations.part import Part, shares
from eisfv.equations.system import System
from eisfv.solve.banded import row_scales
from eisfv.solve.errors import SetupError
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

    def __init__(self, tables: Tables, options: str = "", ranks: Ranks | None = None) -> None:
        import petsc4py

        # PETSc would answer a closed pipe with a page of its own.
        petsc4py.init(["eisfv", "-no_signal_handler"])
        from petsc4py import PETSc

        self.ranks = ranks or ALONE
        self.reason = ""
        comm = PETSc.COMM_WORLD if self.ranks.size > 1 else PETSc.COMM_SELF
        part = shares(tables, self.ranks.size)[self.ranks.rank]
        self.part: Part | None = part
        cells, self.m = len(tables.region), len(tables.charge) + 1
        self.left, self.right = tables.left, tables.right
        self.scale = np.ones((cells, self.m))
        self.pattern = Pattern(tables, part)
        own = part.last_cell - part.first_cell
        sizes = (own * self.m, cells * self.m)
        start = self.pattern.start.astype(PETSc.IntType)
        columns = self.pattern.column.astype(PETSc.IntType)
        self.start, self.columns = start, columns
        self.matrix = PETSc.Mat().createBAIJ((sizes, sizes), self.m, csr=(start, columns), comm=comm)
        self.matrix.setOption(PETSc.Mat.Option.ROW_ORIENTED, True)
        chosen = {**parsed(default_options(cells, self.ranks.size)), **parsed(options)}
        if "pc_type" in parsed(options) or "ksp_type" in parsed(options):
            chosen = parsed(options)
        self.method = " ".join(f"-{key} {value}".strip() for key, value in chosen.items())
        self.database, self.chosen = PETSc.Options(), chosen
        self.prefix = f"eisfv_{next(NUMBERS)}_"
        for key, value in chosen.items():
            self.database[self.prefix + key] = value
        self.ksp = PETSc.KSP().create(comm)
        self.ksp.setOptionsPrefix(self.prefix)
        self.ksp.setOperators(self.matrix)
        self.ksp.setTolerances(rtol=1e-12)
        self.ksp.setFromOptions()
        self.reasons = {
            value: name
            for name, value in vars(PETSc.KSP.ConvergedReason).items()
            if isinstance(value, int) and not name.startswith("_")
        }
        self.rhs, self.solution = self.matrix.createVecs()

    def unused(self) -> list[str]:
        """Return the options that PETSc has not asked for, and forget them: misspelt, or not of the chosen method."""
        left = [key for key in self.chosen if not self.database.used(self.prefix + key)]
        for key in left:  # or PETSc complains of it by the prefix when it ends
            self.database.delValue(self.prefix + key)
        return [f"-{key}" for key in left]

    def factor(self, system: System) -> bool:
        row_scales(system.diagonal, system.upper, system.lower, self.left, self.right, self.scale)
        blocks = self.pattern.blocks(system, self.scale)
        if not self.ranks.all(bool(np.isfinite(blocks).all())):
            self.reason = "the matrix holds a number that is not finite"
            return False
        self.matrix.setValuesBlockedCSR(self.start, self.columns, blocks)
        self.matrix.assemble()
        self.ksp.setUp()
        self.ksp.setUpOnBlocks()
        return True

    def solve(self, rhs: Floats) -> Floats:
        own = self.pattern.own
        self.rhs.setArray((rhs[own] * self.scale[own]).ravel())
        self.ksp.solve(self.rhs, self.solution)
        code = self.ksp.getConvergedReason()
        if code < 0:
            self.reason = (
                f"PETSc gave up after {self.ksp.getIterationNumber()} iterations ({self.reasons.get(code, code)})"
            )
            return np.full_like(rhs, np.nan)
        return self.ranks.joined(np.array(self.solution.getArray()).reshape(-1, self.m))


class Pattern:
    """Where the blocks of a part's rows go: compressed rows of blocks, and the order in which the system holds them."""

    def __init__(self, tables: Tables, part: Part) -> None:
        own = np.arange(part.first_cell, part.last_cell)
        faces = np.arange(part.first_face, part.last_face)
        left, right = tables.left[faces], tables.right[faces]
        self.own = slice(part.first_cell, part.last_cell)
        self.up = faces[(left >= part.first_cell) & (left < part.last_cell)]
        self.down = faces[(right >= part.first_cell) & (right < part.last_cell)]
        self.row = np.concatenate([own, tables.left[self.up], tables.right[self.down]])
        column = np.concatenate([own, tables.right[self.up], tables.left[self.down]])
        self.order = np.lexsort((column, self.row))
        self.row, self.column = self.row[self.order], column[self.order]
        self.start = np.searchsorted(self.row, np.append(own, part.last_cell))

    def blocks(self, system: System, scale: Floats) -> Floats:
        """Return the blocks (nonzero blocks, m, m), their rows scaled."""
        blocks = np.concatenate([system.diagonal[self.own], system.upper[self.up], system.lower[self.down]])
        return np.asarray(blocks[self.order] * scale[self.row][:, :, None])


def default_options(cells: int, processes: int) -> str:
    """Return the options for a system of a size."""
    if processes == 1 and cells <= DIRECT_CELLS:
        return DIRECT
    if processes > 1:
        return STRIPS
    return f"{STRIPS} -pc_asm_blocks {max(2, round(cells / STRIP_CELLS))}"


def parsed(options: str) -> dict[str, str]:
    """Return PETSc options as key and value; SetupError where one does not start with a dash."""
    words = options.split()
    found: dict[str, str] = {}
    k = 0
    while k < len(words):
        if not words[k].startswith("-"):
            raise SetupError(f"solver.petsc: the option {words[k]!r} does not start with '-'")
        has_value = k + 1 < len(words) and (not words[k + 1].startswith("-") or words[k + 1][1:2].isdigit())
        found[words[k][1:]] = words[k + 1] if has_value else ""
        k += 2 if has_value else 1
    return found
