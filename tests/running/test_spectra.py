"""Spectra in a protocol: they are there, in every form, and the run does not know of them."""

from pathlib import Path

import numpy as np
import pytest
import xarray

import eisfv
from eisfv.errors import EisfvError
from eisfv.postprocess.pictures.after_run import finish
from eisfv.result import MemoryDirectory, file_names, read
from eisfv.running import checkpoint, run_case
from support.kills import Kills, resumed
from support.small_case import COARSE, STEP_BY_STEP, silent, small_case

SPECTRUM = '{ drive = "impedance", frequencies = { from = "1 mHz", to = "1 MHz", per_decade = 2 } }'
PULSES = """
[[protocol]]
repeat = 2
steps = [
    { drive = "voltage", value = "0.3 V", duration = "100 ms", pulse = true },
    { drive = "open_circuit", duration = "1 s" },%s
]
"""
FEW = """
[[protocol]]
drive = "impedance"
frequencies = ["1 Hz", "1 kHz"]
"""
QUIET = '\n[output]\nterminals = "every step"\n'
DEVICE = COARSE.replace("[mesh]", '[mesh]\ncompanion = "none"')


def table(run: Path) -> dict[str, np.ndarray]:
    return read(run).table("impedance")


def test_a_run_with_spectra_is_the_run_without_them(tmp_path: Path) -> None:
    for name, text in (("with", FEW + PULSES % f" {SPECTRUM}," + FEW), ("without", PULSES % "")):
        run_case(small_case(tmp_path / f"{name} case", text, QUIET, DEVICE), tmp_path / name, silent)
    for file in (file_names.TERMINALS, file_names.PULSES):
        assert (tmp_path / "with" / file).read_bytes() == (tmp_path / "without" / file).read_bytes()
    assert not (tmp_path / "without" / file_names.IMPEDANCE).exists()
    found = table(tmp_path / "with")
    assert np.bincount(found["spectrum"].astype(int)).tolist() == [0, 2, 19, 19, 2]
    starts = [float(found["time_s"][found["spectrum"] == k][0]) for k in (1, 2, 3, 4)]
    np.testing.assert_allclose(starts, [0.0, 1.1, 2.2, 2.2], rtol=1e-12)
    again = [found["Z_real_ohm"][found["spectrum"] == k] for k in (3, 4)]
    assert again[1][0] == again[0][found["frequency_Hz"][found["spectrum"] == 3] == 1.0][0]


def test_a_run_that_is_killed_takes_every_spectrum_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = small_case(tmp_path / "case", FEW + PULSES % f" {SPECTRUM}," + FEW, QUIET, DEVICE + STEP_BY_STEP)
    run_case(case, tmp_path / "whole", silent)
    expected = (tmp_path / "whole" / file_names.IMPEDANCE).read_bytes()
    kills = Kills(tmp_path / "run", 7)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "EVERY", 0.0)
        patch.setattr(checkpoint.Checkpoints, "pause", kills.wrap(checkpoint.Checkpoints.pause, "at pause"))
        run_case(case, kills.out, silent)
    assert len(kills.copies) > 3
    for copy in kills.copies:
        resumed(case, copy)
        assert (copy / file_names.IMPEDANCE).read_bytes() == expected


def test_spectra_stand_in_the_result_file_and_in_files_for_other_programs(tmp_path: Path) -> None:
    run_case(small_case(tmp_path / "case", PULSES % f" {SPECTRUM},", QUIET, DEVICE), tmp_path / "run", silent)
    lines = finish(tmp_path / "run", with_table=True)
    assert any("spectra" in line for line in lines)
    with xarray.open_dataset(tmp_path / "run" / file_names.RESULT) as data:
        z = data["impedance_Z_imag"]
        assert (z.attrs["units"], z.dims, len(z)) == ("ohm", ("impedance",), 38)
        assert "imaginary" in z.attrs["long_name"]
    found = table(tmp_path / "run")
    for number in (1, 2):
        own = found["spectrum"] == number
        plain, zview = (tmp_path / "run" / file_names.SPECTRA / name for name in file_names.spectrum_files(number))
        columns = np.loadtxt(plain, delimiter=",")  # a comment, as programs that fit spectra expect it
        np.testing.assert_array_equal(columns[::-1, 0], found["frequency_Hz"][own])
        np.testing.assert_array_equal(columns[::-1, 2], found["Z_imag_ohm"][own])
        head, body = zview.read_text().split("End Comments\n")
        assert head.startswith('"ZPlot') or "Freq" in head
        rows = np.array([[float(cell) for cell in line.split("\t")] for line in body.splitlines()])
        np.testing.assert_allclose(rows[::-1, 4], found["Z_real_ohm"][own], rtol=1e-10)
    for picture in ("nyquist.png", "bode.png"):
        assert (tmp_path / "run" / "plots" / picture).stat().st_size > 10_000
    assert {path.name for path in file_names.own_files(tmp_path / "run")} >= {"01.z", "02_impedance.csv", "bode.png"}


def test_a_finished_run_has_the_spectrum_of_where_it_stands_and_of_before(tmp_path: Path) -> None:
    text = PULSES % f" {SPECTRUM},"
    run_case(small_case(tmp_path / "case", text, QUIET, DEVICE), tmp_path / "run", silent)
    expected, told = table(tmp_path / "run"), list[str]()
    for at, number in ((None, 2), ("1.1 s", 1), (2.2, 2)):
        found = eisfv.impedance(tmp_path / "run", "1 mHz:1 MHz:2", at=at, tell=told.append)
        own = expected["spectrum"] == number
        np.testing.assert_array_equal(found.table["Z_real_ohm"], expected["Z_real_ohm"][own])
        np.testing.assert_array_equal(found.table["dG_dV_imag_S_per_V"], expected["dG_dV_imag_S_per_V"][own])
    assert len(told) == 1
    assert "driven again" in told[0]
    files = found.write(tmp_path / "out")
    tables = ["impedance.csv", "double_layers.csv", "01_impedance.csv", "01.z"]
    assert [file.name for file in files] == [*tables, "nyquist.png", "bode.png"]
    with pytest.raises(EisfvError, match=r"impedance\.csv: is there already; replace it with force = True"):
        found.write(tmp_path / "out")
    found.write(tmp_path / "out", force=True)


def test_a_source_behind_a_resistance_sees_both_in_series() -> None:
    case = eisfv.load(Path("cases/mg_wo3_pulses"))
    case.set({"mesh.first": 1.0, "device.series_resistance": "0 ohm"})
    plain = eisfv.Simulation(case).impedance(["1 Hz"]).table
    case.set("device.series_resistance", "500 ohm")
    behind = eisfv.Simulation(case).impedance(["1 Hz"]).table
    np.testing.assert_allclose(behind["Z_real_ohm"] - plain["Z_real_ohm"], 500.0, rtol=1e-9)
    np.testing.assert_allclose(behind["Y_real_S"], plain["Y_real_S"], rtol=1e-9)
    z = plain["Z_real_ohm"] + 1j * plain["Z_imag_ohm"]
    h, seen = (t["dG_dV_real_S_per_V"] + 1j * t["dG_dV_imag_S_per_V"] for t in (plain, behind))
    np.testing.assert_allclose(seen, h * z / (z + 500.0), rtol=1e-9)


@pytest.mark.parametrize(
    "frequencies, words",
    [
        ("1 Hz", "is not of the form"),
        ("1 Hz:1 mHz", "must be above from"),
        ("0 Hz:1 Hz", "must be greater than zero"),
        ("1 Hz:1 kHz:0", "must be a whole number, at least 1"),
        ("1 Hz:1e15 Hz", "must be between 1 nHz and 1 THz"),
        (["1 s"], "measures time, not frequency"),
        ([], "must not be empty"),
    ],
)
def test_frequencies_that_are_none(frequencies: object, words: str) -> None:
    with pytest.raises(EisfvError, match=words):
        eisfv.impedance("nowhere", frequencies)


def test_runs_without_a_state(tmp_path: Path) -> None:
    with pytest.raises(EisfvError, match="is not a run directory"):
        eisfv.impedance(tmp_path)
    directory = MemoryDirectory()
    run_case(small_case(tmp_path / "case", FEW + PULSES % "", QUIET, DEVICE), directory, silent)
    assert len(directory.results.table("impedance")["spectrum"]) == 2
    with pytest.raises(EisfvError, match=r'a run in memory keeps no state; .*drive = "impedance"'):
        eisfv.impedance(eisfv.Run(directory.results))
    run_case(small_case(tmp_path / "case", PULSES % "", QUIET, DEVICE), tmp_path / "run", silent)
    with pytest.raises(EisfvError, match=r"7 s is not within the run, which goes from 0 s to 2\.2 s"):
        eisfv.impedance(tmp_path / "run", at="7 s")
    with pytest.raises(EisfvError, match='"x" is not a finite number with a unit'):
        eisfv.impedance(tmp_path / "run", at="x")


def test_a_protocol_of_nothing_but_a_spectrum(tmp_path: Path) -> None:
    with pytest.raises(EisfvError, match="has spectra and drives nothing; put "):
        small_case(tmp_path / "case", FEW, QUIET, DEVICE)


@pytest.mark.long
def test_noise_stands_beside_the_spectra_that_ask_for_it(tmp_path: Path) -> None:
    noisy = FEW.rstrip() + "\nnoise = true\n"
    run_case(small_case(tmp_path / "case", noisy + PULSES % "" + FEW, QUIET, DEVICE), tmp_path / "run", silent)
    found = table(tmp_path / "run")
    np.testing.assert_allclose(found["S_V_V2_per_Hz"][:2], found["S_V_equilibrium_V2_per_Hz"][:2], rtol=1e-6)
    assert (found["S_G_closed_S2_per_Hz"][:2] > 0.0).all()
    assert np.isnan(found["S_V_V2_per_Hz"][2:]).all()
    finish(tmp_path / "run", with_table=True)
    assert (tmp_path / "run" / "plots" / "noise.png").is_file()
    out = eisfv.impedance(tmp_path / "run", "1 Hz:1 kHz:1", noise=True)
    assert (out.table["S_I_A2_per_Hz"] > 0.0).all()
    files = [file.name for file in out.write(tmp_path / "out")]
    assert (files[1], files[-1]) == ("resistances.csv", "noise.png")
    assert "S_I_A2_per_Hz" not in eisfv.impedance(tmp_path / "run", ["1 Hz"]).table
