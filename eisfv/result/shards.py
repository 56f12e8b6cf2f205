"""Files of records that are appended whole: what the processes of a sweep write, each to a file of its own.

    8 bytes   magic
    records   4 bytes magic, 4 bytes length of the text, 8 bytes length of the arrays, 4 bytes CRC-32 of both,
              then the text (JSON) and the arrays (float64), all little-endian

The text names its arrays and their shapes under "arrays". A process that is killed leaves at most a last record that is
not whole: reading ends before it, and nobody appends behind it.
"""

import json
import os
import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from zlib import crc32

import numpy as np

from eisfv.result.errors import ResultError, clear_errors

MAGIC = b"EISFVSW1"
HEAD = struct.Struct("<4sIQI")
MARK = b"rec1"
_DOUBLE = np.dtype("<f8")

Text = dict[str, Any]
Arrays = Mapping[str, np.ndarray]


class ShardWriter:
    """A file open for appending by the one process that has ever written to it; a context manager.

    sync  wait for the disk after every record; without it a record is safe from a kill, not from a power cut
    """

    def __init__(self, path: Path, *, sync: bool = True) -> None:
        """Start the file or go on behind its last record. Raises ResultError."""
        self.path, self.sync = path, sync
        with clear_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab", buffering=0)
            self._length = self._file.seek(0, os.SEEK_END)
        if not self._length:
            self._write(MAGIC, sync)

    def append(self, text: Text, arrays: Arrays | None = None, *, sync: bool | None = None) -> None:
        """Add a record; numbers that are not finite become null in its text. Raises ResultError."""
        blocks = {name: np.ascontiguousarray(values, _DOUBLE) for name, values in (arrays or {}).items()}
        shapes = [[name, block.shape] for name, block in blocks.items()]
        words = json.dumps(_finite({**text, "arrays": shapes}), ensure_ascii=False, allow_nan=False).encode()
        body = b"".join(block.tobytes() for block in blocks.values())
        head = HEAD.pack(MARK, len(words), len(body), crc32(body, crc32(words)))
        self._write(head + words + body, self.sync if sync is None else sync)

    def _write(self, data: bytes, sync: bool) -> None:
        try:
            with clear_errors(self.path):
                view = memoryview(data)
                while view:
                    view = view[self._file.write(view) :]
                if sync:
                    os.fsync(self._file.fileno())
        except ResultError:
            with suppress(OSError):  # half a record would hide what comes behind it
                self._file.truncate(self._length)
            raise
        self._length += len(data)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


class ShardReader:
    """The whole records of a file, from where the last reading ended: what has come since is read each time."""

    def __init__(self, path: Path) -> None:
        self.path, self.offset = path, 0

    def texts(self) -> Iterator[tuple[int, Text]]:
        """Give offset and text of every new whole record. Raises ResultError for a file of another kind."""
        with clear_errors(self.path, "read"), self.path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if not self.offset:
                self.offset = _begun(file, self.path)
            while self.offset:
                file.seek(self.offset)
                found = _record(file, size - self.offset)
                if found is None:
                    return
                at, self.offset = self.offset, self.offset + HEAD.size + len(found[0]) + len(found[1])
                yield at, json.loads(found[0])


def record_at(path: Path, offset: int) -> tuple[Text, dict[str, np.ndarray]]:
    """Return text and arrays of the record at an offset. Raises ResultError where there is no whole one."""
    with clear_errors(path, "read"), path.open("rb") as file:
        file.seek(offset)
        found = _record(file, os.fstat(file.fileno()).st_size - offset)
    if found is None:
        raise ResultError(f"{path}: has no whole record at byte {offset}; it was damaged since it was written")
    text = json.loads(found[0])
    arrays, start = {}, 0
    for name, shape in text["arrays"]:
        stop = start + int(np.prod(shape)) * _DOUBLE.itemsize
        arrays[name] = np.frombuffer(found[1][start:stop], _DOUBLE).reshape(shape)
        start = stop
    return text, arrays


def _begun(file: IO[bytes], path: Path) -> int:
    """Return where the records start, 0 where the file has not got there yet."""
    magic = file.read(len(MAGIC))
    if not MAGIC.startswith(magic):
        raise ResultError(f"{path}: is not a shard of a sweep of this version; move it away")
    return len(MAGIC) if magic == MAGIC else 0


def _record(file: IO[bytes], left: int) -> tuple[bytes, bytes] | None:
    """Return text and arrays of the record here; None where it is not whole."""
    head = file.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    mark, words, body, check = HEAD.unpack(head)
    if mark != MARK or HEAD.size + words + body > left:
        return None
    text, arrays = file.read(words), file.read(body)
    if len(text) + len(arrays) < words + body or crc32(arrays, crc32(text)) != check:
        return None
    return text, arrays
