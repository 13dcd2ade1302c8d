"""`ictdev map`: what an operator says of a code is kept, listed, taken back, and refused where it cannot be."""

import pytest

from flows import mapping
from schemas.errors import Invalid, Unanswered, Usage

AGE = ("unsd_sdg", "age", ["25-74=Y25T74"])


def _entries(*one, why="the survey's age base"):
    return mapping.parse(*one, why=why, by="me")


def test_an_entry_is_kept_beside_the_journal_and_replaced_by_a_later_one(home):
    home.create()
    mapping.add(home, _entries(*AGE))
    mapping.add(home, _entries("unsd_sdg", "Age", ["25-74 = Y_GE15"]))
    assert [(one.code, one.ours, one.why, one.by) for one in mapping.load(home)] == [
        ("25-74", "Y_GE15", "the survey's age base", "me")
    ]
    assert home.mapping.parent == home.journal


def test_an_entry_is_taken_back_once(home):
    home.create()
    mapping.add(home, [*_entries(*AGE), *_entries("uis", "area", ["XKO=XKX"])])
    mapping.remove(home, "unsd_sdg", "age", ["25-74"])
    assert [one.source for one in mapping.load(home)] == ["uis"]
    with pytest.raises(Unanswered, match="not mapped"):
        mapping.remove(home, "unsd_sdg", "age", ["25-74"])


@pytest.mark.parametrize(
    ("asked", "why", "words"),
    [
        (("nobody", "age", ["a=Y25T74"]), "x", "no source"),
        (("uis", "age", ["25-74"]), "x", "not CODE=OURS"),
        (("uis", "age", ["25-74=Y1T2"]), "x", "no code of age"),
        (("uis", "area", ["AAA=Atlantis"]), "x", "no code of area"),
        (("uis", "rowId", ["*=F"]), "x", "no code of rowId"),
        (AGE, " ", "needs a reason"),
    ],
)
def test_what_cannot_be_mapped_says_why(asked, why, words):
    with pytest.raises(Usage, match=words):
        _entries(*asked, why=why)


def test_a_damaged_file_is_named(home):
    home.create()
    home.journal.mkdir()
    home.mapping.write_text("[{")
    with pytest.raises(Invalid, match="damaged"):
        mapping.load(home)
    home.mapping.write_text('{"a": 1}')
    with pytest.raises(Invalid, match="damaged"):
        mapping.load(home)
