"""Checksums by which a file tells that it was damaged since it was written.

CRC-32 (polynomial 0x04C11DB7, as in zlib) finds every single flipped bit and every run of damaged bits up to 32 long,
and misses any other damage once in 2^32. It guards against disks and copies, not against people.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple
from zlib import crc32

from eisfv.remedies import way
from eisfv.result.errors import ResultError, clear_errors

BLOCK = 1 << 20  # bytes read at once
SEAL = "checksum"  # the entry of a JSON file that holds the one of all others


class Mark(NamedTuple):
    """How long a file was, in bytes, and the CRC-32 of what it held then."""

    length: int = 0
    checksum: int = 0


class DamagedError(ResultError):
    """A file is not what was written."""


def remedy() -> str:
    """Return what to do about a damaged file."""
    return f"restore it from a copy, or start over with {way('force')}; {way('info')} tells what is whole"


def damaged(path: Path, how: str = "its checksum differs") -> DamagedError:
    """Return what to raise for a file that was damaged."""
    return DamagedError(f"{path}: is damaged ({how}); {remedy()}")


def differs(found: int | bytes, expected: int | bytes) -> bool:
    """Tell whether two checksums differ."""
    return found != expected


def mark_of(file: IO[bytes], length: int | None = None) -> Mark:
    """Return the mark of an open file's first bytes, of all of them unless told; the file stands behind them."""
    file.seek(0)
    mark = Mark()
    for block in _blocks(file, length):
        mark = Mark(mark.length + len(block), crc32(block, mark.checksum))
    return mark


def _blocks(file: IO[bytes], length: int | None) -> Iterator[bytes]:
    left = length
    while block := file.read(BLOCK if left is None else min(BLOCK, left)):
        yield block
        left = None if left is None else left - len(block)


def file_mark(path: Path) -> Mark:
    """Return the mark of a whole file. Raises ResultError."""
    with clear_errors(path, "read"), path.open("rb") as file:
        return mark_of(file)


def verify(path: Path, mark: Mark, *, whole: bool = True) -> None:
    """Raise ResultError where a file is not what it was when it was marked; it may have grown unless `whole`."""
    if not path.is_file():
        raise DamagedError(f"{path}: is missing; {remedy()}")
    with clear_errors(path, "read"), path.open("rb") as file:
        found = mark_of(file, None if whole else mark.length)
    if found.length != mark.length:
        raise damaged(path, f"it has {found.length} bytes, written were {mark.length}")
    if differs(found.checksum, mark.checksum):
        raise damaged(path)


def sealed(entries: Mapping[str, Any], indent: int | None = 2) -> bytes:
    """Return a JSON file with the checksum of its entries as the last of them."""
    return (json.dumps({**entries, SEAL: _seal(entries)}, indent=indent) + "\n").encode()


def unsealed(path: Path) -> dict[str, Any]:
    """Return the entries of a JSON file without their checksum; earlier versions wrote none. Raises ResultError."""
    with clear_errors(path, "read"):
        content = path.read_bytes()
    try:
        entries = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise damaged(path, f"it is not JSON: {error}") from error
    if not isinstance(entries, dict):
        raise damaged(path, "it is not a table")
    if SEAL in entries and differs(_seal(entries), entries.pop(SEAL)):
        raise damaged(path)
    return entries


def _seal(entries: Mapping[str, Any]) -> int:
    return crc32(json.dumps({name: value for name, value in entries.items() if name != SEAL}).encode())
