"""The charge that planes hold at the start: no solid bears more than a field can carry off.

    sigma = F sum of z theta Gamma_max,    D_right - D_left = sigma,    max |E| >= |sigma| / (eps_left + eps_right)

at an interface, whatever lies inside the regions beside it (Gauss). At the wall of a contact the metal answers it.
"""

from collections.abc import Iterator

from eisfv.case.problems import Problem
from eisfv.constants import BREAKDOWN, FARADAY, VACUUM_PERMITTIVITY
from eisfv.device.device import Device


def faults(device: Device) -> Iterator[Problem]:
    """Yield interfaces whose adsorbed ions begin with a charge that breaks the regions beside them down."""
    regions = {region.name: region.material for region in device.regions}
    for number, joint in enumerate(device.interfaces):
        sides, charge, held = [regions[name] for name in joint.between], 0.0, []
        for name, law in joint.adsorbed.items():
            material = regions[law.region] if law.region else next(one for one in sides if law.of in one.species)
            own = FARADAY * material.species[law.of].charge * (law.coverage or 0.0) * law.sites
            charge += own
            held += [name] if own != 0.0 else []
        field = abs(charge) / (VACUUM_PERMITTIVITY * sum(material.relative_permittivity for material in sides))
        if field > BREAKDOWN:
            where = " | ".join(joint.between)
            text = (
                f"{where}: the charge of {' and '.join(held)} at the start, {charge:.3g} C/m2, makes a field of "
                f"{field * 1e-9:.3g} V/nm beside it at least, beyond any solid's breakdown; take a smaller coverage "
                "or fewer sites"
            )
            yield Problem(("device", "interface", number, "adsorbed"), text, whole=True)
