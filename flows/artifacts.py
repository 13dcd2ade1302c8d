"""What a run leaves in Prefect for people who look there: the changes with their causes, as an artifact."""

from contextlib import suppress
from pathlib import Path

import httpx
from prefect.artifacts import create_markdown_artifact
from prefect.exceptions import PrefectException

from flows.diff import compare
from flows.diff_forms import as_markdown
from flows.report import Report
from schemas.errors import IctdevError
from warehouse.query import open_release
from warehouse.revisions import Only

KEY = "ictdev-changes"


def leave_changes(report_path: str, home: str) -> None:
    """Leave the change report of a run that published; one without a server to take it goes without."""
    report = Report.load(Path(report_path))
    if report.changed:
        with suppress(PrefectException, httpx.HTTPError):  # the release stands whether or not anybody reads of it
            create_markdown_artifact(key=KEY, markdown=_text(home), description=f"release {report.vintage}")


def _text(home: str) -> str:
    with open_release(home) as session:
        try:
            return as_markdown(compare(session, None, None, Only()))
        except IctdevError as error:  # the first release has none before it
            return f"# Changes\n\n{error.what}\n"
