"""The bundled figures: made anew from the payloads they are what ships; small, and only what may be passed on."""

import gzip

import orjson
import pytest

from flows import bundle
from flows.bundle_shapes import age_in
from flows.plan import bundled
from schemas import sdmx_csv
from tests.payloads import payload


@pytest.mark.payloads
def test_made_anew_they_are_the_shipped_bytes(tmp_path):
    bundle.make(payload("SOURCES.md").parent, tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shipped = {path.name: path.read_bytes() for path in bundled().iterdir() if path.name != "README.md"}
    assert sorted(made) == sorted(shipped)
    for name, content in made.items():
        assert _content(name, content) == _content(name, shipped[name]), name


def _content(name: str, content: bytes) -> bytes:
    """Compressed bytes may differ from one zlib to the next; what they hold may not."""
    return gzip.decompress(content) if name.endswith(".gz") else content


def test_they_are_small_and_open():
    paths = list(bundled().iterdir())
    assert sum(path.stat().st_size for path in paths) < bundle.MAX_SIZE
    for path in paths:
        if path.suffix == ".json":
            assert orjson.loads(path.read_bytes())["licence"]["open"], path.name


def test_the_readme_names_every_file():
    text = (bundled() / "README.md").read_text(encoding="utf-8")
    for path, side in sdmx_csv.contents(bundled()):
        assert path.name in text
        assert side.title in text


@pytest.mark.parametrize(
    ("comment", "year", "code"),
    [
        ("Population age 15+", "2014", "Y_GE15"),
        ("Age range: 15-49", "2014", "Y15T49"),
        ("Population age 5-75 (2018); 5-74 (2019)", "2019", "Y5T74"),
        ("Population age 5-75 (2018); 5-74 (2019)", "2017", "_T"),
        ("", "2014", "_T"),
    ],
)
def test_the_age_base_is_told_from_the_comment(comment, year, code):
    assert age_in(comment, year) == code
