"""What the spiking target writes, and what it does not when a run has no pairs or no trains."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.extract.measured import Measured, Pulses
from eisfv.postprocess.extract.wording import one_line
from eisfv.postprocess.simulators.spiking.target import BRIAN2, NEST, write
from eisfv.postprocess.simulators.spiking.tsodyks_markram import recursion
from eisfv.result import RunDirectory, read
from support.spiking import A_PLUS, INTERVALS, LEVEL, extraction, kernel, pair_pulses, train_pulses

TRAIN = np.concatenate([offset + np.arange(6) * gap for offset, gap in ((0, 0.03), (50, 0.1), (100, 0.3))])


def responses() -> np.ndarray:
    """Return responses to TRAIN, S."""
    return np.concatenate([4e-8 * recursion(one, 0.3, 0.08, 0.3) for one in np.split(TRAIN, 3)])


def test_a_run_of_pairs_gives_both_files_and_a_picture(tmp_path: Path) -> None:
    written = write(extraction(tmp_path, pair_pulses(INTERVALS, kernel(INTERVALS))), tmp_path / "out")
    assert {path.name for path in written.files} == {NEST, BRIAN2}
    assert not written.reason
    assert written.section is not None
    assert written.section.figures[0].png.startswith(b"\x89PNG")
    assert "TSODYKS2_SYNAPSE" not in (tmp_path / "out" / NEST).read_text()
    assert written.quantities["tsodyks_U"].value is None


def test_a_run_of_trains_gives_the_recursion_alone(tmp_path: Path) -> None:
    decay = {"short_term_tau1": Measured(0.3, "s", points=9)}
    written = write(extraction(tmp_path, train_pulses(TRAIN), responses(), decay), tmp_path)
    assert "STDP_SYNAPSE" not in (tmp_path / NEST).read_text()
    assert written.quantities["stdp_A_plus"].value is None
    assert "spike_interval" in written.quantities["stdp_A_plus"].reason
    assert written.section is not None
    assert any(row[0] == "short_term_tau1" for row in written.section.rows)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_pairs_of_one_sign_give_null_and_the_reason(tmp_path: Path, side: float) -> None:
    interval = side * np.abs(INTERVALS)
    written = write(extraction(tmp_path, pair_pulses(interval, kernel(interval))), tmp_path / "out")
    assert written.files == ()
    assert not (tmp_path / "out").exists()
    assert f"no spike intervals with dt {'<' if side > 0 else '>'} 0" in written.reason
    assert written.quantities["stdp_alpha"].value is None


def test_pulses_that_are_no_pairs_give_null_and_the_reason(tmp_path: Path) -> None:
    written = write(extraction(tmp_path, train_pulses(TRAIN, left=1e-8)), tmp_path / "out")
    assert written.files == ()
    assert "STDP" in written.reason
    assert "short-term" in written.reason
    assert all(one.value is None and one.reason for one in written.quantities.values())


def test_a_run_without_pulses_gives_null_and_the_reason(tmp_path: Path) -> None:
    nothing = np.empty(0)
    written = write(extraction(tmp_path, pair_pulses(nothing, nothing)), tmp_path / "out")
    assert written.files == ()
    assert all(one.value is None and one.reason for one in written.quantities.values())


def test_an_unfinished_run_without_terminals_gives_null_and_the_reason(tmp_path: Path) -> None:
    with RunDirectory.open_new(tmp_path / "stopped") as directory:
        directory.write_case("")
    whole = extraction(tmp_path, train_pulses(TRAIN), responses())
    stopped = type(whole)((read(tmp_path / "stopped"),), ({},), whole.pulses, None, None, {})
    assert write(stopped, tmp_path / "out").files == ()


def test_a_kernel_that_nest_cannot_have_is_written_for_brian_alone(tmp_path: Path) -> None:
    written = write(extraction(tmp_path, pair_pulses(INTERVALS, -kernel(INTERVALS))), tmp_path)
    assert [path.name for path in written.files] == [BRIAN2]
    assert written.section is not None
    assert any("NEST" in words for words in written.section.paragraphs)


def alpha_pairs() -> Pulses:
    """Return pairs of the alpha form, 5 nS and 20 ms."""
    size = np.abs(INTERVALS) / 0.02
    return pair_pulses(INTERVALS, 5e-9 * np.sign(INTERVALS) * size * np.exp(1.0 - size))


def test_nest_gets_no_exponential_of_a_kernel_that_vanishes_at_zero_unless_asked(tmp_path: Path) -> None:
    made = extraction(tmp_path, alpha_pairs())
    written = write(made, tmp_path / "out")
    assert [path.name for path in written.files] == [BRIAN2]
    assert written.quantities["stdp_alpha"].value is None
    assert "exponential form alone" in written.quantities["stdp_alpha"].reason
    assert written.section is not None
    assert any("STDP for NEST" in words and "--residual" in words for words in written.section.paragraphs)
    assert written.warning.startswith("STDP for NEST: stdp_synapse has the exponential form alone")
    asked = write(replace(made, residual=0.8), tmp_path / "asked")
    assert {path.name for path in asked.files} == {BRIAN2, NEST}
    told = (tmp_path / "asked" / NEST).read_text()
    assert re.search(r"exponential form, pairs with dt = 5 ms to 90 ms: leaves [3-7]\d% of the changes", told)
    assert "alpha form" in (tmp_path / "asked" / BRIAN2).read_text()


def test_every_file_tells_form_range_and_residual(tmp_path: Path) -> None:
    write(extraction(tmp_path, pair_pulses(INTERVALS, kernel(INTERVALS))), tmp_path)
    for name in (NEST, BRIAN2):
        told = (tmp_path / name).read_text()
        assert "# exponential form, pairs with dt = 5 ms to 90 ms: leaves 0% of the changes" in told
    write(extraction(tmp_path / "short", train_pulses(TRAIN), responses()), tmp_path / "short")
    for name in (NEST, BRIAN2):
        told = (tmp_path / "short" / name).read_text()
        assert "spikes 30 ms to 300 ms apart: leaves 0.0% of the responses" in told
        assert "# Not written: STDP:" in told


def test_a_name_with_quotes_and_newlines_stays_within_one_line() -> None:
    quotes = 3 * '"'
    assert one_line(f"a {quotes} b\nimport os\\") == f"a {3 * chr(39)} b import os/"
    assert one_line("a\u2028b\x00c\udc80") == "a b c?"
    assert one_line("H/YSZ: 3 µm") == "H/YSZ: 3 µm"


def test_the_weight_is_bounded_by_what_the_runs_reached_only_where_that_is_a_range(tmp_path: Path) -> None:
    narrow = write(extraction(tmp_path / "a", pair_pulses(INTERVALS, kernel(INTERVALS))), tmp_path / "a" / "out")
    assert narrow.section is not None
    assert "not measured" in narrow.section.paragraphs[0]
    ends = np.array([LEVEL - 20 * A_PLUS, LEVEL + 20 * A_PLUS])
    pulses = pair_pulses(
        np.append(INTERVALS, [np.nan, np.nan]),
        np.append(kernel(INTERVALS), [0.0, 0.0]),
        np.append(np.full(INTERVALS.size, LEVEL), ends),
    )
    wide = write(extraction(tmp_path / "b", pulses), tmp_path / "b" / "out")
    assert wide.section is not None
    assert "not measured" not in wide.section.paragraphs[0]
    assert "WMAX = 1160.0  # nS" in (tmp_path / "b" / "out" / NEST).read_text()
