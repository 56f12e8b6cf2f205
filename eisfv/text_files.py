"""What a user wrote, read from a file: bounded in size, depth and numbers, and refused with a reason.

The reason reads on after the name of the file: "is larger than 4 MB". A byte order mark, as editors on Windows write,
is skipped.
"""

import os
import re
import stat
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

from eisfv.errors import EisfvError

LARGEST = 2_000_000  # bytes: a second to read; a case file has some thousand
DEEPEST = 64  # tables and lists inside one another; a protocol of blocks inside blocks has two for each
UNQUOTED = re.compile(r"\s*[\w.-]+\s*=\s*([^\"'\[{#\s][^\"'#]{0,60}?)\s*(?:#.*)?")  # key = 1 um
WHOLE = 2**63  # TOML's whole numbers have 64 bits


class UnreadableError(EisfvError):
    """A file or a text that cannot be read; the message reads on after its name."""


def read_bytes(file: Path, largest: int) -> bytes:
    """Return what is in a file. Raises UnreadableError; for a device, a pipe or a directory too, before it is read."""
    try:
        # Not blocking: a pipe that nobody writes to would wait for ever.
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UnreadableError("is no file but a directory, a device or a pipe; give a file")
            content = stream.read(largest + 1)
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror}") from None
    except ValueError:  # NUL
        raise UnreadableError("is a name that no file can have") from None
    if len(content) > largest:
        raise UnreadableError(f"is larger than {largest // 1_000_000} MB; give a smaller file")
    return content


def checksum(file: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    return sha256(file.read_bytes()).hexdigest()


def read_text(file: Path, largest: int = LARGEST) -> str:
    """Return the text of a file. Raises UnreadableError."""
    try:
        return read_bytes(file, largest).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"is not UTF-8 text: byte {error.start} cannot be read") from None


def read_toml(file: Path) -> dict[str, Any]:
    """Return the tree of a TOML file. Raises UnreadableError."""
    return parse_toml(read_text(file))


def parse_toml(text: str) -> dict[str, Any]:
    """Return the tree of a TOML text. Raises UnreadableError."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(f"is not TOML: {error}{_in_quotes(str(error), text)}") from None
    except RecursionError:
        raise UnreadableError(f"is nested deeper than {DEEPEST} tables and lists; write it flatter") from None
    except ValueError as error:  # a number of thousands of digits, a date that there is not
        raise UnreadableError(f"is not TOML: {error}") from None
    _bounded(tree)
    return tree


def _in_quotes(error: str, text: str) -> str:
    """Return the remedy where the line that an error names has a text without quotes."""
    at = re.search(r"at line (\d+)", error)
    match = UNQUOTED.fullmatch(text.split("\n")[int(at[1]) - 1]) if at else None
    return f'; a text or a quantity stands in quotes: "{match[1]}"' if match else ""


def _bounded(tree: dict[str, Any]) -> None:
    """Refuse what is nested too deep and whole numbers beyond TOML's; the names on the way are not told."""
    level: list[Any] = [tree]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for node in level:
            for key, item in node.items() if isinstance(node, dict) else enumerate(node):
                if isinstance(item, dict | list):
                    below.append(item)
                elif isinstance(item, int) and not -WHOLE <= item < WHOLE:
                    place = f"entry {key + 1} of a list" if isinstance(key, int) else f'"{key[:40]}"'
                    raise UnreadableError(f"has at {place} a whole number of more than 64 bits; write it as 1e30")
        if not below:
            return
        level = below
    raise UnreadableError(f"is nested deeper than {DEEPEST} tables and lists; write it flatter")
