"""Pictures of the targets as PNG, in the style of the others."""

from io import BytesIO
from typing import TYPE_CHECKING

from eisfv.postprocess.plots import STYLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure


def png(draw: "Callable[[Figure], None]", width: float = 7.0, height: float = 3.4) -> bytes:
    """Return what a function draws into a figure of this size, inches."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        data = BytesIO()
        # No date, no version: equal extractions give equal pictures.
        figure.savefig(data, format="png", metadata={"Software": None})
    return data.getvalue()
