"""What can be wrong with how a run is to be solved; the message is one line for the user."""

from eisfv.errors import FAILED, EisfvError


class SetupError(EisfvError):
    """The linear solver, its options and the processes do not go together."""


class EquilibriumError(EisfvError):
    """The initial state could not be found."""

    exit_code = FAILED
