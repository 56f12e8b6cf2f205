"""Impedance spectra where the protocol asks for them: one row a frequency.

    Z = R + 1/Y,    dG/dV = H/(1 + R Y),    dG/dI = H/Y

    Y, H  of the device behind the series resistance R, see `eisfv.analysis.small_signal`

A part of Z or Y of which the rounding leaves less than two digits is no number (nan). A device that drifts is taken as
it stands; the drift is written beside, and said where the lowest frequencies are slower.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import nan, pi

from eisfv.analysis.noise import Noise
from eisfv.analysis.small_signal import NoResponseError, Response, SmallSignal
from eisfv.device.build import Built
from eisfv.model.impedance import Impedance
from eisfv.model.protocol import Step
from eisfv.observers.observer import Entry, Onlooker, Value, Watched
from eisfv.observers.readout import ChannelReadout
from eisfv.postprocess.quantities.prefixes import quantity
from eisfv.result import Column
from eisfv.stepping.state import State

COLUMNS = (
    Column("spectrum", "", "spectrum, counted from 1", "count"),
    Column("time", "s", "simulated time"),
    Column("bias", "V", "gate minus channel, at the device"),
    Column("conductance", "S", "in-plane conductance of the channel"),
    Column("frequency", "Hz", "frequency of the small wave"),
    Column("Z_real", "ohm", "impedance at the source, real part"),
    Column("Z_imag", "ohm", "impedance at the source, imaginary part: negative of a capacitor"),
    Column("Y_real", "S", "admittance of the device behind the series resistance, real part"),
    Column("Y_imag", "S", "admittance of the device behind the series resistance, imaginary part"),
    Column("capacitance", "F", "imaginary part of that admittance over the angular frequency"),
    Column("dG_dV_real", "S/V", "change of the conductance by the voltage of the source, real part"),
    Column("dG_dV_imag", "S/V", "change of the conductance by the voltage of the source, imaginary part"),
    Column("dG_dI_real", "S/A", "change of the conductance by the current, real part"),
    Column("dG_dI_imag", "S/A", "change of the conductance by the current, imaginary part"),
    Column("rounding", "1", "of the admittance, relative to its magnitude"),
    Column("drift", "1/s", "fastest change of what a region holds of an ion, over what it holds"),
)
NOISE_COLUMNS = (
    Column("S_I", "A^2/Hz", "noise of the gate's current where its voltage is given, one-sided"),
    Column("S_V", "V^2/Hz", "noise of the gate's voltage at open circuit, one-sided"),
    Column("S_V_equilibrium", "V^2/Hz", "4 k T times the real part of 1/Y: at equilibrium it is S_V"),
    Column("S_G_closed", "S^2/Hz", "noise of the conductance where the source's voltage is given, one-sided"),
    Column("S_G_open", "S^2/Hz", "noise of the conductance at open circuit, one-sided"),
)
DIGITS = 100.0  # a number is known where it is larger than its rounding by this
SLOW = 10.0  # a wave is as slow as a drift where its angular frequency is below this many times the drift's rate


class Spectra(Onlooker):
    """Rows of impedance.csv; no file where the protocol has no spectrum. `done` counts the spectra taken."""

    def __init__(self, watched: Watched) -> None:
        self.built, self.channel, self.protocol = watched.built, watched.channel, watched.protocol
        self.coming = watched.protocol.placed
        self.next = next(self.coming, None)
        self.noise = any(spectrum.noise for spectrum in watched.protocol.spectra)
        columns = COLUMNS + NOISE_COLUMNS if self.noise else COLUMNS
        self.row = watched.table("impedance", columns) if self.next is not None else None
        self.steps, self.done = 0, 0
        self.said: list[str] = []

    def begin(self, step: Step, state: State) -> None:
        self.take(state)

    def end(self, step: Step, state: State) -> None:
        self.steps += 1
        self.take(state)

    def close(self, state: State) -> None:
        self.take(state)

    def take(self, state: State) -> None:
        """Write every spectrum that is due."""
        while self.next is not None and self.row is not None and self.next[0] <= self.steps:
            self.done += 1
            try:
                spectrum = self.next[1]
                for row in spectrum_rows(self.built, self.channel, state, spectrum, self.done, self.said):
                    self.row((*row, *(nan for _ in NOISE_COLUMNS)) if self.noise and not spectrum.noise else row)
            except NoResponseError as failure:
                self.said.append(f"impedance at t = {state.time:.6g} s: {failure}")
            self.next = next(self.coming, None)

    def save(self) -> Mapping[str, Entry]:
        return {"spectra steps": self.steps, "spectra done": self.done}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.steps, self.done = int(saved["spectra steps"]), int(saved["spectra done"])
        self.coming = self.protocol.placed
        for _ in range(self.done + 1):
            self.next = next(self.coming, None)

    def warnings(self) -> Iterable[str]:
        return self.said


def spectrum_rows(
    built: Built,
    channel: ChannelReadout,
    state: State,
    spectrum: Impedance,
    number: int,
    said: list[str],
    parts: dict[tuple[str, str], list[float]] | None = None,
) -> Iterator[Sequence[Value]]:
    """Give the rows of a spectrum at a state, in the order of `COLUMNS` and, where it has noise, `NOISE_COLUMNS`; lines
    on a drift are added to `said`, to `parts` what of Re Z each process makes up (ohm), by layer and species.

    NoResponseError where the device has no response.
    """
    signal = SmallSignal(built, state.at, channel.slope_by_amounts(state))
    drift = signal.drift()
    slow = SLOW * drift / (2.0 * pi)
    if min(spectrum.tones) < slow:
        said.append(
            f"impedance at t = {state.time:.6g} s: the device drifts by {drift:.2g} of an ion's amount a second; below "
            f"{quantity(slow, 'Hz', 3)} the spectrum is that of a state that does not last"
        )
    head = (number, state.time, state.at.voltage * built.thermal_voltage, channel.conductance(state))
    resistance = built.device.series_resistance
    noise = Noise(signal) if spectrum.noise else None
    for tone in spectrum.tones:
        response = signal.at(tone)
        row = (*head, *row_of(response, resistance), drift)
        if noise is None:
            yield row
            continue
        d = noise.at(response, resistance)
        for process, value in zip(noise.processes, d.resistances.tolist(), strict=True):
            if parts is not None:
                parts.setdefault(process, []).append(value)
        yield (*row, d.current, d.voltage, d.nyquist, d.conductance_closed, d.conductance_open)


def row_of(response: Response, resistance: float) -> tuple[float, ...]:
    """Return what a row holds of a response, frequency to rounding; resistance of the source, ohm."""
    y, h, rounding = response.admittance, response.transfer, response.rounding
    z = resistance + 1.0 / y
    device = known(y, DIGITS * rounding * abs(y))
    by_voltage, by_current = h / (1.0 + resistance * y), h / y
    return (
        response.frequency,
        *known(z, DIGITS * rounding / abs(y)),
        *device,
        device[1] / (2.0 * pi * response.frequency),
        *(by_voltage.real, by_voltage.imag),
        *(by_current.real, by_current.imag),
        rounding,
    )


def known(number: complex, least: float) -> tuple[float, float]:
    """Return the real and the imaginary part, nan where one is not above `least`."""
    return tuple(part if abs(part) > least else nan for part in (number.real, number.imag))  # type: ignore[return-value]
