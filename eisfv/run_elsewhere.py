"""A run directory for the processes that do not write: the first one does."""

from types import TracebackType
from typing import Any, Self


class Elsewhere:
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

    terminals = pulses = profiles = stream
    append = log = write_case = write_provenance = checkpoint = end = ignore
