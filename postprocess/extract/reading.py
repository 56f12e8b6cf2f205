"""The runs of an extraction: read, of one device, unfinished ones told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eisfv.model import CaseFile, read_resolved
from eisfv.model.driven import known_before
from eisfv.model.regions import Initial
from eisfv.postprocess.protocol import ProtocolSteps, protocol_steps
from eisfv.remedies import way
from eisfv.result import ResultError, Run, read
from eisfv.result.errors import clear_errors
from eisfv.result.file_names import CASE, PULSES, STATUS, measure_runs

from .table_checks import check_tables, unwritten
from .wording import counted


@dataclass(frozen=True)
class Source:
    """A run, its case as records and as the text on disk, and the steps it was driven through."""

    run: Run
    case: CaseFile
    text: str
    steps: ProtocolSteps


def read_sources(places: Sequence[Path]) -> list[Source]:
    """Return the runs in their order, after each those of its [[measure]]. Raises ResultError where one cannot be read
    or is of another device."""
    sources = [read_source(one) for place in dict.fromkeys(places) for one in with_measures(place)]
    main = device_of(sources[0].case)
    for source in sources[1:]:
        other = device_of(source.case)
        for key in main:
            if other[key] != main[key]:
                words = f"is of another device than {sources[0].run.path} ([{key}] differs)"
                raise ResultError(f"{source.run.path}: {words}; extract the two apart")
    return sources


def with_measures(place: Path) -> Iterator[Path]:
    """Give a run, unless it only prepares the state that its measures start from, and its measures."""
    measures = [one for one in measure_runs(place) if (one / STATUS).is_file()]
    if not measures or has_pulses(place):
        yield place
    yield from measures


def has_pulses(place: Path) -> bool:
    """Return whether a run drove a pulse."""
    table = read(place).pulses
    return bool("index" in table and len(table["index"]))


def read_source(place: Path) -> Source:
    """Return a run with its case. Raises ResultError."""
    run = read(place)
    path = place / CASE
    if not path.is_file():
        raise ResultError(f"{path}: is not there; without it nobody knows what the pulses were, run the case again")
    run.checked(CASE)
    with clear_errors(path, "read"):
        data = path.read_bytes()
    try:
        text = data.decode()
        case = read_resolved(text)
    except ValueError as error:  # of which that of bytes that are no text is one
        raise ResultError(f"{path}: is damaged, or of another version ({error}); run the case again") from None
    steps = protocol_steps(case.protocol)
    if not all(known_before(step) for step in steps.written):
        words = "has a step that waits, or a ramp from where the source stands, which extract cannot follow"
        raise ResultError(f"{place}: {words}; let that be the preparation, and extract a [[measure]] after it")
    check_tables(run, steps)
    return Source(run, case, text, steps)


def device_of(case: CaseFile) -> dict[str, object]:
    """Return the tables of the device, without the compositions it started from; what they are made of first."""
    regions = tuple(replace(region, initial=Initial()) for region in case.device.region)
    return {"material": case.material, "device": replace(case.device, region=regions), "readout": case.readout}


def notes_of(sources: Sequence[Source]) -> list[str]:
    """Return what must be told of runs that did not end."""
    return [unfinished(source) for source in sources if source.run.status.state != "finished"]


def unfinished(source: Source) -> str:
    """Return the state of a run, and how many pulses it drove whose rows were not yet on the disk when it ended."""
    words = f"{source.run.path}: the run is {source.run.status.state}, not finished; what there is of it is used"
    lost = unwritten(source.run, source.steps)
    more = f"; {PULSES} lacks {counted(lost, 'pulse')}, go on with it by {way('resume')}" if lost else ""
    return words + more
