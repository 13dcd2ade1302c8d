"""The schema that SDMX-ML asks of a data structure: made from a structure message, it extends the standard's own.

SDMX 2.1 section 3A, 3.0 section 3: a type for the data set and one for its observations, in the namespace of the
structure, with an attribute for every component and an enumeration for every code list.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

from lxml import etree

_HEAD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="unqualified"
 xmlns:dsd="{dsd}" xmlns:common="{common}" xmlns="{own}" targetNamespace="{own}">
<xs:import namespace="{dsd}" schemaLocation={data}/><xs:import namespace="{common}" schemaLocation={shared}/>
<xs:complexType name="DataSetType"><xs:complexContent><xs:restriction base="dsd:DataSetType"><xs:sequence>
<xs:element ref="common:Annotations" minOccurs="0"/>
<xs:choice minOccurs="0"><xs:element name="Obs" type="ObsType" maxOccurs="unbounded"/></xs:choice>
</xs:sequence></xs:restriction></xs:complexContent></xs:complexType>
<xs:complexType name="ObsType"><xs:complexContent><xs:restriction base="dsd:ObsType">
<xs:sequence><xs:element ref="common:Annotations" minOccurs="0"/></xs:sequence>
{attributes}</xs:restriction></xs:complexContent></xs:complexType>"""
_BOTH = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="{message}" schemaLocation={standard}/><xs:import namespace="{own}" schemaLocation={beside}/>
</xs:schema>"""


def schema(structure: Path, standard: Path, folder: Path) -> etree.XMLSchema:
    """Give the schema of data messages that follow the structure message; `folder` takes the files it is made of."""
    parsed = etree.parse(structure)
    spaces = {name: url for name, url in parsed.getroot().nsmap.items() if name}
    resources = spaces["mes"].removesuffix("/message")
    (definition,) = parsed.iterfind(".//{*}DataStructure")
    urn = f"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={definition.get('agencyID')}:{definition.get('id')}"
    own = f"{urn}({definition.get('version')}):ObsLevelDim:AllDimensions"
    lists = {
        one.get("id", ""): [code.get("id", "") for code in one.iterfind("{*}Code")]
        for one in parsed.iterfind(".//{*}Codelist")
    }
    beside = folder / "own.xsd"
    beside.write_text(
        _HEAD.format(
            dsd=f"{resources}/data/structurespecific",
            common=f"{resources}/common",
            own=own,
            data=quoteattr(str(standard.with_name("SDMXDataStructureSpecific.xsd"))),
            shared=quoteattr(str(standard.with_name("SDMXCommon.xsd"))),
            attributes="".join(_attributes(definition, lists)),
        )
        + "".join(_types(lists))
        + "</xs:schema>",
        encoding="utf-8",
    )
    both = folder / "both.xsd"
    places = {"standard": quoteattr(str(standard)), "beside": quoteattr(str(beside))}
    both.write_text(_BOTH.format(message=spaces["mes"], own=own, **places), encoding="utf-8")
    return etree.XMLSchema(etree.parse(both))


_KINDS = {"TIME_PERIOD": "common:ObservationalTimePeriodType", "OBS_VALUE": "xs:double"}


def _attributes(definition: etree._Element, lists: Mapping[str, list[str]]) -> Iterator[str]:
    """Give an attribute for every component; an attribute of the structure may be missing where it says so."""
    for part in definition.iterfind("{*}DataStructureComponents/*/*"):
        name = part.get("id")
        if name is None:
            continue
        optional = (part.get("assignmentStatus") or part.get("usage") or "").lower() in {"conditional", "optional"}
        kind = _list_of(part, lists) or _KINDS.get(name, "xs:string")
        yield f'<xs:attribute name="{name}" type="{kind}" use="{"optional" if optional else "required"}"/>'


def _list_of(part: etree._Element, lists: Mapping[str, list[str]]) -> str | None:
    """Give the code list that a component names, by a reference (2.1) or a URN (3.0)."""
    said = [*part.itertext("{*}Enumeration"), *(ref.get("id", "") for ref in part.iterfind(".//{*}Enumeration/Ref"))]
    return next((one for one in lists if any(text == one or f":{one}(" in text for text in said)), None)


def _types(lists: Mapping[str, list[str]]) -> Iterator[str]:
    for name, codes in lists.items():
        values = "".join(f"<xs:enumeration value={quoteattr(code)}/>" for code in codes)
        yield f'<xs:simpleType name="{name}"><xs:restriction base="xs:string">{values}</xs:restriction></xs:simpleType>'
