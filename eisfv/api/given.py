"""What a function was given: a value of the wrong kind is told in one line, before anything is done with it."""

from collections.abc import Iterable
from numbers import Integral
from os import PathLike
from pathlib import Path
from typing import Any

from eisfv.errors import EisfvError


class GivenError(EisfvError):
    """What was given to a function is not of the kind it takes."""


def path_of(place: Any) -> Path:
    """Return the path that a function was given. Raises GivenError."""
    if isinstance(place, str | PathLike) and "\0" not in str(place):
        return Path(place)
    raise GivenError(f'{repr(place)[:80]} is no path; give one, as "cases/mg_wo3_pulses"')


def place_or_none(place: Any) -> Path | None:
    """Return a path that may be left out. Raises GivenError."""
    return None if place is None else path_of(place)


def workers_of(workers: Any) -> int | None:
    """Return how many runs are made at the same time, where it is said. Raises GivenError."""
    if workers is None:
        return None
    if isinstance(workers, Integral) and not isinstance(workers, bool) and int(workers) >= 1:
        return int(workers)
    raise GivenError(f"workers = {workers!r} is no number of runs at the same time; write for example workers = 2")


def several(given: Any, single: type | tuple[type, ...], name: str) -> list[Any]:
    """Return the entries of what is one or several, as a list or a tuple. Raises GivenError where there are none."""
    if isinstance(given, single) or not isinstance(given, Iterable):
        return [given]
    found = list(given)
    if not found:
        raise GivenError(f"{name}: there are none in {given!r}; give at least one")
    return found
