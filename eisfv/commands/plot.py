"""`eisfv plot`."""

from pathlib import Path

from eisfv.commands.common import DONE, WRONG_INPUT, StoppedError, complain, run_of, user_errors


def plot_command(place: Path, animate: bool, quantity: str | None) -> int:
    """Draw the pictures of a run, and an animation of a section's quantity when asked; return the exit code."""
    if quantity is not None and not animate:
        complain("--quantity is for the animation: add --animate")
        return WRONG_INPUT
    from eisfv.postprocess.plots import animate_run, plot_run
    from eisfv.result import read

    try:
        with user_errors():
            run = read(run_of(place))
            pictures = plot_run(run)
            if animate:
                pictures.append(animate_run(run, quantity))
    except StoppedError as stopped:
        return stopped.code
    for picture in pictures:
        print(picture)
    return DONE
