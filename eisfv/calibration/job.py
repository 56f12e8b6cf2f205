"""One run of a fit: in a directory of its own that is gone afterwards, or read from a tape of one that was before."""

import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from eisfv.calibration.journal import key_of, taken
from eisfv.calibration.outcome import Outcome
from eisfv.calibration.plan import Entry
from eisfv.case import load
from eisfv.errors import EisfvError, one_line
from eisfv.postprocess.quantities.compare import reduced
from eisfv.postprocess.quantities.expected import Quantity
from eisfv.postprocess.quantities.measured import Measured, against
from eisfv.postprocess.quantities.numerical import numerical_error
from eisfv.result import Run, read
from eisfv.result.atomic import write_atomic
from eisfv.running import Series, run_case
from eisfv.running.tape import Tape


@dataclass(frozen=True)
class Job:
    """A case (directory) with overrides, and what is made of its run; series: its mesh, how far it is followed.

    digest  of the case without overrides
    tape    file of the steps of a run that differs from this one in its read-out alone, None: it is run in any case
    """

    case: Path
    digest: str
    overrides: tuple[str, ...]
    entries: tuple[tuple[Path, Entry], ...]
    series: Series
    tape: Path | None = None

    @property
    def key(self) -> str:
        """Return what a run is known by."""
        read = tuple(taken(path, entry) for path, entry in self.entries)
        taped = self.tape is not None
        return key_of(self.digest, self.overrides, self.series.companion, mesh_of(self.series), read, taped)


def mesh_of(series: Series) -> tuple[object, ...]:
    """Return the mesh and the tolerance of a series as plain numbers."""
    choice = series.choice
    return () if choice is None else (choice.tolerance, *(size.tolist() for size in choice.sizes))


def run_job(job: Job, within: str) -> Outcome:
    """Run a case in a new directory `within` another, or play its tape, and reduce its run."""
    tape = None if job.tape is None else Tape()
    if job.tape is not None and job.tape.exists():
        tape = pickle.loads(job.tape.read_bytes())  # in a directory of this fit's own
    series = replace(job.series, tape=tape)
    try:
        with TemporaryDirectory(dir=within) as place:
            out = Path(place) / "run"
            run_case(load(job.case, job.overrides), out, lambda progress: None, merge=False, series=series)
            outcome = outcome_of(job, read(out))
    except EisfvError as error:
        return Outcome({}, {}, one_line(error))
    if tape is not None and job.tape is not None and not tape.recorded and not tape.full:
        tape.recorded = True
        write_atomic(job.tape, pickle.dumps(tape))
    return outcome


def outcome_of(job: Job, run: Run) -> Outcome:
    """Return what a job wants of its run. Raises ExpectedError, ResultError."""
    numbers = [(path, entry) for path, entry in job.entries if isinstance(entry, Quantity)]
    values = {(path, entry.name): reduced(path, entry, run) for path, entry in numbers}
    errors = {(path, entry.name): numerical_error(entry, run, values[path, entry.name]) for path, entry in numbers}
    curves = {
        (path, curve.name): against(path, curve, run).model
        for path, curve in job.entries
        if isinstance(curve, Measured)
    }
    return Outcome(values, errors, curves=curves)
