"""A mosaic: grains too small for a boundary, side by side under one electrolyte, against mixed grains that exchange.

    U0 + d_k - (RT/F) mu(x_k) = U_k,   mu = 2 ln(x/(1-x)) + 6 (1 - 2x)     one grain, d_k its scatter
    dx_k/dt = k (mean of mu - mu_k) + rate                                  all of them at one potential, slowly driven

One grain after the other comes to its spinodal and passes through its gap at once; the rest give it what it takes. The
voltage falls back to the overshoot every time, where a film with a boundary that moves stays on the plateau.
"""

from dataclasses import replace

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from eisfv.constants import FARADAY, thermal_voltage
from eisfv.device.device import Device
from eisfv.device.section_geometry import BoxSection
from eisfv.equations.local import laws_at
from eisfv.mesh.box import Box
from eisfv.model.contact_edges import ContactEdge
from eisfv.model.contacts import OhmicContact
from eisfv.model.host_curves import AnalyticOpenCircuit
from eisfv.model.interface_laws import Blocking, ButlerVolmer, Continuous
from eisfv.model.interfaces import Interface
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Initial, Region
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import SITES, TEMPERATURE
from support.phases import AREA, GATE, OVERSHOOT, PLATEAU, RT, film, regular
from support.runs import total

VT = thermal_voltage(TEMPERATURE)
SIDE, DEEP = 4e-9, 20e-9  # m
SCATTER = np.array([-0.6e-3, -0.2e-3, 0.2e-3, 0.6e-3])  # V
OPTIONS = SolverOptions(method="tr_bdf2", newton=1e-8, linear="superlu")
START, END, RATE = 0.1, 0.5, 1e-3  # mean x, and its change in 1/s
# Where a grain passes its gap the voltage jumps by 40 mV within 1e-3 of x; a shift by as little is no difference.
BESIDE_JUMPS = 0.9


def mosaic(scatter: np.ndarray = SCATTER) -> Device:
    """Return grains of square cross-section; electrons pass from one to the next, lithium by the electrolyte alone."""
    count = len(scatter)
    base = film(START)
    electrolyte = replace(base.regions[0], thickness=DEEP)
    curves = [AnalyticOpenCircuit(PLATEAU + d, True, redlich_kister=(6.0 * RT,)) for d in scatter]
    hosts = [replace(regular(), open_circuit=curve, reference=f"grain{k}") for k, curve in enumerate(curves)]
    grains = [Region(f"grain{k}", host, SIDE, Initial(START)) for k, host in enumerate(hosts)]
    law = ButlerVolmer(1000.0, 0.5)
    joints = [Interface(("electrolyte", grain.name), species={"Li": law}, stern_capacitance=0.1) for grain in grains]
    walls = {"Li": Blocking(), "electron": Continuous()}
    joints += [Interface((f"grain{k}", f"grain{k + 1}"), species=walls) for k in range(count - 1)]
    boxes = {"electrolyte": Box((0.0, count * SIDE), (0.0, DEEP))}
    boxes |= {f"grain{k}": Box((k * SIDE, (k + 1) * SIDE), (DEEP, DEEP + SIDE)) for k in range(count)}
    places = {"gate": ContactEdge("electrolyte", "top"), "channel": ContactEdge(grains[-1].name, "right")}
    cells = {"electrolyte": 3} | {grain.name: 3 for grain in grains}
    return Device(
        TEMPERATURE,
        AREA,
        (electrolyte, *grains),
        tuple(joints),
        base.gate,
        OhmicContact(),
        mesh=MeshOptions(cells=cells, lateral_cells=3 * count),
        section=BoxSection(AREA / (count * SIDE), boxes, places),
    )


def test_grains_under_one_electrolyte_pass_their_gaps_one_after_the_other() -> None:
    simulation = Simulation(mosaic(), OPTIONS)
    sites = SITES * SIDE * AREA
    begun, rows = total(simulation, "Li"), []
    for _ in simulation.drive(CurrentStep((END - START) / RATE, Constant(RATE * FARADAY * sites))):
        rows.append((total(simulation, "Li"), GATE - simulation.voltage - PLATEAU))
    x, above = np.array(rows).T
    x = START + (x - begun) / sites
    apart, steady = ensemble(np.array([START, END]))
    wanted = np.linspace(0.12, 0.48, 200)
    off = np.abs(np.interp(wanted, x, above) - np.interp(wanted, apart, steady))
    assert np.quantile(off, BESIDE_JUMPS) < 0.3e-3
    assert np.ptp(steady) > 1.9 * OVERSHOOT
    for start in (0.12, 0.25):  # a grain at its spinodal, and the next one: no plateau
        assert above[(x > start) & (x < start + 0.25)].min() < -0.95 * OVERSHOOT


def test_two_grains_that_differ_by_a_nanovolt_part_at_their_spinodal() -> None:
    """Neither falls apart by itself, nor both together at the given current: what grows is an exchange.

    Two of one kind then share their ions so that U(x) is the same in both: the second gives what the first one takes.
    """
    simulation = Simulation(mosaic(np.array([0.0, 1e-9])), OPTIONS)
    simulation.run(CurrentStep(0.15 / RATE, Constant(RATE * FARADAY * SITES * SIDE * AREA)))
    x = np.array([filling_of(simulation, region) for region in (1, 2)])
    np.testing.assert_allclose(x.mean(), 0.25, rtol=2e-3)  # the double layers hold the rest
    poor = brentq(lambda one: chemical(one) - chemical(2.0 * x.mean() - one), 0.02, 0.2)
    np.testing.assert_allclose(np.sort(x), [poor, 2.0 * x.mean() - poor], rtol=2e-2)
    assert x[1] > x[0], "the one of the higher voltage is filled first"


def filling_of(simulation: Simulation, region: int) -> float:
    """Return mean x of a region."""
    t = simulation.built.tables
    inside = np.flatnonzero((t.region == region) & (t.volume > 0.0))
    law = laws_at(t, t.region[inside], simulation.state.at.u[inside])
    held = t.volume[inside] @ law.concentration[:, simulation.built.number("Li")]
    return float(held / (SITES * t.volume[inside].sum()))


def chemical(x: float) -> float:
    """Return mu of the regular solution, RT."""
    return float(2.0 * np.log(x / (1.0 - x)) + 6.0 * (1.0 - 2.0 * x))


def ensemble(ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean x and U - U0 (V) of the well mixed grains, from one mean x to another."""

    def mu(x: np.ndarray) -> np.ndarray:
        return 2.0 * np.log(x / (1.0 - x)) + 6.0 * (1.0 - 2.0 * x) - SCATTER / VT

    def change(_: float, x: np.ndarray) -> np.ndarray:
        return mu(x).mean() - mu(x) + 1e-4

    duration = np.ptp(ends) / 1e-4
    start = np.full(len(SCATTER), ends[0])
    found = solve_ivp(change, (0.0, duration), start, method="LSODA", rtol=1e-9, atol=1e-11, max_step=duration / 500)
    return found.y.mean(axis=0), np.array([-VT * mu(x).mean() for x in found.y.T])
