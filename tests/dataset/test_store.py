"""The schemas fit the rows, the dataset survives the round trip, and nothing that a schema forbids gets through."""

import dataclasses
import types
import typing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tiny import DATA, FORMULA, tables

from builder.dataset import store
from builder.dataset.frames import frames
from builder.dataset.rows import Tables
from builder.faults import DatasetFault, SettingsFault
from builder.settings.schema import Field, Table, load_schemas

SCHEMAS = load_schemas(DATA / "schemas")
PYTHON_TYPES = {"string": str, "date": str, "number": Decimal, "integer": int, "boolean": bool}


# Schemas


@pytest.mark.parametrize("field", dataclasses.fields(Tables), ids=lambda field: field.name)
def test_schema_fits_its_row(field: dataclasses.Field) -> None:
    row = typing.get_args(field.type)[0]
    hints = typing.get_type_hints(row)
    schema = SCHEMAS[field.name]
    assert [name.removesuffix("_") for name in hints] == list(schema.names)
    for (name, hint), column in zip(hints.items(), schema.fields, strict=True):
        optional = isinstance(hint, types.UnionType)
        wanted = typing.get_args(hint)[0] if optional else hint
        assert PYTHON_TYPES[column.type] is wanted, name
        assert column.constraints.required is not optional, name


def test_every_row_has_a_schema() -> None:
    assert {field.name for field in dataclasses.fields(Tables)} == set(SCHEMAS)


@pytest.mark.parametrize("table", SCHEMAS.values(), ids=lambda table: table.name)
def test_money_and_points_have_their_unit(table: Table) -> None:
    for field in table.fields:
        if field.name.endswith("_yuan"):
            assert field.unit == "元", field.name
        if "weight" in field.name:
            assert field.unit == "分", field.name


def good_schema() -> dict:
    texts = {"title": "甲", "title_en": "A", "description": "说明", "description_en": "Words"}
    key = {"name": "id", "type": "string", **texts, "constraints": {"required": True}}
    return {**texts, "primaryKey": ["id"], "fields": [key]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda schema: schema.pop("title_en"), "缺少 title_en"),
        (lambda schema: schema.update(titel="甲"), "不认识的键 titel"),
        (lambda schema: schema.update(fields=[]), "fields 不能是空的"),
        (lambda schema: schema.update(title=2024), "title 应为文字，读到 2024"),
        (
            lambda schema: schema["fields"][0].update(type="money"),
            "的 type 只能是 string、number、integer、boolean、date，读到「money」",
        ),
        (
            lambda schema: schema["fields"][0].update(constraints={}),
            "主键不能为空：id 的 constraints 要写 required: true",
        ),
        (
            lambda schema: schema["fields"][0]["constraints"].update(pattern="("),
            "constraints.pattern 不是有效的正则表达式",
        ),
        (
            lambda schema: schema["fields"][0]["constraints"].update(minimum="1"),
            "constraints.minimum 应为整数，读到「1」",
        ),
        (lambda schema: schema.update(primaryKey=["nr"]), "键里的字段 nr 不在 fields 里"),
        (lambda schema: schema.pop("primaryKey"), "需要 primaryKey"),
        (
            lambda schema: schema["fields"].append(dict(schema["fields"][0], constraints={})),
            "字段的名称「id」前面已经写过",
        ),
        (
            lambda schema: schema.update(
                foreignKeys=[{"fields": ["id"], "reference": {"resource": "b", "fields": ["id"]}}]
            ),
            "没有名为 b 的表；有 a",
        ),
    ],
)
def test_faulty_schema_names_file_and_key(tmp_path: Path, change: typing.Callable, said: str) -> None:
    schema = good_schema()
    (tmp_path / "a.yml").write_text(yaml.safe_dump(schema), encoding="utf-8")
    assert set(load_schemas(tmp_path)) == {"a"}
    change(schema)
    (tmp_path / "a.yml").write_text(yaml.safe_dump(schema), encoding="utf-8")
    with pytest.raises(SettingsFault) as fault:
        load_schemas(tmp_path)
    assert str(tmp_path / "a.yml") in str(fault.value)
    assert said in str(fault.value)


def test_schema_that_is_no_yaml(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("title: [", encoding="utf-8")
    with pytest.raises(SettingsFault, match=r"a\.yml"):
        load_schemas(tmp_path)


# Round trip


def test_read_gives_back_what_was_written(tmp_path: Path) -> None:
    store.write(tables().by_name(), SCHEMAS, tmp_path / "dataset")
    assert store.load(tmp_path / "dataset", SCHEMAS).tables == tables()


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\t'=+-@＝,\""), min_size=1
)
NUMBERS = st.decimals(min_value=-(10**21), max_value=10**21, places=6)
ROWS = st.tuples(
    st.integers(-(2**63), 2**63 - 1),
    st.none() | TEXTS.filter(lambda text: not set(text) & {"\ufffe", "\uffff"}),
    st.none() | NUMBERS,
    st.none() | st.booleans(),
    st.none() | st.dates().map(str),
)
WORDS = dict.fromkeys(("title", "title_en", "description", "description_en"), "x")
WORDS = dict.fromkeys(("title", "title_en", "description", "description_en"), "x")
ANY = Table(  # type: ignore[call-arg]  # uniqueKeys: as the file writes it
    name="any",
    **WORDS,
    fields=tuple(
        Field(**WORDS | {"title": kind}, name=kind, type=kind)
        for kind in ("integer", "string", "number", "boolean", "date")
    ),
    uniqueKeys=(("integer",),),
)
AnyRow = dataclasses.make_dataclass("AnyRow", ANY.names, frozen=True)


@given(st.lists(ROWS, max_size=5, unique_by=lambda row: row[0]))
def test_any_rows_survive(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple]) -> None:
    folder = tmp_path_factory.mktemp("any") / "dataset"
    store.write({"any": [AnyRow(*row) for row in rows]}, {"any": ANY}, folder)
    assert store.read(folder, {"any": ANY})["any"] == rows


def test_rows_as_tuples_and_back() -> None:
    data = store.Dataset(tables(), SCHEMAS)
    assert data.rows("regions")[0] == ("city", "某市", "municipality", None, "500000", "Some City")
    assert store.dataset({name: data.rows(name) for name in SCHEMAS}, SCHEMAS) == data


def test_types_of_columns() -> None:
    read = frames(store.Dataset(tables(), SCHEMAS))
    projects, indicators = read["projects"], read["indicators"]
    assert projects["contact_phone"].tolist() == ["02340257077"] * 3 + ["138****1234"]
    assert isinstance(projects["contact_phone"].dtype, pd.StringDtype)
    assert projects["overview"].isna().tolist() == [True, True, True, False]
    assert projects["serial_no"].dtype == pd.Int64Dtype()
    assert projects["budget_yuan"].tolist() == [Decimal("1210700.55"), None, Decimal(200000000), Decimal("0.1")]
    assert projects["budget_yuan"].sum() == Decimal("201210700.65")
    assert indicators["is_core"].dtype == pd.BooleanDtype()
    assert indicators["is_core"].isna().tolist() == [False, True, False, True, True]


def test_same_rows_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        store.write(tables().by_name(), SCHEMAS, tmp_path / name)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


# How cells are printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Decimal("1E+10"), "10000000000"),
        (Decimal("12.50"), "12.5"),
        (Decimal("-0.0"), "0"),
        (Decimal("1210700.550000"), "1210700.55"),
        (True, "true"),
        (None, ""),
        ("一行\n两行", '"一行\n两行"'),
        ("=", "="),
        ("-5%", "-5%"),
        ("+1,234.5", '"+1,234.5"'),
        ("=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("-完成", "'-完成"),
        (" @SUM(A1)", "' @SUM(A1)"),
        ("'=1", "''=1"),
        ("'引号", "'引号"),
    ],
)
def test_printed_cell(value: object, printed: str) -> None:
    assert store.csv_bytes(("a", "b"), [("k", value)]).decode() == f"a,b\nk,{printed}\n"


def test_formula_is_text_again_when_read(tmp_path: Path) -> None:
    store.write(tables().by_name(), SCHEMAS, tmp_path / "dataset")
    assert f"'{FORMULA}".replace('"', '""') in (tmp_path / "dataset" / "projects.csv").read_text(encoding="utf-8")
    assert FORMULA in {row.name for row in store.load(tmp_path / "dataset", SCHEMAS).tables.projects}


# Faults


def with_first(table: str, **changes: object) -> dict[str, tuple]:
    rows = dict(tables().by_name())
    rows[table] = (replace(rows[table][0], **changes), *rows[table][1:])
    return rows


@pytest.mark.parametrize(
    ("table", "changes", "said"),
    [
        ("projects", {"name": None}, "projects 第 1 行（east-2024-key-001）name：不能为空"),
        ("projects", {"name": ""}, "name：应为非空的文字（空请用 None）"),
        ("projects", {"goal": "甲\x0b乙"}, "goal：含有控制字符 U+000B"),
        ("projects", {"goal": "甲\r乙"}, "goal：含有控制字符 U+000D"),
        ("projects", {"form_type": "fund"}, "form_type：'fund' 不在 special_fund、project、department_overall 之中"),
        ("projects", {"budget_yuan": 1.5}, "budget_yuan：应为 Decimal"),
        ("projects", {"budget_yuan": Decimal("NaN")}, "budget_yuan：应为 Decimal"),
        ("projects", {"budget_yuan": Decimal("1E+22")}, "至多 22 位整数、6 位小数"),
        ("projects", {"budget_yuan": Decimal("0.0000001")}, "至多 22 位整数、6 位小数"),
        ("projects", {"year": True}, "year：应为 64 位整数，现为 True"),
        ("projects", {"line_start": 0}, "line_start：0 小于 1"),
        ("projects", {"department_id": "east-none"}, "department_id：departments 里没有 east-none"),
        ("projects", {"project_id": "west-2024-key-001"}, "project_id：与第 1 行重复"),
        ("documents", {"source_url": "javascript:alert(1)"}, "source_url：'javascript:alert(1)' 不符合"),
        ("documents", {"retrieved_on": "2025-02-30"}, "retrieved_on：应为 YYYY-MM-DD"),
        ("indicators", {"is_core": "是"}, "is_core：应为 True 或 False"),
        (
            "catalogue",
            {"serial_no": 2, "line": 8, "project_id": "east-none-001"},
            "project_id：projects 里没有 east-none-001",
        ),
    ],
)
def test_forbidden_rows_change_nothing(tmp_path: Path, table: str, changes: dict, said: str) -> None:
    out = tmp_path / "dataset"
    store.write(tables().by_name(), SCHEMAS, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(DatasetFault) as fault:
        store.write(with_first(table, **changes), SCHEMAS, out)
    assert said in str(fault.value)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["dataset"]


def test_only_the_tables_of_the_schemas(tmp_path: Path) -> None:
    rows = dict(tables().by_name())
    del rows["funding"]
    with pytest.raises(DatasetFault, match="应有的表"):
        store.write(rows, SCHEMAS, tmp_path / "dataset")


def test_rows_of_another_shape(tmp_path: Path) -> None:
    rows = {**tables().by_name(), "regions": tables().sectors}
    with pytest.raises(DatasetFault, match=r"^data/schemas/regions\.yml：fields 应依次是 sector_id、"):
        store.write(rows, SCHEMAS, tmp_path / "dataset")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("record_id,field\n", "corrections.csv:1：表头应为 record_id,field,was,is,reason,evidence"),
        ("record_id,field,was,is,reason,evidence\na,b\n", "corrections.csv:2：应有 6 格，现有 2 格"),
        ("record_id,field,was,is,reason,evidence\na,b,,d,e,f\n", "corrections 第 1 行（a、b）was：不能为空"),
        ('record_id,field,was,is,reason,evidence\n"a', "corrections.csv：不是 UTF-8 的 CSV"),
    ],
)
def test_faulty_csv(tmp_path: Path, content: str, said: str) -> None:
    out = tmp_path / "dataset"
    store.write(tables().by_name(), SCHEMAS, out)
    (out / "corrections.csv").write_text(content, encoding="utf-8")
    with pytest.raises(DatasetFault) as fault:
        store.load(out, SCHEMAS)
    assert said in str(fault.value)


@pytest.mark.parametrize(
    ("was", "broken", "said"),
    [
        (",2024,", ",2024.0,", "projects.csv:4：应为整数，现为 '2024.0'"),
        ("1210700.55", "1.2e6", "projects.csv:4：应为不带指数的数，现为 '1.2e6'"),
    ],
)
def test_faulty_cell_names_its_line(tmp_path: Path, was: str, broken: str, said: str) -> None:
    out = tmp_path / "dataset"
    store.write(tables().by_name(), SCHEMAS, out)
    path = out / "projects.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(was, broken, 1), encoding="utf-8")
    with pytest.raises(DatasetFault) as fault:
        store.load(out, SCHEMAS)
    assert str(fault.value) == f"{out / said}"


def test_missing_or_misencoded_file(tmp_path: Path) -> None:
    out = tmp_path / "dataset"
    store.write(tables().by_name(), SCHEMAS, out)
    (out / "regions.csv").write_bytes((out / "regions.csv").read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(DatasetFault, match=r"regions\.csv：不是 UTF-8"):
        store.load(out, SCHEMAS)
    (out / "regions.csv").unlink()
    with pytest.raises(DatasetFault, match=r"regions\.csv：没有这个文件"):
        store.load(out, SCHEMAS)


# Replacing a folder


def test_a_failure_half_way_leaves_the_old_folder(tmp_path: Path) -> None:
    folder = tmp_path / "dataset"
    folder.mkdir()
    (folder / "old").write_text("old")
    with pytest.raises(ZeroDivisionError), store.replacing(folder) as new:
        (new / "half").write_text("half")
        raise ZeroDivisionError
    assert [path.name for path in tmp_path.rglob("*")] == ["dataset", "old"]


def test_a_stop_between_the_renames_is_undone(tmp_path: Path) -> None:
    (tmp_path / ".dataset.old").mkdir()
    (tmp_path / ".dataset.old" / "good").write_text("good")
    folder = tmp_path / "dataset"
    with pytest.raises(ZeroDivisionError), store.replacing(folder):
        raise ZeroDivisionError
    assert (folder / "good").read_text() == "good"


# The committed dataset


def test_committed_dataset_is_whole() -> None:
    data = store.load(DATA / "dataset", SCHEMAS).tables
    assert all(row.read + row.furniture + row.reported == row.cells for row in data.coverage)
    assert [row.document_id for row in data.coverage] == [row.document_id for row in data.documents]
