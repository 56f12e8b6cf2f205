"""The count of a sweep: which runs are to be made, how many points are finished and failed."""

from collections.abc import Callable, Iterable

from eisfv.sweeping.points import Ended
from eisfv.sweeping.store import Store

Say = Callable[[str], None]


class Ledger:
    """The points of a sweep as they are listed and as their runs end.

    waiting   keys of the runs to make, with the number of points each is for
    finished, failed  points; found: finished when they were listed; made: those whose run has ended since the start
    """

    def __init__(self, store: Store, retry_failed: bool, say: Say) -> None:
        self.store, self.retry_failed, self.say = store, retry_failed, say
        self.waiting: dict[bytes, int] = {}
        self.finished = self.failed = self.found = self.made = 0
        self.told = self.told_gap = False

    def wanted(self, key: str) -> bool:
        """Count a point that is listed; return whether its run is to be made."""
        name = bytes.fromhex(key)
        if name in self.store.finished:
            self.finished += 1
            self.found += 1
        elif name in self.store.failed and not self.retry_failed:
            self.failed += 1
        elif name in self.waiting:
            self.waiting[name] += 1
        else:
            self.waiting[name] = 1
            if name in self.store.outdated and not self.told:
                self.told = True
                self.say("the quantities or traces of the sweep have changed: runs without them are made again")
            return True
        return False

    def is_waiting(self, key: str) -> bool:
        """Return whether a run is still to be made."""
        return bytes.fromhex(key) in self.waiting

    def look(self) -> None:
        """Count what is new in the shards."""
        self.count(self.store.news())
        if self.store.gap and not self.told_gap:
            self.told_gap = True
            self.say(f"a run finished without all quantities: {self.store.gap}")

    def take(self, ended: Iterable[Ended]) -> None:
        """Count runs that a worker says it has made."""
        for run in ended:
            self.store.note(run)
            self.count([run])

    def count(self, ended: Iterable[Ended]) -> None:
        """Count runs that are over; those that were counted before are left out."""
        for run in ended:
            points = self.waiting.pop(bytes.fromhex(run.key), 0)
            self.made += points
            if run.state == "finished":
                self.finished += points
            else:
                self.failed += points
