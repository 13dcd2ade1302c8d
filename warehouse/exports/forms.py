"""The forms in which a release leaves the house, and the one call that writes any of them."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from schemas.errors import Usage
from warehouse.exports import notice
from warehouse.exports.content import Content
from warehouse.exports.folder import write_whole
from warehouse.exports.selection import Asked
from warehouse.pointer import Release

FORMS = {
    "parquet": "tables:write_parquet",
    "csv": "tables:write_csv",
    "xlsx": "workbook:write",
    "sdmx-csv": "sdmx_csv:write",
    "sdmx-ml": "sdmx_ml:write",
    "datapackage": "datapackage:write",
}
"""Form → module and function that write it; each is imported only when it is asked for."""


def export(release: Release, form: str, out: Path, asked: Asked | None = None) -> list[Path]:
    """Write what is asked for of a release into a new folder; give the files.

    Raises Usage where the folder holds something already or a wish does not fit the form, Unanswered for an unknown
    indicator, IctdevError where it cannot be written.
    """
    asked = asked or Asked()
    if form not in FORMS:
        raise Usage(f"there is no form {form}", why=f"there are: {', '.join(FORMS)}")
    if asked.bom and form != "csv":
        raise Usage("--bom is for csv: the other forms say by themselves that they are UTF-8")
    write = _writer(form)

    def fill(folder: Path) -> None:
        with Content(release, asked) as content:
            write(content, folder)
            notice.write(content, folder)

    return write_whole(out, fill)


def _writer(form: str) -> Callable[[Content, Path], None]:
    module, _, name = FORMS[form].partition(":")
    found: Callable[[Content, Path], None] = getattr(import_module(f"warehouse.exports.{module}"), name)
    return found
