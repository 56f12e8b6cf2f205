"""What the answers to a protocol file are held against: rate, height, width, number of pulses, interval of spikes.

Of each measure D where it ends: of SRDP, SVDP, SWDP and SNDP five gaps after the last pulse, of STDP 20 periods after
the pair. All directions of Baek 2024, Fig. 2, are directions of these series.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eisfv.postprocess.quantities.prefixes import duration_text, quantity

from .measured import Measured
from .over_rest import Answer
from .wording import counted

Value = Callable[[Answer], float]
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Series:
    """A series of measures.

    title  of its panel
    words  what the answers are held against, with its unit; "amplitude": that of the pulses, "": a number of pulses
    of     that of one measure
    log    whether it is drawn over a logarithmic axis
    """

    title: str
    words: str
    unit: str
    of: Value
    log: bool = False

    def unit_in(self, answers: Sequence[Answer]) -> str:
        """Return the unit of these answers."""
        return str(answers[0].pulses.unit[0]) if self.unit == "amplitude" else self.unit

    def text(self, one: Answer) -> str:
        """Return what one answer is held against, in words."""
        value, unit = self.of(one), self.unit_in([one])
        if not unit:
            return counted(int(value), "pulse")
        if unit != "s":
            return quantity(value, unit)
        return f"{MINUS if value < 0.0 else ''}{duration_text(abs(value))}"


def rate(one: Answer) -> float:
    """Return the rate of a train, 1/s."""
    return float(1.0 / (one.pulses.start[1] - one.pulses.start[0]))


SERIES: Mapping[str, Series] = {
    "srdp": Series("SRDP: ten pulses", "rate", "Hz", rate, log=True),
    "svdp": Series("SVDP: one pulse", "height", "amplitude", lambda one: float(one.pulses.amplitude[0])),
    "swdp": Series("SWDP: one pulse", "width", "s", lambda one: float(one.pulses.width[0]), log=True),
    "sndp": Series("SNDP", "number of pulses", "", lambda one: float(len(one.pulses))),
    "stdp": Series("STDP: one pair", f"t_post {MINUS} t_pre", "s", lambda one: float(one.pulses.pair[0])),
}


def series_figures(answers: Mapping[str, Sequence[Answer]]) -> dict[str, Measured]:
    """Return D at the end of every measure of every series, by names such as "SVDP, 2 V"."""
    return {
        f"{name.upper()}, {series.text(one)}": one.read(
            float(one.t[-1]), f"D {duration_text(float(one.t[-1] - one.ends[-1]))} after the last pulse"
        )
        for name, series in SERIES.items()
        for one in answers[name]
    }
