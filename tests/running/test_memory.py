"""A long run takes no more memory than a short one."""

from pathlib import Path

import pytest

from eisfv.running import Progress, run_case
from support.small_case import small_case

PULSES = 2000
PROTOCOL = f"""
[[protocol]]
repeat = {PULSES // 2}
steps = [
    {{ drive = "current", value = "10 uA", duration = "10 ms", pulse = true }},
    {{ drive = "open_circuit", duration = "10 ms", read = "all" }},
    {{ drive = "current", value = "-10 uA", duration = "10 ms", pulse = true }},
    {{ drive = "open_circuit", duration = "10 ms", read = "all" }},
]
"""
OUTPUT = '[output]\nprofiles = { every = "20 ms" }\nfields = { at = ["end"] }\n'
PAGE = 4096  # bytes


def resident() -> float:
    """Return the memory of this process in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_two_thousand_pulses_take_the_memory_of_a_hundred(tmp_path: Path) -> None:
    seen: dict[int, float] = {}

    def watch(progress: Progress) -> None:
        seen.setdefault(progress.pulse, resident())

    run_case(small_case(tmp_path, PROTOCOL, OUTPUT), tmp_path / "run", watch)
    assert max(seen) == PULSES
    assert seen[PULSES] - seen[100] < 20.0, {pulse: mb for pulse, mb in seen.items() if pulse % 200 == 0}
    assert resident() - seen[100] < 60.0, "building result.nc"
