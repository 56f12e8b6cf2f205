"""The stack that a resolved case states; where the compact model has no place for it, the reason.

The one place of the compact model that reads a case.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from eisfv.constants import GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.units import parse

from .conductivity import arrhenius, percolation, tabulated_conductivity
from .cubic import Curve
from .curves import AnalyticPotential, HostCurves, Potential, TabulatedPotential, UnsupportedError, host_curves
from .stack import Electrolyte, Host, InterfaceKinetics, Ion, Metal, Stack

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
    last = _interface(device, regions[-2], regions[-1])
    gate: Host | Metal
    if len(regions) == 3:
        if device["contact"]["gate"]["kind"] != "ohmic":
            raise UnsupportedError("the reservoir's contact is not ohmic")
        gate, first = _host(regions[0], materials[0], temperature), _interface(device, regions[0], regions[1])
        if materials[0]["ion"] != name:
            raise UnsupportedError("the two hosts take different ions")
        gate_interface = _kinetics(first, _transfer(first, name), 0.0, temperature)
        leaks = all(_electrons_pass(entry) for entry in (first, last))
    else:
        contact = device["contact"]["gate"]
        if contact["kind"] != "reactive":
            raise UnsupportedError(f"the gate's contact is {contact['kind']}; it must be a host or reactive")
        electrode = case["material"][contact["electrode"]]
        if electrode["ion"] != name:
            raise UnsupportedError("the gate's contact exchanges another ion than the channel's")
        gate = Metal(_value(electrode["potential"], "voltage"))
        gate_interface = _kinetics(contact, contact, 1.0, temperature)
        leaks = _electrons_pass(last)
    return Stack(
        temperature=temperature,
        area=parse(device["area"], "area"),
        series=parse(device.get("series_resistance", "0 ohm"), "resistance"),
        squares=parse(readout["width"], "length") / parse(readout["length"], "length"),
        gate=gate,
        gate_interface=gate_interface,
        electrolyte=_electrolyte(regions[-2], materials[-2], name, leaks, temperature),
        channel_interface=_kinetics(last, _transfer(last, name), 1.0, temperature),
        channel=channel,
    )


def _host(region: Mapping[str, Any], material: Mapping[str, Any], temperature: float) -> Host:
    ion = material["species"][material["ion"]]
    return Host(
        curves=curves_of(material, temperature),
        thickness=parse(region["thickness"], "length"),
        x=float(region["initial"]["x"]),
        sites=_value(ion["density"], "concentration"),
        diffusivity=_activated(ion, "diffusivity", temperature),
        permittivity=float(material["relative_permittivity"]["value"]) * VACUUM_PERMITTIVITY,
    )


def curves_of(material: Mapping[str, Any], temperature: float) -> HostCurves:
    """Return the curves that a resolved host material states."""
    ion = material["species"][material["ion"]]
    z, sites = int(ion["charge"]), _value(ion["density"], "concentration")
    background = _or_zero(material, "background", "concentration") / sites
    zero = float(material["zero_charge_x"]["value"])
    sigma = _conductivity(material["conductivity"], z, temperature)
    return host_curves(_potential(material["open_circuit"], temperature), sigma, z, background, zero, temperature)


def _potential(form: Mapping[str, Any], temperature: float) -> Potential:
    if form["form"] == "table":
        volts = np.array([parse(text, "voltage") for text in form["potential"]])
        return TabulatedPotential(np.array(form["x"], float), volts)
    if form["form"] != "analytic":
        raise UnsupportedError(f"the open-circuit curve of a host is {form['form']}")
    energies = form["redlich_kister"]["value"] if "redlich_kister" in form else []
    return AnalyticPotential(
        standard=_value(form["standard"], "voltage"),
        slope=_or_zero(form, "slope", "voltage"),
        terms=tuple(parse(text, "molar energy") / (GAS_CONSTANT * temperature) for text in energies),
        polarons=bool(form.get("polarons", True)),
    )


def _conductivity(form: Mapping[str, Any], z: int, temperature: float) -> Curve:
    factor = arrhenius(_or_zero(form, "activation_energy", "molar energy"), temperature)
    if form["form"] == "table":
        sigma = [factor * parse(text, "conductivity") for text in form["conductivity"]]
        return tabulated_conductivity(np.array(form["gamma"], float), np.array(sigma), z)
    if form["form"] != "percolation":
        raise UnsupportedError(f"the conductivity of a host is {form['form']}")
    background, slope = (factor * _value(form[key], "conductivity") for key in ("background", "slope"))
    return percolation(background, slope, float(form["threshold"]["value"]), float(form["exponent"]["value"]), z)


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
                hop=_or_zero(entry, "hop_length", "length"),
                offset=_or_zero(entry, "offset", "molar energy") / (GAS_CONSTANT * temperature),
            )
        )
    ions.sort(key=lambda ion: ion.name != name)
    if not ions or ions[0].name != name:
        raise UnsupportedError(f"the electrolyte does not carry {name}")
    return Electrolyte(
        thickness=parse(region["thickness"], "length"),
        permittivity=float(material["relative_permittivity"]["value"]) * VACUUM_PERMITTIVITY,
        ions=tuple(ions),
        fixed=_or_zero(material, "fixed_charge", "concentration"),
        leak=leak,
    )


def _interface(device: Mapping[str, Any], *sides: Mapping[str, Any]) -> Mapping[str, Any]:
    names = {side["name"] for side in sides}
    for entry in device.get("interface", ()):
        if set(entry["between"]) == names:
            return dict(entry)
    raise UnsupportedError(f"the interface of {' and '.join(sorted(names))} is not described")


def _transfer(entry: Mapping[str, Any], ion: str) -> Mapping[str, Any]:
    """Return how the ion passes an interface."""
    transfer: Mapping[str, Any] = entry["ion"] if "ion" in entry else entry["species"][ion]
    if transfer["law"] == "blocking":
        raise UnsupportedError(f"{ion} is blocked between {' and '.join(entry['between'])}")
    return transfer


def _electrons_pass(entry: Mapping[str, Any]) -> bool:
    transfer = entry.get("electron", entry.get("species", {}).get(ELECTRON, {"law": "continuous"}))
    if transfer["law"] not in ("continuous", "blocking"):
        raise UnsupportedError(f"electrons pass an interface by {_word(transfer)}; the compact model has an ohmic leak")
    return bool(transfer["law"] == "continuous")


def _kinetics(
    entry: Mapping[str, Any], transfer: Mapping[str, Any], turned: float, temperature: float
) -> InterfaceKinetics:
    """turned: 1 where the transfer is written from the electrolyte to the host, 0 the other way."""
    stern = parse(entry["stern_capacitance"], "capacitance per area") if "stern_capacitance" in entry else None
    law = transfer.get("law", "butler_volmer")  # the only one of a contact
    if law == "continuous":
        return InterfaceKinetics(None, 0.5, None, stern)
    if law != "butler_volmer":
        raise UnsupportedError(f"an ion passes an interface by {_word(transfer)}; the compact model has Butler-Volmer")
    current = parse(transfer["exchange_current"], "current density")
    energy = parse(transfer.get("activation_energy", "0 eV"), "molar energy")
    alpha = float(transfer.get("alpha", 0.5))
    exchange = current * arrhenius(energy, temperature)
    return InterfaceKinetics(exchange, abs(turned - alpha), transfer.get("at_x"), stern)


def _word(transfer: Mapping[str, Any]) -> str:
    """Return the name of a law in words."""
    return "-".join(str(transfer["law"]).title().split("_"))


def _activated(entry: Mapping[str, Any], key: str, temperature: float) -> float:
    dimension = "diffusivity" if key == "diffusivity" else "conductivity"
    return _value(entry[key], dimension) * arrhenius(_or_zero(entry, "activation_energy", "molar energy"), temperature)


def _or_zero(entry: Mapping[str, Any], key: str, dimension: str) -> float:
    return _value(entry[key], dimension) if key in entry else 0.0


def _value(entry: Mapping[str, Any], dimension: str) -> float:
    return parse(entry["value"], dimension)
