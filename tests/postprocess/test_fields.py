"""The fields as ParaView reads them: one block a region, values of the cells, times in seconds."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from eisfv.postprocess.vtu import write_fields
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkIOXML import vtkXMLUnstructuredGridReader

from eisfv.result import read
from support.written_run import profile, written


def block(path: Path) -> dict[str, np.ndarray]:
    """Return the cell data of a VTU file by VTK's own reader."""
    reader = vtkXMLUnstructuredGridReader()
    reader.SetFileName(str(path))
    reader.Update()
    data = reader.GetOutput().GetCellData()
    return {data.GetArrayName(k): vtk_to_numpy(data.GetArray(k)) for k in range(data.GetNumberOfArrays())}


def test_every_region_is_a_block_without_its_surface_nodes(tmp_path: Path) -> None:
    run = written(tmp_path / "run")
    write_fields(read(run))
    electrolyte = block(run / "fields" / "t000001_electrolyte.vtu")
    channel = block(run / "fields" / "t000001_channel.vtu")
    np.testing.assert_array_equal(electrolyte["potential"], profile(3.0)["potential"][:3])
    np.testing.assert_array_equal(channel["potential"], profile(3.0)["potential"][5:])
    np.testing.assert_array_equal(channel["site_fraction_H"], profile(3.0)["site_fraction_H"][5:])
    for number, values in enumerate((electrolyte, channel)):
        region = next(v for name, v in values.items() if name.startswith("region"))
        assert region.dtype.kind in "iu"
        assert (region == number).all()


def test_the_collection_orders_them_by_time_in_seconds(tmp_path: Path) -> None:
    run = written(tmp_path / "run")
    index = write_fields(read(run))[-1]
    sets = ElementTree.parse(index).getroot().iter("DataSet")
    entries = [(float(e.attrib["timestep"]), e.attrib["part"], e.attrib["file"]) for e in sets]
    assert [(time, part) for time, part, _ in entries] == [(0.0, "0"), (0.0, "1"), (3.0, "0"), (3.0, "1")]
    assert all((index.parent / file).is_file() for _, _, file in entries)
