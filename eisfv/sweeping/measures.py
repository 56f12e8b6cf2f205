"""The measures of a case on the processes of this machine."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait

from eisfv.running.branches import Branch, Runner
from eisfv.running.run import one_after_the_other, run_branch
from eisfv.sweeping.local import LocalExecutor

PATIENCE = 0.5  # s between two looks at whether the user asks to stop
ENDED = "its process was ended from outside; was there memory for it?"


def in_processes(workers: int, failed: list[str]) -> Runner:
    """Return what makes measures on so many processes, one after the other in this one where that is 1; a line
    on each that failed is put into a list."""

    def run(branches: Sequence[Branch], stopped: Callable[[], None], told: Callable[[Branch, str], None]) -> None:
        def ended(one: Branch, reason: str) -> None:
            failed.extend([f"measure {one.number} ({one.name}) failed: {reason}"] if reason else [])
            told(one, reason)

        count = min(workers, len(branches))
        if count < 2:
            one_after_the_other(branches, stopped, ended)
            return
        executor = LocalExecutor(count)
        try:
            out: dict[Future[str], Branch] = {executor.submit(run_branch, one): one for one in branches}
            while out:
                stopped()
                for future in wait(out, PATIENCE, FIRST_COMPLETED).done:
                    lost = isinstance(future.exception(), BrokenExecutor)
                    ended(out.pop(future), ENDED if lost else future.result())
        finally:
            executor.kill()

    return run
