"""Whether the files of a run are what was written: `findings` of all, and `verify_of_run` of the one that is needed.

A run that has ended keeps the checksums of its files in status.json. One that goes on, or was killed, has there
those of what it was started from, and in its checkpoint those of its streams up to then; rows of a table written since
carry none. A journal has a checksum in every record, and checkpoint, status.json, provenance.json and mesh.json have
their own.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from eisfv.remedies import way
from eisfv.result import file_names
from eisfv.result.checkpoint import read_checkpoint, stream_marks
from eisfv.result.checksums import Mark, remedy, unsealed, verify
from eisfv.result.errors import ResultError
from eisfv.result.journal import read_journal
from eisfv.result.status import Status, read_status

OWN: dict[str, Callable[[Path], object]] = {
    file_names.STATUS: lambda path: read_status(path.parent),
    file_names.PROVENANCE: unsealed,
    file_names.CHOSEN_MESH: unsealed,
    file_names.JOURNAL: read_journal,
    file_names.CHECKPOINT: read_checkpoint,
}
"""Files that tell by themselves whether they are whole, and what reads them."""
TO_RESUME = (file_names.STATUS, file_names.CASE, file_names.MESH, file_names.CHOSEN_MESH, file_names.CHECKPOINT)


@dataclass(frozen=True)
class Finding:
    """A file of a run; fault: what is wrong with it; checked: it has a checksum; note: of how much."""

    name: str
    fault: str
    checked: bool = True
    note: str = ""


def verify_of_run(path: Path, name: str, status: Status, marks: Mapping[str, Mark]) -> bool:
    """Compare a file with the checksum that its run has of it; return whether there is one. Raises ResultError.

    marks  those of the streams in the checkpoint; they count where the run has not ended
    """
    kept = status.checksums.get(name)
    if kept is not None and (status.state != "running" or name not in file_names.STREAMS):
        verify(path / name, kept, whole=name != file_names.LOG)
        return True
    if status.state == "finished" or name not in marks:
        return False
    try:
        verify(path / name, marks[name], whole=False)
    except ResultError:
        if kept is None:
            raise
        verify(path / name, kept)  # a table that has got its last columns
    return True


def marks_of_run(path: Path, status: Status) -> dict[str, Mark]:
    """Return the marks of the streams of a run that has not ended. Raises ResultError."""
    return {} if status.state == "finished" else stream_marks(path / file_names.CHECKPOINT)


def findings(path: Path) -> list[Finding]:
    """Return what every file of a run is found to be, of those that are there or should be."""
    status, marks = Status("finished"), dict[str, Mark]()
    with suppress(ResultError):  # it is found to be damaged below
        status = read_status(path) or status
        marks = marks_of_run(path, status)
    names = [name for name in file_names.FILES if (path / name).is_file() or name in status.checksums]
    return [_finding(path, name, status, marks) for name in names]


def _finding(path: Path, name: str, status: Status, marks: Mapping[str, Mark]) -> Finding:
    try:
        checked = verify_of_run(path, name, status, marks)
        # A finished run of an earlier version keeps a checkpoint that nobody will read: it is no damage.
        if name in OWN and (checked or name != file_names.CHECKPOINT or status.state != "finished"):
            OWN[name](path / name)
    except ResultError as error:
        return Finding(name, str(error).removeprefix(f"{path / name}: ").removesuffix(f"; {remedy()}"))
    behind = name not in OWN and name in marks and (path / name).stat().st_size > marks[name].length
    note = f" (the {marks[name].length} bytes of the checkpoint)" if behind and status.state == "running" else ""
    own = name in OWN and (name != file_names.CHECKPOINT or status.state != "finished")
    return Finding(name, "", checked or own, note)


def lines_on_files(found: list[Finding], finished: bool) -> list[str]:
    """Return what the user is told of the files."""
    lines = [f"  {'damaged':18}{finding.name}: {finding.fault}" for finding in found if finding.fault]
    whole = [finding.name + finding.note for finding in found if not finding.fault and finding.checked]
    unknown = [finding.name for finding in found if not finding.fault and not finding.checked]
    lines += [f"  {'whole':18}{', '.join(whole)}"] if whole else []
    lines += [f"  {'without checksum':18}{', '.join(unknown)}"] if unknown else []
    lost = {finding.name for finding in found if finding.fault}
    if lost and not finished and not lost & {*TO_RESUME, *file_names.STREAMS}:
        lines.append(f"  {'remedy':18}go on with {way('resume')}: the run needs none of them")
    elif lost:
        lines.append(f"  {'remedy':18}restore from a copy, or start over with {way('force')}")
    return lines
