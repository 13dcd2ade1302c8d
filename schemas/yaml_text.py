"""Reading YAML: one place, so that every definition file is read by the same, fast parser.

PyYAML's parser in C is about ten times as fast as the one in Python; where PyYAML was built without it, the slow one
gives the same.
"""

from typing import Any

import yaml

YamlError = yaml.YAMLError
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """Give the content of one YAML document, of plain types only. Raises YamlError."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - both loaders are safe ones
