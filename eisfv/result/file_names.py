"""The names in a run directory, in one place.

    case.resolved.toml   the case with every default and override filled in
    provenance.json      versions, machine, command line, digest of the case, solver statistics
    status.json          running | finished | failed | interrupted, and how far; checksums of the other files
    run.log              what happened when
    terminals.csv        one row per accepted step or interval, appended as the run goes
    pulses.csv           one row per pulse, appended as the run goes
    profiles.journal     cell profiles as the run goes; becomes part of result.nc and is then removed
    result.nc            all tables and profiles, labelled, with units
    checkpoint.h5        where to go on after a stop
    mesh.json            the cells of a stack and the tolerance of its time steps, where pilot runs have chosen them
    mesh.msh             the mesh of a section drawn with Gmsh
    start.h5             the state of another run, from which this one started
    prepared.h5          the state that the protocol left, from which the [[measure]] of the case start
    measures/            their runs, each a run directory, by number
    measures.csv         their pulses, one row each
    impedance.csv        where the protocol has spectra: one row a frequency of each
    spectra/             01_impedance.csv, 01.z: each of them for programs that fit spectra
    fields/              t000012_2_channel.vtu, one file per time and region with the region's number, counted from 0;
                         fields.pvd orders them by the time in s, fields_by_step.pvd by the number of the profile record
    plots/               pictures, as png or, where asked, pdf or svg; of a section section_potential.png and
                         section_potential_true.png (true aspect) and so on, and animations such as
                         section_site_fraction_Mg.gif; by pyvista view_potential.png and so on

Anything else in the directory belongs to somebody else and is never touched.
"""

import re
from collections.abc import Iterator
from pathlib import Path

CASE = "case.resolved.toml"
PROVENANCE = "provenance.json"
STATUS = "status.json"
LOG = "run.log"
JOURNAL = "profiles.journal"
RESULT = "result.nc"
CHECKPOINT = "checkpoint.h5"
MESH = "mesh.msh"
CHOSEN_MESH = "mesh.json"
START = "start.h5"
PREPARED = "prepared.h5"
MEASURES = "measures"
# Tables by name, each <name>.csv, and their dimension in result.nc.
TABLES = {"terminals": "time", "pulses": "pulse", "impedance": "impedance"}
FIELDS = "fields"
FIELD_INDEX = "fields.pvd"
FIELD_INDEX_BY_STEP = "fields_by_step.pvd"
SPECTRA = "spectra"
PLOTS = "plots"
PLOT_FILES = (
    *("terminals.png", "profiles.png", "pulses.png", "voltammogram.png", "spike_pairs.png"),
    *("nyquist.png", "bode.png", "noise.png"),
)
CHOSEN_PLOT = "chosen.png"  # of columns that somebody asked for


def table_file(name: str) -> str:
    """Return the name of the file of a table."""
    return f"{name}.csv"


TERMINALS, PULSES, IMPEDANCE = map(table_file, TABLES)
MEASURE_TABLE = table_file(MEASURES)
STREAMS = (*map(table_file, TABLES), JOURNAL)
GIVEN = (CASE, MESH, START)  # what a run was started from
FILES = (
    *(CASE, PROVENANCE, STATUS, LOG, *map(table_file, TABLES), JOURNAL, RESULT, CHECKPOINT, MESH, CHOSEN_MESH),
    *(START, PREPARED, MEASURE_TABLE),
)
LONGEST = 100  # characters of a region's name that its files carry
_SPECTRUM_FILE = re.compile(r"\d{2,}(_impedance\.csv|\.z)")
_FIELD_FILE = re.compile(r"t\d{6,}_.+\.vtu|fields(_by_step)?\.pvd")
_SECTION_FILE = (
    r"section_(potential|conductivity|current_density|(site_fraction|concentration)_.+)(_true)?\.(png|pdf|svg|gif)"
)
_VIEW_FILE = r"view_(potential|conductivity|current|(site_fraction|concentration)_.+)\.png"
_STEMS = "|".join(name.removesuffix(".png") for name in (*PLOT_FILES, CHOSEN_PLOT))
_PLOT_FILE = re.compile("|".join([rf"({_STEMS})\.(png|pdf|svg)", _SECTION_FILE, _VIEW_FILE]))


def field_file(time: int, number: int, region: str) -> str:
    """Return the name of the VTU file of one region at one time; the region's number keeps like names apart."""
    return f"t{time:06d}_{number}_{_plain(region)[:LONGEST]}.vtu"


def spectrum_files(number: int) -> tuple[str, str]:
    """Return the names of the files of a spectrum that other programs read: frequency and impedance in three columns,
    and as ZView has it."""
    return f"{number:02d}_impedance.csv", f"{number:02d}.z"


def section_file(variable: str, ending: str) -> str:
    """Return the name of a picture of a section, ending "png", or "gif" of an animation."""
    return f"section_{_plain(variable)}.{ending}"


def view_file(variable: str) -> str:
    """Return the name of a picture of a section drawn by pyvista."""
    return f"view_{_plain(variable)}.png"


def _plain(name: str) -> str:
    """Return a name that every file system takes; no two names become one."""
    return re.sub(r"[^A-Za-z0-9_.+-]", lambda found: f"~{ord(found[0]):x}~", name)


def own_files(root: Path) -> Iterator[Path]:
    """Give every existing file under `root` that a run writes, drafts included, and no other."""
    for name in FILES:
        yield from (path for path in (root / name, root / f".{name}.tmp") if path.is_file())
    for folder, own in ((root / PLOTS, _PLOT_FILE), (root / FIELDS, _FIELD_FILE), (root / SPECTRA, _SPECTRUM_FILE)):
        if folder.is_dir():
            yield from (path for path in sorted(folder.iterdir()) if own.fullmatch(path.name))
    for run in measure_runs(root):
        yield from own_files(run)


def measure_run(root: Path, number: int) -> Path:
    """Return the run directory of a measure, counted from 1."""
    return root / MEASURES / str(number)


def measure_runs(root: Path) -> Iterator[Path]:
    """Give the run directories of a run's measures that are there."""
    if (root / MEASURES).is_dir():
        runs = (path for path in (root / MEASURES).iterdir() if re.fullmatch(r"[1-9]\d*", path.name) and path.is_dir())
        yield from sorted(runs, key=lambda run: int(run.name))


def run_around(run: Path) -> Path:
    """Return the run directory whose measure a run is; itself of one that is no measure."""
    return run.parent.parent if run.parent.name == MEASURES and run.name.isdigit() else run
