"""`eisfv.load`, `eisfv.Case`: a case as its user holds it."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from eisfv.api.given import path_of, place_or_none
from eisfv.api.plain import plain
from eisfv.case.file_tree import Override, find_file, is_resolved, parse_key, read_toml
from eisfv.case.loading import resolve
from eisfv.case.problems import CaseError, display, value_text
from eisfv.case.protocol_file import lay_over, refuse_stray

if TYPE_CHECKING:
    from eisfv.api.checking import Check
    from eisfv.case.case import Case as Resolved

MADE, SET = "Case", "set"  # what a fault is told of: the call
SOURCE = "set in Python"


class Case:
    """A device, what is done to it, and what is written: the tables of a case file, changed in place by `set`.

    It always holds a case that can be run: whatever is wrong is refused when it is made or set, by `eisfv.CaseError`
    with one line for each fault. A run keeps a copy of its own.

    From scratch in ten lines, the tables being those of a case file:

    >>> import eisfv
    >>> law = {"law": "butler_volmer", "exchange_current": "0.1 uA/cm^2", "alpha": 0.5}
    >>> film = {"material": "mg_wo3", "thickness": "80 nm"}
    >>> gate = {"name": "gate", **film, "initial": {"x": 0.0078}}
    >>> salt = {"name": "salt", "material": "pce_succinonitrile_mg", "thickness": "1 um"}
    >>> channel = {"name": "channel", **film, "initial": {"x": 0.005}}
    >>> interfaces = [{"between": pair, "ion": law} for pair in (["gate", "salt"], ["salt", "channel"])]
    >>> ends = {"gate": {"kind": "ohmic"}, "channel": {"kind": "ohmic"}}
    >>> stack = {"region": [gate, salt, channel], "interface": interfaces, "contact": ends}
    >>> pulse = {"drive": "voltage", "value": "0.5 V", "duration": "50 ms", "pulse": True}
    >>> case = eisfv.Case("Mine", device={"temperature": "25 degC", "area": "0.6 cm^2", **stack}, protocol=[pulse])

    Keys are set as on the command line, and refused as there:

    >>> case.set("device.region.salt.thickness", "2 um")
    >>> case.set("device.region[1].thickness", 2e-6)
    Traceback (most recent call last):
    eisfv.case.problems.CaseError: set: device.region[1].thickness = 2e-06 has no unit; write for example "30 nm"
    >>> [region.height for region in case.resolved.device.regions]  # m
    [8e-08, 2e-06, 8e-08]
    """

    def __init__(self, title: str = "", *, source: str = "", **tables: Any) -> None:
        """Make a case of the tables of a case file: device, protocol, and where wanted readout, output, mesh, solver,
        material. Files that they name are looked for in the working directory. Raises CaseError.

        Tables are dicts, lists of tables lists of dicts, quantities texts with their unit, or anything with `magnitude`
        and `units`, as pint's quantities.
        """
        head = {"case": {"title": title, "source": source}} if title or "case" not in tables else {}
        tree = plain(head | tables, (), MADE)
        refuse_stray(tree, MADE, resolved=False)
        self._begin(tree, Path(), MADE)

    def _begin(
        self, tree: dict[str, Any], directory: Path, origin: str, *, trust: bool = False, protocol: Path | None = None
    ) -> None:
        self._tree, self._directory, self._origin, self._trust = tree, directory, origin, trust
        self._protocol = protocol
        self._settings: tuple[Override, ...] = ()
        self._resolved = self._with(())

    @classmethod
    def _read(cls, place: Path, *, trust: bool, protocol: Path | None) -> Self:
        file = find_file(place)
        case = cls.__new__(cls)
        tree = read_toml(file)
        refuse_stray(tree, display(file), resolved=is_resolved(file))
        case._begin(tree, file.parent, display(file), trust=trust, protocol=protocol)
        return case

    def _with(self, settings: tuple[Override, ...]) -> "Resolved":
        tree = deepcopy(self._tree)
        elsewhere = lay_over(tree, self._protocol) if self._protocol is not None else {}
        return resolve(tree, self._directory, self._origin, settings, trust=self._trust, elsewhere=elsewhere)

    @property
    def resolved(self) -> "Resolved":
        """The records that the simulation takes, in SI, every default said."""
        return self._resolved

    @property
    def title(self) -> str:
        """What the case is called."""
        return self._resolved.title

    @property
    def origin(self) -> str:
        """What a fault of the case is told of: its file, "Case" when it was made in Python."""
        return self._origin

    @property
    def directory(self) -> Path:
        """Where the case was read; the working directory when it was made in Python."""
        return self._directory

    @property
    def toml(self) -> str:
        """The text of a case file that loads to this case, anywhere."""
        from tomli_w import dumps

        # Where the protocol is from is a note of runs: here it stands itself.
        return dumps({key: table for key, table in self._resolved.resolved.items() if key != "protocol_file"})

    def set(self, key: str | Mapping[str, Any], value: Any = None) -> None:
        """Set a key, as `--set` of the command line does; several that only go together as a dict.

        Changes this case and returns nothing: a call whose result is forgotten must not be without effect. Take a
        `copy` for a variant. Raises CaseError, and the case is what it was.

        key    "device.temperature", "device.region.channel.initial.x", "protocol[0].steps[1].duration",
               "material.mg_wo3.species.Mg.diffusivity"
        value  a text with its unit, a plain number where there is none, a quantity of pint, a dict, a list
        """
        if isinstance(key, Mapping) and value is not None:
            raise CaseError([f"{SET}: takes a key and a value, or one dict of them; write the value into the dict"])
        entries = list(key.items()) if isinstance(key, Mapping) else [(key, value)]
        settings = (*self._settings, *(override(name, item) for name, item in entries))
        self._resolved, self._settings = self._with(settings), settings

    def copy(self) -> Self:
        """Return a case of its own that is the same."""
        other = type(self).__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other

    def driven_by(self, protocol: str | Path) -> Self:
        """Return a case of its own in which a protocol file, as cases/protocols/ppf.toml, takes the place of the
        protocol and the measures, as `--protocol` of the command line does. Raises CaseError."""
        other = self.copy()
        other._protocol = path_of(protocol)
        other._resolved = other._with(other._settings)
        return other

    def check(self, *, refine: bool = False) -> "Check":
        """Return how the case is understood: lengths, times, mesh, open-circuit voltage, warnings; `eisfv.check`."""
        from eisfv.api.checking import check

        return check(self, refine=refine)

    def __repr__(self) -> str:
        return f"<eisfv.Case {self.title!r}: {', '.join(region.name for region in self._resolved.device.regions)}>"

    def _repr_html_(self) -> str:
        from eisfv.api.html import of_case

        return of_case(self._resolved)


def override(name: str, value: Any) -> Override:
    """Return what `set` does with a key and a value. Raises CaseError."""
    key = parse_key(name) if isinstance(name, str) else None
    if key is None:
        raise CaseError([f"{SET}: {value_text(name)} is no key; write for example device.region[1].thickness"])
    return Override(key, plain(value, key, SET), SET, SOURCE)


def load(place: str | Path, *, trust: bool = False, protocol: str | Path | None = None) -> Case:
    """Return the case of a case directory, a case file or a run directory.

    trust     let Gmsh execute the .geo file that the case names
    protocol  a protocol file, as cases/protocols/ppf.toml, that takes the place of the case's protocol and measures
    Raises CaseError, which lists every fault with file, key, value and remedy.

    >>> import eisfv
    >>> eisfv.load("nowhere")
    Traceback (most recent call last):
    eisfv.case.problems.CaseError: nowhere: does not exist; make a case with "eisfv new NAME"
    """
    return Case._read(path_of(place), trust=trust, protocol=place_or_none(protocol))


def case_of(case: "Case | str | Path", protocol: str | Path | None = None) -> Case:
    """Return the case that a function was given: itself, or the one at a path; driven by a protocol file where there is
    one. Raises CaseError."""
    if isinstance(case, Case):
        return case if protocol is None else case.driven_by(protocol)
    if isinstance(case, str | Path):
        return load(case, protocol=protocol)
    raise CaseError([f"{value_text(case)} is no case; give an eisfv.Case or the path of a case directory"])
