"""Impedance spectra where the protocol asks for them: one row a frequency.

    Z = R + 1/Y,    dG/dV = H/(1 + R Y),    dG/dI = H/Y

    Y, H  of the device behind the series resistance R, see `eisfv.analysis.small_signal`

A part of Z or Y of which the rounding leaves less than two digits is no number (nan), and neither is a frequency whose
waves the mesh does not resolve (`eisfv.analysis.resolved_waves`), with a line that names them. A device that drifts is
taken as it stands; the drift is written beside, and said where the lowest frequencies are slower.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import nan, pi

from eisfv.analysis.noise import Noise
from eisfv.analysis.resolved_waves import Waves
from eisfv.analysis.small_signal import NoResponseError, Response, SmallSignal
from eisfv.constants import FARADAY
from eisfv.device.build import Built
from eisfv.model.impedance import Impedance
from eisfv.model.steps import Step
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
    Column(
        "wave_error", "", "change of Z where waves of ions met no resistance beyond their depth; above 0.1 no number"
    ),
)
NOISE_COLUMNS = (
    Column("S_I", "A^2/Hz", "noise of the gate's current where its voltage is given, one-sided"),
    Column("S_V", "V^2/Hz", "noise of the gate's voltage at open circuit, one-sided"),
    Column("S_V_equilibrium", "V^2/Hz", "4 k T times the real part of 1/Y: at equilibrium it is S_V"),
    Column("S_G_closed", "S^2/Hz", "noise of the conductance where the source's voltage is given, one-sided"),
    Column("S_G_open", "S^2/Hz", "noise of the conductance at open circuit, one-sided"),
)
NAMES = tuple(column.name for column in (*COLUMNS, *NOISE_COLUMNS))
KEPT = {"spectrum", "time", "bias", "conductance", "frequency", "rounding", "drift"}  # of a refused one
DIGITS = 100.0  # a number is known where it is larger than its rounding by this
UNRESOLVED = 0.1  # wave_error of a frequency that is refused
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
    resistance, waves = built.device.series_resistance, Waves(signal)
    noise = Noise(signal) if spectrum.noise else None
    refused: dict[float, float] = {}
    for tone in spectrum.tones:
        response = signal.at(tone)
        row: Sequence[Value] = (*head, *row_of(response, resistance), drift, nan)
        shares: Sequence[float] = ()
        if noise is not None:
            *densities, resistances = noise.at(response, resistance)
            row, shares = (*row, *densities), resistances.tolist()
        error = waves.change(tone, response.admittance * built.thermal_voltage / FARADAY)
        if error > UNRESOLVED:
            refused[tone] = error
            row = [value if name in KEPT else nan for name, value in zip(NAMES, row, strict=False)]
            shares = [nan] * len(shares)
        if noise is not None and parts is not None:
            for process, value in zip(noise.processes, shares, strict=True):
                parts.setdefault(process, []).append(value)
        yield [error if name == "wave_error" else value for name, value in zip(NAMES, row, strict=False)]
    if refused:
        said.append(f"impedance at t = {state.time:.6g} s: {words_of(refused, len(spectrum.tones))}")


def words_of(refused: Mapping[float, float], count: int) -> str:
    """Return a line on the frequencies (Hz) of `count` that are refused, with the change of Z of each."""
    shares = sorted(refused.values())
    where = " to ".join(dict.fromkeys(quantity(tone, "Hz", 3) for tone in (min(refused), max(refused))))
    by = " to ".join(dict.fromkeys(f"{100.0 * share:.2g} %" for share in (shares[0], shares[-1])))
    return (
        f"{len(refused)} of {count} frequencies have no number, {where}: waves of ions end within the cells of the "
        f"mesh, which changes Z by {by}; make the cells finer (mesh.first or mesh.cells), or ask for lower frequencies"
    )


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
    real, imaginary = (part if abs(part) > least else nan for part in (number.real, number.imag))
    return real, imaginary
