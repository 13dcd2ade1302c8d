"""Marks that change what a number is: flags, qualifiers, footnotes.

| case | kind | right value |
| --- | --- | --- |
| 01-uis-not-applicable-zero | a placeholder taken for a figure | NRU has no figure, VUT 0 is a true zero, TON 55.5 is U, WSM 60.5 is E |
| 06-eurostat-flag-r | an official flag not known | MK 87.1 goes in with the note `Flag: r`; `bu` keeps both letters; a confidential blank is no figure |
| 13-world-bank-status-word | a status in words | CHN 2024 is A, 2025 is F |
"""

import json

import pyarrow as pa
import pytest

from schemas.status import Field, read_marks
from tests.cases.answers import aside, examined, figures, good, read
from tests.exchanges import page, row
from tests.schemas.samples import EURO_HEAD, SDG_RECORD

SCHOOLS = "SCHBSP.1.WINTERN"


def _uis(*rows):
    names = ("geoUnit", "value", "magnitude", "qualifier")
    records = [
        {"indicatorId": SCHOOLS, "geoUnitType": "NATIONAL", "year": 2020, **dict(zip(names, one, strict=True))}
        for one in rows
    ]
    return json.dumps({"hints": [], "records": records, "indicatorMetadata": []}).encode()


def test_magnitudes_of_uis_say_what_is_a_figure(tmp_path):
    content = _uis(
        ("MLT", 100, None, None), ("VUT", 0, "NIL", None), ("NRU", 0, "NA", None), ("TON", 55.5, "LOWREL", None),
        ("WSM", 60.5, "INCLUDES", "NAT_EST"), ("FJI", None, "SUPP", None), ("SDG: World", 40.4, None, "UIS_EST"),
    )  # fmt: skip
    reading = good(examined(tmp_path, "uis", content, "uis.json", "2021-09-21"))
    assert figures(reading, "ref_area", "value", "obs_status", "note") == [
        ("MLT", 100.0, "A", ""),
        ("TON", 55.5, "U", "Magnitude: LOWREL"),
        ("VUT", 0.0, "A", "Magnitude: NIL"),
        ("WSM", 60.5, "E", "Magnitude: INCLUDES | Qualifier: NAT_EST"),
    ]
    assert aside(reading) == [("no_figure", "value=0; Magnitude: NA")]
    assert reading.blanks == 1


def test_a_magnitude_that_is_not_known_costs_its_row_only():
    reading = read("uis", _uis(("MLT", 100, None, None), ("TON", 55.5, "SOMETHING", None)))
    assert figures(reading, "ref_area") == [("MLT",)]
    assert aside(reading) == [("unknown_status", "status=SOMETHING")]


FLAGS = (
    ("FR", "91.12", ""), ("SI", "90.40", "bu"), ("MK", "87.10", "r"), ("AL", "83.14", "ep"), ("EL", "85.07", ""),
    ("XK", "97.0", ""), ("EU27_2020", "91.6", ""), ("EA21", "92.6", ""),
)  # fmt: skip


def test_every_flag_of_eurostat_is_known_in_any_combination(tmp_path):
    rows = "".join(
        f"dataflow,ESTAT:ISOC_CI_IFP_IU(1.0),A,I_IU3,PC_IND,IND_TOTAL,{geo},2023,{value},{flag},\n"
        for geo, value, flag in FLAGS
    )
    secret = "dataflow,ESTAT:ISOC_CI_IFP_IU(1.0),A,I_IU3,PC_IND,F_Y16_74,MT,2023,,c,C\n"
    reading = good(examined(tmp_path, "eurostat", (EURO_HEAD + rows + secret).encode(), "isoc.csv", "2024-12-17"))
    assert figures(reading, "ref_area", "value", "obs_status", "note") == [
        ("ALB", 83.14, "E", "Flag: ep"),
        ("FRA", 91.12, "A", ""),
        ("GRC", 85.07, "A", ""),
        ("MKD", 87.1, "A", "Flag: r"),
        ("SVN", 90.4, "B", "Flag: bu"),
        ("XKX", 97.0, "A", ""),
    ]
    assert (reading.rejects.num_rows, reading.blanks, reading.skipped) == (0, 1, 2)


@pytest.mark.parametrize("letter", "bcdefnprsu")
def test_each_letter_has_a_status(letter):
    marks = read_marks((pa.array([letter, f"{letter}p"]), Field("eurostat", "OBS_FLAG", "letters")))
    assert marks.obs_status.null_count == 0
    assert marks.no_figure.to_pylist() == [False, False]


def test_not_applicable_is_no_figure_and_an_unknown_letter_is_no_status():
    marks = read_marks((pa.array(["z", "q", "bq"]), Field("eurostat", "OBS_FLAG", "letters")))
    assert marks.no_figure.to_pylist() == [True, False, False]
    assert marks.obs_status.to_pylist()[1:] == [None, None]


def test_the_world_bank_s_words_are_statuses(tmp_path):
    known = [row("CHN", "2024", 91.6), row("CHN", "2025", 92.3, obs_status="forecast")]
    odd = row("SEN", "2024", 60.0, obs_status="guess")
    reading = good(examined(tmp_path, "world_bank", page(*known, odd), "page.json", ""))
    assert figures(reading, "ref_area", "year", "value", "obs_status") == [
        ("CHN", 2024, 91.6, "A"),
        ("CHN", 2025, 92.3, "F"),
    ]
    assert aside(reading) == [("unknown_status", "status=guess")]


@pytest.mark.parametrize(
    ("footnote", "nature", "status"),
    [
        ("This data point is NIL for the submitting nation.", "C", "A"),
        ("This data point is not applicable for the submitting nation.", "C", None),
        ("ITU estimate", "NA", "E"),
        ("Preliminary. Population age 15+.", "C", "P"),
        ("Data are of low reliability", "E", "U"),
        ("Population age 16-74.", "C", "A"),
        ("", "M", "E"),
    ],
)
def test_footnotes_of_unsd_say_what_a_figure_is(footnote, nature, status):
    record = {**SDG_RECORD, "footnotes": [footnote], "attributes": {"Nature": nature, "Units": "PERCENT"}}
    sound = {**SDG_RECORD, "geoAreaCode": "288", "footnotes": [""]}
    content = json.dumps({"totalElements": 2, "totalPages": 1, "data": [record, sound]}).encode()
    found = dict(figures(read("unsd_sdg", content), "ref_area", "obs_status"))
    assert found == {"GHA": "A", **({} if status is None else {"SEN": status})}
