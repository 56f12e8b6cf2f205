"""A film whose majority carriers a current has used up goes on by those that its metal then brings: their space charge
is the voltage (Mott and Gurney)."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tomli_w import dumps

from eisfv.case import load
from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import of_species
from eisfv.model.materials import ELECTRON, HOLE
from eisfv.model.solver_options import Method
from eisfv.model.steps import CurrentStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.solve.stage_records import Source
from eisfv.stepping.exchanged_carriers import exchanged
from support.films_on_hosts import ELECTRONS, film_on_host

AREA, FILM, MOBILITY, PERMITTIVITY = 1e-10, 500e-9, 1e-10, 4.0  # m2, m, m2/(V s) of electrons, -
CHANNEL, GATE = 1.0, -1.0  # which contact is the film's: the sign of the current that leaves the film there
CURRENT = 1e-9  # A
HOLES = """
[material.film.species.hole]
charge = 1
statistics = "band"
filling = "boltzmann"
density = { value = "5 mol/m^3", source = "r" }
mobility = { value = "1e-6 m^2/V/s", source = "r" }
"""


def film_of(
    directory: Path, cells: int, side: float = CHANNEL, method: Method = "bdf", fixed: float = -1e-3
) -> Simulation:
    """Return a run of a film of so many cells, behind the one contact or the other; fixed: its charge, mol/m3."""
    file = directory / "case.toml"
    charge = f'fixed_charge = {{ value = "{fixed} mol/m^3", source = "r" }}'
    film = f'gap = {{ value = "2.4 eV", source = "r" }}\n{charge}{HOLES}{ELECTRONS}'
    tree = tomllib.loads(film_on_host(film, "500 nm", cells))
    if side == GATE:
        tree["device"]["region"].reverse()
    file.write_text(dumps(tree))
    case = load(file)
    return Simulation(case.device, replace(case.solver.left_to_pilots(processes=1), method=method))


@pytest.mark.parametrize("side", [CHANNEL, GATE])
@pytest.mark.parametrize("method", ["bdf", "tr_bdf2"])
def test_the_metal_brings_the_other_carriers_where_the_first_are_used_up(
    tmp_path: Path, method: Method, side: float
) -> None:
    """J = 9/8 eps mobility V^2 / L^3 of electrons from a metal at which no field ends; holes were used up in 15 us."""
    made = film_of(tmp_path, 200, side, method)
    made.run(CurrentStep(1.0, Constant(side * CURRENT)))
    own = made.built.tables.region == made.built.device.regions.index(
        next(region for region in made.device.regions if region.name == "film")
    )
    volts = made.profile().potential[own]
    permittivity = PERMITTIVITY * VACUUM_PERMITTIVITY
    expected = np.sqrt(8.0 * CURRENT / AREA * FILM**3 / (9.0 * permittivity * MOBILITY))
    np.testing.assert_allclose(np.ptp(volts), expected, rtol=0.02)


@pytest.mark.parametrize("side", [CHANNEL, GATE])
@pytest.mark.parametrize("sign, comes", [(1.0, ELECTRON), (-1.0, HOLE)])
def test_what_enters_is_in_the_cell_at_the_metal_and_flows_from_it(
    tmp_path: Path, side: float, sign: float, comes: str
) -> None:
    made, h = film_of(tmp_path, 20, side, fixed=-sign * 1e-3), 1e-9
    source = Source("current", side * sign * CURRENT / FARADAY, 0.0)
    (start,) = exchanged(made.newton, made.state, h, source)
    t, s = made.newton.tables, made.built.number(comes)
    (b,) = np.flatnonzero(t.fieldless[t.terminal] >= 0)
    cell = t.contact_cell[b : b + 1]
    law = laws_at(t, t.region[cell], start.u[cell])
    held = float(law.concentration[0, s])
    np.testing.assert_allclose(held * t.volume[cell], CURRENT / FARADAY * h, rtol=1e-9)
    metal = start.voltage if side == GATE else 0.0
    level = float(start.u[cell[0], of_species(s)] - t.charge[s] * metal)
    flow = t.contact_aspect[b] * law.diffusivity[0, s] * held * np.expm1(-level)
    np.testing.assert_allclose(flow, CURRENT / FARADAY, rtol=1e-9)


def test_where_they_are_there_newton_needs_no_such_start(tmp_path: Path) -> None:
    made = film_of(tmp_path, 20)
    made.run(CurrentStep(1.0, Constant(CURRENT)))
    assert list(exchanged(made.newton, made.state, 1e-12, Source("current", CURRENT / FARADAY, 0.0))) == []
