"""Asking publishers over real HTTP: retries, deadlines, bounds, and no host but their own."""

import time
from dataclasses import replace

import pytest
from werkzeug import Request, Response

from flows.fetch import Client
from flows.paging import pages
from flows.settings import Settings
from schemas.errors import Changed, Empty, Invalid, Unavailable
from schemas.source import Raw
from schemas.sources import readers, world_bank
from tests.exchanges import NET, OUTAGE, REFUSAL, page, recorded, row

PATH = f"/v2/country/all/indicator/{NET.code}"


@pytest.fixture
def settings():
    return Settings(retry_wait=0, attempts=3, request_deadline=2)


@pytest.fixture
def client(httpserver, settings):
    with Client(replace(world_bank.SOURCE, address=httpserver.url_for("/v2")), settings) as opened:
        yield opened


def _pages(client):
    return pages(client, readers()["world_bank"], next(world_bank.plan(client.source, [NET])))


def test_every_page_is_fetched_and_reads_as_one_series(httpserver, client):
    def answer(request: Request) -> Response:
        number = int(request.args["page"])
        return Response(
            page(row(year=str(2019 + number)), number=number, pages=3, total=3), content_type="application/json"
        )

    httpserver.expect_request(PATH).respond_with_handler(answer)
    found = _pages(client)
    readings = [world_bank.read(Raw(one.content, "page", one.url), [NET]) for one in found]
    assert [reading.observations["year"].to_pylist() for reading in readings] == [[2020], [2021], [2022]]
    assert all("per_page=20000" in one.url for one in found)


@pytest.mark.payloads
def test_a_recorded_exchange_is_replayed(httpserver, client):
    answer = recorded("wb_world")
    httpserver.expect_request(PATH).respond_with_data(
        answer["body"], status=answer["status"], content_type="application/json"
    )
    (one,) = _pages(client)
    population = type(NET)(indicator="population", code="SP.POP.TOTL", unit="persons")
    reading = world_bank.read(Raw(one.content, "page", one.url), [population])
    assert reading.observations["year"].to_pylist() == [2014, 2013, 2012, 2011, 2010]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_failure_is_tried_again(httpserver, client, status):
    httpserver.expect_ordered_request(PATH).respond_with_data("busy", status=status)
    httpserver.expect_ordered_request(PATH).respond_with_data(page(row()))
    assert len(_pages(client)) == 1


def test_a_lasting_failure_is_told_with_the_other_route(httpserver, client):
    for _ in range(3):
        httpserver.expect_ordered_request(PATH).respond_with_data("busy", status=503)
    with pytest.raises(Unavailable) as caught:
        _pages(client)
    assert "503" in caught.value.why
    assert "--from-file" in caught.value.next_step
    assert len(httpserver.log) == 3


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_is_not_tried_again(httpserver, client, status):
    httpserver.expect_request(PATH).respond_with_data("no", status=status)
    with pytest.raises(Unavailable):
        _pages(client)
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(("body", "kind"), [(REFUSAL, Unavailable), (OUTAGE, Changed), (b"", Empty)])
def test_an_error_with_status_200_is_recognised(httpserver, client, body, kind):
    httpserver.expect_request(PATH).respond_with_data(body, status=200)
    with pytest.raises(kind):
        _pages(client)


def test_an_answer_that_dribbles_ends_at_the_deadline(httpserver, settings):
    def dribble(_: Request) -> Response:
        def parts():
            for _ in range(100):
                time.sleep(0.05)
                yield b" "

        return Response(parts())

    httpserver.expect_request(PATH).respond_with_handler(dribble)
    hasty = settings.model_copy(update={"request_deadline": 0.2, "attempts": 1})
    source = replace(world_bank.SOURCE, address=httpserver.url_for("/v2"))
    with Client(source, hasty) as client, pytest.raises(Unavailable) as caught:
        _pages(client)
    assert "no whole answer" in caught.value.why


def test_an_answer_that_is_too_large_is_refused(httpserver, settings):
    httpserver.expect_request(PATH).respond_with_data(b"x" * 5000)
    small = settings.model_copy(update={"max_bytes": 1000})
    source = replace(world_bank.SOURCE, address=httpserver.url_for("/v2"))
    with Client(source, small) as client, pytest.raises(Invalid, match="larger than 1,000 bytes"):
        _pages(client)


def test_a_redirect_to_another_host_is_not_followed(httpserver, client):
    httpserver.expect_request(PATH).respond_with_data("", status=302, headers={"Location": "http://127.0.0.2:9/x"})
    with pytest.raises(Changed) as caught:
        _pages(client)
    assert "127.0.0.2" in caught.value.what
    assert "--base-url world_bank=URL" in caught.value.next_step


def test_a_redirect_on_the_same_host_is_followed(httpserver, client):
    httpserver.expect_request(PATH).respond_with_data("", status=302, headers={"Location": "/v3"})
    httpserver.expect_request("/v3").respond_with_data(page(row()))
    assert len(_pages(client)) == 1


def test_nobody_at_the_address_is_told():
    nowhere = replace(world_bank.SOURCE, address="http://127.0.0.1:9/v2")
    with Client(nowhere, Settings(attempts=2, retry_wait=0)) as client, pytest.raises(Unavailable) as caught:
        _pages(client)
    assert "ConnectError" in caught.value.why


def test_a_publisher_that_always_names_a_further_page_is_stopped(httpserver, client, monkeypatch):
    monkeypatch.setattr("flows.paging.MAX_PAGES", 5)

    def answer(request: Request) -> Response:
        return Response(page(row(year=request.args["page"]), pages=10_000))

    httpserver.expect_request(PATH).respond_with_handler(answer)
    with pytest.raises(Changed, match="more than 5 pages"):
        _pages(client)
