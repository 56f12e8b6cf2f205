"""The schemas for editors: every shipped file fits its own, a misspelt one does not."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from eisfv.case.file_tree import read_toml
from eisfv.case.json_schema import calibrate_schema, case_schema, material_schema, schema_of
from eisfv.materials import library
from eisfv.postprocess.quantities.expected import json_schema as expected_schema
from eisfv.sweeping.schema import SweepFile

CASES = Path(__file__).parents[2] / "cases"
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}


def fits(value: Any, schema: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Return whether a value fits, by the words of JSON schema that ours have."""
    if "$ref" in schema:
        return fits(value, whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole)
    if "anyOf" in schema and not any(fits(value, one, whole) for one in schema["anyOf"]):
        return False
    if "oneOf" in schema and sum(fits(value, one, whole) for one in schema["oneOf"]) != 1:
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if kinds and not any(kind in TYPES and isinstance(value, TYPES[kind]) for kind in kinds):
        return False
    if isinstance(value, list):
        return all(fits(item, schema.get("items", {}), whole) for item in value)
    if not isinstance(value, dict):
        return True
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    if any(key not in value for key in schema.get("required", ())):
        return False
    rest = {} if isinstance(others, bool) else others
    if others is False and set(value) - set(known):
        return False
    return all(fits(item, known.get(key, rest), whole) for key, item in value.items())


def check(files: list[Path], schema: dict[str, Any]) -> None:
    assert files
    assert [str(file) for file in files if not fits(read_toml(file), schema, schema)] == []
    misspelt = deepcopy(read_toml(files[0]))
    misspelt["tilte"] = "x"
    assert not fits(misspelt, schema, schema)


def shipped(name: str) -> list[Path]:
    return sorted([*CASES.glob(f"*/{name}"), *CASES.glob(f"table1/*/{name}")])


def test_every_shipped_case_fits() -> None:
    check(shipped("case.toml"), case_schema())


@pytest.mark.parametrize(
    ("changes", "fit"),
    [
        ({}, True),
        ({"spikes": {"pre": {"shape": "csv", "file": "spike.csv"}}}, True),
        ({"spikes": {"pre": {"shape": "csv", "fil": "spike.csv"}}}, False),
        ({"spikes": {"post": "minus pre"}}, False),
        ({"spikes": {"reed": "last 1 s"}}, False),
        ({"protocol": [{"drive": "voltage", "value": {"waveform": "csv", "file": "a.csv", "column": "V"}}]}, True),
        ({"protocol": [{"drive": "voltage", "value": {"waveform": "csv", "column": "V"}}]}, False),
        ({"protocol": [{"steps": [{"drive": "spikes", "intervals": ["1 ms"], "post": "pre"}]}]}, True),
        ({"protocol": [{"drive": "spikes", "interval": ["1 ms"]}]}, False),
        (
            {"device": {"contact": {"gate": {"drive": "spikes", "intervals": ["1 ms"]}, "channel": {"kind": "ohmic"}}}},
            False,
        ),
    ],
)
def test_words_that_are_read_before_the_records_fit(changes: dict[str, Any], fit: bool) -> None:
    tree, schema = read_toml(CASES / "h_ysz_stdp" / "case.toml"), case_schema()
    for key, value in changes.items():
        tree[key] = {**tree[key], **value} if isinstance(value, dict) else value
    assert fits(tree, schema, schema) is fit


def test_every_material_fits() -> None:
    check([library.path(name) for name in library.names()], material_schema())


def test_every_expected_toml_fits() -> None:
    check(shipped("expected.toml"), expected_schema())


def test_an_expected_value_may_be_read_off_a_curve() -> None:
    schema, expected = expected_schema(), read_toml(CASES / "mg_wo3_pulses" / "expected.toml")
    curve = {"reduce": "y_at", "against": "x_channel", "at": 0.2}
    for more in (curve, {**curve, "at": "1 uS"}, {"reduce": "ratio_nth_first", "nth": 2}):
        assert fits({"quantity": [{**expected["quantity"][0], **more}]}, schema, schema), more
    for more in ({**curve, "reduce": "z_at"}, {"reduce": "ratio_nth_first", "nth": "2"}):
        assert not fits({"quantity": [{**expected["quantity"][0], **more}]}, schema, schema), more


def test_every_sweep_fits() -> None:
    check(sorted(CASES.glob("sweeps/*/sweep.toml")), schema_of(SweepFile, "sweep"))


def test_a_calibrate_table_fits() -> None:
    table = read_toml(CASES / "mg_calibration" / "case.toml")["calibrate"]
    schema = calibrate_schema()
    assert fits(table, schema, schema)
    assert not fits({**table, "parameters": []}, schema, schema)


@pytest.mark.parametrize("kind", ["open_circuit", "conductivity"])
def test_a_curve_may_be_a_file_but_no_other_table(kind: str) -> None:
    schema, host = material_schema(), read_toml(library.path("mg_wo3"))
    host[kind] = {"form": "table", "table": "curve.csv", "source": "measured"}
    assert fits(host, schema, schema)
    assert not fits({**host, kind: {**host[kind], "tabel": "curve.csv"}}, schema, schema)
    assert not fits({**host, kind: {**host[kind], "form": "csv"}}, schema, schema)


def test_a_quantity_is_a_text() -> None:
    schema, case = case_schema(), read_toml(CASES / "mg_wo3_pulses" / "case.toml")
    case["device"]["temperature"] = 300.0
    assert not fits(case, schema, schema)
