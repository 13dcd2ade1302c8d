"""A stage for the rules of the third gate: a few tables in memory, as a release would hold them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from flows.derive import reference
from schemas.observation import OBSERVATION, empty
from schemas.rules import PREPARED, SqlRule, published
from warehouse import checking, models
from warehouse.checking import Found

FIRST, LATER = datetime(2026, 1, 1), datetime(2026, 2, 1)  # noqa: DTZ001 - vintages are naive UTC
_TEXT, _LIST, _NUMBER, _COUNT = pa.string(), pa.list_(pa.string()), pa.float64(), pa.int64()
_PLACE: list[tuple[str, pa.DataType]] = [
    (name, _TEXT) for name in ("indicator", "time_period", "sex", "age", "urbanisation", "breakdown")
]
DERIVED: Mapping[str, pa.Schema] = {
    "derivation": pa.schema([("source", _TEXT), ("ref_area", _TEXT), *_PLACE]),
    "gender_gap": pa.schema(
        [
            ("source", _TEXT),
            ("ref_area", _TEXT),
            *_PLACE,
            ("female", _NUMBER),
            ("male", _NUMBER),
            ("relative_gap_pct", _NUMBER),
            ("parity", _NUMBER),
        ]
    ),
    "group_aggregate": pa.schema(
        [
            ("group_code", _TEXT),
            *_PLACE,
            ("year", pa.int32()),
            ("value", _NUMBER),
            ("areas", _LIST),
            ("members", _COUNT),
            ("reporting", _COUNT),
            ("coverage", _NUMBER),
        ]
    ),
}
_HISTORY = """
CREATE OR REPLACE TEMP TABLE observation_history AS
SELECT *, edition AS edition_seen, try_cast(left(edition, 10) AS DATE) AS edition_seen_date FROM (
  SELECT n.*, $later::TIMESTAMP AS vintage_from, NULL::TIMESTAMP AS vintage_to, NULL AS cause_to FROM now n
  ANTI JOIN former f USING ({same})
  UNION ALL SELECT n.*, $first, NULL, NULL FROM now n JOIN (SELECT DISTINCT {same} FROM former) f USING ({same})
  UNION ALL SELECT f.*, $first, $later,
    CASE WHEN n.there IS NULL THEN 'source removed' ELSE 'source revised' END
  FROM former f ANTI JOIN now s USING ({same}) LEFT JOIN (SELECT DISTINCT {key}, true AS there FROM now) n USING ({key}))"""
_KEY = "source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown"


class Stage:
    """Tables in memory; put observations on it, and ask which rules they break."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute("SET threads = 1")
        models.load(self.con, reference())
        self.prepared = dict(PREPARED)

    def pretend(self, extents: pa.Table) -> None:
        """Let a part of the figures count as all of them: `extents` says how many there are by source and indicator."""
        models.load(self.con, {"extent": extents})
        self.prepared["checked_extent"] = "FROM extent"

    def put(self, observations: pa.Table, former: pa.Table | None = None, **tables: list[dict[str, Any]]) -> "Stage":
        """Put current figures, those that were held before a later answer, and derived tables."""
        self._history(observations, former)
        for name in ("observation", "preferred_source", "observation_preferred", "latest"):
            self.con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {models.text(name)}")
        derived = {name: pa.Table.from_pylist(tables.get(name, []), schema=schema) for name, schema in DERIVED.items()}
        snapshots = tables.get("snapshot", [{"snapshot": "0" * 64}])
        models.load(self.con, {**derived, "snapshot": pa.Table.from_pylist(snapshots)})
        return self

    def _history(self, observations: pa.Table, former: pa.Table | None) -> None:
        self.con.register("now", observations)
        self.con.register("former", empty(OBSERVATION) if former is None else former)
        same = f"{_KEY}, value, obs_status"
        self.con.execute(_HISTORY.format(same=same, key=_KEY), {"first": FIRST, "later": LATER})

    def broken(self, rules: Mapping[str, SqlRule] | None = None) -> dict[str, Found]:
        """Give what each rule found, for those that rows break."""
        found = checking.inspect(self.con, rules or published(), self.prepared)
        return {name: one for name, one in found.items() if one.rows_failed}
