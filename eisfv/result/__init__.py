"""The result of a run on disk: written as the run goes, readable at any moment, the only thing postprocess sees.

Writing, new or resumed::

    directory = RunDirectory.open_resume(out, case) if resume else RunDirectory.open_new(out, force=force)
    with directory:
        directory.write_case(resolved_toml)
        terminals = directory.table("terminals", [Column("time", "s"), Column("voltage", "V", "gate minus channel")])
        profiles = directory.profiles(cells, [ProfileVariable("potential", "V", "electric potential")])
        state = start if directory.saved is None else restore(directory.saved)
        for state in steps(state):
            terminals.append((state.time, state.voltage))
            profiles.append(state.time, state.step, state.offset, {"potential": state.phi}, field=False)
            directory.checkpoint({"time": state.time, "unknowns": state.unknowns}, state.time)  # now and then
        directory.write_provenance(sys.argv, {"steps": 115}, wall_time=3.2)
        directory.end("finished", state.time, title="...", source="doi:...")

Reading, finished or not::

    run = read(out)
    run.status.state, run.terminals["voltage_V"], run.pulses["dG_S"], run.profiles("potential")[-1]

A ResultError's message is one line for the user: the path, what is wrong, the remedy.
"""

from eisfv.result.cells import Cells
from eisfv.result.directory import RunDirectory
from eisfv.result.errors import ResultError, StorageError
from eisfv.result.in_memory import MemoryDirectory
from eisfv.result.journal import ProfileJournal, ProfileVariable
from eisfv.result.reader import Run, read
from eisfv.result.status import Status
from eisfv.result.streams import Column, TableStream

__all__ = [
    "Cells",
    "Column",
    "MemoryDirectory",
    "ProfileJournal",
    "ProfileVariable",
    "ResultError",
    "Run",
    "RunDirectory",
    "Status",
    "StorageError",
    "TableStream",
    "read",
]
