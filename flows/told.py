"""Every failure told as one block on stderr, with the exit status that it amounts to."""

import os
import sys

from flows import options
from schemas.errors import IctdevError


class Told:
    """Tells every failure as one block on stderr, and ends with the exit status that it amounts to."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, SystemExit) or (options.given.debug and isinstance(error, Exception)):
            return
        if isinstance(error, KeyboardInterrupt):
            sys.stderr.write("stopped; the last release stands\n")
            raise SystemExit(130)
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes
            raise SystemExit(0)
        from flows import screen  # noqa: PLC0415

        problem = _understood(error)
        screen.error(problem)
        raise SystemExit(problem.exit_status)


def _understood(error: BaseException) -> IctdevError:
    """Give an error of ours for whatever happened."""
    if isinstance(error, IctdevError):
        return error
    if isinstance(error, OSError):
        place = f": {error.filename}" if error.filename else ""
        return IctdevError(
            f"{error.strerror or error}{place}",
            why="the machine refused to read or write a file",
            next_step="mend that, then run the command again; the last release stands",
        )
    return IctdevError(
        "something happened that nobody foresaw",
        why=f"{type(error).__name__}: {error}",
        next_step="run the command again with --debug before its name, and report what that prints",
    )
