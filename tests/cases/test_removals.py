"""An answer removes only what it proves to be gone (case 15): files cut by a person, two files of one country, forms.

| case | kind | right value |
| --- | --- | --- |
| 15 | a World Bank file cut to Senegal | all eight figures stay, one line says that six are not in the file |
| 15 | the same, said to be whole | held: six of eight figures vanish; let through, two stay |
| — | a file of all economies and years with one figure blank | that figure is removed |
| — | a form sent a second time with an empty cell | nothing is removed |
| — | two files of one country in one run, and in two | both stay |
"""

import pytest

from flows import pending
from flows.accept import accept
from flows.rebuild import rebuild
from schemas.errors import Unanswered, Usage
from tests.conftest import Refresh
from tests.schemas.samples import form
from warehouse.home import Home
from warehouse.query import open_release

AREAS = {"SEN": ("58.1", "60"), "GHA": ("64.5", "69.8"), "KEN": ("33.5", "35"), "WLD": ("62.6", "64.4")}


def _download(figures: dict[str, tuple[str, ...]], day: str, years: tuple[str, ...] = ("2021", "2022")) -> str:
    """Give a World Bank download, as a person re-saves it."""
    head = ["Country Name", "Country Code", "Indicator Name", "Indicator Code", *years]
    rows = [["Somewhere", area, "Use", "IT.NET.USER.ZS", *values] for area, values in figures.items()]
    lines = "".join(",".join(f'"{cell}"' for cell in row) + ",\n" for row in (head, *rows))
    return f'"Data Source","World Development Indicators",\n\n"Last Updated Date","{day}",\n\n{lines}'


@pytest.fixture
def give(refresh: Refresh, tmp_path):
    """Give a World Bank file of some figures, and take it in."""

    def taken(figures, day, **asked):
        path = tmp_path / f"API_IT.NET.USER.ZS_DS2_en_csv_v2_{day}.csv"
        path.write_text(_download(figures, day))
        return refresh(files=[f"world_bank={path}"], **asked)

    return taken


def _current(home: Home, source: str = "world_bank") -> dict[tuple[str, int], float]:
    with open_release(home.root) as session:
        rows = session.rows("SELECT ref_area, year, value FROM observation WHERE source = $source", {"source": source})
        return {(row["ref_area"], row["year"]): row["value"] for row in rows}


def test_a_file_cut_to_some_economies_removes_nothing(home, give):
    give(AREAS, "2024-06-28")
    report = give({"SEN": ("58.1", "61")}, "2024-07-28")
    (source,) = report.sources
    assert (report.exit_status, source.revised, source.removed) == (0, 1, 0)
    assert len(_current(home)) == 8
    assert _current(home)["SEN", 2022] == 61
    (line,) = [text for text in source.warnings if "--whole" in text]
    assert line.startswith("world_bank: 6 figures of the same series are not in what was given, with 1 area; they stay")


def test_the_same_part_once_more_is_not_read_again_and_says_the_same(home, give, monkeypatch):
    give(AREAS, "2024-06-28")
    once = give({"SEN": ("58.1", "61")}, "2024-07-28").sources[0]
    monkeypatch.setattr("flows.examine._read", lambda *_: pytest.fail("it is read again"))
    again = give({"SEN": ("58.1", "61")}, "2024-07-28").sources[0]
    assert (again.state, again.warnings) == ("good", once.warnings)
    assert any("--whole" in text for text in again.warnings)


def test_the_same_file_is_held_when_a_person_calls_it_whole(home, give):
    give(AREAS, "2024-06-28")
    report = give({"SEN": ("58.1", "60")}, "2024-07-28", whole=True)
    (source,) = report.sources
    assert (report.exit_status, source.state, len(_current(home))) == (3, "held", 8)
    assert "6 of 8 figures vanish" in source.troubles[0]["what"]
    let_through = accept(home, "world_bank", why="a list of one economy is wanted")
    assert (let_through.sources[0].removed, sorted(_current(home))) == (6, [("SEN", 2021), ("SEN", 2022)])
    assert not list(home.settled.glob("world_bank.json"))  # the checks that it was let past hold for the next one
    assert rebuild(home).different == {}


def test_a_file_of_all_economies_and_years_proves_that_a_blank_is_gone(home, give):
    many = dict.fromkeys(("AGO", "BEN", "CMR", "DZA", "EGY", "FIN", "GHA", "HTI", "IND", "JPN"), ("50", "60"))
    give({**many, **AREAS}, "2024-06-28")
    blank = give({**many, **AREAS, "GHA": ("64.5", "")}, "2024-07-28")
    assert blank.sources[0].state == "held"  # 1 of 26: more than half a per cent
    accept(home, "world_bank", why="withdrawn")
    assert ("GHA", 2022) not in _current(home)
    assert len(_current(home)) == 25


def test_one_year_less_is_no_proof(home, give):
    give(AREAS, "2024-06-28")
    report = give({area: (values[0], "") for area, values in AREAS.items()}, "2024-07-28")
    assert (report.sources[0].removed, len(_current(home))) == (0, 8)


@pytest.mark.parametrize("first", ["whole", "cut"])
def test_a_proof_does_not_depend_on_the_order_of_editions(home, give, first):
    """The newer file lacks an economy of the older one, so it proves nothing, whichever came first."""
    older, newer = (AREAS, "2024-06-28"), ({"SEN": ("58.1", ""), "GHA": ("64.5", "69.8")}, "2024-07-28")
    for figures, day in (older, newer) if first == "whole" else (newer, older):
        assert give(figures, day).exit_status == 0
    assert len(_current(home)) == 8


def test_two_files_of_one_country_in_one_run_are_one_answer(home, refresh, tmp_path):
    paths = []
    for number, years in enumerate((("2021", "2022"), ("2023",))):
        paths.append(tmp_path / f"API_{number}.csv")
        paths[-1].write_text(_download({"SEN": tuple("5" for _ in years)}, "2024-06-28", years))
    one = refresh(files=[f"world_bank={path}" for path in paths])
    assert (one.exit_status, one.sources[0].added) == (0, 3)
    again = refresh(files=[f"world_bank={path}" for path in reversed(paths)])
    assert (again.exit_status, again.changed) == (0, False)
    assert refresh(files=[f"world_bank={paths[0]}"]).changed is False
    assert len(_current(home)) == 3


def test_files_of_one_edition_that_contradict_each_other_are_held_together(home, refresh, tmp_path):
    for number, value in enumerate(("50", "51")):
        (tmp_path / f"API_{number}.csv").write_text(_download({"SEN": (value, "60")}, "2024-06-28"))
    report = refresh(files=[f"world_bank={tmp_path / f'API_{number}.csv'}" for number in (0, 1)])
    (source,) = report.sources
    assert (report.exit_status, source.state) == (4, "held")
    assert "stored_key_unique" in source.troubles[0]["what"]
    assert "ictdev release --accept world_bank" in source.troubles[0]["next"]
    accept(home, "world_bank", why="the other year is sound")
    assert _current(home) == {("SEN", 2022): 60}
    assert rebuild(home).different == {}


def test_an_empty_cell_in_a_form_sent_a_second_time_removes_nothing(home, refresh, tmp_path):
    figures = [("internet_users", year, sex, "", "", "", 50, "", "") for year in (2024, 2025) for sex in ("F", "M")]
    for day, sent in (("2026-11-24", figures), ("2026-11-25", figures[:3])):
        path = tmp_path / f"form-{day}.xlsx"
        path.write_bytes(form(*sent, day=day))
        report = refresh(files=[f"submission={path}"])
        assert report.exit_status == 0
    assert report.sources[0].removed == 0
    with open_release(home.root) as session:
        (row,) = session.rows("SELECT count(*) AS figures FROM observation WHERE source = 'submission'")
    assert row["figures"] == 4


def test_what_cannot_be_read_cannot_be_let_through(home, give, refresh, tmp_path):
    give(AREAS, "2024-06-28")
    (tmp_path / "API_x.csv").write_bytes(b"\x00\x01\x02")
    assert refresh(files=[f"world_bank={tmp_path / 'API_x.csv'}"]).exit_status == 4
    with pytest.raises(Unanswered, match="cannot be let through"):
        accept(home, "world_bank", why="please")


def test_an_answer_that_failed_a_check_is_let_through_without_what_cannot_be(home, give):
    give(AREAS, "2024-06-28")
    report = give({"SEN": ("58.1", "160"), "NER": ("10", "12")}, "2024-07-28")
    assert report.sources[0].state == "held"
    assert [one["source"] for one in pending.waiting(home)] == ["world_bank"]
    accept(home, "world_bank", why="Niger is right")
    assert _current(home)["NER", 2022] == 12
    assert _current(home)["SEN", 2022] == 60  # the impossible figure neither came in nor removed the former one
    assert pending.waiting(home) == []
    assert rebuild(home).different == {}


def test_whole_is_said_of_files(refresh):
    with pytest.raises(Usage, match="--whole"):
        refresh(sources=["world_bank"], whole=True)
