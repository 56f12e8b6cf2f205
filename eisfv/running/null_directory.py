"""The run directory of several processes: the first one writes, the others write nowhere."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from eisfv.case.case import Case
from eisfv.result import ResultError, RunDirectory
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


def opened(case: Case, out: Path, force: bool, resume: bool, ranks: Ranks) -> RunDirectory | NullDirectory:
    """Return the run directory, new or taken up again, on the first process; a stand-in on the others.

    Raises ResultError, on all of them.
    """
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
