"""Planes that let go of more ions than the region beside them has room for.

Of a region that holds c_max at most, whatever happens in it (comparison of dGamma/dt at c <= c_max),

    Gamma(t) <= Gamma_b + (Gamma_0 - Gamma_b) e^(-t/tau)
    Gamma_b = Gamma_max k_a c_max/(k_a c_max + k_d Gamma_max),    tau = 1/(k_a c_max/Gamma_max + k_d)

so that (Gamma_0 - Gamma_b)(1 - e^(-t/tau)) are let go of by t, full as the region may be. It has no room for more than
c_max L, and where its sites are a lattice they are not reached faster than

    c_max [2 (D t/pi)^(1/2) + f D |z F| E t/RT],    E = |sigma| / eps,    f = sinh(w)/w, w = |z F| a E/2RT

from a wall at which they are full, against which diffusion and drift from any other are compared; sigma, the charge of
the plane, makes the field that drives them away, and MARGIN times this is left to what else does. A hop into a full
site is none, while a plane lets go whatever is beside it: of more there is no solution.

Gamma, Gamma_0, Gamma_max, k_a, k_d   `eisfv.model.adsorption`; Gamma_0 at the start                   mol/m2, m/s, 1/s
c_max   of sites and traps, or of ions whose shells leave no solvent                                    mol/m3
L, D, a thickness of the region, diffusivity and length of a hop of the ions                            m, m2/s, m

An electroneutral region keeps its double layer in a node, which has room as well.
"""

from collections.abc import Iterator
from math import exp, inf, pi, sinh, sqrt

from eisfv.case import protocol_keys, sealed_regions
from eisfv.case.problems import Problem
from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.bulk import debye_length
from eisfv.device.device import Device
from eisfv.device.planes import Plane, planes
from eisfv.model.adsorption import Adsorption
from eisfv.model.case_file import CaseFile
from eisfv.model.regions import Region
from eisfv.model.species import Bound, Lattice, Sites, Solvated
from eisfv.postprocess.quantities.prefixes import quantity

MARGIN = 10.0
STEEPEST = 300.0  # of sinh


def faults(device: Device, file: CaseFile) -> Iterator[Problem]:
    """Yield planes of a stack that begin with ions which have nowhere to go."""
    if device.section is not None or file.start is not None:
        return
    driven = sum(float(getattr(step, "duration", 0.0)) for _, step in protocol_keys.of_case(file))
    for plane in planes(device):
        for name, law in plane.sites.items():
            region = device.regions[plane.region]
            most = room(region, law.of)
            let_go, time = released(law, most, device.temperature, driven)
            held, within = inf, ""
            if sealed_regions.keeps(device, plane.region, law.of):
                held = most * region.height + taken(device, plane, law, everywhere=True)
            depth = MARGIN * reach(region, law, device.temperature, time)
            reached = most * depth + taken(device, plane, law)
            if depth < region.height and reached < held:
                held, within = reached, f" in {quantity(time, 's', 3)}"
            if let_go > held:
                text = (
                    f"{plane.name}: {name} lets go of {let_go:.2g} mol/m2 of {law.of} at the start, and {region.name} "
                    f"takes no more than {held:.2g}{within}; take a smaller coverage, a slower release, or more room "
                    f"in {region.name}"
                )
                yield Problem(("device", "interface"), text, whole=True)


def taken(device: Device, plane: Plane, law: Adsorption, everywhere: bool = False) -> float:
    """Return what other sites of a plane, or of all of its region, can take of the ions of a law, mol/m2."""
    beside = [one for one in planes(device) if one.region == plane.region and (everywhere or one == plane)]
    others = [one for near in beside for one in near.sites.values() if one is not law and one.of == law.of]
    return sum((1.0 - (one.coverage or 0.0)) * one.sites for one in others)


def room(region: Region, ion: str) -> float:
    """Return how much of an ion a region can hold, mol/m3; inf where nothing limits it."""
    species = region.material.species[ion]
    traps = [one.density for one in region.material.species.values() if isinstance(one, Bound) and one.of == ion]
    if isinstance(species, Solvated):
        return float(species.solvent / species.size + sum(traps))
    return float(species.density + sum(traps)) if isinstance(species, Sites) else inf


def released(law: Adsorption, most: float, temperature: float, driven: float) -> tuple[float, float]:
    """Return what a plane lets go of at least beside c_max (mol/m3), mol/m2, within tau or a protocol (s), and that
    time."""
    capture, release = law.rates(temperature)
    capture *= most / law.sites
    if capture + release in (0.0, inf):
        return 0.0, 0.0
    time = min(1.0 / (capture + release), driven)
    above = (law.coverage or 0.0) - capture / (capture + release)
    return above * law.sites * (1.0 - exp(-time * (capture + release))), time


def reach(region: Region, law: Adsorption, temperature: float, time: float) -> float:
    """Return how deep ions of a plane fill a lattice within a time (s), m; inf where nothing tells."""
    ion = region.material.species[law.of]
    if region.material.host is not None or not isinstance(ion, Lattice) or ion.frumkin:
        return inf
    diffusivity = ion.diffusivity_at(temperature) or 0.0
    volt, z = thermal_voltage(temperature), abs(ion.charge)
    charge = FARADAY * z * (law.coverage or 0.0) * law.sites
    field = charge / (region.material.relative_permittivity * VACUUM_PERMITTIVITY)
    hop = min(0.5 * z * (ion.hop_length or 0.0) * field / volt, STEEPEST)
    eased = sinh(hop) / hop if hop > 0.0 else 1.0
    node = debye_length(region, temperature) if region.material.electroneutral else 0.0
    return node + 2.0 * sqrt(diffusivity * time / pi) + eased * diffusivity * z * field / volt * time
