"""What goes into an export: the figures that were asked for, the tables beside them, and whose they are."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import duckdb

from warehouse import terms
from warehouse.describe import table_order
from warehouse.exports.selection import FIGURES, PREFERRED, Asked, chosen, select
from warehouse.literals import quoted
from warehouse.pointer import Release
from warehouse.query import fetch_rows
from warehouse.terms import OURS, UNKNOWN, Terms

REFERENCE = (
    "area", "area_group", "indicator", "indicator_series", "method", "paragraph", "paragraph_indicator",
    "paragraph_target", "register", "source", "target", "wsis_sdg",
)  # fmt: skip
"""Tables without figures, needed to read the others: they go into every export."""
VIEWS = ("revision",)
"""Views of a release besides `observation`, whose rows have no order of their own."""
MEMORY = "200MB"
"""What DuckDB may hold of an export at a time."""
_KEYS = "indicator, ref_area, time_period, sex, age, urbanisation, breakdown"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export: its name, its rows as a query, and their strictest terms where they are figures."""

    name: str
    query: str
    terms: Terms | None = None

    @property
    def stem(self) -> str:
        """The table's name as its file has it: with the licence where that is not open."""
        return self.name if self.terms is None or self.terms.open else f"{self.name}.{label(self.terms)}"


@dataclass(slots=True)
class Share:
    """One source's part of an export."""

    source: str
    about: dict[str, Any]
    terms: Terms
    editions: list[str] = field(default_factory=list)
    figures: int = 0
    left_out: int = 0
    """Figures that an open export does not hold, because their terms are not open."""


@dataclass(frozen=True, slots=True)
class Part:
    """Figures of one indicator, source, edition and licence."""

    indicator: str
    source: str
    edition: str
    licence: str
    figures: int


class Content:
    """The part of a release that was asked for, on a connection of its own. Use as a context manager."""

    def __init__(self, release: Release, asked: Asked) -> None:
        self.release = release
        self.asked = asked

    def __enter__(self) -> Self:
        self._spill = TemporaryDirectory(prefix="ictdev-export-")
        self.con = _connect(self.release, self._spill.name)
        self._selected = select(self.con, self.asked)
        self._parts = [
            Part(*row)
            for row in self.con.execute(
                "SELECT indicator, source, edition, licence, count(*) FROM observation GROUP BY ALL ORDER BY ALL"
            ).fetchall()
        ]
        self.terms = self.terms_of(lambda _: True) or UNKNOWN
        self.shares = self._shares()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.con.close()
        self._spill.cleanup()

    def terms_of(self, wanted: Callable[[Part], bool]) -> Terms | None:
        """Give the strictest terms of the parts that are wanted; None where there are none."""
        known = {one.licence: one for one in (*self._selected.of_sources.values(), UNKNOWN)}
        found = {one for part in self._parts if wanted(part) for one in part.licence.split(" AND ")}
        return terms.strictest(known[licence] for licence in found) if found else None

    @property
    def indicators(self) -> list[str]:
        """Indicators that the export holds figures of."""
        return sorted({part.indicator for part in self._parts})

    def _shares(self) -> list[Share]:
        about = {row["id"]: row for row in fetch_rows(self.con, "SELECT * FROM main.source ORDER BY id")}
        shares = {id_: Share(id_, row, self._selected.of_sources.get(id_, UNKNOWN)) for id_, row in about.items()}
        for part in self._parts:
            share = shares.setdefault(part.source, Share(part.source, {}, UNKNOWN))
            share.editions = sorted({*share.editions, part.edition})
            share.figures += part.figures
        if self.asked.open_only:
            self._count_left_out(shares)
        if OURS in shares:
            shares[OURS].terms = self.terms_of(lambda part: part.source == OURS) or UNKNOWN
        return list(shares.values())

    def _count_left_out(self, shares: dict[str, Share]) -> None:
        only = f"AND h.indicator = {quoted(self.asked.indicator)}" if self.asked.indicator else ""
        query = (
            f"SELECT h.source, count(*) FROM main.observation_history h WHERE {self._selected.held} {only} GROUP BY 1"
        )
        for source, count in self.con.execute(query).fetchall():
            shares[source].left_out = count - shares[source].figures

    def tables(self) -> list[Table]:
        """Give the tables of the export, in order of their names."""
        found = [*FIGURES, *REFERENCE]
        if self.asked.whole:
            rows = self.con.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'release' UNION ALL "
                "SELECT view_name FROM duckdb_views() WHERE database_name = 'release' AND NOT internal"
            ).fetchall()
            found = [row[0] for row in rows]
        return [self.table(name) for name in sorted(found)]

    def table(self, name: str) -> Table:
        """Give one table of the export."""
        found = None if name in REFERENCE else self.terms
        if name == "source":
            return Table(name, self._source_query())
        if name == "observation":
            return Table(name, f"SELECT * FROM observation{self._order()}", found)
        if name in FIGURES:
            return Table(name, self._chosen_query(name), found)
        order = f" ORDER BY {table_order(name)}" if name in VIEWS else ""
        return Table(name, f"SELECT * FROM main.{name}{order}", found)

    def figures(self, indicator: str) -> Table:
        """Give the figures of one indicator."""
        query = f"SELECT * FROM observation WHERE indicator = {quoted(indicator)}{self._order()}"
        return Table(indicator, query, self.terms_of(lambda part: part.indicator == indicator) or UNKNOWN)

    def _order(self) -> str:
        """Put figures in order where the history's own does not hold."""
        return f" ORDER BY {_KEYS}, source" if self.asked.edition_as_of else ""

    def _chosen_query(self, name: str) -> str:
        if not self.asked.whole or name == PREFERRED:
            return f"SELECT * FROM {name} ORDER BY {table_order('observation_preferred')}"
        return chosen(self.con, name, self._selected)

    def _source_query(self) -> str:
        """Give the publishers whose figures are in the export, ours with the strictest of its inputs' terms."""
        kept = [share.source for share in self.shares if share.figures or self.asked.whole]
        ours = next((share.terms for share in self.shares if share.source == OURS), UNKNOWN)
        texts = {"licence": ours.licence, "licence_title": ours.title, "licence_url": ours.url}
        told = [f"CASE id WHEN '{OURS}' THEN {quoted(text)} ELSE {name} END AS {name}" for name, text in texts.items()]
        told.append(f"CASE id WHEN '{OURS}' THEN {ours.open} ELSE licence_open END AS licence_open")
        listed = ", ".join(quoted(source) for source in kept) or "''"
        return f"SELECT * REPLACE ({', '.join(told)}) FROM main.source WHERE id IN ({listed}) ORDER BY id"


def _connect(release: Release, spill: str) -> duckdb.DuckDBPyConnection:
    """Attach a release to an instance of its own: this process may have it open for reading under other settings."""
    con = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": spill})
    con.execute(f"ATTACH {quoted(str(release.database))} AS release (READ_ONLY)")
    con.execute("USE release")
    # Rows leave in the history's own order as long as the small table is the one that is hashed.
    con.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    return con


def label(found: Terms) -> str:
    """Give terms as a part of a file's name."""
    return re.sub(r"[^A-Za-z0-9.+-]+", "-", found.licence.replace(" AND ", "+")).strip("-.") or "closed"
