"""On a terminal a run shows how far it is."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from support.small_case import write_case


def shown(*words: object) -> str:
    """Return what a command writes to a terminal as its error stream."""
    reader, writer = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "150", "OMP_NUM_THREADS": "1"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "eisfv.cli", *(str(word) for word in words)]
    process = subprocess.Popen(command, stdin=writer, stdout=subprocess.DEVNULL, stderr=writer, env=environment)
    os.close(writer)
    content = b""
    try:
        while chunk := os.read(reader, 65536):
            content += chunk
    except OSError:  # Linux reports the closed end of a terminal as an input/output error
        pass
    os.close(reader)
    assert process.wait(60) == 0
    return content.decode()


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals here")
def test_a_run_shows_simulated_time_pulse_and_time_left(tmp_path: Path) -> None:
    text = shown("run", write_case(tmp_path / "case"))
    for words in ("running", "of 5.6 s", "of 4", "left"):
        assert words in text


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals here")
def test_a_quiet_run_shows_nothing(tmp_path: Path) -> None:
    assert shown("run", write_case(tmp_path / "case"), "--quiet") == ""
