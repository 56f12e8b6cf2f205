"""The `[solver]` table: how hard the solver tries."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic.dataclasses import dataclass

from eisfv.model.fields import AnyText, Number, Positive, Time
from eisfv.model.quantity import Quantity
from eisfv.model.record import RECORD, Record, refuse

Method = Literal["tr_bdf2", "bdf"]
# So set, backward differences took half to all of the time in five shipped cases, with 2 to 46 times less error: pilots
# take them, on a mesh of theirs. On any other mesh they are asked for, so that a section and its stack take the same
# steps.
TOLERANCE: dict[Method, float] = {"tr_bdf2": 2e-3, "bdf": 5e-4}
# With backward differences 1e-4 left up to 4e-3 of a charge and 2e-2 of a change to chance, 1e-8 less than the time
# error. In sections 1e-4 leaves 1e-6 of a charge, a tenth of the time error, and 1e-8 takes up to half as long again.
NEWTON: dict[Method, float] = {"tr_bdf2": 1e-4, "bdf": 1e-8}


def petsc_options(text: str) -> str:
    """Refuse what PETSc would not read as options: each a word with a dash and a letter, and at most one value."""
    named = False
    for word in text.split():
        option = word[:1] == "-" and word[1:2].isalpha()
        if not option and not named:
            refuse(f'has "{word}" where an option belongs; write for example "-ksp_type gmres -pc_type asm"')
        named = option
    return text


@dataclass(frozen=True, config=RECORD)
class SolverOptions(Record):
    """method       the time integrator: "tr_bdf2", second order, for any device; "bdf", backward differences of order
                    1 to 5 in compiled code, for stacks on one process
    linear          the linear algebra; "auto" takes the banded LAPACK solver in 1D
    petsc           PETSc run-time options, for linear = "petsc"
    tolerance       error of one time step, relative to the ions' local storage
    newton          largest update (RT/F, RT) of the last Newton iteration of a stage; on a plateau of U(x) also the
                    largest share of the electrons of a cell that it leaves out
    smallest_step, largest_step   s; None: no bound of its own

    None for method, tolerance and newton: what `completed` says; the tolerance chosen with the mesh where pilots choose
    it.
    """

    method: Method | None = None
    linear: Literal["auto", "banded", "superlu", "petsc"] = "auto"
    petsc: Annotated[AnyText, AfterValidator(petsc_options)] = ""
    tolerance: Annotated[float, Number(0.0, 1.0, "1e-3")] | None = None
    newton: Positive | None = None
    smallest_step: Time = Quantity(1e-18, "1e-18 s")
    largest_step: Time | None = None

    @property
    def step_tolerance(self) -> float:
        """Return the tolerance of a time step; where the options do not say it, that of the method."""
        return self.tolerance or TOLERANCE[self.method or "tr_bdf2"]

    @property
    def newton_tolerance(self) -> float:
        """Return Newton's largest last update; where the options do not say it, that of the method."""
        return self.newton or NEWTON[self.method or "tr_bdf2"]

    def completed(self) -> "SolverOptions":
        """Return the options with method, tolerance and newton said."""
        method: Method = self.method or "tr_bdf2"
        return replace(self, method=method, newton=self.newton_tolerance, tolerance=self.step_tolerance)

    def left_to_pilots(self, processes: int) -> "SolverOptions":
        """Return the options of a stack whose time error is chosen, the tolerance but for what it is to be."""
        banded = processes == 1 and self.linear in ("auto", "banded") and not self.petsc
        method: Method = self.method or ("bdf" if banded else "tr_bdf2")
        return replace(replace(self, method=method).completed(), tolerance=self.tolerance)
