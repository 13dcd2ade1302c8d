"""The package described for machines that harvest: CSV on the Web, DCAT-AP, and schema.org."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from warehouse.exports import notice
from warehouse.exports.content import Content

if TYPE_CHECKING:
    from warehouse.exports.datapackage import Resource

_XSD = {"string": "string", "number": "double", "integer": "integer", "boolean": "boolean", "date": "date"}
_ABOUT = (
    "ICT development indicators with every version of every figure, gender gaps, group figures and the targets of "
    "E/RES/2017/21, each figure with source, edition and licence."
)


def csvw(content: Content, resources: "Sequence[Resource]") -> dict[str, Any]:
    """Describe the tables as CSV on the Web (W3C, `csv-metadata.json`)."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": notice.title(content),
        "dc:license": content.terms.url or content.terms.licence,
        "tables": [_csvw_table(one) for one in resources],
    }


def _csvw_table(one: "Resource") -> dict[str, Any]:
    schema: dict[str, Any] = {
        "columns": [
            {
                "name": field.name,
                "titles": field.name,
                "dc:description": field.meaning,
                "datatype": _datatype(field.kind),
            }
            for field in one.fields
        ]
    }
    if one.key:
        schema["primaryKey"] = one.key
    return {"url": one.path.name, "dc:description": one.meaning, "tableSchema": schema}


def _datatype(kind: str) -> Any:
    return {"base": "dateTime", "format": "yyyy-MM-ddTHH:mm:ssX"} if kind == "datetime" else _XSD[kind]


def dcat(content: Content, resources: "Sequence[Resource]") -> dict[str, Any]:
    """Describe the package as a DCAT-AP catalogue of one dataset; addresses are relative to the file."""
    dataset = {
        "@id": "#dataset",
        "@type": "dcat:Dataset",
        "dct:title": _english(notice.title(content)),
        "dct:description": _english(_ABOUT),
        "dct:issued": {"@type": "xsd:date", "@value": notice.day(content)},
        "dct:publisher": _agent("ictdev"),
        "dct:creator": [_agent(name) for name in _publishers(content)],
        "dct:provenance": [
            {"@type": "dct:ProvenanceStatement", "rdfs:label": notice.attribution(share)}
            for share in notice.present(content)
        ],
        "dcat:version": content.release.vintage,
        "dcat:keyword": [_english(word) for word in ("ICT", "indicators", "gender gap", "SDG", "WSIS")],
        "dcat:distribution": [_distribution(content, one) for one in resources],
    }
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "spdx": "http://spdx.org/rdf/terms#",
            "foaf": "http://xmlns.com/foaf/0.1/", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": "#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _english("ICT development indicators"),
        "dct:description": _english(_ABOUT),
        "dct:publisher": _agent("ictdev"),
        "dcat:dataset": [dataset],
    }  # fmt: skip


def _distribution(content: Content, one: "Resource") -> dict[str, Any]:
    terms = one.table.terms or content.terms
    return {
        "@type": "dcat:Distribution",
        "dct:title": _english(one.table.name),
        "dct:description": _english(one.meaning),
        "dcat:accessURL": {"@id": one.path.name},
        "dcat:downloadURL": {"@id": one.path.name},
        "dcat:mediaType": {"@id": "http://www.iana.org/assignments/media-types/text/csv"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(one.size)},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": one.sha256},
        },
        "dct:license": [{"@id": url} for url in terms.url.split()] or terms.licence,
        "dct:rights": terms.title,
    }


def schema_org(content: Content, resources: "Sequence[Resource]") -> dict[str, Any]:
    """Describe the package as a schema.org Dataset, as search engines for data read it."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": notice.title(content),
        "description": _ABOUT,
        "version": content.release.vintage,
        "datePublished": notice.day(content),
        "license": content.terms.url.split() or content.terms.licence,
        "isAccessibleForFree": True,
        "creator": [{"@type": "Organization", "name": name} for name in _publishers(content)],
        "isBasedOn": [
            {"@type": "Dataset", "name": str(share.about.get("title")), "license": share.terms.url,
             "creditText": notice.attribution(share)}
            for share in notice.present(content)
        ],
        "variableMeasured": content.indicators,
        "distribution": [
            {"@type": "DataDownload", "name": one.table.name, "contentUrl": one.path.name, "encodingFormat": "text/csv",
             "contentSize": str(one.size), "sha256": one.sha256}
            for one in resources
        ],
    }  # fmt: skip


def _publishers(content: Content) -> list[str]:
    shares = notice.present(content)
    return list(dict.fromkeys(str(share.about.get("publisher") or share.source) for share in shares))


def _agent(name: str) -> dict[str, str]:
    return {"@type": "foaf:Agent", "foaf:name": name}


def _english(text: str) -> dict[str, str]:
    return {"@language": "en", "@value": text}
