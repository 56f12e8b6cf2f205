"""The progress bar of a run: simulated time, pulse k of n, time left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress


@contextmanager
def bar() -> Iterator[Callable[[Any], None]]:
    """Give a function that moves the bar to an `eisfv.running.Progress`."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[simulated]}"),
        TextColumn("{task.fields[pulse]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with RichProgress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=5) as display:
        task = display.add_task("preparing", total=1.0, simulated="", pulse="")

        def show(progress: Any) -> None:
            display.update(
                task,
                description="running",
                completed=progress.time / progress.duration,
                simulated=f"t = {progress.time:.4g} of {progress.duration:.4g} s",
                pulse=f"pulse {progress.pulse} of {progress.pulses}" if progress.pulses else "",
            )

        yield show
