"""A panel of pyvista's pictures: regions fitted into one box, x and y each by a scale of its own, axes and a bar."""

from dataclasses import dataclass
from math import floor, log10
from typing import Any

import numpy as np
import pyvista as pv

from eisfv.postprocess.quantities.prefixes import scale

from .section_quantities import Scale

WIDTH, HEIGHT = 1300, 420  # pixels of a panel
BOX = (0.09, 0.82, 0.20, 0.86)  # from left to right and from bottom to top of a panel, the rest is for axes and bar
TEXT = 18  # size of numbers and units
SHAPE = WIDTH * (BOX[1] - BOX[0]) / (HEIGHT * (BOX[3] - BOX[2]))  # width over height of the box


@dataclass(frozen=True)
class Panel:
    """A box of the picture, 0 to SHAPE by 0 to 1, and the part of the section in it.

    x, y   from and to, m
    grids  the regions, their points in the box
    """

    x: tuple[float, float]
    y: tuple[float, float]
    grids: dict[str, Any]

    @property
    def stretch(self) -> float:
        """Return by how much y is stretched against x."""
        return (self.x[1] - self.x[0]) / (self.y[1] - self.y[0]) / SHAPE


def panel_of(fields: dict[str, Any]) -> Panel:
    """Return the panel of some regions."""
    bounds = np.array([field.bounds for field in fields.values()])
    x, y = ((float(bounds[:, k].min()), float(bounds[:, k + 1].max())) for k in (0, 2))
    grids = {}
    for region, field in fields.items():
        grids[region] = field.copy()
        grids[region].points = (field.points - (x[0], y[1], 0.0)) * (SHAPE / (x[1] - x[0]), 1.0 / (y[0] - y[1]), 1.0)
    return Panel(x, y, grids)


def empty_box(panel: Panel, words: str) -> Any:
    """Return a plotter that tells about its panel."""
    plotter = canvas(HEIGHT)
    told = f"{words}; y stretched {float(f'{panel.stretch:.3g}'):,g} times"
    plotter.add_text(told, position=(BOX[0], BOX[3] + 0.04), viewport=True, font_size=10, color="black")
    return plotter


def canvas(height: int) -> Any:
    """Return a white plotter."""
    plotter: Any = pv.Plotter(off_screen=True, window_size=[WIDTH, height])
    plotter.set_background("white")
    plotter.enable_anti_aliasing("ssaa")
    return plotter


def shot(plotter: Any) -> np.ndarray:
    """Render and close; return the image (height, width, 3)."""
    image = np.asarray(plotter.screenshot(return_img=True))
    plotter.close()
    return image


def bar_style(found: Scale) -> dict[str, Any]:
    """Return the colours of a scale and its bar."""
    bar = {
        "title": (found.unit or "share") + "\n",
        "vertical": True,
        "position_x": 0.86,
        "position_y": BOX[2],
        "width": 0.07,
        "height": BOX[3] - BOX[2],
        "title_font_size": TEXT,
        "label_font_size": TEXT,
        "fmt": "%.4g" if found.log else f"%.{decimals(found.high - found.low)}f",
        "color": "black",
    }
    return {"clim": (found.low, found.high), "log_scale": found.log, "scalar_bar_args": bar}


def decimals(span: float) -> int:
    """Return how many decimals tell a handful of numbers over a span apart, the same for all."""
    return max(0, 2 - floor(log10(span)) - 1)


def finished(plotter: Any, panel: Panel) -> np.ndarray:
    """Add the edges of the regions and the axes with their units, set the camera on the box; return the image."""
    for grid in panel.grids.values():
        surface = grid.extract_surface().translate((0.0, 0.0, 0.02))
        edges = surface.extract_feature_edges(feature_edges=False, manifold_edges=False, non_manifold_edges=False)
        plotter.add_mesh(edges, color="black", line_width=1.5, lighting=False)
    (fx, ux), (fy, uy) = scale(panel.x, "m"), scale(panel.y, "m")
    ticks = [ticks_of(panel.x[0] * fx, panel.x[1] * fx), ticks_of(panel.y[1] * fy, panel.y[0] * fy)]
    axes = plotter.show_bounds(
        bounds=(0.0, SHAPE, 0.0, 1.0, 0.0, 0.0),
        axes_ranges=(0.0, 1.0, 0.0, 1.0, 0.0, 0.0),
        xtitle=f"x ({ux})",
        ytitle=" ",
        show_zaxis=False,
        n_xlabels=len(ticks[0]),
        n_ylabels=len(ticks[1]),
        font_size=TEXT,
        bold=False,
        color="black",
        location="outer",
        ticks="outside",
        use_2d=True,
    )
    for axis, words in enumerate(ticks):  # by hand: VTK does not number an axis downwards
        axes.SetAxisLabels(axis, pv.convert_string_array(np.array(words)))
    # Its own title of y runs through long numbers.
    plotter.add_text(f"y ({uy})", position=(0.02, BOX[3] + 0.04), viewport=True, font_size=10, color="black")
    height = 1.0 / (BOX[3] - BOX[2])
    focus = (SHAPE / (BOX[1] - BOX[0]) * (0.5 - BOX[0]), height * (0.5 - BOX[2]))
    plotter.enable_parallel_projection()
    plotter.camera_position = [(*focus, 10.0), (*focus, 0.0), (0.0, 1.0, 0.0)]
    plotter.camera.parallel_scale = 0.5 * height
    plotter.camera.clipping_range = (1.0, 20.0)
    return shot(plotter)


def ticks_of(start: float, end: float) -> list[str]:
    """Return three to six numbers, evenly from start to end, as many as are short."""
    found = [[f"{value:.4g}" for value in np.linspace(start, end, count)] for count in (6, 5, 4, 3)]
    return min(found, key=lambda words: max(map(len, words)))
