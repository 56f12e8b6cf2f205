"""What a run tells of its device, its mesh and its linear solver."""

from collections.abc import Iterator

from eisfv.device.build import Built
from eisfv.device.layout import Drawn
from eisfv.result import Cells
from eisfv.simulation import Simulation
from eisfv.solve.linear import LinearSolver
from eisfv.solve.ranks import Ranks


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


def warnings(simulation: Simulation) -> Iterator[str]:
    """Give what a user should know of a mesh and of a linear solver, a line each."""
    section = simulation.device.section
    if isinstance(section, Drawn):
        from eisfv.mesh.drawing import read_drawing
        from eisfv.mesh.drawn import drawn_angle
        from eisfv.mesh.quality import angle_warning

        skew = angle_warning(drawn_angle(read_drawing(section.file, section.unit), section.circumcentres))
        if skew is not None:
            yield skew
    unused = simulation.newton.linear.unused()
    if unused:
        yield f"PETSc has not used {', '.join(unused)}: misspelt, or not an option of the chosen method"
