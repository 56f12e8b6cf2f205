"""Commands in this process."""

from typer.testing import CliRunner, Result

from eisfv.cli import app


def invoke(*words: object) -> Result:
    """Return a command in this process; what is not an exit fails the test."""
    result = CliRunner(env={"COLUMNS": "120", "NO_COLOR": "1"}).invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
