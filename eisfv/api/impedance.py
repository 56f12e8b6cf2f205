"""`eisfv.impedance`: what a small wave of the gate voltage does at a state that a run has reached."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from eisfv.analysis.double_layers import DoubleLayer, double_layers
from eisfv.analysis.small_signal import SmallSignal
from eisfv.api.given import GivenError, path_of
from eisfv.api.places import run_of
from eisfv.api.run import Run, open_run
from eisfv.case.problems import value_text
from eisfv.device.build import Built
from eisfv.model.impedance import Impedance
from eisfv.model.record import Reading
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.spectra import COLUMNS, NAMES, NOISE_COLUMNS, UNRESOLVED, spectrum_rows
from eisfv.postprocess.pictures.run_pictures import picture
from eisfv.postprocess.pictures.style import save
from eisfv.postprocess.quantities.spectra import spectra_of
from eisfv.postprocess.quantities.spectrum_files import write_spectra
from eisfv.remedies import way
from eisfv.result import Column, MemoryDirectory, ResultError
from eisfv.result.atomic import write_atomic
from eisfv.result.errors import clear_errors
from eisfv.result.file_names import IMPEDANCE, spectrum_files
from eisfv.result.in_memory import MemoryRun
from eisfv.result.streams import TableStream
from eisfv.running.reached import reached
from eisfv.stepping.state import State
from eisfv.units import UnitError, parse

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FOLDER = "impedance"
RESISTANCES, LAYERS = "resistances.csv", "double_layers.csv"
FREQUENCIES = "1 mHz:1 MHz:10"
PICTURES = ("nyquist", "bode", "noise")
WAVE_ERROR = NAMES.index("wave_error")
_RECORD: TypeAdapter[Impedance] = TypeAdapter(Impedance)


class Spectrum:
    """A spectrum. `notes` has what a user should know of it, a line each.

    >>> import eisfv
    >>> simulation = eisfv.Simulation("cases/mg_wo3_pulses")
    >>> spectrum = simulation.impedance("1 mHz:1 MHz:1")
    >>> spectrum.table["Z_real_ohm"].round(0).iloc[[0, -1]].tolist()
    [16063.0, 272.0]
    """

    def __init__(
        self,
        rows: Sequence[Sequence[Any]],
        columns: Sequence[Column],
        notes: Sequence[str],
        title: str,
        parts: Mapping[tuple[str, str], Sequence[float]],
        layers: Sequence[DoubleLayer],
    ) -> None:
        directory = MemoryDirectory()
        table = directory.table("impedance", columns)
        for row in rows:
            table.append(row)
        directory.kept.title = title
        self.results: MemoryRun = directory.results
        self.notes = tuple(notes)
        self._parts, self._layers = dict(parts), layers

    @property
    def table(self) -> "pd.DataFrame":
        """A row a frequency; columns with their units, as of impedance.csv."""
        import pandas as pd

        return pd.DataFrame(self.results.table("impedance"))

    @property
    def resistances(self) -> "pd.DataFrame":
        """Of a spectrum with noise, at every frequency what each process makes up of the real part of the device's Z,
        ohm: columns by region, interface or contact and the species. At rest they add up to it."""
        import pandas as pd

        frequencies = pd.Index(self.table["frequency_Hz"], name="frequency_Hz")
        found = {f"{where}: {what} (ohm)": values for (where, what), values in self._parts.items()}
        return pd.DataFrame(found, index=frequencies)

    @property
    def double_layers(self) -> "pd.DataFrame":
        """A row a double layer at the state: interface or contact, capacitance, the same over its area."""
        import pandas as pd

        return pd.DataFrame(
            {
                "where": [layer.where for layer in self._layers],
                "capacitance_F": [layer.capacitance for layer in self._layers],
                "capacitance_F_per_m2": [layer.capacitance / layer.area for layer in self._layers],
            }
        )

    def plot(self, what: str = "nyquist") -> "Figure":
        """Return a picture, "nyquist" or "bode"; "noise" where it was asked for."""
        return picture(self.results, what)

    def write(self, out: str | Path, *, force: bool = False) -> list[Path]:
        """Write impedance.csv, double_layers.csv, the files for programs that fit spectra and the pictures into a
        directory; with noise also resistances.csv.

        force  replace what an earlier spectrum has left there
        Raises ResultError.
        """
        folder = path_of(out)
        pictures = PICTURES if "S_V_V2_per_Hz" in self.table else PICTURES[:2]
        names: tuple[str, ...] = (IMPEDANCE, LAYERS, *spectrum_files(1), *(f"{name}.png" for name in pictures))
        if self._parts:
            names = (*names, RESISTANCES)
        for name in names:
            if (folder / name).exists() and not force:
                raise ResultError(
                    f"{folder / name}: is there already; replace it with {way('force')}, or choose another place with "
                    f"{way('out')}"
                )
        with clear_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        stream = TableStream(folder / IMPEDANCE, self.results.columns("impedance"))
        for row in self.results.kept.tables["impedance"].rows:
            stream.append(row)
        stream.close()
        if self._parts:
            write_atomic(folder / RESISTANCES, self.resistances.to_csv().encode())
        write_atomic(folder / LAYERS, self.double_layers.to_csv(index=False).encode())
        written = write_spectra(spectra_of(self.results.table("impedance")), folder, self.results.title)
        first = [folder / name for name in (IMPEDANCE, *([RESISTANCES] if self._parts else []), LAYERS)]
        return [*first, *written, *(save(self.plot(name), folder / f"{name}.png") for name in pictures)]


def impedance(
    run: Run | str | Path,
    frequencies: str | Sequence[Any] = FREQUENCIES,
    *,
    noise: bool = False,
    at: Any = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Spectrum:
    """Return the spectrum of the impedance and of dG/dV at a state of a run on disk.

    run          a run, or its directory; of a case directory its last run
    frequencies  "from:to:per decade", or a list of frequencies with their unit
    noise        also the spectral densities of thermal and reaction noise
    at           s, or a text with its unit: when; None: where the run stands. An earlier state than the last is reached
                 by driving the run again, as only the last one is kept
    tell         takes a line that says so
    Raises ResultError, CaseError, GivenError; what a run raises, where it is driven again.
    """
    wanted = wanted_of(frequencies, noise)
    found = run if isinstance(run, Run) else open_run(run_of(path_of(run)))
    if found.directory is None:
        raise ResultError(
            f"{found.title}: a run in memory keeps no state; run it with out = ..., or put a step with "
            'drive = "impedance" into its protocol'
        )
    time = at
    if at is not None and not (isinstance(at, float | int) and not isinstance(at, bool)):
        try:
            time = float(parse(str(at), "time"))
        except UnitError as error:
            raise GivenError(f'at: "{at}" {error.reason}') from None
    built, state = reached(found.directory, found.case.resolved, time, tell)
    return spectrum(built, state, wanted, found.title)


def spectrum(built: Built, state: State, wanted: Impedance, title: str) -> Spectrum:
    """Return the spectrum at a state. GivenError where the mesh resolves none of its frequencies."""
    notes: list[str] = []
    parts: dict[tuple[str, str], list[float]] = {}
    rows = list(spectrum_rows(built, ChannelReadout(built), state, wanted, 1, notes, parts))
    if all(float(row[WAVE_ERROR]) > UNRESOLVED for row in rows):
        raise GivenError(f"{title}: {notes[-1]}")
    columns = COLUMNS + NOISE_COLUMNS if wanted.noise else COLUMNS
    return Spectrum(rows, columns, notes, title, parts, double_layers(signal_at(built, state)))


def signal_at(built: Built, state: State) -> SmallSignal:
    """Return the device linearised at a state, of which no conductance is asked."""
    return SmallSignal(built, state.at, np.zeros((built.mesh.cells, len(built.species))))


def wanted_of(frequencies: str | Sequence[Any], noise: bool) -> Impedance:
    """Return what a spectrum is to be. Raises GivenError."""
    given: Any = list(frequencies) if not isinstance(frequencies, str) else frequencies
    if isinstance(frequencies, str):
        parts = [part.strip() for part in frequencies.split(":")]
        if len(parts) not in (2, 3) or not all(parts):
            raise GivenError(f'frequencies: "{frequencies}" is not of the form "{FREQUENCIES}"')
        given = {"from": parts[0], "to": parts[1]}
        if len(parts) == 3:
            given["per_decade"] = int(parts[2]) if parts[2].isdecimal() else parts[2]
    try:
        context = Reading() if isinstance(given, dict) else None
        entries = {"drive": "impedance", "frequencies": given, "noise": bool(noise)}
        return _RECORD.validate_python(entries, context=context)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise GivenError(f"frequencies: {value_text(fault['input'])} {fault['msg']}") from None
