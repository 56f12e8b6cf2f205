"""Why a run cannot go on, as far as the device shows it: a host that is full or empty, a field that nothing bears."""

from collections.abc import Iterator

from eisfv.constants import BREAKDOWN, FARADAY, VACUUM_PERMITTIVITY
from eisfv.device.build import Built
from eisfv.device.regions import bulk_conductivity
from eisfv.model.host_curves import AnalyticOpenCircuit
from eisfv.stepping.state import State, amounts

FULL = 1e-2  # of what a host can hold: less room, or less left, than that
COUNTED = 64  # spacings of the clock that a step must have to mean anything


def exhausted(built: Built, begun: State, state: State, current: float) -> Iterator[str]:
    """Give a sentence for every host that is full or empty, with the time since when where a constant current did it.

    begun: the state when the protocol step began; current: what is driven, A
    """
    t = built.tables
    for r, region in enumerate(built.device.regions):
        host = region.material.host
        if host is None:
            continue
        z, s = host.working_ion.charge, built.number(host.ion)
        own = t.region == r
        sites = float(t.volume[own].sum()) * float(t.density[r, s])
        polarons = isinstance(host.open_circuit, AnalyticOpenCircuit) and host.open_circuit.polarons
        room = sites / z if polarons else sites
        before, now = (float(amounts(t, at)[own, s].sum()) for at in (begun, state))
        full, empty = now > (1.0 - FULL) * room, now < FULL * before
        if not (full or empty):
            continue
        way = abs((room if full else 0.0) - before)
        since = ""
        if current != 0.0 and way > FULL * room:
            since = f" since t = {begun.time + way * z * FARADAY / abs(current):.5g} s"
        what = "full" if full else "empty"
        yield f"{region.name} is {what}{since} (x = {now / sites:.4g}): the current has nowhere to go"


def beyond_breakdown(built: Built, voltage: float) -> Iterator[str]:
    """Give a sentence where the gate voltage (V) is more than the electrolytes of a stack bear."""
    films = sum(region.height for region in built.device.regions if region.material.host is None)
    if built.device.section is None and films > 0.0 and abs(voltage) > BREAKDOWN * films:
        field = abs(voltage) / films * 1e-9
        yield f"{voltage:.3g} V over {films * 1e9:.3g} nm are {field:.2g} V/nm, beyond any solid's breakdown"


def shortest_time(built: Built) -> float:
    """Return the shortest dielectric relaxation eps/sigma of the regions in s, inf without conduction."""
    conductivity = bulk_conductivity(built.device)
    return min(
        (
            region.material.relative_permittivity * VACUUM_PERMITTIVITY / sigma
            for region, sigma in zip(built.device.regions, conductivity, strict=True)
            if sigma > 0.0
        ),
        default=float("inf"),
    )
