"""Where a host starts, told by its conductivity: `initial.conductivity = "15 mS/cm"` in the place of `initial.x`.

x is the smallest filling at which sigma(z x) has that value, z the electrons that an ion brings. The resolved case says
it as `initial.x`.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from eisfv.case.problems import Problem
from eisfv.device.hosts import host_sigma
from eisfv.model.case_file import CaseFile
from eisfv.model.host_curves import AnalyticOpenCircuit, TabulatedConductivity
from eisfv.model.materials import Host
from eisfv.physics.conductivity import conductivity

SMALLEST = 1e-12  # x: below it the background alone conducts
FULLEST = 1.0 - 1e-9  # share of the sites
SCANNED = 400  # places, evenly in ln x: a table may fall again


def found(file: CaseFile) -> tuple[CaseFile, list[Problem]]:
    """Return the file with the x of every host whose conductivity is said, and what is wrong with such."""
    regions, faults = list(file.device.region), list[Problem]()
    for number, region in enumerate(regions):
        sigma = region.initial.conductivity
        if sigma is None:
            continue
        temperature, host, x = float(file.device.temperature), region.material.host, region.initial.x
        fault = ""
        if host is None:
            fault = "is of a host, whose composition it tells; remove it, or set initial.concentration.NAME"
        elif x is not None:
            fault = "tells the composition, which initial.x says as well; leave one of them out"
        else:
            x = filling(host, temperature, float(sigma))
            if x is None:
                low, high = (end / 100.0 for end in span(host, temperature))
                fault = f"is none that {region.material.name} has: {low:.3g} to {high:.3g} S/cm"
                x = sum(ends(host)) / 2.0  # no second fault for its being missing
        if fault:
            faults.append(Problem(("device", "region", number, "initial", "conductivity"), fault, sigma))
        regions[number] = replace(region, initial=replace(region.initial, x=x, conductivity=None))
    if regions == list(file.device.region):
        return file, faults
    return replace(file, device=replace(file.device, region=tuple(regions))), faults


def ends(host: Host) -> tuple[float, float]:
    """Return the smallest and the largest x that both curves of a host know."""
    z = host.working_ion.charge
    low, high = SMALLEST, FULLEST
    if isinstance(host.open_circuit, AnalyticOpenCircuit):
        high = FULLEST / z if host.open_circuit.polarons else FULLEST
    else:
        low, high = max(low, host.open_circuit.x[0]), min(high, host.open_circuit.x[-1])
    if isinstance(host.conductivity, TabulatedConductivity):
        low, high = max(low, host.conductivity.gamma[0] / z), min(high, host.conductivity.gamma[-1] / z)
    return low, high


def span(host: Host, temperature: float) -> tuple[float, float]:
    """Return the smallest and the largest conductivity of a host (S/m)."""
    row, z = host_sigma(host, temperature), host.working_ion.charge
    values = [conductivity(row, z * x)[0] for x in np.geomspace(*ends(host), SCANNED)]
    return min(values), max(values)


def filling(host: Host, temperature: float, sigma: float) -> float | None:
    """Return the smallest x with a conductivity (S/m), None where there is none."""
    from scipy.optimize import brentq  # here: reading a case is on the way to every command

    row, z = host_sigma(host, temperature), host.working_ion.charge
    places = np.geomspace(*ends(host), SCANNED)

    def excess(x: float) -> float:
        return float(np.log(conductivity(row, z * x)[0] / sigma))

    values = [excess(x) for x in places] if sigma > 0.0 else []
    for k, (before, after) in enumerate(pairwise(values)):
        if before == 0.0:
            return float(places[k])
        if before * after <= 0.0:
            return float(brentq(excess, places[k], places[k + 1], xtol=1e-300, rtol=1e-14))
    return None
