"""Groups: members, coverage, and aggregates between the least and the most of their members."""

from schemas.rules import FIGURE, rule

_OURS = "a fault of ours: report it with the examples; the release that stands stays"
_LOOK = "compare with the publisher's table; an economy may stand where a group should, or the reverse"


@rule("aggregate_between_members", "fail", table="group_aggregate", dimension="accuracy", next_step=_OURS)
def an_aggregate_lies_between_its_members() -> str:
    """A group's figure of our own lies outside the least and the most of the economies that went in."""
    return """WITH member AS (
      SELECT g.indicator, g.group_code, g.time_period, g.sex, g.age, g.urbanisation, g.breakdown, g.value,
        unnest(g.areas) AS ref_area
      FROM group_aggregate g WHERE g.value IS NOT NULL)
    SELECT 'ictdev' AS source, indicator, group_code AS ref_area, time_period, sex, age, urbanisation, breakdown,
      m.value, min(o.value) AS least, max(o.value) AS most
    FROM member m JOIN checked_preferred o
      USING (indicator, ref_area, time_period, sex, age, urbanisation, breakdown)
    GROUP BY ALL HAVING m.value < least - 1e-9 * abs(least) OR m.value > most + 1e-9 * abs(most)"""


@rule("group_complete", "fail", table="group_aggregate", dimension="completeness", next_step=_OURS)
def a_group_has_all_its_members() -> str:
    """A group's figure counts other members than the group had on 1 July of the year, or covers more than all."""
    return """SELECT 'ictdev' AS source, indicator, group_code AS ref_area, time_period, sex, age, urbanisation,
      breakdown, members, held, reporting, coverage
    FROM group_aggregate g LEFT JOIN (
      SELECT group_code, year, count(DISTINCT ref_area) AS held
      FROM (SELECT DISTINCT year FROM group_aggregate) y JOIN area_group m
        ON coalesce(m.valid_from, DATE '0001-01-01') <= make_date(y.year, 7, 1)
          AND coalesce(m.valid_to, DATE '9999-01-01') > make_date(y.year, 7, 1)
      GROUP BY ALL) c USING (group_code, year)
    WHERE members <> coalesce(held, 0) OR reporting > members OR coverage < 0 OR coverage > 1 + 1e-9"""


@rule("coverage_enough", "fail", table="group_aggregate", dimension="completeness", next_step=_OURS)
def a_group_s_figure_covers_enough_people() -> str:
    """A group's figure of our own stands though less of the population is covered than the indicator asks for."""
    return """SELECT 'ictdev' AS source, indicator, group_code AS ref_area, time_period, sex, age, urbanisation,
      breakdown, coverage, minimum_coverage
    FROM group_aggregate JOIN indicator USING (indicator) WHERE value IS NOT NULL AND coverage < minimum_coverage"""


_GIVEN = f"""SELECT {FIGURE}, g.value, min(e.value) AS least, max(e.value) AS most, count(*) AS economies,
  sum(e.value) AS together
FROM (FROM checked_figure WHERE area_kind = 'group') g
JOIN checked_member m ON m.group_code = g.ref_area AND g.year >= m.year_from AND g.year < m.year_to
JOIN (SELECT source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown, value FROM checked_figure
      WHERE area_kind = 'economy') e
  ON e.ref_area = m.ref_area AND e.source = g.source AND e.indicator = g.indicator AND e.time_period = g.time_period
  AND e.sex = g.sex AND e.age = g.age AND e.urbanisation = g.urbanisation AND e.breakdown = g.breakdown"""
_OF_GROUP = ", ".join(f"g.{name}" for name in FIGURE.split(", "))


@rule("given_between_members", "warn", table="observation", dimension="coherence", next_step=_LOOK)
def a_publishers_group_lies_between_its_members() -> str:
    """A publisher's rate of a group lies outside the least and the most of the members that it gives."""
    return f"""{_GIVEN.replace(FIGURE, _OF_GROUP, 1)} WHERE g.is_rate GROUP BY ALL
    HAVING economies >= 5 AND (g.value < least - 0.5 OR g.value > most + 0.5)"""


@rule("group_total", "warn", table="observation", dimension="coherence", next_step=_LOOK)
def a_population_is_the_sum_of_its_members() -> str:
    """The world's population differs from the sum of the economies' by more than 3 per cent."""
    return f"""{_GIVEN.replace(FIGURE, _OF_GROUP, 1)} WHERE g.indicator = 'population' AND g.ref_area = 'WLD'
    GROUP BY ALL HAVING economies >= 5 AND abs(together / g.value - 1) > 0.03"""
