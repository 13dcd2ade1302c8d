import csv
import json
from collections import Counter
from datetime import date
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest

from schemas.codelist import area_table, membership, rows, translate_areas
from tests.payloads import ROOT, payload


def _members(group: str, day: date) -> set[str]:
    return {
        row["ref_area"]
        for row in membership().to_pylist()
        if row["group_code"] == group
        and (row["valid_from"] is None or row["valid_from"] <= day)
        and (row["valid_to"] is None or day < row["valid_to"])
    }


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("area", "ref_area"),
        *((name, "code") for name in ("sex", "age", "urbanisation", "unit", "obs_status", "breakdown")),
    ],
)
def test_no_code_stands_twice(name, column):
    counted = Counter(row[column] for row in rows(name))
    assert [code for code, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("scheme", ["iso2", "m49", "world_bank", "itu"])
def test_no_code_of_a_publisher_means_two_areas(scheme):
    counted = Counter(code for row in rows("area") for code in row[scheme].split())
    assert [code for code, count in counted.items() if count > 1] == []


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(2016, 7, 1), 48),
        (date(2017, 7, 6), 47),
        (date(2021, 1, 1), 46),
        (date(2024, 1, 1), 45),
        (date(2025, 8, 1), 44),
    ],
)
def test_least_developed_countries_are_counted_by_date(day, count):
    assert len(_members("LDC", day)) == count


def test_the_frozen_group_is_the_one_of_the_resolution():
    assert _members("LDC_2017", date(2030, 1, 1)) == _members("LDC", date(2017, 7, 6))


def test_scheduled_graduations_are_marked_unconfirmed():
    marked = {row["ref_area"] for row in rows("ldc_dates") if "2026-11-24" in row["note"]}
    assert marked == {"BGD", "LAO", "NPL"}
    assert all(row["status"] == "unconfirmed" for row in rows("ldc_dates") if row["ref_area"] in marked)


def test_every_member_is_an_economy_of_the_list():
    economies = {row["ref_area"] for row in rows("area") if row["kind"] == "economy"}
    groups = {row["ref_area"] for row in rows("area") if row["kind"] == "group"}
    assert {row["ref_area"] for row in rows("area_group")} <= economies | {"ANT"}
    assert {row["group_code"] for row in rows("area_group")} <= groups


def test_no_membership_overlaps_itself():
    spans: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows("area_group"):
        spans.setdefault((row["group_code"], row["ref_area"]), []).append(
            (row["valid_from"], row["valid_to"] or "9999")
        )
    for place, found in spans.items():
        found.sort()
        assert all(before[1] <= after[0] for before, after in pairwise(found)), place


@pytest.mark.parametrize("year", [1990, 2005, 2016, 2024])
def test_an_economy_is_in_one_income_group_at_a_time(year):
    day = date(year, 7, 1)
    groups = [_members(group, day) for group in ("HIC", "UMC", "LMC", "LIC")]
    assert sum(len(group) for group in groups) == len(set().union(*groups)) > 150


def test_itu_africa_is_not_the_africa_of_the_united_nations():
    day = date(2024, 7, 1)
    assert {"EGY", "MRT", "COM"} <= _members("M49_002", day) - _members("ITU_AFR", day)
    assert {"EGY", "MRT", "COM"} <= _members("ITU_ARB", day)


def test_every_economy_of_m49_has_a_name_in_each_language():
    for row in rows("area"):
        if row["kind"] == "economy" and row["m49"] and not row["note"]:
            assert all(row[f"name_{tag}"] for tag in ("en", "fr", "es", "ru", "zh", "ar")), row["ref_area"]


def test_codes_are_translated_and_unknown_ones_are_null():
    codes = pa.array(["AFE", "XD", "ARB", "ABW", "QQQ"])
    assert translate_areas(codes, "world_bank").to_pylist() == ["WB_AFE", "HIC", "WB_ARB", "ABW", None]
    assert translate_areas(pa.array(["AAA", "KSO"]), "itu").to_pylist() == ["GGY", "XKX"]
    assert translate_areas(pa.array(["001", "004"]), "m49").to_pylist() == ["WLD", "AFG"]


def test_the_area_table_keeps_blanks_as_nulls():
    assert area_table().filter(pa.compute.equal(area_table()["ref_area"], "LDC_2017"))["m49"].to_pylist() == [None]


def test_the_members_of_2025_are_those_that_m49_flags():
    path = payload("classification/UNSD_Methodology_M49_2025-08.csv")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        flagged = {
            row["ISO-alpha3 Code"]
            for row in csv.DictReader(handle, delimiter=";")
            if row["Least Developed Countries (LDC)"].strip()
        }
    assert _members("LDC", date(2025, 8, 1)) == flagged


def _unknown(codes: set[str], scheme: str) -> list[str]:
    ordered = sorted(codes)
    found = translate_areas(pa.array(ordered), scheme).to_pylist()
    return [code for code, area in zip(ordered, found, strict=True) if area is None]


def test_every_area_of_the_real_payloads_is_known():
    payload("unsd")
    bank = payload("world_bank/country_list.jsonl").read_text(encoding="utf-8").splitlines()
    assert _unknown({json.loads(line)["id"] for line in bank}, "world_bank") == []
    un = {row["geo_area"].zfill(3) for path in ROOT.glob("unsd/series_2020Q3/*.csv") for row in _rows(path)}
    assert _unknown(un, "m49") == []
    itu = {row["entityIso"] for path in ROOT.glob("itu/datahub_csv/*20*.csv") for row in _rows(path)}
    assert _unknown(itu, "itu") == []


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def test_former_economies_have_dates_and_successors_and_are_in_no_group_of_today():
    listed = {row["ref_area"]: row for row in rows("area")}
    former = {code: row for code, row in listed.items() if row["kind"] == "former"}
    assert {"YUG", "SCG", "ANT", "CSK", "SUN", "DDR", "YMD"} <= set(former)
    for code, row in former.items():
        assert row["valid_to"], code
        assert {listed[one]["kind"] for one in row["successors"].split()} <= {"economy", "former"}, code
        assert not any(code in _members(group, date(2024, 1, 1)) for group in ("WLD", "HIC", "LDC"))


@pytest.mark.payloads
def test_made_anew_the_lists_are_the_shipped_ones(tmp_path):
    from flows import codelists  # noqa: PLC0415

    shipped = Path(str(files("schemas"))) / "codelists"
    for name in ("group_names.csv", "ldc_dates.csv"):
        (tmp_path / name).write_bytes((shipped / name).read_bytes())
    codelists.build(payload("SOURCES.md").parent, tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_text(encoding="utf-8") == (shipped / path.name).read_text(encoding="utf-8"), path.name
