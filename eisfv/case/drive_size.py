"""Drives that no device bears: the voltage that a current needs, the field of a voltage, a host filled or emptied.

    V_need = sum over the regions of |I| min(R, t / C),    R = L / (sigma A),    C = eps A / L

    I, t    current and duration of a step                                  A, s
    R       resistance of the neutral bulk, ions and electrons together     ohm
    C       capacitance of its dielectric, which carries what does not flow F

and V = |I| R of an electroneutral region, whose equations know no displacement.

Ions that pass neither end of a region carry no more than Q_max (`eisfv.case.sealed_regions`): the rest flows as
electrons, or charges the dielectric,

    |I| t - Q_max <= integral of V/R_e dt + C V <= max V (t/R_e + C),    R_e = L / (sigma_e A)

and an electroneutral region has no C.

A host behind a metal that takes electrons alone stores all that flows. It is full, or empty, after

    t* = z F c_site L A |x_end - x| / |I|,    x_end = 0, or 1, or 1/z where every ion brings z polarons

So it is of the charge that steps and trains bring together (`eisfv.case.driven_charge`). That is warned of and no more:
what a host cannot hold may leak through the device as electrons, and a run in which it does not ends with the cause.

Only constant currents are judged by the voltage that they need, and only stacks.
"""

from collections.abc import Iterator
from math import inf
from typing import NamedTuple

from eisfv.case import driven_charge, protocol_keys, sealed_regions
from eisfv.case.problems import Key, Problem, key_text
from eisfv.constants import BEYOND_REASON, BREAKDOWN, COUPLE, FARADAY, VACUUM_PERMITTIVITY
from eisfv.device.conductivities import bulk_conductivity
from eisfv.device.device import Device
from eisfv.device.electron_paths import ends_of, idle, stores_electrons, touching
from eisfv.model.case_file import CaseFile
from eisfv.model.host_curves import AnalyticOpenCircuit
from eisfv.model.materials import ELECTRON
from eisfv.model.species import Ohmic
from eisfv.model.steps import CurrentStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.postprocess.quantities.prefixes import quantity

DOUBTFUL = 100.0  # V
LEAKS = 1.0  # V: hosts stand apart by less, so that what leaks at it leaks before they are full


def faults(device: Device, file: CaseFile) -> Iterator[Problem]:
    """Yield the currents that need more than a kilovolt."""
    for key, step, voltage, sealed in needed(device, file):
        if voltage > BEYOND_REASON:
            yield Problem(key, _needs(key, step, voltage, sealed), whole=True)


def warnings(device: Device, file: CaseFile) -> Iterator[str]:
    """Give a line for every current that needs more than 100 V, every field beyond breakdown, and every host that a
    current fills or empties."""
    for key, step, voltage, sealed in needed(device, file):
        if DOUBTFUL < voltage <= BEYOND_REASON:
            yield _needs(key, step, voltage, sealed)
    films = [r.height for r in device.regions if r.material.host is None]
    passes = all(contact.kind not in ("blocking", "insulating") for _, contact in ends_of(device).values())
    for key, step in protocol_keys.of_case(file):
        if isinstance(step, VoltageStep) and films and device.section is None:
            voltage = step.value.extreme(step.duration)
            if abs(voltage) > BREAKDOWN * sum(films):
                field = abs(voltage) / sum(films) * 1e-9
                across = quantity(sum(films), "m", 3)
                what = f"{voltage:.3g} V over {across} is {field:.2g} V/nm"
                yield f"{key_text(key)}: {what}, beyond any solid's breakdown"
            elif abs(voltage) > COUPLE and passes:
                yield (
                    f"{key_text(key)}: {voltage:.3g} V between contacts that let ions or electrons through is more "
                    "than any electrolyte stands: it would decompose, which no law here describes"
                )
    leak = leak_resistance(device)
    for host in filled_hosts(device):
        yield from exhausted(host, leak, file)


def needed(device: Device, file: CaseFile) -> Iterator[tuple[Key, CurrentStep, float, str]]:
    """Give every constant current with the voltage (V) that it needs at least, and the region in which most of it falls
    because its ions have nowhere to go, if any."""
    if device.section is not None:
        return
    conductivity = bulk_conductivity(device)
    regions = [
        (
            region.name,
            region.material.relative_permittivity * VACUUM_PERMITTIVITY * device.area / region.height,
            region.height / (sigma * device.area) if sigma > 0.0 else inf,
            sealed_regions.kept_charge(device, number),
            0.0 if region.material.electroneutral else 1.0,
            sealed_regions.electrons_of(device, number),
        )
        for number, (region, sigma) in enumerate(zip(device.regions, conductivity, strict=True))
    ]
    for key, step in constant_currents(file):
        current, time = abs(step.value.extreme(step.duration)), step.duration
        falls = {}
        for name, capacitance, resistance, ions, displaced, conductance in regions:
            flows = displaced == 0.0 and resistance < inf
            falls[name] = current * (resistance if flows else min(resistance, time / capacitance)), 0.0
            if ions is None:
                continue
            answers = time * conductance + displaced * capacitance or capacitance
            falls[name] = falls[name][0], max(current * time - ions, 0.0) / answers
        total = sum(max(fall) for fall in falls.values())
        most = max(falls, key=lambda name: max(falls[name]))
        yield key, step, total, most if falls[most][1] > falls[most][0] else ""


class Filled(NamedTuple):
    """A host at an end of a stack that stores all that flows: its name, its x, and the charge (C) towards the channel
    that fills or empties it."""

    name: str
    x: float
    fills: float
    empties: float


def filled_hosts(device: Device) -> Iterator[Filled]:
    """Give the hosts behind a metal that takes electrons alone."""
    if device.section is not None or electrons_pass_through(device):
        return
    for side, (number, contact) in ends_of(device).items():
        region = device.regions[number]
        host, x = region.material.host, region.initial.x
        if host is None or x is None or contact.needs is None:
            continue
        z = host.working_ion.charge
        polarons = isinstance(host.open_circuit, AnalyticOpenCircuit) and host.open_circuit.polarons
        sign = 1.0 if side == "channel" else -1.0
        whole = sign * z * FARADAY * host.working_ion.density * region.height * device.area
        yield Filled(region.name, float(x), whole * ((1.0 / z if polarons else 1.0) - x), -whole * x)


def leak_resistance(device: Device) -> float:
    """Return what the electrons of a stack meet between the regions that store them, ohm; inf where none pass."""
    total, left_out = 0.0, idle(device)
    for number, region in enumerate(device.regions):
        if stores_electrons(region):
            continue
        electron = region.material.species.get(ELECTRON)
        if not isinstance(electron, Ohmic) or number in left_out:
            return inf
        sigma = electron.conductivity_at(device.temperature)
        total += region.height / (sigma * device.area) if sigma > 0.0 else inf
    return total


def exhausted(host: Filled, leak: float, file: CaseFile) -> Iterator[str]:
    """Give a line for every current that fills or empties a host within a step, and for where all that is driven
    together does first, unless the electrons leak (ohm) that much at less than LEAKS."""
    for verb, bound in (("fills", host.fills), ("empties", host.empties)):
        for key, step in constant_currents(file):
            current = step.value.extreme(step.duration)
            if step.until is None and current * step.duration / bound > 1.0:  # else the duration is but a limit
                yield (
                    f"{key_text(key)}: {current:.3g} A {verb} {host.name} (x = {host.x:g}) after "
                    f"{quantity(bound / current, 's', 3)} of {quantity(step.duration, 's', 3)}; what flows then must "
                    "leak"
                )
        found = driven_charge.crossing(file.protocol, bound)
        if found is None or driven_charge.charge(found.step) / bound > 1.0:
            continue
        mean = bound / (found.time + found.step.duration)
        needed_to_leak = abs(mean) * leak
        if needed_to_leak < LEAKS:
            continue
        often = " of ".join(f"{n:,}" for n in (found.passes[-1][0] + 1, found.passes[-1][1])) if found.passes else ""
        yield (
            f"{key_text(found.key)}: the charge driven so far {verb} {host.name} (x = {host.x:g}) at t = "
            f"{quantity(found.time, 's', 3)}{often and f', in repeat {often}'}; what is driven on must "
            + ("leak" if needed_to_leak == inf else f"leak, which takes {quantity(needed_to_leak, 'V', 2)}")
        )


def electrons_pass_through(device: Device) -> bool:
    """Return whether stored electrons pass from end to end of a stack, so that no host need store a current."""
    return all(map(stores_electrons, device.regions)) and all(passes for _, _, passes, _ in touching(device))


def constant_currents(file: CaseFile) -> Iterator[tuple[Key, CurrentStep]]:
    """Give the steps of a constant current with their keys."""
    for key, step in protocol_keys.of_case(file):
        if isinstance(step, CurrentStep) and isinstance(step.value, Constant):
            yield key, step


def _needs(key: Key, step: CurrentStep, voltage: float, sealed: str) -> str:
    current, time = step.value.extreme(step.duration), quantity(step.duration, "s", 3)
    where = f", most of it in {sealed}, whose ions or carriers pass neither end" if sealed else ""
    return (
        f"{key_text(key)}: {current:.3g} A for {time} needs at least {quantity(voltage, 'V', 3)}{where}; no device "
        "bears that: take a smaller current, or regions that conduct it better"
    )
