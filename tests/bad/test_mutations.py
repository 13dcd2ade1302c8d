"""A short run of the mutation campaign: the kinds that must be held are, and the others leave a trace."""

import pytest

from benchmarks import mutate
from benchmarks.faults import FAULTS, Fault

pytestmark = pytest.mark.slow
ALWAYS = ("sign lost", "a century too early", "a year to come", "unknown economy", "unknown sex", "unknown status")
PLAUSIBLE = ("× 1000", "another unit", "two economies exchanged", "women and men exchanged", "a figure lost")


@pytest.fixture(scope="module")
def campaign():
    return mutate.Campaign(seed=7)


def test_there_are_kinds_enough():
    assert len(FAULTS) >= 25


@pytest.mark.parametrize("kind", ALWAYS)
def test_what_breaks_the_contract_is_held(campaign, kind):
    caught = campaign.run(kind, 2)
    assert [one.held for one in caught] == [True, True]


@pytest.mark.parametrize("kind", PLAUSIBLE)
def test_what_only_looks_wrong_is_caught_in_a_later_answer(campaign, kind):
    caught = campaign.run(kind, 2)
    assert [one.later for one in caught] == [True, True]


def test_the_same_seed_plants_the_same_faults(campaign):
    assert campaign.run("× 100", 2) == mutate.Campaign(seed=7).run("× 100", 2)


def test_a_figure_that_stays_as_it_is_is_not_caught(campaign):
    place = campaign.frame.index[0]
    unchanged = Fault(lambda frame, at, chance: frame.copy())
    caught = campaign._try(unchanged, place, None)
    assert caught is not None
    assert (caught.first, caught.later, caught.held) == (False, False, False)


def test_the_table_is_written_between_its_marks(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{mutate.MARKS[0]}\nold\n{mutate.MARKS[1]}\nafter\n", encoding="utf-8")
    caught = [mutate.Caught(first=False, later=True, held=False, checks=frozenset({"published_peak"}))]
    mutate.write(page, list(mutate.lines({"× 10": caught})))
    text = page.read_text(encoding="utf-8")
    assert "| × 10 | 1 | 0% | 100% | 0% | `published_peak` |" in text
    assert "| **all** | 1 | 0% | 100% | 0% |" in text
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")
