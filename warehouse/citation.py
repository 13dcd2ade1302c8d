"""How to cite one figure: as a sentence, for BibTeX, and as CSL-JSON for reference managers."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

Row = Mapping[str, Any]

FORMS = ("plain", "bibtex", "csl")


def plain(figure: Row, source: Row, vintage: str) -> str:
    """Give a sentence: publisher, series, edition, licence, and the release by which it was read."""
    said = str(source["citation"]).format(edition=figure["edition"])
    address = f" {source['address']}" if source.get("address") else ""
    return f"{said}, series {figure['series_code']}.{address} {source['licence_title']}. ictdev release {vintage}."


def bibtex(figure: Row, source: Row, vintage: str) -> str:
    """Give a BibTeX entry (`@misc`), its special characters escaped."""
    key = re.sub(r"[^A-Za-z0-9]+", "_", f"{figure['source']}_{figure['series_code']}_{figure['edition']}").strip("_")
    fields = {
        "author": f"{{{_escaped(source['publisher'])}}}",
        "title": _escaped(f"{source['title']}, series {figure['series_code']}"),
        "year": _year(figure),
        "howpublished": _escaped(source.get("address") or "ictdev"),
        "note": _escaped(f"Edition {figure['edition']}; {source['licence_title']}; ictdev release {vintage}"),
    }
    body = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items() if text)
    return f"@misc{{{key},\n{body}}}"


def csl(figure: Row, source: Row, vintage: str) -> dict[str, Any]:
    """Give a CSL-JSON item of type `dataset`."""
    year = _year(figure)
    item: dict[str, Any] = {
        "id": f"{figure['source']}/{figure['series_code']}/{figure['edition']}",
        "type": "dataset",
        "title": f"{source['title']}, series {figure['series_code']}",
        "author": [{"literal": source["publisher"]}],
        "publisher": source["publisher"],
        "version": figure["edition"],
        "note": f"{source['licence_title']}; ictdev release {vintage}",
    }
    if source.get("address"):
        item["URL"] = source["address"]
    if year:
        item["issued"] = {"date-parts": [[int(part) for part in _date(figure)]]}
    return item


def text(form: str, figure: Row, source: Row, vintage: str) -> str:
    """Give a citation in the wanted form, as text."""
    if form == "csl":
        return orjson.dumps(csl(figure, source, vintage), option=orjson.OPT_INDENT_2).decode()
    return {"plain": plain, "bibtex": bibtex}[form](figure, source, vintage)


def _date(figure: Row) -> list[str]:
    """Give year, month and day of the edition, as far as it tells them."""
    found = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", str(figure["edition"]))
    return [part for part in found.groups() if part] if found else []


def _year(figure: Row) -> str:
    return _date(figure)[0] if _date(figure) else ""


_SPECIAL = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SPECIAL |= {mark: f"\\{mark}" for mark in "&%$#_"}


def _escaped(value: object) -> str:
    return "".join(_SPECIAL.get(mark, mark) for mark in str(value))
