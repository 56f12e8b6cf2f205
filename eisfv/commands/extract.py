"""`eisfv extract`."""

from collections.abc import Sequence
from pathlib import Path

from eisfv.api.places import run_of
from eisfv.commands.common import complain
from eisfv.errors import DONE, FAILED, WRONG_INPUT

FOLDER = "extract"


def extract_command(
    places: Sequence[Path], targets: Sequence[str], out: Path | None, residual: float | None, *, force: bool
) -> int:
    """Extract, write and print; return the exit code: 1 where nothing could be extracted or a target failed.

    Raises ResultError.
    """
    from eisfv.postprocess.extract.measured import LARGEST_RESIDUAL
    from eisfv.postprocess.extract.reading import read_sources
    from eisfv.postprocess.extract.summary import summary_lines
    from eisfv.postprocess.extract.targets import TARGETS
    from eisfv.postprocess.extract.writing import earlier, write_extraction
    from eisfv.postprocess.quantities.expected import hint

    for name in targets:
        if name not in TARGETS:
            complain(f"--target {name}: is not one of {', '.join(TARGETS)}{hint(name, tuple(TARGETS))}")
            return WRONG_INPUT
    if residual is not None and not 0.0 < residual < 1.0:
        complain(f"--residual {residual:g}: is no share between 0 and 1; write for example --residual 0.5")
        return WRONG_INPUT
    runs = [run_of(place) for place in places]
    for place, run in zip(places, runs, strict=True):
        if run != place and not run.is_dir():
            complain(f"{run}: is not a run directory, the case was not run yet; first: eisfv run {place}")
            return WRONG_INPUT
    target = out if out is not None else runs[0] / FOLDER
    earlier(target, force)  # before the work, not after it
    names = [*dict.fromkeys(targets)] or [*TARGETS]
    outcome = write_extraction(read_sources(runs), names, target, force, residual or LARGEST_RESIDUAL)
    for note in outcome.extraction.notes:
        complain(f"warning: {note}")
    for name, written in outcome.written.items():
        if written.reason.startswith("failed"):
            complain(f"warning: {name}: {written.reason}")
    if not outcome.files:
        complain(f"{runs[0]}: nothing can be extracted: the run has no pulses and no conductance")
        return FAILED
    for line in summary_lines(outcome):
        print(line)
    return FAILED if any(written.reason.startswith("failed") for written in outcome.written.values()) else DONE
