"""What one refresh did, source by source: the numbers that the screen shows and the exit status they amount to."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from schemas.errors import Guarded

OK, PARTLY, NOTHING = 0, 3, 4


@dataclass
class SourceReport:
    """How one source's part went."""

    source: str
    title: str
    state: str
    edition: str
    observations: int = 0
    added: int = 0
    revised: int = 0
    removed: int = 0
    older: int = 0
    rejected: int = 0
    checks_passed: int = 0
    warnings: list[str] = field(default_factory=list)
    troubles: list[dict[str, Any]] = field(default_factory=list)
    """What was held or did not come: title, what, why, next."""


@dataclass
class Report:
    """How the run went, and which release stands now."""

    sources: list[SourceReport] = field(default_factory=list)
    changed: bool = False
    vintage: str = ""
    release: str = ""
    seconds: float = 0.0
    events: list[str] = field(default_factory=list)
    """Targets that stand otherwise than before."""
    release_warnings: list[str] = field(default_factory=list)
    """What the gate before the release warns of."""
    remarks: list[str] = field(default_factory=list)
    """What the run itself met: that it needed more memory than is usual."""
    refused: dict[str, str] = field(default_factory=dict)
    """Why nothing could be published: what, why, next."""
    unshared: dict[str, str] = field(default_factory=dict)
    """Why the shared storage lacks what stands here: what, why, next."""

    def save(self, path: Path) -> Path:
        """Write the report; give its path."""
        path.write_bytes(orjson.dumps(asdict(self)))
        return path

    @classmethod
    def load(cls, path: Path) -> "Report":
        """Read a report back."""
        note = orjson.loads(path.read_bytes())
        return cls(**{**note, "sources": [SourceReport(**one) for one in note["sources"]]})

    @property
    def exit_status(self) -> int:
        """0 when all went well, 3 when something was held or did not come, 4 when nothing could be taken in.

        Figures that came whole and that guards hold until somebody has looked are 3: the rest stands published.
        """
        if self.refused:
            return NOTHING
        if self.unshared:
            return max(PARTLY, self._of_sources)
        return self._of_sources

    @property
    def _of_sources(self) -> int:
        states = [source.state for source in self.sources]
        if all(state == "good" for state in states):
            return OK
        if any(state in {"good", "partial"} for state in states) or (self.release and self._only_guarded):
            return PARTLY
        return NOTHING

    @property
    def _only_guarded(self) -> bool:
        """True when guards held all that came, and nothing was broken or missing."""
        titles = {trouble["title"] for source in self.sources for trouble in source.troubles}
        return titles == {Guarded.title}
