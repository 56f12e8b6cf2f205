"""The neutral bulk of each region at the start, and the potential at which it sits.

Every region starts at its given composition. Its potential follows from its neighbours: the working ion is level across
an interface that it can pass, the electrons of an ohmic contact are at the Fermi level of its metal, and a region that
nothing anchors takes the potential of its neighbour (no double layer).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp, log

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.device.carriers import balanced, bands
from eisfv.device.tables import Floats
from eisfv.model.materials import CARRIERS, ELECTRON, Material
from eisfv.model.regions import Initial, Region
from eisfv.model.species import Bound, Sites, Solvated, Stored

NONE = 1e-100  # of the reference density or of the sites: a species that is not there at the start


def concentrations(region: Region, temperature: float) -> dict[str, float]:
    """Return the bulk concentration (mol/m3) of every species that stores charge, at a temperature (K)."""
    material = region.material
    found: dict[str, float] = {}
    for name, species in material.species.items():
        if isinstance(species, Stored):
            given = region.initial.concentration.get(name, species.concentration)
            found[name] = 0.0 if given is None else given
    if material.host is not None:
        if region.initial.x is None:
            raise ValueError(f"region {region.name}: the host {material.name} needs an initial x")
        ion = material.host.working_ion
        found[material.host.ion] = region.initial.x * ion.density
        bound = sum(found[name] for name, species in material.species.items() if isinstance(species, Bound))
        found[ELECTRON] = material.host.fixed_charge + ion.charge * (found[material.host.ion] + bound)
    for name, logarithm in carriers(region, found, temperature).items():
        found[name] = bands(material)[name].density * exp(logarithm)
    return found


def carriers(region: Region, amounts: Mapping[str, float], temperature: float) -> dict[str, float]:
    """Return ln(c/N) of the electrons and holes of a material with a gap beside amounts (mol/m3) of its other
    species."""
    material = region.material
    charged = {name: material.species[name].charge * c for name, c in amounts.items() if name not in CARRIERS}
    return balanced(material, (material.fixed_charge or 0.0) + sum(charged.values()), temperature)


def ideal_potentials(region: Region, names: Sequence[str], temperature: float) -> Floats:
    """Return y (RT) of each named species in the neutral bulk; 0 where it is absent or ohmic."""
    amounts = concentrations(region, temperature)
    balance = carriers(region, amounts, temperature)
    y = np.zeros(len(names))
    for k, name in enumerate(names):
        if name not in amounts:
            continue
        species = region.material.species[name]
        if name in balance:
            y[k] = balance[name]
            continue
        if isinstance(species, Stored):
            y[k] = log(max(amounts[name] / species.reference_density, NONE))
        if isinstance(species, Sites):
            y[k] -= log(free_share(region.material, species.group or name, amounts))
        if isinstance(species, Solvated):
            y[k] += solvent_terms(region.material, species, amounts)
    return y


def solvent_terms(material: Material, species: Solvated, amounts: Mapping[str, float]) -> float:
    """Return y - ln(c/N) of a solvated species (`eisfv.physics.solvation`); ValueError where no solvent is left."""
    shells = {name: ion for name, ion in material.species.items() if isinstance(ion, Solvated)}
    solvent = species.solvent - sum(ion.size * amounts[name] for name, ion in shells.items())
    if solvent <= 0.0:
        raise ValueError(f"material {material.name}: {', '.join(shells)} leave no free solvent")
    total = solvent + sum(amounts[name] for name in shells)
    return log(species.solvent / total) - species.size * log(solvent / total)


def meant(region: Region, names: Sequence[str], temperature: float) -> Floats:
    """Return y (RT) of each named species at the composition at which exchange currents of a region are meant: a host's
    at the start, an electrolyte's as its material gives it, wherever the region begins."""
    given = {
        name: amount
        for name, amount in region.initial.concentration.items()
        if not getattr(region.material.species[name], "concentration", None)
    }
    return ideal_potentials(replace(region, initial=Initial(region.initial.x, given)), names, temperature)


def free_share(material: Material, sublattice: str, amounts: Mapping[str, float]) -> float:
    """Return the free fraction of a sublattice, which a species that names none has to itself."""
    members = {
        name: species
        for name, species in material.species.items()
        if isinstance(species, Sites) and (species.group or name) == sublattice
    }
    free = 1.0 - sum(amounts[name] / species.density for name, species in members.items())
    if free <= 0.0:
        raise ValueError(f"material {material.name}: the sites of {', '.join(members)} are overfull")
    return free


def debye_length(region: Region, temperature: float, *, dilute: bool = False) -> float:
    """Return the Debye length of the bulk in m; inf without mobile charge.

        lambda^2 = eps R T / (F^2 S),   S = sum over i, j of z_i z_j dc_i/dy_j = sum z_i^2 c_i - sum z_i z_j c_i theta_j

    c_i      concentration, y_j ideal chemical potential over RT                         mol/m3, -
    theta_j  filled share of the sites; the last sum is over pairs that share theirs     -

    dilute: as if every site were free, which is the shorter length. Interactions do not count.
    """
    amounts, species = concentrations(region, temperature), region.material.species
    strength = sum(species[name].charge ** 2 * c for name, c in amounts.items())
    sites = {name: one for name, one in species.items() if isinstance(one, Sites)} if not dilute else {}
    for name, one in sites.items():
        for other, beside in sites.items():
            if (one.group or name) == (beside.group or other):
                filled = amounts[other] / beside.density
                strength -= one.charge * beside.charge * amounts[name] * filled
    permittivity = region.material.relative_permittivity * VACUUM_PERMITTIVITY
    if strength <= 0.0:
        return float("inf")
    return float(np.sqrt(permittivity * GAS_CONSTANT * temperature / (FARADAY**2 * strength)))
