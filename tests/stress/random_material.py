"""Random hosts and electrolytes, as tables of a case file."""

from random import Random
from typing import Any

Tree = dict[str, Any]

ION_CHARGE = {"H": 1, "Li": 1, "Na": 1, "Mg": 2, "Q": 1}


def sourced(value: Any) -> Tree:
    """Return a value of a material file."""
    return {"value": value, "source": "random"}


def decades(rng: Random, low: float, high: float) -> float:
    """Return a number between two, even in its logarithm."""
    return float(low * (high / low) ** rng.random())


def own_host(rng: Random, ion: str) -> Tree:
    """Return a host of a random U(x) and sigma(gamma)."""
    z = ION_CHARGE[ion]
    sites = f"{decades(rng, 1e3, 1e5):.6g} mol/m^3"
    curve: Tree
    if rng.random() < 0.3:
        top, fall = rng.uniform(0.0, 3.0), rng.uniform(0.1, 1.0)
        x = [0.001, 0.05, 0.2, 0.5, 0.8, 0.99]
        potential = [f"{top - fall * share - 0.1 * k:.5g} V" for k, share in enumerate(x)]
        curve = {"form": "table", "x": x, "potential": potential, "source": "random"}
    else:
        curve = {"form": "analytic", "standard": sourced(f"{rng.uniform(-0.2, 4.0):.6g} V")}
        curve["polarons"] = rng.random() < 0.5
        if rng.random() < 0.5:
            curve["slope"] = sourced(f"{decades(rng, 1e-3, 1.0):.6g} V")
    return {
        "kind": "host",
        "ion": ion,
        "relative_permittivity": sourced(float(f"{rng.uniform(3.0, 80.0):.5g}")),
        "zero_charge_x": sourced(float(f"{decades(rng, 1e-3, 0.3):.6g}")),
        "species": {
            ion: {
                "charge": z,
                "statistics": "lattice",
                "density": sourced(sites),
                "diffusivity": sourced(f"{decades(rng, 1e-16, 1e-7):.6g} cm^2/s"),
            },
            "electron": {"charge": -1, "statistics": "dilute", "density": sourced(sites)},
        },
        "open_circuit": curve,
        "conductivity": {
            "form": "percolation",
            "background": sourced(f"{decades(rng, 1e-8, 1e-2):.6g} S/cm"),
            "slope": sourced(f"{decades(rng, 1e-1, 1e3):.6g} S/cm"),
            "threshold": sourced(float(f"{decades(rng, 0.01, 1.0):.5g}")),
            "exponent": sourced(float(f"{rng.uniform(0.8, 4.0):.5g}")),
        },
    }


def own_electrolyte(rng: Random, ion: str) -> Tree:
    """Return an electrolyte with a counter-ion or a fixed background, with electrons that leak, or without any."""
    z = ION_CHARGE[ion]
    amount = decades(rng, 1.0, 2e4)
    concentration = sourced(f"{amount:.10g} mol/m^3")
    mobile: Tree = {
        "charge": z,
        "statistics": "dilute",
        "concentration": concentration,
        "diffusivity": sourced(f"{decades(rng, 1e-13, 1e-5):.6g} cm^2/s"),
    }
    if rng.random() < 0.5:
        mobile["statistics"] = "lattice"
        mobile["density"] = sourced(f"{amount * decades(rng, 1.5, 100.0):.6g} mol/m^3")
    if rng.random() < 0.3:
        mobile["hop_length"] = sourced(f"{rng.uniform(0.2, 1.5):.4g} nm")
    material: Tree = {
        "kind": "electrolyte",
        "relative_permittivity": sourced(float(f"{rng.uniform(3.0, 80.0):.5g}")),
        "species": {ion: mobile},
    }
    if rng.random() < 0.7:
        material["species"]["X"] = {
            "charge": -1,
            "statistics": "dilute",
            "concentration": sourced(f"{z * amount:.10g} mol/m^3"),
            "diffusivity": sourced(f"{decades(rng, 1e-13, 1e-5):.6g} cm^2/s"),
        }
    else:
        material["fixed_charge"] = sourced(f"{-z * amount:.10g} mol/m^3")
    if rng.random() < 0.6:
        material["species"]["electron"] = {
            "charge": -1,
            "statistics": "ohmic",
            "conductivity": sourced(f"{decades(rng, 1e-15, 1e-6):.6g} S/cm"),
        }
    if rng.random() < 0.1:
        material["electroneutral"] = True
    return material
