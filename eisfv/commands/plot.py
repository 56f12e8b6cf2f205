"""`eisfv plot`."""

from pathlib import Path

from eisfv.commands.common import DONE, StoppedError, run_of, user_errors


def plot_command(place: Path) -> int:
    """Draw the pictures of a run; return the exit code."""
    from eisfv.postprocess.plots import plot_run
    from eisfv.result import read

    try:
        with user_errors():
            pictures = plot_run(read(run_of(place)))
    except StoppedError as stopped:
        return stopped.code
    for picture in pictures:
        print(picture)
    return DONE
