"""Runs that are killed: copies of a run directory as a kill would have left it, and resuming them."""

import shutil
from collections.abc import Callable
from pathlib import Path

from eisfv.case.case import Case
from eisfv.running import run_case
from support.small_case import silent

TABLES = ("terminals.csv", "pulses.csv")


class SteadyClock:
    """A clock that goes on by one second at every look: checkpoints come after a number of steps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 1.0
        return self.now


class Kills:
    """Copies of a run directory, as a kill would have left it."""

    def __init__(self, out: Path, every: int) -> None:
        self.out, self.every = out, every
        self.calls = 0
        self.copies: list[Path] = []

    def copy(self, name: str) -> None:
        target = self.out.with_name(f"killed {len(self.copies)} {name}")
        shutil.copytree(self.out, target)
        self.copies.append(target)

    def wrap(self, function: Callable[..., object], name: str) -> Callable[..., object]:
        """Return the function with a copy made before every n-th call."""

        def killed_before(*args: object) -> object:
            self.calls += 1
            if self.calls % self.every == 0:
                self.copy(name)
            return function(*args)

        return killed_before


def tables(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in TABLES]


def resumed(case: Case, out: Path) -> list[bytes]:
    run_case(case, out, silent, resume=True)
    return tables(out)
