"""What is run: points of a plan, and how it went."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

State = Literal["finished", "failed"]


@dataclass(frozen=True)
class Point:
    """One variant of the base case.

    number     from 0, in the order of the plan
    values     by axis name, in the axis's unit: numbers, or texts of a list of words
    overrides  what `--set` would say
    """

    number: int
    values: Mapping[str, float | str]
    overrides: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a variant went.

    key        digest of its resolved case: what the run is known by
    outputs    by quantity name, SI; NaN where the run does not give it; empty when failed
    errors     their numerical errors, NaN where they are not known
    reason     why it failed, one line
    wall       s
    host       where it ran
    """

    key: str
    state: State
    values: Mapping[str, float | str]
    outputs: Mapping[str, float]
    errors: Mapping[str, float]
    reason: str
    wall: float
    host: str


@dataclass(frozen=True)
class Ended:
    """That a run is over: it is in a shard. key: of its case; wall in s."""

    key: str
    state: State
    wall: float


@dataclass(frozen=True)
class Summary:
    """How a sweep stands at its end, in points.

    found     were finished before
    finished  are finished now, those found among them
    failed    of which: `refused` are no case, such as a thickness below zero
    gaps      by quantity how many of the finished ones do not give it; those that all give are left out
    blurred   quantities of which the sweep says nothing (`eisfv.result.sweep_table.blurred`), with the error and the
              spread in words
    table     the gathered table
    """

    total: int
    found: int
    finished: int
    failed: int
    refused: int
    wall: float
    gaps: Mapping[str, int]
    blurred: Mapping[str, str]
    table: Path
