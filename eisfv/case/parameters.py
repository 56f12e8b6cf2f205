"""The numbers of a case that a device is made of, each under the key that `--set` takes."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from eisfv.case.case import Case
from eisfv.case.file_tree import Override
from eisfv.case.loading import resolve
from eisfv.case.problems import Key, key_text
from eisfv.units import DIMENSIONS, NUMBER, UnitError, parse

TABLES = ("device", "readout", "material")
SPECIES = 3  # place of the name in material.x.species.Mg.concentration


@dataclass(frozen=True)
class Parameter:
    """A number other than 0, as it is written but for a temperature, which is in K; "" for none: its unit.

    others  numbers that go with it by the same factor
    """

    key: Key
    value: float
    unit: str
    others: "tuple[Parameter, ...]" = ()

    @property
    def name(self) -> str:
        """Return the key as --set takes it; of several, with the species that they are of."""
        if not self.others:
            return key_text(self.key)
        species = ", ".join(str(each.key[SPECIES]) for each in (self, *self.others))
        return f"{key_text(self.key[:SPECIES])}.({species}).{self.key[-1]}"

    def text(self, factor: float = 1.0) -> str | float:
        """Return the value times a factor, as a case file has it."""
        value = self.value * factor
        return f"{value!r} {self.unit}" if self.unit else value


def parameters(case: Case) -> list[Parameter]:
    """Return the numbers of device, read-out and materials; not whole ones (charges), nor those of lists and curves.
    The concentrations of a salt go together, as its bulk is neutral."""
    found = [each for name in TABLES for each in _below(case.resolved.get(name), (name,))]
    salts: dict[Key, list[Parameter]] = {}
    for each in found:
        if each.key[0] == "material" and each.key[-1] == "concentration":
            salts.setdefault(each.key[:SPECIES], []).append(each)
    ions = {each.key for salt in salts.values() for each in salt}
    alone = [each for each in found if each.key not in ions]
    return alone + [replace(first, others=tuple(rest)) for first, *rest in salts.values()]


def _below(node: Any, key: Key) -> Iterator[Parameter]:
    if isinstance(node, Mapping):
        if "value" in node and "source" in node:
            node = node["value"]
        else:
            for name, entry in node.items():
                yield from _below(entry, (*key, name))
            return
    if isinstance(node, list):
        for index, entry in enumerate(node):
            if isinstance(entry, Mapping):
                yield from _below(entry, (*key, index))
        return
    found = _number(node)
    if found is not None and found[0] != 0.0:
        yield Parameter(key, *found)


def _number(entry: Any) -> tuple[float, str] | None:
    """Return the number and the unit of an entry, None where it is no such."""
    if isinstance(entry, float) and not isinstance(entry, bool):
        return float(entry), ""
    match = NUMBER.fullmatch(entry) if isinstance(entry, str) else None
    if match is None:
        return None
    for dimension in DIMENSIONS:
        try:
            value = parse(entry, dimension)
        except UnitError:
            continue
        return (value, "K") if dimension == "temperature" else (float(match[1]), match[2].strip())
    return None


def with_factor(case: Case, parameter: Parameter, factor: float) -> Case:
    """Return the case with a parameter times a factor. Raises CaseError."""
    settings = [
        Override(each.key, each.text(factor), parameter.name, "moved") for each in (parameter, *parameter.others)
    ]
    return resolve(deepcopy(case.resolved), case.directory, parameter.name, settings)
