"""Runs on this machine: processes that are started fresh, each with one thread."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import active_children, get_context, parent_process, resource_tracker
from multiprocessing.connection import wait
from typing import Any, ParamSpec, TypeVar

from eisfv.fresh_processes import without_main

P = ParamSpec("P")
T = TypeVar("T")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


class LocalExecutor(Executor):
    """So many processes, each a pool of its own: one that is killed takes its own task along and no other.

    A pool of several breaks as a whole when one of its processes ends, and does not tell which.
    """

    def __init__(self, workers: int) -> None:
        self.workers = [Worker() for _ in range(workers)]

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Give a call to the process with the least to do; one that has ended is replaced."""
        return min(self.workers, key=lambda worker: worker.busy).submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes end when they are through."""
        for worker in self.workers:
            worker.pool.shutdown(wait, cancel_futures=cancel_futures)

    def kill(self) -> None:
        """End the processes now."""
        for worker in self.workers:
            worker.kill()
        self.shutdown(cancel_futures=True)


class Worker:
    """One process."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []
        self.begin()

    def begin(self) -> None:
        """Start the process."""
        self.pool = ProcessPoolExecutor(1, get_context("spawn"), begin_worker)
        with one_thread(), no_ctrl_c(), without_main():
            self.process = self.pool.submit(os.getpid)

    @property
    def busy(self) -> int:
        """Return how many calls it has not answered."""
        self.futures = [future for future in self.futures if not future.done()]
        return len(self.futures)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Give it a call."""
        try:
            future = self.pool.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self.begin()
            future = self.pool.submit(fn, *args, **kwargs)
        self.futures.append(future)
        return future

    def kill(self) -> None:
        """End the process."""
        with suppress(BrokenExecutor):
            number = self.process.result()
            for child in active_children():  # one that has ended long ago may have left its number to somebody else
                if child.pid == number:
                    child.kill()


@contextmanager
def one_thread() -> Iterator[None]:
    """Let processes started here have one thread for linear algebra."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def no_ctrl_c() -> Iterator[None]:
    """Keep Ctrl-C from processes started here until they can leave it to the one that started them."""
    # multiprocessing starts this helper with the first process, and lets Ctrl-C through again when it has.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_worker() -> None:
    """Make a new process end with the one that started it, and leave Ctrl-C to that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    threading.Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    """End this process when the one that started it is gone; a pool would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
