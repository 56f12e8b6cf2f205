"""The electrons and holes of a semiconductor as rows for the kernels."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.device.bulk import ideal_potentials
from eisfv.device.carriers import bands
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.model.band_filling import band_excess
from eisfv.model.materials import CARRIERS, Electrolyte, Material
from eisfv.model.regions import Initial, Region
from eisfv.model.species import Band
from eisfv.physics import conductivity
from eisfv.physics.cubic import cubic_row
from eisfv.physics.open_circuit import SHARED, electron_excess


def excess_row(material: Material, carrier: str) -> Floats:
    """Return the row of `eisfv.physics.open_circuit` that knows the excess of a band's carriers alone; zeros where they
    are dilute, or none."""
    band = bands(material).get(carrier)
    excess = None if band is None else band_excess(band.filling)
    if excess is None:
        return np.zeros(SHARED)
    row = cubic_row(excess.knots, excess.values, excess.slopes, excess.beyond)
    return np.concatenate([[0.0, float(SHARED)], row])


def counted_against(material: Material) -> Band | None:
    """Return the band that the carriers of a semiconductor are counted in: its electrons', else its holes'."""
    return next(iter(bands(material).values()), None)


def band_sigma(material: Material, temperature: float) -> Floats:
    """Return the row of `eisfv.physics.conductivity` of sigma = F^2 D c/RT, D that of the dilute band, against c/N of
    the band that counts; a single zero without one."""
    band = counted_against(material)
    if band is None:
        return np.zeros(1)
    slope = FARADAY**2 * band.diffusivity_at(temperature) * band.density / (GAS_CONSTANT * temperature)
    return np.array([float(conductivity.PERCOLATION), 0.0, 0.0, 1.0, 1.0, slope, 1.0])


def carrier_weights(material: Material, temperature: float) -> dict[str, float]:
    """Return what a carrier of a semiconductor conducts over one of the band that counts, which comes first; nothing
    where there is no band."""
    mobilities = {name: band.diffusivity_at(temperature) for name, band in bands(material).items()}
    first = next(iter(mobilities.values()), 1.0)
    return {name: mobility / first for name, mobility in mobilities.items()}


def bulk_levels(region: Region, names: Sequence[str], temperature: float) -> Floats:
    """Return y + E (RT) of each named species of an electrolyte or semiconductor in the neutral bulk as the material
    gives it; 0 of a band that begins empty, whose edge is meant."""
    own = ideal_potentials(replace(region, initial=Initial()), names, temperature)
    for name, band in bands(region.material).items():
        s = names.index(name)
        if nothing_said(region.material, band):
            own[s] = 0.0
            continue
        own[s] += electron_excess(excess_row(region.material, name), own[s])[0]
    return own


def nothing_said(material: Material, band: Band) -> bool:
    """Return whether nothing says how many carriers the neutral bulk of a material has in a band."""
    return band.concentration is None and getattr(material, "gap", None) is None


def recombination_rows(device: Device, names: Sequence[str]) -> Floats:
    """Return a row [region, k] for every region whose electrons and holes meet: k of
    `eisfv.equations.recombination` in m3/(mol s)."""
    rows = []
    for r, region in enumerate(device.regions):
        both, material = bands(region.material), region.material
        if len(both) < len(CARRIERS) or not isinstance(material, Electrolyte):
            continue
        share = 1.0 if material.recombination is None else float(material.recombination)
        mobility = sum(band.diffusivity_at(device.temperature) for band in both.values())
        mobility *= FARADAY / (GAS_CONSTANT * device.temperature)
        permittivity = material.relative_permittivity * VACUUM_PERMITTIVITY
        if share > 0.0:
            rows.append([float(r), share * FARADAY * mobility / permittivity])
    return np.array(rows).reshape(-1, 2)
