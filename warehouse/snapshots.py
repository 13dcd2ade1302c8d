"""Raw bytes as they came: named by their hash, kept for ever, checked whenever they are read."""

import gzip
import hashlib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from schemas.errors import Invalid, Unanswered
from schemas.source import Raw
from warehouse.home import write_atomically


@dataclass(frozen=True, slots=True)
class Receipt:
    """How bytes came to us: by which route, from where, when, and what is needed to read them again."""

    snapshot: str
    source: str
    route: str
    """`fetched`, `file` or `bundle`."""
    name: str
    url: str
    received: str
    size: int
    edition: str = ""
    page: int = 1
    series: tuple[str, ...] = ()
    side: dict[str, Any] = field(default_factory=dict)
    """The side file of a bundle file."""
    headers: dict[str, str] = field(default_factory=dict)
    """Headers of the answer that are worth keeping: validators, date, type."""
    areas: tuple[str, ...] | None = None
    """Areas that the publisher was asked for; None for all."""
    years: tuple[int, int] | None = None
    """First and last year that the publisher was asked for; None for all."""
    whole: bool | None = None
    """Whether a file is all there is, as a person says, or a publisher's answer by its own totals.

    None where that was not recorded: bundles say it themselves, and journals of older versions do not have it.
    """

    def as_note(self) -> dict[str, Any]:
        """Give the receipt as plain JSON."""
        return asdict(self)

    @classmethod
    def from_note(cls, note: dict[str, Any]) -> "Receipt":
        """Make a receipt of its JSON form."""
        asked = {name: tuple(note[name]) for name in ("areas", "years") if note.get(name) is not None}
        return cls(**{**note, **asked, "series": tuple(note["series"])})


class Snapshots:
    """The folder of raw bytes, one gzip file per content, and one receipt per arrival."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Place of a snapshot."""
        return self.root / sha256[:2] / f"{sha256}.gz"

    def names(self) -> list[str]:
        """Give the hash of everything that is held."""
        return sorted(path.stem for path in self.root.glob("??/*.gz"))

    def put(self, content: bytes) -> str:
        """Keep bytes and give their name; bytes already held are not written again."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, gzip.compress(content, compresslevel=3, mtime=0))
        return sha256

    def get(self, sha256: str) -> bytes:
        """Read bytes back. Raises Unanswered when they are not held, Invalid when they were damaged."""
        try:
            content = gzip.decompress(self.path(sha256).read_bytes())
        except FileNotFoundError as error:
            raise Unanswered(f"snapshot {sha256[:12]} is not held here") from error
        except (OSError, EOFError) as error:
            raise _damaged(sha256, str(error)) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise _damaged(sha256, "its bytes have another hash than its name")
        return content

    def file(self, receipt: Receipt) -> Receipt:
        """Write down an arrival, and give it as it is filed.

        The same bytes by the same route from the same place are one arrival: the first one stands, with its day.
        """
        content = orjson.dumps(asdict(receipt), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        identity = f"{receipt.source}|{receipt.route}|{receipt.url}|{receipt.edition}|{receipt.name}"
        tag = hashlib.sha256(identity.encode()).hexdigest()[:8]
        path = self.path(receipt.snapshot).with_name(f"{receipt.snapshot}.{tag}.json")
        if path.exists():
            return replace(receipt, received=_receipt(path).received)
        write_atomically(path, content)
        return receipt

    def receipts(self) -> list[Receipt]:
        """Give every arrival, oldest first."""
        found = [_receipt(path) for path in sorted(self.root.glob("??/*.json"))]
        return sorted(found, key=lambda one: (one.received, one.snapshot, one.source, one.url))

    def raw(self, receipt: Receipt) -> Raw:
        """Give the bytes of an arrival as a reader takes them."""
        content = self.get(receipt.snapshot)
        return Raw(content, receipt.name, receipt.url, receipt.edition, receipt.received[:10])


def _receipt(path: Path) -> Receipt:
    return Receipt.from_note(orjson.loads(path.read_bytes()))


def _damaged(sha256: str, why: str) -> Invalid:
    return Invalid(
        f"snapshot {sha256[:12]} was damaged on disk",
        why=why,
        next_step="restore the snapshots folder from a backup, or fetch the source again with ictdev refresh",
    )
