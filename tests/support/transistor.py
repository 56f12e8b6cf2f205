"""A gated film of a semiconductor: metal | insulator | film on its source, and Poisson's equation for it by itself."""

from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_bvp

from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.model.back_gate import BackGate
from eisfv.model.case_file import Readout
from eisfv.model.contacts import BlockingContact, OhmicContact
from eisfv.model.interfaces import Interface
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Region
from eisfv.model.species import Band
from support.devices import TEMPERATURE

VOLT = thermal_voltage(TEMPERATURE)
STATES, DONORS = 6.64, 1.0  # mol/m3: 4e18 and 6e17 1/cm3
MOBILITY = 5e-4  # m2/(V s)
INSULATOR, FILM = 20e-9, 10e-9  # m
PERMITTIVITY = (9.0, 8.9)
AREA = 1e-12  # m2


def gated(filling: str, cells: int = 160, back: BackGate | None = None) -> Device:
    """Return the device, with a second gate behind it or none; its read-out is ten squares in parallel."""
    band = Band(-1, density=STATES, mobility=MOBILITY, concentration=DONORS, filling=filling)
    film = Electrolyte(PERMITTIVITY[1], {"electron": band}, kind="semiconductor", fixed_charge=DONORS, reference="film")
    insulator = Electrolyte(PERMITTIVITY[0], {}, reference="insulator")
    return Device(
        TEMPERATURE,
        AREA,
        (Region("insulator", insulator, INSULATOR), Region("film", film, FILM)),
        (Interface(("insulator", "film")),),
        BlockingContact(),
        OhmicContact(back_gate=back),
        readout=Readout("film", length=1e-6, width=10e-6),
        mesh=MeshOptions(cells={"insulator": 8, "film": cells}),
    )


def exact(filled: Callable[[Floats], Floats], voltage: float, back: BackGate | None = None) -> tuple[float, float]:
    """Return the film's electrons (mol/m2) and the gate's charge (C/m2) at a gate voltage (V) above that of no charge.

    psi'' = -(F^2/(eps RT)) (N_D - N F(psi + eta_b)),  eps psi' continuous at the insulator; at the source psi' = 0, or
    -eps psi' = C_b (psi - V_b) of a back gate; filled: F of eta
    """
    bulk = brent_inverse(filled, DONORS / STATES)
    eps = PERMITTIVITY[1] * VACUUM_PERMITTIVITY
    capacitance = PERMITTIVITY[0] * VACUUM_PERMITTIVITY / INSULATOR
    scale = FARADAY * FILM**2 / (eps * VOLT)

    def slopes(y: Floats, p: Floats) -> Floats:
        electrons = STATES * filled(p[0] + bulk)
        return np.vstack([p[1], -scale * (DONORS - electrons), electrons])

    y = np.linspace(0.0, 1.0, 400) ** 2
    start = np.zeros((3, len(y)))
    guess = None
    for share in np.linspace(0.0, 1.0, 5)[1:]:

        def ends(near: Floats, far: Floats, share: float = share) -> Floats:
            # y = 0 at the insulator: eps E = C (V - psi), E = -psi'/film
            behind = 0.0 if back is None else back.capacitance * (far[0] - share * back.voltage / VOLT)
            front = -eps * near[1] / FILM - capacitance * (share * voltage / VOLT - near[0])
            return np.array([front, far[1] + behind * FILM / eps, near[2]])

        guess = solve_bvp(slopes, ends, y, start, tol=1e-6, max_nodes=100000)
        assert guess.success, guess.message
        y, start = guess.x, guess.y
    assert guess is not None
    electrons = float(guess.y[2, -1] * FILM)
    return electrons, capacitance * (voltage - VOLT * float(guess.y[0, 0]))


def brent_inverse(filled: Callable[[Floats], Floats], value: float) -> float:
    """Return eta of a filling."""
    from scipy.optimize import brentq

    return float(brentq(lambda eta: float(filled(np.array([eta]))[0]) - value, -60.0, 60.0, xtol=1e-13))
