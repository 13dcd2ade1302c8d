"""What several publishers or several economies say: agreement, freshness, and copies of somebody else's figure."""

from schemas.rules import FIGURE, rule

_LOOK = "compare both publishers' tables: table agreement shows the series side by side"


def _differences(tolerance: str) -> str:
    return f"SELECT {FIGURE}, value, other, other_value FROM checked_pair WHERE {tolerance}"


@rule("sources_agree", "warn", table="observation", dimension="coherence", next_step=_LOOK)
def publishers_of_one_series_agree() -> str:
    """Two publishers of the same series differ by more than 10 per cent and half a unit."""
    return _differences("abs(value - other_value) > 0.1 * greatest(value, other_value) + 0.5")


@rule("sources_of_one_size", "fail", table="observation", dimension="coherence", next_step=_LOOK)
def publishers_of_one_series_are_of_one_size() -> str:
    """Two publishers of the same series differ more than eightfold (counts: 25-fold) and by ten units: another unit."""
    times = "CASE WHEN is_rate THEN 8 ELSE 25 END"
    return _differences(f"greatest(value, other_value) > {times} * least(value, other_value) + 10")


@rule(
    "preferred_fresh",
    "warn",
    table="observation_preferred",
    dimension="timeliness",
    next_step="ask the preferred publisher for a newer edition, or change the order in the indicator's file",
)
def the_preferred_source_is_not_behind() -> str:
    """The preferred source of an indicator ends two years or more before another publisher's newest year."""
    return """SELECT p.source, indicator, '' AS ref_area, p.newest::VARCHAR AS time_period, '_T' AS sex, '_T' AS age,
      '_T' AS urbanisation, breakdown, o.newest AS there
    FROM (SELECT any_value(source) AS source, indicator, breakdown, max(year) AS newest FROM checked_preferred
          WHERE source <> 'ictdev' GROUP BY ALL) p
    JOIN (SELECT indicator, breakdown, max(year) AS newest FROM checked_figure GROUP BY ALL) o
      USING (indicator, breakdown)
    WHERE p.newest <= o.newest - 2"""


@rule(
    "newest_year_thin",
    "info",
    table="observation_preferred",
    dimension="completeness",
    next_step="take the year before for comparisons; the newest is still coming in",
)
def the_newest_year_is_not_thin() -> str:
    """The newest year of an indicator has under half the economies of the year before: no picture of the world."""
    return """WITH years AS (
      SELECT any_value(source) AS source, indicator, breakdown, time_period, count(DISTINCT ref_area) AS economies
      FROM checked_preferred JOIN area USING (ref_area) WHERE kind = 'economy' AND sex = '_T' GROUP BY ALL
    ), told AS (
      SELECT *, lag(economies) OVER way AS former, row_number() OVER (way ROWS BETWEEN UNBOUNDED PRECEDING AND
        UNBOUNDED FOLLOWING) AS place, lead(time_period) OVER way AS later
      FROM years WINDOW way AS (PARTITION BY indicator, breakdown ORDER BY time_period))
    SELECT source, indicator, '' AS ref_area, time_period, '_T' AS sex, '_T' AS age, '_T' AS urbanisation, breakdown,
      economies, former
    FROM told WHERE later IS NULL AND economies < former / 2 AND former >= 10"""


@rule("copied_figure", "warn", table="observation", dimension="accuracy", next_step="look at both records")
def no_two_areas_have_one_figure() -> str:
    """Two areas have the same figure to the last of five digits or more in one year: one may be copied."""
    return f"""WITH shown AS (
      SELECT *, count(*) OVER (PARTITION BY all_areas, time_period, value) AS same
      FROM checked_figure WHERE value > 1 AND abs(value - round(value, 4 - ceil(log10(value))::INTEGER)) > 2e-6 * value)
    SELECT {FIGURE}, value FROM shown WHERE same > 1 AND area_kind = 'economy'"""
