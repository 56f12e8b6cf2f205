"""How does the cost grow with the cells of a stack? Target: an exponent of at most 1.1 from 100 to 3000 cells."""

import numpy as np
import pytest

from benchmarks.conftest import Show
from benchmarks.support.pulse import pulse
from benchmarks.support.stack import mg_stack
from eisfv.model.mesh_options import MeshOptions

# Each halves the first cell and takes the root of the growth: the same stack, ever finer.
FACTORS = (0.75, 1.0, 2.0, 4.0, 8.0, 16.0)


def refined(factor: float) -> MeshOptions:
    """Return the default mesh with `factor` times its cells."""
    base = MeshOptions()
    return MeshOptions(
        first=base.first / factor,
        growth=base.growth ** (1.0 / factor),
        host_growth=base.host_growth ** (1.0 / factor),
        largest=base.largest / factor,
    )


@pytest.mark.benchmark
def test_cost_grows_with_the_cells(show: Show) -> None:
    costs = [pulse(mg_stack(refined(factor)), repeats=3) for factor in FACTORS]
    cells = np.array([cost.cells for cost in costs], float)
    each = np.array([cost.seconds / cost.iterations for cost in costs])
    whole = np.array([cost.seconds for cost in costs])
    rows = [
        (c.cells, c.steps, c.iterations, c.factorisations, c.seconds, 1e3 * c.seconds / c.iterations) for c in costs
    ]
    exponents = [np.polyfit(np.log(cells), np.log(t), 1)[0] for t in (whole, each)]
    title = f"Cost against cells: exponent {exponents[0]:.2f} a pulse, {exponents[1]:.2f} an iteration; target 1.1"
    show(title, ("cells", "steps", "iterations", "factored", "s", "ms an iteration"), rows)
