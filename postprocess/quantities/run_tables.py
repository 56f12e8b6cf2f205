"""The tables of a run by the names that `from` of expected.toml has for them."""

from collections.abc import Callable, Mapping

from eisfv.result import Run
from eisfv.result.table_reading import Table

TABLES: Mapping[str, Callable[[Run], Table]] = {
    "pulses": lambda run: run.pulses,
    "terminals": lambda run: run.terminals,
    "measures": lambda run: run.measures,
    "impedance": lambda run: run.table("impedance"),
}


def table_named(run: Run, name: str) -> Table:
    """Return the columns of a table of a run; no others are read."""
    return TABLES[name](run)
