"""The style that all pictures share, one of a user's own on top of it, and how they are saved."""

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfv.errors import EisfvError, one_line
from eisfv.result.errors import clear_errors

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Two shades of cividis that differ in lightness, so they stay apart in grey and for every colour vision.
DARK, LIGHT = "#123570", "#b8a24f"
WARM = "#c0571f"  # a third where two do not do, apart from both in grey as well
# Lines that stay apart without colours.
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 2)))
STYLE: Any = {
    "font.size": 9.0,
    "axes.grid": True,
    "grid.color": "0.9",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": f"cycler('color', ['{DARK}', '{LIGHT}', '{WARM}', '0.45'])",
    "lines.linewidth": 1.2,
    "lines.markersize": 5.0,
    "legend.fontsize": 8.0,
    "axes.formatter.useoffset": False,  # a number is read off an axis, not put together
    "legend.frameon": False,
    "savefig.dpi": 160,
    "agg.path.chunksize": 20_000,
    "svg.hashsalt": "eisfv",
}
FORMATS = ("png", "pdf", "svg")
# No date, no version: equal runs give equal pictures.
PLAIN: Any = {
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    ".svg": {"Date": None, "Creator": None},
}


class StyleError(EisfvError):
    """A style file that cannot be used; the message is one line for the user."""


def styled(file: Path | None) -> Any:
    """Return the settings of matplotlib: the shared ones, then those of a style file. Raises StyleError."""
    if file is None:
        return STYLE
    import matplotlib as mpl

    heard = _Heard()
    try:
        with heard:
            own = mpl.rc_params_from_file(file, fail_on_error=True, use_default_template=False)
    except OSError as error:
        raise StyleError(f"{file}: is no style file of matplotlib: {error.strerror}") from None
    except (ValueError, KeyError, UnicodeError) as error:
        raise StyleError(f"{file}: is no style file of matplotlib: {one_line(error)}") from None
    if heard.words:
        raise StyleError(f"{file}: is no style file of matplotlib: {heard.words[0]}")
    return {**STYLE, **own}


class _Heard(logging.Handler):
    """What matplotlib says of a file that it reads on all the same."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words: list[str] = []
        self.logger = logging.getLogger("matplotlib")

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(" ".join(record.getMessage().split()))

    def __enter__(self) -> None:
        self.logger.addHandler(self)
        self.logger.propagate = False

    def __exit__(self, *_: object) -> None:
        self.logger.removeHandler(self)
        self.logger.propagate = True


def file_word(name: str) -> str:
    """Return a name as part of a file's: "dG per pulse" gives "dG_per_pulse"."""
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") or "quantity"


def save(figure: "Figure", path: Path) -> Path:
    """Write a figure in the format of the file's ending and return the path. Raises ResultError."""
    import matplotlib as mpl

    with clear_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".png" and (layout := figure.get_layout_engine()) is not None:
            resolution = mpl.rcParams["savefig.dpi"]
            figure.dpi = figure.dpi if resolution == "figure" else resolution
            layout.execute(figure)
            figure.set_layout_engine(None)  # also "none" would draw it all once more, to lay it out in passing
        figure.savefig(path, metadata=PLAIN.get(path.suffix))
    return path
