"""The benchmark of short-term synapses from an extraction: what is read of it, written, and refused."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import eisfv
from eisfv.postprocess.simulators.spiking.device_synapse import device_synapse

GIVEN = {
    "short_term_A1": 2e-7,
    "short_term_tau1": 5e-3,
    "short_term_A2": 1e-7,
    "short_term_tau2": 92e-3,
    "short_term_single_A": 2.5e-7,
    "short_term_single_tau": 40e-3,
    "short_term_aicc": -900.0,
    "short_term_single_aicc": -600.0,
}


def extraction(folder: Path, **changes: Any) -> Path:
    """Write an extract.json with the numbers given; of a text there is no number, and it is the reason."""
    folder.mkdir(exist_ok=True)
    entries = {
        name: {"value": None if isinstance(x, str) else x, "reason": x if isinstance(x, str) else ""}
        for name, x in {**GIVEN, **changes}.items()
    }
    file = folder / "extract.json"
    file.write_text(json.dumps({"eisfv_extraction": 1, "quantities": entries}))
    return file


def test_the_law_with_the_smaller_aicc_is_the_synapse(tmp_path: Path) -> None:
    double = device_synapse(extraction(tmp_path / "a"))
    assert (double.A1, double.tau1, double.A2, double.tau2) == ((2e-7, 0), (5e-3, 0), (1e-7, 0), (92e-3, 0))
    single = device_synapse(extraction(tmp_path / "b", short_term_aicc=-500.0, short_term_A2="not fitted"))
    assert (single.A1[0], single.tau1[0], single.A2[0]) == (2.5e-7, 40e-3, 0.0)


def test_a_device_that_falls_is_worth_what_its_mirror_image_is(tmp_path: Path) -> None:
    rising = device_synapse(extraction(tmp_path / "a"))
    assert device_synapse(extraction(tmp_path / "b", short_term_A1=-2e-7, short_term_A2=-1e-7)) == rising


def test_times_do_not_depend_on_the_size_of_the_device(
    tmp_path: Path,
) -> None:
    def times(folder: str, **changes: Any) -> list[float]:
        return list(eisfv.benchmark("stp", extraction(tmp_path / folder, **changes), seeds=3).table.times_no_stp)

    one = times("a")
    assert min(one[1:3] + one[4:]) > 1.1
    assert times("b", short_term_A1=2e-3, short_term_A2=1e-3) == pytest.approx(one, rel=1e-9)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"short_term_A2": "beyond the window"}, "short_term_A2 has no value: beyond the window; benchmark a device"),
        ({"short_term_tau1": -1.0}, "short_term_tau1 = -1 s is no time of a decay"),
        ({"short_term_A2": -1e-7}, "do not fall back from one side"),
        ({"short_term_tau2": True}, "short_term_tau2 has no value: is not there"),
    ],
)
def test_an_extraction_that_gives_no_synapse_is_told_by_file_and_key(
    changes: dict[str, Any], words: str, tmp_path: Path
) -> None:
    file = extraction(tmp_path, **changes)
    with pytest.raises(eisfv.ResultError) as told:
        eisfv.benchmark("stp", tmp_path)
    assert str(told.value).startswith(f"{file}: ")
    assert words in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"quantities": 3}', '{"quantities": {}}', "[" * 100_000])
def test_a_file_that_is_no_extraction_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text(text)
    with pytest.raises(eisfv.ResultError, match=r"is no extract\.json with a short-term decay"):
        eisfv.benchmark("stp", file)


@pytest.mark.parametrize("seeds", [0, 1, 2.5, True, 1_000_000])
def test_seeds_that_give_no_error_are_refused(seeds: Any) -> None:
    with pytest.raises(eisfv.EisfvError, match="is no number from 2 to"):
        eisfv.benchmark("stp", seeds=seeds)


def test_what_is_written_is_the_table_and_is_not_overwritten(tmp_path: Path) -> None:
    found = eisfv.benchmark("stp", extraction(tmp_path), seeds=2)
    table, image = found.write(tmp_path / "out")
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [float(row["separability_S"]) for row in rows] == pytest.approx(list(found.table.separability), rel=1e-5)
    assert image.read_bytes().startswith(b"\x89PNG")
    with pytest.raises(eisfv.ResultError, match="is there already"):
        found.write(tmp_path / "out")
    found.write(tmp_path / "out", force=True)
