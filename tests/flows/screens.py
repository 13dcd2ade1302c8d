"""What a command prints, run in this process."""

from typer.testing import CliRunner

from flows.cli import app
from warehouse.home import Home


def screens(*words: str, home: Home, status: int = 0) -> str:
    """Run a command of the command line on a home; give all that it prints."""
    done = CliRunner().invoke(app, ["--home", str(home.root), *words])
    assert done.exit_code == status, (done.output, done.exception)
    return done.output
