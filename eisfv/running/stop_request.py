"""Stopping a run from outside: Ctrl-C, SIGTERM as a scheduler sends it, SIGHUP as a terminal that is closed.

A signal may fall between a step and those who look on. It is noted, and the run stops where all of them have seen the
step, so that its checkpoint holds together. Where nothing has to hold together, before the first step and while
pictures are drawn, it need not wait. Nor does a second Ctrl-C; the other signals come in twos by themselves, from the
terminal and from the shell.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import Any, Self


class StopRequest:
    """A context manager; `made` once a signal has come inside it."""

    def __init__(self) -> None:
        self.made, self.waits = False, True
        self.before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        with suppress(ValueError):  # not the main thread: no signal comes here
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                # What nohup started is to outlive its terminal.
                if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                    self.before[number] = signal.signal(number, self.take)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def take(self, number: int, frame: FrameType | None) -> None:
        """Note a signal."""
        again, self.made = self.made, True
        if number == signal.SIGINT if again else not self.waits:
            raise KeyboardInterrupt

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let the signals inside, and one that was noted before, raise KeyboardInterrupt where they fall."""
        self.waits = False
        try:
            if self.made:
                raise KeyboardInterrupt
            yield
        finally:
            self.waits = True
