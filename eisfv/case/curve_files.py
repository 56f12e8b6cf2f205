"""Measured curves of a material from csv files, U(x), sigma(gamma) and D(x): `table = "ocv.csv"` in the place of lists.

The points of the file take the place of the reference, so that what follows, and the resolved case, know lists alone.
Nothing is smoothed unless `smooth` says by how much: then a cubic smoothing spline (FITPACK) passes the points at that
root mean square distance, of U against ln(x/(1-x)), of ln(sigma) against gamma or of ln(D) against x. A smoothed U(x)
is then made to fall everywhere (the nearest falling values in least squares), and the curve of the model is monotone
between its points.

Source: P. Dierckx, Curve and Surface Fitting with Splines (1993), Ch. 5.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass as plain_dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.case.file_tree import read_csv
from eisfv.case.messages import validated
from eisfv.case.problems import Problem, display
from eisfv.csv_columns import ColumnsError
from eisfv.errors import EisfvError
from eisfv.model.diffusion import Kind
from eisfv.model.fields import Positive, TemperatureCoefficient, Text, Two, Unit
from eisfv.model.record import RECORD, Record
from eisfv.model.species import Energy

Floats = NDArray[np.float64]
INSIDE = "between 0 and 1, both excluded"
FEWEST = 5  # points of a smoothed curve: a cubic spline through four leaves nothing


@dataclass(frozen=True, config=RECORD)
class CurveFile(Record):
    """A curve in a file beside the material. columns: those of the file, where their names are not the usual ones."""

    form: Literal["table"]
    table: Text
    source: Text
    columns: Annotated[tuple[Text, ...], Two] | None = None


@dataclass(frozen=True, config=RECORD)
class OpenCircuitFile(CurveFile):
    """U(x). smooth: root mean square distance of curve and points."""

    smooth: Annotated[float, Unit("voltage")] | None = None
    temperature_coefficient: TemperatureCoefficient | None = None


@dataclass(frozen=True, config=RECORD)
class ConductivityFile(CurveFile):
    """sigma(gamma). smooth: relative root mean square distance of curve and points."""

    smooth: Positive | None = None
    activation_energy: Energy | None = None


@dataclass(frozen=True, config=RECORD)
class DiffusionFile(CurveFile):
    """D(x). of: as in `eisfv.model.diffusion`; smooth: relative root mean square distance of curve and points."""

    of: Kind = Field(kw_only=True)
    smooth: Positive | None = None
    activation_energy: Energy | None = None


AnyFile = OpenCircuitFile | ConductivityFile | DiffusionFile


@plain_dataclass(frozen=True)
class _Kind:
    """record; names of the columns; the lists of the material; dimension and SI unit of the values."""

    record: type[AnyFile]
    names: tuple[str, str]
    lists: tuple[str, str]
    dimension: str
    unit: str


KINDS = {
    "open_circuit": _Kind(OpenCircuitFile, ("x", "U"), ("x", "potential"), "voltage", "V"),
    "conductivity": _Kind(ConductivityFile, ("gamma", "sigma"), ("gamma", "conductivity"), "conductivity", "S/m"),
    "diffusion": _Kind(DiffusionFile, ("x", "D"), ("x", "diffusivity"), "diffusivity", "m^2/s"),
}


@plain_dataclass(frozen=True)
class ReadCurve:
    """What was read for a curve of a material. points, values of the file in SI; used: the values of the model."""

    material: str
    kind: str
    file: Path
    points: Floats
    values: Floats
    used: Floats
    found: str
    smooth: str

    @property
    def line(self) -> str:
        """Return the line that `eisfv check` says of it."""
        first, last = self.points[0], self.points[-1]
        words = f"{len(self.points)} points of {display(self.file)}, {KINDS[self.kind].names[0]} {first:g} to {last:g}"
        words += f", written with {self.found}" if self.found else ""
        if not self.smooth:
            return f"{self.kind} of {self.material}: {words}, not smoothed"
        away = self.used / self.values - 1.0 if self.kind != "open_circuit" else 1e3 * (self.used - self.values)
        unit = "" if self.kind != "open_circuit" else " mV"
        moved = f"{np.sqrt(np.mean(away**2)):.2g}{unit} rms, {np.abs(away).max():.2g}{unit} at most"
        return f"{self.kind} of {self.material}: {words}, smoothed by {self.smooth}: moved by {moved}"


def bring_in(material: str, tree: dict[str, Any], directory: Path) -> Iterator[ReadCurve | Problem]:
    """Put the points of every file of a material's tree in its place; yield what was read, and what is wrong."""
    for kind in KINDS:
        holder = tree.get(kind)
        if not isinstance(holder, dict) or not holder.keys() & {"table", "columns", "smooth"}:
            continue
        beside = [name for name in KINDS[kind].lists if name in holder]
        if beside:
            yield Problem((kind, beside[0]), "stands beside a table that has it; leave one of them out")
            continue
        asked, wrong = validated(KINDS[kind].record, holder, (kind,))
        if wrong:
            yield from wrong
            continue
        try:
            read = _read(material, kind, asked, directory / asked.table)
        except ColumnsError as error:
            yield Problem((kind, "table"), str(error), asked.table)
            continue
        except SmoothError as error:
            yield Problem((kind, "smooth"), str(error), holder["smooth"])
            continue
        points, values = KINDS[kind].lists
        unit = KINDS[kind].unit
        rest = {key: item for key, item in holder.items() if key not in ("table", "columns", "smooth")}
        tree[kind] = {
            **rest,
            points: [float(x) for x in read.points],
            values: [f"{float(value)!r} {unit}" for value in read.used],
        }
        yield read


class SmoothError(EisfvError):
    """A curve that cannot be smoothed as asked."""


def _read(material: str, kind: str, asked: AnyFile, file: Path) -> ReadCurve:
    names = asked.columns or KINDS[kind].names
    if len(set(names)) < 2:
        raise ColumnsError(f'needs two different columns, and columns names "{names[0]}" twice')
    wanted = {names[0]: "", names[1]: KINDS[kind].dimension}
    read = read_csv(file, wanted).curve(wanted)
    points, values = (np.array(column.values) for column in read.columns)
    outside = points < 0.0 if kind == "conductivity" else (points <= 0.0) | (points >= 1.0)
    wrong = outside if kind == "open_circuit" else outside | (values <= 0.0)
    if wrong.any():
        at = int(np.argmax(wrong))
        column = read.columns[0 if outside[at] else 1]
        bounds = "above 0" if not outside[at] else "at least 0" if kind == "conductivity" else INSIDE
        raise ColumnsError(f'has "{column.texts[at]}" in line {read.lines[at]}; {column.name} must be {bounds}')
    if len(points) < 3:
        raise ColumnsError("has fewer than 3 points; a curve has three at least")
    used = values if asked.smooth is None else smoothed(kind, points, values, float(asked.smooth))
    text = getattr(asked.smooth, "text", "") or f"{asked.smooth:g}" if asked.smooth is not None else ""
    return ReadCurve(material, kind, file, points, values, used, read.found, text)


def smoothed(kind: str, points: Floats, values: Floats, distance: float) -> Floats:
    """Return the values (points) of the smoothing spline at this root mean square distance. Raises SmoothError."""
    from scipy.interpolate import UnivariateSpline  # here: not every case smoothes
    from scipy.optimize import isotonic_regression

    is_voltage = kind == "open_circuit"
    if len(points) < FEWEST:
        raise SmoothError(f"needs {FEWEST} points, and the table has {len(points)}; leave smooth out")
    x = np.log(points / (1.0 - points)) if is_voltage else points
    f = values if is_voltage else np.log(values)
    if distance >= f.std():
        example = '"3 mV"' if is_voltage else "0.03"
        raise SmoothError(f"is as much as the whole curve scatters about its mean; write for example {example}")
    curve = UnivariateSpline(x, f, k=3, s=len(f) * distance**2)(x)
    return np.asarray(isotonic_regression(curve, increasing=False).x if is_voltage else np.exp(curve))


def directory_of(reference: str, files: Mapping[str, Path], directory: Path) -> Path:
    """Return where the files of a material lie: beside its own file, or beside the case that holds it."""
    return files[reference].parent if reference in files else directory
