"""Signals to this process at a chosen moment."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPPING = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
}


@contextmanager
def heeded() -> Iterator[None]:
    """Let the signals that stop a run mean what they do in a terminal, here and in what is started here.

    What nohup, or a shell in its background, has started ignores them, and so does all that this starts.
    """
    before = {number: signal.signal(number, handler) for number, handler in STOPPING.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def signalled(function: Callable[..., object], call: int, *signals: signal.Signals) -> Callable[..., object]:
    """Return the function, with signals (SIGINT when none is given) raised before its n-th call."""
    calls = 0

    def wrapped(*args: object, **words: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call:
            for number in signals or (signal.SIGINT,):
                signal.raise_signal(number)
        return function(*args, **words)

    return wrapped
