"""What a sweep is about, in words that last: the head of its list of points and of its table."""

from math import isfinite

from eisfv.result import Column
from eisfv.result.sweep_table import SweepAxis, SweepHead, SweepQuantity
from eisfv.sweep.axes import Axis
from eisfv.sweep.definition import Definition
from eisfv.sweep.plan import Plan
from eisfv.sweep.sampling import Sample


def heading(plan: Plan, definition: Definition) -> dict[str, object]:
    """Return the head of a plan's list of points."""
    head = head_of(plan)
    samples = 0 if plan.traces is None else plan.traces.samples
    columns = () if plan.traces is None else plan.traces.columns
    wanted = {"quantities": definition.quantities, "traces": definition.traces}
    return {"kind": "plan", "head": head.text(), "wanted": wanted, "count": plan.count} | {
        "samples": samples,
        "columns": columns,
    }


def head_of(plan: Plan) -> SweepHead:
    """Return what the table of a plan is about; the mark comes with the gathering."""
    drawn = plan.sampling
    method, size, seed = (drawn.method, drawn.size, drawn.seed) if isinstance(drawn, Sample) else ("grid", 0, 0)
    return SweepHead(
        title=plan.title,
        method=method,
        size=size,
        seed=seed,
        axes=tuple(axis_of(axis) for axis in plan.axes),
        quantities=tuple(
            SweepQuantity(q.name, q.unit, q.label, Column(q.name, q.unit).header) for q in plan.quantities
        ),
        traces=plan.traces is not None,
        mark="",
    )


def axis_of(axis: Axis) -> SweepAxis:
    """Return an axis as the table describes it."""
    ends = (axis.low if isfinite(axis.low) else None, axis.high if isfinite(axis.high) else None)
    scatter = "" if axis.scatter is None else axis.scatter.text(axis.unit)
    return SweepAxis(axis.name, axis.unit, axis.header, axis.scale, axis.values, *ends, axis.zipped, scatter)
