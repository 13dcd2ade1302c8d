"""The map without borders: every economy is a tile of the same size, near where its principal city lies.

`tiles.csv` is made once (`python -m dashboards.site.tiles`) from the principal cities of the time zone database:
each city is put on a plane, and economies are given to cells so that all together move the least (an assignment by
the sum of squared distances). Nothing of it says where a border runs or to whom a place belongs.
"""

import csv
import sys
from collections.abc import Iterable, Mapping
from importlib.resources import files

COLUMNS, ROWS = 38, 24


def read() -> list[dict[str, str]]:
    """Give code, column and row of every tile, counted from the north-west."""
    text = (files("dashboards.site") / "tiles.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def cities() -> dict[str, tuple[float, float]]:
    """Give latitude and longitude in degrees of each ISO 3166-1 alpha-2 code's first city in the time zone database."""
    import pytz  # noqa: PLC0415 - only when the tiles are made anew

    found: dict[str, tuple[float, float]] = {}
    with pytz.open_resource("zone.tab") as table:
        for line in table.read().decode().splitlines():
            if not line.startswith("#"):
                code, place, *_ = line.split("\t")
                found.setdefault(code, _degrees(place))
    return found


def _degrees(place: str) -> tuple[float, float]:
    """Read ±DDMM±DDDMM or ±DDMMSS±DDDMMSS."""
    cut = max(place.rfind("+"), place.rfind("-"))
    return _angle(place[:cut], 2), _angle(place[cut:], 3)


def _angle(text: str, digits: int) -> float:
    sign, whole, minutes = text[0], text[1 : 1 + digits], text[1 + digits : 3 + digits]
    return (int(whole) + int(minutes) / 60) * (-1 if sign == "-" else 1)


def layout(places: Mapping[str, tuple[float, float]]) -> list[tuple[str, int, int]]:
    """Give each code a cell of its own, so that the squared ways from the places add up to the least."""
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    codes = sorted(places)
    x = np.array([_across(places[code][1]) for code in codes])
    y = np.array([_down(places[code][0]) for code in codes])
    cell_x, cell_y = np.meshgrid(np.arange(COLUMNS), np.arange(ROWS))
    ways = (x[:, None] - cell_x.ravel()) ** 2 + (y[:, None] - cell_y.ravel()) ** 2
    _, chosen = linear_sum_assignment(ways)
    return [(code, int(cell % COLUMNS), int(cell // COLUMNS)) for code, cell in zip(codes, chosen, strict=True)]


def _across(longitude: float) -> float:
    """Give the column of a longitude; the seam lies in the Pacific, at 169° west."""
    return ((longitude + 169) % 360) / 360 * (COLUMNS - 1)


def _down(latitude: float) -> float:
    """Give the row of a latitude; nobody lives south of 56° but on a few islands."""
    return min(max((72 - latitude) / 128, 0), 1) * (ROWS - 1)


def make(codes: Iterable[tuple[str, str]]) -> str:
    """Give the text of tiles.csv for pairs of ISO alpha-3 and alpha-2 codes; those without a city have no tile."""
    known = cities()
    places = {alpha3: known[alpha2] for alpha3, alpha2 in codes if alpha2 in known}
    rows = "".join(f"{code},{column},{row}\n" for code, column, row in layout(places))
    return f"ref_area,column,row\n{rows}"


def main() -> None:
    """Print tiles.csv for the economies of the newest release in the named home."""
    from warehouse.query import open_release  # noqa: PLC0415

    with open_release(sys.argv[1]) as session:
        found = session.rows("SELECT ref_area, iso2 FROM area WHERE kind = 'economy' AND iso2 IS NOT NULL ORDER BY 1")
    sys.stdout.write(make((row["ref_area"], row["iso2"]) for row in found))


if __name__ == "__main__":
    main()
