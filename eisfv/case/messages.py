"""What pydantic found, said in the user's keys: where it is, what is wrong, what to write instead."""

import re
from collections.abc import Sequence
from typing import Any, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from eisfv.case.examples import either, example
from eisfv.case.problems import ABSENT, Key, Problem, did_you_mean, quoted
from eisfv.case.schema_types import alternatives, fields_of, keys_of, members, record_of, tags
from eisfv.model.fields import Sourced, names_of
from eisfv.model.record import Reading

EXPECTED = {
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "dict_type": "must be a table",
    "dataclass_type": "must be a table",
    "list_type": "must be a list in [ ]",
    "tuple_type": "must be a list in [ ]",
    "string_type": "must be text in quotes",
    "string_too_short": "must not be empty",
    "bool_type": "must be true or false",
}
MOST = 50  # faults that are told at once
# Faults that are told where they are: a reference to a material that there is not, or that is faulty itself.
TOLD = ("unknown_material",)
TRAIN = ["voltage", "current"]
FROM_FILES = ("shape", "waveform")  # words whose csv is read before the records are made


def problems(error: ValidationError, model: Any, tree: Any) -> list[Problem]:
    """Return one problem for each fault that a record or table found in a tree."""
    faults = [fault for fault in error.errors(include_url=False) if fault["type"] not in TOLD]
    found = [_problem(dict(fault), model, tree) for fault in faults[:MOST]]
    if len(faults) > MOST:
        found.append(Problem((), f"has {len(faults) - MOST} more faults; these are told when the first are gone"))
    return found


def validated(record: Any, given: Any, key: Key) -> tuple[Any, list[Problem]]:
    """Return the record of a table of a file at a key, or what is wrong with it."""
    try:
        return TypeAdapter(record).validate_python(given, context=Reading()), []
    except ValidationError as error:
        return None, [Problem((*key, *p.key), p.message, p.value) for p in problems(error, record, given)]


def _problem(fault: dict[str, Any], model: Any, tree: Any) -> Problem:
    kind, context, value = fault["type"], fault.get("ctx", {}), fault["input"]
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        key, types = _walk(model, fault["loc"][:-1], tree)
        word = fault["loc"][-1]
        known = sorted({name for t in types for member in members(t) for name in keys_of(member)})
        known = known or sorted(Sourced.KEYS)  # the one table that is no record: a value of a material
        return Problem((*key, word), "is not a known key" + did_you_mean(word, known))
    key, types = _walk(model, fault["loc"], tree)
    if kind == "missing":
        fields = [found for t in types for m in members(t) if (found := fields_of(m).get(str(key[-1]))) is not None]
        return Problem(key, f"is missing; add for example {example(key, fields[0] if fields else None)}")
    if kind == "union_tag_not_found":
        name = context["discriminator"].strip("'")
        if not isinstance(value, dict):
            return Problem(key, f"must be a table with {name}", value)
        records = [record_of(member) for t in types for member in members(t)]
        choices = [choice for record in records if name in fields_of(record) for choice in names_of(record, name)]
        return Problem((*key, name), f"is missing; add for example {name} = {either(choices)}")
    if kind in ("union_tag_invalid", "literal_error"):
        choices = re.findall(r"'([^']*)'", context.get("expected_tags") or context["expected"])
        if kind == "union_tag_invalid":
            key, value = (*key, context["discriminator"].strip("'").removesuffix("()")), context["tag"]
            choices += ["csv"] if key[-1] in FROM_FILES else []
            if key[-1] == "drive" and key[0] != "pulse":
                # Written out before the records are made.
                choices += ["pulse"] if choices == TRAIN else ["pulse", "rest", "spikes"]
        hint = did_you_mean(value, choices)
        hint = hint if "?" in hint else ""
        if kind == "union_tag_invalid" and choices == [*TRAIN, "pulse"]:
            hint = f'; a rest is an entry of its own, with drive = "open_circuit"{hint}'
        return Problem(key, f"is not one of {quoted(choices)}{hint}", value)
    if kind in ("too_short", "too_long"):
        bound = context.get("min_length", context.get("max_length"))
        if kind == "too_long":
            return Problem(key, f"has {context['actual_length']} entries; take {bound} at most")
        return Problem(key, "must not be empty" if bound == 1 else f"must have {bound} entries", value)
    return Problem(key, EXPECTED.get(kind, fault["msg"]), ABSENT if value is None else value)


def _walk(model: Any, loc: Sequence[str | int], tree: Any) -> tuple[Key, list[Any]]:
    """Follow a pydantic location through the tree; return the user's key and the types that may stand there.

    A location names the chosen member of a union too, which is no key of the file: it is what the tree does not have.
    Nor is the field of a record whose keys stand in the table itself, and nothing is below a text.
    """
    key: Key = ()
    types: list[Any] = [model]
    node = tree
    owners: list[Any] = []
    for part in loc:
        if flat := [t for t in types if getattr(record_of(t), "FLAT", None) == part]:
            owners, types = flat, _below(flat, part)
        elif _holds(node, part):
            node, types, key = node[part], _below(types, part), (*key, part)
        elif chosen := [t for t in types if part in tags(t)]:
            owners, types = [], [member for t in chosen for member in members(t)] + owners
        elif not isinstance(part, str) or isinstance(node, dict):
            key = (*key, part)
    return key, types


def _holds(node: Any, part: str | int) -> bool:
    return part in node if isinstance(node, dict) else isinstance(node, list) and isinstance(part, int)


def _below(types: Sequence[Any], part: str | int) -> list[Any]:
    """Return the types of an entry: a field of a record, a value of a dict, an item of a list."""
    found: list[Any] = []
    for candidate in (member for t in types for member in members(t)):
        if part in fields_of(candidate):
            found += alternatives(fields_of(candidate)[str(part)].rebuild_annotation())
        elif get_origin(candidate) is dict:
            found += alternatives(get_args(candidate)[1])
        elif get_origin(candidate) in (list, tuple):
            found += alternatives(get_args(candidate)[0])
    return found
