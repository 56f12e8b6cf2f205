"""Extractions with spike pairs or trains whose law is known, made up without a solver."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from eisfv.observers.pulses import PULSE_COLUMNS
from eisfv.postprocess.extract.measured import Extraction, Measured, Pulses
from eisfv.result import Column, RunDirectory, read

LEVEL = 1e-6  # S, where every pair starts
WIDTH = 0.02  # s, of a pulse in a train
A_PLUS, A_MINUS, TAU_PLUS, TAU_MINUS = 8e-9, 5e-9, 0.030, 0.055  # S, S, s, s
INTERVALS = np.array([dt * sign for dt in (5e-3, 10e-3, 20e-3, 40e-3, 60e-3, 90e-3) for sign in (1.0, -1.0)])


def kernel(interval: np.ndarray) -> np.ndarray:
    """Return the change of the conductance, S, by pairs with these intervals, s."""
    after, before = A_PLUS * np.exp(-np.abs(interval) / TAU_PLUS), -A_MINUS * np.exp(-np.abs(interval) / TAU_MINUS)
    return np.asarray(np.where(interval > 0.0, after, before))


def pair_pulses(interval: np.ndarray, change: np.ndarray, level: float | np.ndarray = LEVEL) -> Pulses:
    """Return the pulses of spike pairs, each from the same conductance unless told."""
    count = interval.size
    ones, zeros = np.ones(count), np.zeros(count)
    return Pulses(
        run=zeros,
        start=20.0 * np.arange(count),
        width=0.5 * ones,
        wait=19.5 * ones,
        amplitude=6.5 * np.sign(interval),
        unit=np.full(count, "V"),
        before=level * ones,
        after=level * ones + change,
        charge=zeros,
        energy=zeros,
        filling=0.1 * ones,
        pair=interval,
    )


def train_pulses(start: np.ndarray, left: float = 0.0) -> Pulses:
    """Return equal pulses at these times, s; the conductance ends `left` S above where it began."""
    count = start.size
    ones = np.ones(count)
    before = LEVEL + left * np.arange(count) / count
    return Pulses(
        run=0.0 * ones,
        start=start,
        width=WIDTH * ones,
        wait=np.append(np.diff(start), 100.0) - WIDTH,
        amplitude=ones,
        unit=np.full(count, "V"),
        before=before,
        after=before + left / count,
        charge=0.0 * ones,
        energy=0.0 * ones,
        filling=0.1 * ones,
        pair=np.full(count, np.nan),
    )


def run_directory(path: Path, time: np.ndarray, conductance: np.ndarray) -> Path:
    """Write a finished run that recorded a conductance, S, at times, s."""
    with RunDirectory.open_new(path) as directory:
        directory.write_case('[case]\ntitle = "Made up"\n')
        terminals = directory.table("terminals", (Column("time", "s"), Column("conductance", "S")))
        for row in zip(time.tolist(), conductance.tolist(), strict=True):
            terminals.append(row)
        directory.table("pulses", PULSE_COLUMNS)
        directory.write_provenance(["eisfv"], {"steps": 1}, 1.0)
        directory.end("finished", float(time.max(initial=0.0)), title="Made up", source="nowhere")
    return path


def extraction(
    path: Path,
    pulses: Pulses,
    response: np.ndarray | None = None,
    quantities: Mapping[str, Measured] | None = None,
) -> Extraction:
    """Return an extraction of one run; response: what each pulse adds for the moment, S, at its end."""
    after = np.zeros(pulses.start.size) if response is None else response
    time = np.stack([pulses.start, pulses.start + pulses.width, pulses.start + 1.001 * pulses.width], axis=1)
    here = pulses.before if response is None else pulses.after
    levels = np.stack([pulses.before, here + after, here], axis=1)
    place = run_directory(path / "run", time.reshape(-1), levels.reshape(-1))
    seen = replace(pulses, ended=levels[:, 1])
    return Extraction((read(place),), ({},), seen, None, None, quantities or {})
