"""The command that writes the report on the resolution."""

from pathlib import Path
from typing import Annotated

import typer

from flows import options


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command(
        epilog="Examples:  ictdev report --out report.html   ·   ictdev report --lang zh --out report.docx   ·   "
        "ictdev report --out report.html --since 2026-01-31"
    )(report)


def report(
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file: .html (one page, ready to print) or .docx.")],
    lang: Annotated[str, typer.Option(metavar="CODE", help="Language of the report: en or zh.")] = "en",
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Date or vintage that changes are told from; else the release before."),
    ] = None,
) -> None:
    """Write the report on the resolution from the newest release: every figure with source, edition and date."""
    from dashboards.report import write  # noqa: PLC0415 - each command loads only what it needs
    from warehouse.home import write_atomically  # noqa: PLC0415
    from warehouse.query import open_release  # noqa: PLC0415

    _refuse(out, lang)
    with open_release(options.home().root) as session:
        _tell(f"writing the report in {lang} from release {session.release.vintage}")
        content = write(session, lang, out.suffix.lower(), since)
    write_atomically(out, content)
    _tell(f"{len(content) / 1e6:.1f} MB in {out}")
    _tell("next    open it; ictdev assess and ictdev why INDICATOR AREA YEAR explain its figures")


def _refuse(out: Path, lang: str) -> None:
    """Refuse what cannot be written, before any work is done. Raises Usage."""
    from dashboards.report import ENDINGS, LANGUAGES  # noqa: PLC0415
    from schemas.errors import Usage  # noqa: PLC0415

    again = f"ictdev report --lang {LANGUAGES[0]} --out report{ENDINGS[0]}"
    if lang not in LANGUAGES:
        there = ", ".join(LANGUAGES)
        raise Usage(f"there is no report in “{lang}”", why=f"its texts are complete in: {there}", next_step=again)
    if out.suffix.lower() not in ENDINGS:
        ends = f"the report is written as {' or '.join(ENDINGS)}, by the file name's ending"
        raise Usage(f"{out} cannot be written", why=ends, next_step=again)
    if out.is_dir() or not out.parent.is_dir():
        why = "it is a folder" if out.is_dir() else f"there is no folder {out.parent}"
        raise Usage(f"{out} cannot be written", why=why, next_step=again)


def _tell(line: str) -> None:
    from flows import screen  # noqa: PLC0415

    if not options.given.quiet:
        screen.err.print(line, markup=False, highlight=False)
