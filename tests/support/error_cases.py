"""Cases whose numerical error is measured: those the rules of the mesh were found on, and others."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from eisfv.case import load
from eisfv.case.case import Case
from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.device.device import Device
from eisfv.device.stack import stack_of
from eisfv.device.tables import Floats
from eisfv.model.contacts import BathContact, BlockingContact
from eisfv.model.interface_laws import Continuous
from eisfv.model.interfaces import Interface
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.output import Output
from eisfv.model.protocol import Block, Protocol
from eisfv.model.regions import Initial, Region
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep, OpenCircuitStep, Step, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.reported import Reported
from eisfv.simulation import Simulation
from support.devices import AREA, TEMPERATURE, VOLT, binary, debye, h_stack, metal, mg_stack, one_layer

CASES = Path(__file__).parents[2] / "cases"
AVOGADRO = 6.02214076e23
GOUY_CHAPMAN_TEMPERATURE, GOUY_CHAPMAN_PERMITTIVITY, GOUY_CHAPMAN_LENGTH = 300.0, 3.0, 1e-6
GOUY_CHAPMAN_CONCENTRATION = 1e24 / AVOGADRO


def case_of(device: Device, steps: tuple[Step | Block, ...]) -> Case:
    """Return a case of records, on the default mesh."""
    device = replace(device, mesh=MeshOptions())
    without_measures: Any = SimpleNamespace(measure=())
    return Case("", "", device, Protocol(steps), Output(), SolverOptions(), without_measures, Path())


def hold(volts: float, seconds: float, pulse: bool = False) -> VoltageStep:
    return VoltageStep(seconds, Constant(volts), pulse=pulse)


def drive(amperes: float, seconds: float, pulse: bool = False) -> CurrentStep:
    return CurrentStep(seconds, Constant(amperes), pulse=pulse)


def rest(seconds: float) -> OpenCircuitStep:
    return OpenCircuitStep(seconds)


def gouy_chapman(*volts: float) -> Case:
    """Return a closed cell between blocking walls, long at each voltage."""
    salt = binary(GOUY_CHAPMAN_CONCENTRATION, GOUY_CHAPMAN_PERMITTIVITY)
    device = replace(one_layer(salt, GOUY_CHAPMAN_LENGTH), temperature=GOUY_CHAPMAN_TEMPERATURE)
    return case_of(device, tuple(hold(v, 1.0) for v in volts))


def sodium_chloride() -> Case:
    return case_of(one_layer(binary(0.5, 80.0), 100e-9), (hold(0.05, 1e-3),))


def charged_walls(coulombs: float = 10e-12) -> Case:
    """Return a blocking cell with compact layers that takes a charge in 1 us and rests."""
    wall = BlockingContact(0.1)
    return case_of(one_layer(binary(10.0), 1e-6, wall, wall), (drive(coulombs / 1e-6, 1e-6), rest(1e-3)))


def film(compact: float) -> Case:
    """Return a thin film between two metals that exchange the cation, e = 1e-3; compact layers over Debye lengths."""
    length = 1000.0 * debye(10.0)
    stern = 80.0 * VACUUM_PERMITTIVITY / (compact * debye(10.0))
    exchange = 1.0 * FARADAY * 1e-9 * 10.0 / length
    ends = metal(exchange, stern), metal(exchange, stern)
    slowest = length**2 / 1e-9
    voltages = (0.5, 1.5, 2.6, 4.0, 6.5)
    return case_of(one_layer(binary(10.0), length, *ends), tuple(hold(v * VOLT, slowest) for v in voltages))


def shipped(name: str) -> Case:
    """Return a case of the library on the default mesh."""
    case = load(CASES / name)
    return replace(case, device=replace(case.device, mesh=MeshOptions()))


def one_pulse(name: str, *steps: Step) -> Case:
    return replace(shipped(name), protocol=Protocol(steps))


def ysz_film(thickness: float, volts: float, seconds: float) -> Case:
    case = shipped("h_ysz_compact")
    regions = (replace(case.device.regions[0], thickness=thickness), *case.device.regions[1:])
    return replace(
        case,
        device=replace(case.device, regions=regions),
        protocol=Protocol((hold(0.0, 1e-3), hold(volts, seconds, True), hold(0.0, 1e-3))),
    )


def phosphosilicate(volts: float) -> Case:
    """Return a glass whose protons a blocking gate drives into the channel: the glass is swept out behind a front."""
    gate = '{ kind = "blocking", stern_capacitance = "10 uF/cm^2" }'
    keys = ('region[0].material="psg"', 'region[0].thickness="100 nm"', f"contact.gate={gate}")
    case = load(CASES / "h_ysz_compact", [f"device.{key}" for key in keys])
    device = replace(case.device, mesh=MeshOptions())
    return replace(case, device=device, protocol=Protocol((hold(0.0, 1e-3), hold(volts, 1e-3, True), hold(0.0, 1e-3))))


def to_a_bath() -> Case:
    """Return a polarised electrode beside a bath."""
    return case_of(
        one_layer(binary(10.0), 100e-9, BlockingContact(), BathContact()), (hold(0.15, 1e-3), hold(-0.1, 1e-3))
    )


def crowded() -> Case:
    """Return a concentrated lattice electrolyte under 1 V: its sites fill at the walls."""
    wall = BlockingContact(0.2)
    return case_of(one_layer(binary(1000.0, 20.0, sites=5000.0), 20e-9, wall, wall), (hold(1.0, 1e-4), hold(0.0, 1e-4)))


def limiting_current() -> Case:
    """Return a film at 0.9 of its limiting current."""
    length = 1e-6
    limit = 4.0 * FARADAY * 1e-9 * 10.0 / length * AREA
    return case_of(
        one_layer(binary(10.0), length, metal(10.0, 0.1), metal(10.0, 0.1)), (drive(0.9 * limit, 5e-3), rest(5e-3))
    )


def asymmetric_walls() -> Case:
    """Return unlike diffusivities and walls, a sudden voltage and a shorter one back."""
    salt = binary(100.0, 40.0, (1e-10, 5e-12))
    return case_of(
        one_layer(salt, 50e-9, BlockingContact(0.05), BlockingContact(0.5)), (hold(0.4, 1e-5), hold(-0.2, 3e-6))
    )


def injection(volts: float, seconds: float) -> Case:
    """Return a film that begins with 1e-9 of the ions of the salt beside it, between two baths: a field drives a front
    into it."""
    salt = binary(16.6, 5.0, (1e-10, 1e-10))
    little = Initial(concentration={"cation": 16.6e-9, "anion": 16.6e-9})
    regions = (Region("salt", salt, 25e-9), Region("film", replace(salt, reference="film"), 175e-9, little))
    joint = Interface(("salt", "film"), species={"cation": Continuous(), "anion": Continuous()})
    device = Device(TEMPERATURE, AREA, regions, (joint,), BathContact(), BathContact())
    return case_of(device, (hold(volts, seconds),))


KNOWN: dict[str, Callable[[], Case]] = {
    "Gouy-Chapman 0.1 V": lambda: gouy_chapman(0.1),
    "Gouy-Chapman 0.1 0.4 0.7 V": lambda: gouy_chapman(0.1, 0.4, 0.7),
    "sodium chloride 50 mV": sodium_chloride,
    "charged walls 10 pC": charged_walls,
    "film, thin compact layers": lambda: film(1e-3),
    "film, thick compact layers": lambda: film(100.0),
    "Mg pulse 10 uA": lambda: one_pulse("mg_wo3_pulses", rest(10.0), drive(10e-6, 0.5, True), rest(10.0)),
    "Mg 41 steps": lambda: shipped("mg_wo3_pulses"),
    "Mg +1 V": lambda: one_pulse("mg_wo3_pulses", hold(1.0, 0.5, True), rest(10.0)),
    "YSZ 14 nm 2 V": lambda: ysz_film(14e-9, 2.0, 0.1),
    "YSZ 14 nm 8 V": lambda: ysz_film(14e-9, 8.0, 0.01),
    "YSZ 7 nm 10 V": lambda: ysz_film(7e-9, 10.0, 160e-9),
}
NEW: dict[str, Callable[[], Case]] = {
    "electrode and bath": to_a_bath,
    "crowded walls": crowded,
    "0.9 of the limiting current": limiting_current,
    "unlike walls": asymmetric_walls,
    "Mg short electrolyte": lambda: case_of(mg_stack(), (rest(1.0), hold(0.5, 0.1, True), rest(1.0))),
    "Mg reverse current": lambda: case_of(mg_stack((0.05, 0.05)), (drive(-2e-5, 0.2, True), rest(2.0))),
    "proton stack 2 V": lambda: case_of(h_stack(), (hold(0.0, 1e-3), hold(2.0, 1e-3, True), hold(0.0, 1e-2))),
    "PSG 100 nm 12 V": lambda: phosphosilicate(12.0),
    "injection front 0.5 V": lambda: injection(0.5, 2e-6),
    "injection front 2 V": lambda: injection(2.0, 1e-6),
    "Mg retention": lambda: shipped("mg_retention"),
    "Mg galvanostatic": lambda: shipped("mg_galvanostatic"),
}


def followed(case: Case, sizes: Sequence[Floats], tolerance: float) -> Reported:
    """Return what a case reports on cells of these sizes (m) at a tolerance."""
    options = replace(case.solver, tolerance=tolerance)
    simulation = Simulation(case.device, options, stack_of(case.device, sizes))
    reported = Reported(simulation.built, ChannelReadout(simulation.built), simulation.state)
    for step in case.protocol:
        for accepted in simulation.drive(step):
            reported.accept(accepted)
        reported.end(step, simulation.state)
    return reported
