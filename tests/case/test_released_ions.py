"""A plane lets go of its ions whatever is beside it: more than there is room for has no solution."""

from dataclasses import replace
from math import exp, pi, sqrt
from pathlib import Path

import pytest

from case.one_rule_case import BLOCKING, E, judged
from eisfv.case import CaseError, load, released_ions
from eisfv.case.case import Case
from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.simulation import Simulation, SolverError

DILUTE = '[material.e0.species.H]\ncharge = 1\nstatistics = "dilute"\n'
SITES, ROOM = 1e-6, 100.0  # of the plane, mol/m2; of the region, mol/m3
FAST, SLOW = ("1e8 1/s", "1 ms"), ("1 1/s", "10 s")  # release, and how long is driven
PASSED, STOPPED = "continuous", "blocking"


def refused(directory: Path, coverage: float, pace: tuple[str, str], law: str, sites: float = SITES) -> list[str]:
    """Return what a plane at a region of a lattice of ROOM is refused for."""
    joint = (
        f'ion = {{ law = "{law}" }}\nadsorbed.plane = {{ of = "H", region = "e", sites = "{sites} mol/m^2", '
        f'capture = "1e-12 m/s", release = "{pace[0]}", coverage = {coverage} }}'
    )
    drive = f'drive = "open_circuit"\nduration = "{pace[1]}"'
    judged(directory, E, ("f", "e0", "10 nm", None), joint=joint, channel=BLOCKING, drive=drive)
    file = directory / "case.toml"
    lattice = DILUTE.replace("dilute", "lattice") + f'density = {{ value = "{ROOM} mol/m^3", source = "r" }}\n'
    file.write_text(file.read_text().replace(DILUTE, lattice))
    try:
        load(file)
    except CaseError as error:
        return [line.removeprefix(f"{file}: ") for line in error.lines]
    return []


def test_ions_that_a_lattice_cannot_carry_off_are_refused_with_both_amounts(tmp_path: Path) -> None:
    time, diffusivity = 1e-8, 1e-13
    drift = diffusivity * 0.5 * SITES * FARADAY / (6.0 * VACUUM_PERMITTIVITY) / thermal_voltage(298.15) * time
    taken = released_ions.MARGIN * ROOM * (2.0 * sqrt(diffusivity * time / pi) + drift)
    assert refused(tmp_path, 0.5, FAST, PASSED) == [
        f"e | f: plane lets go of {0.5 * SITES * (1.0 - exp(-1.0)):.2g} mol/m2 of H at the start, and e takes no more "
        f"than {taken:.2g} in 10 ns; take a smaller coverage, a slower release, or more room in e"
    ]


def test_ions_that_overfill_their_region_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, 0.5, SLOW, STOPPED, 4e-6) == [
        f"e | f: plane lets go of {2e-6 * (1.0 - exp(-1.0)):.2g} mol/m2 of H at the start, and e takes no more than "
        "1e-06; take a smaller coverage, a slower release, or more room in e"
    ]
    assert refused(tmp_path, 0.5, SLOW, PASSED, 4e-6) == []


def with_coverage(case: Case, coverage: float) -> Simulation:
    """Return a simulation of a case whose plane begins with another coverage."""
    (joint,) = case.device.interfaces
    plane = replace(joint.adsorbed["plane"], coverage=coverage)
    device = replace(case.device, interfaces=(replace(joint, adsorbed={"plane": plane}),))
    return Simulation(device, case.solver)


def test_fewer_pass_and_run_and_the_refused_has_no_solution_indeed(tmp_path: Path) -> None:
    assert refused(tmp_path, 1e-4, FAST, PASSED) == []
    case = load(tmp_path / "case.toml")
    (step,) = case.file.protocol or ()
    with_coverage(case, 1e-4).run(step)
    with pytest.raises(SolverError, match=r"plane begins with 0\.5 of its sites taken"):
        with_coverage(case, 0.5).run(step)
