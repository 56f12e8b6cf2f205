"""PETSc's options reach it, and what PETSc says reaches the user."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from eisfv.model.protocol import Protocol
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.running import run_case
from eisfv.running.notices import warnings
from eisfv.simulation import Simulation
from eisfv.solve.errors import EquilibriumError, SetupError
from eisfv.solve.petsc import parsed
from support.runs import held
from support.section_case import section_case
from support.small_case import silent

pytestmark = [
    pytest.mark.petsc,
    pytest.mark.skipif(importlib.util.find_spec("petsc4py") is None, reason="petsc4py is not installed"),
]
STRIPS = "-ksp_type gmres -ksp_rtol 1e-12 -pc_type asm -pc_asm_blocks 3 -pc_asm_overlap 2 -sub_pc_type lu"
METHODS = ["", STRIPS, "-ksp_type fgmres -ksp_rtol 1e-12 -pc_type ilu -pc_factor_levels 4"]


def simulation(tmp_path: Path, options: str) -> Simulation:
    device = section_case(tmp_path).device
    return Simulation(device, SolverOptions(linear="petsc", petsc=options, tolerance=1e-2, newton=1e-8))


@pytest.mark.parametrize("options", METHODS)
def test_the_answer_does_not_depend_on_the_method(tmp_path: Path, options: str) -> None:
    ours = simulation(tmp_path, options)
    step = VoltageStep(1e-2, Constant(0.3))
    theirs = Simulation(ours.device, SolverOptions(linear="superlu", tolerance=1e-2, newton=1e-8))
    ours.run(step)
    theirs.run(step)
    np.testing.assert_allclose(held(ours), held(theirs), rtol=1e-8)
    assert all(word in ours.newton.linear.method for word in options.split())


def test_a_method_that_does_not_converge_is_told_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(EquilibriumError, match=r"PETSc gave up after 1 iterations \(.*MAX_IT\)"):
        simulation(tmp_path, "-ksp_type gmres -pc_type none -ksp_max_it 1")


def of_petsc(made: Simulation) -> list[str]:
    """Return what is told of PETSc's options."""
    return [line for line in warnings(made, Protocol(())) if "PETSc" in line]


def test_a_misspelt_option_is_told(tmp_path: Path) -> None:
    unused = of_petsc(simulation(tmp_path, f"{STRIPS} -ksp_tpye cg"))
    assert len(unused) == 1
    assert "-ksp_tpye" in unused[0]
    assert "-ksp_type" not in unused[0]


def test_options_used_are_not_complained_of(tmp_path: Path) -> None:
    assert of_petsc(simulation(tmp_path, STRIPS)) == []
    assert of_petsc(simulation(tmp_path, "")) == []


def test_the_log_tells_the_method(tmp_path: Path) -> None:
    case = section_case(tmp_path, {"solver": {"linear": "petsc", "petsc": STRIPS}})
    run_case(case, tmp_path / "run", silent)
    assert STRIPS in (tmp_path / "run" / "run.log").read_text()


@pytest.mark.parametrize(
    "options, words",
    [
        ("-pc_type python -pc_python_type os.abort", "-pc_type python would execute a program"),
        ("-pc_python_type os.abort", "-pc_python_type os.abort would execute a program"),
        ("-ksp_view ascii:view.txt", "-ksp_view ascii:view.txt names a file"),
        ("-ksp_monitor /tmp/x", "-ksp_monitor /tmp/x names a file"),
    ],
)
def test_a_case_does_not_have_petsc_execute_or_write(options: str, words: str) -> None:
    with pytest.raises(SetupError, match=rf"^solver\.petsc: {re.escape(words)}"):
        parsed(f"{STRIPS} {options}")


@pytest.mark.parametrize(
    "options, words",
    [
        ("-ksp_type gmers", "KSP type gmers"),
        ("-pc_type lou", "PC type lou"),
        (f"{STRIPS} -sub_pc_type lou", "PC type lou"),
    ],
)
def test_a_method_that_petsc_does_not_know_is_one_line(tmp_path: Path, options: str, words: str) -> None:
    with pytest.raises(SetupError) as error:
        simulation(tmp_path, options)
    (line,) = str(error.value).splitlines()
    assert line.startswith("solver.petsc: PETSc refuses ")
    assert line.endswith(words)


def test_what_names_no_file_is_taken() -> None:
    found = parsed(f"{STRIPS} -ksp_monitor -ksp_rtol 1e-9 -pc_factor_levels -1")
    assert (found["ksp_monitor"], found["ksp_rtol"], found["pc_factor_levels"]) == ("", "1e-9", "-1")


@pytest.mark.parametrize("read", [False, True])
def test_the_options_of_the_directory_are_not_read(tmp_path: Path, read: bool) -> None:
    """A .petscrc may name a library to load. The control: PETSc by itself reads it."""
    (tmp_path / ".petscrc").write_text("-from_here 1\n")
    own = "import petsc4py; petsc4py.init(['eisfv'])"
    ours = "from eisfv.solve.petsc import started; started()"
    script = f"{own if read else ours}; from petsc4py import PETSc; print(PETSc.Options().hasName('from_here'))"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == str(read)
