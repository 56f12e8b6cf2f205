"""`eisfv.benchmark`: what a synapse is worth in a small network."""

from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfv.api.extracting import FOLDER, directory_of
from eisfv.api.given import path_of
from eisfv.errors import EisfvError
from eisfv.postprocess.extract.writing import NEUTRAL
from eisfv.postprocess.quantities.expected import hint
from eisfv.postprocess.simulators.spiking.class_separability import SEEDS, Separability
from eisfv.postprocess.simulators.spiking.class_separability import benchmark as separabilities
from eisfv.postprocess.simulators.spiking.device_synapse import device_synapse
from eisfv.postprocess.simulators.spiking.separability_files import COLUMNS, csv_text, picture, rows, table_text
from eisfv.postprocess.simulators.spiking.short_term_synapse import WAN_2021, Synapse
from eisfv.remedies import way
from eisfv.result import ResultError
from eisfv.result.atomic import write_atomic
from eisfv.result.errors import clear_errors

if TYPE_CHECKING:
    import pandas as pd

BENCHMARKS = ("stp",)
MOST_SEEDS = 10_000  # two minutes


class Benchmark:
    """What a benchmark found: `separability` for each neuron, `synapse`, and the `unit` of its conductance."""

    def __init__(self, synapse: Synapse, unit: str, separability: list[Separability]) -> None:
        self.synapse, self.unit, self.separability = synapse, unit, separability

    @property
    def table(self) -> "pd.DataFrame":
        """A row a neuron and synapse: mean over the seeds and its standard error, and both over NO-STP."""
        import pandas as pd

        return pd.DataFrame(rows(self.separability), columns=list(COLUMNS))

    def __str__(self) -> str:
        return table_text(self.separability, self.unit)

    def write(self, out: str | Path, *, force: bool = False) -> list[Path]:
        """Write separability.csv and .png into a directory and return where; `force` replaces. Raises ResultError."""
        folder = path_of(out)
        made = {
            "separability.csv": csv_text(self.separability, self.unit).encode(),
            "separability.png": picture(self.separability, self.unit, self.synapse == WAN_2021),
        }
        files = [folder / name for name in made]
        with clear_errors(folder):
            for file in files:
                if file.exists() and not force:
                    raise ResultError(
                        f"{file}: is there already; replace it with {way('force')}, or choose another place with "
                        f"{way('out')}"
                    )
            folder.mkdir(parents=True, exist_ok=True)
            for file in files:
                write_atomic(file, made[file.name])
        return files


def benchmark(name: str, device: str | Path | None = None, *, seeds: int = SEEDS) -> Benchmark:
    """Tell how well a neuron distinguishes spike trains behind a synapse with short-term plasticity.

    name    "stp": class separability with a fixed weight, the device, and the device without scatter (Wan 2021)
    device  an extract.json, its directory, or a run or case of which one was made; None: the table of that paper
    seeds   how many times with trains of their own
    Raises EisfvError.

    >>> import eisfv
    >>> found = eisfv.benchmark("stp", seeds=4)
    >>> list(found.table.synapse[:3])
    ['NO-STP', 'DEVICE', 'IDEAL']
    """
    if name not in BENCHMARKS:
        raise EisfvError(f'benchmark "{name}" is not one of {", ".join(BENCHMARKS)}{hint(str(name), BENCHMARKS)}')
    known = isinstance(seeds, Integral) and not isinstance(seeds, bool)
    if not known or not 2 <= int(seeds) <= MOST_SEEDS:
        raise EisfvError(f"seeds = {seeds!r} is no number from 2 to {MOST_SEEDS}; write for example {SEEDS}")
    synapse, unit = (WAN_2021, "") if device is None else (device_synapse(extraction_of(device)), "S")
    return Benchmark(synapse, unit, separabilities(synapse, range(int(seeds))))


def extraction_of(device: Any) -> Path:
    """Return the extract.json that a place stands for. Raises ResultError."""
    place = path_of(device)
    if place.is_file():
        return place
    if (place / NEUTRAL).is_file():
        return place / NEUTRAL
    file = directory_of(place) / FOLDER / NEUTRAL
    if not file.is_file():
        raise ResultError(f"{file}: is not there; first: {way('extract', place)}")
    return file
