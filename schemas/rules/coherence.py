"""Figures of one source that must fit one another: sexes, network generations, parts and wholes, heads and rates."""

from schemas.rules import FIGURE, rule

_LOOK = "compare with the publisher's table; a proven error belongs in schemas/corrections/"
_PAIRED = FIGURE.replace("sex", "'_T' AS sex")


def _outside_the_sexes(tolerance: float) -> str:
    return f"""SELECT {_PAIRED}, women, men, total FROM checked_sexes
    WHERE total < least(women, men) - {tolerance} OR total > greatest(women, men) + {tolerance}"""


@rule("total_between_sexes", "warn", table="observation", dimension="coherence", next_step=_LOOK)
def a_total_lies_between_women_and_men() -> str:
    """The figure of both sexes lies more than half a point outside those of women and men."""
    return _outside_the_sexes(0.5)


@rule("total_far_from_sexes", "fail", table="observation", dimension="coherence", next_step=_LOOK)
def a_total_lies_near_women_and_men() -> str:
    """The figure of both sexes lies more than 30 points outside those of women and men: a column is misread."""
    return _outside_the_sexes(30)


@rule("gap_reversed", "warn", table="gender_gap", dimension="coherence", next_step=_LOOK)
def women_and_men_do_not_change_places_for_a_year() -> str:
    """Women lead by more than a point where men lead in all other years, or the reverse: columns may be exchanged."""
    return f"""WITH gap AS (SELECT *, '_T' AS sex, men - women AS points FROM checked_sexes), sided AS (
      SELECT *, count(*) OVER place AS years, count(*) FILTER (WHERE points > 0) OVER place AS men_lead,
        count(*) FILTER (WHERE points < 0) OVER place AS women_lead
      FROM gap WINDOW place AS (PARTITION BY source, indicator, ref_area, age, urbanisation))
    SELECT {FIGURE}, women, men FROM sided WHERE years >= 3
      AND ((points < -1 AND women_lead = 1 AND men_lead >= 2) OR (points > 1 AND men_lead = 1 AND women_lead >= 2))"""


def _generations(tolerance: float) -> str:
    return f"""SELECT newer.source, newer.indicator, newer.ref_area, newer.time_period, newer.sex, newer.age,
      newer.urbanisation, newer.breakdown, newer.value AS newer_pct, older.breakdown AS older, older.value AS older_pct
    FROM checked_current newer JOIN checked_current older
      USING (source, indicator, ref_area, time_period, sex, age, urbanisation)
    WHERE indicator = 'mobile_coverage' AND older.breakdown IN ('2G', '3G', '4G') AND newer.breakdown > older.breakdown
      AND newer.breakdown IN ('3G', '4G', '5G') AND newer.value > older.value + {tolerance}"""


@rule("coverage_nested", "warn", table="observation", dimension="coherence", next_step=_LOOK)
def newer_networks_cover_no_more_than_older() -> str:
    """A newer network generation covers more people than an older one in the same place and year."""
    return _generations(0.5)


@rule("coverage_far_from_nested", "fail", table="observation", dimension="coherence", next_step=_LOOK)
def newer_networks_do_not_cover_far_more_than_older() -> str:
    """A newer network generation covers over 30 points more than an older one: the series are mixed up."""
    return _generations(30)


def _heads(tolerance: str) -> str:
    return f"""SELECT {FIGURE}, rate, heads, worked_out FROM checked_heads WHERE {tolerance}"""


@rule("heads_match_rate", "warn", table="observation", dimension="coherence", next_step=_LOOK)
def subscriptions_and_their_rate_agree() -> str:
    """Subscriptions divided by population differ from the published rate by more than 15 per cent."""
    return _heads("abs(worked_out - rate) > 0.15 * greatest(worked_out, rate) + 0.05")


@rule("heads_far_from_rate", "fail", table="observation", dimension="coherence", next_step=_LOOK)
def subscriptions_and_their_rate_are_of_one_size() -> str:
    """Subscriptions divided by population are over three times the published rate, or under a third of it."""
    return _heads("greatest(worked_out, rate) > 3 * least(worked_out, rate) + 0.5")


@rule("parts_make_the_whole", "warn", table="observation", dimension="coherence", next_step=_LOOK)
def speed_tiers_add_up_to_all_subscriptions() -> str:
    """Subscriptions by speed add up to more than all subscriptions, by over 5 per cent."""
    return """SELECT source, indicator, ref_area, time_period, sex, age, urbanisation, '_T' AS breakdown,
      sum(value) FILTER (WHERE breakdown <> '_T') AS parts, max(value) FILTER (WHERE breakdown = '_T') AS whole
    FROM checked_figure WHERE indicator = 'fixed_broadband_subscriptions'
    GROUP BY ALL HAVING parts > 1.05 * whole + 10"""


@rule("gap_worked_out_right", "fail", table="gender_gap", dimension="accuracy", next_step="a fault of ours: report it")
def a_gap_is_what_its_two_figures_make() -> str:
    """A gender gap or parity is not what its women's and men's figures make."""
    return """SELECT source, indicator, ref_area, time_period, '_T' AS sex, age, urbanisation, breakdown,
      female, male, relative_gap_pct, parity
    FROM gender_gap WHERE male > 0 AND (abs(relative_gap_pct - (male - female) / male * 100) > 1e-6
      OR abs(parity - female / male) > 1e-8)"""
