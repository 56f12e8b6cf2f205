"""`eisfv.benchmark`: what a synapse is worth in a small network."""

from abc import ABC, abstractmethod
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfv.api.extracting import FOLDER, directory_of
from eisfv.api.given import path_of
from eisfv.api.places import free
from eisfv.errors import EisfvError
from eisfv.postprocess.extract.writing import NEUTRAL
from eisfv.postprocess.quantities.expected import hint
from eisfv.postprocess.simulators.spiking import coincidence_files
from eisfv.postprocess.simulators.spiking.class_separability import SEEDS, Separability
from eisfv.postprocess.simulators.spiking.class_separability import benchmark as separabilities
from eisfv.postprocess.simulators.spiking.coincidence import Coincidence, coincidence
from eisfv.postprocess.simulators.spiking.device_kernel import device_kernel
from eisfv.postprocess.simulators.spiking.device_synapse import device_synapse
from eisfv.postprocess.simulators.spiking.pair_table import PairTable
from eisfv.postprocess.simulators.spiking.separability_files import COLUMNS, csv_text, picture, rows, table_text
from eisfv.postprocess.simulators.spiking.short_term_synapse import WAN_2021, Synapse
from eisfv.postprocess.simulators.spiking.stdp import Kernel
from eisfv.remedies import way
from eisfv.result import ResultError
from eisfv.result.atomic import write_atomic
from eisfv.result.errors import clear_errors

if TYPE_CHECKING:
    import pandas as pd

BENCHMARKS = ("stp", "stdp")
MOST_SEEDS = 10_000  # two minutes
NEEDS_DEVICE = "stdp asks for a device; give the extraction of a run with pairs of spikes, as of cases/h_stdp_a"


class Found(ABC):
    """What a benchmark found: `table`, as text, and files."""

    @property
    @abstractmethod
    def table(self) -> "pd.DataFrame":
        """A row a network: means over the seeds and their standard errors."""

    @abstractmethod
    def files(self) -> dict[str, bytes]:
        """Return the contents of the files by name."""

    def write(self, out: str | Path, *, force: bool = False) -> list[Path]:
        """Write table and picture into a directory and return where; `force` replaces. Raises ResultError."""
        folder, made = path_of(out), self.files()
        files = free(folder, made, force)
        with clear_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for file in files:
                write_atomic(file, made[file.name])
        return files


class Benchmark(Found):
    """Separability of spike trains: `separability` for each neuron, `synapse`, the `unit` of its conductance."""

    def __init__(self, synapse: Synapse, unit: str, separability: list[Separability]) -> None:
        self.synapse, self.unit, self.separability = synapse, unit, separability

    @property
    def table(self) -> "pd.DataFrame":
        """A row a neuron and synapse: mean over the seeds and its standard error, and both over NO-STP."""
        import pandas as pd

        return pd.DataFrame(rows(self.separability), columns=list(COLUMNS))

    def __str__(self) -> str:
        return table_text(self.separability, self.unit)

    def files(self) -> dict[str, bytes]:
        """Return the contents of the files by name."""
        return {
            "separability.csv": csv_text(self.separability, self.unit).encode(),
            "separability.png": picture(self.separability, self.unit, self.synapse == WAN_2021),
        }


class Learning(Found):
    """Coincidence detection: `networks` by name, a network a seed, and the `kernel` they learnt with."""

    def __init__(self, kernel: Kernel | PairTable, found: Coincidence) -> None:
        self.kernel, self.found, self.networks = kernel, found, found.networks

    @property
    def table(self) -> "pd.DataFrame":
        """A row a network: means over the seeds and their standard errors."""
        import pandas as pd

        return pd.DataFrame(coincidence_files.rows(self.found), columns=list(coincidence_files.COLUMNS))

    def __str__(self) -> str:
        return "\n".join([*self.kernel.words(), coincidence_files.table_text(self.found)])

    def files(self) -> dict[str, bytes]:
        """Return the contents of the files by name."""
        return {
            "coincidence.csv": coincidence_files.csv_text(self.found).encode(),
            "coincidence.png": coincidence_files.picture(self.found),
        }


def benchmark(name: str, device: str | Path | None = None, *, seeds: int = SEEDS) -> Found:
    """Tell what a synapse is worth in a small network.

    name    "stp": how well a neuron distinguishes spike trains behind a synapse with short-term plasticity: class
            separability with a fixed weight, the device, and the device without scatter (Wan 2021)
            "stdp": whether a neuron of a hundred inputs learns by pairs of spikes which of them fire together
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
    if name == "stdp":
        if device is None:
            raise EisfvError(NEEDS_DEVICE)
        return learning(device_kernel(extraction_of(device)), int(seeds))
    synapse, unit = (WAN_2021, "") if device is None else (device_synapse(extraction_of(device)), "S")
    return Benchmark(synapse, unit, separabilities(synapse, range(int(seeds))))


def learning(kernel: Kernel | PairTable, seeds: int) -> Learning:
    """Return what networks learn with a kernel."""
    longest = float(abs(kernel.pairs.interval).max())
    return Learning(kernel, coincidence(kernel.change, longest, kernel.pairs.conductance, range(seeds)))


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
