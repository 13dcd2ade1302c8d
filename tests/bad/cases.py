"""For each rule of the third gate: figures that it must catch, and figures just good enough that it must pass."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Case:
    """One violation, and one near miss; tables beside the observations where a rule looks at them."""

    catches: Sequence[Row]
    passes: Sequence[Row]
    catches_in: Tables = field(default_factory=dict)
    passes_in: Tables = field(default_factory=dict)
    catches_after: Sequence[Row] | None = None
    """What was held before a later answer brought what must be caught."""
    passes_after: Sequence[Row] | None = None


def years(values: Sequence[float], first: int = 2010, **given: Any) -> list[Row]:
    """Give a series of figures, one a year."""
    return [{"time_period": str(first + at), "value": value, **given} for at, value in enumerate(values)]


def sexes(women: float, men: float, total: float, **given: Any) -> list[Row]:
    """Give a figure of women, of men and of both."""
    return [{"sex": sex, "value": value, **given} for sex, value in (("F", women), ("M", men), ("_T", total))]


def cover(generation: str, value: float) -> Row:
    """Give the share of people who are covered by a network."""
    return {"indicator": "mobile_coverage", "breakdown": generation, "value": value}


def ours(**given: Any) -> Row:
    """Give a figure of our own."""
    return {"source": "ictdev", "snapshot": "", "record": "", "edition": "aggregate-1", **given}


def people(value: float, **given: Any) -> Row:
    """Give a population."""
    return {"indicator": "population", "unit": "persons", "value": value, "series_code": "POP", **given}


def lines(rate: float, heads: float) -> list[Row]:
    """Give fixed broadband by rate and by head in a population of a million."""
    counted = {
        "indicator": "fixed_broadband_subscriptions",
        "unit": "subscriptions",
        "value": heads,
        "series_code": "H",
    }
    return [
        {"indicator": "fixed_broadband_per_100", "unit": "per_100_inhabitants", "value": rate},
        counted,
        people(1e6),
    ]


def tiers(whole: float, *parts: float) -> list[Row]:
    """Give subscriptions and their parts by speed."""
    names = ("_T", "SPEED_256K_2M", "SPEED_2M_10M", "SPEED_GE_10M")
    usual = {"indicator": "fixed_broadband_subscriptions", "unit": "subscriptions"}
    return [{**usual, "breakdown": name, "value": value} for name, value in zip(names, (whole, *parts), strict=False)]


def world(group: float, *members: float, **given: Any) -> list[Row]:
    """Give the world's figure and those of some economies."""
    areas = ("SEN", "GHA", "KEN", "PER", "FRA", "JPN")
    of_members = [{"ref_area": area, "value": value, **given} for area, value in zip(areas, members, strict=False)]
    return [{"ref_area": "WLD", "value": group, **given}, *of_members]


PLACE = {
    "indicator": "internet_users",
    "time_period": "2020",
    "sex": "_T",
    "age": "_T",
    "urbanisation": "_T",
    "breakdown": "_T",
}


def aggregate(**given: Any) -> Tables:
    """Give a row of group_aggregate of the three economies of M49_021 that are looked at."""
    usual = {"group_code": "M49_021", "year": 2020, "areas": ["CAN", "USA"], "members": 5, "reporting": 2}
    return {"group_aggregate": [{**PLACE, **usual, "value": 60.0, "coverage": 0.9, **given}]}


def gap(percent: float, parity: float) -> Tables:
    """Give a gender gap of 45 women and 50 men."""
    told = {"female": 45.0, "male": 50.0, "relative_gap_pct": percent, "parity": parity}
    return {"gender_gap": [{**PLACE, "source": "made_up", "ref_area": "SEN", **told}]}


NORTH = [{"ref_area": "CAN", "value": 50}, {"ref_area": "USA", "value": 70}]
HELD = [
    {"ref_area": area, "time_period": str(1995 + at), "value": 20 + at}
    for at in range(25)
    for area in ("SEN", "GHA", "KEN", "PER", "FRA", "JPN")
]


def changed(rows: Sequence[Row], count: int, **given: Any) -> list[Row]:
    """Give the rows with the first few changed."""
    return [{**row, **given} if at < count else dict(row) for at, row in enumerate(rows)]


WOBBLE = (40.1, 41.2, 42.1, 43.3, 44.2, 45.4, 46.3)

CASES: dict[str, Case] = {
    "published_key_unique": Case([{"value": 50}, {"value": 50, "record": "row:2"}], [{}, {"sex": "F"}]),
    "published_indicator_explained": Case([{"indicator": "happiness"}], [{"indicator": "internet_users"}]),
    "published_area_explained": Case([{"ref_area": "ZZZ"}], [{"ref_area": "XKX"}]),
    "published_snapshot_told": Case([{"snapshot": "f" * 64}], [ours(snapshot="")], passes_in={"derivation": [{"source": "ictdev", "ref_area": "SEN", **PLACE}]}),
    "published_derived_from_something": Case([ours()], [ours()], passes_in={"derivation": [{"source": "ictdev", "ref_area": "SEN", **PLACE}]}),
    "published_period_is_year": Case([{"time_period": "2020", "year": 2019}], [{"time_period": "2020-Q3", "year": 2020}]),
    "published_unit_of_indicator": Case([{"unit": "per_100_inhabitants"}], [{"unit": "percent_of_population"}]),
    "published_derived_possible": Case([ours(value=100.1)], [ours(value=100.0)], {}, {"derivation": [{"source": "ictdev", "ref_area": "SEN", **PLACE}]}),
    "published_year_not_in_future": Case([{"time_period": "2022"}], [{"time_period": "2021"}]),
    "published_total_between_sexes": Case(sexes(45, 55, 56), sexes(45, 55, 55.4)),
    "published_total_far_from_sexes": Case(sexes(45, 55, 90), sexes(45, 55, 84)),
    "published_gap_reversed": Case(
        [*sexes(40, 50, 45, time_period="2018"), *sexes(41, 51, 46, time_period="2019"), *sexes(52, 42, 47)],
        [*sexes(40, 50, 45, time_period="2018"), *sexes(41, 51, 46, time_period="2019"), *sexes(47.5, 46.9, 47)],
    ),
    "published_coverage_nested": Case([cover("4G", 91), cover("3G", 80)], [cover("4G", 80.3), cover("3G", 80)]),
    "published_coverage_far_from_nested": Case([cover("4G", 91), cover("2G", 60)], [cover("4G", 89), cover("2G", 60)]),
    "published_heads_match_rate": Case(lines(10, 130_000), lines(10, 110_000)),
    "published_heads_far_from_rate": Case(lines(10, 1_000_000), lines(10, 280_000)),
    "published_parts_make_the_whole": Case(tiers(1000, 500, 400, 300), tiers(1000, 500, 300, 230)),
    "published_gap_worked_out_right": Case([{}], [{}], gap(11.1, 0.9), gap(10.0, 0.9)),
    "published_spike": Case(years([4, 45, 5]), years([6, 45, 20])),
    "published_peak": Case(years([40, 60, 42]), years([40, 52, 42])),
    "published_jump": Case(years([*WOBBLE, 70]), years([*WOBBLE, 50])),
    "published_population_smooth": Case(
        [people(row["value"], time_period=row["time_period"]) for row in years([1e6, 1.05e6, 1.02e6])],
        [people(row["value"], time_period=row["time_period"]) for row in years([1e6, 1.02e6, 1.03e6])],
    ),
    "published_flat_run": Case(years([40, 40, 40, 40]), years([40, 40, 40, 41])),
    "published_carried_forward": Case(years([40.123, 40.123]), years([40, 40])),
    "published_rounded_alone": Case(years([40.123, 42, 43.456]), years([40.1, 42, 43.456])),
    "published_revised_alone": Case(changed(HELD, 1, value=25), changed(HELD, 3, value=25), catches_after=HELD, passes_after=HELD),
    "published_withdrawn_alone": Case(HELD[1:], HELD[3:], catches_after=HELD, passes_after=HELD),
    "published_sources_agree": Case([{"source": "one", "value": 50}, {"source": "two", "value": 58}], [{"source": "one", "value": 50}, {"source": "two", "value": 54}]),
    "published_sources_of_one_size": Case([{"source": "one", "value": 5}, {"source": "two", "value": 60}], [{"source": "one", "value": 5}, {"source": "two", "value": 45}]),
    "published_preferred_fresh": Case(
        [{"source": "unsd_sdg", "time_period": "2018"}, {"source": "other", "time_period": "2020"}],
        [{"source": "unsd_sdg", "time_period": "2018"}, {"source": "other", "time_period": "2019"}],
    ),
    "published_copied_figure": Case([{"value": 45.123}, {"ref_area": "GHA", "value": 45.123}], [{"value": 45.12}, {"ref_area": "GHA", "value": 45.12}]),
    "published_aggregate_between_members": Case(NORTH, NORTH, aggregate(value=70.1), aggregate(value=69.9)),
    "published_group_complete": Case(NORTH, NORTH, aggregate(members=4), aggregate(members=5)),
    "published_coverage_enough": Case(NORTH, NORTH, aggregate(coverage=0.49), aggregate(coverage=0.51)),
    "published_given_between_members": Case(world(80, 10, 20, 30, 40, 50), world(50.3, 10, 20, 30, 40, 50)),
    "published_group_total": Case(
        [people(row["value"], ref_area=row["ref_area"]) for row in world(200e6, 10e6, 20e6, 30e6, 40e6, 50e6)],
        [people(row["value"], ref_area=row["ref_area"]) for row in world(153e6, 10e6, 20e6, 30e6, 40e6, 50e6)],
    ),
    "published_newest_year_thin": Case(
        [{"ref_area": area, "time_period": "2019"} for area in ("SEN", "GHA", "KEN", "PER", "FRA", "JPN", "DEU", "ITA", "ESP", "PRT")]
        + [{"ref_area": area, "time_period": "2020"} for area in ("SEN", "GHA", "KEN", "PER")],
        [{"ref_area": area, "time_period": "2019"} for area in ("SEN", "GHA", "KEN", "PER", "FRA", "JPN", "DEU", "ITA", "ESP", "PRT")]
        + [{"ref_area": area, "time_period": "2020"} for area in ("SEN", "GHA", "KEN", "PER", "FRA")],
    ),
}  # fmt: skip
