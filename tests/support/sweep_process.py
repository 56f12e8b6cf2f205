"""A small sweep in a process of its own, for tests that end it: python sweep_process.py FOLDER [parsl].

FOLDER holds the case; the plan is the one that `small_plan(FOLDER, long=True)` gives. With "parsl" it is run by the
configuration FOLDER/my_parsl.py.
"""

import sys
from dataclasses import replace
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from eisfv.sweeping.driver import run_sweep
    from eisfv.sweeping.plan import Executor
    from support.small_sweep import small_plan

    folder = Path(sys.argv[1])
    plan = small_plan(folder, long=True)
    if "parsl" in sys.argv[2:]:
        plan = replace(plan, executor=Executor("parsl", 0, 60.0, "none", folder / "my_parsl.py"), trust=True)
    run_sweep(plan)
