"""Semiconductors behind a random stack: bands of electrons, of holes or of both, on metals with and without a barrier.

They come with the seeds from `FIRST_BANDS` on, so that older seeds keep their devices.
"""

from random import Random
from typing import Any

from random_material import decades, sourced

Tree = dict[str, Any]

FIRST_BANDS = 40000
FILLINGS = ("boltzmann", "fermi_dirac", "fermi_dirac_2d", "graphene")
CHARGES = {"electron": -1, "hole": 1}


def add_film(rng: Random, case: Tree) -> None:
    """Put a film behind the last region of a case, and a metal on it."""
    device = case["device"]
    last = device["region"][-1]["name"]
    carriers = rng.choice([("electron",), ("hole",), ("electron", "hole")])
    case["material"]["film"] = material = random_film(rng, carriers)
    device["region"].append({"name": "film", "material": "film", "thickness": f"{decades(rng, 3e-10, 1e-6):.5g} m"})
    device["interface"].append({"between": [last, "film"], "species": {}})
    kind = rng.choice(["ohmic", "blocking", "injecting"])
    contact: Tree = {"kind": kind}
    if kind == "injecting":
        most = float(material["gap"]["value"].split()[0]) if "gap" in material else 1.0
        contact["carrier"] = rng.choice(carriers)
        contact["barrier"] = f"{rng.uniform(0.0, most):.4g} eV"
        contact["selective"] = rng.random() < 0.5
    device["contact"]["channel"] = contact
    case["readout"] = {"region": "film", "length": "1 um", "width": "1 um"}


def random_film(rng: Random, carriers: tuple[str, ...]) -> Tree:
    """Return the material of a film of carriers, doped or not."""
    filling = rng.choice(FILLINGS)
    states = decades(rng, 0.1, 1e4)
    material: Tree = {
        "kind": "semiconductor",
        "relative_permittivity": sourced(float(f"{rng.uniform(3.0, 20.0):.4g}")),
        "species": {
            name: {
                "charge": CHARGES[name],
                "statistics": "band",
                "filling": filling,
                "density": sourced(f"{states:.5g} mol/m^3"),
                "mobility": sourced(f"{decades(rng, 1e-12, 1.0):.4g} m^2/V/s"),
            }
            for name in carriers
        },
    }
    dopants = states * decades(rng, 1e-6, 0.5) if rng.random() < 0.7 else 0.0
    if len(carriers) > 1:
        material["gap"] = sourced(f"{rng.uniform(0.0, 3.0):.4g} eV")
        material["recombination"] = sourced(rng.choice([0.0, 1e-4, 1.0]))
        dopants *= rng.choice([-1.0, 1.0])
    elif dopants:
        material["species"][carriers[0]]["concentration"] = sourced(f"{dopants:.10g} mol/m^3")
        dopants *= -CHARGES[carriers[0]]
    if dopants:
        material["fixed_charge"] = sourced(f"{dopants:.10g} mol/m^3")
    return material
