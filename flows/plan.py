"""What one refresh is asked to take in: the bundled figures, a bundle, files that a person names, or the publishers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from indicators import catalogue
from schemas.errors import Usage
from schemas.source import Series
from schemas.sources import readers

if TYPE_CHECKING:
    from flows.settings import Settings


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A publisher's file that a person gives by hand."""

    source: str
    path: str
    edition: str = ""
    whole: bool = False
    """True when a person says that the files of this source and edition are all that there is."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a release holds besides its database and its reports."""

    parquet: bool = True
    site: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """One refresh: where from, what, and into which home. Small and plain, so that it can be handed on by path."""

    home: str
    bundle: str = ""
    """Folder of a bundle; empty when none is taken in."""
    files: tuple[NamedFile, ...] = ()
    sources: tuple[str, ...] = ()
    """Publishers to ask."""
    base_url: dict[str, str] = field(default_factory=dict)
    parquet: bool = True
    site: bool = False
    """Whether pages are drawn into the release: people want them, runs of which only figures are wanted do not."""
    keep_releases: int = 0
    """How many of the newest releases stay, beside those that are marked; 0 keeps all."""

    def contents(self) -> Contents:
        """What the release is to hold."""
        return Contents(parquet=self.parquet, site=self.site)

    def save(self, path: Path) -> None:
        """Write the plan for the tasks of the run."""
        path.write_bytes(orjson.dumps(asdict(self)))


def load(path: Path) -> Plan:
    """Read a plan back."""
    content = orjson.loads(path.read_bytes())
    named = tuple(NamedFile(**one) for one in content.pop("files"))
    return Plan(**{**content, "files": named, "sources": tuple(content["sources"])})


def bundled() -> Path:
    """Folder of the figures that ship with the project."""
    return Path(str(files("warehouse") / "bundled"))


@cache
def wanted(source: str) -> tuple[Series, ...]:
    """Give the series that the catalogue asks of a source; every indicator of one that carries any."""
    if readers()[source].SOURCE.any_indicator if source in readers() else False:
        return tuple(Series(one.id, one.id, one.unit) for one in catalogue.load().values())
    found = []
    for indicator in catalogue.load().values():
        for entry in indicator.series:
            if entry.source == source:
                fixed = {name: getattr(entry, name) or "_T" for name in ("sex", "age", "urbanisation", "breakdown")}
                ended = bool(entry.valid_to)
                found.append(Series(indicator.id, entry.code, indicator.unit, **fixed, ended=ended))
    return tuple(found)


def named_file(text: str, *, whole: bool = False) -> NamedFile:
    """Read `SOURCE=PATH` or `SOURCE=PATH@EDITION`. Raises Usage."""
    source, equals, rest = text.partition("=")
    path, at, edition = rest.rpartition("@")
    if not at or "/" in edition or Path(rest).exists():
        path, edition = rest, ""
    if not equals or not path:
        raise Usage(
            f"“{text}” is not SOURCE=FILE", next_step="for example --from-file world_bank=API_IT.NET.USER.ZS.zip"
        )
    known_source(source)
    if not Path(path).is_file():
        raise Usage(f"there is no file {path}", next_step="check the path")
    return NamedFile(source, str(Path(path).resolve()), edition, whole)


def known_source(source: str) -> str:
    """Give the source's id back. Raises Usage, naming those there are."""
    if source not in readers():
        raise Usage(f"there is no source “{source}”", why=f"there are: {', '.join(readers())}")
    return source


def asked(sources: Sequence[str]) -> tuple[str, ...]:
    """Give the publishers to ask: the named ones, or all that can be asked and that the catalogue wants something of.

    One whose answers are many or large is asked only by its name.

    Raises Usage for one that cannot be asked, because its figures come as files.
    """
    for source in sources:
        if not readers()[known_source(source)].SOURCE.address:
            raise Usage(
                f"{source} cannot be asked: its figures come as files",
                next_step=f"ictdev refresh --from-file {source}=FILE",
            )
    if sources:
        return tuple(sources)
    return tuple(
        source
        for source, reader in readers().items()
        if reader.SOURCE.address and not reader.SOURCE.on_request and wanted(source)
    )


def addresses(texts: Sequence[str]) -> dict[str, str]:
    """Read `ID=URL` pairs. Raises Usage."""
    found = {}
    for text in texts:
        source, _, url = text.partition("=")
        if not url.startswith(("http://", "https://")):
            raise Usage(f"“{text}” is not ID=URL", next_step="for example --base-url world_bank=https://host/v2")
        found[known_source(source)] = url
    return found


def make(
    *,
    home: Path,
    bundle: Path | None,
    files: Sequence[str],
    sources: Sequence[str],
    base_url: dict[str, str],
    parquet: bool = True,
    site: bool = False,
    keep_releases: int = 0,
    whole: bool = False,
) -> Plan:
    """Make a plan of what the command line says. Raises Usage where that contradicts itself."""
    if bundle is not None and not bundle.is_dir():
        raise Usage(f"there is no folder {bundle}", next_step="a bundle is a folder of NAME.csv.gz with NAME.json")
    if sources and (bundle or files):
        raise Usage(
            "--source asks publishers, --bundle and --from-file take files", next_step="use one of them at a time"
        )
    if whole and not files:
        raise Usage("--whole is said of files", next_step="for example --from-file world_bank=FILE.zip --whole")
    named = tuple(named_file(text, whole=whole) for text in files)
    live = bundle is None and not named
    return Plan(
        home=str(home.resolve()),
        bundle=str(bundle.resolve()) if bundle else "",
        files=named,
        sources=asked(sources) if live else (),
        base_url=base_url,
        parquet=parquet,
        site=site,
        keep_releases=keep_releases,
    )


def for_sources(settings: "Settings", sources: Sequence[str]) -> Plan:
    """Plan to ask these publishers, as the settings say. Raises Usage for one that cannot be asked."""
    return make(
        home=settings.home,
        bundle=None,
        files=[],
        sources=sources,
        base_url=settings.base_url,
        keep_releases=settings.keep_releases,
    )


def describe(plan: Plan) -> str:
    """Say in words where a refresh takes its figures from."""
    parts = []
    if plan.bundle:
        parts.append("bundled figures" if Path(plan.bundle) == bundled() else f"bundle {Path(plan.bundle).name}")
    if plan.files:
        names = ", ".join(Path(named.path).name for named in plan.files)
        parts.append(names if len(plan.files) <= 3 else f"{len(plan.files)} files of {_sources_of(plan.files)}")
    if plan.sources:
        parts.append(f"asking {', '.join(plan.sources)}")
    return " + ".join(parts)


def _sources_of(files: Sequence[NamedFile]) -> str:
    return ", ".join(sorted({named.source for named in files}))
