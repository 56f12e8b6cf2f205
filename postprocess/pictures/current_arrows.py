"""The current of a section as arrows of one length, along its lines as the stretched picture shows them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfv.postprocess.fields.blocks import Block, polygons_of
from eisfv.postprocess.fields.vectors import VECTOR

from .section_bands import Band
from .section_quantities import FAINTEST

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SPACING, LENGTH = 0.27, 0.17  # inches


def draw_arrows(
    panels: "Iterable[tuple[Band, Axes]]", blocks: Mapping[str, Block], profiles: Mapping[str, np.ndarray]
) -> None:
    """Draw the arrows of every band; each tells the current of the cell that its middle lies in."""
    current = np.stack([profiles[f"{VECTOR}_x"], profiles[f"{VECTOR}_y"]], axis=1)
    for band, axes in panels:
        for block in blocks.values():
            polygons = polygons_of(block)
            if not band.sees(polygons).any():
                continue
            least = FAINTEST * float(np.hypot(*current[block.cells].T).max())
            places = evenly(band, polygons)
            cells = containing(places, polygons)
            vectors = current[block.cells[cells]]
            moving = (cells >= 0) & (np.hypot(*vectors.T) > least)
            stretch = np.array([band.width / (band.x[1] - band.x[0]), -band.height / (band.y[1] - band.y[0])])
            onpaper = vectors[moving] * stretch  # y runs downwards on paper
            onpaper /= np.hypot(*onpaper.T)[:, None]
            style: dict[str, Any] = {"units": "inches", "scale_units": "inches", "scale": 1.0 / LENGTH, "width": 0.018}
            axes.quiver(
                *places[moving].T, *onpaper.T, angles="uv", pivot="mid", color="white", ec="0.1", lw=0.4, **style
            )


def evenly(band: Band, polygons: np.ndarray) -> np.ndarray:
    """Return places (n, 2) spread evenly over what a band shows of a region, at least one row of them."""
    low = np.maximum(polygons.min(axis=(0, 1)), [band.x[0], band.y[0]])
    high = np.minimum(polygons.max(axis=(0, 1)), [band.x[1], band.y[1]])
    paper = (high - low) * [band.width / (band.x[1] - band.x[0]), band.height / (band.y[1] - band.y[0])]
    counts = np.maximum(1, np.round(paper / SPACING)).astype(int)
    xs, ys = (low[k] + (high[k] - low[k]) * (np.arange(counts[k]) + 0.5) / counts[k] for k in (0, 1))
    return np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=-1).reshape(-1, 2)


def containing(places: np.ndarray, polygons: np.ndarray) -> np.ndarray:
    """Return the cell whose bounds hold each place, -1 without one."""
    low, high = polygons.min(axis=1), polygons.max(axis=1)
    found = np.full(len(places), -1)
    for number, place in enumerate(places):
        cells = np.flatnonzero(((place >= low) & (place <= high)).all(axis=1))
        if cells.size:
            found[number] = cells[0]
    return found
