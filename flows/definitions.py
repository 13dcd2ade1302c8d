"""Looking over all definitions before a run: every file by itself, and what each says of the others.

A contributor sees every mistake at once, with file and line, before anything is fetched.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, get_args

from flows.plan import bundled
from indicators import catalogue, core_list, index_edition, mandate, published, register, status, targets, yardstick
from schemas import correction, rules, sdmx_csv
from schemas.cadence import CADENCES, WITHOUT_RHYTHM
from schemas.check import DIMENSIONS, Severity
from schemas.codelist import codes, rows
from schemas.sources import readers
from schemas.strict_file import Fault, Misdefined, line_of, nearest

Faults = Iterator[Fault]
_ROOT = Path(catalogue.__file__).parents[1]


def require_sound_definitions() -> None:
    """Raise Misdefined with every fault of the definitions that ship with the project, if there is one."""
    found = faults()
    if found:
        raise Misdefined(found)


@cache
def faults() -> tuple[Fault, ...]:
    """Give every fault: first those of single files, then references to what is not there."""
    found: dict[Fault, None] = {}
    for look in (*_files(), _indicators, _targets, _published, _corrections, _sources, _checks):
        try:
            found |= dict.fromkeys(look() or ())
        except Misdefined as error:
            found |= dict.fromkeys(error.faults)
    return tuple(found)


def _files() -> Iterator[Callable[[], Any]]:
    """Give the readers of all files; what they return is no fault."""
    loads: tuple[Callable[[], Any], ...] = (
        *(catalogue.load, targets.load, register.load, mandate.load, published.load, index_edition.load),
        *(status.load, yardstick.load, core_list.load, core_list.matrix),
    )
    for load in loads:
        yield partial(_read_only, load)


def _read_only(load: Callable[[], Any]) -> None:
    load()


def _indicators() -> Faults:
    every = catalogue.load()
    sources = {*readers(), *(side.source for _, side in sdmx_csv.contents(bundled()))}
    items = {item.code for item in core_list.load().items}
    carried: dict[tuple[str, str], str] = {}
    for one in every.values():
        place = f"indicators/catalogue/{one.id}.yml"
        yield from _unknown(place, ("unit",), one.unit, codes("unit").to_pylist(), "unit")
        if one.core_list:
            yield from _unknown(place, ("core_list",), one.core_list, items, "item of the core list")
        if one.derived:
            yield from _unknown(place, ("derived", "of"), one.derived.of, every, "indicator")
        for at, series in enumerate(one.series):
            yield from _unknown(place, ("series", at, "source"), series.source, sources, "source")
            for name in ("sex", "age", "urbanisation", "breakdown"):
                code = getattr(series, name) or "_T"
                yield from _unknown(place, ("series", at, name), code, codes(name).to_pylist(), f"code of {name}.csv")
            other = carried.setdefault((series.source, series.code), one.id)
            if other != one.id:
                text = f"series.{at}.code: {series.source} {series.code} is already a series of {other}"
                yield Fault(place, _line(place, ("series", at, "code")), text)


def _targets() -> Faults:
    for name, framework in targets.read_files().items():
        place = f"indicators/targets/{name}.yml"
        for at, one in enumerate(framework.targets):
            if one.indicator:
                yield from _unknown(place, ("targets", at, "indicator"), one.indicator, catalogue.load(), "indicator")
            if one.area:
                yield from _unknown(place, ("targets", at, "area"), one.area, _areas(), "area")
            known = codes("breakdown").to_pylist()
            yield from _unknown(place, ("targets", at, "breakdown"), one.breakdown, known, "code of breakdown.csv")


def _published() -> Faults:
    for name, part in published.read_files().items():
        place = f"indicators/published/{name}.yml"
        yield from _unknown(place, ("indicator",), part.indicator, catalogue.load(), "indicator")
        for at, figure in enumerate(part.figures):
            yield from _unknown(place, ("figures", at, "area"), figure.area, _areas(), "area")


def _corrections() -> Faults:
    folder = _ROOT / "schemas" / "corrections"
    for path in sorted(folder.glob("*.yml")):
        place = f"schemas/corrections/{path.name}"
        for at, one in enumerate(correction.load(folder, path.stem)):
            yield from _unknown(place, (at, "indicator"), one.indicator, catalogue.load(), "indicator")
            yield from _unknown(place, (at, "economy"), one.economy, _areas(), "area")


def _sources() -> Faults:
    known = {*CADENCES, *WITHOUT_RHYTHM}
    schemes = {*rows("area")[0]}
    for name, reader in readers().items():
        place = f"schemas/sources/{name}.py"
        for field, value, there in (
            ("cadence", reader.SOURCE.cadence, known),
            ("area_scheme", reader.SOURCE.area_scheme, schemes),
        ):
            if value not in there:
                line = _line_with(place, f'{field}="{value}"')
                yield Fault(place, line, f"{field}: there is no “{value}”; there are: {', '.join(sorted(there))}")


def _checks() -> Faults:
    known = {"severity": get_args(Severity), "dimension": DIMENSIONS}
    for name, one in rules.published().items():
        for field, there in known.items():
            value = getattr(one.check, field)
            if value not in there:
                place, line = _rule_place(name.removeprefix("published_"))
                text = f"{name}: the {field} is “{value}”; it must be one of: {', '.join(there)}"
                yield Fault(place, line, text)


def _rule_place(rule: str) -> tuple[str, int]:
    for name in rules.MODULES:
        place = f"schemas/rules/{name}.py"
        line = _line_with(place, f'"{rule}"')
        if line:
            return place, line
    return "schemas/rules", 0


def _areas() -> list[str]:
    return [str(code) for code in codes("area", "ref_area").to_pylist()]


def _unknown(place: str, location: tuple[int | str, ...], value: str, known: Any, kind: str) -> Faults:
    """Find a value that names something that is not there."""
    if value not in known:
        where = ".".join(str(part) for part in location)
        near = nearest(value, [str(one) for one in known])
        yield Fault(place, _line(place, location), f"{where}: there is no {kind} “{value}”{near}")


def _line(place: str, location: tuple[int | str, ...]) -> int:
    return line_of((_ROOT / place).read_text(encoding="utf-8"), location)


def _line_with(place: str, text: str) -> int:
    """Give the first line of a file that holds a text; 0 where none does."""
    lines = (_ROOT / place).read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if text in line), 0)
