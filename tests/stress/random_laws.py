"""Laws that not every device needs, put into a random case: diffusivities that follow x, traps, shells of solvent, a
threshold of hopping, VTF, coupled transfer and barriers, surfaces that lose ions, reversible metals.

They come with the seeds from `FIRST_SEED` on, so that older seeds keep their devices.
"""

from random import Random
from typing import Any

from random_material import decades, sourced

Tree = dict[str, Any]

FIRST_SEED = 20000
FIRST_PHASES = 30000  # and from these on hosts fall apart, and are read from their electrons
FIRST_SURFACES = 50000  # and from these on a field empties traps, and planes adsorb
FIRST_REACHABLE = 105000  # and from these on no film is two hundred phase boundaries thick
SHARE = 0.3  # of the places where a law may stand
MOST_WIDTHS = 200.0  # of a phase boundary in a film


def add_laws(rng: Random, case: Tree) -> None:
    """Change the own materials, the interfaces and the contacts of a case."""
    for material in case.get("material", {}).values():
        if material["kind"] == "host":
            add_diffusion(rng, material)
            add_entropy(rng, material)
        if material["kind"] == "electrolyte":
            add_shells(rng, material)
            add_hopping(rng, material)
        if material["kind"] != "electrode":
            add_traps(rng, material)
    for joint in case["device"]["interface"]:
        for law in joint["species"].values():
            change_transfer(rng, law)
    hosts = {name for name, material in case.get("material", {}).items() if material["kind"] == "host"}
    ends = (case["device"]["region"][0], case["device"]["region"][-1])
    for region, contact in zip(ends, case["device"]["contact"].values(), strict=True):
        change_contact(rng, contact, region["material"] in hosts)


def add_phases(rng: Random, case: Tree) -> None:
    """Let own hosts of an analytic U(x) fall apart into two phases, and read hosts from their electrons."""
    for material in case.get("material", {}).values():
        if material["kind"] != "host" or material["open_circuit"]["form"] == "table" or rng.random() > 2.0 * SHARE:
            continue
        material["open_circuit"].pop("slope", None)
        material["open_circuit"]["redlich_kister"] = sourced([f"{rng.uniform(20.0, 40.0):.5g} kJ/mol"])
        material["phase_separation"] = {"model": "convex"}
        if rng.random() < 0.7:
            width = sourced(f"{decades(rng, 2.0, 20.0):.4g} nm")
            material["phase_separation"] = {"model": "gradient", "width": width}
    if "readout" in case and rng.random() < SHARE:
        case["readout"]["carriers"] = "electrons"


def keep_reachable(case: Tree) -> None:
    """Let hosts that are far thicker than their phase boundary fall apart without its width, as `eisfv check` advises
    where the boundary takes more than a thousand cells."""
    for region in case["device"]["region"]:
        phases = case["material"].get(region["material"], {}).get("phase_separation", {})
        if "width" in phases:
            width = float(phases["width"]["value"].split()[0]) * 1e-9
            if float(region["thickness"].split()[0]) > MOST_WIDTHS * width:
                case["material"][region["material"]]["phase_separation"] = {"model": "convex"}


def add_surfaces(rng: Random, case: Tree) -> None:
    """Let a field empty the traps of own materials, and let interfaces and blocking walls adsorb."""
    plain = {
        name: [ion for ion, one in material["species"].items() if one["statistics"] not in ("ohmic", "bound", "band")]
        for name, material in case.get("material", {}).items()
        if material["kind"] == "electrolyte"
    }
    regions = {region["name"]: plain.get(region["material"], []) for region in case["device"]["region"]}
    for number, joint in enumerate(case["device"]["interface"]):
        for side in joint["between"]:
            ions = [ion for ion in regions[side] if ion != "electron"]
            if ions and rng.random() < SHARE:
                joint.setdefault("adsorbed", {})[f"at_{side}_{number}"] = random_sites(rng, rng.choice(ions), side)
    ends = (case["device"]["region"][0], case["device"]["region"][-1])
    for region, (end, contact) in zip(ends, case["device"]["contact"].items(), strict=True):
        ions = [ion for ion in regions[region["name"]] if ion != "electron"]
        if contact["kind"] == "blocking" and ions and rng.random() < 2.0 * SHARE:
            contact["adsorbed"] = {f"at_{end}": random_sites(rng, rng.choice(ions))}
    for material in case.get("material", {}).values():
        traps = material.get("species", {}).get("bound")
        if traps is not None and traps["charge"] and rng.random() < 2.0 * SHARE:
            traps["release_length"] = sourced(f"{decades(rng, 0.1, 3.0):.4g} nm")


def random_sites(rng: Random, ion: str, side: str = "") -> Tree:
    """Return sites for an ion."""
    law = {
        "of": ion,
        "sites": f"{decades(rng, 1e-9, 1e-4):.4g} mol/m^2",
        "capture": f"{decades(rng, 1e-12, 1e-2):.4g} m/s",
        "release": f"{decades(rng, 1e-3, 1e6):.4g} 1/s",
    }
    if rng.random() < SHARE:
        law["coverage"] = round(rng.uniform(0.01, 0.99), 3)
    return law | ({"region": side} if side else {})


def add_diffusion(rng: Random, host: Tree) -> None:
    """Let the diffusivity of a host's ion follow its composition."""
    if rng.random() > SHARE:
        return
    law: Tree = {"form": rng.choice(["constant", "table"]), "of": rng.choice(["tracer", "chemical"])}
    if law["form"] == "table":
        del host["species"][host["ion"]]["diffusivity"]
        law["x"] = [0.001, 0.05, 0.3, 0.9]
        law["diffusivity"] = [f"{decades(rng, 1e-16, 1e-7):.6g} cm^2/s" for _ in law["x"]]
        law["source"] = "random"
    host["diffusion"] = law


def add_entropy(rng: Random, host: Tree) -> None:
    """Let U(x) of a host follow the temperature."""
    if rng.random() < SHARE:
        slope = f"{rng.uniform(-1.0, 1.0):.4g} mV/K"
        is_table = host["open_circuit"]["form"] == "table"
        host["open_circuit"]["temperature_coefficient"] = slope if is_table else sourced(slope)


def add_shells(rng: Random, electrolyte: Tree) -> None:
    """Give all dilute ions of an electrolyte shells of one solvent."""
    ions = [item for name, item in electrolyte["species"].items() if name != "electron"]
    if rng.random() > SHARE or any(ion["statistics"] != "dilute" for ion in ions):
        return
    shells = [rng.uniform(0.0, 12.0) for _ in ions]
    amounts = [float(ion["concentration"]["value"].split()[0]) for ion in ions]
    least = sum((1.0 + shell) * amount for shell, amount in zip(shells, amounts, strict=True))
    solvent = f"{least * decades(rng, 1.3, 100.0):.10g} mol/m^3"
    for ion, shell in zip(ions, shells, strict=True):
        ion |= {
            "statistics": "solvated",
            "solvent": sourced(solvent),
            "solvation_number": sourced(float(f"{shell:.4g}")),
        }


def add_hopping(rng: Random, electrolyte: Tree) -> None:
    """Give ions that hop a threshold, and others the temperature law of a glass."""
    for species in electrolyte["species"].values():
        if "hop_length" in species and rng.random() < SHARE:
            species["hop_threshold"] = sourced(f"{decades(rng, 1e6, 1e9):.4g} V/m")
        if rng.random() < SHARE:
            species["vtf"] = {
                "b": sourced(f"{decades(rng, 100.0, 2000.0):.5g} K"),
                "t0": sourced(f"{rng.uniform(0.0, 150.0):.4g} K"),
            }


def add_traps(rng: Random, material: Tree) -> None:
    """Put traps for its first ion into a material."""
    if rng.random() > SHARE:
        return
    name = next(name for name in material["species"] if name != "electron")
    material["species"]["bound"] = {
        "charge": material["species"][name]["charge"],
        "statistics": "bound",
        "of": name,
        "density": sourced(f"{decades(rng, 1e-2, 1e4):.5g} mol/m^3"),
        "capture": sourced(f"{decades(rng, 1e-3, 1e6):.5g} 1/s"),
        "release": sourced(f"{decades(rng, 1e-3, 1e6):.5g} 1/s"),
    }


def change_transfer(rng: Random, law: Tree) -> None:
    """Put a law that saturates in the place of Butler-Volmer."""
    if law["law"] != "butler_volmer" or rng.random() > SHARE:
        return
    law["law"] = rng.choice(["coupled_ion_electron", "over_barrier"])
    key = "barrier" if law["law"] == "over_barrier" else "reorganisation_energy"
    law[key] = f"{rng.uniform(0.2, 1.0):.3g} eV"


def change_contact(rng: Random, contact: Tree, host: bool) -> None:
    """Let a metal on a host lose ions beside it, and a reactive metal keep its level."""
    if contact["kind"] == "ohmic" and host and rng.random() < SHARE:
        contact["loss"] = {"rate": f"{decades(rng, 1e-15, 1e-3):.4g} m/s"}
    if contact["kind"] == "reactive" and rng.random() < SHARE:
        contact["kind"] = "reversible"
        del contact["exchange_current"]
