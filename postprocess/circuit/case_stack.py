"""The stack that a resolved case states; where the compact model has no place for it, the reason."""

from collections.abc import Mapping
from typing import Any

from eisfv.postprocess.circuit.conductivity import arrhenius
from eisfv.postprocess.circuit.curves import UnsupportedError, host_curves
from eisfv.postprocess.circuit.stack import Electrolyte, Host, Ion, Joint, Metal, Stack

from eisfv.constants import GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.units import parse

ELECTRON = "electron"


def read_stack(case: Mapping[str, Any]) -> Stack:
    """Return the stack of a resolved case. Raises UnsupportedError with the reason where the compact model has no place
    for it."""
    try:
        return _read(case)
    except (KeyError, TypeError, IndexError, ValueError) as error:
        if isinstance(error, UnsupportedError):
            raise
        why = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise UnsupportedError(f"case.resolved.toml does not state a stack: {why}") from None


def _read(case: Mapping[str, Any]) -> Stack:
    device = case["device"]
    if "section" in device:
        raise UnsupportedError("the device is a section; the compact model is of a stack")
    if "readout" not in case:
        raise UnsupportedError("the case reads no conductance")
    temperature = parse(device["temperature"], "temperature")
    regions = device["region"]
    materials = [case["material"][region["material"]] for region in regions]
    kinds = [material["kind"] for material in materials]
    if kinds not in (["host", "electrolyte", "host"], ["electrolyte", "host"]):
        raise UnsupportedError(f"the stack is {' | '.join(kinds)}; the compact model is of host | electrolyte | host")
    readout = case["readout"]
    if readout["region"] != regions[-1]["name"]:
        raise UnsupportedError("the conductance is not that of the last region")
    if device["contact"]["channel"]["kind"] != "ohmic":
        raise UnsupportedError("the channel's contact is not ohmic")
    channel = _host(regions[-1], materials[-1], temperature)
    name = materials[-1]["ion"]
    joint = _interface(device, regions[-2], regions[-1])
    gate: Host | Metal
    if len(regions) == 3:
        if device["contact"]["gate"]["kind"] != "ohmic":
            raise UnsupportedError("the reservoir's contact is not ohmic")
        gate, first = _host(regions[0], materials[0], temperature), _interface(device, regions[0], regions[1])
        if materials[0]["ion"] != name:
            raise UnsupportedError("the two hosts take different ions")
        gate_joint = _joint(first, _law(first, name), 0.0, temperature)
        leaks = all(_electrons_pass(entry) for entry in (first, joint))
    else:
        contact = device["contact"]["gate"]
        if contact["kind"] != "reactive":
            raise UnsupportedError(f"the gate's contact is {contact['kind']}; it must be a host or reactive")
        electrode = case["material"][contact["electrode"]]
        if electrode["ion"] != name:
            raise UnsupportedError("the gate's contact exchanges another ion than the channel's")
        gate = Metal(_value(electrode["potential"], "voltage"))
        gate_joint = _joint(contact, contact, 1.0, temperature)
        leaks = _electrons_pass(joint)
    return Stack(
        temperature=temperature,
        area=parse(device["area"], "area"),
        series=parse(device.get("series_resistance", "0 ohm"), "resistance"),
        squares=parse(readout["width"], "length") / parse(readout["length"], "length"),
        gate=gate,
        gate_joint=gate_joint,
        electrolyte=_electrolyte(regions[-2], materials[-2], name, leaks, temperature),
        channel_joint=_joint(joint, _law(joint, name), 1.0, temperature),
        channel=channel,
    )


def _host(region: Mapping[str, Any], material: Mapping[str, Any], temperature: float) -> Host:
    ion = material["species"][material["ion"]]
    sites = _value(ion["density"], "concentration")
    background = _value(material["background"], "concentration") / sites if "background" in material else 0.0
    curves = host_curves(material, int(ion["charge"]), background, temperature)
    return Host(
        curves=curves,
        thickness=parse(region["thickness"], "length"),
        x=float(region["initial"]["x"]),
        sites=sites,
        diffusivity=_activated(ion, "diffusivity", temperature),
        permittivity=float(material["relative_permittivity"]["value"]) * VACUUM_PERMITTIVITY,
    )


def _electrolyte(
    region: Mapping[str, Any], material: Mapping[str, Any], name: str, leaks: bool, temperature: float
) -> Electrolyte:
    if region.get("initial", {}).get("concentration"):
        raise UnsupportedError("the electrolyte starts with concentrations of its own")
    ions = []
    leak = 0.0
    for key, entry in material["species"].items():
        if entry["statistics"] == "ohmic":
            if key != ELECTRON:
                raise UnsupportedError(
                    f"{key} is ohmic in the electrolyte; the compact model lets electrons alone leak"
                )
            leak = _activated(entry, "conductivity", temperature) if leaks else 0.0
            continue
        if key == ELECTRON:
            raise UnsupportedError(
                "the electrolyte's electrons carry space charge; the compact model has an ohmic leak"
            )
        if "frumkin" in entry or "sublattice" in entry:
            raise UnsupportedError(f"{key} interacts or shares its sites in the electrolyte")
        concentration = _value(entry["concentration"], "concentration")
        ions.append(
            Ion(
                name=key,
                charge=int(entry["charge"]),
                lattice=entry["statistics"] == "lattice",
                concentration=concentration,
                density=_value(entry["density"], "concentration") if "density" in entry else concentration,
                diffusivity=_activated(entry, "diffusivity", temperature),
                hop=_value(entry["hop_length"], "length") if "hop_length" in entry else 0.0,
                offset=_value(entry["offset"], "molar energy") / (GAS_CONSTANT * temperature)
                if "offset" in entry
                else 0.0,
            )
        )
    ions.sort(key=lambda ion: ion.name != name)
    if not ions or ions[0].name != name:
        raise UnsupportedError(f"the electrolyte does not carry {name}")
    return Electrolyte(
        thickness=parse(region["thickness"], "length"),
        permittivity=float(material["relative_permittivity"]["value"]) * VACUUM_PERMITTIVITY,
        ions=tuple(ions),
        fixed=_value(material["fixed_charge"], "concentration") if "fixed_charge" in material else 0.0,
        leak=leak,
    )


def _interface(device: Mapping[str, Any], *sides: Mapping[str, Any]) -> Mapping[str, Any]:
    names = {side["name"] for side in sides}
    for entry in device.get("interface", ()):
        if set(entry["between"]) == names:
            return dict(entry)
    raise UnsupportedError(f"the interface of {' and '.join(sorted(names))} is not described")


def _law(entry: Mapping[str, Any], ion: str) -> Mapping[str, Any]:
    law: Mapping[str, Any] = entry["ion"] if "ion" in entry else entry["species"][ion]
    if law["law"] == "blocking":
        raise UnsupportedError(f"{ion} is blocked between {' and '.join(entry['between'])}")
    return law


def _electrons_pass(entry: Mapping[str, Any]) -> bool:
    law = entry.get("electron", entry.get("species", {}).get(ELECTRON, {"law": "continuous"}))
    if law["law"] == "butler_volmer":
        raise UnsupportedError("electrons pass an interface by Butler-Volmer; the compact model has an ohmic leak")
    return bool(law["law"] == "continuous")


def _joint(entry: Mapping[str, Any], law: Mapping[str, Any], turned: float, temperature: float) -> Joint:
    """turned: 1 where the law is written from the electrolyte to the host, 0 the other way."""
    stern = parse(entry["stern_capacitance"], "capacitance per area") if "stern_capacitance" in entry else None
    if law.get("law") == "continuous":
        return Joint(None, 0.5, None, stern)
    current = parse(law["exchange_current"], "current density")
    energy = parse(law.get("activation_energy", "0 eV"), "molar energy")
    alpha = float(law.get("alpha", 0.5))
    return Joint(current * arrhenius(energy, temperature), abs(turned - alpha), law.get("at_x"), stern)


def _activated(entry: Mapping[str, Any], key: str, temperature: float) -> float:
    dimension = "diffusivity" if key == "diffusivity" else "conductivity"
    energy = _value(entry["activation_energy"], "molar energy") if "activation_energy" in entry else 0.0
    return _value(entry[key], dimension) * arrhenius(energy, temperature)


def _value(entry: Mapping[str, Any], dimension: str) -> float:
    return parse(entry["value"], dimension)
