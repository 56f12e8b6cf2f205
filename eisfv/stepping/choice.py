"""Which time integrator a device and its options mean."""

from eisfv.device.build import Built
from eisfv.model.solver_options import SolverOptions
from eisfv.solve.errors import SetupError
from eisfv.solve.newton import Newton
from eisfv.stepping.compiled import CompiledIntegrator
from eisfv.stepping.growth import Growth
from eisfv.stepping.integrate import Integrator
from eisfv.stepping.separating import SeparatingIntegrator


def chosen_integrator(
    built: Built, newton: Newton, options: SolverOptions, banded: bool
) -> Integrator | CompiledIntegrator | SeparatingIntegrator:
    """Return the time integrator that device and options mean; banded: whether the matrix is a band, on one process.
    SetupError where they do not go together."""
    plain = plain_integrator(built, newton, options, banded)
    return SeparatingIntegrator(plain, Growth(built)) if built.tables.gradient.any() else plain


def plain_integrator(
    built: Built, newton: Newton, options: SolverOptions, banded: bool
) -> Integrator | CompiledIntegrator:
    """Return the time integrator that the options mean, for a device in which nothing falls apart."""
    if options.method == "bdf" and not banded:
        raise SetupError(
            'solver.method = "bdf" is for stacks, on one process and with solver.linear = "auto" or "banded"; '
            'take "tr_bdf2", or leave it out'
        )
    if options.method == "bdf":
        return CompiledIntegrator(newton, built.bulk, options)
    return Integrator(newton, built.bulk, options)
