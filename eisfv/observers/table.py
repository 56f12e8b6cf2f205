"""Observers: what is read off a run as it goes by.

To add one: a file with a class of the form of `Observer`, and a line in the table below; where it writes a table of its
own, a line in `eisfv.result.file_names.TABLES` says what that is called.
"""

from collections.abc import Callable

from eisfv.observers.beyond_couples import BeyondCouples
from eisfv.observers.crowding import Crowding
from eisfv.observers.flatness import Flatness
from eisfv.observers.ion_balance import IonBalance
from eisfv.observers.observer import Observer, Watched
from eisfv.observers.profiles import Profiles
from eisfv.observers.pulses import Pulses
from eisfv.observers.spectra import Spectra
from eisfv.observers.tables_left import TablesLeft
from eisfv.observers.terminals import Terminals

OBSERVERS: tuple[Callable[[Watched], Observer], ...] = (
    Terminals,
    Pulses,
    Profiles,
    Spectra,
    lambda watched: Flatness(watched.built),
    lambda watched: IonBalance(watched.built),
    lambda watched: TablesLeft(watched.built),
    lambda watched: BeyondCouples(watched.built),
    lambda watched: Crowding(watched.built),
)
