"""The points of a plan with the keys of their runs, listed in a file while the first runs are made already.

Loading a case takes some milliseconds: 1e5 points are minutes, and in memory they were hundreds of megabytes. The file
is what gathering goes by.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from eisfv.case import CaseError, load
from eisfv.errors import one_line
from eisfv.result import sweep_file_names
from eisfv.result.atomic import temporary
from eisfv.result.shards import ShardReader, ShardWriter
from eisfv.sweeping.plan import Plan
from eisfv.sweeping.points import Point
from eisfv.sweeping.tasks import TaskRun


class Listing:
    """The points of a plan.

    wanted   tells of a key whether its run is to be made; asked once for each point
    listed   points so far; refused: those that are no case; whole: there are no more
    waiting  runs to be made that were not taken yet
    """

    def __init__(self, plan: Plan, head: dict[str, object], wanted: Callable[[str], bool]) -> None:
        """Begin the file; what an earlier plan left is replaced when the new one is whole. Raises ResultError."""
        self.plan, self.wanted = plan, wanted
        self.path = plan.out / sweep_file_names.POINTS
        self.draft = temporary(self.path)
        with suppress(FileNotFoundError):
            self.draft.unlink()
        self.writer = ShardWriter(self.draft, sync=False)
        try:
            self.writer.append(head)
        except BaseException:
            self.writer.close()
            raise
        self.points: Iterator[Point] = plan.points()
        self.listed = self.refused = self.waiting = 0
        self.whole = False
        self.tasks = self.to_make(ShardReader(self.draft))

    def go_on(self, seconds: float) -> None:
        """List points for so many seconds, or to the end. Raises ResultError."""
        until = time.monotonic() + seconds
        while not self.whole and time.monotonic() < until:
            point = next(self.points, None)
            if point is None:
                self.end()
            else:
                self.add(point)

    def add(self, point: Point) -> None:
        """List a point."""
        key, reason = "", ""
        try:
            key = load(self.plan.case, point.overrides).digest
        except CaseError as error:
            reason = one_line(error)
        make = not reason and self.wanted(key)
        text = {"kind": "point", "number": point.number, "key": key, "values": point.values, "reason": reason}
        self.writer.append({**text, "make": make, "overrides": point.overrides})
        self.listed += 1
        self.refused += bool(reason)
        self.waiting += make

    def end(self) -> None:
        """Put the file in its place."""
        self.writer.append({"kind": "end", "count": self.listed}, sync=True)
        self.writer.close()
        self.draft.replace(self.path)
        self.whole = True

    def close(self) -> None:
        """Close the file, whole or not."""
        self.writer.close()

    def take(self, count: int) -> tuple[TaskRun, ...]:
        """Return the next runs that are to be made, at most so many."""
        taken = tuple(islice(self.tasks, min(count, self.waiting)))
        self.waiting -= len(taken)
        return taken

    def to_make(self, reader: ShardReader) -> Iterator[TaskRun]:
        """Give the runs to make as they are listed."""
        while True:
            if self.whole:
                reader.path = self.path
            for _, text in reader.texts():
                if text.get("make"):
                    yield TaskRun(text["key"], text["values"], tuple(text["overrides"]))


def read_listing(out: Path) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
    """Return the head of a sweep's list of points, and the points. Raises ResultError where there is no whole one."""
    from eisfv.result import ResultError

    path = out / sweep_file_names.POINTS
    if not path.is_file():
        raise ResultError(f"{out}: the points of the sweep are not all listed yet; start it, or start it again")
    texts = (text for _, text in ShardReader(path).texts())
    head = next(texts, {})
    return head, (text for text in texts if text["kind"] == "point")
