"""The fitted parameters as numbers for people: fitted value, interval, and the case's own value beside it."""

from collections.abc import Iterator

from eisfv.postprocess.extract.measured import Measured

from .fit import Fit
from .model import CompactModel

HEAD = ("parameter", "fitted", "95 % interval", "case", "factor")


def physical(model: CompactModel) -> Iterator[tuple[str, str, float, str]]:
    """Give name, factor, the case's value and unit of every parameter that a factor multiplies."""
    stack = model.stack
    electrolyte = stack.electrolyte
    for place, interface in (("gate", stack.gate_interface), ("channel", stack.channel_interface)):
        if interface.exchange is not None:
            yield f"exchange_current_{place}", f"exchange_{place}", interface.exchange, "A/m^2"
        if interface.stern is not None:
            yield f"stern_capacitance_{place}", "stern", interface.stern, "F/m^2"
    yield "electrolyte_conductivity", "conductivity", model.conductance * electrolyte.thickness, "S/m"
    if model.hop is not None:
        yield "hop_length", "hop", stack.ion.hop, "m"
    if model.leak > 0.0:
        yield "leak_conductivity", "leak", electrolyte.leak, "S/m"
    yield "diffusivity_channel", "diffusivity", stack.channel.diffusivity, "m^2/s"
    yield "width_over_length", "sigma", stack.squares, "1"


def parameters(model: CompactModel, fitted: Fit, window: str) -> dict[str, Measured]:
    """Return the fitted parameters by name."""
    return {
        name: Measured(
            getattr(fitted.factors, factor) * value,
            unit,
            fitted.low[factor] * value,
            fitted.high[factor] * value,
            fitted.points,
            window,
            fitted.residual,
        )
        for name, factor, value, unit in physical(model)
    }


def with_unit(value: float, unit: str) -> str:
    """Return a value for people; a number is one without a unit."""
    return f"{value:.4g} {unit}" if unit != "1" else f"{value:.4g}"


def parameter_rows(model: CompactModel, fitted: Fit) -> tuple[tuple[str, ...], ...]:
    """Return the table of the report, its head first."""
    rows = [HEAD]
    for name, factor, value, unit in physical(model):
        low, high, by = fitted.low[factor], fitted.high[factor], getattr(fitted.factors, factor)
        interval = f"{low * value:.4g} to {high * value:.4g}"
        rows.append((name, with_unit(by * value, unit), interval, with_unit(value, unit), f"{by:.4g}"))
    return tuple(rows)
