import gzip
import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import sdmx_csv
from schemas.errors import Changed, Empty, Invalid
from schemas.observation import OBSERVATION
from schemas.sdmx_csv import SideFile
from schemas.source import Raw
from tests.conftest import SIDE, observations, write_bundle


def _side(**more) -> SideFile:
    return SideFile.model_validate({**SIDE, "editions": {"NET": "2021-01-01"}, "scopes": [], **more})


FIGURE = st.fixed_dictionaries(
    {
        "ref_area": st.sampled_from(["SEN", "GHA", "WLD"]),
        "time_period": st.sampled_from(["2019", "2020", "2021-Q4"]),
        "sex": st.sampled_from(["_T", "F", "M"]),
        "age": st.sampled_from(["_T", "Y_GE15"]),
        "value": st.floats(allow_nan=False, allow_infinity=False, width=64),
        "note": st.text(alphabet=st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=20),
    }
)


def _key(row):
    return (row["ref_area"], row["time_period"], row["sex"], row["age"])


@settings(max_examples=100, deadline=None)
@given(st.lists(FIGURE, min_size=1, max_size=12, unique_by=_key))
def test_what_is_written_is_read_back(rows):
    table = observations(*rows)
    reading = sdmx_csv.read(Raw(sdmx_csv.write(table), "made_up.csv"), _side())
    names = [name for name in OBSERVATION.names if name not in ("snapshot", "record")]
    order = [(name, "ascending") for name in ("ref_area", "time_period", "sex", "age")]
    assert reading.observations.select(names).sort_by(order).equals(table.select(names).sort_by(order))


def test_the_same_figures_give_the_same_bytes_in_any_order():
    table = observations({}, {"ref_area": "GHA"}, {"time_period": "2019"})
    backwards = table.take(pa.array([2, 1, 0]))
    assert sdmx_csv.write(table) == sdmx_csv.write(backwards)


def test_figures_of_a_bundle_keep_their_publishers_source_and_edition():
    reading = sdmx_csv.read(Raw(sdmx_csv.write(observations({})), "x.csv"), _side())
    figure = reading.observations.to_pylist()[0]
    assert (figure["source"], figure["edition"]) == ("made_up", "2021-01-01")


def test_what_a_bundle_left_out_is_a_reject_with_the_reason():
    left = [{"series_code": "NET", "ref_area": "SEN", "time_period": "2020", "reason": "140 cannot be"}]
    reading = sdmx_csv.read(Raw(sdmx_csv.write(observations({})), "x.csv"), _side(left_out=left))
    assert reading.rejects.select(["reason", "detail"]).to_pylist() == [
        {"reason": "left_out", "detail": "SEN 2020: 140 cannot be"}
    ]


def test_only_what_is_whole_speaks_of_what_is_absent():
    scopes = [
        {"series_code": "NET", "whole": True, "years": [2019, 2020]},
        {"series_code": "CEL", "whole": False, "years": [2019, 2020]},
    ]
    reading = sdmx_csv.read(Raw(sdmx_csv.write(observations({})), "x.csv"), _side(scopes=scopes))
    assert [scope.series_code for scope in reading.scopes] == ["NET"]


def test_a_bundle_opens_packed_and_plain(tmp_path):
    folder = write_bundle(tmp_path, [{}])
    plain = folder / "made_up.csv"
    (first,) = sdmx_csv.bundle(folder)
    (folder / "made_up.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    (second,) = sdmx_csv.bundle(folder)
    assert first.raw.content == second.raw.content
    assert first.raw.name == second.raw.name


def test_a_folder_without_bundle_files_says_what_a_bundle_is(tmp_path):
    with pytest.raises(Empty, match=r"NAME\.json beside it"):
        sdmx_csv.bundle(tmp_path)


def test_a_file_without_a_side_file_is_refused(tmp_path):
    folder = write_bundle(tmp_path, [{}])
    (folder / "made_up.json").unlink()
    with pytest.raises(Invalid, match="no side file"):
        sdmx_csv.bundle(folder)


@pytest.mark.parametrize("content", [b"not json", b"{}", json.dumps({**SIDE, "editions": {}}).encode()])
def test_a_side_file_that_lacks_something_is_refused(content):
    with pytest.raises(Invalid, match="does not describe"):
        sdmx_csv.side_file(content, "x.json")


@pytest.mark.parametrize("cut", [20, -10])
def test_a_packed_file_that_breaks_off_is_damage(tmp_path, cut):
    folder = write_bundle(tmp_path, [{"time_period": str(year)} for year in range(1990, 2020)])
    packed = gzip.compress((folder / "made_up.csv").read_bytes())
    (folder / "made_up.csv").unlink()
    (folder / "made_up.csv.gz").write_bytes(packed[:cut])
    with pytest.raises(Invalid, match=r"damaged gzip|cut off"):
        sdmx_csv.bundle(folder)


def test_columns_that_are_missing_are_named():
    with pytest.raises(Changed, match="OBS_VALUE"):
        sdmx_csv.read(Raw(b"STRUCTURE,STRUCTURE_ID\nx,y\n", "x.csv"), _side())
