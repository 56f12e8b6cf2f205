"""A case as a TOML tree: reading the file, setting keys from outside, bringing in the material files."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eisfv import text_files
from eisfv.case.problems import CaseError, Key, Problem, did_you_mean, display, key_text, value_text
from eisfv.csv_columns import ColumnsError, Table, read_table
from eisfv.materials import library
from eisfv.text_files import UnreadableError

RESOLVED = "case.resolved.toml"
CASE_FILES = ("case.toml", RESOLVED)
# Entries of a material that are no measured value and so have no source.
PLAIN_ENTRIES = (
    "kind",
    "title",
    "ion",
    "charge",
    "statistics",
    "sublattice",
    "electroneutral",
    "form",
    "polarons",
    "table",
    "columns",
    "smooth",
)

# device.region[1].thickness, material."./materials/x.toml".title
PART = re.compile(r'"([^"]*)"|\[(\d+)\]|([A-Za-z0-9_-]+)')
KEY = re.compile(r'(?:"[^"]*"|[A-Za-z0-9_-]+)(?:\.(?:"[^"]*"|[A-Za-z0-9_-]+)|\[\d+\])*')


@dataclass(frozen=True)
class Override:
    """KEY=VALUE from outside: where it goes and what it sets.

    origin  the option or the call that a fault is told of; source: what a material's value gets for one
    """

    key: Key
    value: Any
    origin: str = "--set"
    source: str = "set on the command line"


def find_file(path: Path) -> Path:
    """Return the case file of a path that is a case directory or the file itself. Raises CaseError."""
    for file in (path, *(path / name for name in CASE_FILES)):
        if there(file):
            return file
    what = "has no case.toml" if _holds(Path.is_dir, path) else "does not exist"
    raise CaseError([f'{display(path)}: {what}; make a case with "eisfv new NAME"'])


def is_resolved(file: Path) -> bool:
    """Return whether a case file is one that a run has written."""
    return file.name == RESOLVED


def there(path: Path) -> bool:
    """Return whether a file, or what is none but no directory either, is at a path."""
    return _holds(Path.exists, path) and not _holds(Path.is_dir, path)


def _holds(question: Callable[[Path], bool], path: Path) -> bool:
    """Return the answer to a question about a path; a name that no file can have is nowhere."""
    try:
        return question(path)
    except (OSError, ValueError):
        return False


def read_toml(file: Path) -> dict[str, Any]:
    """Return the tree of a TOML file. Raises CaseError with the line and column of a fault."""
    try:
        return text_files.read_toml(file)
    except UnreadableError as error:
        raise CaseError([f"{display(file)}: {error}"]) from None


def read_csv(file: Path, usual: Mapping[str, str]) -> Table:
    """Return the table of a file beside the case; usual: columns such a file has. Raises ColumnsError."""
    if not there(file):
        raise ColumnsError(f"does not exist: there is no file {display(file)}")
    return read_table(file, usual)


def parse_override(text: str) -> Override:
    """Return the override of KEY=VALUE; a value that is not TOML is taken as text. Raises CaseError."""
    name, equals, value = text.partition("=")
    key = parse_key(name) if equals else None
    if key is None:
        raise CaseError([f'--set: {value_text(text)} is not KEY=VALUE; write for example device.temperature="350 K"'])
    try:
        tree = text_files.parse_toml(f"value = {value.strip()}")
    except UnreadableError as error:
        if not str(error).startswith("is not TOML"):
            raise CaseError([f"--set: {key_text(key)} {error}"]) from None
        tree = {}
    return Override(key, tree["value"] if list(tree) == ["value"] else value.strip())


def parse_key(name: str) -> Key | None:
    """Return the key of a text such as `device.region[1].thickness`, None where it is none."""
    if not KEY.fullmatch(name.strip()):
        return None
    return tuple(int(index) if index else quoted or word for quoted, index, word in PART.findall(name))


def assign(tree: dict[str, Any], override: Override) -> Key | Problem:
    """Set a key of the tree in place and return where it is: a list item may be named by its `name`.

    Tables that are missing on the way are made; whether the key exists at all is the schema's business.
    """
    node: Any = tree
    key: Key = ()
    for part in override.key[:-1]:
        place = _place(node, part, key)
        if isinstance(place, Problem):
            return place
        if isinstance(node, dict):
            node.setdefault(place, {})
        node, key = node[place], (*key, place)
    last = _place(node, override.key[-1], key)
    if isinstance(last, Problem):
        return last
    node[last] = _with_source(node, last, override) if key[:1] == ("material",) else override.value
    return (*key, last)


def _place(node: Any, part: str | int, key: Key) -> str | int | Problem:
    if isinstance(node, dict):
        return str(part)
    if not isinstance(node, list):
        return Problem((*key, part), "does not exist: the key before it holds a single value")
    if isinstance(part, int):
        return part if part < len(node) else Problem((*key, part), f"does not exist; the list has {len(node)} entries")
    names = [str(item.get("name")) if isinstance(item, dict) else "" for item in node]
    if part in names:
        return names.index(part)
    return Problem((*key, part), f"does not exist{did_you_mean(part, [name for name in names if name])}")


def _with_source(node: Any, last: str | int, override: Override) -> Any:
    """Return a material's value together with where it is from."""
    value = override.value
    old = node.get(last) if isinstance(node, dict) else None
    if isinstance(value, dict | bool) or last in (*PLAIN_ENTRIES, "value", "source"):
        return value
    if old is None or (isinstance(old, dict) and "value" in old):
        return {"value": value, "source": override.source}
    return value


def references(tree: Mapping[str, Any]) -> list[tuple[Key, str]]:
    """Return every mention of a material or an electrode and where it is."""
    found: list[tuple[Key, str]] = []
    for index, region in enumerate(rows(tree, "device", "region")):
        if isinstance(region.get("material"), str):
            found.append((("device", "region", index, "material"), region["material"]))
    for side, contact in table(tree, "device", "contact").items():
        if isinstance(contact, dict) and isinstance(contact.get("electrode"), str):
            found.append((("device", "contact", side, "electrode"), contact["electrode"]))
    return found


def bring_in_materials(tree: dict[str, Any], directory: Path) -> tuple[dict[str, Path], list[Problem]]:
    """Put every material the device names under `material`, in place.

    A table of the case file comes first, then "x.toml" as a path from the case directory, then the library.
    Returns the files by reference and the references that lead nowhere.
    """
    inline = tree.setdefault("material", {})
    files: dict[str, Path] = {}
    found = []
    for key, reference in references(tree):
        if not isinstance(inline, dict) or reference in inline:
            continue
        is_path = reference.endswith(".toml")
        file = directory / reference if is_path else library.path(reference)
        if (is_path and there(file)) or (not is_path and reference in library.names()):
            inline[reference] = read_toml(file)
            files[reference] = file
        elif is_path:
            found.append(Problem(key, f"does not exist: there is no file {display(file)}", reference))
        else:
            hint = did_you_mean(reference, [*library.names(), *inline])
            found.append(Problem(key, f"is not a material of the library{hint}", reference))
    return files, found


def protocol_entries(tree: Mapping[str, Any]) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Give every entry of the protocol and of the measures with its key, those inside of others as well."""
    waiting: list[tuple[Key, dict[str, Any]]] = [
        ((name, index), row) for name in ("protocol", "measure") for index, row in enumerate(rows(tree, name))
    ]
    while waiting:
        key, entry = waiting.pop(0)
        yield key, entry
        waiting += [((*key, "steps", index), row) for index, row in enumerate(rows(entry, "steps"))]


def table(node: Any, *keys: str) -> dict[str, Any]:
    """Return a table below a node, an empty one where there is none."""
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}


def rows(node: Any, *keys: str) -> Sequence[dict[str, Any]]:
    """Return the tables of a list below a node; what is no table counts as an empty one."""
    node = table(node, *keys[:-1]).get(keys[-1])
    return [item if isinstance(item, dict) else {} for item in node] if isinstance(node, list) else []
