"""The commands as a user types them."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from eisfv.postprocess.pictures import after_run
from support import commands
from support.waiting import PATIENCE

ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "COLUMNS": "120", "NO_COLOR": "1"}

Invoke = Callable[..., Result]
Typed = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def undrawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the pictures after a run in this process, two fifths of these tests' time; `pictures` marks tests that
    want them."""
    if request.node.get_closest_marker("pictures") is None:
        monkeypatch.setattr(after_run, "plot_run", lambda run: [])


@pytest.fixture
def invoke() -> Invoke:
    """Return a command in this process: exit_code, stdout, stderr; what is not an exit fails the test."""

    return commands.invoke


@pytest.fixture(scope="session")
def typed() -> Typed:
    """Return a command in a process of its own: returncode, stdout, stderr; not on a terminal.

    Further keywords are environment variables.
    """

    def run(*words: object, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "eisfv.cli", *(str(word) for word in words)]
        environment = {**ENVIRONMENT, **more}
        return subprocess.run(command, cwd=cwd, env=environment, text=True, capture_output=True, timeout=PATIENCE)

    return run
