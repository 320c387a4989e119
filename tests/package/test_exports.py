"""The downloads hold the dataset's rows, are the same bytes on each run, and turn no text into anything else."""

import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from tiny import DATA, FORMULA, NASTY, tables

from builder import settings as configuration
from builder.dataset import store
from builder.dataset.rows import Tables
from builder.dataset.store import Dataset
from builder.measures import scope
from builder.package import derived, files, xlsx
from builder.package.datapackage import Content
from builder.readers import legacy

SETTINGS = configuration.load(DATA)
SCHEMAS = {**SETTINGS.schemas, **SETTINGS.derived}
POLICY = SETTINGS.package
# The workbook is for people: where each value comes from has ten thousand rows.
SHEETS = [name for name in POLICY.tables if name != "provenance"]
TOTAL = Decimal("201210700.65")


def stored(rows: Tables, folder: Path) -> Dataset:
    store.write(rows.by_name(), SETTINGS.schemas, folder)
    return derived.published(store.load(folder, SETTINGS.schemas), SETTINGS)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return stored(tables(), tmp_path_factory.mktemp("dataset") / "dataset")


@pytest.fixture(scope="module")
def out(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "data"
    files.write(data, SETTINGS, folder)
    return folder


@pytest.fixture(scope="module")
def book(out: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(out / "mingzhang.xlsx")


@pytest.fixture
def base(out: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(out / "mingzhang.sqlite")) as connection:
        yield connection


def column(book: openpyxl.Workbook, sheet: str, heading: str) -> list:
    rows = list(book[sheet].iter_rows(values_only=True))
    return [row[rows[0].index(heading)] for row in rows[1:]]


@pytest.mark.long
def test_same_dataset_same_bytes(data: Dataset, out: Path, tmp_path: Path) -> None:
    files.write(data, SETTINGS, tmp_path)
    names = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    package = ["datapackage.json", *(f"{name}.csv" for name in SCHEMAS)]
    parts = ["east-2024", "east-2025", "west-2024"]
    formats = [f"{part}{ending}" for part in ["mingzhang", *parts] for ending in (".xlsx", ".zip")]
    wide = ["projects_flat", "indicators_flat"]
    loose = [f"{folder}{name}" for folder in ("", *(f"{part}/" for part in parts)) for name in package]
    cited = ["lint-rates.csv", "datasette.json", "citation.bib", "citation.json", "citation.ris"]
    columnar = [f"parquet/{name}.parquet" for name in [*SCHEMAS, *wide]]
    cited += [f"{name}.csv" for name in wide] + [f"{part}/projects_flat.csv" for part in parts]
    assert names == sorted([*formats, *loose, *columnar, *cited, "mingzhang.sqlite", "mingzhang-parquet.zip"])
    for name in names:
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes(), name


# XLSX


def test_sheets_and_their_heads(data: Dataset, book: openpyxl.Workbook) -> None:
    titles = [SCHEMAS[name].title for name in SHEETS]
    assert book.sheetnames == ["说明", "字典", "线索", *titles]
    for sheet in book.worksheets[1:]:
        assert re.fullmatch("[A-E]2", sheet.freeze_panes)
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(re.search("[一-鿿]|SHA-256", cell.value) for cell in sheet[1])
    assert [len(list(book[SCHEMAS[name].title].rows)) - 1 for name in SHEETS] == [
        len(data.rows(name)) for name in SHEETS
    ]


def test_numbers_are_numbers_with_their_unit_in_the_head(book: openpyxl.Workbook) -> None:
    budgets = column(book, "项目", "当年预算（元）")
    assert budgets == [1210700.55, None, 200000000, 0.1]
    assert column(book, "项目", "预算年度") == [2024, 2024, 2025, 2024]


def test_text_stays_text(book: openpyxl.Workbook, out: Path) -> None:
    assert column(book, "项目", "项目名称")[1] == FORMULA
    assert column(book, "项目", "绩效目标")[0] == NASTY
    assert column(book, "项目", "联系电话")[0] == "02340257077"
    assert column(book, "绩效指标", "指标性质（原文）")[0] == "="
    assert column(book, "公开文件", "公布网址")[0] == "https://example.gov.cn/2024.pdf"
    for path in out.glob("*.xlsx"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                assert not re.search(rb"<f[ >]|externalLink|vbaProject", archive.read(name)), (path, name)


def test_links_lead_to_our_own_pages_alone(book: openpyxl.Workbook) -> None:
    targets = {
        cell.hyperlink.target
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink is not None
    }
    assert targets and all(target.startswith(POLICY.base_url) for target in targets)
    assert column(book, "公开文件", "公布网址")[0] == "https://example.gov.cn/2024.pdf"


def test_a_finding_is_found_at_its_own_place(book: openpyxl.Workbook) -> None:
    ids, links = column(book, "发现", "发现编号"), column(book, "发现", "网址")
    assert f"{POLICY.base_url}projects/east-2024-key-001/#f-{ids[0]}" == links[0]


def test_people_find_place_year_name_and_money_first(book: openpyxl.Workbook) -> None:
    def heads(sheet: str) -> list[str]:
        return [cell.value for cell in book[sheet][1]]

    assert heads("项目")[:5] == ["地区·名称", "预算年度", "项目名称", "部门·名称", "当年预算（元）"]
    assert heads("绩效指标")[:4] == ["地区·名称", "年度", "项目·名称", "指标名称"]
    assert heads("项目")[-1].endswith("编号") and heads("绩效指标")[-1].endswith("编号")
    assert column(book, "绩效指标", "年度") == [2024, 2024, 2024, 2025, 2024]
    assert column(book, "绩效指标", "网址")[1] == f"{POLICY.base_url}projects/east-2024-key-001/#i-02"


def test_a_row_is_as_high_as_its_longest_text(book: openpyxl.Workbook) -> None:
    sheet = book["字典"]
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
    for number, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        pairs = zip(row, widths, strict=True)
        lines = max(len(str(value or "").encode("gbk", "replace")) / width for value, width in pairs)
        assert (sheet.row_dimensions[number].height or 15) >= 15 * lines - 15


def test_every_sheet_prints_as_wide_as_a_page(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title


def test_codes_are_words_and_ids_have_names(book: openpyxl.Workbook) -> None:
    assert column(book, "项目", "表的种类")[0] == "专项资金"
    assert column(book, "项目", "部门·名称") == ["东区住建委", "东区住建委", "东区住建委", "西区住建局"]
    assert column(book, "绩效指标", "比较方式") == ["≥", "≥", "≥", "定性", "≥"]
    assert column(book, "绩效指标", "是否核心") == ["是", None, "否", None, None]
    assert column(book, "绩效指标", "项目·名称")[-1] == "农村危房改造"


def test_every_column_is_in_the_dictionary(book: openpyxl.Workbook) -> None:
    rows = list(zip(column(book, "字典", "数据表"), column(book, "字典", "字段"), strict=True))
    assert rows == [(name, field) for name in SHEETS for field in SCHEMAS[name].names]


def test_explanation_comes_first(book: openpyxl.Workbook) -> None:
    texts = [cell.value for cell in book["说明"]["B"]]
    assert set(POLICY.notes) < set(texts)
    assert POLICY.version in texts


def test_region_year_workbook_has_only_its_rows(out: Path) -> None:
    book = openpyxl.load_workbook(out / "west-2024.xlsx")
    assert column(book, "项目", "项目编号") == ["west-2024-key-001"]
    assert set(column(book, "线索", "地区")) == {"西区"}


def test_what_holds_sums_says_of_what_they_are(data: Dataset, out: Path) -> None:
    said = scope.sentences(data.tables, SETTINGS.regions)
    assert said["west", 2024] == "西区 2024 年：这不是西区的全部预算，是已收录文件里的项目：1 个重点专项。"
    for name, wanted in (("mingzhang", list(said.values())), ("west-2024", [said["west", 2024]])):
        texts = [cell.value for cell in openpyxl.load_workbook(out / f"{name}.xlsx")["说明"]["B"]]
        assert [text for text in texts if text in said.values()] == wanted
        with zipfile.ZipFile(out / f"{name}.zip") as archive:
            readme = archive.read("README.md").decode()
        assert [text for text in said.values() if f"- {text}" in readme.splitlines()] == wanted
    package = json.loads((out / "west-2024" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["description"].endswith(said["west", 2024])


@pytest.mark.long
def test_too_long_a_text_is_cut_with_a_note(tmp_path: Path) -> None:
    long = replace(tables(), projects=(replace(tables().projects[0], goal="长" * 40_000), *tables().projects[1:]))
    path = tmp_path / "book.xlsx"
    xlsx.write(Content(stored(long, tmp_path / "dataset"), POLICY, None, [], []), path)
    goal = column(openpyxl.load_workbook(path), "项目", "绩效目标")[0]
    assert len(goal) == 32_767
    assert goal.endswith("长……（全文见 CSV）")


def filled(sheet: Worksheet) -> list[list[object]]:
    return [[None if value == "" else value for value in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.office
@pytest.mark.usefixtures("libreoffice")
def test_libreoffice_opens_the_workbook_and_keeps_every_cell(
    out: Path, book: openpyxl.Workbook, tmp_path: Path
) -> None:
    opened = openpyxl.load_workbook(legacy.convert(out / "mingzhang.xlsx", "xlsx", "xlsx", tmp_path))
    assert opened.sheetnames == book.sheetnames
    for name in book.sheetnames:
        kept, written = opened[name], book[name]
        assert filled(kept) == filled(written), name
        assert kept.auto_filter.ref == written.auto_filter.ref, name
        assert not any(cell.data_type == "f" for row in kept.iter_rows() for cell in row), name


def test_a_table_with_too_many_rows_has_no_sheet_and_the_first_one_says_so(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = len(data.rows("projects"))
    monkeypatch.setattr(xlsx, "MOST_ROWS", most)
    xlsx.write(Content(data, POLICY, None, [], []), tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    larger = {schema.title for name, schema in SCHEMAS.items() if len(data.rows(name)) > most} - {
        SCHEMAS["provenance"].title
    }
    assert larger and not larger & set(book.sheetnames)
    assert SCHEMAS["projects"].title in book.sheetnames
    said = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert {title for title, text in said.items() if "不在这个工作簿里" in str(text)} == larger


# SQLite


def test_sqlite_holds_every_row_and_its_keys(base: sqlite3.Connection) -> None:
    for name, rows in tables().by_name().items():
        assert base.execute(f'SELECT count(*) FROM "{name}"').fetchone() == (len(rows),)
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_sqlite_types(base: sqlite3.Connection) -> None:
    (total,) = base.execute("SELECT sum(budget_yuan) FROM projects").fetchone()
    assert total == pytest.approx(float(TOTAL))
    rows = base.execute("SELECT typeof(budget_yuan), typeof(contact_phone), typeof(year) FROM projects").fetchall()
    assert rows[:3] == [("real", "text", "integer"), ("null", "text", "integer"), ("integer", "text", "integer")]
    assert base.execute("SELECT is_core FROM indicators").fetchall() == [(1,), (None,), (0,), (None,), (None,)]
    assert base.execute("SELECT name FROM projects").fetchall()[1] == (FORMULA,)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT record_id FROM search WHERE search MATCH '危房'", 4),
        ("SELECT record_id FROM search WHERE search MATCH '农村危房改造'", 3),
        ("SELECT record_id FROM search WHERE search MATCH '危房 住建'", 4),
        ("SELECT record_id FROM texts WHERE text LIKE '%住建%'", 4),
        ("SELECT record_id FROM search WHERE search MATCH '改造质量'", 1),
        ("SELECT record_id FROM search_text WHERE name LIKE '%危房%'", 3),
        ("SELECT record_id FROM search_text WHERE text LIKE '%住建%'", 4),
        ("SELECT record_id FROM search_text WHERE kind = '指标' AND text LIKE '%≥%'", 4),
    ],
)
def test_search_finds_chinese(base: sqlite3.Connection, query: str, found: int) -> None:
    assert len(base.execute(query).fetchall()) == found


def test_search_finds_what_like_finds(base: sqlite3.Connection) -> None:
    """Every run of one to six characters that stands in a name."""
    names = [name for (name,) in base.execute("SELECT name FROM texts") if "=" not in name]
    for word in {name[start : start + size] for name in names for size in range(1, 7) for start in range(len(name))}:
        found = base.execute("SELECT count(*) FROM search WHERE search MATCH ?", [f'"{word}"']).fetchone()
        like = base.execute(
            "SELECT count(*) FROM texts WHERE name LIKE :w OR text LIKE :w", {"w": f"%{word}%"}
        ).fetchone()
        assert found == like, word


def test_datasette_finds_the_index(base: sqlite3.Connection) -> None:
    """By the pattern with which it looks for the index of a table; and tables whose names begin with that of an index
    are hidden."""
    pattern = '%VIRTUAL TABLE%USING FTS%content="texts"%'
    found = base.execute("SELECT name FROM sqlite_master WHERE rootpage = 0 AND sql LIKE ?", [pattern]).fetchall()
    assert found == [("search",)]
    assert not "texts".startswith("search")


def test_datasette_is_told_of_tables_and_columns_that_are_there(out: Path, base: sqlite3.Connection) -> None:
    (described,) = json.loads((out / "datasette.json").read_text(encoding="utf-8"))["databases"].values()
    for name, table in described["tables"].items():
        columns = {row[1] for row in base.execute(f'PRAGMA table_info("{name}")')}
        assert columns, name
        assert {*table.get("columns", ()), *table.get("facets", ()), table.get("label_column", "rowid")} <= columns | {
            "rowid"
        }, name
    assert described["queries"].keys().isdisjoint(described["tables"]), "Datasette shows the query alone"
    for name, query in described["queries"].items():
        assert base.execute(query["sql"]).description, name


def test_sqlite_explains_itself(base: sqlite3.Connection) -> None:
    about = dict(base.execute("SELECT key, value FROM about").fetchall())
    assert about["version"] == POLICY.version
    assert POLICY.notes[0] in about.values()
    rows = base.execute("SELECT table_name, field FROM dictionary ORDER BY rowid").fetchall()
    assert rows == [(name, field) for name in POLICY.tables for field in SCHEMAS[name].names]


def test_views(base: sqlite3.Connection) -> None:
    projects = base.execute(
        "SELECT region, form_type, department, sector, indicators, weight FROM v_projects"
    ).fetchall()
    assert projects[0] == ("东区", "专项资金", "东区住建委", "住房", 2, 89.5)
    assert projects[3] == ("西区", "专项资金", "西区住建局", None, 1, 90)
    assert len(base.execute("SELECT * FROM v_indicators").fetchall()) == len(tables().indicators)
    assert base.execute("SELECT source FROM v_funding").fetchall() == [("本级资金",), ("上级补助",)]
    assert base.execute("SELECT severity FROM v_findings WHERE finding_id = 'b'").fetchone() == ("提示",)
    region_years = base.execute("SELECT region, year, projects, without_budget FROM v_region_years").fetchall()
    assert region_years == [("东区", 2024, 2, 1), ("东区", 2025, 1, 0), ("西区", 2024, 1, 0)]
    changes = base.execute("SELECT year, change_yuan FROM v_series").fetchall()
    assert changes == [(2024, None), (2025, pytest.approx(200000000 - 1210700.55))]


# Parquet


def test_parquet_types_and_totals(out: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(out / "mingzhang-parquet.zip") as archive:
        archive.extractall(tmp_path)
    assert {path.stem for path in tmp_path.glob("*.parquet")} == set(SCHEMAS)
    table = pq.read_table(tmp_path / "projects.parquet")
    assert table.schema.field("budget_yuan").type == pa.float64()
    assert table.schema.field("year").type == pa.int64()
    assert table.schema.field("budget_yuan").metadata[b"title"].decode() == "当年预算（元）"
    assert pq.read_schema(tmp_path / "documents.parquet").field("retrieved_on").type == pa.date32()
    assert duckdb.sql(f"SELECT sum(budget_yuan) FROM '{tmp_path}/projects.parquet'").fetchall() == [(float(TOTAL),)]
    frame = pd.read_parquet(out / "parquet" / "projects.parquet")
    assert frame["budget_yuan"].sum() == float(TOTAL)
    assert frame.nlargest(1, "budget_yuan")["project_id"].tolist() == ["east-2025-key-001"]
    assert frame["budget_yuan"].quantile(0.5) == pytest.approx(1210700.55)
    assert (frame["budget_yuan"] / 10_000).max() == 20_000
    assert frame["goal"][0] == NASTY
    core = pq.read_table(tmp_path / "indicators.parquet")["is_core"].to_pylist()
    assert core == [True, None, False, None, None]


def test_a_parquet_file_says_what_it_is(out: Path) -> None:
    with zipfile.ZipFile(out / "mingzhang-parquet.zip") as archive:
        for name, table in SCHEMAS.items():
            loose = (out / "parquet" / f"{name}.parquet").read_bytes()
            assert archive.read(f"{name}.parquet") == loose
            said = pq.read_schema(out / "parquet" / f"{name}.parquet").metadata
            assert said[b"title"].decode() == table.title
            assert (said[b"version"].decode(), said[b"license"].decode()) == (POLICY.version, POLICY.licence.path)


@given(st.decimals(min_value=-(10**13), max_value=10**13, places=2))
def test_a_double_gives_every_amount_back(amount: Decimal) -> None:
    assert Decimal(repr(float(amount))) == amount


def test_parquet_zip_explains_itself(out: Path) -> None:
    with zipfile.ZipFile(out / "mingzhang-parquet.zip") as archive:
        assert {"LICENSE", "字典.md"} < set(archive.namelist())
