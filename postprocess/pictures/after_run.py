"""What follows a run: fields, pictures, and the lines that tell where everything is."""

from pathlib import Path

from eisfv.postprocess.fields.vtu import write_fields
from eisfv.postprocess.quantities.spectra import spectra_of
from eisfv.postprocess.quantities.spectrum_files import write_spectra
from eisfv.result import read
from eisfv.result.file_names import IMPEDANCE, PLOT_FILES, PLOTS, SPECTRA

from .pulse_table import pulse_lines
from .run_pictures import plot_run


def finish(path: Path, *, with_table: bool) -> list[str]:
    """Write the fields and the pictures of a run; return the lines for the user. Raises ResultError."""
    run = read(path)
    fields = write_fields(run)
    spectra = write_spectra(spectra_of(run.table("impedance")), path / SPECTRA, run.title)
    pictures = plot_run(run)
    if not with_table:
        return []
    lines = list(pulse_lines(run))
    if lines:
        lines.append("")
    lines.append(f"tables    {path / 'pulses.csv'}, {path / 'terminals.csv'}, {path / 'result.nc'}")
    if spectra:
        lines.append(f"spectra   {path / IMPEDANCE}, {path / SPECTRA}")
    if fields:
        lines.append(f"fields    {fields[-1]}")
    named = [picture for picture in pictures if picture.name in PLOT_FILES]
    if named:
        lines.append(f"pictures  {', '.join(str(picture) for picture in named)}")
    if len(pictures) > len(named):
        lines.append(f"section   {len(pictures) - len(named)} pictures, {path / PLOTS}/section_*.png")
    return lines
