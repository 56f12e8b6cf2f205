"""The names in a run directory, in one place.

    case.resolved.toml   the case with every default and override filled in
    provenance.json      versions, machine, command line, digest of the case, solver statistics
    status.json          running | finished | failed | interrupted, and how far
    run.log              what happened when
    terminals.csv        one row per accepted step or interval, appended as the run goes
    pulses.csv           one row per pulse, appended as the run goes
    profiles.journal     cell profiles as the run goes; becomes part of result.nc and is then removed
    result.nc            all tables and profiles, labelled, with units
    checkpoint.h5        where to go on after a stop
    fields/              t000012_channel.vtu, one file per time and region, and fields.pvd
    plots/               pictures

Anything else in the directory belongs to somebody else and is never touched.
"""

import re
from collections.abc import Iterator
from pathlib import Path

CASE = "case.resolved.toml"
PROVENANCE = "provenance.json"
STATUS = "status.json"
LOG = "run.log"
TERMINALS = "terminals.csv"
PULSES = "pulses.csv"
JOURNAL = "profiles.journal"
RESULT = "result.nc"
CHECKPOINT = "checkpoint.h5"
FIELDS = "fields"
FIELD_INDEX = "fields.pvd"
PLOTS = "plots"
PLOT_FILES = ("terminals.png", "profiles.png", "pulses.png")

FILES = (CASE, PROVENANCE, STATUS, LOG, TERMINALS, PULSES, JOURNAL, RESULT, CHECKPOINT)
_FIELD_FILE = re.compile(r"t\d{6,}_.+\.vtu")


def field_file(number: int, region: str) -> str:
    """Return the name of the VTU file of one region at one time."""
    return f"t{number:06d}_{re.sub(r'[^A-Za-z0-9_.-]', '_', region)}.vtu"


def own_files(root: Path) -> Iterator[Path]:
    """Give every existing file under `root` that a run writes, drafts included, and no other."""
    for name in FILES:
        yield from (path for path in (root / name, root / f".{name}.tmp") if path.is_file())
    yield from (root / PLOTS / name for name in PLOT_FILES if (root / PLOTS / name).is_file())
    if (root / FIELDS).is_dir():
        for path in sorted((root / FIELDS).iterdir()):
            if path.name == FIELD_INDEX or _FIELD_FILE.fullmatch(path.name):
                yield path
