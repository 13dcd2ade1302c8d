"""What a command prints, run in this process."""

from typer.testing import CliRunner

from flows.cli import app
from schemas.errors import IctdevError
from warehouse.home import Home


def screens(*words: str, home: Home, status: int = 0) -> str:
    """Run a command of the command line on a home; give all that it prints, the error at its end included."""
    done = CliRunner().invoke(app, ["--home", str(home.root), *words])
    code, text = done.exit_code, done.output
    if isinstance(done.exception, IctdevError):
        code, text = done.exception.exit_status, f"{text}{done.exception}"
    assert code == status, (text, done.exception)
    return text
