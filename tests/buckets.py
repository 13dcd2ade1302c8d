"""A server of our own that speaks S3, and a bucket on it for each test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

SECRET = "s3cretaccess"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A bucket of our own on a local server, named as the environment names it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fs = fresh("s3")
    bucket = f"bucket-{tmp_path.name.replace('_', '-').lower()[:50]}"
    fs.mkdir(bucket)
    yield f"s3://{bucket}/place"
    fresh("s3").rm(bucket, recursive=True)
    fresh("s3")


def fresh(protocol: str) -> Any:
    """Give a file system that remembers nothing."""
    fsspec.get_filesystem_class(protocol).clear_instance_cache()
    return fsspec.filesystem(protocol)
