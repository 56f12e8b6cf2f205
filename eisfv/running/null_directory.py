"""The run directory of several processes: the first one writes, the others write nowhere."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from eisfv.case.case import Case
from eisfv.result import MemoryDirectory, ResultError, RunDirectory
from eisfv.solve.errors import SetupError
from eisfv.solve.ranks import Ranks


class NullDirectory:
    """Takes what a `RunDirectory` and its streams take, keeps none of it; `saved` is the checkpoint all start from."""

    def __init__(self, saved: dict[str, Any] | None) -> None:
        self.saved = saved

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Nothing is open."""

    def stream(self, *_: Any) -> Self:
        """Return something to append to."""
        return self

    def ignore(self, *_: Any, **__: Any) -> None:
        """Take what the first process writes."""

    table = profiles = stream
    append = log = write_case = write_provenance = checkpoint = widen = end = ignore


Directory: TypeAlias = RunDirectory | MemoryDirectory | NullDirectory


def opened(case: Case, out: Path | MemoryDirectory, force: bool, resume: bool, ranks: Ranks) -> Directory:
    """Return the run directory, new or taken up again, on the first process; a stand-in on the others. What is in
    memory is its own.

    Raises ResultError, on all of them; SetupError for several processes in memory.
    """
    if isinstance(out, MemoryDirectory):
        if ranks.size > 1:
            raise SetupError(f"a run in memory is for one process, here are {ranks.size}; give it a directory with out")
        return out
    directory: RunDirectory | None = None
    refusal: str | None = None
    if ranks.rank == 0:
        try:
            if resume:
                directory = RunDirectory.open_resume(out, case.resolved_toml())
            else:
                directory = RunDirectory.open_new(out, force=force)
        except ResultError as error:
            refusal = str(error)
    refusal, saved = ranks.told((refusal, directory.saved if directory is not None else None))
    if refusal is not None:
        raise ResultError(refusal)
    return directory if directory is not None else NullDirectory(saved)
