"""Keys across the tables of a release: what one table names the other one explains."""

from schemas.rules import FIGURE, rule

_REPORT = "a fault of ours: report it with the examples; the release that stands stays"


@rule("key_unique", "fail", table="observation", dimension="accuracy", next_step=_REPORT)
def two_current_figures_never_claim_one_place() -> str:
    """One source has two current figures for the same place, period and breakdown."""
    return f"""SELECT {FIGURE}, figures FROM (
      SELECT series, time_period, count(*) AS figures FROM checked_current GROUP BY ALL HAVING figures > 1)
    JOIN checked_series USING (series)"""


@rule("preferred_unique", "fail", table="observation_preferred", dimension="coherence", next_step=_REPORT)
def a_preferred_series_comes_from_one_source() -> str:
    """A preferred series has two figures for one period, so that two sources were spliced."""
    return f"""SELECT {FIGURE}, figures FROM (
      SELECT min(series) AS series, time_period, count(*) AS figures
      FROM checked_preferred GROUP BY place, time_period HAVING figures > 1)
    JOIN checked_series USING (series)"""


@rule("indicator_explained", "fail", table="observation", dimension="coherence", next_step=_REPORT)
def every_indicator_is_explained() -> str:
    """A figure's indicator does not stand in the table indicator."""
    return f"SELECT {FIGURE} FROM checked_current ANTI JOIN indicator USING (indicator)"


@rule("area_explained", "fail", table="observation", dimension="coherence", next_step=_REPORT)
def every_area_is_explained() -> str:
    """A figure's reference area does not stand in the table area."""
    return f"SELECT {FIGURE} FROM checked_current ANTI JOIN area USING (ref_area)"


@rule("snapshot_told", "fail", table="observation", dimension="accessibility", next_step=_REPORT)
def every_publishers_figure_names_its_bytes() -> str:
    """A publisher's figure names no raw bytes that are held, so that nobody can show where it comes from."""
    return f"""SELECT {FIGURE}, snapshot FROM observation WHERE source <> 'ictdev'
      AND snapshot NOT IN (SELECT s.snapshot FROM snapshot s)"""


@rule("derived_from_something", "fail", table="derivation", dimension="accessibility", next_step=_REPORT)
def every_derived_figure_names_its_inputs() -> str:
    """A figure of our own has no row in the table derivation, so that it cannot be explained."""
    return f"SELECT {FIGURE} FROM checked_current o ANTI JOIN derivation d USING ({FIGURE}) WHERE o.source = 'ictdev'"


@rule("period_is_year", "fail", table="observation", dimension="coherence", next_step=_REPORT)
def the_year_is_that_of_the_period() -> str:
    """A figure's year is another than its period says."""
    return f"SELECT {FIGURE}, year FROM checked_current WHERE year <> try_cast(time_period[1:4] AS INTEGER)"


@rule("latest_is_newest", "fail", table="latest", dimension="timeliness", next_step=_REPORT)
def the_table_of_newest_figures_holds_the_newest() -> str:
    """The table latest holds an older year than the series has."""
    return """SELECT l.source, indicator, ref_area, l.time_period, sex, age, urbanisation, breakdown, p.newest
    FROM latest l
    JOIN (SELECT DISTINCT place, indicator, ref_area, sex, age, urbanisation, breakdown FROM checked_series)
      USING (indicator, ref_area, sex, age, urbanisation, breakdown)
    JOIN (SELECT place, max(time_period) AS newest FROM checked_preferred GROUP BY place) p USING (place)
    WHERE l.time_period <> p.newest"""


@rule(
    "unit_of_indicator",
    "fail",
    table="observation",
    dimension="coherence",
    next_step="translate the unit in the source's file, or correct the unit in the indicator's file",
)
def a_figure_has_the_unit_of_its_indicator() -> str:
    """A figure has another unit than its indicator, so that it cannot stand beside the others."""
    return f"""SELECT {FIGURE}, o.unit, i.unit AS expected FROM checked_current o JOIN indicator i USING (indicator)
    WHERE o.unit <> i.unit AND i.unit <> 'by_breakdown'
      AND NOT (i.unit = 'score' AND o.unit = 'score_of_10')"""  # early editions of the index count to ten


@rule("derived_possible", "fail", table="observation", dimension="accuracy", next_step=_REPORT)
def derived_figures_lie_within_bounds() -> str:
    """A figure of our own lies outside what its indicator can be."""
    return f"""SELECT {FIGURE}, value FROM checked_current o JOIN indicator i USING (indicator)
    WHERE source = 'ictdev' AND (value < i.lower - 1e-9 OR value > i.upper + 1e-9)"""


@rule(
    "year_not_in_future",
    "warn",
    table="observation",
    dimension="accuracy",
    next_step="a projection has no place among figures: look at the record",
)
def no_figure_speaks_of_a_year_to_come() -> str:
    """A publisher's figure speaks of a year after the one in which its edition appeared."""
    return """SELECT source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown, edition
    FROM observation_history WHERE vintage_to IS NULL AND source <> 'ictdev' AND year > year(edition_seen_date)
      AND edition_seen_date > DATE '1900-01-01'"""
