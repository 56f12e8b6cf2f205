"""A jump of volts over a host of two phases: Newton runs away from it at once, and arrives by short updates."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import eisfv
from eisfv.equations.held_nodes import held_nodes
from eisfv.equations.part import whole
from eisfv.model.solver_options import Method
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation, SolverError
from eisfv.solve.newton import Newton
from eisfv.solve.stage_records import Known, Source
from eisfv.stepping import compiled, integrate
from eisfv.stepping.batch import FAILED
from support.devices import mg_stack
from support.runs import LOOSE, total

FALL = -3.4  # V, from the voltage at rest
DURATION = 1e-6  # s


def sourced(value: Any) -> dict[str, Any]:
    return {"value": value, "source": "chosen"}


# Li can leave the first film to the electrolyte alone: at its other side it waits.
FILM = {
    "kind": "host",
    "ion": "Li",
    "relative_permittivity": sourced(49.5),
    "zero_charge_x": sourced(0.0196),
    "species": {
        "Li": {
            "charge": 1,
            "statistics": "lattice",
            "density": sourced("4424 mol/m^3"),
            "diffusivity": sourced("1.21e-8 cm^2/s"),
        },
        "electron": {"charge": -1, "statistics": "dilute", "density": sourced("4424 mol/m^3")},
    },
    "open_circuit": {
        "form": "analytic",
        "polarons": False,
        "standard": sourced("2.55 V"),
        "redlich_kister": sourced(["33.3 kJ/mol"]),
    },
    "conductivity": {
        "form": "percolation",
        "background": sourced("8.3e-8 S/cm"),
        "slope": sourced("226 S/cm"),
        "threshold": sourced(0.205),
        "exponent": sourced(3.91),
    },
    "phase_separation": {"model": "convex"},
}
REGIONS = [
    {"name": "salt", "thickness": "4.27 um", "material": "peo_liclo4"},
    {"name": "film", "thickness": "13.7 nm", "material": "film", "initial": {"x": 0.00194}},
    {"name": "channel", "thickness": "4.68 nm", "material": "li_wo3", "initial": {"x": 0.16}},
]
TRANSFER = {"law": "coupled_ion_electron", "exchange_current": "2.49e-4 A/m^2", "reorganisation_energy": "0.653 eV"}
INTERFACES = [
    {"between": ["salt", "film"], "ion": TRANSFER},
    {
        "between": ["film", "channel"],
        "ion": {"law": "blocking"},
        "electron": {"law": "continuous"},
        "stern_capacitance": "0.0341 F/m^2",
    },
]


def stack(method: Method = "tr_bdf2") -> Simulation:
    device = {
        "temperature": "487 K",
        "area": "2.28e-11 m^2",
        "region": REGIONS,
        "interface": INTERFACES,
        "contact": {"gate": {"kind": "blocking"}, "channel": {"kind": "ohmic"}},
    }
    rest = [{"drive": "open_circuit", "duration": "1 s"}]
    case = eisfv.Case("Two films", device=device, protocol=rest, material={"film": FILM})
    return Simulation(case.resolved.device, replace(case.resolved.solver, method=method))


def fallen(simulation: Simulation) -> Simulation:
    simulation.run(VoltageStep(DURATION, Constant(simulation.voltage + FALL)))
    return simulation


@pytest.mark.parametrize("method", ["tr_bdf2", "bdf"])
def test_a_fall_of_volts_ends_with_the_ions_there_were_and_one_current(method: Method) -> None:
    simulation = stack(method)
    t, ions = simulation.built.tables, ("Li", "ClO4")
    before = [total(simulation, ion) for ion in ions]
    state = fallen(simulation).state
    np.testing.assert_allclose([total(simulation, ion) for ion in ions], before, rtol=1e-12)
    current = state.flow[:, 1 : 1 + len(t.charge)] @ t.charge + state.displacement_rate
    np.testing.assert_allclose(current, state.current, rtol=1e-6)


def test_without_short_updates_no_step_is_short_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrate, "SHORT_TRIES", 0)
    with pytest.raises(SolverError, match="still moved"):
        fallen(stack())


def test_nor_is_one_where_newton_asks_how_much_flows_to_a_node_that_passes_nothing() -> None:
    simulation = stack()
    simulation.newton.held = simulation.newton.held[:0]
    with pytest.raises(SolverError, match="still moved"):
        fallen(simulation)


@pytest.mark.parametrize("place", ["corner", "stretch"])
def test_differences_that_find_no_step_begin_anew_behind_one_by_short_updates(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The charge that passes between two corners is summed over it, and the run ends where the undisturbed one does."""
    step = VoltageStep(1e-3, Constant(0.3))
    undisturbed = Simulation(mg_stack(), replace(LOOSE, method="bdf"))
    charge = undisturbed.run(step).passed

    module, name = (compiled.corner_step, "leave_corner") if place == "corner" else (compiled.bdf, "advance")
    function, calls = getattr(module, name), []

    def failing(*arguments: Any) -> Any:
        calls.append(arguments)
        if place == "corner":
            return FAILED
        return (0, FAILED) if len(calls) == 2 else function(*arguments)

    monkeypatch.setattr(module, name, failing)
    simulation = Simulation(mg_stack(), replace(LOOSE, method="bdf"))
    simulation.integrator.batch = 8
    steps = list(simulation.drive(step))
    anew = 0 if place == "corner" else 9
    assert not steps[anew].before
    assert steps[anew].corner == (place == "corner")
    before = steps[anew - 1].end.passed if anew else 0.0
    assert steps[anew].start.passed == before < steps[anew].end.passed
    np.testing.assert_allclose(steps[-1].end.passed, charge, rtol=1e-3)
    np.testing.assert_allclose(total(simulation, "Mg"), total(undisturbed, "Mg"), rtol=1e-14)


def test_short_updates_end_where_long_ones_do() -> None:
    simulation = stack()
    newton, state = simulation.newton, simulation.state
    newton.tolerance = 1e-8
    source = Source("voltage", state.at.voltage - 0.5, 0.0, 0.0)
    known = Known(state.stored, state.charge)
    plain, short = (one_stage(newton, state.at, known, source, short=short) for short in (False, True))
    np.testing.assert_allclose(short.at.u, plain.at.u, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(short.stored, plain.stored, rtol=1e-7, atol=1e-12 * np.abs(plain.stored).max())


def one_stage(newton: Newton, at: Any, known: Known, source: Source, *, short: bool) -> Any:
    newton.forget()
    stage = newton.stage(at, known, 1e-9, source, 100, short)
    assert stage.converged
    return stage


def test_what_passes_nothing_waits_at_a_node_and_what_is_taken_does_not() -> None:
    simulation = stack()
    t, names = simulation.built.tables, simulation.built.species
    held = {(int(t.region[node]), names[s]) for node, _, _, s in held_nodes(t, whole(t))}
    assert held == {(0, "ClO4"), (1, "Li"), (1, "electron"), (2, "Li")}


@pytest.mark.parametrize("method", ["tr_bdf2", "bdf"])
def test_short_updates_are_tried_far_below_the_first_step(method: Method, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few tries reach down to a thousandth of the first step, where a jump that Newton refuses moves little."""
    simulation, tried, own = stack(method), [], Newton.stage

    def refused(
        newton: Newton, start: Any, known: Known, dh: float, source: Source, most: int = 25, short: bool = False
    ) -> Any:
        if short:
            tried.append(dh)
        stage = own(newton, start, known, dh, source, most, short)
        return stage if short and dh < 2e-3 * tried[0] else stage._replace(converged=False)

    monkeypatch.setattr(Newton, "stage", refused)
    monkeypatch.setattr(compiled.corner_step, "leave_corner", lambda *of: FAILED)
    first = next(simulation.drive(simulation.begun(VoltageStep(DURATION, Constant(simulation.voltage)))))
    np.testing.assert_allclose(np.array(tried) / tried[0], [1.0, 0.1, 1e-3], rtol=1e-12)
    assert first.h <= tried[-1]
