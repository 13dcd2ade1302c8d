"""The table of faults: what a publisher does → how it is told. One line per case."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from schemas.source import Series
from tests.exchanges import NET, OUTAGE, REFUSAL, page, row
from tests.flows.fault_server import Answer, Behaviour, http

UNSD = Series("internet_users", "IT_USE_ii99", "percent_of_population")
COPY = Series("mobile_coverage", "ITU_DH_POP_COV_4G", "percent_of_population", breakdown="4G")
ITU = Series("internet_users", "i99H", "percent_of_population")
SCHOOLS = Series("schools_with_internet", "SCHBSP.1.WINTERN", "percent_of_schools", breakdown="EDU_PRIMARY")
EURO = Series("internet_users", "isoc_ci_ifp_iu:I_IU3:PC_IND", "percent_of_population")
PRICES = Series("price_basket_pct_gni", "i154_FBB_ts_GNI", "percent_of_gni")
SERIES = {
    "world_bank": NET, "unsd_sdg": UNSD, "data360": COPY, "itu_datahub": ITU, "uis": SCHOOLS, "eurostat": EURO,
    "itu_workbooks": PRICES,
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One fault: what the server does, the error's kind, words of its message, and settings that make it quick."""

    name: str
    does: Behaviour
    kind: str
    words: str
    source: str = "world_bank"
    settings: dict[str, str] = field(default_factory=dict)
    address: str = "http://{host}/v2"


def _always(answer: Answer) -> Behaviour:
    return lambda path, params: answer


def _pages(*bodies: bytes) -> Behaviour:
    """Answer page n with the n-th body; later ones repeat the last."""
    return lambda path, params: http(bodies[min(int(params.get("page", 1)), len(bodies)) - 1])


def _drip() -> Iterator[bytes | float]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    for _ in range(200):
        yield b" "
        yield 0.02


def _zip(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def _encrypted() -> bytes:
    """A zip whose member claims to be encrypted."""
    packed = bytearray(_zip(("a.csv", b"x")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(signature) + offset] |= 1
    return bytes(packed)


def _rows(*rows: dict[str, object], **more: Any) -> Behaviour:
    return _always(http(page(*rows, **more)))


def _sdg(*records: dict[str, Any], total: int | None = None, pages: int = 1, release: bytes | None = None) -> Behaviour:
    body = {"totalElements": len(records) if total is None else total, "totalPages": pages, "data": list(records)}
    listed = b'[{"code":"IT_USE_ii99","release":"2026.Q2.G.02"}]' if release is None else release
    return lambda path, params: http(listed if "Series/List" in path else json.dumps(body).encode())


def _record(**more: Any) -> dict[str, Any]:
    usual = {
        "series": "IT_USE_ii99", "geoAreaCode": "686", "timePeriodStart": 2020.0, "value": "50.5", "source": "ITU",
        "footnotes": [""], "attributes": {"Nature": "C", "Units": "PERCENT"}, "dimensions": {"Reporting Type": "G"},
    }  # fmt: skip
    return {**usual, **more}


def _copy(count: int = 1, **more: Any) -> Behaviour:
    value = {"INDICATOR": COPY.code, "REF_AREA": "SEN", "TIME_PERIOD": "2020", "OBS_VALUE": "9", "SEX": "_T", **more}
    return _always(http(json.dumps({"count": count, "value": [value]}).encode()))


def _uis(*records: dict[str, Any]) -> Behaviour:
    versions = b'{"themeDataStatus":[{"theme":"EDU","lastUpdate":"09/17/2026"}]}'
    body = json.dumps({"records": list(records)}).encode()
    return lambda path, params: http(versions if "versions" in path else body)


_ITU_HEAD = b"seriesID,seriesCode,seriesName,seriesParent,entityIso,dataValue,dataYear,dataNote,dataSource\n"
_EURO_HEAD = b"STRUCTURE,STRUCTURE_ID,freq,indic_is,unit,ind_type,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
_EURO_ROW = b"dataflow,ESTAT:isoc_ci_ifp_iu(1.0),A,I_IU3,PC_IND,IND_TOTAL,"
_QUICK = {"ICTDEV_ATTEMPTS": "1"}

TRANSPORT = [
    Case("no such name", _always(b""), "Unreachable", "did not answer", address="http://nobody.invalid/v2"),
    Case("connection refused", _always(b""), "Unreachable", "ConnectError", address="http://127.0.0.1:9/v2"),
    Case("plain text where TLS is expected", _always(b""), "Unreachable", "did not answer", address="https://{host}/v2"),
    Case("hangs up without a word", _always(b""), "Unavailable", "did not answer"),
    Case("not HTTP at all", _always(b"SSH-2.0-OpenSSH_9.6\r\n"), "Unavailable", "did not answer"),
    Case("204", _always(http(status="204 No Content")), "Unavailable", "status 204"),
    Case("300", _always(http(status="300 Multiple Choices")), "Unavailable", "status 300"),
    Case("400", _always(http(status="400 Bad Request")), "Unavailable", "status 400"),
    Case("403", _always(http(status="403 Forbidden")), "Unavailable", "status 403"),
    Case("404", _always(http(status="404 Not Found")), "Unavailable", "status 404"),
    Case("408", _always(http(status="408 Request Timeout")), "Unavailable", "status 408"),
    Case("410", _always(http(status="410 Gone")), "Unavailable", "status 410"),
    Case("413 with a link", _always(http(b"<a href='later'>", status="413 Too Large")), "Unavailable", "status 413"),
    Case("429", _always(http(status="429 Too Many")), "Unavailable", "status 429"),
    Case("429 for a day", _always(http(status="429 Too Many", Retry_After="86400")), "Unreachable", "come back"),
    Case("429 until a day far off", _always(http(status="429 Too Many", Retry_After="Wed, 01 Jan 2127 00:00:00 GMT")),
         "Unreachable", "come back"),
    Case("429 with a wait that is none", _always(http(status="429 Too Many", Retry_After="soon")), "Unavailable", "429"),
    Case("500", _always(http(status="500 Oops")), "Unavailable", "status 500"),
    Case("502 with a web page", _always(http(OUTAGE, status="502 Bad Gateway")), "Unavailable", "status 502"),
    Case("503 for an hour", _always(http(status="503 Busy", Retry_After="3600")), "Unreachable", "come back"),
    Case("504", _always(http(status="504 Timeout")), "Unavailable", "status 504"),
    Case("shorter than announced", _always(http(page(row()), length=9999)), "Unavailable", "did not answer"),
    Case("chunks that break off", _always(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n[["), "Unavailable",
         "did not answer"),
    Case("gzip that is none", _always(http(page(row()), Content_Encoding="gzip")), "Unavailable", "did not answer"),
    Case("gzip that breaks off", _always(http(gzip.compress(page(row()))[:-20], Content_Encoding="gzip")), "Changed", ""),
    Case("gzip bomb", _always(http(gzip.compress(b" " * 60_000_000), Content_Encoding="gzip")), "Invalid", "expands"),
    Case("one byte at a time", lambda path, params: _drip(), "Unavailable", "no whole answer within",
         settings={**_QUICK, "ICTDEV_REQUEST_DEADLINE": "0.2"}),
    Case("silence", lambda path, params: iter([2.0]), "Unavailable", "did not answer",
         settings={**_QUICK, "ICTDEV_READ_TIMEOUT": "0.2"}),
    Case("more than we take", _always(http(b"[" + b" " * 5000)), "Invalid", "larger than",
         settings={"ICTDEV_MAX_BYTES": "1000"}),
    Case("redirect to another host", _always(http(status="302 Found", Location="http://example.org/")), "Changed", "own host"),
    Case("redirect to a file", _always(http(status="302 Found", Location="file:///etc/passwd")), "Changed", "own host"),
    Case("redirect to the machine's metadata", _always(http(status="302 Found", Location="http://169.254.169.254/latest")),
         "Changed", "169.254.169.254"),
    Case("redirect to another port", _always(http(status="302 Found", Location="http://127.0.0.1:22/")), "Changed", "own host"),
    Case("redirect to itself", _always(http(status="302 Found", Location="/v2/again")), "Unavailable", "TooManyRedirects"),
]  # fmt: skip

PAGING = [
    Case("no pages and no rows", _always(http(b'[{"page":1,"pages":0,"total":0},null]')), "Empty", "no record"),
    Case("no pages and yet rows", _rows(row(), pages=0, total=0), "Changed", "announced 0"),
    Case("fewer rows than announced", _rows(row(), total=2), "Changed", "announced 2"),
    Case("more rows than announced", _rows(row(), row("GHA"), total=1), "Changed", "sent 2"),
    Case("the same page again and again", _rows(row(), pages=3, total=3), "Changed", "earlier page"),
    Case("a release that changes between pages",
         _pages(page(row(), pages=2, total=2), page(row("GHA"), pages=2, total=2, updated="2026-08-01")), "Changed",
         "changed its release"),
    Case("a total that changes between pages",
         _pages(page(row(), pages=2, total=2), page(row("GHA"), pages=2, total=5)), "Changed", "several totals"),
    Case("a second page that fails", lambda path, params: http(page(row(), pages=2, total=2)) if params["page"] == "1"
         else http(status="500 Oops"), "Unavailable", "status 500"),
    Case("a second page of HTML", _pages(page(row(), pages=2, total=2), OUTAGE), "Changed", "HTML"),
    Case("pages without end", lambda path, params: http(page(row(year=params["page"]), pages=10_000)), "Changed",
         "more than 4 pages"),
    Case("UNSD: fewer than announced", _sdg(_record(), total=3), "Changed", "announced 3", "unsd_sdg"),
    Case("UNSD: nothing", _sdg(), "Empty", "no record", "unsd_sdg"),
    Case("Data360: fewer than announced", _copy(2), "Changed", "announced 2", "data360"),
    Case("Data360: skip is ignored", _copy(5000), "Changed", "earlier page", "data360"),
]  # fmt: skip

SCHEMA = [
    Case("200 and a web page", _always(http(OUTAGE)), "Changed", "HTML"),
    Case("200 and XML", _always(http(b"<?xml version='1.0'?><wb:error/>")), "Changed", "XML"),
    Case("200 and nothing", _always(http(b"")), "Empty", "is empty"),
    Case("200 and a refusal", _always(http(REFUSAL)), "Unavailable", "Invalid value"),
    Case("JSON that breaks off", _always(http(page(row())[:-9])), "Changed", "not JSON"),
    Case("UTF-32", _always(http(page(row()).decode().encode("utf-32"))), "Invalid", "not UTF-8"),
    Case("zero bytes", _always(http(b"[\x00\x00")), "Invalid", "not UTF-8"),
    Case("not the two-part list", _always(http(b'{"rows": []}')), "Changed", "two-part"),
    Case("rows without a date", _rows({"indicator": {"id": NET.code}, "country": {"id": "SN"}, "countryiso3code": "SEN",
         "value": 1}), "Changed", "date"),
    Case("another series than was asked", _rows(row(indicator={"id": "SP.POP.TOTL", "value": ""})), "Empty", "no figure"),
    Case("a text for a figure", _rows(row(value="many")), "Held", "no number"),
    Case("thousands", _rows(row(value="1,234")), "Held", "no number"),
    Case("yes for a figure", _rows(row(value=True)), "Held", "no number"),
    Case("infinity", _rows(row(value="1e999")), "Held", "no number"),
    Case("an object for a figure", _rows(row(value={"v": 1})), "Held", "no number"),
    Case("a period that is none", _rows(row(year="2020Q5")), "Held", "no year"),
    Case("UNSD: no list of data", _always(http(b'{"rows":[]}')), "Changed", "", "unsd_sdg"),
    Case("UNSD: an unreadable list of series", _sdg(_record(), release=b'{"a":1}'), "Changed", "release key", "unsd_sdg"),
    Case("UNSD: records without an area", _sdg({"series": "IT_USE_ii99"}), "Changed", "lacks the field", "unsd_sdg"),
    Case("UNSD: another unit", _sdg(_record(attributes={"Units": "NUMBER"})), "Held", "unit that does not fit", "unsd_sdg"),
    Case("UNSD: a sex that is unknown", _sdg(_record(dimensions={"Sex": "X9"})), "Held", "not known", "unsd_sdg"),
    Case("UNSD: a nature that is unknown", _sdg(_record(attributes={"Nature": "ZZ"})), "Held", "not known", "unsd_sdg"),
    Case("Data360: thousands", _copy(UNIT_MULT="3"), "Held", "above the most", "data360"),
    Case("Data360: no list", _always(http(b"[]")), "Changed", "no list", "data360"),
    Case("UIS: other figures than asked", _uis({"indicatorId": "X", "geoUnit": "SEN", "year": 2020, "value": 1}), "Changed",
         "asked was", "uis"),
    Case("UIS: no records", _uis(), "Empty", "no record", "uis"),
    Case("UIS: a version that is no day", _always(http(b'{"themeDataStatus":[{"lastUpdate":"2026-13"}]}')), "Changed",
         "a day that is none", "uis"),
    Case("ITU: an empty list", _always(http(b"[]")), "Empty", "holds nothing", "itu_datahub"),
    Case("ITU: a login page", _always(http(OUTAGE)), "Changed", "HTML", "itu_datahub"),
    Case("ITU: a throttle in plain words", _always(http(b"Throughput exceeds the limit")), "Unavailable", "fewer requests",
         "itu_datahub"),
    Case("ITU: no data in plain words", _always(http(b"No data available for this")), "Empty", "no data", "itu_datahub"),
    Case("ITU: a list without figures", _always(http(b'[{"label":"a","topicID":1}]')), "Empty", "no figures", "itu_datahub"),
    Case("ITU: columns renamed", _always(http(_ITU_HEAD.replace(b"dataValue", b"val"))), "Changed", "dataValue", "itu_datahub"),
    Case("ITU: answers in words", _always(http(_ITU_HEAD + b"1,i99H,Use,,SEN,yes,2020,,\n")), "Invalid", "qualitative",
         "itu_datahub"),
    Case("ITU: a zip that breaks off", _always(http(_zip(("a.csv", _ITU_HEAD * 50))[:-30])), "Invalid", "damaged", "itu_datahub"),
    Case("ITU: an encrypted zip", _always(http(_encrypted())), "Invalid", "password", "itu_datahub"),
    Case("ITU: a zip bomb", _always(http(_zip(("a.csv", b"0" * 50_000_000)))), "Invalid", "would expand", "itu_datahub"),
    Case("ITU: a zip of two tables", _always(http(_zip(("a.csv", b"x"), ("b.csv", b"y")))), "Changed", "2 members", "itu_datahub"),
    Case("ITU: a zip of none", _always(http(_zip(("readme.txt", b"x")))), "Changed", "0 members", "itu_datahub"),
    Case("ITU: a row with too many cells", _always(http(_ITU_HEAD + b"1,i99H,Use,,SEN,5,2020,,,,,9\n")), "Changed",
         "well-formed", "itu_datahub"),
    Case("Eurostat: another dataflow", _always(http(b"STRUCTURE,STRUCTURE_ID,freq,isco08,unit,geo,TIME_PERIOD,OBS_VALUE,"
         b"OBS_FLAG,CONF_STATUS\nd,x,A,1,P,SN,2020,1,,\n")), "Changed", "not a household", "eurostat"),
    Case("Eurostat: a flag that is unknown", _always(http(_EURO_HEAD + _EURO_ROW + b"SE,2020,50,q,\n")), "Held", "not known",
         "eurostat"),
    Case("Eurostat: only groups of its own", _always(http(_EURO_HEAD + _EURO_ROW + b"EU27_2020,2020,50,,\n")), "Empty",
         "no figure of a country", "eurostat"),
    Case("a workbook that is none", _always(http(b"PK\x03\x04 nothing")), "Invalid", "damaged", "itu_workbooks"),
    Case("a workbook that is a web page", _always(http(OUTAGE)), "Changed", "HTML", "itu_workbooks"),
    Case("a workbook that is a text", _always(http(b"a,b\n1,2\n")), "Invalid", "no workbook", "itu_workbooks"),
]  # fmt: skip

SEMANTICS = [
    Case("140 per cent", _rows(row(value=140)), "Held", "above the most"),
    Case("less than nothing", _rows(row(value=-1)), "Held", "below the least"),
    Case("a figure of the future", _rows(row(year="2099")), "Held", "future"),
    Case("a figure of long ago", _rows(row(year="1850")), "Held", "1950"),
    Case("an economy that is unknown", _rows(row("QQQ")), "Held", "not in our code list"),
    Case("two figures for one place", _rows(row(value=40), row(value=41)), "Held", "claim the same place"),
    Case("not a single figure", _rows(row(value=None), row("GHA", value=None)), "Empty", "no figure"),
    Case("UNSD: NaN alone", _sdg(_record(value="NaN")), "Empty", "no figure", "unsd_sdg"),
    Case("UNSD: a hundred times too large", _sdg(_record(value="5050")), "Held", "above the most", "unsd_sdg"),
    Case("UNSD: two figures for one place", _sdg(_record(), _record(value="60")), "Held", "claim the same", "unsd_sdg"),
    Case("UNSD: an area that is unknown", _sdg(_record(geoAreaCode="9999")), "Held", "code list", "unsd_sdg"),
    Case("Data360: an age that is unknown", _copy(AGE="Y_OLD"), "Held", "age", "data360"),
    Case("Eurostat: more than everybody", _always(http(_EURO_HEAD + _EURO_ROW + b"SE,2020,101,,\n")), "Held", "above",
         "eurostat"),
]  # fmt: skip

CASES = [*TRANSPORT, *PAGING, *SCHEMA, *SEMANTICS]
