"""The fields as other programs read them: one block a region, values of the cells, times in seconds and by record.

meshio and pyvista, which is VTK, read the files with readers of their own; what they find is compared with the run.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import meshio
import numpy as np
import pytest
import pyvista

from eisfv.postprocess.fields.vtu import field_records, write_fields
from eisfv.result import Run, read
from eisfv.result.file_names import FIELD_INDEX, FIELD_INDEX_BY_STEP, FIELDS, field_file
from support.synthetic_run import finished
from support.synthetic_section import STEP, section_run


class Found(NamedTuple):
    """A file as a reader gives it: the corners of every cell (points, 3) m, the values of the cells by name."""

    corners: list[np.ndarray]
    values: dict[str, np.ndarray]


def by_meshio(path: Path) -> Found:
    grid = meshio.read(path)
    corners = [grid.points[cell] for block in grid.cells for cell in block.data]
    return Found(corners, {name: np.concatenate(parts) for name, parts in grid.cell_data.items()})


def by_pyvista(path: Path) -> Found:
    grid = pyvista.read(path)
    corners = [grid.get_cell(k).points for k in range(grid.n_cells)]
    return Found(corners, {name: np.asarray(grid.cell_data[name]) for name in grid.cell_data})


READERS = {"meshio": by_meshio, "pyvista": by_pyvista}
Reader = Callable[[Path], Found]


def area(corners: np.ndarray) -> float:
    x, y = corners[:, :2].T
    return 0.5 * abs(float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))))


def assert_holds(found: Found, run: Run, record: int, part: int) -> None:
    """Check the values and the places that a reader found in the file of a region."""
    cells = run.cells.volumes_of(run.regions[part])
    profiles = run.profiles_at(record)
    told = {name for name, values in profiles.items() if not np.isnan(values[cells]).all()}
    scalars = {name for name in told if not name.startswith("current_density")}
    assert scalars | {"region"} <= set(found.values)
    assert not (set(profiles) - told) & set(found.values)
    np.testing.assert_array_equal(found.values["region"], part)
    for name in scalars:
        np.testing.assert_array_equal(found.values[name], profiles[name][cells])
    if run.cells.x is None:
        y = [corners[:, 1].mean() for corners in found.corners]
        np.testing.assert_allclose(y, run.cells.y[cells], rtol=1e-12)
        np.testing.assert_array_equal(found.values["current_density_Mg"][:, 1], profiles["current_density_Mg"][cells])
    else:
        np.testing.assert_allclose([area(c) for c in found.corners], run.cells.size[cells], rtol=1e-9)
        for axis, name in enumerate("xy"):
            known = profiles[f"current_density_Mg_{name}"][cells]
            np.testing.assert_array_equal(found.values["current_density_Mg"][:, axis], known)


def written_stack(path: Path) -> Run:
    run = read(finished(path))
    write_fields(run)
    return run


def written_section(path: Path) -> Run:
    run = read(section_run(path, STEP))
    write_fields(run)
    return run


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("written", [written_stack, written_section], ids=["stack", "section"])
def test_every_region_is_read_with_its_values_in_its_place(
    tmp_path: Path, written: Callable[[Path], Run], reader: Reader
) -> None:
    run = written(tmp_path / "run")
    for number, record in enumerate(field_records(run)):
        for part, region in enumerate(run.regions):
            assert_holds(reader(run.path / FIELDS / field_file(number, part, region)), run, record, part)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("damage", ["another record", "another region", "a byte"])
def test_a_wrong_file_is_noticed(tmp_path: Path, reader: Reader, damage: str) -> None:
    run = written_stack(tmp_path / "run")
    first, second = field_records(run)
    path = run.path / FIELDS / field_file(0, 0, run.regions[0])
    record, part = (second, 0) if damage == "another record" else (first, int(damage == "another region"))
    if damage == "a byte":
        content = bytearray(path.read_bytes())
        value = run.profiles_at(first)["potential"][run.cells.volumes_of(run.regions[0])][0].tobytes()
        content[content.index(value) + 5] ^= 1
        path.write_bytes(content)
    with pytest.raises((AssertionError, ValueError)):
        assert_holds(reader(path), run, record, part)


def test_the_collections_order_them_by_time_in_seconds_and_by_record(tmp_path: Path) -> None:
    run = written_section(tmp_path / "run")
    files = [field_file(number, part, region) for number in range(2) for part, region in enumerate(run.regions)]
    for name, steps in ((FIELD_INDEX, (10.0, 20.0)), (FIELD_INDEX_BY_STEP, (1, 2))):
        entries = ET.parse(run.path / FIELDS / name).getroot().findall("Collection/DataSet")
        assert [entry.get("file") for entry in entries] == files
        assert [float(str(entry.get("timestep"))) for entry in entries] == [s for s in steps for _ in run.regions]


def test_the_time_stands_in_every_file(tmp_path: Path) -> None:
    run = written_section(tmp_path / "run")
    for number, time in enumerate((10.0, 20.0)):
        grid = pyvista.read(run.path / FIELDS / field_file(number, run.regions.index("channel"), "channel"))
        assert grid.field_data["TimeValue"].tolist() == [time]
