"""The contacts of a section: on the open stretches of the edges that the case says, as thick lines with a name."""

from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from eisfv.model.contact_edges import SIDES, ContactEdge, wanted
from eisfv.postprocess.fields.blocks import Block, outline, polygons_of
from eisfv.result import Run
from eisfv.result.errors import clear_errors
from eisfv.result.file_names import MESH

from .resolved_case import case_of
from .section_bands import Band
from .style import WARM

if TYPE_CHECKING:
    from matplotlib.axes import Axes

AXIS = {"top": 1, "bottom": 1, "left": 0, "right": 0}  # across the edge: x or y
CONTACTS = ("gate", "channel", *SIDES)
SAME = 1e-6  # of the extent of a region: points this close are one


class Contact(NamedTuple):
    """A contact on a region; lines (n, 2 ends, 2), m."""

    name: str
    region: str
    lines: np.ndarray


def contacts_of(run: Run, blocks: Mapping[str, Block]) -> list[Contact]:
    """Return the contacts of a run: of a section drawn with Gmsh where its mesh has them, else where the case does."""
    case = case_of(run)
    if case is None or case.device.section is None:
        return []
    if case.device.section.shape is None:
        return drawn_contacts(run.checked(MESH), case.device.section.unit or 1.0, blocks)
    across = [(float(b.points[:, 0].min()), float(b.points[:, 0].max())) for b in blocks.values()]
    places = wanted(case.device.section, list(blocks), across)
    found = [Contact(n, p.region, lines_on(p, blocks)) for n, p in places.items() if p.region in blocks]
    return [contact for contact in found if len(contact.lines)]


def drawn_contacts(mesh: Path, unit: float, blocks: Mapping[str, Block]) -> list[Contact]:
    """Return the contacts that the physical lines of a mesh are, its coordinates times `unit` in m; none without it."""
    if not mesh.is_file():
        return []
    import meshio

    with clear_errors(mesh, "read"), redirect_stdout(StringIO()):
        drawing = meshio.gmsh.read(mesh)
    points = np.asarray(drawing.points, float)[:, :2] * unit
    lines = [
        (points[block.data], tags)
        for block, tags in zip(drawing.cells, drawing.cell_data["gmsh:physical"], strict=True)
        if block.type == "line"
    ]
    own = {region: {key(line) for line in b.points[outline(b.corners)]} for region, b in blocks.items()}
    found = []
    for name, (number, dimension) in drawing.field_data.items():
        if dimension != 1 or name not in CONTACTS:
            continue
        ends = np.concatenate([block[tags == number] for block, tags in lines])
        for region, sides in own.items():
            here = np.array([key(line) in sides for line in ends], bool)
            if here.any():
                found.append(Contact(name, region, ends[here]))
    return found


def lines_on(place: ContactEdge, blocks: Mapping[str, Block]) -> np.ndarray:
    """Return the lines of an edge's open stretches, m."""
    own, axis = blocks[place.region], AXIS[place.edge]
    ends = own.points[outline(own.corners)]
    across, along = ends[:, :, axis], ends[:, :, 1 - axis]
    extent = np.ptp(own.points, axis=0)
    at = across.min() if place.edge in ("top", "left") else across.max()
    chosen = (np.abs(across - at) < SAME * extent[axis]).all(axis=1)
    low, high = place.span or (-np.inf, np.inf)
    slack = SAME * extent[1 - axis]
    chosen &= (along.min(axis=1) > low - slack) & (along.max(axis=1) < high + slack)
    taken = {
        key(line)
        for region, block in blocks.items()
        if region != place.region
        for line in block.points[outline(block.corners)]
    }
    open_ = np.array([key(line) not in taken for line in ends], bool)
    return np.asarray(ends[chosen & open_])


def key(line: np.ndarray) -> tuple[float, ...]:
    """Return what two equal lines (2 ends, 2) have in common, whichever end comes first."""
    first, second = sorted(tuple(float(f"{value:.9g}") for value in point) for point in line)
    return (*first, *second)


def mark(axes: "Axes", band: Band, contacts: Iterable[Contact], blocks: Mapping[str, Block]) -> None:
    """Draw the contacts that lie in a band of the section."""
    from matplotlib import patheffects
    from matplotlib.collections import LineCollection

    for name, region, lines in contacts:
        low, high = lines.min(axis=1), lines.max(axis=1)
        slack = SAME * (band.y[1] - band.y[0])
        here = (low[:, 1] > band.y[0] - slack) & (high[:, 1] < band.y[1] + slack)
        here &= (low[:, 0] <= band.x[1]) & (high[:, 0] >= band.x[0])
        if not here.any() or not band.sees(polygons_of(blocks[region])).any():
            continue
        seen = lines[here].clip(*np.transpose([band.x, band.y]))
        style = {"colors": WARM, "linewidths": 3.0, "capstyle": "butt", "antialiaseds": False}
        axes.add_collection(LineCollection(seen, clip_on=False, zorder=4, **style), autolim=False)
        middle = 0.5 * (seen.min(axis=(0, 1)) + seen.max(axis=(0, 1)))
        upright = np.ptp(seen[:, :, 0]) < np.ptp(seen[:, :, 1])
        left = middle[0] < np.mean(band.x)
        told = axes.annotate(
            name,
            middle,
            (5.0 if left else -5.0, 0.0) if upright else (0.0, 4.0),
            textcoords="offset points",
            color=WARM,
            fontsize=8,
            ha="center" if not upright else "left" if left else "right",
            va="center" if upright else "bottom",
            zorder=5,
        )
        told.set_path_effects([patheffects.withStroke(linewidth=2.0, foreground="white")])
