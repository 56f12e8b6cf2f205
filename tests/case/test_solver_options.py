"""Run-time options for PETSc: their form is checked when the case is read."""

from pathlib import Path

import pytest

from eisfv.case import CaseError, load

MAIN = Path(__file__).parents[2] / "cases" / "mg_wo3_pulses"


@pytest.mark.parametrize("options", ["", "-ksp_monitor", "-ksp_type gmres -ksp_max_it -1 -pc_type asm -ksp_view"])
def test_options_are_words_with_a_dash_and_their_values(options: str) -> None:
    assert load(MAIN, [f'solver.petsc="{options}"']).solver.petsc == options


@pytest.mark.parametrize(
    "options, word", [("ksp_type gmres", "ksp_type"), ("-ksp_rtol 1e-8 gmres", "gmres"), ("-", "-")]
)
def test_a_word_that_is_no_option_is_told(options: str, word: str) -> None:
    with pytest.raises(CaseError) as caught:
        load(MAIN, [f'solver.petsc="{options}"'])
    (line,) = caught.value.lines
    assert f'has "{word}" where an option belongs; write for example "-ksp_type gmres' in line
