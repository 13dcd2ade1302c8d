import sys

import pyarrow as pa
import pytest

from flows import backtest as page
from indicators import pair_backtest, projection
from indicators.trend import SHARE
from schemas.errors import Unavailable
from tests.payloads import ROOT, payload


def test_the_text_goes_between_the_marks_and_nothing_else_changes(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(f"before\n{page.START}\nold\n{page.END}\nafter\n", encoding="utf-8")
    page.write(path, "new")
    page.write(path, "newer")
    assert path.read_text(encoding="utf-8") == f"before\n{page.START}\n\nnewer\n\n{page.END}\nafter\n"


def test_a_page_without_marks_is_left_alone(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("nothing here\n", encoding="utf-8")
    with pytest.raises(ValueError, match="unpack"):
        page.write(path, "new")
    assert path.read_text(encoding="utf-8") == "nothing here\n"


def test_without_the_payload_by_sex_no_page_is_written(tmp_path, monkeypatch):
    path = tmp_path / "page.md"
    path.write_text(f"{page.START}\nold\n{page.END}\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["backtest", str(path), str(tmp_path)])
    with pytest.raises(Unavailable, match="ITU_DH_INT_USR_DAY"):
        page.main()
    assert "old" in path.read_text(encoding="utf-8")


def test_every_bundled_share_comes_from_one_source():
    table = page.shares()
    frame = table.to_pandas()
    key = [name for name in projection.SERIES if name not in {"source", "edition"}]
    assert frame.groupby(key)["source"].nunique().max() == 1
    assert not frame.duplicated([*key, "year"]).any()
    assert {projection.methods()[name] for name in set(frame["indicator"])} == {SHARE}
    assert (
        frame[(frame["indicator"] == "internet_users") & (frame["age"] == "_T")]["source"].value_counts().index[0]
        == "world_bank"
    )


def test_groups_of_economies_are_not_tried():
    assert not {"WLD", "LDC", "HIC"} & set(page.shares()["ref_area"].to_pylist())


@pytest.mark.payloads
def test_pairs_are_those_of_the_payload():
    payload(page.BY_SEX)
    pairs = page.daily_pairs(ROOT)
    assert isinstance(pairs, pa.Table)
    assert pairs.num_rows > 1000
    assert pairs["female"].null_count == pairs["male"].null_count == 0
    gaps = pair_backtest.gaps_of(pairs)["value"].to_pylist()
    assert min(gaps) < 0 < max(gaps) < 100
