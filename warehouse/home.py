"""Where everything lives: the folder that holds snapshots, history, releases and the pointer to the newest one."""

import os
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schemas.errors import IctdevError

VINTAGE_FORMAT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one installation (`ICTDEV_HOME`), with the names of what is in it."""

    root: Path

    @property
    def snapshots(self) -> Path:
        """Raw bytes as they came."""
        return self.root / "snapshots"

    @property
    def history(self) -> Path:
        """The writer's database; nobody else opens it."""
        return self.root / "history.duckdb"

    @property
    def releases(self) -> Path:
        """One folder per release, never changed once it has its name."""
        return self.root / "releases"

    @property
    def pointer(self) -> Path:
        """Names the newest whole release; replaced last."""
        return self.root / "latest.json"

    @property
    def state(self) -> Path:
        """Freshness of each source after the last run, for readers that must not open the history."""
        return self.root / "state.json"

    @property
    def lock(self) -> Path:
        """Held by the refresh that is running."""
        return self.root / "lock"

    @property
    def work(self) -> Path:
        """Scratch space of the run in progress."""
        return self.root / "work"

    @property
    def tiles(self) -> Path:
        """Files of tiles while they are worked on, and lookups that were made of boundaries."""
        return self.root / "tiles"

    @property
    def journal(self) -> Path:
        """What each run took in, in order: with the snapshots enough to make the history anew."""
        return self.snapshots / "journal"

    @property
    def mapping(self) -> Path:
        """What an operator said that publishers' unknown codes mean; it travels with the journal."""
        return self.journal / "mapping.json"

    @property
    def held(self) -> Path:
        """Answers that a guard held, waiting for a person to let them through or for the publisher to mend them."""
        return self.root / "held"

    @property
    def settled(self) -> Path:
        """What the newest answer of each source came to, so that it is not read again; may be removed at any time."""
        return self.root / "settled"

    @property
    def shared(self) -> Path:
        """Releases that this machine fetched from a shared storage, as single files; may be removed at any time."""
        return self.root / "shared"

    @property
    def kept(self) -> Path:
        """Names of the releases that are never removed."""
        return self.root / "kept.json"

    @property
    def runs(self) -> Path:
        """How the last run went and when each publisher was asked, for the schedule, notices and `/health`."""
        return self.root / "runs.json"

    def create(self) -> None:
        """Make the folders. Raises a clear error when that is not possible."""
        try:
            for folder in (self.root, self.snapshots, self.releases):
                folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.root):
                pass
        except OSError as error:
            raise IctdevError(
                f"the folder {self.root} cannot be written",
                why=str(error),
                next_step="name another one with --home DIR or ICTDEV_HOME, or mend its rights",
            ) from error


def vintage_text(vintage: datetime) -> str:
    """Name of a vintage: `20261123T180412Z`."""
    return vintage.strftime(VINTAGE_FORMAT)


def parse_vintage(text: str) -> datetime:
    """Read a vintage's name or a date; a date means the end of that day. Naive UTC. Raises ValueError."""
    if re.fullmatch(r"\d{8}T\d{6}Z", text):
        return datetime.strptime(text, VINTAGE_FORMAT)  # noqa: DTZ007 - vintages are naive UTC throughout the database
    moment = datetime.fromisoformat(text)
    if len(text) == len("2026-11-23"):
        return moment + timedelta(days=1) - timedelta(microseconds=1)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def next_vintage(previous: datetime | None) -> datetime:
    """Give the moment as a vintage, later than any before it even if the clock was set back."""
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    if previous is not None and now <= previous:
        return previous + timedelta(seconds=1)
    return now


def write_atomically(path: Path, content: bytes) -> None:
    """Put content at path in one step: a reader sees the old file or the new one, a crash leaves the old."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        os.replace(temporary, path)  # noqa: PTH105 - the one call that is atomic
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
