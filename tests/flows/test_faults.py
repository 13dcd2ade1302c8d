"""Every fault of a publisher that is known ends alike: told in words, nothing published, the last release untouched."""

from pathlib import Path

import pytest

from flows import parcel, steps
from flows.plan import Plan, make
from flows.run import run_plain
from schemas import errors
from tests.exchanges import page, row
from tests.flows.fault_cases import CASES, SERIES, Case
from tests.flows.fault_server import http, serving
from warehouse.home import Home

WHOLE = (
    "connection refused",
    "404",
    "a release that changes between pages",
    "gzip bomb",
    "140 per cent",
    "UNSD: nothing",
)
"""Faults, one of each kind of error, that go through the whole refresh."""


@pytest.fixture
def standing(three):
    """A home with releases, which no fault may touch."""
    return three


pytestmark = pytest.mark.usefixtures("light")


@pytest.fixture
def quick(monkeypatch):
    """Ask for one series only, and try twice without a wait."""
    monkeypatch.setattr("flows.arrive.wanted", lambda source: (SERIES[source],))
    monkeypatch.setattr("flows.examine.wanted", lambda source: (SERIES[source],))
    monkeypatch.setattr("flows.paging.MAX_PAGES", 4)
    monkeypatch.setenv("ICTDEV_ATTEMPTS", "2")
    monkeypatch.setenv("ICTDEV_RETRY_WAIT", "0")
    return monkeypatch


def _plan(home: Home, source: str, address: str) -> Plan:
    return make(home=home.root, bundle=None, files=[], sources=[source], base_url={source: address}, parquet=False)


def _ask(home: Home, source: str, address: str):
    return run_plain(_plan(home, source, address))


def test_there_are_faults_enough():
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


def test_the_whole_refresh_meets_each_kind_of_error():
    chosen = {case.kind for case in CASES if case.name in WHOLE}
    assert chosen == {case.kind for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_fault(home, quick, tmp_path, case: Case):
    """Taking in, reading and checking tell each fault as the error that it is, and let no figure through."""
    for name, value in case.settings.items():
        quick.setenv(name, value)
    home.create()
    asked = tmp_path / "plan.json"
    with serving(case.does) as (host, _):
        _plan(home, case.source, case.address.format(host=host)).save(asked)
        folder = steps.take_in_once(str(asked), case.source)
    outcome = parcel.load(Path(steps.read_and_check_once(folder, str(home.root))))
    ((_, trouble),) = outcome.troubles
    assert trouble.title == getattr(errors, case.kind).title
    assert case.words in f"{trouble.what} {trouble.why}"
    assert trouble.what
    assert (outcome.readings, outcome.observations) == ([], 0)


@pytest.mark.parametrize("case", [case for case in CASES if case.name in WHOLE], ids=lambda case: case.name)
def test_fault_in_a_refresh(standing, quick, case: Case):
    """A fault is told by the report, nothing is published, and no byte of the releases is touched."""
    for name, value in case.settings.items():
        quick.setenv(name, value)
    before = {path: path.read_bytes() for path in (standing.pointer, *standing.releases.rglob("*")) if path.is_file()}
    with serving(case.does) as (host, _):
        report = _ask(standing, case.source, case.address.format(host=host))
    (source,) = report.sources
    (trouble,) = source.troubles
    assert trouble["title"] == getattr(errors, case.kind).title
    assert case.words in f"{trouble['what']} {trouble['why']}"
    assert trouble["what"]
    assert (report.exit_status, source.added, report.changed) == (4, 0, False)
    assert {path: path.read_bytes() for path in before} == before


def test_what_passes_is_tried_again_after_the_time_that_the_publisher_names(home, quick):
    answers = iter([http(status="429 Too Many", Retry_After="0"), http(page(row()))])
    with serving(lambda path, params: next(answers)) as (host, asked):
        report = _ask(home, "world_bank", f"http://{host}/v2")
    assert (report.exit_status, report.sources[0].added, len(asked)) == (0, 1, 2)


def test_what_will_not_pass_is_asked_once(home, quick):
    with serving(lambda path, params: http(status="404 Not Found")) as (host, asked):
        _ask(home, "world_bank", f"http://{host}/v2")
    assert len(asked) == 1


def test_an_answer_that_did_not_change_is_not_sent_again(home, quick):
    def answer(path: str, params: dict[str, str]) -> bytes:
        return http(page(row()), ETag='"one"')

    with serving(answer) as (host, _):
        address = f"http://{host}/v2"
        assert _ask(home, "world_bank", address).sources[0].added == 1
        port = host
    again: list[bytes] = []

    def unchanged(path: str, params: dict[str, str]) -> bytes:
        again.append(b"asked")
        return http(status="304 Not Modified")

    quick.setattr("tests.flows.fault_server._Server.server_bind", _bind_to(port))
    with serving(unchanged) as (host, _):
        assert host == port
        report = _ask(home, "world_bank", f"http://{host}/v2")
    assert again
    assert (report.exit_status, report.changed, report.sources[0].observations) == (0, False, 1)


def _bind_to(place: str):
    import socketserver  # noqa: PLC0415

    def bind(server: socketserver.TCPServer) -> None:
        server.server_address = ("127.0.0.1", int(place.rpartition(":")[2]))
        socketserver.TCPServer.server_bind(server)

    return bind


def test_a_source_may_take_only_so_long_in_all(home, quick):
    quick.setenv("ICTDEV_SOURCE_DEADLINE", "0.0001")
    with serving(lambda path, params: http(page(row()))) as (host, asked):
        report = _ask(home, "world_bank", f"http://{host}/v2")
    assert "in all" in report.sources[0].troubles[0]["why"]
    assert asked == []


def test_a_publisher_s_name_that_leads_into_a_private_network_is_not_asked(home, quick):
    """Without an address of one's own, loopback and private networks are out of bounds."""
    with serving(lambda path, params: http(page(row()))) as (host, asked):
        quick.setattr("schemas.sources.world_bank.SOURCE", _at(f"http://{host}/v2"))
        report = run_plain(
            make(home=home.root, bundle=None, files=[], sources=["world_bank"], base_url={}, parquet=False)
        )
    assert "private network" in report.sources[0].troubles[0]["what"]
    assert asked == []


def _at(address: str):
    from dataclasses import replace  # noqa: PLC0415

    from schemas.sources import world_bank  # noqa: PLC0415

    return replace(world_bank.SOURCE, address=address)
