"""Impedance spectra in a protocol: what a small wave of the gate voltage does at the state that it has reached."""

from math import floor, log10
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Frequency, NotEmpty, Whole, YesNo
from eisfv.model.record import RECORD, Record, refuse

LOWEST, HIGHEST = 1e-9, 1e12  # Hz: thirty years, and where a field is no longer that of resting charges
MOST = 10_000  # frequencies of a spectrum


def _within(frequency: float) -> float:
    if not LOWEST <= frequency <= HIGHEST:
        refuse('must be between 1 nHz and 1 THz; write for example "1 kHz"')
    return frequency


Tone = Annotated[Frequency, AfterValidator(_within)]


@dataclass(frozen=True, config=RECORD)
class FrequencyRange(Record):
    """Frequencies (Hz) at equal distances of their logarithm, both ends among them.

    In a file frequencies = { from = "1 mHz", to = "1 MHz", per_decade = 10 }.
    """

    from_: Annotated[Tone, Field(alias="from")]
    to: Tone
    per_decade: Annotated[int, Whole(1, "10", 1000)] = 10

    @field_validator("to")
    @classmethod
    def _runs_upwards(cls, to: float, info: ValidationInfo) -> float:
        begin = info.data.get("from_")
        if begin is not None and to <= begin:
            refuse(f"must be above from, which is {getattr(begin, 'text', begin)}; exchange the two")
        return to

    @property
    def values(self) -> tuple[float, ...]:
        """Return the frequencies, Hz; the last distance may be shorter."""
        decades = log10(self.to / self.from_)
        steps = floor(decades * self.per_decade + 1e-9)
        found = [float(self.from_) * 10.0 ** (k / self.per_decade) for k in range(steps + 1)]
        if found[-1] < self.to * (1.0 - 1e-9):
            found.append(float(self.to))
        return tuple(found)


def _few(tones: tuple[float, ...]) -> tuple[float, ...]:
    if len(tones) > MOST:
        refuse(f"are {len(tones)} frequencies; a spectrum has {MOST} at most")
    return tones


def _kind(value: Any) -> str:
    return "list" if isinstance(value, list | tuple) else "range"


Frequencies = Annotated[
    Annotated[FrequencyRange, Tag("range")] | Annotated[tuple[Tone, ...], NotEmpty, AfterValidator(_few), Tag("list")],
    Discriminator(_kind),
]


@dataclass(frozen=True, config=RECORD)
class Impedance(Record):
    """A spectrum where it stands in the protocol. It takes no time and leaves the state as it is.

    In a file { drive = "impedance", frequencies = { from = "1 mHz", to = "1 MHz", per_decade = 10 } }, or frequencies
    one by one: ["1 Hz", "1 kHz"].

    noise  also the spectral densities of thermal and reaction noise
    """

    drive: Literal["impedance"] = Field(default="impedance", kw_only=True)
    frequencies: Frequencies
    noise: YesNo = Field(default=False, kw_only=True)

    @property
    def tones(self) -> tuple[float, ...]:
        """Return the frequencies, Hz."""
        if isinstance(self.frequencies, FrequencyRange):
            return self.frequencies.values
        return tuple(map(float, self.frequencies))
