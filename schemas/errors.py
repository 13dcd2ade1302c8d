"""What can go wrong between a publisher and a release, and what each case means for the person at the screen.

Every error of ours says what happened, why, and what to do next, and whether trying again can help. There is one
way to fail: raise one of these. The command line prints them as one block and never shows a traceback.
"""

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
