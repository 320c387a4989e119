"""The packages: valid by two judges, closed, reproducible, and read with the right types by what people use."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import frictionless
import jsonschema
import pandas as pd
import pytest
from tiny import DATA, FORMULA, tables

from builder import settings as configuration
from builder.dataset import store
from builder.dataset.store import Dataset
from builder.package import datapackage, derived, files
from builder.package.datapackage import Scope

SETTINGS = configuration.load(DATA)
SCHEMAS = {**SETTINGS.schemas, **SETTINGS.derived}
POLICY = SETTINGS.package
PROFILE = json.loads((Path(__file__).parents[1] / "profiles" / "datapackage-2.0.json").read_text(encoding="utf-8"))
TOTAL = Decimal("201210700.65")
PARTS = ["", "east-2024", "east-2025", "west-2024"]
ZIPS = ["mingzhang", "east-2024", "east-2025", "west-2024"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("dataset") / "dataset"
    store.write(tables().by_name(), SETTINGS.schemas, folder)
    return derived.published(store.load(folder, SETTINGS.schemas), SETTINGS)


@pytest.fixture(scope="module")
def out(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "data"
    files.write(data, SETTINGS, folder)
    return folder


@pytest.fixture
def unzipped(out: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(out / "mingzhang.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path


def descriptor(out: Path, part: str = "") -> dict:
    return json.loads((out / part / "datapackage.json").read_text(encoding="utf-8"))


def profile_faults(package: dict) -> list[str]:
    return [fault.json_path for fault in jsonschema.Draft7Validator(PROFILE).iter_errors(package)]


# Validity


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_official_profile(out: Path, part: str) -> None:
    assert profile_faults(descriptor(out, part)) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("spoil", "path"),
    [
        (lambda package: package["contributors"][0].update(roles="publisher"), "$.contributors[0].roles"),
        (lambda package: package.update(sources=[{}]), "$.sources[0]"),
        (lambda package: package.update(resources=[]), "$.resources"),
        (lambda package: package["resources"][0].update(hash="sha256"), "$.resources[0].hash"),
        (lambda package: package["resources"][0]["schema"].pop("fields"), "$.resources[0].schema"),
    ],
)
def test_official_profile_would_notice(out: Path, spoil: Callable[[dict], object], path: str) -> None:
    package = descriptor(out)
    spoil(package)
    assert path in profile_faults(package)


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_frictionless(out: Path, part: str) -> None:
    report = frictionless.validate(str(out / part / "datapackage.json"))
    assert report.flatten(["type", "note", "rowNumber", "fieldName"]) == []
    assert report.valid


@pytest.mark.long
@pytest.mark.parametrize("name", ZIPS)
def test_frictionless_on_the_zip(out: Path, name: str) -> None:
    report = frictionless.validate(str(out / f"{name}.zip"), type="package")
    assert report.valid, report.flatten(["type", "note"])


@pytest.mark.long
def test_frictionless_would_notice(out: Path, unzipped: Path) -> None:
    path = unzipped / "indicators.csv"
    path.write_bytes(path.read_bytes().replace(b"west-2024-key-001,", b"west-2024-key-999,"))
    report = frictionless.validate(str(unzipped / "datapackage.json"))
    assert {"foreign-key", "hash-count"} <= {kind for (kind,) in report.flatten(["type"])}


# What a package says


@pytest.mark.long
def test_descriptor_of_a_region_year(out: Path) -> None:
    package = descriptor(out, "east-2024")
    assert package["name"] == "mingzhang-east-2024"
    assert package["id"] == f"{POLICY.base_url}data/east-2024/datapackage.json"
    assert package["homepage"] == f"{POLICY.base_url}regions/east/2024/"
    assert "东区2024年" in package["title"]
    assert package["created"] == f"{POLICY.published}T00:00:00Z"
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    (source,) = package["sources"]
    assert source["path"] == "https://example.gov.cn/2024.pdf"
    assert source["hash"] == f"sha256:{'0a' * 32}"


def test_source_without_a_url_points_to_its_page(out: Path) -> None:
    assert descriptor(out, "west-2024")["sources"][0]["path"] == f"{POLICY.base_url}sources/west-2024-key/"


@pytest.mark.parametrize("part", PARTS)
def test_bytes_and_hashes(out: Path, part: str) -> None:
    for resource in descriptor(out, part)["resources"]:
        content = (out / part / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_every_field_has_both_languages(out: Path) -> None:
    for resource in descriptor(out)["resources"]:
        for item in (resource, *resource["schema"]["fields"]):
            assert re.search("[一-鿿]", item["title"]) or item["title"] == item["title_en"], item["name"]
            assert re.search("[一-鿿]", item["description"]), item["name"]
            assert not re.search("[一-鿿]", item["title_en"]), item["name"]
            assert item["description_en"], item["name"]


def test_tables_of_a_part_are_closed_and_no_more(data: Dataset) -> None:
    parts = {scope.name: part for scope, part in datapackage.split(data).items()}
    east = parts["east-2024"].tables
    assert [row.project_id for row in east.projects] == ["east-2024-key-001", "east-2024-key-002"]
    assert len(east.indicators) == 3
    assert len(east.corrections) == 1
    assert [row.department_id for row in east.departments] == ["east-zhujian"]
    assert [row.sector_id for row in east.sectors] == ["housing"]
    assert [row.region_id for row in east.regions] == ["city", "east"]
    west = parts["west-2024"].tables
    assert west.sectors == west.corrections == ()
    assert [row.budget_yuan for row in west.projects] == [Decimal("0.1")]


def test_parts_make_the_whole(data: Dataset) -> None:
    parts = datapackage.split(data)
    for name in ("documents", "projects", "indicators", "funding", "catalogue", "citations", "findings", "coverage"):
        whole = sorted(map(str, data.rows(name)))
        assert sorted(str(row) for part in parts.values() for row in part.rows(name)) == whole


def test_correction_of_a_document_whose_name_begins_another() -> None:
    documents = ["east-2024-key-b", "east-2024-key"]
    assert datapackage._document_of("east-2024-key-b-001-02", documents) == "east-2024-key-b"
    assert datapackage._document_of("east-2024-key-001", documents) == "east-2024-key"
    assert datapackage._document_of("east-2024", documents) is None
    assert [Scope("east", "东区", "East District", 2024).name] == ["east-2024"]


# Zips


@pytest.mark.parametrize("name", ZIPS)
def test_zip_holds_the_package_and_its_companions(out: Path, name: str) -> None:
    with zipfile.ZipFile(out / f"{name}.zip") as archive:
        names = archive.namelist()
        sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
        assert sums == {item: hashlib.sha256(archive.read(item)).hexdigest() for item in names if item != "SHA256SUMS"}
        folder = out / name if name != "mingzhang" else out
        for table in SCHEMAS:
            packed, loose = archive.read(f"{table}.csv"), (folder / f"{table}.csv").read_bytes()
            assert packed.startswith(b"\xef\xbb\xbf"), "Excel would take it for another encoding"
            assert packed == (loose if name != "mingzhang" else b"\xef\xbb\xbf" + loose)
    assert {"README.md", "LICENSE", "字典.md", "duckdb.sql"} < set(names)


def test_readme_says_what_is_inside(unzipped: Path) -> None:
    text = (unzipped / "README.md").read_text(encoding="utf-8")
    assert "$" not in text
    assert "| `projects.csv` | 项目 | 4 |" in text
    assert "<https://example.gov.cn/2024.pdf>" in text
    assert POLICY.notes[0] in text
    assert POLICY.base_url in (unzipped / "LICENSE").read_text(encoding="utf-8")


def test_dictionary_has_every_field(unzipped: Path) -> None:
    text = (unzipped / "字典.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == sum(len(table.fields) for table in SCHEMAS.values())
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 8, row


# Reading it


def test_pandas_as_the_readme_says(unzipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(unzipped)
    (recipe,) = re.findall("```python\n(.*?)```", Path("README.md").read_text(encoding="utf-8"), re.DOTALL)
    names: dict = {}
    exec(recipe, names)
    projects, indicators = names["tables"]["projects"], names["tables"]["indicators"]
    assert projects["budget_yuan"].sum() == pytest.approx(float(TOTAL))
    assert projects["budget_yuan"].isna().tolist() == [False, True, False, False]
    assert projects["contact_phone"].tolist()[0] == "02340257077"
    assert projects["goal"].tolist()[0].startswith("NA\n<script>")
    assert indicators["is_core"].dtype == pd.BooleanDtype()
    assert indicators["is_core"].sum() == 1
    assert names["tables"]["catalogue"]["serial_no"].tolist() == [1, pd.NA]


def test_duckdb_script(unzipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(unzipped)
    base = duckdb.connect()
    base.execute(Path("duckdb.sql").read_text(encoding="utf-8"))
    assert base.sql("SELECT sum(budget_yuan), count(*) FROM projects").fetchall() == [(TOTAL, 4)]
    assert base.sql("SELECT is_core FROM indicators").fetchall() == [(True,), (None,), (False,), (None,), (None,)]
    (phone, kind) = base.sql("SELECT contact_phone, typeof(budget_yuan) FROM projects").fetchall()[0]
    assert (phone, kind) == ("02340257077", "DECIMAL(28,6)")
    assert {name for (name,) in base.sql("SELECT table_name FROM duckdb_tables()").fetchall()} == set(SCHEMAS)


def test_frictionless_types(out: Path) -> None:
    rows = frictionless.Package(str(out / "datapackage.json")).get_resource("projects").read_rows()
    assert sum(row["budget_yuan"] for row in rows if row["budget_yuan"] is not None) == TOTAL
    assert rows[0]["contact_phone"] == "02340257077"
    assert rows[0]["year"] == 2024


def test_a_csv_read_by_its_address_begins_with_its_first_column(out: Path) -> None:
    path = out / "projects.csv"
    with path.open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file))[0] == "project_id"


def test_byte_order_mark_for_excel_troubles_few(out: Path) -> None:
    path = out / "east-2024" / "projects.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfproject_id,")
    assert pd.read_csv(path).columns[0] == "project_id"
    assert duckdb.sql(f"SELECT * FROM read_csv('{path}')").columns[0] == "project_id"
    assert frictionless.Resource(str(path)).read_rows()[0]["project_id"] == "east-2024-key-001"


def test_no_cell_of_the_csvs_is_a_formula(out: Path) -> None:
    for path in out.glob("*.csv"):
        for row in pd.read_csv(path, dtype=str, keep_default_na=False).itertuples(index=False):
            for cell in row:
                assert not re.match(r"\s*[=+@-].", cell) or re.fullmatch(r"[+-]?[\d,.]+%?", cell), (path.name, cell)
    assert f"'{FORMULA}" in pd.read_csv(out / "projects.csv")["name"].tolist()


def test_zip_does_not_depend_on_the_order_of_its_files() -> None:
    one, two = datapackage.zip_bytes({"a": b"1", "b": b"2"}), datapackage.zip_bytes({"b": b"2", "a": b"1"})
    assert one == two
    assert zipfile.ZipFile(io.BytesIO(one)).infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)
