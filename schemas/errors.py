"""What can go wrong between a publisher and a release, and what each case means for the person at the screen.

Every error of ours says what happened, why, and what to do next, and whether trying again can help. There is one
way to fail: raise one of these. The command line prints them as one block and never shows a traceback.
"""

import errno
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar


class IctdevError(Exception):
    """Something went wrong in a way we understand.

    `what` is the plain fact, `why` the reason as far as it is known, `next_step` what the reader can do.
    `retry` tells whether the same request may succeed later without anybody changing anything.
    """

    title: ClassVar[str] = "the work could not be done"
    retry: ClassVar[bool] = False
    exit_status: ClassVar[int] = 4

    def __init__(self, what: str, *, why: str = "", next_step: str = "", source: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.next_step = next_step
        self.source = source

    def lines(self) -> list[tuple[str, str]]:
        """Give the block of the error as (label, text) pairs, empty parts left out."""
        parts = [("what", self.what), ("why", self.why), ("next", self.next_step)]
        return [(label, text) for label, text in parts if text]

    def __str__(self) -> str:
        return "; ".join(text for _, text in self.lines())


class Unavailable(IctdevError):
    """The publisher did not answer, or answered with an outage page."""

    title = "source unavailable"
    retry = True


class Unreachable(Unavailable):
    """Nobody answers at the publisher's address: its other series need not be asked for."""


class Changed(IctdevError):
    """The answer has another shape than the contract says: columns, envelope, units."""

    title = "source changed its format"


class Invalid(IctdevError):
    """The answer has the right shape and impossible content."""

    title = "figures are not valid"


class Unmapped(IctdevError):
    """A code that our code lists do not know."""

    title = "unknown code"


class Empty(IctdevError):
    """The answer holds no figure where figures were expected."""

    title = "empty answer"
    retry = True


class Held(IctdevError):
    """A check failed: nothing of the source is published, the last good figures stay."""

    title = "source held"


class Guarded(Held):
    """A guard holds an answer that came whole, because it changes more than its publisher usually does."""

    title = "source held by a guard"


class Unforeseen(IctdevError):
    """A reader, the client or a check failed in a way that nobody foresaw: a fault of ours that one source met."""

    title = "fault in our code"


class Busy(IctdevError):
    """Another refresh is running on this home."""

    title = "another refresh is running"
    retry = True
    exit_status = 5


class Unanswered(IctdevError):
    """The question has no answer here: a query refused, or nothing found."""

    title = "no answer"
    exit_status = 1


class Unshared(Unanswered):
    """The shared storage did not take or give what it should; releases of this home are not touched by that."""

    title = "shared storage unavailable"
    retry = True


class Usage(IctdevError):
    """The command was given something it cannot work with."""

    title = "usage"
    exit_status = 2


_OF_THE_MACHINE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.EIO, errno.ENOENT}
    | {errno.EMFILE, errno.ENFILE}
)
"""Failures of files and disk: no source is to blame for them, and the next one would meet them too."""


@contextmanager
def isolated(step: str, name: str) -> Iterator[None]:
    """Turn what nobody foresaw inside into an Unforeseen, so that it costs one source and not the run.

    `step` says what was done (`extracting`, `reading and validating`), `name` with what. Errors of ours and failures
    of the machine pass as they are.
    """
    try:
        yield
    except IctdevError:
        raise
    except Exception as error:  # any other is a fault of ours, whatever its kind
        if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
            raise
        raise Unforeseen(
            f"{name}: {step} it failed with {type(error).__name__}: {str(error)[:300]}",
            why=f"a fault in {_place(error)}; the other sources go on",
            next_step="report it with this text and the file or answer that it was reading",
        ) from error


def _place(error: Exception) -> str:
    """Name the file and line of the last step inside our own code, else of the last step at all."""
    frames = traceback.extract_tb(error.__traceback__)
    root = Path(__file__).resolve().parents[1]
    own = [frame for frame in frames if _is_own(frame.filename, root)]
    last = (own or frames)[-1]
    path = Path(last.filename)
    return f"{path.relative_to(root) if own else path.name}, line {last.lineno}"


def _is_own(filename: str, root: Path) -> bool:
    path = Path(filename)
    return path.is_relative_to(root) and "site-packages" not in path.relative_to(root).parts
