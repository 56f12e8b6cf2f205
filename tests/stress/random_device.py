"""A random device and what is done to it, as the tree of a case file: the same seed gives the same case.

1 to 6 regions of 1 nm to 1 mm, of the library or of own materials, every law and contact, 200 to 500 K, +-10 V, 1e-15
to 1e-5 A on 1e-14 to 1e-4 m2, steps of 1 ns to 1 h. A device need be neither sensible nor well posed.
"""

from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

from random_bands import FIRST_BANDS, add_film
from random_laws import (
    FIRST_PHASES,
    FIRST_REACHABLE,
    FIRST_SEED,
    FIRST_SURFACES,
    add_laws,
    add_phases,
    add_surfaces,
    keep_reachable,
)
from random_material import ION_CHARGE, decades, own_electrolyte, own_host

from eisfv.case.file_tree import read_toml
from eisfv.materials import library

Tree = dict[str, Any]

LIBRARY_HOSTS = {"H": ["h_wo3"], "Mg": ["mg_wo3"], "Li": ["li_wo3"], "Na": ["na_wo3"]}
LIBRARY_ELECTROLYTES = {
    "H": ["ysz_h", "psg", "nafion"],
    "Mg": ["pce_succinonitrile_mg"],
    "Li": ["lipon", "peo_liclo4"],
}
LIBRARY_ELECTRODES = {"H": ["pd_hx"], "Li": ["li_metal", "lfp"]}
CONTACTS = ("ohmic", "blocking", "reactive", "bath", "resistive", "insulating")
CONTACT_WEIGHTS = (8, 4, 4, 2, 1, 1)


@dataclass(frozen=True)
class Layer:
    """What the joints and contacts of a region ask for."""

    name: str
    host: bool
    species: tuple[str, ...]


def random_case(seed: int) -> Tree:
    """Return the tree of the case of a seed."""
    rng = Random(seed)
    ion = rng.choice(list(ION_CHARGE))
    case: Tree = {
        "case": {"title": f"random {seed}"},
        "device": {
            "temperature": f"{rng.uniform(200.0, 500.0):.6g} K",
            "area": f"{decades(rng, 1e-14, 1e-4):.6g} m^2",
            "region": [],
            "interface": [],
            "contact": {},
        },
        "material": {},
    }
    layers = [add_region(rng, case, ion, k) for k in range(rng.randint(1, 6))]
    for left, right in pairwise(layers):
        case["device"]["interface"].append(random_joint(rng, left, right))
    for side, layer in (("gate", layers[0]), ("channel", layers[-1])):
        case["device"]["contact"][side] = random_contact(rng, case, ion, side, layer)
    if rng.random() < 0.2:
        case["device"]["series_resistance"] = f"{decades(rng, 1.0, 1e6):.3g} ohm"
    case["protocol"] = [random_step(rng) for _ in range(rng.randint(1, 4))]
    if seed >= FIRST_SEED:
        add_laws(rng, case)
    if seed >= FIRST_PHASES:
        add_phases(rng, case)
    if seed >= FIRST_BANDS:
        add_film(rng, case)
    if seed >= FIRST_SURFACES:
        add_surfaces(rng, case)
    if seed >= FIRST_REACHABLE:
        keep_reachable(case)
    if not case["material"]:
        del case["material"]
    return case


def add_region(rng: Random, case: Tree, ion: str, number: int) -> Layer:
    """Put a region into the case, with its material where that is its own."""
    name = f"r{number}"
    host = rng.random() < 0.45
    known = (LIBRARY_HOSTS if host else LIBRARY_ELECTROLYTES).get(ion, [])
    region: Tree = {"name": name, "thickness": f"{decades(rng, 1e-9, 1e-3):.6g} m"}
    if known and rng.random() < 0.5:
        region["material"] = rng.choice(known)
        material = read_toml(library.path(region["material"]))
    else:
        region["material"] = ("h" if host else "e") + str(number)
        material = (own_host if host else own_electrolyte)(rng, ion)
        case["material"][region["material"]] = material
    if host:
        region["initial"] = {"x": float(f"{decades(rng, 1e-3, 0.45):.6g}")}
    case["device"]["region"].append(region)
    return Layer(name, host, tuple(material["species"]))


def random_joint(rng: Random, left: Layer, right: Layer) -> Tree:
    """Return an interface entry with a law for every species that both sides know."""
    joint: Tree = {"between": [left.name, right.name], "species": {}}
    for name in left.species:
        if name in right.species and name != "electron":
            joint["species"][name] = random_law(rng)
    if "electron" in left.species and "electron" in right.species:
        joint["electron"] = {"law": rng.choice(["continuous", "continuous", "blocking"])}
    if rng.random() < 0.4:
        joint["stern_capacitance"] = f"{decades(rng, 0.01, 1.0):.4g} F/m^2"
    return joint


def random_law(rng: Random) -> Tree:
    """Return the law of an ion."""
    law: Tree = {"law": rng.choice(["butler_volmer", "butler_volmer", "marcus_hush_chidsey", "continuous", "blocking"])}
    if law["law"] in ("butler_volmer", "marcus_hush_chidsey"):
        law["exchange_current"] = f"{decades(rng, 1e-9, 1e4):.6g} A/m^2"
    if law["law"] == "marcus_hush_chidsey":
        law["reorganisation_energy"] = f"{rng.uniform(0.2, 1.0):.3g} eV"
    return law


def random_contact(rng: Random, case: Tree, ion: str, side: str, layer: Layer) -> Tree:
    """Return a contact that the region behind it allows."""
    kind = rng.choices(CONTACTS, CONTACT_WEIGHTS)[0]
    if kind in ("ohmic", "resistive") and "electron" not in layer.species:
        kind = "blocking"
    contact: Tree = {"kind": kind}
    if kind == "resistive":
        contact["resistance"] = f"{decades(rng, 1e-8, 1.0):.4g} ohm m^2"
    if kind == "blocking" and rng.random() < 0.5:
        contact["zero_charge_voltage"] = f"{rng.uniform(-1.0, 1.0):.6g} V"
    if kind in ("blocking", "reactive") and rng.random() < 0.5:
        contact["stern_capacitance"] = f"{decades(rng, 0.01, 1.0):.4g} F/m^2"
    if kind == "reactive":
        contact["exchange_current"] = f"{decades(rng, 1e-9, 1e4):.6g} A/m^2"
        known = LIBRARY_ELECTRODES.get(ion, [])
        contact["electrode"] = rng.choice(known) if known and rng.random() < 0.5 else f"m_{side}"
        if contact["electrode"] not in known:
            potential = {"value": f"{rng.uniform(-1.0, 4.0):.6g} V", "source": "random"}
            case["material"][contact["electrode"]] = {
                "kind": "electrode",
                "ion": ion,
                "charge": ION_CHARGE[ion],
                "potential": potential,
            }
    return contact


def random_step(rng: Random) -> Tree:
    """Return one step of a protocol."""
    drive = rng.choice(["open_circuit", "voltage", "current"])
    step: Tree = {"drive": drive, "duration": f"{decades(rng, 1e-9, 3600.0):.6g} s"}
    if drive == "voltage":
        step["value"] = f"{rng.uniform(-10.0, 10.0):.6g} V"
    if drive == "current":
        step["value"] = f"{rng.choice([-1, 1]) * decades(rng, 1e-15, 1e-5):.6g} A"
    return step
