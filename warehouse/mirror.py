"""Mirrors: releases copied to any place that fsspec reaches, whole or not seen at all.

The copy has the layout of a home: `releases/VINTAGE/…` and `latest.json`. A release's files go first, its manifest when
all of them are proven, the pointer last.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from schemas.errors import IctdevError, Invalid, Usage
from warehouse.home import Home
from warehouse.journal import made_here
from warehouse.releases import file_note, manifest, pointer_content

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_PIECE = 1 << 20
_OWN = {"releases", "latest.json"}
_ACCESS = re.compile(r"(?<=://)[^/@]*@")
"""Name and password in front of a host."""

Note = dict[str, Any]
Told = Callable[[int], object]


class Unmirrored(IctdevError):
    """The target of a mirror did not take or give a file."""

    title = "mirror unavailable"
    retry = True


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of one release."""

    release: str
    files: int
    size: int
    """Bytes that were copied."""
    proven: int
    """Files at the target whose hash is the manifest's."""


class Mirror:
    """A target of copies. Raises Usage for one that cannot be understood, Unmirrored for one that does not answer."""

    def __init__(self, home: Home, target: str) -> None:
        self.home = home
        self.target = target
        self.fs, self.root = _opened(target)
        self.folders = self.root.startswith("/")
        """True where folders have to be made; else it is a store of objects in a bucket, which has to be there."""

    @property
    def shown(self) -> str:
        """The target without name and password."""
        return _ACCESS.sub("", self.target)

    def look(self) -> None:
        """Refuse a target that holds what is not ours: something else, or releases that another home made."""
        with self._telling():
            if not self.folders:
                self._look_at(self.root.partition("/")[0])
            foreign = self._names("") - _OWN
            strangers = self._names("releases") - made_here(self.home)
        if foreign:
            raise Usage(
                f"{self.shown} holds what is no mirror: {', '.join(sorted(foreign)[:5])}",
                next_step="name an empty place, or one that ictdev mirror wrote before",
            )
        if strangers:
            raise Usage(
                f"{self.shown} mirrors another home",
                why=f"it holds {', '.join(sorted(strangers)[:5])}, which this home never made",
                next_step="name another place for this home",
            )

    def _look_at(self, bucket: str) -> None:
        """Look whether the bucket is there: `exists` would also say no where nobody was let in."""
        try:
            self.fs.info(bucket)
        except FileNotFoundError as error:
            raise FileNotFoundError(f"there is no bucket {bucket}") from error

    def size(self, name: str) -> int:
        """Give the bytes that a release has."""
        return sum(note["size"] for note in self._told(name)["files"].values())

    def copy(self, name: str, progress: Told = lambda _: None) -> Copied:
        """Bring a release to the target, as far as it is not there, and prove every file of it.

        `progress` is called with the bytes that are done. Raises Invalid where a file here is not what the manifest
        says, Unmirrored where the target fails; its manifest is not written then.
        """
        told, files, size = self._told(name), 0, 0
        for file, note in told["files"].items():
            if self._bring(f"releases/{name}/{file}", note):
                files, size = files + 1, size + note["size"]
            progress(note["size"])
        self._bring_text(f"releases/{name}/manifest.json", (self.home.releases / name / "manifest.json").read_bytes())
        return Copied(name, files, size, len(told["files"]))

    def point(self) -> str:
        """Let the target's pointer name the newest release that is whole there; give its name."""
        with self._telling():
            whole = [
                name for name in self._names("releases") if self.fs.exists(self._at(f"releases/{name}/manifest.json"))
            ]
        self._bring_text("latest.json", pointer_content(max(whole)))
        return max(whole)

    def _told(self, name: str) -> Note:
        found = manifest(self.home, name)
        if found is None:
            raise Invalid(f"the release {name} has no manifest that can be read", next_step="ictdev verify")
        return found

    def _at(self, path: str) -> str:
        return posixpath.join(self.root, path)

    def _names(self, folder: str) -> set[str]:
        place = self._at(folder).rstrip("/")
        self.fs.invalidate_cache()
        if not self.fs.exists(place):
            return set()
        found = {str(path).removeprefix(place).strip("/") for path in self.fs.ls(place, detail=False)}
        return found - {""}  # object stores may list a folder in itself

    def _bring(self, path: str, note: Note) -> bool:
        """Copy a file unless the target has it with the right hash; tell whether it was copied."""
        with self._telling():
            if self._there(path) == note:
                return False
        here = self.home.root / path
        if not here.is_file() or file_note(here) != note:
            raise Invalid(
                f"{path} is not what the manifest says; it was not copied",
                next_step="ictdev verify --repair   makes it anew, then run the command again",
            )
        with self._telling():
            self._put(path, _pieces(here))
            found = self._there(path)
        if found != note:
            raise Unmirrored(
                f"{path} arrived with another content than it left",
                next_step="run the command again; see to the network",
            )
        return True

    def _bring_text(self, path: str, content: bytes) -> None:
        with self._telling():
            if not (self.fs.exists(self._at(path)) and self.fs.cat_file(self._at(path)) == content):
                self._put(path, [content])

    def _there(self, path: str) -> Note | None:
        """Give hash and size of a file at the target, by reading it back."""
        self.fs.invalidate_cache()
        if not self.fs.exists(self._at(path)):
            return None
        digest, size = hashlib.sha256(), 0
        with self.fs.open(self._at(path), "rb") as handle:
            while piece := handle.read(_PIECE):
                digest.update(piece)
                size += len(piece)
        return {"sha256": digest.hexdigest(), "size": size}

    def _put(self, path: str, pieces: Iterator[bytes] | list[bytes]) -> None:
        """Write a file, which has its name only when it is whole."""
        if self.folders:
            self.fs.makedirs(posixpath.dirname(self._at(path)), exist_ok=True)
        with self.fs.transaction, self.fs.open(self._at(path), "wb") as handle:
            for piece in pieces:
                handle.write(piece)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn whatever a storage raises into our error, without name and password."""
        try:
            yield
        except IctdevError:
            raise
        except Exception as error:  # noqa: BLE001 - each storage has errors of its own kind
            raise _failed(self.target, error) from None  # the storage's own text may hold the password


def _opened(target: str) -> "tuple[AbstractFileSystem, str]":
    from fsspec.core import url_to_fs  # noqa: PLC0415 - only this command needs it

    try:
        fs, root = url_to_fs(target)
    except ImportError as error:
        raise Usage(
            f"{_ACCESS.sub('', target)} needs a package that is not installed",
            why=str(error),
            next_step="for s3:// and what speaks it: pip install 'ictdev[s3]'; else the package that is named above",
        ) from error
    except OSError as error:
        raise _failed(target, error) from None
    except ValueError as error:
        raise Usage(
            f"{_ACCESS.sub('', target)} is no place that can be written",
            why=_ACCESS.sub("", str(error)),
            next_step="name a folder, or a URL such as s3://bucket/place",
        ) from None
    return fs, str(root)


def _failed(target: str, error: Exception) -> Unmirrored:
    why = f"{type(error).__name__}: {error}"
    for access in _ACCESS.findall(target):
        for part in (access, *access.rstrip("@").split(":")[1:]):
            why = why.replace(part, "…").replace(unquote(part), "…") if part else why
    return Unmirrored(f"{_ACCESS.sub('', target)} cannot be read or written", why=why, next_step=_next_step(why))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        while piece := handle.read(_PIECE):
            yield piece


def _next_step(why: str) -> str:
    if "credential" in why.lower():
        return (
            "give access by the storage's own means: for S3 AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile"
        )
    return "see that the place is there and may be written; then run the command again, which copies what is missing"
