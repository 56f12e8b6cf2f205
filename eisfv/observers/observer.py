"""What an observer is, and what every observer may ask of a run."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol as TypingProtocol

import numpy as np

from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.model.output import Output
from eisfv.model.protocol import Protocol
from eisfv.model.steps import Step
from eisfv.observers.readout import ChannelReadout
from eisfv.result import Column, ProfileVariable
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State

Value = float | int | str
Row = Callable[[Sequence[Value]], None]
Sink = Callable[[float, int, float, Mapping[str, Floats], bool], None]
Entry = np.ndarray | float | int | str


class Observer(TypingProtocol):
    """Sees the states of a run go by, never what made them; stepping does not know it."""

    def begin(self, step: Step, state: State) -> None:
        """A protocol step begins: the state's offset is 0."""

    def accept(self, accepted: Accepted) -> None:
        """A time step of it is accepted."""

    def end(self, step: Step, state: State) -> None:
        """The protocol step is over."""

    def close(self, state: State) -> None:
        """The protocol is over."""

    def save(self) -> Mapping[str, Entry]:
        """Return what brings the observer back to where it stands, by names of its own."""

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        """Go back to a checkpoint, that stands inside a protocol step or between two."""

    def statistics(self) -> Mapping[str, object]:
        """Return what the provenance of the run should tell."""

    def warnings(self) -> Iterable[str]:
        """Return what the user should know of the run when it is over, a line each."""

    def summary(self) -> Iterable[str]:
        """Return how well the run was solved, a line each, for its log."""


class Onlooker:
    """An observer that does nothing: what the others need not write out."""

    def begin(self, step: Step, state: State) -> None: ...

    def accept(self, accepted: Accepted) -> None: ...

    def end(self, step: Step, state: State) -> None: ...

    def close(self, state: State) -> None: ...

    def save(self) -> Mapping[str, Entry]:
        return {}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None: ...

    def statistics(self) -> Mapping[str, object]:
        return {}

    def warnings(self) -> Iterable[str]:
        return ()

    def summary(self) -> Iterable[str]:
        return ()


@dataclass(frozen=True)
class Watched:
    """A run as its observers know it when it begins.

    channel   the read-out, one for all of them
    table     opens a table of the results by its name (a key of `eisfv.result.file_names.TABLES`)
    journal   opens the journal of cell profiles
    """

    built: Built
    protocol: Protocol
    output: Output
    channel: ChannelReadout
    table: Callable[[str, Sequence[Column]], Row]
    journal: Callable[[Sequence[ProfileVariable]], Sink]
