"""What an answer covers by the way it came, and by journals that do not say it yet."""

import pytest

from flows.coverage import covering
from schemas.observation import REJECT
from schemas.source import Reading, Scope
from schemas.sources import readers
from tests.conftest import observations
from warehouse.snapshots import Receipt

CLAIM = Scope("unsd_sdg", "NET", ("SEN",))
READING = Reading(observations({}), REJECT.empty_table(), "2021-01-01", (CLAIM,))


def _receipt(route: str, **more) -> Receipt:
    return Receipt("0" * 64, "unsd_sdg", route, "x", "", "2021-01-01", 1, **more)


@pytest.mark.parametrize(
    ("receipt", "scopes"),
    [
        (_receipt("fetched", series=("NET",), whole=True), [Scope("unsd_sdg", "NET")]),
        (
            _receipt("fetched", series=("NET",), areas=("SEN",), years=(2019, 2020), whole=True),
            [Scope("unsd_sdg", "NET", ("SEN",), (2019, 2020))],
        ),
        (_receipt("fetched", series=("NET",), whole=False), [Scope("unsd_sdg", "NET", basis="named")]),
        (_receipt("fetched", series=("NET",)), [CLAIM]),
        (_receipt("file", whole=False), [Scope("unsd_sdg", "NET", basis="claimed")]),
        (_receipt("file", whole=True), [Scope("unsd_sdg", "NET")]),
        (_receipt("file"), [CLAIM]),
        (_receipt("bundle"), [CLAIM]),
    ],
)
def test_an_answer_covers_what_its_way_allows(receipt, scopes):
    assert list(covering(READING, receipt, readers()["unsd_sdg"].SOURCE).scopes) == scopes


def test_a_receipt_of_an_older_journal_is_read():
    note = _receipt("file", series=("NET",)).as_note()
    for name in ("areas", "years", "whole"):
        del note[name]
    assert Receipt.from_note(note) == _receipt("file", series=("NET",))
