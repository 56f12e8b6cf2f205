"""Every n-th run of a sweep over the electrolyte's thickness, without a sweep.

python bare_runs.py CASE FIRST RUNS EVERY
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

if __name__ == "__main__":
    from eisfv.case import load
    from eisfv.running import run_case

    case = Path(sys.argv[1])
    first, runs, every = map(int, sys.argv[2:])
    for number in range(first, runs, every):
        with TemporaryDirectory() as place:
            override = f"device.region.electrolyte.thickness={100.0 + 0.01 * number} um"
            run_case(load(case, [override]), Path(place) / "run", lambda progress: None, merge=False)
