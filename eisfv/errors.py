"""What ends a command: one base for every error that is told to the user, with the exit code it means.

The message is what the user reads, one line for each fault, without a traceback. The command line catches `EisfvError`
in one place; what makes many runs catches it to go on with the others.
"""

from typing import ClassVar

DONE, FAILED, WRONG_INPUT = 0, 1, 2
LONGEST_LINE = 1000  # characters


class EisfvError(Exception):
    """exit_code  1: the run or the comparison failed; 2: the input is wrong"""

    exit_code: ClassVar[int] = WRONG_INPUT

    def __str__(self) -> str:
        """Return the message, a line of more than LONGEST_LINE characters cut short: a file may be one long word."""
        lines = super().__str__().split("\n")
        return "\n".join(line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} ..." for line in lines)


def one_line(error: BaseException) -> str:
    """Return what an error says, on one line."""
    return " ".join(str(error).split()) or type(error).__name__


class EisfvWarning(UserWarning):
    """What a user should know of a case or a run that goes on all the same."""
