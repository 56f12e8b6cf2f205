"""A VTU file: polygons with values of the cells, written without VTK, whose import alone takes longer than all files.

XML with its arrays appended as they are in memory, each behind its length in bytes; the arrays that compress well are
small, so none is compressed. VTK's types: 64-bit floats and integers, polygons told by their corners' offsets.

Source: VTK file formats, https://docs.vtk.org/en/latest/vtk_file_formats/vtkxml_file_format.html
"""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import quoteattr

import numpy as np

from .blocks import Block

TRIANGLE, QUAD = 5, 9  # VTK's numbers of these kinds of cells
TYPES = {"f8": "Float64", "i8": "Int64", "i4": "Int32", "u1": "UInt8"}


class _Appended:
    """The arrays of a file, and the elements that say where each one begins."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.length = 0

    def element(self, name: str, values: np.ndarray, more: str = "") -> str:
        """Take an array and return its element."""
        values = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
        components = f' NumberOfComponents="{values.shape[1]}"' if values.ndim == 2 else ""
        kind = TYPES[values.dtype.str[1:]]
        where = f'format="appended" offset="{self.length}"'
        line = f'<DataArray type="{kind}" Name={quoteattr(name)}{components}{more} {where}/>'
        self.parts += [np.uint64(values.nbytes).tobytes(), values.tobytes()]
        self.length += 8 + values.nbytes
        return line


class UnstructuredGrid:
    """The polygons of a block; `file` gives the VTU file of one time."""

    def __init__(self, block: Block) -> None:
        there = block.corners >= 0
        counts = there.sum(axis=1)
        self.points = np.pad(block.points, ((0, 0), (0, 1)))
        self.connectivity = block.corners[there].astype(np.int64)
        self.offsets = np.cumsum(counts).astype(np.int64)
        self.kinds = np.where(counts == 3, TRIANGLE, QUAD).astype(np.uint8)

    def file(self, time: float, cell_data: Mapping[str, np.ndarray]) -> bytes:
        """Return the file at a time, s; a variable that means nothing here, NaN throughout, is left out."""
        arrays = _Appended()
        told = {name: values for name, values in cell_data.items() if not _means_nothing(values)}
        lines = [
            '<?xml version="1.0"?>',
            '<VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">',
            "<UnstructuredGrid>",
            *_within("FieldData", [arrays.element("TimeValue", np.array([time]), ' NumberOfTuples="1"')]),
            f'<Piece NumberOfPoints="{len(self.points)}" NumberOfCells="{self.kinds.size}">',
            *_within("CellData", [arrays.element(name, values) for name, values in told.items()]),
            *_within("Points", [arrays.element("Points", self.points)]),
            *_within(
                "Cells",
                [
                    arrays.element("connectivity", self.connectivity),
                    arrays.element("offsets", self.offsets),
                    arrays.element("types", self.kinds),
                ],
            ),
            "</Piece>",
            "</UnstructuredGrid>",
            '<AppendedData encoding="raw">',
        ]
        return b"".join(["\n".join(lines).encode(), b"\n_", *arrays.parts, b"\n</AppendedData>\n</VTKFile>\n"])


def _means_nothing(values: np.ndarray) -> bool:
    """Return whether every cell has a NaN."""
    return values.dtype.kind == "f" and bool(np.isnan(values).any(axis=tuple(range(1, values.ndim))).all())


def _within(name: str, lines: Iterable[str]) -> list[str]:
    return [f"<{name}>", *lines, f"</{name}>"]
