"""Drives that no device bears: the voltage that a current needs, the field of a voltage, a host filled or emptied.

    V_need = sum over the regions of |I| min(R, t / C),    R = L / (sigma A),    C = eps A / L

    I, t    current and duration of a step                                  A, s
    R       resistance of the neutral bulk, ions and electrons together     ohm
    C       capacitance of its dielectric, which carries what does not flow F

A host behind a metal that takes electrons alone stores all that flows. It is full, or empty, after

    t* = z F c_site L A |x_end - x| / |I|,    x_end = 0, or 1, or 1/z where every ion brings z polarons

Only constant currents are judged, and stacks.
"""

from collections.abc import Iterator

from eisfv.case import protocol_keys
from eisfv.case.problems import Key, Problem, key_text
from eisfv.constants import BEYOND_REASON, BREAKDOWN, FARADAY, VACUUM_PERMITTIVITY
from eisfv.device.device import Device
from eisfv.device.electron_paths import ends_of, stores_electrons, touching
from eisfv.device.regions import bulk_conductivity
from eisfv.model.case_file import CaseFile
from eisfv.model.host_curves import AnalyticOpenCircuit
from eisfv.model.protocol import CurrentStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.postprocess.quantities.prefixes import quantity

DOUBTFUL = 100.0  # V


def faults(device: Device, file: CaseFile) -> Iterator[Problem]:
    """Yield the currents that need more than a kilovolt."""
    for key, step, voltage in needed(device, file):
        if voltage > BEYOND_REASON:
            yield Problem(key, _needs(key, step, voltage), whole=True)


def warnings(device: Device, file: CaseFile) -> Iterator[str]:
    """Give a line for every current that needs more than 100 V, every field beyond breakdown, and every host that a
    current fills or empties."""
    for key, step, voltage in needed(device, file):
        if DOUBTFUL < voltage <= BEYOND_REASON:
            yield _needs(key, step, voltage)
    films = [r.height for r in device.regions if r.material.host is None]
    for key, step in protocol_keys.of_case(file):
        if isinstance(step, VoltageStep) and films and device.section is None:
            voltage = step.value.extreme(step.duration)
            if abs(voltage) > BREAKDOWN * sum(films):
                field = abs(voltage) / sum(films) * 1e-9
                across = quantity(sum(films), "m", 3)
                what = f"{voltage:.3g} V over {across} is {field:.2g} V/nm"
                yield f"{key_text(key)}: {what}, beyond any solid's breakdown"
    for key, step in constant_currents(file):
        if step.until is None:  # else the duration is but a limit
            yield from exhausted(device, key, step)


def needed(device: Device, file: CaseFile) -> Iterator[tuple[Key, CurrentStep, float]]:
    """Give every constant current with the voltage (V) that it needs at least."""
    if device.section is not None:
        return
    conductivity = bulk_conductivity(device)
    for key, step in constant_currents(file):
        current, total = abs(step.value.extreme(step.duration)), 0.0
        for region, sigma in zip(device.regions, conductivity, strict=True):
            capacitance = region.material.relative_permittivity * VACUUM_PERMITTIVITY * device.area / region.height
            charged = step.duration / capacitance
            total += current * (min(region.height / (sigma * device.area), charged) if sigma > 0.0 else charged)
        yield key, step, total


def exhausted(device: Device, key: Key, step: CurrentStep) -> Iterator[str]:
    """Give a line for every host at an end of the stack that a current fills or empties within a step."""
    if device.section is not None or electrons_pass_through(device):
        return
    current = step.value.extreme(step.duration)
    for side, (number, contact) in ends_of(device).items():
        region = device.regions[number]
        host, x = region.material.host, region.initial.x
        if host is None or x is None or contact.needs is None or current == 0.0:
            continue
        z = host.working_ion.charge
        polarons = isinstance(host.open_circuit, AnalyticOpenCircuit) and host.open_circuit.polarons
        fills = (current > 0.0) == (side == "channel")
        way = (1.0 / z if polarons else 1.0) - x if fills else x
        time = z * FARADAY * host.working_ion.density * region.height * device.area * way / abs(current)
        if time < step.duration:
            verb = "fills" if fills else "empties"
            yield (
                f"{key_text(key)}: {current:.3g} A {verb} {region.name} (x = {x:g}) after {quantity(time, 's', 3)} of "
                f"{quantity(step.duration, 's', 3)}; what flows then must leak"
            )


def electrons_pass_through(device: Device) -> bool:
    """Return whether stored electrons pass from end to end of a stack, so that no host need store a current."""
    return all(map(stores_electrons, device.regions)) and all(passes for _, _, passes, _ in touching(device))


def constant_currents(file: CaseFile) -> Iterator[tuple[Key, CurrentStep]]:
    """Give the steps of a constant current with their keys."""
    for key, step in protocol_keys.of_case(file):
        if isinstance(step, CurrentStep) and isinstance(step.value, Constant):
            yield key, step


def _needs(key: Key, step: CurrentStep, voltage: float) -> str:
    current, time = step.value.extreme(step.duration), quantity(step.duration, "s", 3)
    return (
        f"{key_text(key)}: {current:.3g} A for {time} needs at least {quantity(voltage, 'V', 3)}; no device bears that"
    )
