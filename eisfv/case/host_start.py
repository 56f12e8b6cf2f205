"""Hosts whose start has no sound answer: U(x) beyond its table, a double layer that is not unique, a short circuit at a
joint, electrons that no metal takes."""

from collections.abc import Iterator
from math import log

import numpy as np

from eisfv.case.problems import Key, Problem
from eisfv.constants import COUPLE, thermal_voltage
from eisfv.device.device import Device
from eisfv.device.electron_paths import ends_of, stores_electrons, touching
from eisfv.device.hosts import host_curve
from eisfv.device.phases import unseparated
from eisfv.model.interface_laws import Blocking
from eisfv.model.materials import Host
from eisfv.model.phase_separation import GradientEnergy
from eisfv.model.regions import Region
from eisfv.physics.open_circuit import excess_of_host, open_circuit

APART = 0.1  # V between the levels of two joined hosts


def faults(device: Device) -> Iterator[Problem]:
    """Yield hosts whose U(x) is not known, or is no potential, where it is needed; and joints of more than 10 V."""
    for number, region in enumerate(device.regions):
        host = region.material.host
        if host is None or region.initial.x is None:
            continue
        text = unseparated(host, device.temperature)
        if text:
            # In the table's own file, once for all its regions.
            key: Key = ("material", host.reference, "open_circuit")
            yield Problem(key, f"region {region.name}: U(x) of {host.name} {text}", whole=True)
            continue
        for name, x in (("initial.x", region.initial.x), ("zero_charge_x", host.zero_charge_x)):
            text = beyond(host, float(x), device.temperature)
            if text:
                key = ("device", "region", number, *name.split("."))
                yield Problem(key, f"region {region.name}: {name} = {x:.3g} {text}", whole=True)
    for name, between, apart in short_circuits(device):
        if apart > COUPLE:
            yield Problem(("device", "region", between, "initial"), _short(name, apart), whole=True)


def warnings(device: Device) -> Iterator[str]:
    """Give a line for every host whose double layer has no unique start, is joined to another at a different level, or
    floats."""
    yield from unheld(device)
    yield from short_circuits_told(device)
    for number in sorted(floating(device)):
        yield (
            f"region {device.regions[number].name}: no metal takes its electrons: its filling is bound to its charge "
            "(a floating host)"
        )


def unheld(device: Device) -> Iterator[str]:
    """Give a line for every host whose double layer has no unique start, and that no gradient energy holds together."""
    for number, region in enumerate(device.regions):
        host = region.material.host
        layers = [name for a, b, _, name in touching(device) if number in (a, b)]
        # A gradient energy holds the space charge together, whatever the ion alone would do.
        if host is not None and layers and not isinstance(host.phase_separation, GradientEnergy):
            x = uphill(region, host, device.temperature)
            if x is not None:
                yield (
                    f"region {region.name}: its ion alone climbs its own gradient at x = {x:.2g} (U(x) less the "
                    f"electrons' entropy): the double layer at {layers[0]} has no unique start"
                )


def uniform_and_uphill(device: Device) -> Iterator[str]:
    """Give a line for every host with a gradient energy that begins uniform where its ion alone climbs: where the start
    fails, this energy does not hold the double layer together."""
    for number, region in enumerate(device.regions):
        host = region.material.host
        layers = [name for a, b, _, name in touching(device) if number in (a, b)]
        if host is None or not layers or not isinstance(host.phase_separation, GradientEnergy):
            continue
        x = uphill(region, host, device.temperature)
        if x is not None:
            yield (
                f"region {region.name}: it begins uniform where its ion alone climbs its own gradient (x = {x:.2g}), "
                f"and the gradient energy does not hold the double layer at {layers[0]} together; "
                'phase_separation.model = "convex" may start'
            )


def short_circuits_told(device: Device) -> Iterator[str]:
    """Give a line for every joint of hosts that are more than 0.1 V apart."""
    for name, _, apart in short_circuits(device):
        if APART < apart <= COUPLE:
            yield _short(name, apart)


def potential(host: Host, x: float, temperature: float) -> float:
    """Return U(x) in V."""
    z = host.working_ion.charge
    row = host_curve(host, z, temperature)
    return float(open_circuit(row, z, x)) * thermal_voltage(temperature) / z


def beyond(host: Host, x: float, temperature: float) -> str:
    """Return what is wrong with a composition of a host, in words; "" where nothing is."""
    u = potential(host, x, temperature)
    return f"has U(x) = {u:.3g} V, which is no potential of a host" if abs(u) > COUPLE else ""


def uphill(region: Region, host: Host, temperature: float) -> float | None:
    """Return where y + mu_ex falls with x, somewhere from `zero_charge_x` to the initial x and one RT/F of bending on
    either side; None where it rises.

    Below a Debye length the space charge sees the ion alone, without its electrons.
    """
    assert region.initial.x is not None
    z = host.working_ion.charge
    row = host_curve(host, z, temperature)
    background = host.fixed_charge / host.working_ion.density
    y0 = log(region.initial.x / (1.0 - region.initial.x))
    y_zero = log(host.zero_charge_x / (1.0 - host.zero_charge_x))
    y = np.linspace(min(y0 - z, y_zero), max(y0 + z, y_zero), 101)
    x = 1.0 / (1.0 + np.exp(-y))
    level = [yk + excess_of_host(row, z, xk, 1.0 - xk, yk, background)[0] for xk, yk in zip(x, y, strict=True)]
    falls = np.flatnonzero(np.diff(level) < 0.0)
    return float(x[falls[np.argmin(np.abs(y[falls] - y0))]]) if len(falls) else None


def short_circuits(device: Device) -> Iterator[tuple[str, int, float]]:
    """Give every joint of two hosts that both ion and electrons pass: name, first region, levels apart in V."""
    laws = {frozenset(interface.between): interface.laws for interface in device.interfaces}
    for a, b, electrons, name in touching(device):
        left, right = device.regions[a], device.regions[b]
        one, other = left.material.host, right.material.host
        if one is None or other is None or not electrons or one.ion != other.ion:
            continue
        law = laws.get(frozenset((left.name, right.name)), {}).get(one.ion, Blocking())
        if isinstance(law, Blocking) or left.initial.x is None or right.initial.x is None:
            continue
        apart = potential(one, left.initial.x, device.temperature) - potential(
            other, right.initial.x, device.temperature
        )
        yield name, a, abs(apart)


def floating(device: Device) -> set[int]:
    """Return the hosts that no chain of stores joins to a metal that takes electrons, or to a bath."""
    stores = {r for r, region in enumerate(device.regions) if stores_electrons(region)}
    joined = {
        region
        for region, contact in ends_of(device).values()
        if region in stores and (contact.needs is not None or contact.kind == "bath")
    }
    links = [(a, b) for a, b, passes, _ in touching(device) if passes and {a, b} <= stores]
    while more := {b for pair in links for a, b in (pair, pair[::-1]) if a in joined} - joined:
        joined |= more
    return {r for r in stores - joined if device.regions[r].material.host is not None}


def _short(name: str, apart: float) -> str:
    return f"{name}: joined for ions and electrons, whose levels are {apart:.2f} V apart at t = 0: a short circuit"
