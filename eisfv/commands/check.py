"""`eisfv check`."""

from collections.abc import Sequence
from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE, EisfvError


def check_case(place: Path, overrides: Sequence[str], refine: bool, trust: bool, protocol: Path | None) -> int:
    """Print a case's derived figures and warnings; return the exit code.

    Raises CaseError, SetupError, EquilibriumError.
    """
    from eisfv.case import load

    case = load(place, overrides, trust=trust, protocol=protocol)
    from eisfv.api.checking import check_lines

    try:
        for line in check_lines(case, str(place), refine):
            print(line)
    except EisfvError as error:
        for note in getattr(error, "__notes__", ()):
            complain(note)
        raise
    return DONE
