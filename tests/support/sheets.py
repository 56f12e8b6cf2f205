"""Gated films of electrons and holes, and what holds for them: a sheet by algebra, a film by Poisson's equation."""

from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_bvp
from scipy.optimize import brentq

from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.model.case_file import Readout
from eisfv.model.contacts import BlockingContact, OhmicContact
from eisfv.model.interfaces import Interface
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Region
from eisfv.model.species import Band

AVOGADRO, ELEMENTARY, HBAR, BOLTZMANN = 6.02214076e23, 1.602176634e-19, 1.054571817e-34, 1.380649e-23
AREA = 1e-12  # m2
ELECTRONVOLT = ELEMENTARY * AVOGADRO  # J/mol
ELECTRON_MASS = 9.1093837015e-31  # kg


def gated_film(
    bands: dict[str, Band],
    film: tuple[float, float],
    insulator: tuple[float, float],
    temperature: float,
    cells: tuple[int, int],
    **more: float | None,
) -> Device:
    """Return metal | insulator | film on its source.

    film, insulator  thickness (m) and relative permittivity; cells: of insulator and film
    more             what else the material has
    """
    semiconductor = Electrolyte(film[1], bands, kind="semiconductor", reference="film", **more)
    return Device(
        temperature,
        AREA,
        (
            Region("insulator", Electrolyte(insulator[1], {}, reference="insulator"), insulator[0]),
            Region("film", semiconductor, film[0]),
        ),
        (Interface(("insulator", "film")),),
        BlockingContact(),
        OhmicContact(),
        readout=Readout("film", length=1e-6, width=1e-6),
        mesh=MeshOptions(cells={"insulator": cells[0], "film": cells[1]}),
    )


def graphene_states(temperature: float, thickness: float, velocity: float = 1e6) -> float:
    """Return N (mol/m3) of either half of the cone, (2/pi) (kT/hbar v)^2 over a thickness (m)."""
    return 2.0 / np.pi * (BOLTZMANN * temperature / (HBAR * velocity)) ** 2 / thickness / AVOGADRO


def sheet_states(temperature: float, thickness: float, mass: float, degeneracy: float) -> float:
    """Return N (mol/m3) = g m kT/(2 pi hbar^2) over a thickness (m); g counts spins and valleys."""
    area = degeneracy * mass * ELECTRON_MASS * BOLTZMANN * temperature / (2.0 * np.pi * HBAR**2)
    return float(area / thickness / AVOGADRO)


def sheet_at(
    charge: Callable[[float], float],
    film: tuple[float, float],
    insulator: tuple[float, float],
    voltage: float,
    volt: float,
) -> tuple[float, float]:
    """Return the potential (RT/F) and the charge (C/m2) of a sheet at a gate voltage (V) above that of no charge.

    charge  of the sheet at a potential, mol/m3; it lies in the middle of its thickness
    """
    elastance = insulator[0] / (insulator[1] * VACUUM_PERMITTIVITY) + 0.5 * film[0] / (film[1] * VACUUM_PERMITTIVITY)

    def missed(psi: float) -> float:
        return voltage - psi * volt + FARADAY * charge(psi) * film[0] * elastance

    most = abs(voltage) / volt + 100.0
    psi = float(brentq(missed, -most, most, xtol=1e-13, rtol=1e-14))
    return psi, FARADAY * charge(psi) * film[0]


def film_at(
    populations: Callable[[Floats], tuple[Floats, Floats]],
    donors: float,
    film: tuple[float, float],
    insulator: tuple[float, float],
    voltage: float,
    temperature: float,
) -> tuple[float, float]:
    """Return electrons and holes (mol/m2) of a film at a gate voltage (V) above that of no charge.

    psi'' = -(F^2 t^2/(eps RT)) (N_D + p - n),  psi' = 0 at the source, eps psi' continuous at the insulator
    populations  n and p (mol/m3) of psi
    """
    volt = thermal_voltage(temperature)
    eps, capacitance = film[1] * VACUUM_PERMITTIVITY, insulator[1] * VACUUM_PERMITTIVITY / insulator[0]
    scale = FARADAY * film[0] ** 2 / (eps * volt)

    def slopes(_: Floats, p: Floats) -> Floats:
        electrons, holes = populations(p[0])
        return np.vstack([p[1], -scale * (donors + holes - electrons), electrons, holes])

    y = np.linspace(0.0, 1.0, 400) ** 2
    start = np.zeros((4, len(y)))
    for share in np.linspace(0.0, 1.0, 9)[1:]:

        def ends(near: Floats, far: Floats, v: float = share * voltage) -> Floats:
            return np.array([-eps * near[1] / film[0] - capacitance * (v / volt - near[0]), far[1], near[2], near[3]])

        guess = solve_bvp(slopes, ends, y, start, tol=1e-6, max_nodes=100000)
        assert guess.success, guess.message
        y, start = guess.x, guess.y
    return float(start[2, -1] * film[0]), float(start[3, -1] * film[0])
