"""The subcircuit under the steps of a protocol, run by ngspice where it is installed."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from eisfv.errors import FAILED, EisfvError
from eisfv.model.waveforms import Waveform
from eisfv.postprocess.protocol import DrivenStep, Stretch, begins, stretch

from .model import EDGE

TIME_LIMIT = 60.0  # s
RELATIVE = 3e-7
TRUNCATED = 1.0  # the error of a time step as estimated; the default, seven times it, fails behind edges of 8 V
# ngspice takes corners that lie closer than 5e-5 of its longest step for one; an edge lasts two of that, and the whole
# at least so many steps that edges are short.
CORNERS = 1e-4
STEPS = 5000
# A piecewise linear source follows a smooth waveform to this share of its largest level, by halving so often at most.
STRAIGHT = 1e-3
HALVINGS = 10


class NgspiceError(EisfvError, RuntimeError):
    """ngspice is not there, stopped, or took too long; the text is the reason."""

    exit_code = FAILED


def installed() -> bool:
    """Tell whether there is an ngspice to run."""
    return shutil.which("ngspice") is not None


def run_ngspice(
    subcircuit: str,
    steps: Sequence[DrivenStep],
    rest: float,
    least: float,
    charge: float,
    states: Sequence[str],
    limit: float = TIME_LIMIT,
) -> dict[str, np.ndarray]:
    """Return time, "gi" (V), "g" (uS) and the named nodes of the subcircuit at every accepted time.

    rest   voltage at which the device begins, V
    least  resistance of the voltage source, ohm
    charge of the electrolyte's capacitance at some mV, C: smaller ones are not followed
    Raises NgspiceError.
    """
    if not installed():
        raise NgspiceError("ngspice is not installed")
    if shortest_stretch(steps) < 10.0 * CORNERS * longest_step(steps):
        raise NgspiceError("the pulses are too short beside the whole for ngspice to see their edges")
    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "bench.cir").write_text(bench(subcircuit, steps, rest, least, charge, states))
        try:
            done = subprocess.run(
                ["ngspice", "-b", "bench.cir"], cwd=place, capture_output=True, text=True, timeout=limit, check=False
            )
        except subprocess.TimeoutExpired:
            raise NgspiceError(f"ngspice took more than {limit:g} s") from None
        table = place / "out.txt"
        if not table.is_file():
            said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
            raise NgspiceError("ngspice stopped: " + (said[-1] if said else "without a word"))
        rows = np.loadtxt(table, ndmin=2)
    names = ["gi", "g", *states]
    found = {"time": rows[:, 0]} | {name: rows[:, 1 + 2 * k] for k, name in enumerate(names)}
    if found["time"][-1] < (1.0 - 1e-9) * begins(steps)[-1]:
        said = [line for line in (done.stdout + done.stderr).splitlines() if "timestep" in line.lower()]
        raise NgspiceError(
            f"ngspice stopped at {found['time'][-1]:.6g} s: " + (said[-1] if said else "no reason given")
        )
    return found


def bench(
    subcircuit: str, steps: Sequence[DrivenStep], rest: float, least: float, charge: float, states: Sequence[str]
) -> str:
    """Return the netlist: the source as a current or a voltage behind a small resistance, switched step by step."""
    volts, amps, closed = [courses(steps, kind, rest) for kind in ("voltage", "current", "closed")]
    shortest = shortest_stretch(steps)
    largest = (abs(step.source.extreme(step.duration)) for step in steps if step.drive == "current")
    amperes = [level for level in largest if level]
    least_current = 1e-6 * min([1e-9, *amperes])
    longest = longest_step(steps)
    nodes = " ".join(f"v(x1.{name})" for name in ("gi", *states))
    return "\n".join(
        [
            "closure of the compact model",
            subcircuit,
            "X1 gate 0 0 g synapse",
            *volts,
            *amps,
            *closed,
            f".ic v(closed)={float(steps[0].drive == 'voltage'):g}",
            f"Bdrive 0 gate I=v(closed)*(v(voltage)-v(gate))/{least:.6g}+v(current)",
            f".options reltol={RELATIVE:g} abstol={least_current:.3g} vntol=1e-9 chgtol={charge:.3g}",
            f".options method=gear maxord=2 itl4=60 trtol={TRUNCATED:g}",
            f".tran {EDGE * shortest:.6g} {begins(steps)[-1]:.12g} 0 {longest:.6g} uic",
            ".control",
            "set numdgt=15",
            "run",
            f"wrdata out.txt {nodes.replace('v(x1.gi)', 'v(x1.gi) v(g)')}",
            ".endc",
            ".end",
            "",
        ]
    )


def shortest_stretch(steps: Sequence[DrivenStep]) -> float:
    """Return the shortest time between two corners of the drive, s."""
    return min(line.late - line.early for step in steps for line in straight_lines(step))


def straight_lines(step: DrivenStep) -> list[Stretch]:
    """Return the straight lines that a source follows in a step: those between its corners, and through a smooth
    waveform as many as it takes. Raises NgspiceError where there are too many."""
    miss = STRAIGHT * abs(step.source.extreme(step.duration))
    return [
        line
        for one in step.stretches
        for line in ([one] if one.straight else halves(step.source, one.early, one.late, miss, HALVINGS))
    ]


def halves(source: Waveform, early: float, late: float, miss: float, left: int) -> list[Stretch]:
    """Return straight lines from early to late, halved `left` times more at most."""
    line = stretch(source, early, late, miss)
    if line.straight:
        return [line]
    if not left:
        raise NgspiceError(f"a waveform takes more than {2**HALVINGS} straight lines between two of its corners")
    middle = 0.5 * (early + late)
    return [*halves(source, early, middle, miss, left - 1), *halves(source, middle, late, miss, left - 1)]


def longest_step(steps: Sequence[DrivenStep]) -> float:
    """Return the longest time step that ngspice may take, s."""
    return begins(steps)[-1] / STEPS


def courses(steps: Sequence[DrivenStep], kind: str, rest: float) -> list[str]:
    """Return the lines of one piecewise linear source; `closed` is 1 where a voltage drives."""
    points = [(0.0, {"voltage": rest, "current": 0.0}.get(kind, float(steps[0].drive == "voltage")))]
    # One length for all, so that a pulse loses at its start what it gains at its end.
    edge = max(EDGE * shortest_stretch(steps), CORNERS * longest_step(steps))
    for step, begin in zip(steps, begins(steps), strict=False):
        for line in straight_lines(step):
            drives = step.drive == "voltage"
            ends = (1.0, 1.0) if kind == "closed" else (line.first, line.last)
            if (kind == "current") == drives:
                ends = (0.0, 0.0)
            points += [(begin + line.early + edge, ends[0]), (begin + line.late, ends[1])]
    lines = [f"V{kind} {kind} 0 PWL("]
    lines += [f"+ {time:.15g} {level:.12g}" for time, level in points]
    return [*lines, "+ )"]
