"""The log of a section on SuperLU names PETSc where that would pay; where it would not, it is silent."""

from types import SimpleNamespace

import pytest

from eisfv.running.notices import MANY_CELLS, hints


def found(solver: str, asked: str, cells: int) -> list[str]:
    """Return the hints for a run with a linear solver, asked for by name, on so many cells."""
    newton = SimpleNamespace(linear=SimpleNamespace(name=solver))
    built = SimpleNamespace(mesh=SimpleNamespace(cells=cells))
    return list(hints(SimpleNamespace(newton=newton, options=SimpleNamespace(linear=asked), built=built)))


def test_a_large_section_on_superlu_is_told_of_petsc_and_how_to_have_it() -> None:
    (line,) = found("superlu", "auto", 10 * MANY_CELLS)
    assert "three times as fast" in line
    assert "make petsc" in line


@pytest.mark.parametrize(
    "solver, asked, cells",
    [
        ("superlu", "superlu", 10 * MANY_CELLS),
        ("superlu", "auto", MANY_CELLS // 10),
        ("petsc", "auto", 10 * MANY_CELLS),
        ("banded", "auto", 10 * MANY_CELLS),
    ],
    ids=["asked for by name", "small", "PETSc", "a stack"],
)
def test_nobody_else_is(solver: str, asked: str, cells: int) -> None:
    assert not found(solver, asked, cells)
