"""The case of a run as records, for pictures that depend on what was driven and where contacts lie."""

from eisfv.model import CaseFile, read_resolved
from eisfv.result import Run
from eisfv.result.errors import clear_errors
from eisfv.result.file_names import CASE


def case_of(run: Run) -> CaseFile | None:
    """Return the case of a run; None where it cannot be read, as one of another version. Raises ResultError."""
    path = run.checked(CASE)
    if not path.is_file():
        return None
    try:
        with clear_errors(path, "read"):
            return read_resolved(path.read_text(encoding="utf-8"))
    except ValueError:
        return None
