"""Hosts whose U(x) has plateaus, as a user's tables or from the library, under a metal of their ion: small cases."""

from pathlib import Path
from typing import Any

import tomli_w

from eisfv.case.file_tree import read_toml
from eisfv.constants import FARADAY
from eisfv.materials import library

POTENTIAL, SITES, FILM, AREA = 3.4, 3e4, 40e-9, 1e-8  # V, mol/m3, m, m2
Table = list[tuple[float, float]]

LEVEL: Table = [(0.002, 3.2), (0.01, 3.1), (0.05, 3.0), (0.1, 2.9), (0.2, 2.9), (0.4, 2.9), (0.5, 2.8), (0.9, 2.3)]
NEARLY: Table = [(x, u - 0.002 * x) for x, u in LEVEL]
TWO: Table = [
    *((0.002, 3.2), (0.01, 2.95), (0.02, 2.915), (0.03, 2.9145), (0.05, 2.914), (0.08, 2.7), (0.12, 2.405)),
    *((0.2, 2.404), (0.3, 2.403), (0.32, 2.402), (0.4, 2.3), (0.67, 1.95), (0.7, 1.9)),
]
RISING: Table = [
    *((0.002, 3.2), (0.01, 3.1), (0.05, 3.0), (0.1, 2.88), (0.2, 2.87), (0.3, 2.93), (0.4, 2.92)),
    *((0.5, 2.8), (0.7, 2.6), (0.9, 2.3)),
]
RISING_TWICE: Table = [
    *((0.002, 3.2), (0.01, 2.9144), (0.02, 2.905), (0.03, 2.9144), (0.04, 2.9238), (0.05, 2.9144), (0.08, 2.7)),
    *((0.12, 2.4037), (0.17, 2.384), (0.22, 2.4037), (0.27, 2.4237), (0.32, 2.4037), (0.4, 2.3), (0.7, 1.9)),
]
CONVEX = {"model": "convex"}


def said(value: Any) -> dict[str, Any]:
    return {"value": value, "source": "made"}


GRADIENT = {"model": "gradient", "width": said("5 nm")}


def host(table: Table, phases: dict[str, Any] | None = None, z: int = 1) -> dict[str, Any]:
    """Return the tree of a host; an ion of charge z brings z electrons, so that its x is that of the table over z."""
    separation = {} if phases is None else {"phase_separation": phases}
    return {
        "kind": "host",
        "ion": "M",
        "relative_permittivity": said(30.0),
        "zero_charge_x": said(0.1),
        **separation,
        "species": {
            "M": {"charge": z, "statistics": "lattice", "density": said("3e4 mol/m^3"), "diffusivity": D},
            "electron": {"charge": -1, "statistics": "dilute", "density": said("3e4 mol/m^3")},
        },
        "open_circuit": {
            "form": "table",
            "source": "made",
            "x": [x / z for x, _ in table],
            "potential": [f"{u:.6g} V" for _, u in table],
        },
        "conductivity": {
            "form": "percolation",
            "background": said("2 S/m"),
            "slope": said("5e4 S/m"),
            "threshold": said(0.15),
            "exponent": said(4.0),
        },
    }


D = said("1e-10 cm^2/s")
OWN = {
    "level": host(LEVEL, CONVEX),
    "nearly level": host(NEARLY),
    "nearly level, two charges": host(NEARLY, z=2),
    "two plateaus": host(TWO),
    "two plateaus, two charges": host(TWO, z=2),
    "rising, convex": host(RISING, CONVEX),
    "rising, gradient": host(RISING, GRADIENT),
    "rising twice, convex": host(RISING_TWICE, CONVEX),
    "rising twice, gradient": host(RISING_TWICE, GRADIENT),
}
LIBRARY = [name for name in library.names() if read_toml(library.path(name))["kind"] == "host"]


def write_case(directory: Path, name: str, x: float) -> Path:
    """Make the case of a host, filled and emptied by pulses of half a hundredth of its sites; return it."""
    own = OWN.get(name)
    material = own or read_toml(library.path(name))
    ion = material["ion"]
    z = material["species"][ion]["charge"]
    bulk = {"statistics": "dilute", "diffusivity": said("1e-8 cm^2/s")}
    electrolyte = {
        "kind": "electrolyte",
        "relative_permittivity": said(10.0),
        "species": {
            ion: {"charge": z, "concentration": said("500 mol/m^3"), **bulk},
            "anion": {"charge": -1, "concentration": said(f"{500 * z} mol/m^3"), **bulk},
        },
    }
    kinetics = {"exchange_current": "1 mA/cm^2", "alpha": 0.5}
    current = 0.05 * FARADAY * SITES * z * FILM * AREA
    steps = []
    for sign in (1.0, -1.0):
        pulse = {"drive": "current", "value": f"{sign * current:.6g} A", "duration": "100 ms", "pulse": True}
        steps += [pulse, {"drive": "open_circuit", "duration": "1 s", "read": "last 500 ms"}]
    case = {
        "case": {"title": name},
        "device": {
            "temperature": "298.15 K",
            "area": "1e-4 cm^2",
            "region": [
                {"name": "electrolyte", "material": "e", "thickness": "100 nm", "electroneutral": True},
                {"name": "channel", "material": "h" if own else name, "thickness": "40 nm", "initial": {"x": x}},
            ],
            "interface": [
                {
                    "between": ["electrolyte", "channel"],
                    "ion": {"law": "butler_volmer", **kinetics},
                    "stern_capacitance": "10 uF/cm^2",
                }
            ],
            "contact": {
                "gate": {
                    "kind": "reactive",
                    "electrode": "m",
                    "exchange_current": "1 mA/cm^2",
                    "stern_capacitance": "10 uF/cm^2",
                },
                "channel": {"kind": "ohmic"},
            },
        },
        "readout": {"length": "1 um", "width": "1 um"},
        "protocol": [
            {"drive": "open_circuit", "duration": "1 s", "read": "last 500 ms"},
            {"repeat": 2, "steps": steps},
        ],
        "mesh": {"cells": {"electrolyte": 8, "channel": 40}, "companion": "none"},
        "material": {
            "e": electrolyte,
            "m": {"kind": "electrode", "ion": ion, "charge": z, "potential": said(f"{POTENTIAL} V")},
            **({"h": own} if own else {}),
        },
    }
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "case.toml").write_text(tomli_w.dumps(case))
    return directory
