"""The row of the gradient energy keeps its digits in a host that is nearly full or nearly empty."""

import numpy as np
import pytest

from eisfv.equations.unknowns import of_species
from eisfv.simulation import Simulation
from eisfv.solve.stage_records import Iterate, Known
from support.phases import film


@pytest.mark.parametrize("level", [-25.0, 25.0])
def test_the_gradient_of_the_last_free_sites_is_as_sharp_as_that_of_the_first_ions(level: float) -> None:
    """x_far - x = 1/(1 + e^y) - 1/(1 + e^y_far) of one site in e^25."""
    simulation = Simulation(film(0.15))
    newton, state = simulation.newton, simulation.state
    t = newton.tables
    (host,) = np.flatnonzero(t.gradient)
    inside = t.region == host
    y, u = of_species(int(t.ion[host])), state.at.u.copy()
    u[inside, y] = level + np.linspace(0.0, 1.0, int(inside.sum()))
    newton.evaluate(Iterate(u, state.at.voltage), Known(state.stored, state.charge), 1e-6, False)
    faces = np.flatnonzero(inside[t.left] & inside[t.right])
    near, far = u[t.left[faces], y], u[t.right[faces], y]
    # sinh((far - near)/2) / (2 cosh(far/2) cosh(near/2)) without a difference.
    rise = np.sinh((far - near) / 2.0) / (2.0 * np.cosh(far / 2.0) * np.cosh(near / 2.0))
    ease = t.gradient[host] * t.aspect[faces] * t.density[host, int(t.ion[host])]
    flow = newton.system.flow[faces, of_species(len(t.charge))]
    np.testing.assert_allclose(flow, ease * rise, rtol=1e-11)
