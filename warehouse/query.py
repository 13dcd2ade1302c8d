"""Reading a release: ad-hoc SQL that cannot write, reach files or leave the release."""

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from schemas.errors import Invalid, Unanswered, Usage
from warehouse.home import Home, parse_vintage
from warehouse.releases import Release, newest

_CONFIG = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "memory_limit": "1GB",
    "threads": "2",
    "max_temp_directory_size": "0KB",
}
"""What keeps SQL that was pasted from elsewhere inside the release."""

_READING = ("SELECT", "EXPLAIN")


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
        try:
            self.con = duckdb.connect(str(self.release.database), read_only=True, config=_CONFIG)
        except duckdb.Error as error:
            raise Invalid(
                f"the release {self.release.vintage} cannot be opened",
                why=str(error).splitlines()[0],
                next_step="if the file was damaged: ictdev refresh publishes anew once it is moved away",
            ) from error
        self.con.execute("SET lock_configuration = true")
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
        self._refuse_writing(text)
        self._set_clock(as_of, edition_as_of)
        try:
            return self.con.sql(text).to_arrow_table()
        except duckdb.Error as error:
            raise Unanswered(
                "the query was refused",
                why=str(error).strip(),
                next_step='ictdev sql "SHOW TABLES"   lists what there is; a release can be read, not changed',
            ) from error

    def rows(self, text: str, parameters: list[object] | None = None) -> list[dict[str, Any]]:
        """Run one of our own statements with bound parameters and give rows as dictionaries."""
        return fetch_rows(self.con, text, parameters)

    def _refuse_writing(self, text: str) -> None:
        try:
            statements = self.con.extract_statements(text)
        except (duckdb.Error, ValueError) as error:
            raise Unanswered(
                "the query cannot be read", why=str(error).strip(), next_step="check its spelling"
            ) from error
        if len(statements) != 1:
            raise Usage(
                f"{len(statements)} statements were given",
                next_step="give one statement at a time; PIVOT needs its values: … ON sex IN ('F', 'M')",
            )
        kind = statements[0].type.name
        if kind not in _READING and not text.lstrip().upper().startswith(("SHOW", "DESCRIBE", "SUMMARIZE", "PIVOT")):
            raise Unanswered(
                f"{kind} statements are refused",
                why="a release is immutable: it can be read, not changed",
                next_step="open a copy of the .duckdb file with your own tool to build upon it",
            )

    def _set_clock(self, as_of: str | None, edition_as_of: str | None) -> None:
        if as_of is None and edition_as_of is None:
            return
        if as_of is not None and edition_as_of is not None:
            raise Usage("--as-of and --edition-as-of cannot be combined", next_step="choose one of the two clocks")
        if as_of is not None:
            moment = _moment(as_of).isoformat(sep=" ")
            body = f"SELECT * FROM main.observation_as_of('{moment}')"
        else:
            day = _moment(edition_as_of or "").date().isoformat()
            body = _EDITION_AS_OF.format(day=day)
        self.con.execute(f"CREATE OR REPLACE TEMP VIEW observation AS {body}")


_EDITION_AS_OF = """
SELECT indicator, ref_area, time_period, year, sex, age, urbanisation, breakdown, value, unit, obs_status, note,
       source, series_code, edition, snapshot, record
FROM main.observation_history
WHERE edition_date <= DATE '{day}'
QUALIFY row_number() OVER (
  PARTITION BY source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown
  ORDER BY edition_date DESC, vintage_from DESC) = 1"""


def _moment(text: str) -> datetime:
    try:
        return parse_vintage(text)
    except ValueError as error:
        raise Usage(
            f"“{text}” is not a date", next_step="write 2026-11-23, or a vintage such as 20261123T180412Z"
        ) from error


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
