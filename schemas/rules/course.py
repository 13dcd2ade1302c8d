"""The course of a series: peaks, jumps against its own history, flat runs, and what a later answer changed."""

from schemas.rules import FIGURE, rule

_LOOK = "compare with the publisher's table; a proven error belongs in schemas/corrections/"
_CLOSE = "year_before >= year - 2 AND year_after <= year + 2"


@rule("spike", "fail", table="observation", dimension="accuracy", next_step=_LOOK)
def no_figure_is_ten_times_its_neighbours() -> str:
    """A figure is more than eight times both its neighbours in time, or less than an eighth: a slip of the comma."""
    return f"""SELECT {FIGURE}, before, value, after FROM checked_figure
    WHERE {_CLOSE} AND breakdown NOT LIKE 'SPEED%' AND greatest(before, value, after) >= 1 AND least(before, after) >= 0
      AND (value > 8 * greatest(before, after) OR value < least(before, after) / 8)"""


@rule("peak", "warn", table="observation", dimension="accuracy", next_step=_LOOK)
def no_figure_sticks_out_of_its_neighbours() -> str:
    """A figure lies more than a quarter, and a whole unit, above or below both its neighbours in time."""
    return f"""SELECT {FIGURE}, before, value, after FROM checked_figure
    WHERE {_CLOSE} AND breakdown NOT LIKE 'SPEED%' AND least(before, after) > 0
      AND (value > 1.25 * greatest(before, after) + 1 OR value < least(before, after) / 1.25 - 1)"""


@rule("jump", "warn", table="observation", dimension="accuracy", next_step=_LOOK)
def a_series_does_not_jump_against_its_own_history() -> str:
    """A figure is far off the course of its own series: over 8 robust standard deviations and over 15 per cent."""
    return f"""WITH residual AS (
      SELECT *, ln(value) - coalesce(
          ln(before) + (ln(after) - ln(before)) * (year - year_before) / (year_after - year_before), ln(before)) AS off
      FROM checked_figure WHERE value > 0 AND before > 0 AND (after > 0 OR after IS NULL) AND year_before >= year - 2
    ), scored AS (
      SELECT *, median(abs(off)) OVER course AS usual, count(*) OVER course AS figures FROM residual
      WINDOW course AS (PARTITION BY series))
    SELECT {FIGURE}, before, value, after, round(off / (1.4826 * usual + 0.005), 1) AS z FROM scored
    WHERE figures >= 6 AND abs(off) > 8 * (1.4826 * usual + 0.005) AND abs(off) > 0.15
      AND indicator NOT LIKE '%subscriptions'
      AND abs(value - before) > 1 AND (after IS NULL OR abs(value - after) > 1)"""


@rule("population_smooth", "warn", table="observation", dimension="accuracy", next_step=_LOOK)
def a_population_changes_slowly() -> str:
    """A population lies more than 2 per cent off the line between the years before and after it."""
    return f"""SELECT {FIGURE}, before, value, after FROM checked_figure
    WHERE indicator = 'population' AND year_before = year - 1 AND least(before, value) > 0
      AND abs(ln(value / coalesce(sqrt(before * after), before * sqrt(before / before_that)))) > 0.02"""


@rule("flat_run", "warn", table="observation", dimension="accuracy", next_step=_LOOK)
def no_series_stands_still() -> str:
    """A series has the same figure four years running, other than nothing or all: it may be carried forward."""
    return f"""WITH run AS (
      SELECT *, count(*) OVER (PARTITION BY series, value) AS years
      FROM checked_figure WHERE value NOT IN (0, 100) AND value = round(value, 6)
        AND indicator IN ('internet_users', 'mobile_cellular_per_100', 'mobile_phone_owners', 'ict_skills',
                          'fixed_broadband_per_100', 'mobile_cellular_subscriptions'))
    SELECT {FIGURE}, value FROM run WHERE years >= 4 AND value = before"""


@rule("carried_forward", "warn", table="observation", dimension="accuracy", next_step=_LOOK)
def no_figure_repeats_the_year_before() -> str:
    """A figure repeats that of the year before to the last of three digits or more: it may be carried forward."""
    return f"""SELECT {FIGURE}, before, value FROM checked_figure
    WHERE value = before AND year_before = year - 1 AND indicator <> 'mobile_coverage' AND value > 1
      AND value <> round(value, 1 - ceil(log10(value))::INTEGER + 1)"""


@rule("rounded_alone", "warn", table="observation", dimension="accuracy", next_step=_LOOK)
def no_figure_is_rounder_than_its_neighbours() -> str:
    """A share is a whole number between two years that have two decimals or more: digits may be lost."""
    return f"""SELECT {FIGURE}, before, value, after FROM checked_figure
    WHERE {_CLOSE} AND is_rate AND value = round(value) AND value > 2 AND value < 95
      AND before <> round(before, 2) AND after <> round(after, 2)"""


@rule("revised_alone", "warn", table="observation_history", dimension="accuracy", next_step=_LOOK)
def no_figure_is_revised_alone() -> str:
    """A figure or its mark changed while over 99 per cent of its indicator's figures at that publisher stayed."""
    return f"""WITH share AS (
      SELECT source, indicator, count(*) AS changed FROM checked_change WHERE NOT is_gone GROUP BY ALL)
    SELECT {FIGURE}, value_before, value, status_before, obs_status
    FROM checked_change JOIN share USING (source, indicator) JOIN checked_extent USING (source, indicator)
    WHERE NOT is_gone AND changed < 0.01 * figures"""


@rule("withdrawn_alone", "warn", table="observation_history", dimension="completeness", next_step=_LOOK)
def no_figure_vanishes_alone() -> str:
    """A publisher took single figures back while over 99 per cent of the indicator's figures stayed."""
    return f"""WITH share AS (
      SELECT source, indicator, count(*) AS changed FROM checked_change WHERE is_gone GROUP BY ALL)
    SELECT {FIGURE}, value_before
    FROM checked_change JOIN share USING (source, indicator) JOIN checked_extent USING (source, indicator)
    WHERE is_gone AND changed < 0.01 * figures"""
