"""The neutral bulk of each region at the start, and the potential at which it sits.

Every region starts at its given composition. Its potential follows from its neighbours: the working ion is level across
an interface that it can pass, the electrons of an ohmic contact are at the Fermi level of its metal, and a region that
nothing anchors takes the potential of its neighbour (no double layer).
"""

from collections.abc import Mapping, Sequence
from math import log

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.device.records import Region
from eisfv.device.tables import Floats
from eisfv.materials.records import Material, Species


def concentrations(region: Region) -> dict[str, float]:
    """Return the bulk concentration (mol/m3) of every species that stores charge."""
    material = region.material
    found: dict[str, float] = {}
    for species in material.species:
        if species.statistics != "ohmic":
            given = region.concentration.get(species.name, species.concentration)
            found[species.name] = 0.0 if given is None else given
    if material.host is not None:
        ion = species_of(material, material.host.ion)
        if region.x is None:
            raise ValueError(f"region {region.name}: the host {material.name} needs an initial x")
        found[ion.name] = region.x * ion.density
        found["electron"] = material.host.background + ion.charge * found[ion.name]
    return found


def species_of(material: Material, name: str) -> Species:
    """Return a species of a material by name; KeyError where it has none."""
    for species in material.species:
        if species.name == name:
            return species
    raise KeyError(f"{material.name} has no species {name}")


def ideal_potentials(region: Region, names: Sequence[str]) -> Floats:
    """Return y (RT) of each named species in the neutral bulk; 0 where it is absent or ohmic."""
    amounts = concentrations(region)
    y = np.zeros(len(names))
    for k, name in enumerate(names):
        if name not in amounts:
            continue
        species = species_of(region.material, name)
        share = max(amounts[name] / species.density, 1e-100)
        y[k] = log(share)
        if species.statistics == "lattice":
            y[k] -= log(free_share(region.material, species, amounts))
    return y


def free_share(material: Material, species: Species, amounts: Mapping[str, float]) -> float:
    """Return the free fraction of the sublattice a lattice species lives on."""
    group = species.sublattice or species.name
    members = [s for s in material.species if s.statistics == "lattice" and (s.sublattice or s.name) == group]
    free = 1.0 - sum(amounts[s.name] / s.density for s in members)
    if free <= 0.0:
        raise ValueError(f"material {material.name}: the sites of {species.name} are overfull")
    return free


def debye_length(region: Region, temperature: float) -> float:
    """Return sqrt(eps R T / (F^2 sum z^2 c)) of the bulk in m; inf without mobile charge."""
    amounts = concentrations(region)
    strength = sum(species_of(region.material, name).charge ** 2 * c for name, c in amounts.items())
    permittivity = region.material.relative_permittivity * VACUUM_PERMITTIVITY
    if strength <= 0.0:
        return float("inf")
    return float(np.sqrt(permittivity * GAS_CONSTANT * temperature / (FARADAY**2 * strength)))
