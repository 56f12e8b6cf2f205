"""The progress bar of a run: simulated time, pulse k of n, time left; in a terminal and in a notebook."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from time import monotonic
from typing import Any


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[Any], None]]:
    """Give a function that takes an `eisfv.running.Progress` and shows it where there is something to show it in."""
    if quiet or not (sys.stderr.isatty() or in_notebook()):
        yield lambda progress: None
        return
    with bar() as show:
        yield show


def in_notebook() -> bool:
    """Return whether a notebook shows what rich draws, for which rich needs ipywidgets."""
    if "IPython" not in sys.modules or find_spec("ipywidgets") is None:
        return False
    from rich.console import Console

    return Console().is_jupyter


@contextmanager
def bar() -> Iterator[Callable[[Any], None]]:
    """Give a function that moves the bar to an `eisfv.running.Progress`."""
    from rich.console import Console
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress
    from rich.text import Text

    class Left(ProgressColumn):
        """What was left when it was told last, less the time since then."""

        def render(self, task: Task) -> Text:
            end = task.fields["end"]
            return Text("left -:--:--" if end is None else f"left {clock_time(end - monotonic())}")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[simulated]}"),
        TextColumn("{task.fields[pulse]}"),
        TimeElapsedColumn(),
        Left(),
    )
    with RichProgress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=5) as display:
        task = display.add_task("preparing", total=1.0, simulated="", pulse="", end=None)

        def show(progress: Any) -> None:
            display.update(
                task,
                description="running",
                completed=progress.time / progress.duration,
                simulated=f"t = {progress.time:.4g} of {progress.duration:.4g} s",
                end=None if progress.left is None else monotonic() + progress.left,
                pulse=f"pulse {progress.pulse} of {progress.pulses}" if progress.pulses else "",
            )

        yield show


def clock_time(seconds: float) -> str:
    """Return a time as hours, minutes and seconds: "0:01:30"."""
    minutes, second = divmod(max(0, round(seconds)), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}"
