"""The run that compiles for many processes has called what the others will call."""

from dataclasses import replace
from pathlib import Path

import pytest

from eisfv.stepping import bdf
from eisfv.sweeping import kernels
from support.small_case import small_case


@pytest.mark.parametrize(("steps", "called"), [(kernels.STEPS, True), (1, False)])
def test_a_run_for_its_kernels_goes_on_until_it_has_called_them(
    steps: int, called: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One step leaves the corner of the drive and knows nothing of the others."""
    calls = []
    advance = bdf.advance
    monkeypatch.setattr(bdf, "advance", lambda *arguments: calls.append(1) or advance(*arguments))
    monkeypatch.setattr(kernels, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(kernels, "seen", set())
    monkeypatch.setattr(kernels, "STEPS", steps)
    case = small_case(tmp_path / "case")
    kernels.compile_once(replace(case, solver=replace(case.solver, method="bdf")))
    assert bool(calls) == called


def test_each_method_has_kernels_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(kernels, "seen", set())
    runs = []
    monkeypatch.setattr(kernels, "run_case", lambda case, *_, **__: runs.append(case.solver.method))
    case = small_case(tmp_path / "case")
    for method in ("tr_bdf2", "bdf", "bdf"):
        kernels.compile_once(replace(case, solver=replace(case.solver, method=method)))
    assert runs == ["tr_bdf2", "bdf"]
