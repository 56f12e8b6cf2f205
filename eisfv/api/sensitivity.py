"""`eisfv.sensitivity`: what the numbers of a case do to a quantity of its run."""

from collections.abc import Callable, Sequence
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from eisfv.analysis.sensitivity import NoSensitivityError
from eisfv.api.case import Case, case_of
from eisfv.api.checking import WARNING, chosen_mesh
from eisfv.api.given import GivenError, path_of
from eisfv.api.linear_spread import Spread, linear_spread
from eisfv.api.places import free
from eisfv.case.case import Case as Resolved
from eisfv.device.tables import Floats
from eisfv.postprocess.pictures.sensitivity import draw_sensitivity
from eisfv.postprocess.pictures.style import save
from eisfv.postprocess.quantities.expected import hint
from eisfv.result.atomic import write_atomic
from eisfv.result.errors import clear_errors
from eisfv.running.sensitivity import UNITS, Found, found, refuse

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

T = TypeVar("T")
FOLDER = "sensitivity"
SHOWN = 12  # rows of the table in words
TABLE, PICTURE = "sensitivity.csv", "sensitivity.png"
WORDS = {"conductance": "conductance", "voltage": "gate voltage", "x_channel": "mean site fraction of the channel"}


class Sensitivity:
    """What a run has to do with its parameters; `notes` has what a user should know, a line each.

    title, value, unit  of the quantity; steps: accepted time steps of the run
    """

    def __init__(self, found: Found, case: Resolved, quantity: str, pulse: int | None, notes: tuple[str, ...]) -> None:
        where = "at the end" if pulse is None else f"change by pulse {pulse}"
        self.title, self.value, self.unit = f"{WORDS[quantity]}, {where}", found.value, UNITS[quantity]
        self.steps, self._found, self._case = found.steps, found, case
        self.notes = (*notes, *found.notes)

    def spread(self, file: str | Path) -> Spread:
        """Return how the quantity scatters to first order by the axes of a sweep file. Raises CaseError."""
        return linear_spread(self._found, self._case, path_of(file))

    def spread_lines(self, file: Path) -> list[str]:
        """Return what `spread` finds, in words."""
        from eisfv.postprocess.quantities.prefixes import quantity

        found = self.spread(file)
        share = f", {found.sd / abs(self.value):.3g} of it" if self.value else ""
        lines = [f"scatter to first order: sd {quantity(found.sd, self.unit)}{share}; by one sd of each axis:"]
        return [*lines, *(f"{quantity(part, self.unit):>12}  {name}" for name, part in found.parts.items())]

    @property
    def table(self) -> "pd.DataFrame":
        """A row a parameter, the largest first: its key, value and unit; slope d O/d ln p in the unit of the quantity;
        relative, d ln |O|/d ln p, NaN where the quantity is 0."""
        import numpy as np
        import pandas as pd

        order = np.argsort(-np.abs(self._found.slopes), kind="stable")
        rows = [(self._found.parameters[k], float(self._found.slopes[k])) for k in order]
        return pd.DataFrame(
            {
                "parameter": [p.name for p, _ in rows],
                "value": [p.value for p, _ in rows],
                "unit": [p.unit for p, _ in rows],
                f"slope_{self.unit or '1'}": [slope for _, slope in rows],
                "relative": [slope / self.value if self.value else np.nan for _, slope in rows],
            }
        )

    def __str__(self) -> str:
        from eisfv.postprocess.quantities.prefixes import quantity

        words = "d ln |O|/d ln p" if self.value else f"d O/d ln p ({self.unit or '1'})"
        lines = [f"{self.title}: {quantity(self.value, self.unit)}, {self.steps} time steps; {words}:"]
        table = self.table
        values = table["relative"] if self.value else table[table.columns[3]]
        shown = zip(values.head(SHOWN), table["parameter"].head(SHOWN), strict=True)
        return "\n".join([*lines, *(f"{value:+12.4g}  {name}" for value, name in shown)])

    def plot(self) -> "Figure":
        """Return bars with their sign, the largest on top."""
        table = self.table
        column, label = "relative", "d ln |O| / d ln p: relative change by that of a parameter"
        if not self.value:  # of nothing there is no relative change
            column, label = table.columns[3], f"d O / d ln p ({self.unit or '1'})"
        return draw_sensitivity(list(table["parameter"]), table[column].to_numpy(), f"O: {self.title}", label)

    def write(self, out: str | Path, *, force: bool = False) -> list[Path]:
        """Write sensitivity.csv and .png into a directory and return where; `force` replaces. Raises ResultError."""
        folder = path_of(out)
        files = free(folder, (TABLE, PICTURE), force)
        with clear_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        write_atomic(files[0], self.table.to_csv(index=False).encode())
        return [files[0], save(self.plot(), files[1])]


def sensitivity(case: Case | str | Path, quantity: str = "conductance", *, pulse: Any = None) -> Sensitivity:
    """Return the derivative of a quantity of a whole run against every number of the device, its read-out and its
    materials: those of the run's own time steps (TR-BDF2), in one sweep backward through them.

    quantity  "conductance", "voltage" of the gate, or "x_channel", mean site fraction of the channel
    pulse     by its number: what it changes, from its start to the start of the next one; None: where the protocol ends
    Raises CaseError, GivenError, NoSensitivityError, EquilibriumError, SolverError.

    >>> import eisfv
    >>> found = eisfv.sensitivity("cases/mg_wo3_pulses", pulse=1)
    >>> found.table.parameter.iloc[0]
    'device.temperature'
    """
    given = case_of(case)
    return found_in(given.resolved, given.origin, quantity, pulse)


def found_in(case: Resolved, origin: str, quantity: str, pulse: Any) -> Sensitivity:
    """Return what `sensitivity` does; origin: what a fault is told of."""
    result, number, notes = on_its_mesh(found, case, origin, quantity, pulse)
    return Sensitivity(result, case, quantity, number, notes)


def on_its_mesh(
    find: Callable[[Resolved, Sequence[Floats] | None, str, int | None], T],
    case: Resolved,
    origin: str,
    quantity: str,
    pulse: Any,
) -> tuple[T, int | None, tuple[str, ...]]:
    """Return what is found for a quantity on the mesh of the case, the number of the pulse, and what a user should know
    of the mesh; origin: what a fault is told of."""
    number = asked(case, origin, quantity, pulse)
    try:
        refuse(case, number)
        choice, words = chosen_mesh(case)
        sizes = choice.sizes if choice is not None else None
        notes = tuple(line.removeprefix(WARNING) for line in words if line.startswith(WARNING))
        return find(case, sizes, quantity, number), number, notes
    except NoSensitivityError as error:
        raise NoSensitivityError(f"{origin}: {error}") from None


def asked(case: Resolved, origin: str, quantity: str, pulse: Any) -> int | None:
    """Return the number of a pulse, after a look at what is asked for. Raises GivenError."""
    if quantity not in UNITS:
        raise GivenError(f'quantity "{quantity}" is not one of {", ".join(UNITS)}{hint(str(quantity), tuple(UNITS))}')
    if pulse is not None and (isinstance(pulse, bool) or not isinstance(pulse, Integral)):
        raise GivenError(f"pulse = {pulse!r} is no number of a pulse; write for example pulse = 1")
    if quantity == "conductance" and case.device.readout is None:
        raise GivenError(f'{origin}: has no readout; take quantity "voltage" or "x_channel", or add one')
    return None if pulse is None else int(pulse)
