"""The keys of every file from its JSON schema, and the reductions and columns that quantities are made of."""

import re
from collections.abc import Iterator
from typing import Any

import eisfv

FILES = {
    "case": "The case file",
    "material": "A material",
    "expected": "expected.toml",
    "sweep": "A sweep",
    "calibrate": "The table [calibrate]",
}
Schema = dict[str, Any]


def pages() -> Iterator[tuple[str, str]]:
    """Yield a page for every kind of file and one that lists them."""
    for kind, title in FILES.items():
        yield kind, page(title, eisfv.schema(kind))
    toctree = "\n".join(["```{toctree}", ":maxdepth: 1", "", *FILES, "```"])
    words = "Made from the schema that checks the files; `eisfv schema case` gives it to an editor."
    yield "index", f"# Keys of all files\n\n{words}\n\n{toctree}\n"


def page(title: str, schema: Schema) -> str:
    """Return the tables of one file, its own first, then in the order of the names."""
    lines = [f"# {title}", ""]
    lines += table(schema)
    for name, record in sorted(schema.get("$defs", {}).items()):
        if "__" not in name:
            lines += [f"## {name}", ""] + table(record)
    return "\n".join(lines) + "\n"


def table(record: Schema) -> list[str]:
    """Return what a record is and its keys, a line each."""
    lines = ["```text", record["description"], "```", ""] if record.get("description") else []
    if "properties" not in record:
        return [*lines, value(record), ""]
    needed = record.get("required", [])
    lines += ["| key | value | without it |", "|---|---|---|"]
    for key, entry in record.get("properties", {}).items():
        absent = "needed" if key in needed else default(entry)
        lines.append(f"| `{key}` | {cell(value(entry))} | {cell(absent)} |")
    return [*lines, ""]


def default(entry: Schema) -> str:
    """Return what holds where a key is absent."""
    given = entry.get("default")
    return "" if given is None or given in ({}, []) else f"`{given}`"


def value(entry: Schema) -> str:
    """Return in words what may stand behind a key."""
    if "$ref" in entry:
        return reference(entry["$ref"].rpartition("/")[2])
    if "const" in entry:
        return f"`{entry['const']}`"
    if "enum" in entry:
        return ", ".join(f"`{word}`" for word in entry["enum"])
    for several in ("anyOf", "oneOf"):
        if several in entry:
            kinds = [value(kind) for kind in entry[several] if kind.get("type") != "null"]
            return described(entry, " or ".join(dict.fromkeys(kinds)))
    if set(entry.get("properties", {})) == {"value", "source"}:
        return described(entry, f"{value(entry['properties']['value'])}, with its source")
    kind = entry.get("type", "any")
    if kind == "array":
        return described(entry, f"list of {value(entry.get('items', {}))}")
    if kind == "object" and isinstance(entry.get("additionalProperties"), dict):
        return described(entry, f"table, each entry {value(entry['additionalProperties'])}")
    return described(entry, str(kind))


def described(entry: Schema, kind: str) -> str:
    """Return the description of an entry where it has one, else its kind; an example beside it."""
    words = entry.get("description") or kind
    examples = entry.get("examples")
    return f"{words}, as `{examples[0]}`" if examples else words


def reference(name: str) -> str:
    """Return a link to the table of a record; of one that pydantic made by itself of a type the bare name."""
    if "__" in name:
        return f"`{re.sub('_annotated.*', '', name).rpartition('__')[2]}`"
    return f"[{name}](#{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')})"


def cell(text: str) -> str:
    """Return a text that can stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")
