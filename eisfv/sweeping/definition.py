"""What is made of a run: records of a sweep can be used as long as they hold what its file asks for."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256

from eisfv.postprocess.quantities.expected import Quantity
from eisfv.sweeping.plan import Plan, Traces

# What a quantity is called and held against does not change its value.
WORDS = ("name", "label", "unit", "note", "value", "tolerance", "factor", "bound", "kind", "source")


@dataclass(frozen=True)
class Definition:
    """Short hashes: of each quantity by its name, and of the traces ("" for none)."""

    quantities: Mapping[str, str]
    traces: str

    def covers(self, wanted: "Definition") -> bool:
        """Return whether records of this definition hold all that another one wants."""
        have = self.quantities
        return wanted.traces in ("", self.traces) and all(have.get(n) == h for n, h in wanted.quantities.items())


def definition_of(plan: Plan) -> Definition:
    """Return what a plan makes of its runs."""
    return definition(plan.quantities, plan.traces)


def definition(quantities: Sequence[Quantity], traces: Traces | None) -> Definition:
    """Return the definition of quantities and traces; a ratio depends on what it is a ratio to."""
    own = {quantity.name: content(quantity) for quantity in quantities}
    full = {q.name: [own[q.name], own.get(q.ratio_to)] for q in quantities}
    kept = None if traces is None else [traces.columns, traces.samples, traces.scale]
    return Definition({name: digest(value) for name, value in full.items()}, "" if kept is None else digest(kept))


def content(quantity: Quantity) -> dict[str, object]:
    """Return what of a quantity its value depends on."""
    values = {field.name: getattr(quantity, field.name) for field in fields(quantity) if field.name not in WORDS}
    return {name: getattr(value, "text", value) for name, value in values.items()}


def digest(value: object) -> str:
    """Return a short hash of plain values."""
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
