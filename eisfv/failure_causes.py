"""Why a run cannot go on, as far as the device shows it: a field that nothing bears, a state that the model does not
describe. Hosts that are full or empty: `eisfv.spent_hosts`."""

from collections.abc import Iterator

import numpy as np

from eisfv.constants import BEYOND_REASON, BREAKDOWN, VACUUM_PERMITTIVITY
from eisfv.device.build import Built
from eisfv.device.bulk import concentrations
from eisfv.device.carriers import bands
from eisfv.device.conductivities import bulk_conductivity
from eisfv.device.electron_paths import ends_of
from eisfv.device.tables import Floats
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import POTENTIAL, name_of, of_species, potential
from eisfv.model.materials import ELECTRON
from eisfv.observers.crowding import CROWDED, crowded
from eisfv.physics.statistics import stores
from eisfv.solve.newton import Newton
from eisfv.solve.stage_records import Known, Source
from eisfv.stepping.state import State, amounts, counted

DOUBTFUL = 100.0  # V between the terminals, which no thin film bears
LOST = 1e-2  # of its carriers: a film that has less left than that is emptied
GONE, VOLT = 1e-20, 1.0  # of the sites of a host: where fewer hold any, and more than a volt falls, it is none
OFF_REST = 1e-2  # of the sites of a plane
TRACE = 1e-12  # mol/m3: less than a million ions in a cubic millimetre
COUNTED = 64  # spacings of the clock that a step must have to mean anything


def emptied(built: Built, state: State, current: float) -> Iterator[str]:
    """Give a sentence for every semiconductor that has hardly any carriers left for a current (A)."""
    for _, lost in without_carriers(built, state) if current != 0.0 else ():
        yield f"{lost}: the current has nowhere to come from"


def stranded(built: Built, state: State) -> Iterator[str]:
    """Give a sentence for every semiconductor with hardly any carriers behind a metal that ends no field, where nothing
    sets the voltage."""
    lost = dict(without_carriers(built, state))
    for side, (number, contact) in ends_of(built.device).items():
        if number in lost and not contact.ends_field(built.device.regions[number].material):
            yield (
                f"{lost[number]}: its {contact.kind} contact passes no charge any more and ends no field, so that the "
                f'{side} is at no voltage of its own in open circuit; "injecting" with a barrier ends the field'
            )


def without_carriers(built: Built, state: State) -> Iterator[tuple[int, str]]:
    """Give every semiconductor that has hardly any carriers left, by number, and what is left in words."""
    t, device = built.tables, built.device
    for r, region in enumerate(device.regions):
        own, names = t.region == r, list(bands(region.material))
        whole = concentrations(region, device.temperature)
        before = sum(whole[name] for name in names) * float(t.volume[own].sum())
        now = sum(float(amounts(t, state)[own, built.number(name)].sum()) for name in names)
        if now < LOST * before:
            left = f"{100.0 * now / before:.2g} % of them are left"
            yield r, f"{region.name} has lost its {' and '.join(names)}s ({left})"


def beyond_breakdown(built: Built, voltage: float) -> Iterator[str]:
    """Give a sentence where the gate voltage (V) is more than the electrolytes of a stack bear."""
    films = thickness_of_films(built)
    if films > 0.0 and abs(voltage) > BREAKDOWN * films:
        field = abs(voltage) / films * 1e-9
        yield f"{voltage:.3g} V over {films * 1e9:.3g} nm are {field:.2g} V/nm, beyond any solid's breakdown"


def thickness_of_films(built: Built) -> float:
    """Return the thickness of all electrolytes of a stack in m, 0 of a section."""
    if built.device.section is not None:
        return 0.0
    return sum(region.height for region in built.device.regions if region.material.host is None)


def borne(built: Built) -> float:
    """Return what a device bears between its terminals at most, V: DOUBTFUL, or the breakdown of its electrolytes."""
    films = thickness_of_films(built)
    return min(DOUBTFUL, BREAKDOWN * films) if films > 0.0 else DOUBTFUL


def beyond_model(built: Built, state: State) -> Iterator[str]:
    """Give a sentence for every field that nothing bears, for every host that has lost its electrons or its ions
    somewhere, of which its U(x) knows nothing, and for every species without sites that has piled up beyond any
    solid."""
    t, mesh = built.tables, built.mesh
    volts = potential(state.at.u) * built.thermal_voltage
    local = laws_at(t, t.region, state.at.u)
    for r, region in enumerate(built.device.regions):
        own = np.flatnonzero(mesh.region == r)
        field = largest_field(built, volts, r)
        if field > BREAKDOWN:
            told = f"the field in {region.name} is {field * 1e-9:.3g} V/nm, beyond any solid's breakdown"
            if region.material.electroneutral:
                told += ": a double layer that one Debye length does not hold; electroneutral = false may pass"
            yield told
        for s, name in enumerate(built.species):
            if not stores(t.kind[r, s]):
                continue
            held = local.concentration[own, s]
            bulk = float(t.volume[own] @ held) / float(t.volume[own].sum())
            fall = float(np.ptp(volts[own]))
            host = region.material.host
            lost = host is not None and name in (ELECTRON, host.ion) and held.min() < GONE * t.density[r, s]
            if lost and fall > VOLT:
                what = "electrons" if name == ELECTRON else name
                yield f"{region.name} has lost its {what} at one end: {fall:.3g} V fall within it"
            if held.max() > max(CROWDED, 10.0 * bulk):
                yield crowded(name, float(held.max()), region.name)


def largest_field(built: Built, volts: Floats, region: int) -> float:
    """Return the largest field in a region, V/m; volts (cells)."""
    t, mesh = built.tables, built.mesh
    faces = np.flatnonzero((mesh.distance > 0.0) & (mesh.region[t.left] == region) & (mesh.region[t.right] == region))
    return float((np.abs(volts[t.right[faces]] - volts[t.left[faces]]) / mesh.distance[faces]).max(initial=0.0))


def beyond_current(built: Built, newton: Newton, state: State, source: Source, rest: float) -> Iterator[str]:
    """Give a sentence where the device, as it conducts at a state, needs more than DOUBTFUL for a current within the
    rest of the time (s): where it falls."""
    voltage, where = needed(built, newton, state, source, rest) if source.value != 0.0 else (0.0, "")
    if DOUBTFUL < abs(voltage) < np.inf:
        # Of a matrix that hardly has an inverse the digits mean nothing.
        size = f"{abs(voltage):.3g} V" if abs(voltage) <= BEYOND_REASON else f"more than {BEYOND_REASON:g} V"
        yield f"its current needs {size} between the terminals at once, most of it across {where}"


def needed(built: Built, newton: Newton, state: State, source: Source, rest: float) -> tuple[float, str]:
    """Return the gate voltage (V) that a current needs after the rest of the time (s), the device conducting and
    storing as it does at a state, and the region in which most of it falls; 0 where nothing tells."""
    if source.kind != "current" or rest <= 0.0:
        return 0.0, ""
    state = counted(newton, state)
    newton.evaluate(state.at, Known(state.stored, state.charge), rest, True)
    if not newton.factor(rest, source):
        return 0.0, ""
    update = newton.linear.solve(-newton.system.residual)
    change = newton.border(update, state.at.voltage, state.charge, rest, source)
    moved = potential(update + change * (newton.move - newton.answer))
    falls = [float(np.ptp(moved[built.mesh.region == r])) for r in range(len(built.device.regions))]
    return (state.at.voltage + change) * built.thermal_voltage, built.device.regions[int(np.argmax(falls))].name


def off_rest(built: Built, state: State, worst: tuple[int, int]) -> Iterator[str]:
    """Give a sentence for every plane that began with far more than it holds at rest beside the ions there, and still
    does, where the run stops at its start or at (cell, unknown) by the ions that it lets go of:

    theta_rest = k_a c / (k_a c + k_d v Gamma_max),    tau = 1 / (k_a c / Gamma_max + k_d v)
    """
    t, (cell, unknown) = built.tables, worst
    for plane in built.planes:
        node = plane.nodes(built.mesh)[0][:1]
        beside = laws_at(t, t.region[node], state.at.u[node])
        for name, law in plane.sites.items():
            ion = built.number(law.of)
            own = unknown == of_species(ion) and built.mesh.region[cell] == plane.region
            capture, release = law.rates(built.device.temperature)
            capture *= float(beside.concentration[0, ion]) / law.sites
            release *= float(beside.free[0, ion])
            begins, rate = law.coverage or 0.0, capture + release
            if (own or state.time == 0.0) and rate * state.time < 1.0 and begins - capture / rate > OFF_REST:
                yield (
                    f"{name} begins with {begins:.2g} of its sites taken, and comes to {capture / rate:.2g}, its rest, "
                    f"within {1.0 / rate:.2g} s; a coverage nearer to that may start"
                )


def unheld(built: Built, state: State, cell: int, unknown: int) -> str:
    """Return what a singular matrix means at an unknown of a cell."""
    name, t = name_of(unknown, built.species), built.tables
    region = built.device.regions[int(built.mesh.region[cell])].name
    held = f"no equation holds {name} there any more"
    if unknown == POTENTIAL:
        return f"{held}: no charge in {region} answers it and no field ends there"
    if unknown >= of_species(len(built.species)):
        return f"{held}: nothing in {region} asks for it"
    left = float(laws_at(t, t.region[cell : cell + 1], state.at.u[cell : cell + 1]).concentration[0, unknown - 1])
    if left < TRACE:
        return f"{held}: {left:.2g} mol/m3 are left of it in {region}, too little to tell its level by"
    return f"{held}: no flow in {region} depends on it"


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
