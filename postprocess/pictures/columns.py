"""Columns of a run's tables, or arithmetic over them, by name: where they are found, and what an axis is called.

Columns of terminals beside one that pulses alone has are taken at the ends of the pulses.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from eisfv.postprocess.quantities.expressions import Expression, ExpressionError, parse_expression
from eisfv.postprocess.quantities.prefixes import header_unit
from eisfv.postprocess.quantities.quantity import hint_or_list
from eisfv.postprocess.quantities.run_tables import table_named
from eisfv.postprocess.step_rows import ends
from eisfv.result import ResultError, Run

from .what_was_driven import steps_of

TIME, PULSE = "time_s", "index"
LABELS: Mapping[str, str] = {
    "time_s": "time",
    "step_time_s": "time since the step began",
    "voltage_V": "gate voltage",
    "current_A": "current",
    "conductance_S": "channel conductance",
    "leak_current_A": "electrons through the electrolyte",
    "x_channel": "site fraction in the channel",
    "index": "pulse",
    "frequency_Hz": "frequency",
    "Z_real_ohm": "Re Z",
    "Z_imag_ohm": "Im Z",
    "t_start_s": "start of the pulse",
    "t_end_s": "end of the pulse",
    "G_before_S": "conductance before the pulse",
    "G_after_S": "conductance after the pulse",
    "dG_S": "change of conductance by a pulse, ΔG",
    "charge_C": "charge of a pulse",
    "energy_J": "energy of a pulse",
    "width_s": "length of a pulse",
    "resistors_J": "heat of a pulse in the resistors",
}


def expression_of(text: str) -> Expression:
    """Return the expression of a text. Raises ResultError."""
    try:
        return parse_expression(text)
    except ExpressionError as error:
        raise ResultError(f'"{text}" {error}') from None


def table_of(
    run: Run, expressions: Sequence[Expression], origin: str | None = None
) -> tuple[str, Mapping[str, np.ndarray]]:
    """Return the name and the columns of the table that has all that some expressions take; origin: of this table.

    Raises ResultError.
    """
    names = [name for expression in expressions for name in expression.names]
    if origin == "impedance" and not run.table("impedance"):
        raise ResultError(f'{run.path}: has no spectra; put a step with drive = "impedance" into its protocol')
    if origin == "measures" and not run.measures:
        raise ResultError(f"{run.path}: has no measures; give the case [[measure]] tables and run it")
    tables = {name: table_named(run, name) for name in ([origin] if origin is not None else ["terminals", "pulses"])}
    for table, columns in tables.items():
        if all(name in columns for name in names):
            return table, columns
    if origin is not None:
        lacking = next(name for name in names if name not in tables[origin])
        raise ResultError(
            f'{run.path}: {origin} has no column "{lacking}"{hint_or_list(lacking, list(tables[origin]))}'
        )
    known = [*run.terminals, *(name for name in run.pulses if name not in run.terminals)]
    for name in names:
        if name not in known:
            raise ResultError(f'{run.path}: has no column "{name}"{hint_or_list(name, known)}')
    return "pulses", {**at_pulse_ends(run), **run.pulses}


def at_pulse_ends(run: Run) -> Mapping[str, np.ndarray]:
    """Return the columns of terminals at the end of each pulse, NaN where there is no row. Raises ResultError."""
    steps = steps_of(run)
    if steps is None:
        raise ResultError(f"{run.path}: does not tell where its pulses end; take columns of one table alone")
    rows = ends(run.terminals, steps.duration)[steps.pulse][: run.pulses["index"].size]
    return {name: np.where(rows >= 0, values[rows], np.nan) for name, values in run.terminals.items()}


def values_of(run: Run, expression: Expression, columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the values of an expression in the rows of a table. Raises ResultError."""
    try:
        return expression.values(columns)
    except ExpressionError as error:
        raise ResultError(f'{run.path}: "{expression.text}" {error}') from None


def named(expression: Expression) -> tuple[str, str]:
    """Return what an axis is called, and the unit of its values in SI, "" of arithmetic."""
    if not expression.is_column:
        return expression.text, ""
    unit = header_unit(expression.text)
    plain = expression.text.removesuffix(f"_{unit}") if unit else expression.text
    return LABELS.get(expression.text, plain.replace("_", " ")), unit
