"""A regular solution that falls apart into two phases, and what is exact of it.

zFU/RT = 104.54 - 2 ln(x/(1-x)) - 6 (1 - 2x)      U0 = 2.686 V, polarons, Redlich-Kister A0 = 6 RT

phases    x_a = 1 - x_b: ln(x/(1-x)) = -3 (1 - 2x)           0.0707202, 0.9292798
spinodal  x (1-x) = 1/6                                      0.2113249, 0.7886751
overshoot (RT/F) [2 ln(x/(1-x)) + 6 (1-2x)] there            21.33 mV
S(1/2) = -4: a film shorter than pi sqrt(kappa/4) stays uniform
"""

from dataclasses import replace

import numpy as np

from eisfv.constants import GAS_CONSTANT, thermal_voltage
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.equations.local import laws_at
from eisfv.model.contacts import OhmicContact, ReactiveContact
from eisfv.model.host_curves import AnalyticOpenCircuit, PercolationConductivity
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.interfaces import Interface
from eisfv.model.materials import Electrode, Electrolyte, Host
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.phase_separation import GradientEnergy, PhaseSeparation
from eisfv.model.regions import Initial, Region
from eisfv.model.species import Dilute
from eisfv.simulation import Simulation
from support.devices import SITES, TEMPERATURE, wo3

RT = GAS_CONSTANT * TEMPERATURE
VT = thermal_voltage(TEMPERATURE)
PLATEAU, GATE = 2.686, 3.4  # V
POOR, RICH = 0.07072018, 0.92927982
SPINODAL = 0.21132487
OVERSHOOT = 21.330e-3  # V
KAPPA = 16e-18  # m2
WIDTH = 5.059160e-9  # m, (x_b - x_a) sqrt(kappa/(2 B)), B = 0.2303955
AREA = 8e-8  # m2
THICKNESS = 60e-9


def regular(separation: PhaseSeparation | None = GradientEnergy(width=WIDTH), sigma: float | None = None) -> Host:
    """Return the host; sigma: a constant conductivity (S/m)."""
    law = PercolationConductivity(2.0, 55000.0, 0.15, 4.0)
    if sigma is not None:
        law = PercolationConductivity(sigma, 1e-12 * sigma, 0.15, 4.0)
    curve = AnalyticOpenCircuit(PLATEAU, True, redlich_kister=(6.0 * RT,))
    host = wo3("Li", 1, curve, law, zero_charge_x=0.1, diffusivity=2e-14)
    return replace(host, phase_separation=separation)


def film(x: float, host: Host | None = None, thickness: float = THICKNESS, cells: int = 60) -> Device:
    """Return a metal of the ion | 1 um neutral electrolyte | a film of the host."""
    ions = {name: Dilute(z, concentration=1000.0, diffusivity=1e-12) for name, z in (("Li", 1), ("anion", -1))}
    electrolyte = Electrolyte(10.0, ions, electroneutral=True, reference="electrolyte")
    law = ButlerVolmer(10.0, 0.5)
    return Device(
        TEMPERATURE,
        AREA,
        (Region("electrolyte", electrolyte, 1e-6), Region("channel", host or regular(), thickness, Initial(x))),
        (Interface(("electrolyte", "channel"), species={"Li": law}, stern_capacitance=0.1),),
        ReactiveContact(Electrode("Li", 1, GATE, reference="flat"), law, 0.1),
        OhmicContact(),
        mesh=MeshOptions(cells={"electrolyte": 10, "channel": cells}),
    )


def filling(simulation: Simulation) -> Floats:
    """Return x of the cells of the channel that have a volume."""
    t, built = simulation.built.tables, simulation.built
    inside = np.flatnonzero((t.region == len(built.device.regions) - 1) & (t.volume > 0.0))
    law = laws_at(t, t.region[inside], simulation.state.at.u[inside])
    return np.asarray(law.concentration[:, built.number("Li")] / SITES)


def energy(simulation: Simulation) -> float:
    """Return the free energy of the host over RT c_site A, from x alone: int [G(x) + (kappa/2) x'^2] dy, m."""
    x = filling(simulation)
    h = THICKNESS / len(x)
    # G of the regular solution, its polarons on the metal sites: 2 [x ln x + (1-x) ln(1-x)] + 6 x (1-x).
    mixing = 2.0 * (x * np.log(x) + (1.0 - x) * np.log1p(-x)) + 6.0 * x * (1.0 - x)
    return float(h * mixing.sum() + 0.5 * KAPPA / h * (np.diff(x) ** 2).sum())
