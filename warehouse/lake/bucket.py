"""Data files in a bucket: with what access the engine reads and writes them.

Access is what the machine gives, as botocore finds it: `AWS_ACCESS_KEY_ID` and its like, a profile, a role.
"""

from importlib.util import find_spec
from urllib.parse import urlsplit

from schemas.errors import Unshared
from warehouse.lake.missing import missing
from warehouse.literals import quoted

_SCHEME = "s3://"
_REGION = "us-east-1"
"""What servers other than Amazon's take for granted where no region is named."""


def is_bucket(place: str) -> bool:
    """Tell whether data files lie in a bucket, not in a folder."""
    return place.startswith(_SCHEME)


def secret(place: str) -> str:
    """Give the statement that lets a connection into a place in a bucket, and into no other.

    Raises MissingExtra where the packages are not installed, Unshared where the machine has no access to give.
    """
    words = {**_access(place), "SCOPE": quoted(place)}
    told = ", ".join(f"{name} {word}" for name, word in words.items())
    return f"CREATE SECRET bucket (TYPE s3, {told})"


def _access(place: str) -> dict[str, str]:
    if find_spec("botocore") is None:
        raise missing("data files lie in a bucket, and the package s3fs is not there", "ictdev[ducklake,s3]")
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - an extra
    from botocore.session import get_session  # noqa: PLC0415

    try:
        session = get_session()
        found = session.get_credentials()
        client = session.create_client("s3", region_name=session.get_config_variable("region") or _REGION)
    except (BotoCoreError, ValueError) as error:
        raise _no_access(place, str(error)) from error
    if found is None:
        raise _no_access(place, "the environment names no key, no profile and no role")
    keys = found.get_frozen_credentials()
    words = {"KEY_ID": keys.access_key, "SECRET": keys.secret_key, "SESSION_TOKEN": keys.token or ""}
    told = {name: quoted(word) for name, word in words.items() if word}
    return {**told, "REGION": quoted(client.meta.region_name), **_server(client.meta.endpoint_url)}


def _server(url: str) -> dict[str, str]:
    """Say where the server is; one that is not Amazon's knows buckets by the path, not by a host of their own."""
    address = urlsplit(url)
    if (address.hostname or "").endswith("amazonaws.com"):
        return {}
    encrypted = "true" if address.scheme == "https" else "false"
    return {"ENDPOINT": quoted(address.netloc), "URL_STYLE": "'path'", "USE_SSL": encrypted}


def _no_access(place: str, why: str) -> Unshared:
    return Unshared(
        f"the data files in {place} cannot be reached: no access to the bucket is given",
        why=why,
        next_step="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; for a server of one's own "
        "AWS_ENDPOINT_URL too",
    )
