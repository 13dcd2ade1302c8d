"""What changed between two moments: every figure that differs, with cause, and what that did to targets and groups."""

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from schemas.observation import KEY
from warehouse.editions import SAME_DIGITS
from warehouse.query import Session

_KEYS = ", ".join(KEY)


@dataclass(frozen=True, slots=True)
class Only:
    """What a comparison is narrowed to; empty means all."""

    source: str = ""
    indicator: str = ""
    area: str = ""
    year: str = ""


_CHANGES = f"""
WITH held AS (
  SELECT * FROM observation_history
  WHERE (vintage_to IS NULL OR vintage_to > vintage_from)
    AND ($source = '' OR source = $source) AND ($indicator = '' OR indicator = $indicator)
    AND ($area = '' OR ref_area = $area) AND ($year = '' OR year::VARCHAR = $year OR time_period = $year)
), events AS (
  SELECT {_KEYS}, vintage_from AS moment, cause_from AS cause FROM held
  WHERE vintage_from > $start AND vintage_from <= $end
  UNION ALL
  SELECT {_KEYS}, vintage_to, cause_to FROM held WHERE vintage_to > $start AND vintage_to <= $end
), touched AS (
  SELECT {_KEYS}, max_by(cause, moment) AS cause, max(moment) AS vintage FROM events GROUP BY ALL
), before AS (
  SELECT * FROM held WHERE vintage_from <= $start AND (vintage_to IS NULL OR vintage_to > $start)
), after AS (
  SELECT * FROM held WHERE vintage_from <= $end AND (vintage_to IS NULL OR vintage_to > $end)
)
SELECT
  CASE
    WHEN b.value IS NULL THEN 'added'
    WHEN a.value IS NULL THEN 'removed'
    WHEN a.unit <> b.unit OR abs(a.value - b.value) > {SAME_DIGITS} * greatest(abs(a.value), abs(b.value))
      THEN 'revised'
    WHEN a.obs_status <> b.obs_status THEN 'flag_only'
    ELSE 'metadata_only'
  END AS kind,
  t.source, t.indicator, t.ref_area, r.name_en, t.time_period, t.sex, t.age, t.urbanisation, t.breakdown,
  coalesce(a.unit, b.unit) AS unit, b.value AS value_before, a.value,
  CASE WHEN a.unit = b.unit THEN a.value - b.value END AS change,
  CASE WHEN a.unit = b.unit AND b.value <> 0 THEN (a.value - b.value) / abs(b.value) * 100 END AS change_pct,
  b.obs_status AS status_before, a.obs_status, b.note AS note_before, a.note,
  b.edition AS edition_before, a.edition, t.cause, t.vintage
FROM touched t
LEFT JOIN before b USING ({_KEYS})
LEFT JOIN after a USING ({_KEYS})
LEFT JOIN area r ON r.ref_area = t.ref_area
WHERE (b.value IS NOT NULL OR a.value IS NOT NULL)
  AND (b.value, b.unit, b.obs_status, b.note) IS DISTINCT FROM (a.value, a.unit, a.obs_status, a.note)
ORDER BY (kind <> 'revised'), abs(change_pct) DESC NULLS LAST, kind, {", ".join(f"t.{name}" for name in KEY)}"""


def changes(session: Session, start: datetime, end: datetime, only: Only | None = None) -> pa.Table:
    """Give every figure that differs between two moments, largest revisions first.

    Columns: kind (added, revised, flag_only, metadata_only, removed), the key with the area's name, unit, value_before
    and value, change (in the unit) and change_pct (per cent of the value before), status, note and edition before and
    after, cause and vintage of the last change.
    """
    wanted = only or Only()
    given = {"source": wanted.source, "indicator": wanted.indicator, "area": wanted.area, "year": wanted.year}
    return session.con.execute(_CHANGES, {**given, "start": start, "end": end}).to_arrow_table()


_FLIPS = """
WITH stood AS (
  SELECT mandate, paragraph, target, basis, source, status, value, year, edition, vintage_from, vintage_to
  FROM target_status
), before AS (
  SELECT * FROM stood WHERE vintage_from <= $start AND (vintage_to IS NULL OR vintage_to > $start)
  QUALIFY row_number() OVER (PARTITION BY mandate, target, basis, source ORDER BY edition DESC) = 1
), after AS (
  SELECT * FROM stood WHERE vintage_from <= $end AND (vintage_to IS NULL OR vintage_to > $end)
  QUALIFY row_number() OVER (PARTITION BY mandate, target, basis, source ORDER BY edition DESC) = 1
)
SELECT mandate, coalesce(a.paragraph, b.paragraph) AS paragraph, target, basis, source,
       b.status AS status_before, a.status, b.value AS value_before, a.value, b.year AS year_before, a.year,
       b.edition AS edition_before, a.edition
FROM before b FULL JOIN after a USING (mandate, target, basis, source)
WHERE a.status IS DISTINCT FROM b.status
ORDER BY ALL"""


def flipped_targets(session: Session, start: datetime, end: datetime) -> pa.Table:
    """Give the targets whose status differs between two moments; a status is empty where no figure told of it."""
    return session.con.execute(_FLIPS, {"start": start, "end": end}).to_arrow_table()


_MEMBERS = """
WITH standing AS (
  SELECT * FROM observation_history
  WHERE vintage_from <= $moment AND (vintage_to IS NULL OR vintage_to > $moment)
), made AS (
  SELECT indicator, ref_area AS group_code, time_period, sex, age, urbanisation, breakdown, input_indicator,
         unnest(input_areas) AS ref_area
  FROM derivation_history
  WHERE role = 'figures' AND vintage_from <= $moment AND (vintage_to IS NULL OR vintage_to > $moment)
    AND ($group = '' OR ref_area = $group) AND ($indicator = '' OR indicator = $indicator)
), preferred AS (
  SELECT o.indicator, o.ref_area, o.sex, o.age, o.urbanisation, o.breakdown, o.time_period, o.value,
         coalesce(p.preference, 1000) AS preference,
         min(coalesce(p.preference, 1000)) OVER (
           PARTITION BY o.indicator, o.ref_area, o.sex, o.age, o.urbanisation, o.breakdown) AS least
  FROM standing o LEFT JOIN (
    SELECT indicator, source, min(preference) AS preference FROM indicator_series GROUP BY ALL
  ) p USING (indicator, source)
  WHERE o.source <> 'ictdev' AND o.indicator IN (SELECT DISTINCT input_indicator FROM made UNION SELECT 'population')
), figures AS (SELECT * FROM preferred WHERE preference = least)
SELECT m.indicator, m.group_code, m.time_period, m.sex, m.age, m.urbanisation, m.breakdown, m.ref_area, f.value,
       CASE WHEN bool_and(own.value IS NOT NULL) OVER (
         PARTITION BY m.indicator, m.group_code, m.time_period, m.sex, m.age, m.urbanisation, m.breakdown)
         THEN own.value ELSE people.value END AS weight
FROM made m
JOIN figures f ON f.indicator = m.input_indicator AND f.ref_area = m.ref_area AND f.time_period = m.time_period
  AND f.sex = m.sex AND f.age = m.age AND f.urbanisation = m.urbanisation AND f.breakdown = m.breakdown
JOIN figures people ON people.indicator = 'population' AND people.ref_area = m.ref_area
  AND people.time_period = m.time_period AND people.sex = '_T' AND people.age = '_T'
LEFT JOIN figures own ON own.indicator = 'population' AND own.ref_area = m.ref_area
  AND own.time_period = m.time_period AND own.sex = m.sex AND own.age = '_T'"""


def members(session: Session, moment: datetime, only: Only | None = None) -> pa.Table:
    """Give what each group figure was made of at a moment: the group's key, ref_area, value and weight (persons)."""
    wanted = only or Only()
    return session.con.execute(
        _MEMBERS, {"moment": moment, "group": wanted.area, "indicator": wanted.indicator}
    ).to_arrow_table()
