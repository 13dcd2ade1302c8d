"""Showing a difference on the screen, or writing it to a file."""

import sys
from pathlib import Path

from flows import diff_forms, screen
from flows.diff import KINDS, Difference


def write(found: Difference, form: str, out: Path | None, limit: int) -> None:
    """Write a difference in the wanted form, to the screen or to a file."""
    if form == "csv":
        screen.result(found.changes, "csv", out)
    elif form == "table" and out is None:
        show(found, limit)
    else:
        text = _text(found, form, limit)
        if out is None:
            sys.stdout.write(text)
        else:
            out.write_text(text, encoding="utf-8")


def _text(found: Difference, form: str, limit: int) -> str:
    if form == "json":
        return diff_forms.as_json(found)
    return diff_forms.as_html(found, limit) if form == "html" else diff_forms.as_markdown(found, limit) + "\n"


def show(found: Difference, limit: int) -> None:
    """Print counts, targets, groups and the largest changes."""
    screen.out.print(f"[bold]ictdev diff[/] · {diff_forms.heading(found)}")
    for line in diff_forms.summary(found):
        screen.out.print(f"  {line}", markup=False)
    if not found.changes.num_rows:
        return
    for by in ("source", "indicator"):
        screen.out.print(f"\n[bold]By {by}[/]")
        rows = [[row[by], *(f"{row[kind]:,}" for kind in KINDS)] for row in found.counts(by)]
        screen.grid([by, *KINDS], rows, right=range(1, 6))
    _lines("Targets whose status flipped", [diff_forms.target_line(row) for row in found.targets])
    _lines("Group figures, by data and by composition", [diff_forms.group_line(row) for row in found.groups[:limit]])
    shown = diff_forms.largest(found, limit)
    screen.out.print(f"\n[bold]Largest changes[/], {len(shown)} of {found.changes.num_rows:,}")
    screen.grid(diff_forms.HEADINGS, [diff_forms.cells(row) for row in shown], right=(3, 4, 5))


def _lines(title: str, lines: list[str]) -> None:
    if lines:
        screen.out.print(f"\n[bold]{title}[/]")
        for line in lines:
            screen.out.print(f"  {line}", markup=False)
