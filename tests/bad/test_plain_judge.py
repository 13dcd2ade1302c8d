"""The plain judge of light runs says of every frame what Great Expectations says of it."""

from dataclasses import replace

import pyarrow as pa
import pytest

from schemas.observation import OBSERVATION, REJECT
from schemas.source import Reading, Scope, Series
from schemas.suites import received, stored
from tests import plain_judge
from tests.bad import test_frames as frames
from tests.conftest import observations
from tests.schemas import test_suites as suites

TABLES = {
    **{f"bad {name}": observations(*bad) for name, (bad, _) in frames.STORED.items()},
    **{f"good {name}": observations(*good) for name, (_, good) in frames.STORED.items()},
    "none": observations(),
    "an old year": observations({"time_period": "1900"}),
    "many faults": observations({"sex": "?", "value": 140}, {"sex": "?", "value": 140}, {"age": "?", "value": -1}, {}),
    "no column of notes": observations({}).drop_columns(["note"]),
    "nulls": pa.Table.from_pylist([{"indicator": "internet_users", "year": 2020}], schema=OBSERVATION),
}
NULLS = pa.Table.from_pylist([{"source": "made_up"}], schema=REJECT)
READINGS: dict[str, tuple[Reading, list[Series]]] = {
    **{f"bad {name}": (reading, asked) for name, (reading, asked, _) in frames.RECEIVED.items()},
    **{f"good {name}": (frames._reading(frames.GOOD), met) for name, (_, _, met) in frames.RECEIVED.items()},
    **{f"reject {reason}": (frames._reading(frames.GOOD, reason), []) for reason in frames.REASONS},
    "all rejects": (frames._reading(frames.GOOD, *frames.REASONS, *frames.REASONS), []),
    "none": (replace(frames._reading(frames.GOOD), observations=observations(), scopes=()), []),
    "a series without figures": (replace(frames._reading(frames.GOOD), scopes=(Scope("made_up", "GONE"),)), []),
    "nulls": (replace(frames._reading(frames.GOOD), rejects=NULLS), []),
}


def _told(results):
    """Give results as they must agree; how the columns differ is told in the engine's own form."""
    return [replace(one, examples="") if one.check.id == "stored_columns" else one for one in results]


@pytest.mark.parametrize("name", TABLES)
def test_stored(name, monkeypatch):
    given = ("made_up", TABLES[name], suites.BOUNDS, 2026)
    by_engine = stored.check(*given)
    monkeypatch.setattr(stored, "run", plain_judge.run)
    assert _told(stored.check(*given)) == _told(by_engine)


@pytest.mark.parametrize("name", READINGS)
def test_received(name, monkeypatch):
    reading, asked = READINGS[name]

    def judged():
        results = received.check("made_up", reading, asked, frames.CONTRACT)
        return [*results, *received.check_set_aside("made_up", reading)]

    by_engine = judged()
    monkeypatch.setattr(received, "run", plain_judge.run)
    assert judged() == by_engine
