"""Writing the form for national figures, with every indicator of the catalogue to choose from."""

from pathlib import Path

from flows import screen
from indicators import catalogue
from schemas.errors import Usage
from schemas.submission_form import template


def write(path: Path) -> None:
    """Write an empty form. Raises Usage for a place that cannot be written, or a file that is there already."""
    if path.suffix != ".xlsx":
        raise Usage(f"{path.name} is no name of a workbook", next_step="end it with .xlsx")
    if path.exists():
        raise Usage(f"{path} is there already", why="it may be filled in", next_step="name another file")
    rows = [{"id": one.id, "name": one.name.en, "unit": one.unit} for one in catalogue.load().values()]
    path.write_bytes(template(rows))
    screen.out.print(f"{path}: fill in the sheets About and Data, then")
    screen.next_step("Next", f"ictdev submit {path}", "check it and take it in")
