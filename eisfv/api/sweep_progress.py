"""How far a sweep is: points, failures, throughput, time left."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from eisfv.sweeping.dry_run import time_text

Report = Callable[[int, int, int, float, float], None]
COLUMNS = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"), TimeElapsedColumn())
EVERY = 30.0  # s between two lines where there is no terminal


@contextmanager
def shown(total: int, quiet: bool) -> Iterator[Report]:
    """Give what shows how far a sweep is: a bar on a terminal, else a line now and then."""
    if quiet:
        yield lambda finished, failed, total, rate, left: None
    elif sys.stderr.isatty():
        with RichProgress(*COLUMNS, console=Console(stderr=True), transient=True, refresh_per_second=5) as display:
            task = display.add_task("running", total=total, words=f"0 of {total}")

            def report(finished: int, failed: int, total: int, rate: float, left: float) -> None:
                display.update(task, completed=finished + failed, words=words(finished, failed, total, rate, left))

            yield report
    else:
        yield lines()


def lines() -> Report:
    """Return what prints a line every half minute."""
    last = time.monotonic()

    def report(finished: int, failed: int, total: int, rate: float, left: float) -> None:
        nonlocal last
        if time.monotonic() - last > EVERY:
            last = time.monotonic()
            sys.stderr.write(f"{words(finished, failed, total, rate, left)}\n")
            sys.stderr.flush()

    return report


def words(finished: int, failed: int, total: int, rate: float, left: float) -> str:
    """Return how far a sweep is: "12 of 54, 2 failed, 1.3 runs/s, 32 s left"."""
    parts = [f"{finished + failed} of {total}", f"{failed} failed" if failed else ""]
    if rate > 0.0:
        parts.append(f"{rate:.3g} runs/s" if rate > 0.1 else f"{3600.0 * rate:.3g} runs/h")
    parts.append(f"{time_text(left)} left" if isfinite(left) else "")
    return ", ".join(filter(None, parts))
