"""The `[solver]` table: how hard the solver tries."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic.dataclasses import dataclass

from eisfv.model.fields import AnyText, Number, Positive, Time
from eisfv.model.quantity import Quantity
from eisfv.model.record import RECORD, Record, refuse

METHOD: Literal["tr_bdf2", "bdf"] = "tr_bdf2"
TOLERANCE, NEWTON = 2e-3, 1e-4
# With 1e-4 backward differences left up to 2e-2 of a change to chance, with this less than the time error, at no cost.
NEWTON_BELOW_ALL = 1e-8


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
    newton          largest update (RT/F, RT) of the last Newton iteration of a stage
    smallest_step, largest_step   s; None: no bound of its own

    None for method, tolerance and newton: chosen with the mesh where pilots choose it (`left_to_pilots`), else METHOD,
    TOLERANCE and NEWTON.
    """

    method: Literal["tr_bdf2", "bdf"] | None = None
    linear: Literal["auto", "banded", "superlu", "petsc"] = "auto"
    petsc: Annotated[AnyText, AfterValidator(petsc_options)] = ""
    tolerance: Annotated[float, Number(0.0, 1.0, "1e-3")] | None = None
    newton: Positive | None = None
    smallest_step: Time = Quantity(1e-18, "1e-18 s")
    largest_step: Time | None = None

    @property
    def integrator(self) -> Literal["tr_bdf2", "bdf"]:
        """Return the method."""
        return self.method or METHOD

    @property
    def step_tolerance(self) -> float:
        """Return the tolerance of a time step."""
        return self.tolerance or TOLERANCE

    @property
    def newton_tolerance(self) -> float:
        """Return Newton's largest last update."""
        return self.newton or NEWTON

    def left_to_pilots(self, processes: int) -> "SolverOptions":
        """Return the options of a stack whose time error is chosen, the tolerance but for what it is to be."""
        able = processes == 1 and self.linear in ("auto", "banded")
        return replace(self, method=self.method or ("bdf" if able else METHOD), newton=self.newton or NEWTON_BELOW_ALL)
