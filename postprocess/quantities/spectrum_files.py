"""A spectrum in the forms that programs which fit spectra read: three columns, and ZView's .z."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from eisfv.result.atomic import write_atomic
from eisfv.result.errors import clear_errors
from eisfv.result.file_names import spectrum_files

from .spectra import Spectrum


def write_spectra(spectra: Iterable[Spectrum], folder: Path, title: str) -> list[Path]:
    """Write both files of every spectrum into a folder and return them. Raises ResultError."""
    written = []
    for spectrum in spectra:
        with clear_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        texts = (three_columns(spectrum), zview(spectrum, title))
        for name, text in zip(spectrum_files(spectrum.number), texts, strict=True):
            write_atomic(folder / name, text.encode())
            written.append(folder / name)
    return written


def three_columns(spectrum: Spectrum) -> str:
    """Return frequency, Re Z and Im Z, a line each; where a part is not known the line is left out.

    The first line is a comment: a header without # would be read as a point.
    """
    lines = ["# frequency (Hz), Re Z (ohm), Im Z (ohm)"]
    lines += [f"{f!r},{z.real!r},{z.imag!r}" for f, z in points(spectrum)]
    return "\n".join(lines) + "\n"


def zview(spectrum: Spectrum, title: str) -> str:
    """Return a spectrum as ZView writes one: lines up to "End Comments", then tab-separated columns."""
    head = [
        '"ZPlot Data File"',
        f'"{plain(title)}"',
        f'"spectrum {spectrum.number} at t = {spectrum.time:.6g} s"',
        f'"DC bias {spectrum.bias:.9g} V"',
        "Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange",
        "End Comments",
    ]
    numbers = ((f, 0.0, spectrum.bias, spectrum.time, z.real, z.imag, 0.0) for f, z in points(spectrum))
    return "\n".join([*head, *("\t".join([*(f"{n:.10E}" for n in row), "0", "0"]) for row in numbers)]) + "\n"


def points(spectrum: Spectrum) -> Sequence[tuple[float, complex]]:
    """Return frequency (Hz) and impedance (ohm) where both of its parts are known, from high to low frequencies."""
    order = np.argsort(-spectrum.frequency, kind="stable")
    chosen = order[spectrum.known[order]]
    return list(zip(spectrum.frequency[chosen].tolist(), spectrum.impedance[chosen].tolist(), strict=True))


def plain(title: str) -> str:
    """Return a title without what ends a line or a quoted word."""
    return " ".join(title.replace('"', "'").split())
