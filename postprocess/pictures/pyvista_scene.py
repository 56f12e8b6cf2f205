"""The pictures of `pyvista_views`, in a process of its own: python -m eisfv.postprocess.pictures.pyvista_scene RUN.

It draws and prints a path a picture, or dies alone. A panel shows the regions that share a colour scale, small y on
top.
"""

import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyvista as pv
from matplotlib import colormaps
from matplotlib.colors import ListedColormap
from PIL import Image

from eisfv.postprocess.fields.vectors import VECTOR
from eisfv.postprocess.fields.vtu import field_records
from eisfv.postprocess.quantities.prefixes import scale
from eisfv.result import ResultError, Run, read
from eisfv.result.errors import clear_errors
from eisfv.result.file_names import PLOTS, view_file

from .moments import moment
from .pyvista_panel import SHAPE, Panel, bar_style, canvas, empty_box, finished, panel_of, shot
from .pyvista_views import last_fields
from .section_quantities import FAINTEST, Scale, over_decades, scales_of, section_quantities

HEADING = 80  # pixels
ARROWS = (34, 12)  # along x and along y of a panel


def draw(run: Run) -> None:
    """Draw every quantity of a section at the last field time, and the current."""
    fields = {region: pv.read(path) for region, path in last_fields(run).items()}
    record = field_records(run)[-1]
    for shown in section_quantities(run):
        images = [heading(run, record, shown.label)]
        for found in scales_of(run, shown, [record]):
            panel = panel_of({region: fields[region] for region in found.regions})
            plotter = empty_box(panel, ", ".join(found.regions))
            for grid in panel.grids.values():
                grid.cell_data["shown"] = grid.cell_data[shown.variable] * found.factor
                plotter.add_mesh(grid, scalars="shown", cmap=shown.colours, lighting=False, **bar_style(found))
            images.append(finished(plotter, panel))
        save(images, run.path / PLOTS / view_file(shown.variable))
    if all(VECTOR in field.cell_data for field in fields.values()):
        images = [heading(run, record, "current density"), current_image(panel_of(fields))]
        save(images, run.path / PLOTS / view_file("current"))


def current_image(panel: Panel) -> np.ndarray:
    """Return the current as arrows along its lines in the stretched section, coloured by its size."""
    samples = [sampled(grid) for grid in panel.grids.values()]
    places, vectors = (np.concatenate(parts) for parts in zip(*samples, strict=True))
    sizes = np.linalg.norm(vectors, axis=1)
    plotter = empty_box(panel, f"arrows along the lines of current, none below {FAINTEST:g} of the strongest")
    if sizes.any():
        moving = sizes > FAINTEST * sizes.max()
        factor, unit = scale([sizes.max()], "A/m2")
        low, high = factor * float(sizes[moving].min()), factor * float(sizes.max())
        found = Scale(tuple(panel.grids), factor, unit, low, high, over_decades(low, high))
        points = pv.PolyData(places[moving] + (0.0, 0.0, 0.01))
        points["direction"] = vectors[moving] * (1.0, -panel.stretch, 1.0)
        points["shown"] = sizes[moving] * factor
        arrow = pv.Arrow(start=(-0.5, 0.0, 0.0), tip_length=0.4, tip_radius=0.16, shaft_radius=0.05)
        length = 0.8 * min(SHAPE / ARROWS[0], 1.0 / ARROWS[1])
        arrows = points.glyph(orient="direction", scale=False, factor=length, geom=arrow)
        dark = ListedColormap(colormaps["viridis_r"](np.linspace(0.15, 1.0, 256)))  # yellow is lost on white
        plotter.add_mesh(arrows, scalars="shown", cmap=dark, lighting=False, **bar_style(found))
    return finished(plotter, panel)


def sampled(grid: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return places (n, 3) spread evenly over a region of a panel, at least one row, and the current (n, 3) there."""
    x0, x1, y0, y1, *_ = grid.bounds
    shares = ((x0, x1, round(ARROWS[0] * (x1 - x0) / SHAPE)), (y0, y1, round(ARROWS[1] * (y1 - y0))))
    xs, ys = (a + (b - a) * (np.arange(max(n, 1)) + 0.5) / max(n, 1) for a, b, n in shares)
    places = np.stack(np.meshgrid(xs, ys, [0.0], indexing="ij"), axis=-1).reshape(-1, 3)
    cells = np.asarray(grid.find_containing_cell(places))
    return places[cells >= 0], np.asarray(grid.cell_data[VECTOR])[cells[cells >= 0]]


def heading(run: Run, record: int, label: str) -> np.ndarray:
    """Return the image of the lines above the panels."""
    plotter = canvas(HEADING)
    for text, height in ((run.title, 0.5), (f"{label} at t = {moment(run, record)}", 0.05)):
        plotter.add_text(text, position=(0.03, height), viewport=True, font_size=11, color="black")
    return shot(plotter)


def save(images: Sequence[np.ndarray], path: Path) -> None:
    """Write images one below the other and tell the path."""
    with clear_errors(path):
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(np.concatenate(images)).save(path)
    sys.stdout.write(f"{path}\n")


def main() -> None:
    """Draw the run named on the command line."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # VTK's end would leave a file of its memory
    try:
        draw(read(Path(sys.argv[1])))
    except ResultError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
