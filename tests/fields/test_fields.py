"""The fields as ParaView reads them: one block a region, values of the cells, times in seconds and by record."""

from pathlib import Path
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkIOXML import vtkXMLUnstructuredGridReader


def grid(path: Path) -> Any:
    """Return what VTK's own reader finds in a VTU file."""
    reader = vtkXMLUnstructuredGridReader()
    reader.SetFileName(str(path))
    reader.Update()
    return reader.GetOutput()


def arrays(data: Any) -> dict[str, np.ndarray]:
    return {data.GetArrayName(k): vtk_to_numpy(data.GetArray(k)) for k in range(data.GetNumberOfArrays())}


def block(path: Path) -> dict[str, np.ndarray]:
    """Return the cell data of a VTU file."""
    return arrays(grid(path).GetCellData())


def areas(path: Path) -> np.ndarray:
    """Return the areas of the polygons, m2."""
    found = grid(path)
    sizes = []
    for k in range(found.GetNumberOfCells()):
        points = found.GetCell(k).GetPoints()
        x, y = np.array([points.GetPoint(corner)[:2] for corner in range(points.GetNumberOfPoints())]).T
        sizes.append(0.5 * abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))))
    return np.array(sizes)
