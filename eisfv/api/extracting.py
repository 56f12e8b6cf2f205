"""`eisfv.extract`: compact models of runs, for circuit, array and network simulators."""

from collections.abc import Sequence
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfv.api.given import path_of, place_or_none, several
from eisfv.api.places import run_of
from eisfv.api.run import Run
from eisfv.api.sweeping import directory_of as directory_of_sweep
from eisfv.postprocess.extract.measured import LARGEST_RESIDUAL
from eisfv.postprocess.extract.pulse_noise import read_pulse_noise
from eisfv.postprocess.extract.reading import read_sources
from eisfv.postprocess.extract.summary import summary_lines
from eisfv.postprocess.extract.targets import TARGETS
from eisfv.postprocess.extract.writing import Outcome, earlier, write_extraction
from eisfv.postprocess.quantities.expected import hint
from eisfv.remedies import way
from eisfv.result import ResultError
from eisfv.result.sweep_table import read_sweep

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "extract"


class Extracted:
    """What was extracted. `outcome` has everything, `files` where it is, `notes` what a user should know."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.files = outcome.files
        failed = {name: w.reason for name, w in outcome.written.items() if w.reason.startswith("failed")}
        self.failed = failed
        warnings = {name: w.warning for name, w in outcome.written.items() if w.warning}
        self.notes = (*outcome.extraction.notes, *(f"{k}: {v}" for k, v in (*failed.items(), *warnings.items())))

    @property
    def quantities(self) -> "pd.DataFrame":
        """A row a quantity: value (SI, NaN where the runs do not give it), unit, and then the reason."""
        import pandas as pd

        entries = self.outcome.extraction.quantities.items()
        rows = {name: {"value": q.value, "unit": q.unit, "reason": q.reason} for name, q in entries}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("quantity").astype({"value": float})

    def __str__(self) -> str:
        return "\n".join(summary_lines(self.outcome))


def extract(
    runs: Run | str | Path | Sequence[Run | str | Path],
    *,
    targets: Sequence[str] = (),
    out: str | Path | None = None,
    residual: float | None = None,
    devices: str | Path | None = None,
    noise: str | Path | Sequence[str | Path] = (),
    force: bool = False,
) -> Extracted:
    """Make compact models of runs and write them.

    runs      in directories, of one device; the first is the main one. A case directory stands for its last run
    targets   circuit, aihwkit, crosssim, neurosim, spiking, network; none: all of them
    out       where to write; None: extract in the first run
    residual  what a law for spiking networks may leave of the data and still be written, 0 to 1; None: 0.2
    devices   a gathered sweep whose values scatter, by its directory or sweep file: how devices differ
    noise     directories of `eisfv noise CASE --pulse N`, of a pulse up and one down: how pulses scatter from cycle to
              cycle; none: by the noise at rest where the run has spectra with it
    force     replace an earlier extraction
    Raises ResultError, CaseError; also for runs of which nothing can be extracted.

    >>> import eisfv
    >>> eisfv.extract("cases/mg_wo3_pulses", targets=["spice"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    eisfv.result.errors.ResultError: target "spice" is not one of circuit, aihwkit, crosssim, neurosim, spiking, ...
    """
    names = [str(name) for name in several(targets or [*TARGETS], str, "targets")]
    refuse_unknown(names, residual)
    places = [directory_of(one) for one in several(runs, (Run, str, Path), "runs")]
    noisy = [path_of(one) for one in several(noise, (str, Path), "noise")] if noise else []
    found = extracted(places, names, place_or_none(out), residual, force, place_or_none(devices), noisy)
    if not found.files:
        raise ResultError(f"{places[0]}: nothing can be extracted: the run has no pulses and no conductance")
    return found


def refuse_unknown(targets: Sequence[str], residual: Any) -> None:
    """Raise ResultError for a target that is not there and for a residual that is no share."""
    for name in targets:
        if name not in TARGETS:
            raise ResultError(f'target "{name}" is not one of {", ".join(TARGETS)}{hint(name, tuple(TARGETS))}')
    if residual is not None and not (isinstance(residual, Real) and 0.0 < float(residual) < 1.0):
        raise ResultError(f"residual {residual!r} is no share between 0 and 1; write for example 0.5")


def extracted(
    places: Sequence[Path],
    targets: Sequence[str],
    out: Path | None,
    residual: float | None,
    force: bool,
    devices: Path | None = None,
    noise: Sequence[Path] = (),
) -> Extracted:
    """Return what was extracted of run directories. Raises ResultError, CaseError."""
    target = out if out is not None else places[0] / FOLDER
    earlier(target, force)  # before the work, not after it
    names = [*dict.fromkeys(targets)] or [*TARGETS]
    others = None if devices is None else read_sweep(directory_of_sweep(devices))
    noisy = [read_pulse_noise(folder) for folder in noise]
    sources, share = read_sources(list(places)), residual or LARGEST_RESIDUAL
    return Extracted(write_extraction(sources, names, target, force, share, others, noisy))


def directory_of(run: Run | str | Path) -> Path:
    """Return the directory of a run; of a case directory that of its last run. Raises ResultError."""
    if isinstance(run, Run):
        if run.directory is None:
            raise ResultError(f"{run.title}: a run in memory has no files to extract from; run it with out = ...")
        return run.directory
    place = path_of(run)
    found = run_of(place)
    if found != place and not found.is_dir():
        raise ResultError(f"{found}: is not a run directory, the case was not run yet; first: {way('run', place)}")
    return found
