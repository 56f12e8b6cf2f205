"""What a run tells of its device, its mesh and its linear solver."""

from collections.abc import Iterator
from dataclasses import replace

from eisfv.case.case import Case
from eisfv.device import scales
from eisfv.device.build import Built
from eisfv.device.device import Device
from eisfv.device.phases import coarse_boundaries
from eisfv.device.scales import pressed_layers
from eisfv.device.section_geometry import GmshSection
from eisfv.device.table_ranges import steep_steps, unmeasured_zero_charge
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.protocol import Protocol
from eisfv.observers.pulses import height
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.tables_left import TablesLeft
from eisfv.result import Cells
from eisfv.running.choice import Choice, leaves_cells
from eisfv.running.numerical_error import Estimate, worst
from eisfv.simulation import Simulation
from eisfv.solve.linear import LinearSolver
from eisfv.solve.ranks import Ranks

COLD = 150.0  # K: below, nobody measures ions in a solid
ROOM = 298.15  # K: where most materials were measured
THICK = 1e-2  # m
FULL = 0.9  # of mesh.cells_max: more cells are not to be had
MORE = 1.1  # of it: counts that every fourth face divides are a little above
# From here on a section's time goes into its matrices. SuperLU took 4.3 times as long as PETSc for that of 1 080 cells,
# 3.4 times for 4 140, 2.9 times for 10 300.
MANY_CELLS = 1000


def cells_of(built: Built) -> Cells:
    """Return the cells of a device as results keep them."""
    mesh, outline = built.mesh, built.mesh.outline
    if built.device.section is None or outline is None:
        return Cells(mesh.position[:, 0], mesh.volume / built.device.area, mesh.region, mesh.regions)
    x, y = mesh.position.T
    area = mesh.volume / built.device.section.depth
    return Cells(y, area, mesh.region, mesh.regions, x, outline.points, outline.corners)


def solver_line(linear: LinearSolver, ranks: Ranks) -> str:
    """Return which linear solver works, how, and on how many processes."""
    several = f" on {ranks.size} processes" if ranks.size > 1 else ""
    return f"linear solver {linear.name}{several}" + (f" ({linear.method})" if linear.method else "")


def hints(simulation: Simulation) -> Iterator[str]:
    """Give what a run's log should say of a faster way, a line each."""
    linear, cells = simulation.newton.linear, simulation.built.mesh.cells
    if linear.name == "superlu" and simulation.options.linear == "auto" and cells >= MANY_CELLS:
        yield "PETSc would be about three times as fast for this section and is not installed: make petsc"


def warnings(simulation: Simulation, protocol: Protocol, *, measured: bool = False) -> Iterator[str]:
    """Give what a user should know of a mesh, of the measured curves, of what does not pass and of a linear solver, a
    line each. measured: more is driven than the protocol.
    """
    if simulation.unrelaxed:
        yield f"the double layers do not begin relaxed and form as the run begins: {simulation.unrelaxed}"
    yield from beyond_debye(simulation)
    yield from coarse(simulation, protocol)
    yield from coarse_boundaries(simulation.built)
    yield from unmeasured(simulation)
    yield from no_filling(simulation)
    section = simulation.device.section
    if isinstance(section, GmshSection):
        from eisfv.mesh.drawing import read_drawing
        from eisfv.mesh.drawn import drawn_angle
        from eisfv.mesh.quality import angle_warning

        skew = angle_warning(drawn_angle(read_drawing(section.file, section.unit), section.circumcentres))
        if skew is not None:
            yield skew
    for left, right, name in scales.blocked_ions(simulation.built):
        yield f"{name} does not pass between {left} and {right}: the interface gives it no law, or blocks it"
    if not protocol.pulses and not measured and next(protocol.spectra, None) is None:
        yield "no protocol step has pulse = true: pulses.csv will be empty"
    if simulation.device.temperature != ROOM and not scales.any_activation(simulation.device):
        yield "no activation energy is given: only RT/F follows the temperature"
    unused = simulation.newton.linear.unused()
    if unused:
        yield f"PETSc has not used {', '.join(unused)}: misspelt, or not an option of the chosen method"


def slips(device: Device) -> Iterator[str]:
    """Give a line for every figure that looks like another unit's, and for what measured curves do not allow: what may
    make the start fail."""
    yield from unmeasured_zero_charge(device)
    yield from steep_steps(device)
    if device.temperature < COLD:
        celsius = f"{device.temperature:g} degC"
        yield f'device.temperature is {device.temperature:g} K; for {device.temperature:g} °C write "{celsius}"'
    for region in device.regions:
        if region.height > THICK:
            yield f"{region.name} is {region.height:g} m thick: is the unit meant? Layers have nm to mm"


def beyond_debye(simulation: Simulation) -> Iterator[str]:
    """Give a line for every region whose smallest cell exceeds its Debye length."""
    drawn = isinstance(simulation.device.section, GmshSection)
    for number, region in enumerate(simulation.device.regions):
        row = scales.region_scales(simulation.built, number)
        if not region.material.electroneutral and row.smallest > row.debye:
            remedy = "draw it finer" if drawn else f"lower mesh.first or raise mesh.cells.{region.name}"
            yield f"{region.name}: the smallest cell exceeds the Debye length; {remedy}"


def unmeasured(simulation: Simulation) -> Iterator[str]:
    """Give a line for every measured curve that the start leaves."""
    left = TablesLeft(simulation.built)
    left.look(simulation.state, simulation.state.time)
    yield from left.at_start()


def no_filling(simulation: Simulation) -> Iterator[str]:
    """Give a line where the column of the channel's filling holds none: its region is no host."""
    channel = ChannelReadout(simulation.built)
    if not channel.host:
        ion = simulation.built.species[channel.ion]
        if channel.electrons:
            told = f"its {ion} over {channel.sites:.6g} mol/m3"
            yield f"{channel.region} is a semiconductor: x_channel in terminals.csv is {told}"
            return
        yield (
            f"{channel.region} is no host: x_channel in terminals.csv is its {ion} over {channel.sites:.6g} mol/m3, "
            "not the filling of a host, and the conductance is 0; leave both columns aside, or take a host"
        )


def coarse(simulation: Simulation, protocol: Protocol) -> Iterator[str]:
    """Give a line for every region whose cells cannot hold what the largest voltage of a protocol presses together."""
    voltage = max((abs(height(step)) for step in protocol.steps if step.drive == "voltage"), default=0.0)
    device = simulation.device
    for name, layer, smallest in pressed_layers(simulation.built, voltage):
        found = f"{name}: {voltage:.4g} V press its ions within {layer * 1e9:.2g} nm of an interface"
        remedy = f"mesh.first = {device.mesh.first * layer / smallest:.1g}"
        if isinstance(device.section, GmshSection):
            remedy = "a finer drawing"
        yield f"{found}, its smallest cells are {smallest * 1e9:.2g} nm; take {remedy}, and see check --refine"


def remarked(case: Case, estimate: Estimate) -> Estimate:
    """Return an estimate that says where it is larger than what is asked for, and what does not go by that."""
    mesh, solver = case.device.mesh, case.solver
    meshes, steps = (
        bool(figures) and worst(figures).relative > mesh.error for figures in (estimate.mesh, estimate.time)
    )
    why = ""
    drawn = isinstance(case.device.section, GmshSection)
    if meshes and not drawn and not leaves_cells(case.device):
        why = ", by which no cells are chosen where [mesh] sets them"
    elif steps and not leaves_cells(case.device):
        why = f", by which solver.tolerance = {solver.step_tolerance:g} is not chosen here"
    remark = f"; above mesh.error = {mesh.error:g}{why}" if meshes or steps else ""
    return replace(estimate, remark=remark)


def above(mesh: MeshOptions, choice: Choice) -> Iterator[str]:
    """Give what a user should know before the run where pilots expect more than what is asked for."""
    most = mesh.most_cells(section=choice.section)
    if choice.expected > mesh.error:
        yield (
            f"mesh.cells_max = {most} cells leave an error of {choice.expected:.1e} to expect, more than mesh.error = "
            f"{mesh.error:g}; raise mesh.cells_max, or ask for less with mesh.error"
            if full(mesh, choice)
            else f"the mesh's error is expected to be larger than mesh.error = {mesh.error:g}; the run tells what it is"
        )
    if choice.cells > MORE * most:
        yield f"mesh.cells_max = {most} is not kept: {choice.cells} cells are the fewest that the pilots take"


def full(mesh: MeshOptions, choice: Choice) -> bool:
    """Return whether more cells are not to be had."""
    return choice.cells > FULL * mesh.most_cells(section=choice.section)


def missed(mesh: MeshOptions, choice: Choice, estimate: Estimate) -> Iterator[str]:
    """Give what a user should know where the mesh that pilots have chosen does not reach what is asked for."""
    figure = worst(estimate.mesh) if estimate.mesh else None
    if figure is not None and figure.relative > mesh.error:
        slow = "" if figure.reached else ", and does not fall with the square of the cells, as at a front"
        remedy = "raise mesh.cells_max" if full(mesh, choice) else "ask for a smaller one"
        yield f"the mesh's error is larger than mesh.error = {mesh.error:g}{slow}; {remedy}"
