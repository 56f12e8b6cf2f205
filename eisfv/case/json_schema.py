"""The JSON schemas of the files, from the records that read them: for editors that complete and check TOML.

An editor sees names, kinds and examples; whether figures fit one another is said by `eisfv check` alone.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from eisfv.case.calibrate_schema import Calibrate
from eisfv.case.curve_files import KINDS
from eisfv.model.case_file import CASE
from eisfv.model.fields import Number, Unit, Whole
from eisfv.model.materials import MATERIAL, Mention
from eisfv.model.spikes import SpikePairs, Spikes
from eisfv.model.waveforms import Constant
from eisfv.units import DIMENSIONS

DIALECT = "http://json-schema.org/draft-07/schema#"  # what Taplo reads


class _Schema(GenerateJsonSchema):
    """Says of a quantity that it is a text with a unit, of a number its bounds."""

    def function_plain_schema(self, schema: Any) -> dict[str, Any]:
        mark = getattr(schema["function"]["function"], "__self__", None)
        if isinstance(mark, Unit):
            dimension = DIMENSIONS[mark.dimension]
            return {"type": "string", "description": f"{mark.dimension} with its unit", "examples": [dimension.example]}
        if isinstance(mark, Whole):
            return {"type": "integer", "minimum": mark.low, "maximum": mark.high}
        if isinstance(mark, Number):
            ends = ("minimum", "maximum") if mark.closed else ("exclusiveMinimum", "exclusiveMaximum")
            bounds = {end: value for end, value in zip(ends, (mark.low, mark.high), strict=True) if value is not None}
            return {"type": "number", **bounds}
        if isinstance(mark, Mention):
            return {"type": "string", "description": "a material of the library, or a .toml file beside the case"}
        return {}

    def dataclass_schema(self, schema: Any) -> dict[str, Any]:
        found, record = super().dataclass_schema(schema), schema["cls"]
        fields = found.get("properties", {})
        if record is Constant:  # in a file its level alone, or its table
            return {"anyOf": [fields["level"], found]}
        for name in getattr(record, "BESIDE", ()):
            fields.pop(name, None)
        flat = getattr(record, "FLAT", None)
        if flat is not None:  # the keys of one of several records stand in the table itself
            fields.pop(flat)
            found.pop("additionalProperties")
            found["required"] = [name for name in found["required"] if name != flat]
        return found

    def default_schema(self, schema: Any) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])  # a default is a record, and an editor has no use for it


def schema_of(record: Any, title: str) -> dict[str, Any]:
    """Return the JSON schema of a record, a table or a TypeAdapter."""
    adapter = record if isinstance(record, TypeAdapter) else TypeAdapter(record)
    found = adapter.json_schema(schema_generator=_Schema, ref_template="#/$defs/{model}")
    return {**found, "$schema": DIALECT, "title": title}


def case_schema() -> dict[str, Any]:
    """Return the schema of case.toml; its materials are named, or tables of their own, and it may be fitted."""
    found = schema_of(CASE, "eisfv case")
    fitted = schema_of(Calibrate, "")
    found["$defs"] |= fitted.pop("$defs")
    found["properties"]["calibrate"] = {key: item for key, item in fitted.items() if key[0] != "$" and key != "title"}
    _with_files(found)
    _with_words(found)
    return found


def material_schema() -> dict[str, Any]:
    """Return the schema of a material file."""
    found = schema_of(MATERIAL, "eisfv material")
    _with_files(found)
    return found


def calibrate_schema() -> dict[str, Any]:
    """Return the schema of the [calibrate] table of a case."""
    return schema_of(Calibrate, "eisfv calibrate")


def _with_files(found: dict[str, Any]) -> None:
    """Let the tables of a host's curves be files as well."""
    definitions = found["$defs"]
    for name, kind in KINDS.items():
        define(definitions, kind.record)
        place = definitions["Host"]["properties"]
        place[name] = {"anyOf": [place[name], {"$ref": f"#/$defs/{kind.record.__name__}"}]}


def define(definitions: dict[str, Any], record: type) -> None:
    """Put the schema of a record beside others, by its name."""
    own = schema_of(record, record.__name__)
    definitions |= own.pop("$defs", {})
    own.pop("$schema")
    definitions[record.__name__] = own


def _with_words(found: dict[str, Any]) -> None:
    """Let in what is read before the records are made: spikes, what a measure varies, curves from files, the
    words of a device's own pulse, and steps as long as their waveform."""
    definitions = found["$defs"]
    for record in (Spikes, SpikePairs):
        define(definitions, record)
    definitions["OfPre"] = {"enum": ["pre", "-pre"]}
    for name, tag in (("CsvShape", "shape"), ("CsvWaveform", "waveform")):
        words = {tag: {"const": "csv"}, "file": {"type": "string"}, "column": {"type": "string"}}
        definitions[name] = {
            "type": "object",
            "properties": words,
            "required": [tag, "file"],
            "additionalProperties": False,
        }
    found["properties"]["spikes"] = {"$ref": "#/$defs/Spikes"}
    definitions["Measure"]["properties"]["vary"] = {"type": "object", "additionalProperties": {"type": "array"}}
    for step in ("VoltageStep", "CurrentStep"):
        definitions[step]["required"].remove("duration")
    for step, word in (("VoltageStep", "pulse"), ("VoltageTrain", "pulse"), ("OpenCircuitStep", "rest")):
        drive = definitions[step]["properties"]["drive"]
        drive["enum"] = [drive.pop("const"), word]
    _beside(found, {"Block": "SpikePairs", "Biphasic": "CsvShape", "PiecewiseLinear": "CsvWaveform"})


def _beside(node: Any, others: Mapping[str, str]) -> None:
    """Put another choice beside a definition in every list of choices below a node."""
    for choices in [node["oneOf"]] if isinstance(node, dict) and "oneOf" in node else []:
        names = [str(choice.get("$ref", "")) for choice in choices]
        for name, other in others.items():  # a record with parameters has a long name
            if any(re.search(rf"(/|__){name}(_|$)", known) for known in names):
                choices.append({"$ref": f"#/$defs/{other}"})
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _beside(inner, others)
