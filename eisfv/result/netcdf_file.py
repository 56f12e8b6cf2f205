"""A netCDF-4 file, written as the HDF5 file that it is.

    dimension   an HDF5 dimension scale; of a coordinate the variable itself, else a dataset without values whose NAME
                says that it is no variable
    variable    a dataset with the scales of its dimensions attached
    _Netcdf4Dimid, _Netcdf4Coordinates    numbers of the dimensions, from 0 in the order in which they were made

h5netcdf writes the same, but takes the whole file's dimensions apart at every step: four fifths of the time of a file.

Source: NetCDF Users Guide, File Format Specifications, "The NetCDF-4 Format".
"""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np

NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable.{:10}"


class NetcdfFile:
    """A new file; used in a `with`. RuntimeError or OSError where HDF5 cannot write."""

    def __init__(self, path: Any) -> None:
        import h5py

        self.file = h5py.File(path, "w", track_order=True)
        self.sizes: dict[str, int] = {}
        made_by = f"version=2,h5py={h5py.version.version},hdf5={h5py.version.hdf5_version}"
        self.file.attrs["_NCProperties"] = np.bytes_(made_by)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def dimension(self, name: str, size: int, *, coordinate: bool) -> None:
        """Make a dimension; coordinate: its variable follows, before all others along it. Size 0: it may grow."""
        self.sizes[name] = size
        if not coordinate:
            self._scale(self._dataset(name, (name,), ">f4"), NO_VARIABLE.format(size))

    def variable(
        self, name: str, dimensions: tuple[str, ...], dtype: Any, attributes: Mapping[str, Any], **storage: Any
    ) -> Any:
        """Make a variable and return its dataset; storage: chunks and filters, as h5py takes them."""
        made = self._dataset(name, dimensions, dtype, **storage)
        numbers = np.array([list(self.sizes).index(dimension) for dimension in dimensions], np.int32)
        if name in self.sizes:
            self._scale(made, name)
        else:
            for axis, dimension in enumerate(dimensions):
                made.dims[axis].attach_scale(self.file[dimension])
            made.attrs["_Netcdf4Dimid"] = numbers[0]
        made.attrs["_Netcdf4Coordinates"] = numbers
        for key, value in attributes.items():
            made.attrs[key] = value
        return made

    def _dataset(self, name: str, dimensions: tuple[str, ...], dtype: Any, **storage: Any) -> Any:
        shape = tuple(self.sizes[dimension] for dimension in dimensions)
        if 0 in shape:
            storage = {"maxshape": tuple(size or None for size in shape)}
        return self.file.create_dataset(name, shape, dtype, track_order=True, **storage)

    def _scale(self, dataset: Any, label: str) -> None:
        dataset.make_scale(label.encode())
        dataset.attrs["_Netcdf4Dimid"] = np.int32(list(self.sizes).index(dataset.name.lstrip("/")))
