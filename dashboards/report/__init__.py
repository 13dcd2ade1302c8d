"""The report on the resolution: one text per language, every number from a release, as a page or a document.

>>> from dashboards.report import write                                       # doctest: +SKIP
>>> with open_release("data") as release:                                     # doctest: +SKIP
...     Path("report.html").write_bytes(write(release, "en", ".html"))
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse import Session

LANGUAGES = ("en", "zh")
"""Languages in which the report is complete."""
ENDINGS = (".html", ".docx")
"""Endings of the files that can be written."""


def write(session: "Session", language: str, ending: str, since: str | None = None) -> bytes:
    """Give the report as the bytes of a file: the same for the same release and options.

    `since` is a date or vintage that changes are told from; without it, the release before. Raises LookupError for
    another language or ending, Usage for a `since` that is no moment.
    """
    if ending not in ENDINGS:
        raise LookupError(f"a report is written as {' or '.join(ENDINGS)}, not as {ending!r}")
    from dashboards.report.compose import compose  # noqa: PLC0415 - templates, numbers and charts are slow to load

    report = compose(session, language, since)
    if ending == ".html":
        from dashboards.report.html import page  # noqa: PLC0415

        return page(report)
    from dashboards.report.document import document  # noqa: PLC0415

    return document(report)
