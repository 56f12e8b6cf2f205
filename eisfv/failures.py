"""What may end one run of many without ending the others."""

from eisfv.case import CaseError
from eisfv.postprocess.quantities.expected import ExpectedError
from eisfv.result import ResultError
from eisfv.run import StorageError
from eisfv.simulation import SolverError
from eisfv.solve.equilibrium import EquilibriumError
from eisfv.solve.errors import SetupError

FAILURES = (
    CaseError,
    ExpectedError,
    ResultError,
    StorageError,
    SolverError,
    EquilibriumError,
    SetupError,
)


def one_line(error: BaseException) -> str:
    """Return what an error says, on one line."""
    return " ".join(str(error).split()) or type(error).__name__
