"""Addresses of shared storage: what is understood, what is refused, and that the password stays inside."""

import pytest

from schemas.errors import Usage
from warehouse.lake.address import from_environment, parse

SECRET = "hunter2 'x"


@pytest.mark.parametrize("text", ["", "  ", "file"])
def test_without_an_address_nothing_is_shared(text, monkeypatch):
    assert parse(text) is None
    monkeypatch.setenv("ICTDEV_STORAGE", text)
    assert from_environment() is None


@pytest.mark.parametrize(
    "text",
    [
        "ducklake:postgres:host=db user=me password='hunter2 \\'x' dbname=lake",
        "ducklake:postgres:host = db password = 'hunter2 \\'x' user = me dbname = lake",
        "ducklake:postgres:postgresql://me:hunter2%20%27x@db/lake",
        "ducklake:postgres:postgres://me@db/lake?password=hunter2%20%27x",
    ],
)
def test_the_password_is_kept_apart(text):
    found = parse(text)
    assert found
    assert found.password == SECRET
    assert found.server
    assert "hunter2" not in f"{found} {found!r}"
    for word in ("host=db", "user=me", "dbname=lake", "connect_timeout=10"):
        assert word in found.catalogue


def test_a_server_is_waited_for_as_long_as_the_address_says():
    found = parse("ducklake:postgres:dbname=lake connect_timeout=3")
    assert found
    assert found.catalogue == "postgres:dbname=lake connect_timeout=3"


def test_a_catalogue_may_be_a_file():
    found = parse("ducklake:/srv/ictdev/figures.ducklake", "/srv/data")
    assert found
    assert (found.catalogue, found.server, found.data) == ("/srv/ictdev/figures.ducklake", False, "/srv/data")


@pytest.mark.parametrize(
    "text",
    [
        "postgres:host=db password=hunter2",
        "ducklake:",
        "ducklake:postgres:",
        "ducklake:postgres:hunter2",
        "ducklake:postgres:host=db hunter2",
        "ducklake:postgres:postgresql://me:hunter2@db:port/lake",
        "ducklake:mysql:host=db password=hunter2",
        "ducklake:sqlite:hunter2.db",
        "s3://me:hunter2@bucket",
    ],
)
def test_a_mistaken_address_is_told_without_repeating_it(text):
    with pytest.raises(Usage) as told:
        parse(text)
    assert "hunter2" not in str(told.value)
    assert "ducklake:postgres:host=" in told.value.next_step
    assert told.value.exit_status == 2
