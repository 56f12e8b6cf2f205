"""What a user can do, in the words of the front he uses: options of the command line, arguments in Python."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

COMMAND_LINE = {
    "force": "--force",
    "resume": "--resume",
    "out": "--out",
    "protocol": "--protocol FILE",
    "devices": "--devices",
    "info": "eisfv info",
    "run": "eisfv run {}",
    "extract": "eisfv extract {}",
}
PYTHON = {
    "force": "force = True",
    "resume": "resume = True",
    "out": "out",
    "protocol": "protocol = FILE",
    "devices": "devices",
    "info": "eisfv.info",
    "run": 'eisfv.run("{}", out=...)',
    "extract": 'eisfv.extract("{}")',
}

_fronts: list[Mapping[str, str]] = [PYTHON]


@contextmanager
def told_to(front: Mapping[str, str]) -> Iterator[None]:
    """Speak the words of a front for as long as it is in use."""
    _fronts.append(front)
    try:
        yield
    finally:
        _fronts.pop()


def way(what: str, *given: object) -> str:
    """Return how something is asked for at the front in use."""
    return _fronts[-1][what].format(*given)
