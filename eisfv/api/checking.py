"""`eisfv.check`: a case as it is understood, before it costs time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from eisfv.api import refining
from eisfv.api.case import Case, case_of
from eisfv.case import well_posed
from eisfv.case.case import Case as Resolved
from eisfv.device import scales
from eisfv.device.meshing import mesh_on
from eisfv.device.phases import phase_lines
from eisfv.device.section_geometry import BoxSection
from eisfv.observers.readout import ChannelReadout
from eisfv.postprocess.quantities.prefixes import quantity
from eisfv.running.choice import Choice, by_solution, options_for
from eisfv.running.kept_mesh import PLACE, forget, keep, kept_mesh
from eisfv.running.meshing import BY_LENGTHS
from eisfv.running.notices import above, slips
from eisfv.running.notices import warnings as run_warnings
from eisfv.running.pilots import PilotError, Pilots
from eisfv.simulation import Simulation
from eisfv.solve.errors import EquilibriumError, SetupError

WARNING = "warning: "
SECTION = "mesh: its lines go by the lengths in [mesh], not by its solution; its run tells their error"


@dataclass(frozen=True)
class Check:
    """How a case is understood, as text; `warnings` are those of its lines that a user should know."""

    lines: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings, without the word."""
        return tuple(line.removeprefix(WARNING) for line in self.lines if line.startswith(WARNING))

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def check(case: Case | str | Path, *, refine: bool = False) -> Check:
    """Return how a case is understood: thickness, cells, Debye length, conductivity and diffusion time of the regions,
    open-circuit voltage, conductance, warnings.

    refine  also run to the end of the first pulse on a mesh twice as fine, and tell the mesh error
    Raises CaseError, SetupError, EquilibriumError; what may be their cause is in `__notes__`.

    >>> import eisfv
    >>> print(eisfv.check("cases/mg_wo3_pulses"))  # doctest: +ELLIPSIS
    Mg-EIS: ...
    <BLANKLINE>
    region          thickness  cells ...
    """
    given = case_of(case)
    return Check(tuple(check_lines(given.resolved, given.origin, refine)))


def check_lines(case: Resolved, name: str, refine: bool) -> Iterator[str]:
    """Give the lines on a case as they are found; name: of the case, for messages."""
    choice, words = chosen_mesh(case)
    sizes = choice.sizes if choice is not None else None
    try:
        mesh = mesh_on(case.device, sizes) if sizes is not None else None
        simulation = Simulation(case.device, case.solver, mesh)
    except (EquilibriumError, SetupError) as error:
        told = type(error)(f"{name}: {error}")
        for line in slips(case.device):
            told.add_note(WARNING + line)
        raise told from error
    yield from described(case, simulation)
    yield from words
    if choice is not None:
        yield mesh_drawn(case, choice)
    yield from curves_read(case)
    if refine:
        yield from refining.mesh_error(case, sizes)


def chosen_mesh(case: Resolved) -> tuple[Choice | None, list[str]]:
    """Return what pilot runs choose, now or in an earlier check of the same case, and what to say of it."""
    if not by_solution(case):
        return None, [SECTION] if isinstance(case.device.section, BoxSection) else []
    options = options_for(case, 1)
    try:
        choice = kept_mesh(case, options, for_run=False) or Pilots([case], options).choose()
    except PilotError as error:
        return None, [f"warning: {BY_LENGTHS}: {error}"]
    return choice, [choice.line, *(WARNING + line for line in above(case.device.mesh, choice))]


def mesh_drawn(case: Resolved, choice: Choice) -> str:
    """Return a line on the picture of a mesh that pilots have chosen; it and the mesh that is kept are of one case."""
    from eisfv.api.mesh_pictures import FILE, mesh_picture

    folder = case.directory / PLACE
    try:
        if choice.kept is None or not (folder / FILE).is_file():
            forget(case)
            mesh_picture(case, choice.sizes, folder)
            keep(case, options_for(case, 1), replace(choice, kept=None))
        return f"drawn in {folder / FILE}"
    except OSError as error:
        return f"warning: {folder} cannot be written ({error.strerror}): the mesh is not drawn"


def curves_read(case: Resolved) -> Iterator[str]:
    """Give a line on every curve that a file gave, and on the picture of its points and the curve of the model."""
    if not case.curves:
        return
    from eisfv.api.host_pictures import points_and_curves

    yield ""
    for curve in case.curves:
        yield curve.line
    folder = case.directory / PLACE
    try:
        yield f"drawn in {', '.join(str(file) for file in points_and_curves(case, folder))}"
    except OSError as error:
        yield f"warning: {folder} cannot be written ({error.strerror}): the curves are not drawn"


def described(case: Resolved, simulation: Simulation) -> Iterator[str]:
    """Give the lines: regions, interfaces, whole device, protocol, warnings."""
    device = case.device
    yield f"{case.title}"
    yield ""
    yield f"{'region':14}{'thickness':>11}{'cells':>7}{'smallest':>11}{'Debye':>11}{'sigma':>13}{'diffusion t':>13}"
    for number, region in enumerate(device.regions):
        row = scales.region_scales(simulation.built, number)
        debye = quantity(row.debye, "m", 3) if row.debye < 1.0 else "-"
        diffusion = quantity(row.diffusion_time, "s", 3) if row.diffusion_time is not None else "-"
        yield (
            f"{region.name:14}{quantity(region.height, 'm', 3):>11}{row.cells:>7}"
            f"{quantity(row.smallest, 'm', 3):>11}{debye:>11}{quantity(row.conductivity, 'S/m', 3):>13}{diffusion:>13}"
        )
    for given in case.file.device.region:
        if given.active_volume is not None:
            yield f"{given.name:14} takes ions as {given.active_volume:g} times its volume (active_volume)"
    yield ""
    yield from scales.interface_scales(simulation.built)
    yield from phase_lines(simulation.built)
    yield ""
    yield f"open-circuit voltage    {quantity(simulation.voltage, 'V', 4)}"
    readout = ChannelReadout(simulation.built)
    if device.readout is not None:
        yield f"conductance             {quantity(readout.conductance(simulation.state), 'S', 4)}"
    if device.section is None:
        total = scales.device_scales(simulation.built)
        yield f"series of the regions   {quantity(total.resistance, 'ohm', 3)}"
        yield f"double layers charge in {quantity(total.charging, 's', 3)} after a step of the voltage"
        if total.relaxing is not None:
            yield f"{'':23} {quantity(total.relaxing, 's', 3)} under a current and at rest, by transfer and leak"
    protocol = case.protocol
    pulses = f", {protocol.pulses} pulses" if protocol.pulses else ""
    most = "at most " if any(step.until is not None for step in protocol.steps) else ""
    yield f"protocol                {len(protocol)} steps{pulses}, {most}{protocol.duration:.6g} s"
    measures = case.file.measure
    if measures:
        driven = sum(measure.protocol.pulses for measure in measures)
        yield f"measures                {len(measures)} from where the protocol ends, {driven} pulses"
    if case.file.start is not None:
        yield "start                   the state of another run; voltage and conductance above are those from rest"
    yield (
        f"system                  {simulation.built.mesh.cells} cells x {1 + len(simulation.built.species)} unknowns, "
        f"linear solver {simulation.newton.linear.name}"
    )
    warnings = [*slips(device), *well_posed.warnings(case)]
    warnings += run_warnings(simulation, protocol, measured=bool(measures))
    for warning in warnings:
        yield f"warning: {warning}"
