"""fields/*.vtu, fields.pvd and fields_by_step.pvd: the profiles for ParaView, one block per region.

Cell data, coordinates in m, gate at small y (`blocks` tells how a stack is drawn). fields.pvd goes by the time in s,
fields_by_step.pvd by the number of the record, which is the index of profile_time in result.nc. Surface cells have no
volume and are left out.
"""

from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from eisfv.result import Run
from eisfv.result.atomic import write_atomic
from eisfv.result.errors import clear_errors
from eisfv.result.file_names import FIELD_INDEX, FIELD_INDEX_BY_STEP, FIELDS, field_file

from .blocks import block_of
from .unstructured_grid import UnstructuredGrid
from .vectors import with_vectors


def field_records(run: Run) -> list[int]:
    """Return the numbers of the profiles marked as fields, or of the last one when none is."""
    return np.flatnonzero(run.profile_is_field).tolist() or [run.profile_times.size - 1]


def write_fields(run: Run) -> list[Path]:
    """Write one VTU per region and field time, and the PVDs that order them; return their paths, fields.pvd last.

    Raises ResultError.
    """
    if not run.has_profiles:
        return []
    folder = run.path / FIELDS
    with clear_errors(folder):
        folder.mkdir(exist_ok=True)
    blocks = [block_of(run.cells, region) for region in run.regions]
    grids = [UnstructuredGrid(block) for block in blocks]
    records = field_records(run)
    written = []
    for number, (record, found) in enumerate(zip(records, run.profiles_of(records), strict=True)):
        profiles = with_vectors(found, run.cells.x is not None)
        for part, (region, block, grid) in enumerate(zip(run.regions, blocks, grids, strict=True)):
            data = {"region": np.full(block.cells.size, part, np.int32)}
            data |= {name: values[block.cells] for name, values in profiles.items()}
            path = folder / field_file(number, part, region)
            with clear_errors(path):
                path.write_bytes(grid.file(float(run.profile_times[record]), data))
            written.append(path)
    times = [float(run.profile_times[record]) for record in records]
    for name, steps in ((FIELD_INDEX_BY_STEP, records), (FIELD_INDEX, times)):
        write_atomic(folder / name, _collection(run.regions, steps).encode())
        written.append(folder / name)
    return written


def _collection(regions: tuple[str, ...], steps: list[int] | list[float]) -> str:
    entries = [
        f"    <DataSet timestep={quoteattr(repr(step))} part={quoteattr(str(part))} name={quoteattr(region)} "
        f"file={quoteattr(field_file(number, part, region))}/>"
        for number, step in enumerate(steps)
        for part, region in enumerate(regions)
    ]
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
