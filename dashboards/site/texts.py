"""Words of the pages by language, and the queries behind them."""

from functools import cache
from importlib.resources import files
from typing import Any

from schemas.yaml_text import read_yaml

LANGUAGES = {"en": "English", "zh": "中文", "fr": "Français", "es": "Español", "ru": "Русский", "ar": "العربية"}
"""Languages of the United Nations, each by its own name."""
RIGHT_TO_LEFT = ("ar",)


@cache
def texts(language: str) -> dict[str, Any]:
    """Give `texts/<language>.yml`: `interface` by key, `indicators` by id (languages that the catalogue lacks)."""
    place = files("dashboards.site") / "texts" / f"{language}.yml"
    content: dict[str, Any] = read_yaml(place.read_text(encoding="utf-8"))
    return content


def query(name: str) -> str:
    """Give `queries/<name>.sql`."""
    return (files("dashboards.site") / "queries" / f"{name}.sql").read_text(encoding="utf-8")
