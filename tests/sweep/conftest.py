"""Sweeps in this process."""

from collections.abc import Iterator

import pytest

from support.small_sweep import Made, here


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    """Return what sweeps make, in this process."""
    with here(monkeypatch) as runs:
        yield runs
