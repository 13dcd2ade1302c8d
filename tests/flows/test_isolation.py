"""A fault of our own that one source meets costs that source, names step, file and line, and no other source."""

import errno

import pytest

from flows import plan as planning
from flows.run import run_plain
from schemas import errors
from schemas.errors import Invalid, Unforeseen, isolated
from schemas.sources import readers
from schemas.suites import stored
from tests.conftest import write_bundle
from tests.exchanges import page, row
from tests.flows.fault_cases import SERIES
from tests.flows.fault_server import http, serving

KINDS = [KeyError("x"), ValueError("bad"), RecursionError("deep"), AssertionError(), ZeroDivisionError("0")]


@pytest.fixture
def quick(monkeypatch):
    """Ask for one series only, and once."""
    monkeypatch.setattr("flows.arrive.wanted", lambda source: tuple(SERIES[name] for name in SERIES if name == source))
    monkeypatch.setattr("flows.examine.wanted", lambda source: tuple(SERIES[name] for name in SERIES if name == source))
    monkeypatch.setenv("ICTDEV_ATTEMPTS", "1")
    return monkeypatch


def _raising(error):
    def fail(*_, **__):
        raise error

    return fail


def _refresh_beside_bundle(home, tmp_path, source, host):
    """Refresh a sound bundle of another source and one source from a server."""
    bundle = write_bundle(tmp_path / "b", [{}])
    plan = planning.make(home=home.root, bundle=bundle, files=[], sources=[], base_url={}, parquet=False)
    asked = planning.Plan(**{**_fields(plan), "sources": (source,), "base_url": {source: f"http://{host}/v2"}})
    return {one.source: one for one in run_plain(asked).sources}


def _fields(plan):
    return {name: getattr(plan, name) for name in plan.__slots__}


def _check_only_one_is_lost(sources, lost, place):
    assert (sources["made_up"].state, sources["made_up"].added) == ("good", 1)
    (trouble,) = sources[lost].troubles
    assert (sources[lost].state, trouble["title"]) == ("held", Unforeseen.title)
    assert place in trouble["why"]
    assert ", line " in trouble["why"]
    assert "report it" in trouble["next"]


def test_fault_in_a_reader(home, quick, tmp_path):
    quick.setattr("schemas.sources.world_bank.read", _raising(KeyError("countryiso3code")))
    with serving(lambda path, params: http(page(row()))) as (host, _):
        sources = _refresh_beside_bundle(home, tmp_path, "world_bank", host)
    _check_only_one_is_lost(sources, "world_bank", "test_isolation.py")
    assert (
        "reading and validating it failed with KeyError: 'countryiso3code'" in sources["world_bank"].troubles[0]["what"]
    )


@pytest.mark.parametrize("function", ["plan", "next_page", "page_facts"])
def test_fault_while_extracting(home, quick, tmp_path, function):
    quick.setattr(f"schemas.sources.world_bank.{function}", _raising(IndexError("list index out of range")))
    with serving(lambda path, params: http(page(row()))) as (host, _):
        sources = _refresh_beside_bundle(home, tmp_path, "world_bank", host)
    _check_only_one_is_lost(sources, "world_bank", "test_isolation.py")
    assert "extracting it failed" in sources["world_bank"].troubles[0]["what"]


def test_fault_in_a_sources_checks(home, quick, tmp_path):
    check = stored.check
    quick.setattr(
        "schemas.suites.stored.check",
        lambda source, *rest: _raising(TypeError("no"))() if source == "world_bank" else check(source, *rest),
    )
    with serving(lambda path, params: http(page(row()))) as (host, _):
        sources = _refresh_beside_bundle(home, tmp_path, "world_bank", host)
    _check_only_one_is_lost(sources, "world_bank", "test_isolation.py")


@pytest.mark.parametrize("header", [{"Retry_After": "\xb2"}, {"Retry_After": "9" * 400}, {"Retry_After": "Mon, 99"}])
def test_waits_that_are_none(home, quick, tmp_path, header):
    """A superscript digit is a digit to Python and no number; 400 digits are no date."""
    with serving(lambda path, params: http(status="429 Too Many", **header)) as (host, _):
        sources = _refresh_beside_bundle(home, tmp_path, "world_bank", host)
    assert sources["made_up"].state == "good"
    assert sources["world_bank"].state == "unavailable"


@pytest.mark.parametrize(
    "place", ["http://[::1", "http://a\udc80b/", "http://xn--/", "http://" + "a" * 300 + "/", "//:99999/"]
)
def test_redirects_to_addresses_that_are_none(home, quick, tmp_path, place):
    def answer(path, params):
        return (
            b"HTTP/1.1 302 Found\r\nLocation: "
            + place.encode("utf-8", "surrogateescape")
            + b"\r\nContent-Length: 0\r\n\r\n"
        )

    with serving(answer) as (host, _):
        sources = _refresh_beside_bundle(home, tmp_path, "world_bank", host)
    assert sources["made_up"].state == "good"
    assert sources["world_bank"].troubles[0]["title"] in {errors.Unavailable.title, errors.Changed.title}


@pytest.mark.parametrize("error", KINDS, ids=lambda error: type(error).__name__)
def test_every_kind_becomes_one_error(error):
    with pytest.raises(Unforeseen, match=type(error).__name__), isolated("reading", "a file"):
        raise error


def test_errors_of_ours_pass():
    with pytest.raises(Invalid, match="too many"), isolated("reading", "a file"):
        raise Invalid("too many")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EMFILE])
def test_failures_of_the_machine_pass(number):
    with pytest.raises(OSError, match="x") as caught, isolated("reading", "a file"):
        raise OSError(number, "x")
    assert caught.value.errno == number


def test_a_place_in_our_own_code_is_named():
    with pytest.raises(Unforeseen, match=r"schemas/\w+\.py, line \d+"), isolated("reading", "a file"):
        readers()["uis"].read(None, ())  # type: ignore[arg-type]
