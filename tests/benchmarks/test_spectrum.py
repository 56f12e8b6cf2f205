"""Processor time and factorisations of a spectrum of the main case, at rest, with noise and without."""

from time import process_time
from typing import Any

import pytest

import eisfv
from benchmarks.conftest import Show
from benchmarks.support.stack import CASE
from eisfv.api.impedance import wanted_of
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.spectra import spectrum_rows
from eisfv.solve.banded import Banded

FREQUENCIES = "1 mHz:1 GHz:5"  # 61
MOST = 3  # factorisations a frequency
REPEATS = 3


@pytest.mark.benchmark
def test_a_frequency_takes_three_factorisations_at_most(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    core = eisfv.Simulation(CASE).core
    made, factor = [0], Banded.factor

    def counted(solver: Banded, matrix: Any) -> bool:
        made[0] += 1
        return factor(solver, matrix)

    monkeypatch.setattr(Banded, "factor", counted)
    rows = []
    for noise in (False, True):
        wanted, times = wanted_of(FREQUENCIES, noise), []
        for _ in range(REPEATS):
            made[0], begin = 0, process_time()
            found = list(spectrum_rows(core.built, ChannelReadout(core.built), core.state, wanted, 1, []))
            times.append(process_time() - begin)
        rows.append(("with noise" if noise else "plain", len(found), core.built.mesh.cells, min(times), made[0]))
        assert len(found) == 61
        assert made[0] <= MOST * len(found)
    show("a spectrum at rest", ["", "frequencies", "cells", "processor s", "factorisations"], rows)
