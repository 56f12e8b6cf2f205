"""Stopping a run from outside: Ctrl-C, or SIGTERM as a scheduler sends it.

A signal may fall between a step and those who look on. It is noted, and the run stops where all of them have seen the
step, so that its checkpoint holds together; a second signal does not wait.
"""

import signal
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Self


class StopRequest:
    """A context manager; `made` once a signal has come inside it."""

    def __init__(self) -> None:
        self.made = False
        self.before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        with suppress(ValueError):  # not the main thread: no signal comes here
            for number in (signal.SIGINT, signal.SIGTERM):
                self.before[number] = signal.signal(number, self.take)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def take(self, number: int, frame: FrameType | None) -> None:
        """Note a signal."""
        if self.made:
            raise KeyboardInterrupt
        self.made = True
