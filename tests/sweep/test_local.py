"""Processes of a sweep on this machine: one that is killed takes its own call along and nobody else's."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing import active_children, get_context

import pytest

from eisfv.sweeping.leftovers import alive
from eisfv.sweeping.local import THREADS, LocalExecutor
from support.waiting import PATIENCE, until


@pytest.fixture
def executor() -> Iterator[LocalExecutor]:
    with LocalExecutor(2) as made:
        yield made


def test_calls_go_to_processes_of_their_own_with_one_thread_each(executor: LocalExecutor) -> None:
    numbers = {executor.submit(os.getpid).result() for _ in range(4)}
    assert len(numbers | {os.getpid()}) in (2, 3)
    assert [executor.submit(os.getenv, name).result() for name in THREADS] == ["1"] * len(THREADS)
    assert {name: os.environ.get(name) for name in THREADS} == before


before = {name: os.environ.get(name) for name in THREADS}


def test_a_killed_process_takes_its_own_call_along_and_is_replaced(executor: LocalExecutor) -> None:
    first, second = executor.submit(signal.pause), executor.submit(signal.pause)
    number = executor.workers[0].process.result()
    os.kill(number, signal.SIGKILL)
    with pytest.raises(BrokenExecutor):
        first.result(timeout=PATIENCE)
    assert not second.done()
    assert executor.submit(pow, 2, 3).result(timeout=PATIENCE) == 8
    assert executor.workers[0].process.result() != number
    executor.kill()


def test_ctrl_c_does_not_reach_processes_that_are_starting() -> None:
    with LocalExecutor(2) as executor:
        for child in active_children():
            assert child.pid is not None
            os.kill(child.pid, signal.SIGINT)
        assert executor.submit(pow, 2, 3).result(timeout=PATIENCE) == 8
        assert executor.submit(pow, 3, 2).result(timeout=PATIENCE) == 9
        assert executor.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result(timeout=PATIENCE) == set()
        executor.kill()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_ctrl_c_ends_a_process_that_is_started_without_care() -> None:
    # A shell lets what it starts in the background ignore Ctrl-C, and all that this starts again.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        # It starts until it is interrupted: where the signal comes first, and where it comes late.
        with ProcessPoolExecutor(1, get_context("spawn"), signal.pause) as pool:
            future = pool.submit(pow, 2, 3)
            until(lambda: interrupted() or future.done())
            with pytest.raises(BrokenExecutor):
                future.result(timeout=PATIENCE)
    finally:
        signal.signal(signal.SIGINT, before)


def interrupted() -> None:
    """Send Ctrl-C to every process started here."""
    for child in active_children():
        assert child.pid is not None
        os.kill(child.pid, signal.SIGINT)


def test_kill_ends_all_processes_at_once(executor: LocalExecutor) -> None:
    futures = [executor.submit(signal.pause) for _ in range(2)]
    numbers = [worker.process.result() for worker in executor.workers]
    executor.kill()
    assert not any(alive(number) for number in numbers)
    assert all(isinstance(future.exception(timeout=PATIENCE), BrokenExecutor) for future in futures)


def test_ctrl_c_is_left_to_the_process_that_started_them(executor: LocalExecutor) -> None:
    number = executor.submit(os.getpid).result()
    os.kill(number, signal.SIGINT)
    assert executor.submit(pow, 2, 3).result(timeout=PATIENCE) == 8
    assert alive(number)
