"""What the tables of a case must be together: regions, read-out, mesh, protocol.

Works on the tree as it was read, so that these faults are reported beside those of the schema, not after them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from eisfv.case import lateral, section_keys
from eisfv.case.joints import contact_faults, interface_faults
from eisfv.case.layout import Layout
from eisfv.case.material_file import charge_faults
from eisfv.case.problems import Key, Problem, did_you_mean, quoted
from eisfv.case.tree import rows, table
from eisfv.materials.records import AnalyticOpenCircuit, Electrode, Material
from eisfv.units import UnitError, parse

Materials = Mapping[str, Material | Electrode | None]


def find(tree: Mapping[str, Any], materials: Materials, layout: Layout) -> Iterator[Problem]:
    """Yield every fault between tables. `materials` by reference; None where the material itself is faulty."""
    yield from section_keys.faults(tree)
    regions = rows(tree, "device", "region")
    names = [str(region.get("name", "")) for region in regions]
    stack = []
    for index, region in enumerate(regions):
        key: Key = ("device", "region", index)
        if "name" in region and names[index] in names[:index]:
            yield Problem((*key, "name"), "is taken by another region; give each its own name", names[index])
        material = materials.get(str(region.get("material")))
        if isinstance(material, Electrode):
            remedy = 'is an electrode, which has no inside; use it in a contact of kind = "reactive"'
            yield Problem((*key, "material"), remedy, region["material"])
            material = None
        elif material is not None:
            yield from _region_faults(key, region, material)
        stack.append(material)
    if not names or "" in names:
        return  # without the regions' names every mention of one would be a fault; the schema says what they lack
    yield from interface_faults(tree, names, stack, layout.pairs)
    yield from contact_faults(tree, stack, materials, {"gate": layout.gate, "channel": layout.channel})
    yield from lateral.faults(tree, names, layout)
    yield from _readout_faults(tree, names, stack)
    for name in table(tree, "mesh", "cells"):
        if name not in names:
            yield Problem(("mesh", "cells", name), f"is not a region{did_you_mean(name, names)}")


def _region_faults(key: Key, region: Mapping[str, Any], material: Material) -> Iterator[Problem]:
    initial = table(region, "initial")
    x, own = initial.get("x"), table(initial, "concentration")
    if material.host is not None:
        ion = next(species for species in material.species if species.name == material.host.ion)
        if x is None:
            yield Problem((*key, "initial", "x"), f'is missing: "{material.name}" is a host; add for example x = 0.1')
        elif isinstance(x, int | float) and isinstance(material.host.open_circuit, AnalyticOpenCircuit):
            full = 1.0 / ion.charge if material.host.open_circuit.polarons else 1.0
            if full <= x < 1.0:
                remedy = (
                    f"must be below {full:g}: each {ion.name} brings {ion.charge} electrons and each metal holds one"
                )
                yield Problem((*key, "initial", "x"), remedy, x)
        if own:
            remedy = "does not belong to a host, whose composition is x; remove it"
            yield Problem((*key, "initial", "concentration"), remedy)
        if region.get("electroneutral"):
            yield Problem((*key, "electroneutral"), "is for electrolytes; remove it from a host", True)
        return
    if x is not None:
        remedy = "does not belong to an electrolyte; remove it, or set initial.concentration.NAME"
        yield Problem((*key, "initial", "x"), remedy, x)
    mobile = [species.name for species in material.species if species.statistics != "ohmic"]
    for name in own:
        if name not in mobile:
            remedy = f'is not a mobile species of "{material.name}"{did_you_mean(name, mobile)}'
            yield Problem((*key, "initial", "concentration", name), remedy)
    if own and set(own) <= set(mobile):
        try:
            concentration = {name: parse(value, "concentration") for name, value in own.items()}
        except UnitError:
            return  # the schema says it
        for sentence in charge_faults(material, concentration):
            yield Problem((*key, "initial", "concentration"), sentence)


def _readout_faults(tree: Mapping[str, Any], names: list[str], stack: list[Material | None]) -> Iterator[Problem]:
    hosts = [name for name, material in zip(names, stack, strict=True) if material is None or material.host is not None]
    if "readout" not in tree:
        for key, step in _steps(tree):
            if "read" in step:
                what = "the length and width of" if section_keys.kind_of(tree) == "none" else "the name of"
                remedy = f"needs a [readout] table with {what} the read-out region"
                yield Problem((*key, "read"), remedy, step["read"])
                return
        return
    region = table(tree, "readout").get("region")
    if region is None and not hosts:
        yield Problem(("readout",), "has no host to read: every region is an electrolyte; remove it")
    elif isinstance(region, str) and region not in hosts:
        what = "is not a host" if region in names else "is not a region"
        hint = f"; hosts are {quoted(hosts)}" if region in names and hosts else did_you_mean(region, hosts)
        yield Problem(("readout", "region"), what + hint, region)


def _steps(tree: Mapping[str, Any], name: str = "protocol") -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Yield every step and block of the protocol, those inside a block as well."""
    for index, entry in enumerate(rows(tree, name)):
        yield (name, index), entry
        yield from (((name, index, *key), step) for key, step in _steps(entry, "steps"))
