"""A netCDF-4 file written as plain HDF5 is one to readers that know nothing of eisfv."""

from pathlib import Path

import h5netcdf
import h5py
import numpy as np
import pytest
import xarray

from eisfv.result.netcdf_file import NetcdfFile


def write(path: Path, rows: int = 3) -> None:
    with NetcdfFile(path) as file:
        file.dimension("time", rows, coordinate=True)
        file.dimension("cell", 2, coordinate=False)
        file.variable("time", ("time",), "f8", {"units": "s"})[...] = np.arange(rows)
        file.variable("c", ("time", "cell"), "f8", {"units": "mol/m3"}, chunks=(3, 2))[...] = np.ones((rows, 2))
        file.variable("word", ("cell",), h5py.string_dtype(), {})[...] = np.array(["a", "b"], object)


def write_by_h5netcdf(path: Path) -> None:
    with h5netcdf.File(path, "w") as file:
        file.dimensions = {"time": 3, "cell": 2}
        file.create_variable("time", ("time",), data=np.arange(3.0)).attrs["units"] = "s"
        file.create_variable("c", ("time", "cell"), data=np.ones((3, 2)), chunks=(3, 2)).attrs["units"] = "mol/m3"
        file.create_variable("word", ("cell",), h5py.string_dtype())[...] = np.array(["a", "b"], object)


def inside(path: Path) -> dict[str, object]:
    """Return all that HDF5 finds in a file but what names its writer."""
    with h5py.File(path, "r", track_order=True) as file:
        return {
            name: (
                found.shape,
                found.maxshape,
                found.dtype.kind,
                found.chunks,
                [[scale.name for scale in dimension.values()] for dimension in found.dims],
                {key: str(found.attrs[key]) for key in sorted(found.attrs) if not key.endswith("_LIST")},
            )
            for name, found in file.items()
        }


def test_file_is_that_of_h5netcdf(tmp_path: Path) -> None:
    write(tmp_path / "own.nc")
    write_by_h5netcdf(tmp_path / "theirs.nc")
    own, theirs = inside(tmp_path / "own.nc"), inside(tmp_path / "theirs.nc")
    assert own == theirs
    assert list(own) == list(theirs)
    with xarray.open_dataset(tmp_path / "own.nc") as one, xarray.open_dataset(tmp_path / "theirs.nc") as other:
        xarray.testing.assert_identical(one, other)
        assert dict(one.sizes) == {"time": 3, "cell": 2}
        assert list(one.coords) == ["time"]


def test_dimension_of_no_rows_may_grow(tmp_path: Path) -> None:
    write(tmp_path / "empty.nc", rows=0)
    with h5netcdf.File(tmp_path / "empty.nc", "r") as file:
        assert file.dimensions["time"].isunlimited()
        assert not file.dimensions["cell"].isunlimited()
        assert file["c"].shape == (0, 2)


def test_variable_along_no_dimension_is_refused(tmp_path: Path) -> None:
    with NetcdfFile(tmp_path / "x.nc") as file, pytest.raises(KeyError, match="cell"):
        file.variable("c", ("cell",), "f8", {})
