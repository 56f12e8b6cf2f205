"""Spike pairs: what two neurons do to a synapse between their lines.

The pre-neuron fires at t = 0, the post-neuron at dt = t_post - t_pre. The gate hangs between two equal resistors R from
the lines, a source of

    V = V_bias + [alpha_pre V_pre(t) + alpha_post V_post(t - dt)]/2 + V_third(t)        behind R/2

    alpha   gains of the lines, as a neuromodulator sets them
    third   a signal that is laid over both lines, from the firing of the pre-neuron
    bias    of both lines, all the time

A current I into the gate heats the two resistors together by

    E_R = int [(V_pre - V_G)^2 + (V_post - V_G)^2]/R dt = int I^2 R/2 dt + int (V_pre - V_post)^2/(2R) dt

with V_pre and V_post as they are behind their gains; the lines give V I of the source and the second integral, which
knows nothing of the synapse.

Source: Huang et al. 2025, doi:10.1002/adma.202418484, Sec. 2.2 and 2.4.
"""

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import ArgsKwargs

from eisfv.model.fields import Count, NotEmpty, Real, Resistance, Time, Unit, Voltage
from eisfv.model.quantity import Quantity
from eisfv.model.read_window import ReadWindow
from eisfv.model.record import RECORD, Checked, Record, refuse
from eisfv.model.spike_shapes import AnyShape, Corners, Shape, level

ALONE = ("pre", "post")
SAME_TIME = 1e-9  # of a spike's length; corners of two lines closer than this are one


@dataclass(frozen=True, config=RECORD)
class OfPre(Record):
    """The shape of the pre-neuron, or its negative; in a file "pre" or "-pre"."""

    like: Literal["pre", "-pre"]

    @model_validator(mode="before")
    @classmethod
    def _a_text(cls, value: Any) -> Any:
        return value if isinstance(value, dict | ArgsKwargs) else {"like": value}

    def written(self) -> Any:
        return self.like


def _kind(value: Any) -> str:
    return "shape" if isinstance(value, Shape) or (isinstance(value, dict) and "like" not in value) else "like"


Post = Annotated[Annotated[OfPre, Tag("like")] | Annotated[AnyShape, Tag("shape")], Discriminator(_kind)]


class Interval(Checked):
    """Marks an entry of `intervals`: a time with its sign, or "pre" or "post" for that neuron alone."""

    def check(self, value: Any, info: ValidationInfo) -> Quantity | str:
        return value if value in ALONE else Unit("time", "any").check(value, info)


@dataclass(frozen=True, config=RECORD)
class Spikes(Record):
    """The `[spikes]` table.

    read_after  from the firing of the pre-neuron, of a spike of the post-neuron alone from its own, to the end of the
                read                                                                                            s
    read        how long the conductance is read before that
    divider     R, of each of the two resistors between the lines and the gate                                 ohm
    bias        of both lines, under spikes and between them: 0 V draws current from a device whose open-circuit
                voltage is another                                                                              V
    """

    pre: AnyShape
    post: Post
    read_after: Time
    read: Annotated[float, ReadWindow()]
    third: AnyShape | None = Field(default=None, kw_only=True)
    alpha_pre: Real = Field(default=1.0, kw_only=True)
    alpha_post: Real = Field(default=1.0, kw_only=True)
    divider: Resistance | None = Field(default=None, kw_only=True)
    bias: Voltage = Field(default=0.0, kw_only=True)


@dataclass(frozen=True, config=RECORD)
class SpikePairs(Record):
    """An entry of a protocol: { drive = "spikes", intervals = ["20 ms", "-20 ms", "pre"] }; what it says otherwise
    than `[spikes]` holds for this entry alone."""

    drive: Literal["spikes"] = Field(default="spikes", kw_only=True)
    intervals: Annotated[tuple[Annotated[Any, Interval()], ...], NotEmpty]
    repeat: Count = Field(default=1, kw_only=True)
    post: Post | None = Field(default=None, kw_only=True)
    alpha_pre: Real | None = Field(default=None, kw_only=True)
    alpha_post: Real | None = Field(default=None, kw_only=True)

    @field_validator("intervals")
    @classmethod
    def _once_each(cls, intervals: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(intervals) > 1000:
            refuse(f"has {len(intervals)} entries; take 1000 at most, and repeat")
        return intervals


@dataclass(frozen=True)
class Driven:
    """A pair, or a spike alone, at the gate.

    times   from the start of its step, s; levels in V, straight lines between
    length  of the step; rest: from its end to the end of the read
    between integral of (V_pre - V_post)^2/2, V2 s
    """

    times: tuple[float, ...]
    levels: tuple[float, ...]
    length: float
    rest: float
    between: float


def driven(spikes: Spikes, entry: SpikePairs, interval: Quantity | str) -> Driven:
    """Return what the gate sees of a pair. The step begins where the first of its lines leaves zero."""
    pre, post = spikes.pre.corners(), post_corners(spikes, entry)
    gain_pre = spikes.alpha_pre if entry.alpha_pre is None else entry.alpha_pre
    gain_post = spikes.alpha_post if entry.alpha_post is None else entry.alpha_post
    lines: list[tuple[Corners, float, float, float]] = []  # its share in V, and in (V_pre - V_post)/2
    if interval != "post":
        lines.append((pre, 0.0, 0.5 * gain_pre, 0.5 * gain_pre))
    if interval != "pre":
        lines.append((post, float(interval) if interval != "post" else 0.0, 0.5 * gain_post, -0.5 * gain_post))
    if spikes.third is not None:
        lines.append((spikes.third.corners(), 0.0, 1.0, 0.0))
    every = sorted(fires + t for corners, fires, _, _ in lines for t, _ in corners)
    first, last = every[0], every[-1]
    apart = SAME_TIME * (last - first)
    kept = [every[0]]
    for t in every[1:]:
        if t - kept[-1] > apart:
            kept.append(t)
    levels = [sum(share * level(corners, t - fires) for corners, fires, share, _ in lines) for t in kept]
    rounding = SAME_TIME * max(map(abs, levels))
    levels = [each if abs(each) > rounding else 0.0 for each in levels]  # two lines that cancel each other
    levels = [float(spikes.bias) + each for each in levels]
    halves = [sum(share * level(corners, t - fires) for corners, fires, _, share in lines) for t in kept]
    between = 2.0 * sum(
        (late - early) * (a * a + a * b + b * b) / 3.0  # of the square of a straight line, exactly
        for (early, late), (a, b) in zip(pairwise(kept), pairwise(halves), strict=True)
    )
    rest = float(spikes.read_after) - last
    return Driven(tuple(t - first for t in kept), tuple(levels), last - first, rest, between)


def post_corners(spikes: Spikes, entry: SpikePairs) -> Corners:
    """Return the corners of the post-neuron's shape."""
    post = spikes.post if entry.post is None else entry.post
    if not isinstance(post, OfPre):
        return post.corners()
    sign = -1.0 if post.like == "-pre" else 1.0
    return tuple((t, sign * v) for t, v in spikes.pre.corners())
