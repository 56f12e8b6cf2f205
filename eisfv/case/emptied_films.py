"""Semiconductors that a host beside them empties before anything is driven, behind a metal that ends no field.

An ohmic contact has the level of the neutral film, and electrons that pass from the host bring that of the host to it.
No field ends at such a metal: the film stands at the potential of the host, and holds what that leaves it,

    n = n_0 exp[z F (phi_film - phi_host) / RT]          phi: of the neutral bulks, levels of the carriers aligned

of a carrier of charge z. What is left relaxes charge within

    tau = eps_r eps_0 / (F sum of mobility n)

Where that is DEAD times longer than the first protocol step, the metal passes nothing and ends no field: a dead end, at
which a current has no solution and open circuit no voltage (Gauss). A voltage that is set has one.
"""

from collections.abc import Iterator
from math import exp

from eisfv.case.problems import Problem
from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.device.bulk import concentrations
from eisfv.device.carriers import bands
from eisfv.device.device import Device
from eisfv.device.electron_paths import ends_of, stores_electrons, touching
from eisfv.errors import EisfvError
from eisfv.model.case_file import CaseFile
from eisfv.model.steps import VoltageStep
from eisfv.postprocess.quantities.prefixes import quantity

DEAD = 1e6
EXPONENT_MAX = 600.0


def faults(device: Device, file: CaseFile) -> Iterator[Problem]:
    """Yield ohmic contacts on films that begin empty, where no voltage is set first."""
    first = next(iter(file.protocol or ()), None)
    duration = getattr(first, "duration", None)
    if device.section is not None or file.start is not None or duration is None or isinstance(first, VoltageStep):
        return
    for side, film, host in beside_hosts(device):
        left, time = after_contact(device, film, host)
        if time > DEAD * duration:
            region, other = device.regions[film].name, device.regions[host].name
            text = (
                f"device.contact.{side}: ohmic on {region}, which {other} empties to {left:.2g} mol/m3 before anything "
                f"is driven: it passes no charge within {quantity(duration, 's', 3)} and ends no field, so that the "
                'voltage of a current, or of open circuit, has no value; take "injecting" with a barrier, which ends '
                f"the field, or carriers in {region} whose level is that of {other}"
            )
            yield Problem(("device", "contact", side), text, whole=True)


def beside_hosts(device: Device) -> Iterator[tuple[str, int, int]]:
    """Give the contacts without a field on films of one side of a stack: side, film, and the host beside it from which
    electrons pass."""
    for side, (number, contact) in ends_of(device).items():
        material = device.regions[number].material
        if contact.level != "electron" or not bands(material) or contact.ends_field(material):
            continue
        for a, b, passes, _ in touching(device):
            other = b if a == number else a
            if passes and number in (a, b) and stores_electrons(device.regions[other]):
                yield side, number, other


def after_contact(device: Device, film: int, host: int) -> tuple[float, float]:
    """Return the carriers (mol/m3) that a film keeps at its neighbour's potential, and their relaxation time (s)."""
    # Only where there is such a film: they bring what no other case waits for.
    from eisfv.device.build import build
    from eisfv.device.meshing import mesh_of
    from eisfv.solve.bulk_levels import bulk_levels

    region = device.regions[film]
    try:
        _, phi, _ = bulk_levels(build(device, mesh_of(device)))
    except EisfvError:  # told where the run begins
        return 0.0, 0.0
    held, left, conducts = concentrations(region, device.temperature), 0.0, 0.0
    for name, band in bands(region.material).items():
        bend = min(max(band.charge * float(phi[film] - phi[host]), -EXPONENT_MAX), EXPONENT_MAX)
        kept = held[name] * exp(bend)
        left, conducts = left + kept, conducts + FARADAY * band.mobility * kept
    permittivity = region.material.relative_permittivity * VACUUM_PERMITTIVITY
    return left, permittivity / conducts if conducts > 0.0 else float("inf")
