"""Conductivities of the regions' bulk."""

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT
from eisfv.device.bulk import concentrations, free_share
from eisfv.device.device import Device
from eisfv.device.electron_paths import idle
from eisfv.device.hosts import host_sigma
from eisfv.device.regions import diffusivity_of
from eisfv.device.tables import Floats
from eisfv.model.species import Ohmic, Sites
from eisfv.physics.conductivity import conductivity

FILLINGS = np.linspace(0.0, 1.0, 65)


def bulk_conductivity(device: Device) -> Floats:
    """Return the conductivity (S/m) of each region's neutral bulk, ions and electrons together; a hop between sites
    needs a free one (`eisfv.physics.exchange_flux`)."""
    temperature, left_out = device.temperature, idle(device)
    total = np.zeros(len(device.regions))
    for r, region in enumerate(device.regions):
        amounts = concentrations(region, temperature)
        for name, species in region.material.species.items():
            if isinstance(species, Ohmic):
                total[r] += 0.0 if r in left_out else species.conductivity_at(temperature)
            elif (diffusivity := diffusivity_of(region, name, species, temperature)) is not None:
                mobility = diffusivity * FARADAY**2 / (GAS_CONSTANT * temperature)
                free = 1.0
                if isinstance(species, Sites):
                    free = free_share(region.material, species.group or name, amounts)
                total[r] += species.charge**2 * mobility * amounts[name] * free
        host = region.material.host
        if host is not None and region.initial.x is not None:
            gamma = host.working_ion.charge * region.initial.x
            total[r] += conductivity(host_sigma(host, temperature), gamma)[0]
    return total


def highest_conductivity(device: Device) -> Floats:
    """Return the conductivity (S/m) of each region as a run may find it: of hosts at the filling that conducts best."""
    total = bulk_conductivity(device)
    for r, region in enumerate(device.regions):
        host = region.material.host
        if host is not None:
            row, z = host_sigma(host, device.temperature), host.working_ion.charge
            total[r] += max(conductivity(row, z * x)[0] for x in FILLINGS)
    return total
