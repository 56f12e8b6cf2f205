"""Signals to this process at a chosen moment."""

import signal
from collections.abc import Callable


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
