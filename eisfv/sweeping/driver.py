"""Running a sweep: what is not done yet goes out in tasks, what comes back is counted, at the end it is gathered.

Tasks are as long as they are asked to be, by how long the runs before took; short at first, so that there is something
to see, and at the end, so that all workers end together. No more of them are out than keep the workers busy.
"""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from itertools import count
from math import ceil, nan
from uuid import uuid4

from eisfv.case import load
from eisfv.errors import one_line
from eisfv.extras import require
from eisfv.remedies import way
from eisfv.result import ResultError, sweep_file_names
from eisfv.result.shards import ShardWriter
from eisfv.result.sweep_table import gaps, read_sweep
from eisfv.running.branches import left_out
from eisfv.running.stop_request import StopRequest
from eisfv.sweeping.definition import definition_of
from eisfv.sweeping.directory import check_free
from eisfv.sweeping.executors import opened
from eisfv.sweeping.gather import gather
from eisfv.sweeping.heading import heading
from eisfv.sweeping.ledger import Ledger, Say
from eisfv.sweeping.leftovers import remove_leftovers
from eisfv.sweeping.listing import Listing
from eisfv.sweeping.locking import locked
from eisfv.sweeping.meshes import meshes_of
from eisfv.sweeping.plan import Plan
from eisfv.sweeping.points import Ended, Outcome, Summary
from eisfv.sweeping.store import Store
from eisfv.sweeping.tasks import Task, TaskRun, run_task, run_text
from eisfv.sweeping.workers import Workers

Report = Callable[[int, int, int, float, float], None]
"""Takes how many points are finished, failed, there at all; runs per second, s left (NaN while unknown)."""

LISTING = 0.02  # s at a time: workers that wait are served in between
PATIENCE = 0.5  # s between two looks at the shards
LOOKING = 0.05  # of the time at most, where looking takes long
STRIKES = 2
ATTEMPTS = 3  # of a task whose worker is gone before its first run
GROWTH = 2  # a task has at most so many times as many runs as each worker has made on average
TASKS_LEFT = 2  # for each worker, of what is left
WORDS = 300  # letters of a message from the cluster


def run_sweep(
    plan: Plan, *, retry_failed: bool = False, report: Report | None = None, say: Say | None = None
) -> Summary:
    """Make the runs of a plan that are not made yet, and gather all.

    report  how far it is; say: takes a line that the user should see
    Raises CaseError, MissingPackageError and ResultError before anything is run; ResultError where it cannot go on,
    KeyboardInterrupt on a signal. What is done stays done: the same call goes on.
    """
    require("sweep", "a sweep")
    check_free(plan.out)
    with locked(plan.out, f"a sweep is running there; wait for it, or choose another place with {way('out')}"):
        sweep = Sweeping(plan, retry_failed, report or (lambda *numbers: None), say or (lambda line: None))
        try:
            return sweep.go()
        except KeyboardInterrupt:
            sweep.look()
            sweep.say(f"{plan.out}: stopped with {sweep.standing()}")
            raise
        finally:
            sweep.listing.close()
            remove_leftovers(plan.out)


class Sweeping:
    """A sweep on its way.

    out      tasks that are given out; again: those to give out again
    strikes  how many workers a run has taken along
    """

    def __init__(self, plan: Plan, retry_failed: bool, report: Report, say: Say) -> None:
        self.plan, self.report, self.say = plan, report, say
        definition = definition_of(plan)
        head = heading(plan, definition)
        remove_leftovers(plan.out)
        self.store = Store(plan.out, definition)
        self.ledger = Ledger(self.store, retry_failed, say)
        self.listing = Listing(plan, head, self.ledger.wanted)
        self.out: dict[Future[tuple[Ended, ...]], Task] = {}
        self.again: deque[Task] = deque()
        self.strikes: dict[str, int] = {}
        self.session, self.numbers = uuid4().hex[:8], count()
        self.meshes = meshes_of(plan)
        for line in left_out(load(plan.case, plan.overrides)):
            say(line)
        self.start = self.looked = time.monotonic()
        self.pause = PATIENCE

    def go(self) -> Summary:
        """Run to the end."""
        with StopRequest() as request, opened(self.plan) as workers:
            self.start = time.monotonic()
            while self.out or self.again or self.listing.waiting or not self.listing.whole:
                self.turn(workers)
                if request.made:
                    raise KeyboardInterrupt
        self.tell()
        table = gather(self.plan.out)
        return Summary(
            total=self.listing.listed,
            found=self.ledger.found,
            finished=self.ledger.finished,
            failed=self.ledger.failed,
            refused=self.listing.refused,
            wall=time.monotonic() - self.start,
            gaps=gaps(table),
            blurred=read_sweep(self.plan.out).blurred,
            table=table,
        )

    def turn(self, workers: Workers) -> None:
        """Give out what can be, list some points, take back what has ended."""
        while len(self.out) < workers.slots and (task := self.next_task(workers.slots)) is not None:
            self.out[workers.executor.submit(run_task, task)] = task
        busy = not self.listing.whole
        if busy:
            refused = self.listing.refused
            self.listing.go_on(LISTING)
            self.ledger.failed += self.listing.refused - refused
        ended = wait(self.out, 0.0 if busy else PATIENCE, FIRST_COMPLETED).done if self.out else ()
        for future in ended:
            self.settle(future, self.out.pop(future), workers)
        if time.monotonic() - self.looked > self.pause:
            self.look()
            self.tell()

    def next_task(self, slots: int) -> Task | None:
        """Return what goes out next; None when there is nothing yet, or any more."""
        if self.again:
            return self.again.popleft()
        runs = self.listing.take(self.size(slots))
        return self.task(runs) if runs else None

    def task(self, runs: tuple[TaskRun, ...]) -> Task:
        """Return a task of some runs."""
        plan, name = self.plan, f"{self.session}-{next(self.numbers)}"
        case, out = plan.case.resolve(), plan.out.resolve()  # a worker may work elsewhere
        return Task(name, plan.file, case, out, runs, plan.quantities, plan.traces, plan.executor.keep, self.meshes)

    def size(self, slots: int) -> int:
        """Return how many runs the next task should have."""
        mean = self.store.mean_wall
        if mean is None:
            return 1
        left = self.listing.waiting + max(0, self.plan.count - self.listing.listed)
        asked, early = self.plan.executor.task / max(mean, 1e-3), GROWTH * self.ledger.made / slots
        return max(1, ceil(min(asked, early, left / (TASKS_LEFT * slots))))

    def settle(self, future: "Future[tuple[Ended, ...]]", task: Task, workers: Workers) -> None:
        """Take a task back: count its runs, and give out again what it has not made."""
        error = future.exception()
        if error is None:
            self.ledger.take(future.result())
        elif workers.lost(error):
            self.look()
        elif isinstance(error, ResultError):
            raise error
        else:
            raise ResultError(f"{self.plan.out}: the sweep cannot go on: {self.why(error)}") from error
        left = tuple(run for run in task.runs if self.ledger.is_waiting(run.key))
        at = self.store.shards.begun.pop(task.name, None)
        suspects = [run for run in left if error is not None and run.key == at]
        if left:
            self.go_again(task, left, suspects)

    def why(self, error: BaseException) -> str:
        """Return what an error of the executor says; Parsl's repeat themselves for every job, and its log has all."""
        text = f"{type(error).__name__}: {one_line(error)}"
        if self.plan.executor.kind == "local" or len(text) <= WORDS:
            return text
        return f"{text[:WORDS]}...; all of it is in {self.plan.out / sweep_file_names.CLUSTER}"

    def go_again(self, task: Task, left: tuple[TaskRun, ...], suspects: list[TaskRun]) -> None:
        """Give out again the runs that a task has not made; one that its worker ended at goes by itself."""
        for run in suspects:
            self.strikes[run.key] = self.strikes.get(run.key, 0) + 1
            if self.strikes[run.key] < STRIKES:
                self.say(f"a worker was ended from outside at {words(run)}; that run is made again")
                self.again.append(self.task((run,)))
            else:
                self.give_up(run)
        rest = tuple(run for run in left if run not in suspects)
        attempts = task.attempts + 1 if len(left) == len(task.runs) and not suspects else 0
        if attempts >= ATTEMPTS:
            where = sweep_file_names.CLUSTER if self.plan.executor.kind != "local" else "the memory of this machine"
            raise ResultError(f"{self.plan.out}: workers end before their first run, {attempts} times; look at {where}")
        if rest:
            self.again.append(replace(self.task(rest), attempts=attempts))

    def give_up(self, run: TaskRun) -> None:
        """Record a run as failed that ends its worker each time."""
        reason = "its process was ended from outside, twice; was there memory for it?"
        self.say(f"a worker was ended from outside at {words(run)} again; that run is recorded as failed")
        outcome = Outcome(run.key, "failed", run.values, {}, {}, reason, nan, "")
        path = self.plan.out / sweep_file_names.SHARDS / f"driver-{self.session}{sweep_file_names.SHARD}"
        with ShardWriter(path) as shard:
            shard.append({"kind": "task", "task": self.session, "quantities": {}, "traces": ""}, sync=False)
            shard.append(run_text(outcome, self.session, run.overrides))
        self.ledger.take([Ended(run.key, "failed", 0.0)])

    def look(self) -> None:
        """Count what is new in the shards."""
        start = time.monotonic()
        self.ledger.look()
        self.looked = time.monotonic()
        self.pause = max(PATIENCE, (self.looked - start) / LOOKING)

    def standing(self) -> str:
        """Return how many points are finished, in words; those that are not listed yet were not looked up."""
        total = f"{self.plan.count}" if self.listing.whole else f"the first {self.listing.listed}"
        return f"{self.ledger.finished} of {total} points finished"

    def tell(self) -> None:
        """Report how far the sweep is."""
        finished, failed, total = self.ledger.finished, self.ledger.failed, self.plan.count
        rate = self.ledger.made / max(time.monotonic() - self.start, 1e-9)
        self.report(finished, failed, total, rate, (total - finished - failed) / rate if rate else nan)


def words(run: TaskRun) -> str:
    """Return what a run is called towards the user."""
    return ", ".join(run.overrides) or "the base case"
