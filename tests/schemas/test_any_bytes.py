"""Whatever bytes come: observations or a typed error, never another exception, never a hang."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import IctdevError
from schemas.observation import OBSERVATION, REJECT
from schemas.source import Raw, Reading
from schemas.sources import readers
from tests.schemas.samples import NAMES, SAMPLES, asked

_QUIETLY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def _read(source: str, content: bytes) -> Reading | None:
    """Read; a typed error is an answer, anything else fails the test."""
    try:
        reading = readers()[source].read(
            Raw(content, NAMES.get(source, "answer"), received="2026-11-24"), asked(source)
        )
    except IctdevError as error:
        assert error.what
        return None
    assert reading.observations.schema.equals(OBSERVATION)
    assert reading.rejects.schema.equals(REJECT)
    return reading


def test_every_source_has_a_sample():
    assert {source for source, _ in SAMPLES.values()} == set(readers())


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sound_sample_is_read(name):
    source, content = SAMPLES[name]
    reading = _read(source, content)
    assert reading is not None
    assert reading.observations.num_rows or reading.tables


@pytest.mark.parametrize("source", sorted(readers()))
@_QUIETLY
@given(content=st.binary(max_size=400))
def test_any_bytes(source, content):
    _read(source, content)


@pytest.mark.parametrize("name", SAMPLES)
@_QUIETLY
@given(data=st.data())
def test_a_sound_answer_with_some_bytes_changed(name, data):
    source, content = SAMPLES[name]
    changed = bytearray(content)
    places = st.integers(0, len(content) - 1)
    for at, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=4)):
        changed[at] = byte
    cut = data.draw(st.one_of(st.just(len(content)), places))
    _read(source, bytes(changed[:cut]))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9999, 9999) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("name", [name for name, (_, body) in SAMPLES.items() if body.lstrip()[:1] in (b"{", b"[")])
@_QUIETLY
@given(data=st.data())
def test_a_sound_answer_with_a_part_of_another_kind(name, data):
    """Replace one node of the JSON tree by something else."""
    source, content = SAMPLES[name]
    tree = json.loads(content.splitlines()[0] if source == "classifications" else content)
    places = list(_places(tree))
    path = data.draw(st.sampled_from(places))
    _read(source, json.dumps(_replaced(tree, path, data.draw(_JSON))).encode())


def _places(node: object, path: tuple[object, ...] = ()):
    yield path
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in pairs:
        yield from _places(inner, (*path, key))


def _replaced(node, path, value):
    if not path:
        return value
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = _replaced(node[path[0]], path[1:], value)
    return copy
