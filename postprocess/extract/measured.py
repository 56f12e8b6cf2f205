"""What an extraction is made of: measured numbers with their errors, pulses, step tables, sections of the report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from eisfv.model import CaseFile
from eisfv.result import Run


@dataclass(frozen=True)
class Measured:
    """A number made of a run; value None: the run cannot give it, and `reason` says why.

    low, high  95 % confidence interval, in `unit`; None where there is none (a single reading)
    points     how many data it is made of
    window     which data, in words: "pulses 1 to 10", "t = 10 s to 20 s"
    residual   root mean square of what the fit leaves over that of the data; None where nothing was fitted
    """

    value: float | None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    points: int = 0
    window: str = ""
    residual: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Pulses:
    """The pulses of all the runs, run by run in the order of time; arrays of one entry a pulse.

    run             number of the run, from 0
    start, width    s
    wait            from the pulse's end to the next one's start, s; to the run's end after the last one
    amplitude       V or A as `unit` says
    unit            "V" or "A"
    before, after   conductance, S; change = after - before
    charge, energy  C, J
    filling         site fraction in the channel after the pulse
    pair            spike interval t_post - t_pre of the case, s; NaN for a pulse that is no spike pair
    waveform        number of the waveform of a pulse whose value is a curve; 0 for one of constant height. None: all
                    are of constant height
    ended           conductance where the pulse ends, S; NaN where the run has no row there. None: nowhere
    """

    run: np.ndarray
    start: np.ndarray
    width: np.ndarray
    wait: np.ndarray
    amplitude: np.ndarray
    unit: np.ndarray
    before: np.ndarray
    after: np.ndarray
    charge: np.ndarray
    energy: np.ndarray
    filling: np.ndarray
    pair: np.ndarray
    waveform: np.ndarray | None = None
    ended: np.ndarray | None = None

    @property
    def change(self) -> np.ndarray:
        """Return the change of the conductance by each pulse, S."""
        return np.asarray(self.after - self.before)

    @property
    def waveforms(self) -> np.ndarray:
        """Return the number of each pulse's waveform."""
        return np.zeros(len(self), dtype=int) if self.waveform is None else self.waveform

    @property
    def at_end(self) -> np.ndarray:
        """Return the conductance where each pulse ends, S; NaN where it is not known."""
        return np.full(len(self), np.nan) if self.ended is None else self.ended

    def __len__(self) -> int:
        return int(self.run.size)


@dataclass(frozen=True)
class Branch:
    """The writing pulses of one direction: the commonest amplitude and width with that sign of the change.

    chosen       numbers of its pulses among all
    amplitude, unit, width   V or A, s
    nodes        conductances, ascending, S, (m,)
    steps        mean change by a pulse that starts at the node, S, (m,): positive up, negative down
    spread       standard deviation of the changes around the smooth course at each node, S, (m,)
    """

    chosen: np.ndarray
    amplitude: float
    unit: str
    width: float
    nodes: np.ndarray
    steps: np.ndarray
    spread: np.ndarray


@dataclass(frozen=True)
class Picture:
    """A picture of the report."""

    caption: str
    png: bytes


@dataclass(frozen=True)
class Section:
    """A part of the report: text, then a table (the first row is its head), then pictures."""

    title: str
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    figures: tuple[Picture, ...] = ()


# Root mean square of what a law for spiking networks may leave: a fifth is 4 % of the squares.
LARGEST_RESIDUAL = 0.2


@dataclass(frozen=True)
class Extraction:
    """What the runs give.

    runs        the runs it is made of; the first is the main one
    cases       each run's case, as its records
    up, down    the writing branches; None where the runs have none
    quantities  by name, in the order they are told: "G_min", "step_up_at_symmetry", ...
    noise       True where a noise source was modelled; a deterministic run has none
    tables      data and fits behind the quantities: by topic, then by column with its unit: "retention", "time_s"
    choices     what was taken where there was a choice, and by which criterion: "retention": "stretched, ..."
    notes       what a reader must know: unfinished runs, branches that are not there
    residual    share of the data (root mean square) that a law for spiking networks may leave and still be written
    """

    runs: tuple[Run, ...]
    cases: tuple[CaseFile, ...]
    pulses: Pulses
    up: Branch | None
    down: Branch | None
    quantities: Mapping[str, Measured]
    noise: bool = False
    tables: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    residual: float = LARGEST_RESIDUAL


@dataclass(frozen=True)
class Topic:
    """What one kind of measurement gives: quantities by name, the table behind them, what was chosen."""

    quantities: Mapping[str, Measured]
    tables: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """What a target made of an extraction; without files `reason` says why.

    quantities  what the target's own fits add to extract.json, under the target's name
    warning     what a user must know before the files are used, one line
    """

    files: tuple[Path, ...] = ()
    quantities: Mapping[str, Measured] = field(default_factory=dict)
    section: Section | None = None
    reason: str = ""
    warning: str = ""
