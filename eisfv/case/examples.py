"""What to write for a key that is missing, as its field has it."""

import tomllib
from collections.abc import Sequence
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from eisfv.case.problems import Key
from eisfv.case.schema_types import is_union
from eisfv.model.fields import Number, Sourced, Unit, Whole
from eisfv.model.record import Reading
from eisfv.units import DIMENSIONS

# By the last name of a key, or its last two, where the field does not tell enough; "with" introduces a table.
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
    "from": 'from = "0 V" for a voltage, "0 A" for a current',
    "to": 'to = "1 V" for a voltage, "1 uA" for a current',
    "rate": 'rate = "50 mV/s" for a voltage, "1 uA/s" for a current',
    "amplitude": 'amplitude = "10 mV" for a voltage, "1 uA" for a current',
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
    "statistics": 'statistics = "lattice", "dilute", "ohmic", "bound" or "solvated"',
    "form": 'form = "analytic", "percolation" or "table"',
    "diffusion.form": 'form = "constant" or "table"',
    "t0": 't0 = { value = "200 K", source = "where it is from" }',
    "sha256": 'sha256 = "64 hexadecimal digits"',
    "back_gate": 'back_gate = { capacitance = "11.5 nF/cm^2", voltage = "10 V" }',
    "back_gate.capacitance": 'capacitance = "11.5 nF/cm^2"',
    "back_gate.voltage": 'voltage = "10 V"',
    "loss": 'loss = { rate = "1 nm/s" }',
    "loss.rate": 'rate = "1 nm/s"',
    "of": 'of = "Mg"',
    "diffusion.of": 'of = "tracer" or "chemical"',
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
    "species": '[species.Mg] with charge = 2, statistics = "lattice"',
    "open_circuit": '[open_circuit] with form = "analytic" or "table"',
    "conductivity": '[conductivity] with form = "percolation" or "table"',
    "profile": 'profile = "exchange_current.csv"',
    "key": 'key = "device.region.channel.thickness", as --set takes it',
}


def example(key: Key, field: FieldInfo | None = None) -> str:
    """Return what to write for a missing key: of EXAMPLES what its field takes, else what its field says itself."""
    text = EXAMPLES.get(".".join(str(part) for part in key[-2:]), EXAMPLES.get(str(key[-1])))
    own = None if field is None else value_example(field.rebuild_annotation())
    if text is not None and (own is None or field is None or fits(text, field)):
        return text
    return f"{key[-1]} = {own}" if own is not None else str(key[-1])


def value_example(annotation: Any) -> str | None:
    """Return a value that a type takes, as a file has it; None where that is a table or any text."""
    if get_origin(annotation) is Annotated:
        marks = annotation.__metadata__
        if any(isinstance(mark, Sourced) for mark in marks):
            rest = tuple(mark for mark in marks if not isinstance(mark, Sourced))
            inner = value_example(Annotated[(annotation.__origin__, *rest)] if rest else annotation.__origin__)
            return f'{{ value = {inner}, source = "where it is from" }}'
        for mark in marks:
            if isinstance(mark, Unit):
                return f'"{DIMENSIONS[mark.dimension].example}"'
            if isinstance(mark, Number | Whole):
                return mark.example
        return value_example(annotation.__origin__)
    if is_union(annotation):
        return next((found for member in get_args(annotation) if (found := value_example(member)) is not None), None)
    if get_origin(annotation) is tuple:
        inner = value_example(get_args(annotation)[0])
        return None if inner is None else f"[{inner}, ...]"
    if get_origin(annotation) is Literal:
        return either(get_args(annotation))
    return None


def either(choices: Sequence[str]) -> str:
    """Return words as a choice: "a", "b" or "c"."""
    names = [f'"{choice}"' for choice in dict.fromkeys(choices)]
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)


def fits(text: str, field: FieldInfo) -> bool:
    """Return whether an example is what a field takes."""
    try:
        (value,) = tomllib.loads(text).values()
        TypeAdapter(field.rebuild_annotation()).validate_python(value, context=Reading())
    except (tomllib.TOMLDecodeError, ValidationError, ValueError):
        return False
    return True
