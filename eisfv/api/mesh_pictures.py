"""The mesh that pilots have chosen, as a picture: how large the cells are, and where."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eisfv.device.section_geometry import BoxSection
from eisfv.device.tables import Floats
from eisfv.postprocess.pictures.curve_picture import Curve, draw_curves

if TYPE_CHECKING:
    from eisfv.case.case import Case

FILE = "mesh.png"
MICRON = 1e-6  # from here on lengths are written in um


def mesh_picture(case: "Case", sizes: Sequence[Floats], folder: Path) -> Path:
    """Draw the cells of every region, or between the lines of a section along x and y. OSError where it cannot be."""
    if isinstance(case.device.section, BoxSection):
        curves = [along(f"{len(sizes[0])} columns", "x", sizes[0]), along(f"{len(sizes[1])} rows", "y", sizes[1])]
    else:
        pairs = zip(case.device.regions, sizes, strict=True)
        curves = [along(f"{region.name}: {len(size)} cells", "y in it", size) for region, size in pairs]
    draw_curves(folder / FILE, curves)
    return folder / FILE


def along(title: str, axis: str, sizes: Floats) -> Curve:
    """Return the picture of cell sizes (m) one after the other."""
    length = float(sizes.sum())
    unit, scale = ("nm", 1e9) if length < MICRON else ("um", 1e6)
    faces = np.append(0.0, np.cumsum(sizes)) * scale
    # Each cell is as wide as it is high.
    return Curve(
        title,
        np.repeat(faces, 2)[1:-1],
        np.repeat(1e9 * sizes, 2),
        (f"{axis} ({unit})", "size (nm)"),
        log=True,
    )
