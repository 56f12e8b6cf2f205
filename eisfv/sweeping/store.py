"""What is known of a sweep's runs: the records of all its shards."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eisfv.result import sweep_file_names
from eisfv.result.shards import ShardReader
from eisfv.sweeping.definition import Definition
from eisfv.sweeping.points import Ended

NOTHING = Definition({}, "")  # what every record covers


@dataclass(frozen=True)
class Found:
    """A record of a run in a shard, with the definition it was made by."""

    path: Path
    offset: int
    text: dict[str, Any]
    definition: Definition


class Shards:
    """All shards of a sweep, read on from where the last reading ended.

    begun  key of the run that each task is at, as far as it has told
    """

    def __init__(self, out: Path) -> None:
        self.folder = out / sweep_file_names.SHARDS
        self.readers: dict[Path, ShardReader] = {}
        self.definitions: dict[Path, Definition] = {}
        self.begun: dict[str, str] = {}

    def news(self) -> Iterator[Found]:
        """Give every new record of a run. Raises ResultError."""
        for path in sorted(self.folder.glob(f"*{sweep_file_names.SHARD}")):
            reader = self.readers.setdefault(path, ShardReader(path))
            for offset, text in reader.texts():
                if text["kind"] == "task":
                    self.definitions[path] = Definition(text["quantities"], text["traces"])
                elif text["kind"] == "begin":
                    self.begun[text["task"]] = text["key"]
                else:
                    self.begun.pop(text["task"], None)
                    yield Found(path, offset, text, self.definitions[path])


class Store:
    """The runs that need not be made again.

    wanted    what they must hold
    finished  keys, as bytes: a hundred thousand of them must fit
    failed    keys with the reason
    outdated  keys of runs that finished, but do not hold what is wanted
    gap       which quantities the first run that has finished since does not give, and why; "" where it gives all
    """

    def __init__(self, out: Path, wanted: Definition) -> None:
        self.wanted = wanted
        self.shards = Shards(out)
        self.finished: set[bytes] = set()
        self.failed: dict[bytes, str] = {}
        self.outdated: set[bytes] = set()
        self.walls, self.count = 0.0, 0
        self.gap = ""
        for _ in self.news():
            pass
        self.gap = ""  # of runs that the plan may not have any more

    def news(self) -> Iterator[Ended]:
        """Take in what is new in the shards, and give it. Raises ResultError."""
        for found in self.shards.news():
            key = bytes.fromhex(found.text["key"])
            if found.text["state"] == "failed":
                if key not in self.finished:
                    self.failed[key] = found.text["reason"]
            elif found.definition.covers(self.wanted):
                self.finished.add(key)
                self.failed.pop(key, None)
                self.outdated.discard(key)
                self.gap = self.gap or found.text["reason"]
            elif key not in self.finished:
                self.outdated.add(key)
                continue
            wall = found.text["wall"]
            if wall is not None:  # of a run that took its worker along nobody knows
                self.walls, self.count = self.walls + wall, self.count + 1
            yield Ended(found.text["key"], found.text["state"], wall or 0.0)

    def note(self, ended: Ended) -> None:
        """Take in that a run is over before its record is read."""
        key = bytes.fromhex(ended.key)
        if ended.state == "finished":
            self.finished.add(key)
            self.failed.pop(key, None)
            self.outdated.discard(key)
        else:
            self.failed.setdefault(key, "")

    @property
    def mean_wall(self) -> float | None:
        """Return how long a run takes (s), None where none has ended."""
        return self.walls / self.count if self.count else None


def finished(out: Path, wanted: Definition = NOTHING) -> set[str]:
    """Return the keys of the runs that are finished and hold what is wanted. Raises ResultError."""
    return {key.hex() for key in Store(out, wanted).finished}


def failed(out: Path) -> dict[str, str]:
    """Return the keys of the runs that failed, and have not finished since, with their reasons. Raises ResultError."""
    return {key.hex(): reason for key, reason in Store(out, NOTHING).failed.items()}
