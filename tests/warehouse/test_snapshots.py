import pytest

from schemas.errors import Invalid, Unanswered
from warehouse.snapshots import Receipt, Snapshots


def _receipt(sha256: str, **more: object) -> Receipt:
    fields = {"source": "s", "route": "file", "name": "n", "url": "", "received": "2026-01-01T00:00:00", "size": 1}
    return Receipt(snapshot=sha256, **{**fields, **more})  # type: ignore[arg-type]


def test_bytes_come_back_as_they_went_in(tmp_path):
    snapshots = Snapshots(tmp_path)
    assert snapshots.get(snapshots.put(b"figures")) == b"figures"


def test_the_same_bytes_are_kept_once(tmp_path):
    snapshots = Snapshots(tmp_path)
    assert snapshots.put(b"x") == snapshots.put(b"x")
    assert len(list(tmp_path.rglob("*.gz"))) == 1


def test_damage_is_found_when_bytes_are_read(tmp_path):
    snapshots = Snapshots(tmp_path)
    name = snapshots.put(b"figures" * 100)
    path = snapshots.path(name)
    content = bytearray(path.read_bytes())
    content[20] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(Invalid, match="damaged"):
        snapshots.get(name)


def test_a_snapshot_under_a_wrong_name_is_damage(tmp_path):
    snapshots = Snapshots(tmp_path)
    name, other = snapshots.put(b"a"), snapshots.put(b"b")
    snapshots.path(name).write_bytes(snapshots.path(other).read_bytes())
    with pytest.raises(Invalid, match="another hash"):
        snapshots.get(name)


def test_what_is_not_held_is_said(tmp_path):
    with pytest.raises(Unanswered, match="not held"):
        Snapshots(tmp_path).get("0" * 64)


def test_arrivals_are_listed_oldest_first_and_once(tmp_path):
    snapshots = Snapshots(tmp_path)
    name = snapshots.put(b"a")
    snapshots.file(_receipt(name, received="2026-02-01T00:00:00", url="u2"))
    snapshots.file(_receipt(name, received="2026-01-01T00:00:00", url="u1"))
    snapshots.file(_receipt(name, received="2026-03-01T00:00:00", url="u1"))
    assert [one.url for one in snapshots.receipts()] == ["u1", "u2"]
