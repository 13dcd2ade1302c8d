"""The page on the World Bank's groups is what the bundled figures say."""

from pathlib import Path

from flows import recompute
from warehouse.query import open_release

PAGE = Path(__file__).parents[2] / "docs" / "methods.md"


def test_the_tables_of_the_page_are_those_of_the_release(released):
    written = PAGE.read_text(encoding="utf-8").split(recompute.START)[1].split(recompute.END)[0]
    with open_release(released.root) as session:
        found = recompute.difference(session)
    assert written.strip() == "\n".join(recompute.lines(found)), "run: ictdev refresh --bundled && make recompute"
    assert len(found) == 120
    assert (found["why"] != "").sum() == (found["difference"].abs() > 1).sum()


def test_years_are_written_as_spans():
    assert recompute._spans([2005, 2006, 2007, 2010]) == "2005–2007, 2010"
