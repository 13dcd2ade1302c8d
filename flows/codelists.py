"""Making the area lists: every economy and group with its codes and names, from the publishers' own classifications.

Kept by hand are `ldc_dates.csv`, `group_names.csv` and the short lists; this makes `area.csv` and `area_group.csv`.
"""

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from babel import Locale

from flows.codelists_groups import memberships

Row = dict[str, str]
LANGUAGES = ("fr", "es", "ru", "zh", "ar")
COLUMNS = (
    "ref_area",
    "kind",
    "iso2",
    "m49",
    "world_bank",
    "itu",
    *(f"name_{tag}" for tag in ("en", *LANGUAGES)),
    "valid_from",
    "valid_to",
    "successors",
    "note",
)
ITU_HABITS = {"GGY": "AAA GGY", "JEY": "GBJ JEY", "XKX": "KSO XKX", "PSE": "PSE WBG"}
"""Economies that ITU writes in its own way, beside the ISO code."""
WORLD_BANK_HABITS = {
    "SSD": "SSD SDS", "XKX": "XKX KSV", "ROU": "ROU ROM", "COD": "COD ZAR", "TLS": "TLS TMP", "AND": "AND ADO",
    "IMN": "IMN IMY", "PSE": "PSE WBG",
}  # fmt: skip
"""Codes that the World Bank used before, beside today's."""

_TAIWAN = {
    "en": "Taiwan, Province of China",
    "fr": "Taïwan, Province de Chine",
    "es": "Taiwán, Provincia de China",
    "ru": "Тайвань, провинция Китая",
    "zh": "中国台湾省",
    "ar": "تايوان، مقاطعة صينية",
}
_EXTRA: tuple[Row, ...] = (
    {
        "ref_area": "TWN", "iso2": "TW", "m49": "158", "world_bank": "TWN", "itu": "TWN",
        "note": "not in M49; UNSD's code 158 covers other areas of Eastern Asia; ITU publishes it under this name",
        **{f"name_{tag}": name for tag, name in _TAIWAN.items()},
    },
    {"ref_area": "XKX", "iso2": "XK", "m49": "412", "name_en": "Kosovo (UNSCR 1244)", "note": "not in M49"},
    {
        "ref_area": "CHI", "iso2": "JG", "m49": "830", "name_en": "Channel Islands",
        "note": "Guernsey and Jersey together, as the World Bank counts them",
    },
    {
        "ref_area": "ASC", "iso2": "AC", "itu": "ASC", "name_en": "Ascension",
        "note": "part of Saint Helena in M49; ITU counts it apart; in no group",
    },
)  # fmt: skip


_FORMER: tuple[tuple[str, ...], ...] = (
    ("ANT", "AN", "530", "ANT", "Netherlands Antilles", "1954-12-15", "2010-10-10", "BES CUW SXM"),
    ("CSK", "", "200", "CSK", "Czechoslovakia [former]", "", "1993-01-01", "CZE SVK"),
    ("DDR", "DD", "278", "DDR", "German Democratic Republic [former]", "1949-10-07", "1990-10-03", "DEU"),
    ("M49_736", "", "736", "", "Sudan [former]", "1956-01-01", "2011-07-09", "SDN SSD"),
    ("PCI", "PC", "582", "PCI", "Pacific Islands (Trust Territory) [former]", "1947-07-18", "1994-10-01",
     "FSM MHL MNP PLW"),
    ("SCG", "CS", "891", "SCG", "Serbia and Montenegro [former]", "1992-04-27", "2006-06-03", "MNE SRB"),
    ("SUN", "SU", "810", "SUN", "Union of Soviet Socialist Republics [former]", "1922-12-30", "1991-12-26",
     "ARM AZE BLR EST GEO KAZ KGZ LTU LVA MDA RUS TJK TKM UKR UZB"),
    ("YMD", "YD", "720", "YMD", "Democratic Yemen [former]", "1967-11-30", "1990-05-22", "YEM"),
    ("YUG", "YU", "890", "YUG", "Yugoslavia [former]", "", "1992-04-27", "BIH HRV MKD SCG SVN"),
)  # fmt: skip
"""Economies that are no more: code, ISO alpha-2, M49, the World Bank's and ITU's code, name, from, to, successors.

Their figures are kept as theirs, in no group, and never added to those of a successor. Dates are those of ISO 3166-3
and of the United Nations' membership; blank where the list needs none.
"""


def build(data: Path, out: Path) -> None:
    """Write area.csv and area_group.csv into `out` from the classifications under `data`."""
    areas = [*_economies(data), *_groups(data, out)]
    _write(out / "area.csv", COLUMNS, areas)
    columns = ("group_code", "ref_area", "valid_from", "valid_to", "authority", "status", "note")
    _write(out / "area_group.csv", columns, memberships(data, out, areas))


def read_m49(data: Path) -> list[Row]:
    """Read UNSD's M49 list as it was in August 2025."""
    path = data / "classification" / "UNSD_Methodology_M49_2025-08.csv"
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def read_world_bank(data: Path) -> list[dict[str, object]]:
    """Read the World Bank's list of economies and aggregates."""
    lines = (data / "world_bank" / "country_list.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_kept(out: Path, name: str) -> list[Row]:
    """Read a list that is kept by hand."""
    with (out / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _write(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(columns), restval="", lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _names(territory: str) -> Row:
    """Names in the UN languages other than English, from CLDR; left out where it has none."""
    found = {tag: Locale(tag).territories.get(territory) for tag in LANGUAGES}
    return {f"name_{tag}": str(name) for tag, name in found.items() if name}


def _economies(data: Path) -> list[Row]:
    rows = [_m49_economy(row) for row in read_m49(data)]
    rows += [{"kind": "economy", **_names(extra["iso2"]), **extra} for extra in _EXTRA]
    rows += [_former(*one) for one in _FORMER]
    banked = {str(entry["id"]) for entry in read_world_bank(data) if not _is_aggregate(entry)}
    for row in rows:
        code = row["ref_area"]
        if code in banked:
            row["world_bank"] = WORLD_BANK_HABITS.get(code, code)
        row.setdefault("itu", ITU_HABITS.get(code, code))
        row["world_bank"] = row.get("world_bank", "")
    return sorted(rows, key=lambda row: row["ref_area"])


def _m49_economy(row: Mapping[str, str]) -> Row:
    return {
        "ref_area": row["ISO-alpha3 Code"],
        "kind": "economy",
        "iso2": row["ISO-alpha2 Code"],
        "m49": row["M49 Code"].zfill(3),
        "name_en": row["Country or Area"].strip(),
        **_names(row["ISO-alpha2 Code"]),
    }


def _former(*parts: str) -> Row:
    """Give a former economy as a row of the area list."""
    code, iso2, m49, own, name, start, end, successors = parts
    return {
        "ref_area": code, "kind": "former", "iso2": iso2, "m49": m49, "world_bank": own, "itu": own, "name_en": name,
        **_names(iso2), "valid_from": start, "valid_to": end, "successors": successors, "note": "in no group",
    }  # fmt: skip


def _is_aggregate(entry: Mapping[str, object]) -> bool:
    region = entry["region"]
    return isinstance(region, dict) and region["id"] == "NA"


def _groups(data: Path, out: Path) -> list[Row]:
    kept = read_kept(out, "group_names")
    for row in kept:
        row["kind"] = "group"
    taken_m49 = {row["m49"] for row in kept}
    taken_bank = {row["world_bank"] for row in kept}
    rows = kept + _un_groups(data, taken_m49) + _bank_groups(data, taken_bank)
    for row in rows:
        if row.get("world_bank"):
            # the API names some aggregates by their two letters alone
            row["world_bank"] += f" {row['iso2']}"
    return sorted(rows, key=lambda row: row["ref_area"])


def _un_groups(data: Path, taken: set[str]) -> list[Row]:
    """Regions of M49 and the other groups that UNSD publishes figures for."""
    names: dict[str, str] = {}
    for row in read_m49(data):
        for level in ("Region", "Sub-region", "Intermediate Region"):
            if row[f"{level} Code"]:
                names[row[f"{level} Code"].zfill(3)] = row[f"{level} Name"].strip()
    economies = {row["M49 Code"].zfill(3) for row in read_m49(data)} | {extra.get("m49", "") for extra in _EXTRA}
    economies |= {one[2] for one in _FORMER}
    for entry in json.loads((data / "unsd" / "api" / "GeoArea_List.json").read_text(encoding="utf-8")):
        code = entry["geoAreaCode"].zfill(3)
        if code not in economies and len(code) == 3:
            names.setdefault(code, entry["geoAreaName"].strip())
    return [
        {"ref_area": f"M49_{code}", "kind": "group", "m49": code, "name_en": name, **_names(code)}
        for code, name in names.items()
        if code not in taken
    ]


def _bank_groups(data: Path, taken: set[str]) -> list[Row]:
    rows = []
    for entry in read_world_bank(data):
        code = str(entry["id"])
        if _is_aggregate(entry) and code not in taken:
            name = str(entry["name"]).strip()
            iso2 = str(entry["iso2Code"])
            rows.append({"ref_area": f"WB_{code}", "kind": "group", "iso2": iso2, "world_bank": code, "name_en": name})
    return rows


def main() -> None:
    """Build into the package from the folder that the command line names."""
    build(Path(sys.argv[1]), Path(__file__).parents[1] / "schemas" / "codelists")


if __name__ == "__main__":
    main()
