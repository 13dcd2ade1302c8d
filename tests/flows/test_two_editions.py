"""Two real editions of one series, six years apart: what we count as changed is what pandas counts."""

import io
import zipfile

import pandas as pd
import pytest

from flows.accept import accept
from schemas import codelist
from tests.payloads import payload
from warehouse.query import open_release

CODE = "IT.NET.USER.ZS"
OLD, NEW = (f"world_bank/ds2_csv/API_{CODE}_DS2_en_csv_v2_{number}.csv" for number in ("889089", "33086"))


def _long(name):
    """Read a download on its own: country code, year, value; without blanks."""
    content = payload(name).read_bytes()
    if zipfile.is_zipfile(io.BytesIO(content)):
        archive = zipfile.ZipFile(io.BytesIO(content))
        content = archive.read(next(one for one in archive.namelist() if one.startswith("API_")))
    text = content.decode("utf-8-sig")
    start = next(at for at, line in enumerate(text.splitlines()) if line.replace('"', "").startswith("Country Name,"))
    frame = pd.read_csv(io.StringIO("\n".join(text.splitlines()[start:])))
    years = [name for name in frame.columns if name.isdigit()]
    long = frame.melt(id_vars=["Country Code"], value_vars=years, var_name="year", value_name="value").dropna()
    known = {code for row in codelist.rows("area") for code in row["world_bank"].split()}
    return long[long["Country Code"].isin(known)].set_index(["Country Code", "year"])["value"]


@pytest.fixture(scope="module")
def expected():
    old, new = _long(OLD), _long(NEW)
    both = old.index.intersection(new.index)
    apart = (old[both] - new[both]).abs() > 5e-11 * pd.concat([old[both].abs(), new[both].abs()], axis=1).max(axis=1)
    return {
        "added": len(new.index.difference(old.index)),
        "removed": len(old.index.difference(new.index)),
        "revised": int(apart.sum()),
        "unchanged": int((~apart).sum()),
    }


@pytest.mark.payloads
def test_added_removed_and_revised_are_those_that_pandas_counts(home, refresh, expected):
    """The newer file lacks groups of the publisher's own: it is whole because a person says so, and is looked at."""
    refresh(files=[f"world_bank={payload(OLD)}"])
    held = refresh(files=[f"world_bank={payload(NEW)}"], whole=True)
    assert (held.exit_status, held.sources[0].removed) == (3, 0)
    (source,) = accept(home, "world_bank", why="years apart").sources
    counted = {"added": source.added, "removed": source.removed, "revised": source.revised}
    assert counted == {name: expected[name] for name in counted}
    assert all(count > 0 for count in counted.values())
    with open_release(home.root) as session:
        kinds = session.rows(
            "SELECT kind, count(*) AS count FROM revision WHERE source = 'world_bank' "
            "AND vintage = (SELECT max(vintage) FROM run) GROUP BY kind ORDER BY kind"
        )
    told = {row["kind"]: row["count"] for row in kinds}
    assert {name: told.get(name, 0) for name in counted} == counted
