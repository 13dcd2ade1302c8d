import csv
import io
import zipfile

import pyarrow.compute as pc
import pytest

from schemas.errors import Changed, Empty, Invalid, Unavailable
from schemas.source import Raw, Series
from schemas.sources import itu_datahub
from tests.payloads import payload

USE = Series(indicator="internet_users", code="i99H", unit="percent_of_population")
BROADBAND = (
    Series(indicator="fixed_broadband_per_100", code="i992b", unit="per_100_inhabitants"),
    Series(indicator="fixed_broadband_subscriptions", code="i4213tfbb", unit="subscriptions"),
)
HEAD = (
    "seriesID,seriesCode,seriesName,seriesParent,seriesUnits,entityID,entityIso,entityName,dataValue,dataYear,"
    "dataNote,dataSource,seriesDescription\n"
)


def _payload(name: str) -> Raw:
    path = payload(f"itu/datahub_csv/{name}")
    return Raw(path.read_bytes(), path.name)


def _row(iso: str = "SEN", value: str = "50", year: str = "2020", note: str = "", said: str = "") -> str:
    return f'11624,i99H,Use,,%,1,{iso},x,"{value}",{year},"{note}","{said}",d\n'


def _raw(*rows: str, name: str = "use_2025-08.csv") -> Raw:
    return Raw((HEAD + "".join(rows)).encode(), name)


@pytest.mark.payloads
def test_the_download_is_read_whole():
    raw = _payload("individuals-using-the-internet_2025-08.csv")
    filled = [row for row in csv.DictReader(io.StringIO(raw.content.decode("utf-8-sig"))) if row["dataValue"]]
    reading = itu_datahub.read(raw, [USE])
    assert reading.edition == "2025-08"
    assert reading.observations.num_rows == len(filled)
    assert reading.rejects.num_rows == 0
    assert reading.scopes[0].years == (2000, 2024)


@pytest.mark.payloads
def test_itus_own_code_for_guernsey_is_translated():
    reading = itu_datahub.read(_payload("individuals-using-the-internet_2025-08.csv"), [USE])
    areas = set(reading.observations["ref_area"].to_pylist())
    assert "GGY" in areas
    assert "AAA" not in areas


@pytest.mark.payloads
def test_two_series_in_one_file_are_told_by_code_and_not_by_their_wrong_units():
    reading = itu_datahub.read(_payload("fixed-broadband-subscriptions_2025-08.csv"), BROADBAND)
    units = dict(
        zip(reading.observations["indicator"].to_pylist(), reading.observations["unit"].to_pylist(), strict=True)
    )
    assert units == {"fixed_broadband_per_100": "per_100_inhabitants", "fixed_broadband_subscriptions": "subscriptions"}
    rates = reading.observations.filter(pc.field("indicator") == "fixed_broadband_per_100")
    assert pc.max(rates["value"]).as_py() < 100


@pytest.mark.payloads
def test_answers_in_words_are_refused():
    mobile = Series(indicator="internet_users", code="i99H", unit="percent_of_population")
    with pytest.raises(Invalid, match="qualitative"):
        itu_datahub.read(_payload("mobile-services_2026-05.csv"), [mobile])


def test_an_estimate_is_told_by_the_free_text_and_both_texts_are_kept():
    reading = itu_datahub.read(_raw(_row(note="Population 10+", said="ITU estimate"), _row(year="2021")), [USE])
    first, second = reading.observations.sort_by("year").to_pylist()
    assert (first["obs_status"], first["note"]) == ("E", "Population 10+ | Source: ITU estimate")
    assert (second["obs_status"], second["note"]) == ("A", "")


def test_a_zip_and_a_mark_at_the_beginning_are_no_obstacle():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("data.csv", b"\xef\xbb\xbf" + _raw(_row()).content)
    reading = itu_datahub.read(Raw(buffer.getvalue(), "x.zip", edition="2025-08"), [USE])
    assert reading.observations["record"].to_pylist() == ["data.csv!row:1"]


def test_without_an_edition_the_day_of_arrival_is_assumed():
    reading = itu_datahub.read(Raw(_raw(_row()).content, "use.csv", received="2026-11-24"), [USE])
    assert (reading.edition, reading.edition_assumed) == ("2026-11-24", True)


def test_a_blank_is_no_figure():
    reading = itu_datahub.read(_raw(_row(), _row(year="2021", value="")), [USE])
    assert (reading.observations.num_rows, reading.blanks) == (1, 1)


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b"Throughput exceeds the current limit", Unavailable, "fewer requests"),
        (b"No data available for this request", Empty, "holds no data"),
        (b"a,b\n1,2\n", Changed, "lacks the columns"),
        (HEAD.encode(), Empty, "no rows"),
        (b"<html><body>error</body></html>", Changed, "HTML"),
    ],
)
def test_a_bad_answer_is_told_apart(content, kind, words):
    with pytest.raises(kind, match=words):
        itu_datahub.read(Raw(content, "x_2025-08.csv"), [USE])
