"""The command that tries a file before anything is taken in."""

from typing import Annotated, Literal

import typer

from flows import options


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command(
        "try",
        epilog="Examples:  ictdev try world_bank=API_IT.NET.USER.ZS_DS2_en_csv_v2.zip   ·   "
        "ictdev try submission=form.xlsx   ·   ictdev try unsd_sdg=answer.json@2026.Q2 --format json",
    )(try_file)


def try_file(
    files: Annotated[
        list[str], typer.Argument(metavar="SOURCE=PATH[@EDITION]", help="A publisher's file; several may be given.")
    ],
    format: Annotated[Literal["text", "json"], typer.Option(help="Form of the answer.")] = "text",
) -> None:
    """Read and check a file, and show what a refresh would take in and what it would set aside.

    Nothing is stored: it needs no home, and no release changes. Exit status: 0 all of it can be taken in, 3 a part,
    4 nothing.
    """
    from flows.trial import try_files  # noqa: PLC0415

    raise typer.Exit(try_files(files, options.settings(), as_json=format == "json"))
