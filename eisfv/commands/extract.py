"""`eisfv extract`."""

from collections.abc import Sequence
from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE, FAILED


def extract_command(
    places: Sequence[Path],
    targets: Sequence[str],
    out: Path | None,
    residual: float | None,
    devices: Path | None = None,
    noise: Sequence[Path] = (),
    *,
    force: bool,
) -> int:
    """Extract, write and print; return the exit code: 1 where nothing could be extracted or a target failed.

    Raises ResultError, CaseError.
    """
    from eisfv.api.extracting import directory_of, extracted, refuse_unknown

    refuse_unknown(targets, residual)
    runs = [directory_of(place) for place in places]
    found = extracted(runs, targets, out, residual, force, devices, noise)
    for note in found.notes:
        complain(f"warning: {note}")
    if not found.files:
        complain(f"{runs[0]}: nothing can be extracted: the run has no pulses and no conductance")
        return FAILED
    print(found)
    return FAILED if found.failed else DONE
