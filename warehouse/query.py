"""Reading a release: ad-hoc SQL that cannot write, reach files or leave the release."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from schemas.errors import Unanswered
from warehouse import asking
from warehouse.home import Home
from warehouse.pointer import Release, newest


def fetch_rows(
    con: duckdb.DuckDBPyConnection, text: str, parameters: list[object] | None = None
) -> list[dict[str, Any]]:
    """Run one of our own statements with bound parameters and give rows as dictionaries."""
    result = con.execute(text, parameters or [])
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


class Session:
    """A read-only SQL session on one release. Use as a context manager."""

    def __init__(self, release: Release) -> None:
        self.release = release

    def __enter__(self) -> Self:
        self.con = asking.connect(str(self.release.database), self.release.vintage)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.con.close()

    def sql(self, text: str, *, as_of: str | None = None, edition_as_of: str | None = None) -> pa.Table:
        """Run one reading statement.

        With `as_of` (a date or a vintage) the table `observation` holds the figures as we held them then; with
        `edition_as_of` (a date) as their publishers had said them by then. Raises Unanswered for a refused or
        mistaken statement, Usage for a text that is not one statement.
        """
        asking.set_clock(self.con, as_of, edition_as_of)
        try:
            return asking.relation(self.con, text).to_arrow_table()
        except duckdb.Error as error:
            raise asking.refused(error) from error

    def rows(self, text: str, parameters: list[object] | None = None) -> list[dict[str, Any]]:
        """Run one of our own statements with bound parameters and give rows as dictionaries."""
        return fetch_rows(self.con, text, parameters)


def open_release(home: Path | str = "data", vintage: str | None = None) -> Session:
    """Open the newest release of a home, or the one of the named vintage, for reading.

    >>> with open_release("data") as release:            # doctest: +SKIP
    ...     release.sql("FROM gender_gap LIMIT 5").to_pandas()
    """
    place = Home(Path(home))
    if vintage is None:
        return Session(newest(place))
    folder = place.releases / vintage
    if not (folder / "ictdev.duckdb").exists():
        there = ", ".join(sorted(path.name for path in place.releases.glob("2*"))) or "none"
        raise Unanswered(f"there is no release {vintage}", why=f"there are: {there}")
    return Session(Release(folder, {"vintage": vintage}))
