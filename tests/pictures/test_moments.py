"""When a profile is of, in words: no two of a run are called alike, however late."""

from pathlib import Path

from eisfv.postprocess.pictures.moments import moment, moments
from eisfv.result import Run, RunDirectory, read
from support.written_run import open_streams, profile

LATE = ((1e9, 1, 1e9), (1e9 + 1e-9, 2, 1e-9), (1e9 + 3e-9, 3, 2e-9))
EARLY = ((0.5, 1, 0.5), (0.75, 2, 0.25), (1.0, 2, 0.5))


def run_of(path: Path, records: tuple[tuple[float, int, float], ...]) -> Run:
    with RunDirectory.open_new(path) as directory:
        _, _, profiles = open_streams(directory)
        for time, step, since in records:
            profiles.append(time, step, since, profile(0.0))
        directory.end("finished", records[-1][0])
    return read(path)


def test_early_profiles_are_called_by_the_time_since_the_start(tmp_path: Path) -> None:
    run = run_of(tmp_path / "run", EARLY)
    assert moments(run, [0, 1, 2]) == ["0.5 s", "0.75 s", "1 s"]
    assert [moment(run, record) for record in (0, 1, 2)] == ["500 ms", "750 ms", "1 s"]


def test_late_profiles_are_called_by_their_step_and_the_time_in_it(tmp_path: Path) -> None:
    run = run_of(tmp_path / "run", LATE)
    assert moments(run, [0, 1, 2])[1:] == ["1 ns of step 2", "2 ns of step 3"]
    assert moment(run, 2) == "2 ns of step 3"
