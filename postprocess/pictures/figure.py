"""A figure that a notebook shows by itself, without pyplot."""

from io import BytesIO

import matplotlib as mpl
from matplotlib.figure import Figure

from .png import DPI
from .style import STYLE


class ShownFigure(Figure):
    """A figure; `savefig` writes it."""

    def _repr_png_(self) -> bytes:
        data = BytesIO()
        with mpl.rc_context(STYLE):
            self.savefig(data, format="png", dpi=DPI)
        return data.getvalue()
