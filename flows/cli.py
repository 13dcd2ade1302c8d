"""`ictdev`: the one front door. Refresh the figures, ask for them, and have every number explained."""

import atexit
import gc
from pathlib import Path
from typing import Annotated, Literal

import typer

from flows import cli_dashboards, cli_history, cli_map, cli_operate, cli_publish, cli_report, cli_try, options
from flows.cli_help import Commands
from flows.invocation import remember_home
from flows.told import Told

app = typer.Typer(
    name="ictdev",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # the other modes load rich, which takes longer than all the rest of a help page
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Watches the promises of ECOSOC resolution E/RES/2017/21: fetches public ICT statistics, checks them, keeps "
        "every version of every figure, and says where the resolution's targets stand.\n\n"
        "Start with: ictdev refresh --bundled, then ictdev assess."
    ),
    epilog="Exit status: 0 done · 1 no answer · 2 usage · 3 something was held, the rest was published · "
    "4 nothing could be published, the last release stands · 5 another refresh is running.",
)


@app.callback()
def _global(
    home: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of snapshots, history and releases. Default: ./data")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print results and errors only.")] = False,
    json_log: Annotated[bool, typer.Option("--json-log", help="Print the run's report as one line of JSON.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[  # noqa: ARG001 - typer answers before we are called
        bool, typer.Option("--version", is_eager=True, callback=options.tell_version, help="Print the version.")
    ] = False,
) -> None:
    options.given.home, options.given.quiet = home, quiet
    options.given.json_log, options.given.debug = json_log, debug
    remember_home(home)


@app.command(
    epilog="Examples:  ictdev refresh --bundled   ·   ictdev refresh   ·   ictdev refresh --source world_bank   ·   "
    "ictdev refresh --from-file world_bank=API_IT.NET.USER.ZS_DS2_en_csv_v2.zip"
)
def refresh(
    bundled: Annotated[bool, typer.Option("--bundled", help="Take the figures that ship with the project.")] = False,
    bundle: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Take a bundle: a folder of SDMX-CSV with side files.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Ask just this publisher; may be repeated.")
    ] = None,
    base_url: Annotated[
        list[str] | None, typer.Option(metavar="ID=URL", help="Another address of a publisher.")
    ] = None,
    from_file: Annotated[
        list[str] | None, typer.Option(metavar="ID=PATH[@EDITION]", help="A publisher's file; may be repeated.")
    ] = None,
    whole: Annotated[
        bool,
        typer.Option("--whole", help="The files named are all that there is of their series: the rest was removed."),
    ] = False,
    parquet: Annotated[bool, typer.Option("--parquet/--no-parquet", help="Write Parquet files too.")] = True,
    site: Annotated[bool, typer.Option("--site/--no-site", help="Draw the pages too.")] = True,
) -> None:
    """Fetch, check, derive and publish.

    Without options every publisher is asked.

    What fails a check is held: its last good figures stay, the rest is published.

    A second run on the same figures changes nothing.

    A file adds and revises figures; with --whole it removes those that it leaves out.
    """
    _refresh(bundled, bundle, source, base_url, from_file, whole=whole, parquet=parquet, site=site)


def _refresh(
    bundled: bool = False,
    bundle: Path | None = None,
    source: list[str] | None = None,
    base_url: list[str] | None = None,
    from_file: list[str] | None = None,
    *,
    whole: bool = False,
    parquet: bool = True,
    site: bool = True,
) -> None:
    """Plan a refresh of what was asked for, run it, and tell what it did while Prefect's server ends."""
    from flows import plan as planning  # noqa: PLC0415
    from flows.engine import running  # noqa: PLC0415

    settings = options.settings()
    plan = planning.make(
        home=settings.home,
        bundle=planning.bundled() if bundled else bundle,
        files=from_file or [],
        sources=source or [],
        base_url={**settings.base_url, **planning.addresses(base_url or [])},
        parquet=parquet,
        site=site,
        keep_releases=settings.keep_releases,
        whole=whole,
    )
    with running.started(options.home()) as engine:  # its process works while what follows is loaded
        from flows import run, screen  # noqa: PLC0415
        from flows.summary import show_refresh  # noqa: PLC0415

        what, silent = planning.describe(plan), options.given.quiet or options.given.json_log
        if engine.note:
            screen.err.print(engine.note, markup=False)
        with screen.working(f"refreshing · {what}", quiet=silent):
            report = run.run_with(engine, plan)
        show_refresh(options.home(), report, what, quiet=options.given.quiet, as_json=options.given.json_log)
    raise typer.Exit(report.exit_status)


@app.command(epilog="Example:  ictdev status")
def status() -> None:
    """Show how fresh each source and indicator is, what is held, and why."""
    from flows.status import show  # noqa: PLC0415

    show(options.home())


@app.command(
    epilog='Examples:  ictdev sql "SELECT * FROM gender_gap LIMIT 5"   ·   '
    "ictdev sql \"FROM observation WHERE ref_area = 'SEN'\" --format csv --out senegal.csv   ·   "
    'ictdev sql "SHOW TABLES"'
)
def sql(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="One SELECT statement in DuckDB's SQL.")],
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Figures as we held them at the end of this day or vintage.")
    ] = None,
    edition_as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Figures as their publishers had said by this day.")
    ] = None,
    format: Annotated[Literal["table", "csv", "json", "parquet"], typer.Option(help="Form of the answer.")] = "table",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the answer to this file.")] = None,
) -> None:
    """Ask the newest release in SQL. Reads only: nothing can be changed, no file and no network be reached."""
    from warehouse import sandbox  # noqa: PLC0415

    limits = options.sql_limits()
    with sandbox.asked(options.release(), query, as_of=as_of, edition_as_of=edition_as_of, limits=limits) as answer:
        from flows import screen  # noqa: PLC0415 - loaded while the query runs

        table = answer()
    screen.result(table, format, out)


@app.command(
    epilog="Examples:  ictdev why internet_users SEN 2022   ·   ictdev why mobile_coverage LDC 2018 --breakdown 4G"
)
def why(
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="Indicator, for example internet_users.")],
    area: Annotated[str, typer.Argument(metavar="AREA", help="Economy (SEN) or group (LDC).")],
    year: Annotated[str, typer.Argument(metavar="YEAR", help="Year or period, for example 2022.")],
    sex: Annotated[str | None, typer.Option(metavar="CODE", help="F or M; total if left out.")] = None,
    age: Annotated[str | None, typer.Option(metavar="CODE", help="Age base, for example Y_GE15.")] = None,
    urbanisation: Annotated[str | None, typer.Option(metavar="CODE", help="U or R.")] = None,
    breakdown: Annotated[
        str | None, typer.Option(metavar="CODE", help="Code of the indicator's own breakdown, for example 4G.")
    ] = None,
    inputs: Annotated[bool, typer.Option("--inputs", help="Show every figure that went into a derived one.")] = False,
    format: Annotated[
        Literal["text", "json", "cite", "bibtex", "csl"], typer.Option(help="All of it, or only the citation.")
    ] = "text",
) -> None:
    """Explain one number: source, edition, licence, raw record, checks, versions, and what it was made from."""
    from flows.passport import show  # noqa: PLC0415

    dimensions = {"sex": sex, "age": age, "urbanisation": urbanisation, "breakdown": breakdown}
    show(
        options.home(),
        (indicator, area, year),
        {name: code for name, code in dimensions.items() if code},
        format,
        inputs=inputs,
    )


@app.command(
    epilog="Examples:  ictdev assess   ·   ictdev assess --paragraph 31 --format json   ·   "
    "ictdev assess --status missed"
)
def assess(
    mandate: Annotated[str, typer.Option(metavar="SYMBOL", help="Resolution or framework.")] = "E/RES/2017/21",
    paragraph: Annotated[str | None, typer.Option(metavar="N", help="Only this paragraph.")] = None,
    kind: Annotated[
        Literal["quantitative", "process", "requirement", "none"] | None,
        typer.Option(help="Only paragraphs of this kind."),
    ] = None,
    status: Annotated[str | None, typer.Option(metavar="STATUS", help="Only what stands so, for example met.")] = None,
    indicator: Annotated[str | None, typer.Option(metavar="ID", help="Only what this indicator tells.")] = None,
    format: Annotated[Literal["table", "csv", "json"], typer.Option(help="Form of the answer.")] = "table",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the answer to this file.")] = None,
) -> None:
    """Say how the resolution stands by paragraph: targets with figure, edition, coverage, status and reason.

    What cannot be measured is named with the reason.
    """
    from flows.state import Asked  # noqa: PLC0415
    from flows.summary import show_assessment  # noqa: PLC0415

    asked = Asked(mandate, paragraph or "", kind or "", status or "", indicator or "")
    show_assessment(options.home(), asked, format, out)


@app.command(epilog="Examples:  ictdev submit --template form.xlsx   ·   ictdev submit form.xlsx")
def submit(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The filled-in form, or SDMX-CSV 2.0 with our indicators.")
    ] = None,
    template: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write an empty form (.xlsx) with all code lists instead.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Remove what was submitted before for these years and is not in FILE.")
    ] = False,
) -> None:
    """Check national figures and take them in, or write the form for them."""
    from schemas.errors import Usage  # noqa: PLC0415

    if (file is None) == (template is None):
        raise Usage("give a FILE to take in, or --template FILE to write an empty form")
    if template is not None:
        from flows.form import write  # noqa: PLC0415

        write(template)
        return
    _refresh(from_file=[f"submission={file}"], whole=whole)


@app.command(epilog="Example:  ictdev doctor")
def doctor() -> None:
    """Check what is missing on this machine, and say what to do about it."""
    from flows.doctor import examine  # noqa: PLC0415

    raise typer.Exit(examine(options.settings()))


cli_try.register(app)
cli_history.register(app)
cli_publish.register(app)
cli_dashboards.register(app)
cli_operate.register(app)
cli_map.register(app)
cli_report.register(app)


def main() -> None:
    """Run the command line; every error becomes one block and an exit status."""
    atexit.register(gc.freeze)  # or the way out searches all that was imported for garbage, as long as a query takes
    with Told():
        app()


if __name__ == "__main__":
    main()
