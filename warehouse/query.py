"""Reading a release: ad-hoc SQL that cannot write, reach files or leave the release."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import duckdb
import pyarrow as pa

from schemas import codelist
from schemas.errors import Invalid, Unanswered
from warehouse import asking
from warehouse.home import Home
from warehouse.lake.reading import SharedRelease, find, storage_of
from warehouse.pointer import Release, newest

if TYPE_CHECKING:
    from warehouse.lineage import Passport


def fetch_rows(
    con: duckdb.DuckDBPyConnection, text: str, parameters: list[object] | dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Run one of our own statements with bound parameters and give rows as dictionaries."""
    result = con.execute(text, parameters or [])
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


class Session:
    """A read-only SQL session on one release. Use as a context manager."""

    def __init__(self, release: Release, newest_of: Home | None = None) -> None:
        self.release = release
        self._newest_of = newest_of
        """Home of which the newest release is meant, whichever that is when the session begins."""

    def __enter__(self) -> Self:
        while True:
            try:
                self.con = _opened(self.release)
            except Invalid:
                former = self.release.vintage
                self.release = newest(self._newest_of) if self._newest_of else self.release
                if self.release.vintage == former:  # else it was retired in between, and there is a newer one
                    raise
            else:
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

    def observations(
        self,
        indicator: str,
        area: str | Sequence[str] | None = None,
        period: str | int | tuple[int, int] | None = None,
        as_of: str | None = None,
        source: str | None = None,
    ) -> pa.Table:
        """Give the figures of an indicator as an Arrow table with the columns of an observation.

        `area`: one code or several; `period`: a year, a period's text or (first, last) year; `as_of`: a date (its
        end) or a vintage, for the figures as we held them then. `unit` says what each value counts. Every source is
        given unless one is named; the table is empty where nothing is held. Raises Unanswered for an indicator that
        is not in the catalogue, Usage for a text that is no date. `.to_pandas()` makes a frame of it.
        """
        if not self.rows("SELECT 1 AS known FROM indicator WHERE indicator = ?", [indicator]):
            known = self.rows("SELECT string_agg(indicator, ', ' ORDER BY indicator) AS there FROM indicator")
            raise Unanswered(f"there is no indicator {indicator}", why=f"there are: {known[0]['there']}")
        first, last = _years(period)
        given = {
            "indicator": indicator,
            "areas": [area] if isinstance(area, str) else None if area is None else list(area),
            "text": period if isinstance(period, str) else None,
            "first": first,
            "last": last,
            "source": source,
        }
        table = "observation" if as_of is None else f"observation_as_of('{asking.moment(as_of).isoformat(sep=' ')}')"
        return self.con.execute(_OBSERVATIONS.format(table=table), given).to_arrow_table()

    def revisions(self, since: str, until: str | None = None, **only: str) -> pa.Table:
        """Give every figure that differs between two moments (dates or vintages), largest revisions first.

        `until` is the release's own vintage where it is left out; `only` narrows by source, indicator, area or year.
        Columns: see `warehouse.revisions.changes`. Raises Usage for a text that is no date.
        """
        from warehouse.revisions import Only, changes  # noqa: PLC0415 - it stands on this module

        end = asking.moment(until or self.release.vintage)
        return changes(self, asking.moment(since), end, Only(**only))

    def flips(self, since: str, until: str | None = None) -> pa.Table:
        """Give the targets whose status differs between two moments (dates or vintages).

        Columns: see `warehouse.revisions.flipped_targets`. Raises Usage for a text that is no date.
        """
        from warehouse.revisions import flipped_targets  # noqa: PLC0415 - it stands on this module

        return flipped_targets(self, self.moment(since), self.moment(until or self.release.vintage))

    def moment(self, text: str) -> datetime:
        """Give the moment (UTC) that a date, of which the end counts, or a vintage names. Raises Usage for others."""
        return asking.moment(text)

    def why(self, indicator: str, area: str, period: str | int, **dimensions: str) -> "list[Passport]":
        """Give the passport of a figure, one per source that holds it; `sex`, `age`, … narrow it.

        Raises Unanswered, naming what there is, where no source holds it.
        """
        from warehouse.lineage import why  # noqa: PLC0415 - it stands on this module

        home = Home(self.release.folder.parent.parent)
        return why(self, home, indicator, area, str(period), dimensions)

    def codes(self, name: str) -> pa.Table:
        """Give a code list (`unit`, `breakdown`, `age`, `sex`, `urbanisation`, `obs_status`) with its names.

        Columns `code`, `name_en` and `name_zh`, as text; the list is the installed one, a release keeps only the codes.
        Raises Unanswered for a list that is not among these.
        """
        if name not in _CODE_LISTS:
            raise Unanswered(f"there is no code list {name}", why=f"there are: {', '.join(_CODE_LISTS)}")
        return codelist.table(name).select(["code", "name_en", "name_zh"])

    def rows(self, text: str, parameters: list[object] | dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run one of our own statements with bound parameters and give rows as dictionaries."""
        return fetch_rows(self.con, text, parameters)


def _opened(release: Release) -> duckdb.DuckDBPyConnection:
    if isinstance(release, SharedRelease):
        return release.connect()
    return asking.connect(str(release.database), release.vintage)


_CODE_LISTS = ("age", "breakdown", "obs_status", "sex", "unit", "urbanisation")

_OBSERVATIONS = """
SELECT indicator, ref_area, time_period, year, sex, age, urbanisation, breakdown, value, unit, obs_status, note, source,
       series_code, edition, snapshot, record
FROM {table}
WHERE indicator = $indicator AND ($areas IS NULL OR list_contains($areas::VARCHAR[], ref_area))
  AND ($text IS NULL OR time_period = $text) AND ($source IS NULL OR source = $source)
  AND ($first IS NULL OR year >= $first) AND ($last IS NULL OR year <= $last)
ORDER BY ref_area, time_period, sex, age, urbanisation, breakdown, source"""


def _years(period: str | int | tuple[int, int] | None) -> tuple[int | None, int | None]:
    """Give first and last year of a period that was named by numbers."""
    if isinstance(period, int):
        return period, period
    return period if isinstance(period, tuple) else (None, None)


def open_release(home: Path | str = "data", vintage: str | None = None) -> Session:
    """Open the newest release of a home, or the one of the named vintage, for reading.

    A home that has none of its own reads from the shared storage that ICTDEV_STORAGE names, at the release's snapshot.

    >>> with open_release("data") as release:            # doctest: +SKIP
    ...     release.sql("FROM gender_gap LIMIT 5").to_pandas()
    """
    place = Home(Path(home))
    shared = storage_of(place)
    if shared is not None:
        return Session(find(place, shared, vintage))
    if vintage is None:
        return Session(newest(place), place)
    folder = place.releases / vintage
    if not (folder / "ictdev.duckdb").exists():
        there = ", ".join(sorted(path.name for path in place.releases.glob("2*"))) or "none"
        raise Unanswered(f"there is no release {vintage}", why=f"there are: {there}")
    return Session(Release(folder, {"vintage": vintage}))
