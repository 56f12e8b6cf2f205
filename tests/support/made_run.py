"""Runs of a made-up device whose laws are known: a protocol as text, a step law, decays after every pulse."""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.observers.pulses import PULSE_COLUMNS
from eisfv.result import RunDirectory
from eisfv.result.status import State
from eisfv.units import parse
from support.synthetic_run import COLUMNS

HEAD = """
[case]
title = "Made up"
[device]
temperature = "298.15 K"
contact = { gate = { kind = "insulating" }, channel = { kind = "insulating" } }
[[device.region]]
name = "channel"
material = "made_up"
thickness = "1 nm"
initial = { x = 0.1 }
[material.made_up]
kind = "electrolyte"
relative_permittivity = { value = 10.0, source = "made up" }
species = {}
[readout]
length = "1 um"
"""
START = 10e-6  # S
OCV_SLOPE = 0.05  # V per decade

StepLaw = Callable[[float, float, float], float]


def proportional(g: float, amplitude: float, width: float) -> float:
    """Return a change that follows the charge alone, S."""
    return 0.2 * amplitude * width


def linear(g: float, amplitude: float, width: float) -> float:
    """Return a step that does not depend on the conductance, S."""
    return 0.5 * amplitude


@dataclass(frozen=True)
class Made:
    """How a made-up device answers.

    step    change of G (S) by a pulse from G (S), with its amplitude (V or A) and width (s)
    decays  (share of the step, time constant in s) of what falls back after a pulse
    rows    of terminals.csv in every step that is no pulse
    """

    step: StepLaw = proportional
    decays: Sequence[tuple[float, float]] = ()
    rows: int = 30
    start: float = START


def made_run(
    path: Path,
    protocol: str,
    made: Made | None = None,
    head: str = HEAD,
    state: State = "finished",
    pulses: int | None = None,
) -> Path:
    """Write a run of a protocol; `pulses` ends it after so many."""
    made = made or Made()
    text = head + protocol
    with RunDirectory.open_new(path) as directory:
        directory.write_case(text)
        terminals, table = directory.table("terminals", COLUMNS), directory.table("pulses", PULSE_COLUMNS)
        time, kept, index = 0.0, made.start, 0
        falling = np.zeros(len(made.decays))  # S, of every decay
        rates = np.array([1.0 / tau for _, tau in made.decays])
        pending: tuple[Any, ...] | None = None

        def row(at: float, g: float, number: int, since: float) -> None:
            terminals.append((at, number, since, OCV_SLOPE * np.log10(max(g, 1e-12) / START), 0.0, g, 0.01))

        row(0.0, kept, 1, 0.0)
        for number, step in enumerate(expanded(tomllib.loads(text)["protocol"]), start=1):
            duration, g = parse(step["duration"], "time"), kept + falling.sum()
            if step.get("pulse"):
                if pending is not None:
                    table.append(finished_row(pending, g))
                    pending = None
                if pulses is not None and index == pulses:
                    break
                index += 1
                amplitude, unit = height(step), "V" if step["drive"] == "voltage" else "A"
                change = made.step(g, amplitude, duration)
                charge = amplitude * duration * (1.0 if unit == "A" else 1e-6)
                pending = (index, time, time + duration, amplitude, unit, g, charge, abs(amplitude * charge), duration)
                falling = falling * np.exp(-duration * rates) + change * np.array([share for share, _ in made.decays])
                kept += change
                time += duration
                row(time, kept + falling.sum(), number, duration)
                continue
            for later in np.geomspace(1e-4, 1.0, made.rows) * duration if made.rows > 1 else [duration]:
                row(time + later, kept + float((falling * np.exp(-later * rates)).sum()), number, later)
            falling = falling * np.exp(-duration * rates)
            time += duration
        if pending is not None:
            table.append(finished_row(pending, kept + falling.sum()))
        directory.write_provenance(["eisfv", "run", "case"], {"steps": 1}, 1.0)
        directory.end(state, time, title="Made up", source="nowhere")
    return path


def finished_row(pending: tuple[Any, ...], after: float) -> tuple[Any, ...]:
    """Return the row of pulses.csv of a pulse whose end is known."""
    index, start, stop, amplitude, unit, before, charge, energy, width = pending
    return (index, start, stop, amplitude, unit, before, after, after - before, charge, energy, 0.01, width, 0.0)


def expanded(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps of a protocol one by one."""
    found: list[dict[str, Any]] = []
    for entry in entries:
        found += expanded(entry["steps"]) * entry.get("repeat", 1) if "steps" in entry else [entry]
    return found


def height(step: dict[str, Any]) -> float:
    """Return the value of a pulse that is largest in magnitude, V or A."""
    values = [step["value"]] if isinstance(step["value"], str) else step["value"]["levels"]
    return max((parse(value, step["drive"]) for value in values), key=abs)


def pulse(value: str, width: str = "1 s", more: str = "") -> str:
    """Return a pulse as a step of a protocol, by its unit a current or a voltage."""
    drive = "current" if value.endswith("A") else "voltage"
    return f'{{ drive = "{drive}", value = "{value}", duration = "{width}", pulse = true{more} }}'


def rest(duration: str = "10 s") -> str:
    """Return a rest at open circuit as a step of a protocol."""
    return f'{{ drive = "open_circuit", duration = "{duration}" }}'


def block(*steps: str, repeat: int = 1) -> str:
    """Return steps as a block of a protocol."""
    return f"[[protocol]]\nrepeat = {repeat}\nsteps = [{', '.join(steps)}]\n"


def train(value: str, count: int, width: str = "1 s", gap: str = "10 s") -> str:
    """Return a train of equal pulses with rests between."""
    return block(pulse(value, width), rest(gap), repeat=count)
