"""Pictures of the report as PNG, in the style of the others."""

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

from .style import STYLE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 130  # sharp on a screen, and the report stays below a megabyte


def png(draw: "Callable[[Figure], None]", width: float = 7.0, height: float = 3.4) -> bytes:
    """Return what a function draws into a figure of this size, inches."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        data = BytesIO()
        # No date, no version: equal extractions give equal pictures.
        figure.savefig(data, format="png", dpi=DPI, metadata={"Software": None})
    return data.getvalue()
