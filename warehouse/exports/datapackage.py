"""A Frictionless Data Package: the CSV tables with every column described, and the same in CSVW, DCAT, schema.org.

One folder serves whoever harvests catalogues, whoever validates, and whoever opens a file.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from schemas.observation import KEY
from warehouse.describe import column_meaning, table_meaning
from warehouse.exports import linked_metadata, notice
from warehouse.exports.content import Content, Share, Table
from warehouse.exports.tables import columns, write_csv_file
from warehouse.home import parse_vintage

_TYPES = {
    "VARCHAR": "string", "DOUBLE": "number", "INTEGER": "integer", "BIGINT": "integer", "BOOLEAN": "boolean",
    "DATE": "date", "TIMESTAMP": "datetime",
}  # fmt: skip
_KEYS = {"observation": list(KEY), "source": ["id"], "indicator": ["indicator"], "area": ["ref_area"]}
_LINKS = (("source", "source", "id"), ("indicator", "indicator", "indicator"), ("ref_area", "area", "ref_area"))
_LICENCE = "Terms under which the figure may be passed on: its source's, or the strictest of the figures that went in"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, its Table Schema type, and what it means."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the package."""

    table: Table
    path: Path
    meaning: str
    fields: Sequence[Field]

    @property
    def key(self) -> list[str]:
        """Columns that tell one row from another; empty where none do."""
        return _KEYS.get(self.table.name, [])

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.path.stat().st_size

    @property
    def sha256(self) -> str:
        """Hash of the file."""
        with self.path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()


def write(content: Content, folder: Path) -> None:
    """Write the tables as CSV with datapackage.json, csv-metadata.json, dcat.jsonld and schema-org.jsonld."""
    resources = []
    for table in content.tables():
        path = folder / f"{table.stem}.csv"
        write_csv_file(content, table, path)
        resources.append(Resource(table, path, table_meaning(table.name) or table.name, _fields(content, table)))
    described = {
        "datapackage.json": _package(content, resources),
        "csv-metadata.json": linked_metadata.csvw(content, resources),
        "dcat.jsonld": linked_metadata.dcat(content, resources),
        "schema-org.jsonld": linked_metadata.schema_org(content, resources),
    }
    for name, what in described.items():
        (folder / name).write_bytes(orjson.dumps(what, option=orjson.OPT_INDENT_2) + b"\n")


def _fields(content: Content, table: Table) -> list[Field]:
    return [
        Field(
            name,
            _TYPES.get(kind, "string"),
            column_meaning(table.name, name) or (_LICENCE if name == "licence" else name),
        )
        for name, kind in columns(content, table.query)
    ]


def _package(content: Content, resources: Sequence[Resource]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": "ictdev",
        "id": f"ictdev-{content.release.vintage}",
        "title": notice.title(content),
        "version": content.release.vintage,
        "created": parse_vintage(content.release.vintage).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "licenses": [{"name": content.terms.licence.replace(" ", "-"), "title": content.terms.title}],
        "sources": [_source(share) for share in notice.present(content)],
        "resources": [_resource(one, resources) for one in resources],
    }


def _source(share: Share) -> dict[str, str]:
    """Name a source, with its terms and the words by which it wants to be named."""
    told = {"title": str(share.about.get("title") or share.source), "path": share.about.get("address") or ""}
    told |= {"licence": share.terms.licence, "licence_url": share.terms.url, "attribution": notice.attribution(share)}
    return {name: text for name, text in told.items() if text}


def _resource(one: Resource, resources: Sequence[Resource]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [{"name": field.name, "type": field.kind, "description": field.meaning} for field in one.fields]
    }
    if one.key:
        schema["primaryKey"] = one.key
    if one.table.name == "observation":
        there = {other.table.name for other in resources}
        schema["foreignKeys"] = [
            {"fields": [own], "reference": {"resource": table, "fields": [theirs]}}
            for own, table, theirs in _LINKS
            if table in there
        ]
    licence = {"licenses": [{"name": one.table.terms.licence.replace(" ", "-")}]} if one.table.terms else {}
    return {
        "profile": "tabular-data-resource", "name": one.table.name, "path": one.path.name, "description": one.meaning,
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": one.size,
        "hash": f"sha256:{one.sha256}", **licence, "schema": schema,
    }  # fmt: skip
