"""What pydantic found, said in the user's keys: where it is, what is wrong, what to write instead."""

import re
from collections.abc import Sequence
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError

from eisfv.case.problems import ABSENT, Key, Problem, did_you_mean, quoted

# What to write for a key that is missing, by its last name, or its last two.
EXAMPLES = {
    "case": '[case] with title = "..."',
    "title": 'title = "ten pulses of 10 uA"',
    "device": "[device] with temperature, area, regions and contacts",
    "temperature": 'temperature = "298.15 K"',
    "area": 'area = "0.6 cm^2"',
    "region": '[[device.region]] with name = "channel", material = "mg_wo3", thickness = "80 nm"',
    "name": 'name = "channel"',
    "material": 'material = "mg_wo3"',
    "thickness": 'thickness = "80 nm"',
    "contact": '[device.contact.gate] with kind = "ohmic"',
    "gate": '[device.contact.gate] with kind = "ohmic"',
    "channel": '[device.contact.channel] with kind = "ohmic"',
    "kind": 'kind = "ohmic"',
    "law": 'law = "butler_volmer"',
    "between": 'between = ["electrolyte", "channel"]',
    "exchange_current": 'exchange_current = "0.1 uA/cm^2"',
    "electrode": 'electrode = "pd_hx"',
    "length": 'length = "100 um"',
    "width": 'width = "500 um"',
    "protocol": '[[protocol]] with drive = "voltage", value = "0.5 V", duration = "500 ms"',
    "steps": 'steps = [{ drive = "open_circuit", duration = "10 s" }]',
    "drive": 'drive = "voltage", "current" or "open_circuit"',
    "duration": 'duration = "500 ms"',
    "value": 'value = "0.5 V" for a voltage, "10 uA" for a current',
    "times": 'times = ["0 s", "1 ms"]',
    "levels": 'levels = ["0 V", "1 V"]',
    "every": 'every = "1 s"',
    "at": 'at = ["end of pulse"]',
    "log": 'log = { first = "1 us", per_decade = 10 }',
    "first": 'first = "1 us"',
    "per_decade": "per_decade = 10",
    "source": 'source = "where the value is from"',
    "ion": 'ion = "Mg"',
    "charge": "charge = 1",
    "statistics": 'statistics = "lattice", "dilute" or "ohmic"',
    "form": 'form = "analytic", "percolation" or "table"',
    "depth": 'depth = "500 um"',
    "x": 'x = ["2 um", "18 um"]',
    "y": 'y = ["0 nm", "80 nm"]',
    "section.contact": '[device.section.contact.gate] with region = "reservoir", edge = "top"',
    "exchange_current.value": 'value = ["0.1 uA/cm^2", "0.05 uA/cm^2"]',
    "stern_capacitance.value": 'value = ["10 uF/cm^2", "5 uF/cm^2"]',
    "good": 'good = "0.1 uA/cm^2"',
    "poor": 'poor = "0.001 uA/cm^2"',
    "stern_capacitance.good": 'good = "10 uF/cm^2"',
    "stern_capacitance.poor": 'poor = "0.1 uF/cm^2"',
    "patch": 'patch = "10 um"',
    "share": "share = 0.3",
    "seed": "seed = 1",
}
EXPECTED = {
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "dict_type": "must be a table",
    "list_type": "must be a list in [ ]",
    "string_type": "must be text in quotes",
    "string_too_short": "must not be empty",
    "bool_type": "must be true or false",
}


def problems(error: ValidationError, model: type[BaseModel], tree: Any) -> list[Problem]:
    """Return one problem for each fault that a model found in a tree."""
    return [_problem(dict(fault), model, tree) for fault in error.errors(include_url=False)]


def _problem(fault: dict[str, Any], model: type[BaseModel], tree: Any) -> Problem:
    kind, context, value = fault["type"], fault.get("ctx", {}), fault["input"]
    if kind == "extra_forbidden":
        key, types = _walk(model, fault["loc"][:-1], tree)
        word = fault["loc"][-1]
        known = sorted({name for t in types if issubclass(t, BaseModel) for name in t.model_fields})
        return Problem((*key, word), "is not a known key" + did_you_mean(word, known))
    key, _ = _walk(model, fault["loc"], tree)
    if kind == "missing":
        return Problem(key, f"is missing; add for example {example(key)}")
    if kind == "union_tag_not_found":
        name = context["discriminator"].strip("'")
        if not isinstance(value, dict):
            return Problem(key, f"must be a table with {name}", value)
        return Problem((*key, name), f"is missing; add for example {EXAMPLES[name]}")
    if kind in ("union_tag_invalid", "literal_error"):
        choices = re.findall(r"'([^']*)'", context.get("expected_tags") or context["expected"])
        if kind == "union_tag_invalid":
            key, value = (*key, context["discriminator"].strip("'")), context["tag"]
        hint = did_you_mean(value, choices)
        return Problem(key, f"is not one of {quoted(choices)}" + (hint if "?" in hint else ""), value)
    if kind in ("too_short", "too_long"):
        bound = context.get("min_length", context.get("max_length"))
        return Problem(key, "must not be empty" if bound == 1 else f"must have {bound} entries", value)
    return Problem(key, EXPECTED.get(kind, fault["msg"]), ABSENT if value is None else value)


def example(key: Key) -> str:
    """Return what to write for a missing key."""
    return EXAMPLES.get(".".join(str(part) for part in key[-2:]), EXAMPLES.get(str(key[-1]), str(key[-1])))


def _walk(model: type[BaseModel], loc: Sequence[str | int], tree: Any) -> tuple[Key, list[type]]:
    """Follow a pydantic location through the tree; return the user's key and the types that may stand there.

    A location names the chosen member of a union too, which is no key of the file: it is what the tree does not have.
    """
    key: Key = ()
    types: list[type] = [model]
    node = tree
    for part in loc:
        if _holds(node, part):
            node, types, key = node[part], _below(types, part), (*key, part)
        elif chosen := [t for t in types if part in _tags(t)]:
            types = [member for t in chosen for member in _members(t)]
        else:
            key = (*key, part)
    return key, [t for t in types if isinstance(t, type)]


def _holds(node: Any, part: str | int) -> bool:
    return part in node if isinstance(node, dict) else isinstance(node, list) and isinstance(part, int)


def _below(types: Sequence[Any], part: str | int) -> list[Any]:
    """Return the types of an entry: a field of a model, a value of a dict, an item of a list."""
    found: list[Any] = []
    for candidate in (member for t in types for member in _members(t)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            if part in candidate.model_fields:
                found += _alternatives(candidate.model_fields[str(part)].annotation)
        elif get_origin(candidate) in (dict, list):
            found += _alternatives(get_args(candidate)[-1])
    return found


def _alternatives(annotation: Any) -> list[Any]:
    """Return the members of a union; a member that carries a tag keeps it."""
    if get_origin(annotation) is Annotated and not any(isinstance(mark, Tag) for mark in annotation.__metadata__):
        return _alternatives(annotation.__origin__)
    if get_origin(annotation) in (Union, UnionType):
        return [member for argument in get_args(annotation) for member in _alternatives(argument)]
    return [annotation]


def _members(annotation: Any) -> list[Any]:
    return _alternatives(annotation.__origin__) if get_origin(annotation) is Annotated else [annotation]


def _tags(annotation: Any) -> set[str]:
    """Return the names pydantic gives a member of a union in its locations."""
    marks = annotation.__metadata__ if get_origin(annotation) is Annotated else ()
    tags = {mark.tag for mark in marks if isinstance(mark, Tag)}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for field in annotation.model_fields.values():
            if get_origin(field.annotation) is Literal:
                tags |= set(get_args(field.annotation))
    return tags
