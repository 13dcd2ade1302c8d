import json

import pytest

from schemas.errors import Changed, Empty, IctdevError, Usage
from schemas.source import Raw
from schemas.sources import mlab_stats
from tests.schemas.samples import asked

DAY = {
    "download_MED": 10.0, "download_AVG": 20.0, "dl_samples_day": 10, "upload_MED": 2.0, "upload_AVG": 4.0,
    "ul_samples_day": 5, "download_minRTT_MED": 30.0,
}  # fmt: skip


def _day(number, **other):
    return [{"date": f"2023-01-{number:02}", "bucket_min": bucket, **DAY, **other} for bucket in range(8)]


def _read(rows, name="SN_2023.json"):
    content = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
    return mlab_stats.read(Raw(content, name, received="2026-11-24"), asked("mlab_stats"))


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (b"<html><title>404</title>Not found</html>", Changed),
        (b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', Changed),
        (b'{"error": 404}', Changed),
        (b"[]", Empty),
        (b"", Empty),
        (b'[{"bucket_min": 0}]', Changed),
        (_day(1, download_MED=None), Empty),
        (_day(1, dl_samples_day="many"), Empty),
        (json.dumps(_day(1)).encode()[:-20], Changed),
    ],
)
def test_what_the_publisher_does_wrong(rows, kind):
    with pytest.raises(kind) as caught:
        _read(rows)
    assert isinstance(caught.value, IctdevError)


def test_a_name_that_does_not_tell_the_country():
    with pytest.raises(Usage, match="country and year"):
        _read(_day(1), "histogram_daily_stats.json")


def test_a_name_that_tells_another_year():
    with pytest.raises(Changed, match="speaks of 2023"):
        _read(_day(1), "SN_2022.json")


def test_a_day_counts_once_and_the_mean_is_that_of_all_tests():
    rows = [*_day(1), *_day(2, download_AVG=80.0, download_MED=40.0, dl_samples_day=30), *_day(3, download_MED=11.0)]
    found = {(row["indicator"], row["breakdown"]): row for row in _read(rows).observations.to_pylist()}
    assert found["broadband_download_speed", "NDT_MEAN"]["value"] == pytest.approx((20 * 10 + 80 * 30 + 20 * 10) / 50)
    assert found["broadband_download_speed", "NDT_MIDDLE_DAY"]["value"] == 11
    assert found["broadband_tests", "NDT_DOWNLOAD_TESTS"]["value"] == 50
    assert found["broadband_tests", "NDT_UPLOAD_TESTS"]["value"] == 15
    assert found["broadband_latency", "NDT_MIDDLE_DAY"]["value"] == 30
    assert {(row["ref_area"], row["time_period"], row["note"]) for row in found.values()} == {("SEN", "2023", "3 days")}
    assert len(found) == 7


def test_a_day_whose_buckets_contradict_each_other_is_told_and_left_out():
    rows = [*_day(1), *_day(2)[:7], {**_day(2)[7], "download_AVG": 99.0}]
    reading = _read(rows)
    assert [(row["record"], row["reason"]) for row in reading.rejects.to_pylist()] == [
        ("day 2023-01-02", "doubtful_day")
    ]
    assert {row["note"] for row in reading.observations.to_pylist()} == {"1 days"}


def test_days_without_tests_do_not_count():
    rows = [*_day(1), *_day(2, dl_samples_day=0, download_AVG=0, download_MED=0)]
    found = {(row["indicator"], row["breakdown"]): row["value"] for row in _read(rows).observations.to_pylist()}
    assert found["broadband_download_speed", "NDT_MEAN"] == 20
