"""fields/*.vtu and fields.pvd: the profiles for ParaView, one block per region.

Blocks share no points, so a jump at an interface stays a jump. A layer of the stack becomes a strip of quads along y,
gate at y = 0, coordinates in m. The strip's width (along x) is a fifth of the layer's thickness and means nothing: it
lets an 80 nm film be seen beside 100 um of electrolyte once the view is fitted to it. Surface cells have no volume
and are left out.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np

from eisfv.result import Run
from eisfv.result.atomic import write_atomic
from eisfv.result.errors import clear_errors
from eisfv.result.layout import FIELD_INDEX, FIELDS, field_file

STRIP = 0.2  # width over thickness of a layer's strip
VECTORS = ("current_density",)  # variables that point along y


def write_fields(run: Run) -> list[Path]:
    """Write one VTU per region and field time, and the PVD that orders them by time in s; return their paths.

    The field times are the profiles marked as such, or the last one when none is. Raises ResultError.
    """
    if not run.has_profiles:
        return []
    folder = run.path / FIELDS
    with clear_errors(folder):
        folder.mkdir(exist_ok=True)
    records = np.flatnonzero(run.profile_is_field).tolist() or [run.profile_times.size - 1]
    written, entries = [], []
    for number, record in enumerate(records):
        time = float(run.profile_times[record])
        for part, region in enumerate(run.regions):
            path = folder / field_file(number, region)
            profiles = {variable.name: run.profiles(variable.name)[record] for variable in run.profile_variables}
            with clear_errors(path):
                path.write_bytes(_unstructured_grid(run, region, time, profiles))
            written.append(path)
            attributes = f"timestep={quoteattr(repr(time))} part={quoteattr(str(part))}"
            entries.append(f"    <DataSet {attributes} name={quoteattr(region)} file={quoteattr(path.name)}/>")
    index = folder / FIELD_INDEX
    write_atomic(index, _collection(entries).encode())
    return [*written, index]


def _collection(entries: list[str]) -> str:
    return "\n".join(
        [
            '<?xml version="1.0"?>',
            '<VTKFile type="Collection" version="0.1" byte_order="LittleEndian">',
            "  <Collection>",
            *entries,
            "  </Collection>",
            "</VTKFile>",
            "",
        ]
    )


def _unstructured_grid(run: Run, region: str, time: float, profiles: Mapping[str, np.ndarray]) -> bytes:
    # vtkmodules one by one: half the import time of pyvista.
    from vtkmodules.util import numpy_support
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import VTK_QUAD, vtkCellArray, vtkUnstructuredGrid
    from vtkmodules.vtkIOXML import vtkXMLUnstructuredGridWriter

    cells = run.cells.of(region)
    cells = cells[run.cells.width[cells] > 0.0]
    corners, quads = _strip(run.cells.y[cells], run.cells.width[cells])
    to_vtk: Callable[..., Any] = numpy_support.numpy_to_vtk
    points = vtkPoints()
    points.SetData(to_vtk(corners, deep=True))
    polygons = vtkCellArray()
    for quad in quads:
        polygons.InsertNextCell(4, quad)
    grid = vtkUnstructuredGrid()
    grid.SetPoints(points)
    grid.SetCells(VTK_QUAD, polygons)

    def attach(data: Any, name: str, values: np.ndarray) -> None:
        array = to_vtk(np.ascontiguousarray(values), deep=True)
        array.SetName(name)
        data.AddArray(array)

    attach(grid.GetFieldData(), "TimeValue", np.array([time]))
    attach(grid.GetCellData(), "region", run.cells.region[cells])
    for name, profile in profiles.items():
        values = profile[cells]
        if np.isnan(values).all():  # a species this region does not hold
            continue
        along_y = np.stack([np.zeros_like(values), values, np.zeros_like(values)], axis=1)
        attach(grid.GetCellData(), name, along_y if name in VECTORS else values)
    writer = vtkXMLUnstructuredGridWriter()
    writer.SetInputData(grid)
    writer.WriteToOutputStringOn()
    writer.Write()
    return str(writer.GetOutputString()).encode()


def _strip(y: np.ndarray, width: np.ndarray) -> tuple[np.ndarray, list[tuple[int, int, int, int]]]:
    edges = np.append(y - 0.5 * width, y[-1] + 0.5 * width[-1])
    half = 0.5 * STRIP * (edges[-1] - edges[0])
    left, right = (np.stack([np.full_like(edges, x), edges, np.zeros_like(edges)], axis=1) for x in (-half, half))
    count = edges.size
    quads = [(k, count + k, count + k + 1, k + 1) for k in range(count - 1)]
    return np.concatenate([left, right]), quads
