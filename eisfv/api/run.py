"""`eisfv.Run`, `eisfv.open`: a run as its user reads it, in memory or on disk."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from eisfv.api import datasets
from eisfv.api.given import path_of
from eisfv.api.places import run_of
from eisfv.remedies import way
from eisfv.result import ResultError, read
from eisfv.result import Run as Results
from eisfv.result.file_names import CASE
from eisfv.result.in_memory import MemoryRun

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from eisfv.api.case import Case
    from eisfv.api.fipy_fields import FipyFields

T = TypeVar("T")


class Run:
    """What a run has computed. A run on disk that has not finished is read again whenever it is asked.

    >>> import eisfv
    >>> eisfv.open("cases")
    Traceback (most recent call last):
    eisfv.result.errors.ResultError: cases: is not a run directory (it has no status.json)
    """

    def __init__(self, results: Results, case: "Case | None" = None) -> None:
        self._read, self._case = results, case
        self._known: dict[Any, Any] = {}

    @property
    def results(self) -> Results:
        """The tables and profiles as arrays, for `eisfv.postprocess`."""
        if self.directory is not None and self._read.status.state != "finished":
            self._read = read(self.directory)
        return self._read

    @property
    def directory(self) -> Path | None:
        """Where the run is; None of one in memory."""
        return None if isinstance(self._read, MemoryRun) else self._read.path

    @property
    def state(self) -> str:
        """ "running", "finished", "failed" or "interrupted"."""
        return self.results.status.state

    @property
    def title(self) -> str:
        """The case's title."""
        return self.results.title

    @property
    def log(self) -> str:
        """What happened when: the text of run.log."""
        return self.results.log

    @property
    def case(self) -> "Case":
        """The case that was run. Raises CaseError, ResultError."""
        if self._case is None:
            from eisfv.api.case import load

            self._case = load(self.results.checked(CASE))
        return self._case.copy()

    @property
    def terminals(self) -> "xr.Dataset":
        """Dimension time (s): voltage V, current A, conductance S, x_channel, leak_current A; units as attributes."""
        return self._kept(datasets.terminals_of)

    @property
    def pulses(self) -> "pd.DataFrame":
        """A row a pulse, under its number from 1; columns as in pulses.csv: "dG_S", "charge_C", "energy_J"."""
        return self._kept(datasets.pulses_of)

    @property
    def measures(self) -> "pd.DataFrame":
        """A row a pulse of the [[measure]] of the case, in order: variant, name, what varies, state, the columns of
        `pulses`; empty where it has none."""
        return self._kept(datasets.measures_of)

    @property
    def spectra(self) -> "pd.DataFrame":
        """A row a frequency of every spectrum that the protocol has; columns as in impedance.csv: "Z_real_ohm"; empty
        where it has none."""
        return self._kept(datasets.spectra_of)

    @property
    def profiles(self) -> "xr.Dataset":
        """Dimensions profile_time (s) and cell, with region, y (m), in a section x (m) of every cell; NaN where a
        quantity means nothing."""
        return self._kept(datasets.profiles_of)

    @property
    def numerical_error(self) -> "pd.DataFrame":
        """Relative errors of the reported quantities, by the mesh and by the time steps; none of a run that has no
        estimate, `attrs` then has the reason."""
        return self._kept(datasets.numerical_error_of)

    def plot(self, what: str = "terminals") -> "Figure":
        """Return a picture, which a notebook shows and `savefig` writes.

        what  "terminals", "profiles", "pulses", "nyquist", "bode"; of a section also a quantity, as "potential"
        Raises ResultError where the run has no such picture.
        """
        from eisfv.postprocess.pictures.run_pictures import picture

        return picture(self.results, str(what))

    def write_pictures(
        self, *, animate: bool = False, quantity: str | None = None, pyvista: bool = False
    ) -> list[Path]:
        """Draw all pictures of a run on disk into its plots/ and return their files: `eisfv plot`.

        animate   of a section also an animation of a quantity over its field times; None: the hosts' site fraction
        pyvista   of a section also views and current arrows
        Raises ResultError, ViewError.
        """
        if self.directory is None:
            raise ResultError(f"{self.title}: a run in memory has no plots/; take plot(...).savefig(FILE)")
        if quantity is not None and not animate:
            raise ResultError("quantity: is for the animation; add animate = True")
        from eisfv.postprocess.pictures.pyvista_views import draw_views
        from eisfv.postprocess.pictures.run_pictures import animate_run, plot_run

        files = plot_run(self.results)
        if animate:
            files.append(animate_run(self.results, quantity))
        return files + draw_views(self.results) if pyvista else files

    def fipy(self, time: float | str | None = None) -> "FipyFields":
        """Return the FiPy mesh with a `CellVariable` for every profile.

        time  s, or a text with its unit: one of `profiles.profile_time`; None: the last
        Raises ResultError where there is no profile, UnitError.

        How warm do the electrons make a device that is held at a voltage, by div(lambda grad T) - j grad(eta) = 0?

        >>> import eisfv
        >>> case = eisfv.load("cases/mg_wo3_pulses")
        >>> hold = {"drive": "voltage", "value": "0.3 V", "duration": "1e7 s"}
        >>> case.set({"protocol": [hold], "output.profiles": "with fields", "mesh.companion": "none"})
        >>> run = eisfv.run(case, quiet=True)
        >>> fields = run.fipy()
        >>> from fipy import CellVariable, DiffusionTerm
        >>> heat = -fields["current_density_electron"] * fields["electrochemical_potential_electron"].grad[0]  # W/m3
        >>> rise = CellVariable(mesh=fields.mesh, name="rise of the temperature", value=0.0)  # K
        >>> rise.constrain(0.0, fields.mesh.exteriorFaces)
        >>> (DiffusionTerm(coeff=1.0) + heat == 0.0).solve(var=rise)  # lambda = 1 W/(m K)
        >>> last, area = run.terminals.isel(time=-1), 0.6e-4  # m2
        >>> power = area * float((heat * fields.mesh.cellVolumes).value.sum())  # W
        >>> bool(rise.value.max() > 0.0), bool(abs(power / (last.voltage * last.current) - 1.0) < 1e-3)
        (True, True)
        """
        from eisfv.api.fipy_fields import fipy_fields

        return fipy_fields(self.results, time)

    def __repr__(self) -> str:
        where = "in memory" if self.directory is None else str(self.directory)
        return f"<eisfv.Run {self.title!r}, {self.state}, {where}>"

    def _repr_html_(self) -> str:
        from eisfv.api.html import of_run

        return of_run(self)

    def _kept(self, make: Callable[[Results], T]) -> T:
        """Return what is made of the results, once of a run that has finished."""
        results = self.results
        if make not in self._known or results.status.state != "finished":
            self._known[make] = make(results)
        found: T = self._known[make]
        return found


def open_run(place: str | Path) -> Run:
    """Return the run in a directory, finished or not; of a case directory its last run. Raises ResultError."""
    directory = run_of(path_of(place))
    if directory != Path(place) and not directory.is_dir():
        raise ResultError(f"{place}: has not been run; run it first: {way('run', place)}")
    return Run(read(directory))
