"""checkpoint.h5: a flat set of named arrays, numbers and texts, replaced as a whole.

HDF5 leaves its first 512 bytes, the user block, to us: a line with the format and the CRC-32 of all that follows.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from eisfv.remedies import way
from eisfv.result.atomic import write_atomic
from eisfv.result.checksums import Mark, damaged, differs
from eisfv.result.errors import ResultError, clear_errors

FORMAT = 10
HEAD = f"eisfv checkpoint, format {FORMAT}, CRC-32 of what follows these 512 bytes: ".encode()
BLOCK = 512  # bytes, the smallest user block
HDF5 = b"\x89HDF\r\n\x1a\n"  # how the files of the formats before 5 begin
Entry = np.ndarray | float | int | str
_LENGTH, _CHECKSUM = "length of ", "checksum of "  # entries that are the marks of the streams, by their files


def with_marks(entries: Mapping[str, Entry], marks: Mapping[str, Mark]) -> dict[str, Entry]:
    """Return entries together with the marks of the streams."""
    told: dict[str, Entry] = {_LENGTH + name: mark.length for name, mark in marks.items()}
    told |= {_CHECKSUM + name: mark.checksum for name, mark in marks.items()}
    return {**entries, **told}


def marks_in(saved: Mapping[str, Entry]) -> tuple[dict[str, Entry], dict[str, Mark]]:
    """Return what `with_marks` has put together."""
    names = [name.removeprefix(_LENGTH) for name in saved if name.startswith(_LENGTH)]
    marks = {name: Mark(int(saved[_LENGTH + name]), int(saved[_CHECKSUM + name])) for name in names}
    return {k: v for k, v in saved.items() if not k.startswith((_LENGTH, _CHECKSUM))}, marks


def write_checkpoint(path: Path, entries: Mapping[str, Entry]) -> None:
    """Replace the checkpoint; names may not hold a slash. Raises ResultError."""
    import h5py

    # In memory first: the disk sees one plain write, and a full one says so in plain words.
    image = io.BytesIO()
    with h5py.File(image, "w", userblock_size=BLOCK) as file:
        for name, entry in entries.items():
            if "/" in name:
                raise ValueError(f'checkpoint entry "{name}" has a slash')
            file.create_dataset(name, data=entry)
    body = image.getvalue()[BLOCK:]
    write_atomic(path, _block(crc32(body)) + body)


def _block(checksum: int) -> bytes:
    return (HEAD + f"{checksum:08x}\n".encode()).ljust(BLOCK, b"\0")


def read_checkpoint(path: Path) -> dict[str, Entry]:
    """Return the entries with the types they were written with. Raises ResultError."""
    import h5py

    with clear_errors(path, "read"):
        content = path.read_bytes()
    if is_earlier(content):
        other = f"is a checkpoint of an earlier version of eisfv (this one reads format {FORMAT})"
        raise ResultError(f"{path}: {other}; start over with {way('force')}")
    if not content.startswith(HEAD):
        raise ResultError(f"{path}: is not a checkpoint of this version of eisfv; start over with {way('force')}")
    body = content[BLOCK:]
    if differs(_block(crc32(body)), content[:BLOCK]):
        raise damaged(path)
    with h5py.File(io.BytesIO(content), "r") as file:
        return {name: _entry(dataset) for name, dataset in file.items()}


def is_earlier(content: bytes) -> bool:
    """Tell whether a checkpoint begins as those without a checksum do."""
    return content.startswith(HDF5)


def _entry(dataset: Any) -> Entry:
    value = dataset[()]
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, np.integer):
        return int(value)
    return float(value) if isinstance(value, np.floating) else np.asarray(value)


def stream_marks(path: Path) -> dict[str, Mark]:
    """Return the marks of the streams, by their files; none where there is no checkpoint, or one without checksums.

    Raises ResultError.
    """
    if not path.is_file():
        return {}
    with clear_errors(path, "read"), path.open("rb") as file:
        if is_earlier(file.read(len(HDF5))):
            return {}
    return marks_in(read_checkpoint(path))[1]
