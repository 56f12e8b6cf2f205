"""A profile of a long run is read without all the others: result.nc keeps them in pieces of 64 kB."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from eisfv.result import Cells, ProfileVariable, RunDirectory, netcdf, read

PIECE = 1 << 16  # bytes
COUNT, CELLS = 600, 150


def profile(record: int) -> np.ndarray:
    return np.linspace(0.0, 1.0, CELLS) + record


def written(path: Path) -> Path:
    """Return a run with many profiles of a stack."""
    width = np.full(CELLS, 1e-9)
    cells = Cells(np.cumsum(width) - 0.5e-9, width, np.zeros(CELLS, int), ("electrolyte",))
    with RunDirectory.open_new(path) as directory:
        directory.write_case('[case]\ntitle = "Many profiles"\n')
        journal = directory.profiles(cells, (ProfileVariable("potential", "V", "electric potential"),))
        for record in range(COUNT):
            journal.append(float(record), 1, float(record), {"potential": profile(record)}, field=False)
        directory.end("finished", 1.0, title="Many profiles", source="nowhere")
    return path


def piece(run: Path) -> int:
    """Return the bytes that are unpacked to read one profile."""
    with h5py.File(run / "result.nc") as file:
        chunks = file["potential"].chunks
        return int(np.prod(chunks)) * file["potential"].dtype.itemsize


def test_one_profile_costs_a_small_piece_and_every_one_comes_back(tmp_path: Path) -> None:
    run = written(tmp_path / "run")
    assert piece(run) <= PIECE
    for record in (0, 53, 54, 431, 432, COUNT - 1):  # on either side of where pieces and written blocks end
        np.testing.assert_array_equal(read(run).profiles_at(record)["potential"], profile(record))


def test_pieces_as_large_as_a_table_s_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netcdf, "PROFILE_VALUES", netcdf.CHUNK_VALUES)
    assert piece(written(tmp_path / "run")) > 4 * PIECE
