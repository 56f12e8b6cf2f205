"""How far is the inserted charge from that of a fine mesh? Target: 1e-3 with at most 300 cells."""

from dataclasses import replace

import pytest

from benchmarks.conftest import Show
from benchmarks.support.pulse import pulse
from benchmarks.support.stack import DEFAULT, FINE, SMALL, mg_stack
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions

# Steps fine enough that the mesh alone is seen.
OPTIONS = SolverOptions(tolerance=1e-4, newton=1e-7)

MESHES = {
    "144 cells": SMALL,
    "default": DEFAULT,
    "first 0.25": replace(DEFAULT, first=0.25),
    "first 1": replace(DEFAULT, first=1.0),
    "growth 1.1": replace(DEFAULT, growth=1.1),
    "growth 1.3": replace(DEFAULT, growth=1.3),
    "host growth 1.05": replace(DEFAULT, host_growth=1.05),
    "host growth 1.2": replace(DEFAULT, host_growth=1.2),
    "largest 0.03": replace(DEFAULT, largest=0.03),
    "largest 0.12": replace(DEFAULT, largest=0.12),
}


@pytest.mark.benchmark
def test_mesh_error_of_the_inserted_charge(show: Show) -> None:
    reference = pulse(mg_stack(FINE), OPTIONS)
    half = MeshOptions(2 * FINE.first, FINE.growth**2, FINE.host_growth**2, 2 * FINE.largest)
    doubt = pulse(mg_stack(half), OPTIONS).charge / reference.charge - 1.0
    rows = []
    for name, mesh in MESHES.items():
        cost = pulse(mg_stack(mesh), OPTIONS)
        rows.append((name, cost.cells, cost.charge, cost.charge / reference.charge - 1.0))
    show(
        f"Mesh error of the inserted charge against {reference.cells} cells (their half: {doubt:.1e}); target 1e-3",
        ("mesh", "cells", "C", "error"),
        rows,
    )
