"""The pairs of spikes of a run, of its pulses and of those of its measures."""

from pathlib import Path

import numpy as np

from eisfv.postprocess.extract.extraction import extract
from eisfv.postprocess.extract.pulses import pulses_of
from eisfv.postprocess.extract.reading import read_sources
from eisfv.postprocess.extract.spike_pairs import TABLE, spike_pairs
from eisfv.postprocess.simulators.sources import source_of
from support.made_run import HEAD, Made, block, made_run, pulse, rest

STEP = Made(step=lambda g, amplitude, width: 1e-8 * amplitude)
REST = block(rest("1 s"))
INTERVALS = (-0.02, 0.0, 0.02)


def pair(interval: float) -> str:
    """Return the protocol of a pair, whose change follows the interval's sign."""
    return block(
        f'{{ drive = "voltage", value = "{np.sign(interval):g} V", duration = "1 ms", pulse = true, '
        f'spike_interval = "{interval:g} s" }}, {rest("10 ms")}'
    )


def prepared(path: Path, protocol: str = REST) -> Path:
    """Write a run with a measure for every interval."""
    run = made_run(path, protocol, STEP)
    for number, interval in enumerate(INTERVALS, start=1):
        head = HEAD.replace("Made up", f"Made up: measure {number}")
        made_run(run / "measures" / str(number), pair(interval), STEP, head=head)
    return run


def test_the_measures_of_a_run_are_its_pairs(tmp_path: Path) -> None:
    sources = read_sources([prepared(tmp_path / "run")])
    assert [source.run.path.name for source in sources] == ["1", "2", "3"]
    pairs = spike_pairs(pulses_of(sources))
    assert pairs is not None
    np.testing.assert_array_equal(pairs.interval, INTERVALS)
    np.testing.assert_array_equal(np.sign(pairs.change), np.sign(INTERVALS))
    table = extract(sources).tables[TABLE]
    np.testing.assert_array_equal(table["interval_s"], INTERVALS)
    np.testing.assert_array_equal(table["change_S"], pairs.change)


def test_a_run_with_pulses_of_its_own_comes_before_its_measures(tmp_path: Path) -> None:
    run = prepared(tmp_path / "run", block(f"{pulse('1 V', '1 ms')}, {rest('1 s')}"))
    assert [source.run.path.name for source in read_sources([run])] == ["run", "1", "2", "3"]
    assert read_sources([run / "measures" / "2"])[0].run.path == run / "measures" / "2"


def test_files_name_the_case_and_not_each_of_its_measures(tmp_path: Path) -> None:
    assert source_of(extract(read_sources([prepared(tmp_path / "run")]))) == "Made up"


def test_pairs_at_dt_zero_alone_are_no_pairs(tmp_path: Path) -> None:
    assert spike_pairs(pulses_of(read_sources([made_run(tmp_path / "run", pair(0.0))]))) is None
