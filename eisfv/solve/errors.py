"""What can be wrong with how a run is to be solved; the message is one line for the user."""


class SetupError(ValueError):
    """The linear solver, its options and the processes do not go together."""
