"""What a run leaves in Prefect for people who look there: changes with their causes, and checks, as artifacts."""

from contextlib import suppress
from pathlib import Path

import httpx
import orjson
from prefect.artifacts import create_markdown_artifact
from prefect.exceptions import PrefectException

from flows.diff import compare
from flows.diff_forms import as_markdown
from flows.quality import as_markdown as as_table
from flows.report import Report
from schemas.errors import IctdevError
from warehouse.query import open_release
from warehouse.revisions import Only

KEY, CHECKS = "ictdev-changes", "ictdev-checks"


def leave_changes(report_path: str, home: str) -> None:
    """Leave the changes and the checks of a run that published; one without a server to take them goes without."""
    report = Report.load(Path(report_path))
    if report.changed:
        about = f"release {report.vintage}"
        with suppress(PrefectException, httpx.HTTPError):  # the release stands whether or not anybody reads of it
            create_markdown_artifact(key=KEY, markdown=_text(home), description=about)
            create_markdown_artifact(key=CHECKS, markdown=_checks(report), description=about)


def _checks(report: Report) -> str:
    """Give what did not pass, as the quality report of the release tells it."""
    note = orjson.loads((Path(report.release) / "quality.json").read_bytes())
    events = "".join(f"- {event}\n" for event in report.events)
    return as_table(note) + (f"\n\n## Targets that stand otherwise\n\n{events}" if events else "\n")


def _text(home: str) -> str:
    with open_release(home) as session:
        try:
            return as_markdown(compare(session, None, None, Only()))
        except IctdevError as error:  # the first release has none before it
            return f"# Changes\n\n{error.what}\n"
