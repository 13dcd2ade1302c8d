"""What a run leaves in Prefect for people who look there: summary, verdict of the checks, changes, links."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urljoin

import httpx
import orjson
from prefect.artifacts import create_link_artifact, create_markdown_artifact
from prefect.exceptions import PrefectException

from flows.diff import compare
from flows.diff_forms import as_markdown
from flows.quality import as_markdown as as_table
from flows.report import Report
from flows.settings import load
from schemas.errors import IctdevError
from warehouse.query import open_release
from warehouse.revisions import Only

SUMMARY, CHANGES, CHECKS, LINK = "ictdev-summary", "ictdev-changes", "ictdev-checks", "ictdev-release"
_COUNTS = ("observations", "added", "revised", "removed", "rejected", "checks_passed")


def leave(report_path: str, home: str) -> None:
    """Leave the artifacts of a run; one without a server to take them goes without."""
    report = Report.load(Path(report_path))
    with suppress(PrefectException, httpx.HTTPError):  # the release stands whether or not anybody reads of it
        for key, text in texts(report, home):
            create_markdown_artifact(key=key, markdown=text, description=_about(report))
        if report.release:
            create_link_artifact(
                link=link(report, load(home=home).public_url),
                link_text=f"Release {report.vintage}",
                key=LINK,
                description=_about(report),
            )


def texts(report: Report, home: str) -> Iterator[tuple[str, str]]:
    """Give key and Markdown of each artifact: changes only where something was published."""
    yield SUMMARY, summary(report, load(home=home).public_url)
    if report.release:
        yield CHECKS, _checks(report)
    if report.changed:
        yield CHANGES, _changes(home)


def summary(report: Report, public_url: str = "") -> str:
    """Give what came of each source, what is held and why, and where the release is."""
    fate = f"Release {report.vintage} {'was published' if report.changed else 'stands'}." if report.vintage else ""
    lines = [
        "# Refresh",
        "",
        fate,
        "",
        "| source | state | edition | new | revised | removed | rejected | checks passed |",
    ]
    lines.append("| --- | --- | --- " + "| ---: " * 5 + "|")
    for one in report.sources:
        counts = [f"{getattr(one, name):,}" for name in _COUNTS[1:]]
        lines.append(f"| {' | '.join([one.source, one.state, _cell(one.edition), *counts])} |")
    lines += ["", *_troubles(report), *(f"- {remark}" for remark in report.remarks)]
    lines += [f"- target {event}" for event in report.events]
    if report.release:
        lines += ["", f"[Release]({link(report, public_url)}) · [checks]({link(report, public_url, 'quality.html')})"]
    return "\n".join(lines) + "\n"


def _troubles(report: Report) -> Iterator[str]:
    if report.refused:
        yield "**Nothing was published:** " + " — ".join(report.refused.values())
    for one in report.sources:
        for trouble in one.troubles:
            parts = [trouble["what"], trouble["why"], trouble["next"]]
            yield f"- **{one.source}**, {trouble['title']}: " + " — ".join(_cell(part) for part in parts if part)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def link(report: Report, public_url: str, file: str = "") -> str:
    """Give the address of a release's file: where the installation is served, else on this machine."""
    if public_url:
        return urljoin(public_url.rstrip("/") + "/", f"releases/{report.vintage}/{file}")
    return (Path(report.release).resolve() / file).as_uri()


def _about(report: Report) -> str:
    return f"release {report.vintage}" if report.vintage else "no release yet"


def _checks(report: Report) -> str:
    """Give what did not pass, as the quality report of the release tells it."""
    note = orjson.loads((Path(report.release) / "quality.json").read_bytes())
    events = "".join(f"- {event}\n" for event in report.events)
    return as_table(note) + (f"\n\n## Targets that stand otherwise\n\n{events}" if events else "\n")


def _changes(home: str) -> str:
    with open_release(home) as session:
        try:
            return as_markdown(compare(session, None, None, Only()))
        except IctdevError as error:  # the first release has none before it
            return f"# Changes\n\n{error.what}\n"
