"""Every definition file reads the same by the fast parser as by the one in Python."""

from pathlib import Path

import pytest
import yaml

from schemas.yaml_text import YamlError, read_yaml

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path for room in ("indicators", "schemas", "warehouse", "dashboards") for path in (ROOT / room).rglob("*.yml")
)


def test_all_definition_files_read_alike():
    assert len(FILES) > 30
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert read_yaml(text) == yaml.safe_load(text), path


@pytest.mark.parametrize("text", ["a: [1", "a: !!python/object:os.system {}", "a: b: c", "\tx: 1"])
def test_what_is_no_plain_yaml_is_refused(text):
    with pytest.raises(YamlError):
        read_yaml(text)
