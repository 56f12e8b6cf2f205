"""`eisfv benchmark`."""

from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE


def benchmark_command(name: str, device: Path | None, seeds: int, out: Path, *, force: bool) -> int:
    """Make a benchmark, write it and print it; return the exit code. Raises EisfvError."""
    from eisfv.api.benchmarking import benchmark

    found = benchmark(name, device, seeds=seeds)
    if device is not None and name == "stp":
        complain("warning: one decay tells no scatter: DEVICE is IDEAL")
    files = found.write(out, force=force)
    print(found)
    for file in files:
        print(file)
    return DONE
