"""`eisfv.Simulation`: a device driven step by step."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from eisfv.api.case import Case, case_of
from eisfv.api.checking import WARNING, chosen_mesh
from eisfv.api.datasets import attributes, cell_coordinates
from eisfv.api.warning import warn
from eisfv.case.problems import CaseError
from eisfv.device.stack import stack_of
from eisfv.model.steps import Step
from eisfv.observers.profiles import ProfileValues, profile_variables
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.snapshot import snapshot
from eisfv.running.notices import cells_of
from eisfv.simulation import Simulation as Core
from eisfv.solve.errors import EquilibriumError, SetupError

if TYPE_CHECKING:
    import xarray as xr

    from eisfv.api.impedance import Spectrum


class Instant(NamedTuple):
    """A device at the end of an accepted time step.

    time         since the simulation began                   s
    step_time    since the drive began                        s
    voltage      gate minus channel, at the device            V
    current      into the gate                                A
    conductance  of the channel; 0 where the case reads none  S
    x_channel    mean site fraction of the ion in the channel
    """

    time: float
    step_time: float
    voltage: float
    current: float
    conductance: float
    x_channel: float


class Simulation:
    """A case's device at its start, to be driven by hand: its protocol and its output are left aside.

    >>> import eisfv
    >>> case = eisfv.load("cases/mg_wo3_pulses")
    >>> case.set("solver.tolerance", 1e-2)
    >>> simulation = eisfv.Simulation(case)
    >>> for now in simulation.steps("current", "10 uA", "10 s"):  # charged up to a voltage, and no further
    ...     if now.voltage > 0.12:
    ...         break
    >>> end = simulation.drive("open_circuit", duration="1 s")
    >>> now.step_time < 0.5, end.voltage < now.voltage, abs(end.current) < 1e-15
    (True, True, True)
    >>> simulation.drive("voltage", 0.5, "1 s")
    Traceback (most recent call last):
    eisfv.case.problems.CaseError: drive: value = 0.5 has no unit; write for example "0.5 V"
    """

    def __init__(self, case: Case | str | Path) -> None:
        """Build the device and find its initial state. Raises CaseError, SetupError, EquilibriumError."""
        self._case = case_of(case).copy()
        resolved = self._case.resolved
        try:
            choice, words = chosen_mesh(resolved)
            mesh = stack_of(resolved.device, choice.sizes) if choice is not None else None
            self.core = Core(resolved.device, resolved.solver, mesh)
        except (EquilibriumError, SetupError) as error:
            raise type(error)(f"{self._case.origin}: {error}") from error
        for line in words if choice is None else ():
            warn(line.removeprefix(WARNING))
        self._driving: Step | None = None
        self._channel = ChannelReadout(self.core.built)
        self._values = ProfileValues(self.core.built)

    def drive(self, drive: str, value: Any = None, duration: Any = None) -> Instant:
        """Drive the device for a while and return how it stands then.

        drive     "voltage", "current", "open_circuit"
        value     a text with its unit, a quantity, or a table of a waveform, as in a case file; none in open circuit
        duration  a text with its unit, or a quantity
        Raises CaseError; SolverError where there is no solution.
        """
        for _ in self.steps(drive, value, duration):
            pass
        return self.now

    def steps(self, drive: str, value: Any = None, duration: Any = None) -> Iterator[Instant]:
        """Return the accepted time steps of a drive, each made when it is asked for. Left early, the device stands
        where the last one ended, and the next drive begins there.

        Takes what `drive` takes. Raises CaseError at once; on the way SolverError, and CaseError where another drive
        has begun since.
        """
        return self._driven(self._step({"drive": drive, "value": value, "duration": duration}))

    def _step(self, entries: dict[str, Any]) -> Step:
        """Return a protocol step, checked with the device as one of its case. Raises CaseError."""
        probe = self._case.copy()
        try:
            probe.set("protocol", [{name: item for name, item in entries.items() if item is not None}])
        except CaseError as error:
            lines = [line.removeprefix("set: ").replace("protocol[0].", "", 1) for line in error.lines]
            raise CaseError([f"drive: {line}" for line in lines]) from None
        return next(iter(probe.resolved.protocol))

    def _driven(self, step: Step) -> Iterator[Instant]:
        self._driving = step
        for _ in self.core.drive(step):
            yield self.now
            if self._driving is not step:
                raise CaseError(["steps: another drive has begun since; a drive that was left does not go on"])

    @property
    def now(self) -> Instant:
        """The device as it stands."""
        state, fractions = self.core.state, self._channel.fractions(self.core.state)
        readout = self._channel.conductance(state), self._channel.filling_of(fractions)
        return Instant(state.time, state.offset, self.core.voltage, self.core.current, *readout)

    def impedance(self, frequencies: Any = "1 mHz:1 MHz:10", *, noise: bool = False) -> "Spectrum":
        """Return the spectrum of the impedance and of dG/dV as the device stands, which stays as it is.

        frequencies  "from:to:per decade", or a list of frequencies with their unit
        noise        also the spectral densities of thermal and reaction noise
        Raises GivenError.
        """
        from eisfv.api.impedance import spectrum, wanted_of

        return spectrum(self.core.built, self.core.state, wanted_of(frequencies, noise), self._case.resolved.title)

    @property
    def profiles(self) -> "xr.Dataset":
        """The fields as they stand: dimension cell, with region, y (m), in a section x (m); units as attributes."""
        import xarray as xr

        built = self.core.built
        values = self._values.of(snapshot(built.tables, self.core.state))
        variables = {
            v.name: ("cell", values[v.name], attributes(v.unit, v.long_name)) for v in profile_variables(built)
        }
        return xr.Dataset(variables, cell_coordinates(cells_of(built)))
