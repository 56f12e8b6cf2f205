"""Parsl's interchange, which ends with the driver that started it.

By itself it outlives a driver that was killed, and keeps the batch jobs until their time is over. With it gone, the
workers miss its heartbeat and end.

python -m eisfv.sweeping.interchange
"""

import os
import runpy
import threading
import time

EVERY = 2.0  # s


def end_without(parent: int) -> None:
    """End this process when its parent is another one."""
    while os.getppid() == parent:
        time.sleep(EVERY)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=end_without, args=(os.getppid(),), daemon=True).start()
    runpy.run_module("parsl.executors.high_throughput.interchange", run_name="__main__")
