"""`eisfv check`: a case as it is understood, before it costs time."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eisfv.commands.common import complain
from eisfv.errors import DONE

if TYPE_CHECKING:
    from eisfv.case.case import Case
    from eisfv.device.tables import Floats
    from eisfv.simulation import Simulation


def check_case(place: Path, overrides: Sequence[str], refine: bool, trust: bool) -> int:
    """Print a case's derived figures and warnings; return the exit code.

    Raises CaseError, SetupError, EquilibriumError.
    """
    from eisfv.case import load

    case = load(place, overrides, trust=trust)
    from eisfv.device.stack import stack_of
    from eisfv.running.notices import slips
    from eisfv.simulation import Simulation
    from eisfv.solve.equilibrium import EquilibriumError
    from eisfv.solve.errors import SetupError

    sizes, words = chosen_mesh(case)
    try:
        mesh = stack_of(case.device, sizes) if sizes is not None else None
        simulation = Simulation(case.device, case.solver, mesh)
    except (EquilibriumError, SetupError) as error:
        for line in slips(case.device):
            complain(f"warning: {line}")
        raise type(error)(f"{place}: {error}") from error
    for line in (*described(case, simulation), *words):
        print(line)
    if refine:
        from eisfv.commands.refine import mesh_error

        for line in mesh_error(case, sizes):
            print(line)
    return DONE


def chosen_mesh(case: "Case") -> "tuple[Sequence[Floats] | None, list[str]]":
    """Return the cell sizes (m) of the regions where pilot runs choose them, and what to say of them."""
    from eisfv.running.pilots import PilotError, Pilots, by_solution

    if not by_solution(case.device):
        return None, []
    try:
        choice = Pilots([case], case.solver.left_to_pilots(1), lambda: None).choose()
    except PilotError as error:
        return None, [f'warning: no pilot run chose the mesh, it is that of mesh.grading = "lengths": {error}']
    return choice.sizes, [choice.line]


def described(case: "Case", simulation: "Simulation") -> Iterator[str]:
    """Give the lines: regions, interfaces, whole device, protocol, warnings."""
    from eisfv.case import well_posed
    from eisfv.device import scales
    from eisfv.device.section_geometry import GmshSection
    from eisfv.observers.readout import ChannelReadout
    from eisfv.postprocess.quantities.prefixes import quantity
    from eisfv.running.notices import slips
    from eisfv.running.notices import warnings as run_warnings

    device = case.device
    yield f"{case.title}"
    yield ""
    yield f"{'region':14}{'thickness':>11}{'cells':>7}{'smallest':>11}{'Debye':>11}{'sigma':>13}{'diffusion t':>13}"
    drawn = isinstance(device.section, GmshSection)
    warnings = []
    for number, region in enumerate(device.regions):
        row = scales.region_scales(simulation.built, number)
        debye = quantity(row.debye, "m", 3) if row.debye < 1.0 else "-"
        diffusion = quantity(row.diffusion_time, "s", 3) if row.diffusion_time is not None else "-"
        yield (
            f"{region.name:14}{quantity(region.height, 'm', 3):>11}{row.cells:>7}"
            f"{quantity(row.smallest, 'm', 3):>11}{debye:>11}{quantity(row.conductivity, 'S/m', 3):>13}{diffusion:>13}"
        )
        if not region.material.electroneutral and row.smallest > row.debye:
            warnings.append(
                f"{region.name}: the smallest cell exceeds the Debye length; "
                + ("draw it finer" if drawn else f"lower mesh.first or raise mesh.cells.{region.name}")
            )
    yield ""
    yield from scales.interface_scales(simulation.built)
    yield ""
    yield f"open-circuit voltage    {quantity(simulation.voltage, 'V', 4)}"
    readout = ChannelReadout(simulation.built)
    if device.readout is not None:
        yield f"conductance             {quantity(readout.conductance(simulation.state), 'S', 4)}"
    if device.section is None:
        total = scales.device_scales(simulation.built)
        yield f"series of the regions   {quantity(total.resistance, 'ohm', 3)}"
        yield f"double layers charge in {quantity(total.charging, 's', 3)}"
    protocol = case.protocol
    pulses = f", {protocol.pulses} pulses" if protocol.pulses else ""
    yield f"protocol                {len(protocol)} steps{pulses}, {protocol.duration:.6g} s"
    yield (
        f"system                  {simulation.built.mesh.cells} cells x {1 + len(simulation.built.species)} unknowns, "
        f"linear solver {simulation.newton.linear.name}"
    )
    warnings += slips(device)
    warnings += well_posed.warnings(case)
    warnings += run_warnings(simulation, protocol)
    warnings += [
        f"{name} does not pass between {left} and {right}: the interface gives it no law, or blocks it"
        for left, right, name in scales.blocked_ions(simulation.built)
    ]
    if not protocol.pulses:
        warnings.append("no protocol step has pulse = true: pulses.csv will be empty")
    if abs(device.temperature - 298.15) > 0.0 and not scales.any_activation(device):
        warnings.append("no activation energy is given: only RT/F follows the temperature")
    for warning in warnings:
        yield f"warning: {warning}"
