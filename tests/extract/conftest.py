"""An extraction of a made-up run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from eisfv.postprocess.extract.extraction import extract
from eisfv.postprocess.extract.measured import Extraction
from eisfv.postprocess.extract.reading import Source, read_sources
from eisfv.result.status import State
from support.made_run import Made, made_run

Extracted = Callable[..., Extraction]
Sourced = Callable[..., Source]


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
