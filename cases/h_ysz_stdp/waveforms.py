"""Write the protocol of this case from the waveforms of the two neurons: `python waveforms.py` renews case.toml from
the mark PROTOCOL on. Change PRE, POST or INTERVALS for a learning rule of your own.

A waveform is the voltage of a neuron's line at times counted from its firing, straight lines through the points, zero
outside. The gate sees half the sum of both lines, V_G(t) = [V_pre(t) + V_post(t - dt)]/2, dt = t_post - t_pre.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

Waveform = Sequence[tuple[float, float]]  # (ms, V)

# Huang 2025, Sec. 2.2 and 2.6: biphasic, alone they compensate themselves, V_G has its peak where both overlap, at
# most 6.5 V, on a scale of 100 ms. The text has no more. A choice: straight arms, so long that the waveforms just cease
# to overlap at the largest interval shown, 160 ms, and an edge of 2 ms between them.
PEAK, ARM, EDGE = 6.5, 80.0, 2.0  # V, ms, ms
PRE: Waveform = ((-ARM, 0.0), (-EDGE / 2, -PEAK), (EDGE / 2, PEAK), (ARM, 0.0))
POST: Waveform = tuple((time, -level) for time, level in PRE)
INTERVALS = (5, 10, 20, 30, 40, 60, 80, 100, 130, 160)  # ms, each with both signs
SINGLE = (2.0, 3.0, 4.0, 5.0, 6.0, 6.5)  # V, pulses of one height, each with both signs
WIDTHS = (2, 10, 40)  # ms

FIRES = 240.0  # ms from the start of a step to the firing of the pre-neuron
LENGTH = 480.0  # ms
READ = 20.0  # s from the firing of the pre-neuron, or the end of a pulse, to the end of the read
REST = '{ drive = "voltage", value = "0 V", duration = "%g s", read = "last 100 ms" },'
MARK = "# PROTOCOL, written by waveforms.py\n"


def level(waveform: Waveform, time: float) -> float:
    """Return the voltage (V) of a waveform at a time (ms) from its firing."""
    if not waveform[0][0] <= time <= waveform[-1][0]:
        return 0.0
    for (t0, v0), (t1, v1) in pairwise(waveform):
        if time <= t1:
            return v0 + (v1 - v0) * (time - t0) / (t1 - t0)
    return 0.0


def at_gate(lines: Iterable[tuple[Waveform, float]]) -> tuple[list[float], list[float]]:
    """Return times (ms) and levels (V) at the gate of waveforms and when they fire (ms)."""
    lines = list(lines)
    times = sorted({round(fires + time, 6) for line, fires in lines for time, _ in line})
    return times, [round(sum(level(line, time - fires) for line, fires in lines) / 2, 6) for time in times]


def spike_step(lines: Sequence[tuple[Waveform, float]], interval: float | None = None) -> str:
    """Return the protocol step of one or two spikes; a pair says its interval (ms)."""
    times, levels = at_gate(lines)
    curve = f"{{ times = {texts(times, 'ms')}, levels = {texts(levels, 'V')} }}"
    pair = "" if interval is None else f', spike_interval = "{interval:g} ms"'
    return f'{{ drive = "voltage", value = {curve}, duration = "{LENGTH:g} ms", pulse = true{pair} }},'


def texts(values: Sequence[float], unit: str) -> str:
    """Return a list of quantities as TOML."""
    return "[" + ", ".join(f'"{value:g} {unit}"' for value in values) + "]"


def protocol() -> str:
    """Return the [[protocol]] tables: a read, spike pairs, spikes alone, pulses of one height."""
    after_spike = REST % (READ - (LENGTH - FIRES) / 1e3)
    signed = [dt for interval in INTERVALS for dt in (interval, -interval)]
    pairs = [line for dt in signed for line in (spike_step([(PRE, FIRES), (POST, FIRES + dt)], dt), after_spike)]
    alone = [line for one in (PRE, POST) for line in (spike_step([(one, FIRES)]), after_spike)]
    single = []
    for width in WIDTHS:
        for volts in (sign * height for height in SINGLE for sign in (1, -1)):
            value = f'value = "{volts:g} V", duration = "{width} ms"'
            single += [f'{{ drive = "voltage", {value}, pulse = true }},', REST % READ]
    return "\n".join(
        [
            "\n# Before the first pulse.\n" + block([REST % READ]),
            "# Spike pairs (Fig. 3), dt = t_post - t_pre; read 20 s after the pre-neuron fires.\n" + block(pairs),
            "# The pre-neuron alone, the post-neuron alone.\n" + block(alone),
            "# Pulses of one height, for the rate of change against voltage (Fig. 2).\n" + block(single),
        ]
    )


def block(steps: Sequence[str]) -> str:
    """Return steps as one block of the protocol."""
    return "\n".join(["[[protocol]]", "steps = [", *(f"    {step}" for step in steps), "]", ""])


if __name__ == "__main__":
    case = Path(__file__).with_name("case.toml")
    head = case.read_text(encoding="utf-8").split(MARK)[0]
    case.write_text(head + MARK + protocol(), encoding="utf-8")
