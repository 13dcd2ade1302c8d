"""Mirrors on a folder and on a server that speaks S3: whole, proven, made up for, and nobody else's files touched."""

import json
import shutil
import sys

import fsspec
import pytest

from flows import cli
from tests.buckets import SECRET, fresh
from tests.warehouse.lake.shelf import ONE, THREE, TWO, home_of, values
from warehouse import mirror as mirrors
from warehouse import open_release
from warehouse.home import Home
from warehouse.releases import file_note


@pytest.fixture
def home(tmp_path):
    """A home of three releases, made by hand."""
    made = home_of(tmp_path / "home", *((name, {"a": values(f"1, '{name}'")}) for name in (ONE, TWO, THREE)))
    for folder in made.releases.iterdir():
        (folder / "parquet").mkdir()
        (folder / "parquet" / "a.parquet").write_bytes(folder.name.encode() * 1000)
        told = json.loads((folder / "manifest.json").read_bytes())
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
        told["files"] = {str(path.relative_to(folder)): file_note(path) for path in files}
        (folder / "manifest.json").write_text(json.dumps(told))
    return made


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.storage)])
def target(request, tmp_path):
    return str(tmp_path / "mirror") if request.param == "folder" else request.getfixturevalue("s3")


@pytest.fixture
def ictdev(monkeypatch, capsys, home):
    """Run a command; gives exit status, stdout and stderr, which never hold what opens a storage."""

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ictdev", "--home", str(home.root), *map(str, words)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        printed = capsys.readouterr()
        assert SECRET not in printed.out + printed.err
        return int(caught.value.code or 0), printed.out, " ".join(printed.err.split())

    return call


def _files(target):
    fs, root = fsspec.core.url_to_fs(target)
    fs.invalidate_cache()
    return {path.removeprefix(root).lstrip("/"): fs.cat_file(path) for path in fs.find(root)}


def _here(home, *names):
    return {f"releases/{n}/{p.relative_to(home.releases / n)}": p.read_bytes()
             for n in names for p in (home.releases / n).rglob("*") if p.is_file()}  # fmt: skip


def test_the_newest_release_is_copied_and_readers_are_led_to_it(ictdev, home, target):
    status, out, err = ictdev("mirror", target)
    assert (status, err) == (0, "")
    assert f"{THREE}   2 files copied" in out
    found = _files(target)
    pointer = json.loads(found.pop("latest.json"))
    assert found == _here(home, THREE)
    assert pointer["release"] == f"releases/{THREE}"


def test_every_release_or_one_is_copied_and_the_pointer_never_goes_back(ictdev, home, target):
    assert ictdev("mirror", target, "--all")[0] == 0
    shutil.rmtree(home.releases / THREE)
    home.pointer.write_text(json.dumps({"release": f"releases/{TWO}", "vintage": TWO}))
    status, _, err = ictdev("mirror", target)
    assert (status, "mirrors another home" in err) == (2, True)  # an older copy of the home is another home
    shutil.copytree(home.releases / TWO, home.releases / THREE)
    status, out, _ = ictdev("mirror", target, "--release", ONE)
    assert (status, "was there already" in out, f"release {THREE}" in out) == (0, True, True)


def test_a_mirror_in_a_folder_is_a_home_to_read(ictdev, home, tmp_path):
    ictdev("mirror", tmp_path / "mirror")
    with open_release(tmp_path / "mirror") as session:
        assert session.sql("SELECT text FROM a")["text"].to_pylist() == [THREE]


def test_a_copy_that_broke_off_is_not_seen_and_only_the_rest_is_copied_later(ictdev, home, target, monkeypatch):
    ictdev("mirror", target, "--release", ONE)
    put = mirrors.Mirror._put

    def breaks(self, path, pieces):
        if path.endswith("a.parquet"):
            pieces = (1 // 0 if number else b"half" for number in range(2))
        return put(self, path, pieces)

    with monkeypatch.context() as patch:
        patch.setattr(mirrors.Mirror, "_put", breaks)
        status, _, err = ictdev("mirror", target, "--all")
    assert (status, "which copies what is missing" in err) == (4, True)
    found = _files(target)
    assert sorted(path for path in found if TWO in path) == [f"releases/{TWO}/ictdev.duckdb"]
    assert json.loads(found["latest.json"])["vintage"] == ONE
    status, out, _ = ictdev("mirror", target, "--all")
    assert (status, f"{ONE}   was there already" in out, f"{TWO}   1 files copied" in out) == (0, True, True)
    assert {**_here(home, ONE, TWO, THREE)} == {k: v for k, v in _files(target).items() if k != "latest.json"}


def test_a_file_that_was_damaged_at_the_target_is_copied_again(ictdev, home, target):
    ictdev("mirror", target)
    fs, root = fsspec.core.url_to_fs(target)
    place = f"{root}/releases/{THREE}/parquet/a.parquet"
    fs.pipe_file(place, b"x" * len(fs.cat_file(place)))
    status, out, _ = ictdev("mirror", target)
    assert (status, "1 files copied" in out) == (0, True)
    assert _files(target)[f"releases/{THREE}/parquet/a.parquet"] == THREE.encode() * 1000


def test_a_release_that_is_damaged_here_is_not_passed_on(ictdev, home, target):
    (home.releases / THREE / "parquet" / "a.parquet").write_bytes(b"x")
    status, _, err = ictdev("mirror", target)
    assert (status, "ictdev --home" in err, "verify --repair" in err) == (4, True, True)
    assert f"releases/{THREE}/manifest.json" not in _files(target)


def test_a_file_that_arrives_otherwise_is_told(ictdev, home, target, monkeypatch):
    put = mirrors.Mirror._put
    monkeypatch.setattr(mirrors.Mirror, "_put", lambda self, path, pieces: put(self, path, [*pieces, b"more"]))
    status, _, err = ictdev("mirror", target)
    assert (status, "another content than it left" in err) == (4, True)
    assert f"releases/{THREE}/manifest.json" not in _files(target)


@pytest.mark.parametrize("foreign", ["thesis.docx", "releases/notes.txt", "releases/20200101T000000Z/manifest.json"])
def test_a_place_with_other_things_in_it_is_left_alone(ictdev, target, foreign):
    fs, root = fsspec.core.url_to_fs(target)
    fs.makedirs(f"{root}/{foreign}".rpartition("/")[0], exist_ok=True)
    fs.pipe_file(f"{root}/{foreign}", b"mine")
    status, _, err = ictdev("mirror", target)
    assert status == 2
    assert foreign.split("/")[-1 if "notes" in foreign else 1 if "/" in foreign else 0] in err
    assert _files(target) == {foreign: b"mine"}


def test_a_release_that_is_not_there_names_those_that_are(ictdev, tmp_path):
    status, _, err = ictdev("mirror", tmp_path / "mirror", "--release", "19990101T000000Z")
    assert (status, f"{ONE}, {TWO}, {THREE}" in err) == (1, True)
    assert not (tmp_path / "mirror").exists()


def test_one_release_and_all_of_them_cannot_both_be_meant(ictdev, tmp_path):
    assert ictdev("mirror", tmp_path / "mirror", "--release", ONE, "--all")[0] == 2


def test_a_place_that_cannot_be_written_is_told(ictdev, tmp_path):
    (tmp_path / "file").write_text("")
    status, _, err = ictdev("mirror", tmp_path / "file" / "mirror")
    assert (status, "see that the place is there" in err) == (4, True)


def test_a_storage_without_credentials_says_how_to_give_them(ictdev, s3, monkeypatch, tmp_path):
    with monkeypatch.context() as patch:
        patch.delenv("AWS_ACCESS_KEY_ID")
        patch.delenv("AWS_SECRET_ACCESS_KEY")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("HOME", str(tmp_path))
        fsspec.get_filesystem_class("s3").clear_instance_cache()
        status, _, err = ictdev("mirror", s3)
    assert (status, "AWS_ACCESS_KEY_ID" in err) == (4, True)


def test_a_bucket_that_is_not_there_is_told(ictdev, s3):
    status, _, err = ictdev("mirror", "s3://no-such-bucket-of-ours/place")
    assert (status, "there is no bucket no-such-bucket-of-ours" in err) == (4, True)
    assert not fresh("s3").exists("no-such-bucket-of-ours")


def test_a_missing_package_and_an_unknown_kind_of_place_are_told(ictdev, monkeypatch):
    from fsspec import core  # noqa: PLC0415

    def missing(target):
        raise ImportError("Install s3fs to access S3")

    with monkeypatch.context() as patch:
        patch.setattr(core, "url_to_fs", missing)
        status, _, err = ictdev("mirror", "s3://bucket/place")
    assert (status, "pip install 'ictdev[s3]'" in err) == (2, True)
    status, _, err = ictdev("mirror", f"nonsense://me:{SECRET}@place")
    assert (status, "no place that can be written" in err) == (2, True)


def test_what_opens_a_storage_is_never_told(ictdev, home, monkeypatch):
    status, _, err = ictdev("mirror", f"ftp://me:{SECRET}@127.0.0.1:1/place")
    assert status == 4
    assert "ftp://127.0.0.1:1/place" in err


def test_nothing_published_yet_is_told(tmp_path, ictdev, monkeypatch):
    monkeypatch.setattr("flows.options.home", lambda: Home(tmp_path / "empty"))
    status, _, err = ictdev("mirror", tmp_path / "mirror")
    assert (status, "nothing has been published" in err) == (1, True)
