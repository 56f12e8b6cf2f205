"""An extraction of a made-up run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from eisfv.postprocess.extract.extraction import extract
from eisfv.postprocess.extract.measured import Extraction
from eisfv.postprocess.extract.reading import Source, read_sources
from eisfv.result.status import State
from support.made_run import Made, made_run, train

Extracted = Callable[..., Extraction]
Sourced = Callable[..., Source]
CYCLES = train("1 uA", 8, "1 ms") + train("-1 uA", 8, "1 ms")


@pytest.fixture
def sourced(tmp_path: Path) -> Sourced:
    """Return what writes and reads a run of a protocol."""

    def read(protocol: str, made: Made | None = None, name: str = "run", pulses: int | None = None) -> Source:
        state: State = "finished" if pulses is None else "interrupted"
        return read_sources([made_run(tmp_path / name, protocol, made, state=state, pulses=pulses)])[0]

    return read


@pytest.fixture
def extracted(sourced: Sourced) -> Extracted:
    """Return what writes, reads and extracts a run of a protocol."""

    def run(protocol: str, made: Made | None = None, name: str = "run", pulses: int | None = None) -> Extraction:
        return extract([sourced(protocol, made, name, pulses)])

    return run


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """Return a run of a few pulses of both signs that decay."""
    made = Made(step=lambda g, a, w: 0.5 * a, decays=[(0.5, 0.3)])
    return read_sources([made_run(tmp_path / "run", CYCLES, made)])[0]


@pytest.fixture
def extraction(source: Source) -> Extraction:
    """Return the extraction of the run."""
    return extract([source])
