"""The typed rows of ``dataset.rows`` ↔ ``data/dataset/*.csv``, under the schemas of ``data/schemas/*.yml``.

``write`` refuses what a schema forbids and replaces the whole folder or nothing; ``load`` is the one way in which the
dataset is read, so that a phone number is text, an amount a ``Decimal``, and an empty cell neither.
"""

import csv
import dataclasses
import io
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import starmap
from keyword import iskeyword
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from builder.dataset.rows import Tables
from builder.faults import DatasetFault, SettingsFault
from builder.settings.config import read_yaml
from builder.text import plain

TYPES = ("string", "number", "integer", "boolean", "date")

# What DECIMAL(28, 6) holds: enough for a country's budget in yuan, and all columnar formats can store it.
DIGITS, DECIMALS = 28, 6
_LIMIT = Decimal(10) ** (DIGITS - DECIMALS)
_INT64 = 2**63

# Characters that XML (and so XLSX) or a CSV line cannot carry; line feed and tab may stand in a text.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# A spreadsheet runs a CSV cell that begins so. A lone sign, a signed number and a dash are harmless and stay.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_HARMLESS = re.compile(r"[=+\-@＝＋－＠]|[+\-]?[0-9][0-9,.]*[%％]?")
_GUARDED = re.compile(r"'+\s*[=+\-@＝＋－＠]")

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """One allowed value of a field, with the words that people read for it."""

    value: str
    label: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Field:
    """A column. ``unit`` is the Chinese unit of its numbers; without ``categories`` any value of the type will do."""

    name: str
    type: str
    title: str
    title_en: str
    description: str
    description_en: str
    unit: str | None = None
    categories: tuple[Category, ...] = ()
    required: bool = False
    unique: bool = False
    pattern: str | None = None
    minimum: int | None = None

    @property
    def heading(self) -> str:
        """The title with its unit, as a table's head shows it: ``当年预算（元）``."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class ForeignKey:
    fields: tuple[str, ...]
    resource: str
    reference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The schema of one table. A table whose key may hold empty cells has ``unique_keys`` and no ``primary_key``."""

    name: str
    title: str
    title_en: str
    description: str
    description_en: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    unique_keys: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)


@dataclass(frozen=True, slots=True)
class Dataset:
    """The tables as typed rows, in the order of the files; ``schemas`` describes each under the same name."""

    tables: Tables
    schemas: Mapping[str, Table]

    def rows(self, name: str) -> list[Row]:
        """The rows of a table as tuples in the order of its schema, with ``None`` for an empty cell: for whoever
        writes every table out alike. Whoever asks for a column by name takes the typed rows."""
        # A field named like a Python keyword (corrections.is) is an attribute with an underscore after it.
        values = attrgetter(*(f"{column}_" if iskeyword(column) else column for column in self.schemas[name].names))
        return list(map(values, getattr(self.tables, name)))


# The dataclass of each table's rows.
ROW_TYPES: Mapping[str, type[Any]] = {name: get_args(hint)[0] for name, hint in get_type_hints(Tables).items()}


# Schemas


def load_schemas(folder: Path) -> Mapping[str, Table]:
    """The tables that ``folder`` describes, by name (the file's name without ``.yml``).

    Raises ``SettingsFault`` for an unknown or missing key, a wrong type, a key over fields that do not exist, or a
    foreign key that is not the primary key of its table.
    """
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise SettingsFault(f"{folder}：没有找到表的定义；每张表需要一个 <表名>.yml")
    tables = {path.stem: _table(path) for path in files}
    for name, table in tables.items():
        for key in table.foreign_keys:
            target = tables.get(key.resource)
            if target is None:
                raise SettingsFault(
                    f"{folder / name}.yml：foreignKeys：没有名为 {key.resource} 的表；有：{'、'.join(tables)}"
                )
            if key.reference != target.primary_key:
                raise SettingsFault(
                    f"{folder / name}.yml：foreignKeys：{', '.join(key.reference)} 不是 {key.resource} 的主键"
                    f"（{', '.join(target.primary_key)}）"
                )
    return MappingProxyType(tables)


_TABLE_TEXTS = ("title", "title_en", "description", "description_en")
_FIELD_TEXTS = ("name", "type", *_TABLE_TEXTS)
_CONSTRAINTS = ("required", "unique", "pattern", "minimum")


def _table(path: Path) -> Table:
    optional = ("primaryKey", "uniqueKeys", "foreignKeys")
    entry = _mapping(read_yaml(path), f"{path}", required=(*_TABLE_TEXTS, "fields"), optional=optional)
    items = _list(entry, "fields", f"{path}")
    fields = tuple(_field(item, f"{path}：fields[{place}]") for place, item in enumerate(items))
    for attribute in ("name", "title"):
        values = [getattr(field, attribute) for field in fields]
        if twice := sorted({value for value in values if values.count(value) > 1}):
            raise SettingsFault(f"{path}：fields：{attribute} 重复：{'、'.join(twice)}")
    table = Table(
        name=path.stem,
        **{key: _text(entry, key, f"{path}") for key in _TABLE_TEXTS},
        fields=fields,
        primary_key=_names(entry.get("primaryKey", []), f"{path}：primaryKey"),
        unique_keys=tuple(_names(key, f"{path}：uniqueKeys") for key in entry.get("uniqueKeys", [])),
        foreign_keys=tuple(_foreign_key(key, f"{path}：foreignKeys") for key in entry.get("foreignKeys", [])),
    )
    if not table.primary_key and not table.unique_keys:
        raise SettingsFault(f"{path}：需要 primaryKey（或者，键里有可空的字段时，uniqueKeys）")
    keys = (table.primary_key, *table.unique_keys, *(key.fields for key in table.foreign_keys))
    if unknown := sorted({name for key in keys for name in key} - set(table.names)):
        raise SettingsFault(f"{path}：键里的字段不存在：{'、'.join(unknown)}")
    if empty := [field.name for field in fields if field.name in table.primary_key and not field.required]:
        raise SettingsFault(f"{path}：primaryKey：{'、'.join(empty)} 没有 required: true；主键不能为空")
    return table


def _field(item: object, where: str) -> Field:
    entry = _mapping(item, where, required=_FIELD_TEXTS, optional=("unit", "categories", "constraints"))
    where = f"{where} ({entry['name']})"
    constraints = _mapping(entry.get("constraints", {}), f"{where}：constraints", required=(), optional=_CONSTRAINTS)
    if entry["type"] not in TYPES:
        raise SettingsFault(f"{where}：type：不认识 {entry['type']!r}；可用：{'、'.join(TYPES)}")
    for key, wanted in (("required", bool), ("unique", bool), ("pattern", str), ("minimum", int)):
        if key in constraints and type(constraints[key]) is not wanted:
            raise SettingsFault(f"{where}：constraints：{key}：应为 {wanted.__name__}，现为 {constraints[key]!r}")
    try:
        re.compile(constraints.get("pattern", ""))
    except re.error as error:
        raise SettingsFault(f"{where}：constraints：pattern：不是有效的正则表达式：{error}") from error
    texts = ("value", "label", "label_en")
    categories = []
    for choice in entry.get("categories", []):
        pairs = _mapping(choice, f"{where}：categories", required=texts, optional=())
        categories.append(Category(**{key: _text(pairs, key, f"{where}：categories") for key in texts}))
    name, kind, title, title_en, description, description_en = (_text(entry, key, where) for key in _FIELD_TEXTS)
    return Field(
        name=name,
        type=kind,
        title=title,
        title_en=title_en,
        description=description,
        description_en=description_en,
        unit=_text(entry, "unit", where) if "unit" in entry else None,
        categories=tuple(categories),
        **constraints,
    )


def _foreign_key(item: object, where: str) -> ForeignKey:
    entry = _mapping(item, where, required=("fields", "reference"), optional=())
    reference = _mapping(entry["reference"], f"{where}：reference", required=("resource", "fields"), optional=())
    return ForeignKey(
        fields=_names(entry["fields"], f"{where}：fields"),
        resource=_text(reference, "resource", f"{where}：reference"),
        reference=_names(reference["fields"], f"{where}：reference：fields"),
    )


def _mapping(item: object, where: str, required: Sequence[str], optional: Sequence[str]) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise SettingsFault(f"{where}：应为「键: 值」，现为 {item!r}")
    if missing := [key for key in required if key not in item]:
        raise SettingsFault(f"{where}：缺少 {'、'.join(missing)}")
    if unknown := [str(key) for key in item if key not in (*required, *optional)]:
        raise SettingsFault(f"{where}：不认识的键 {'、'.join(unknown)}；可用：{'、'.join((*required, *optional))}")
    return item


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry[key]
    if not isinstance(value, str) or not value.strip():
        raise SettingsFault(f"{where}：{key}：应为文字，现为 {value!r}（像数字的文字请加引号）")
    return value


def _list(entry: Mapping[str, Any], key: str, where: str) -> list[object]:
    value = entry[key]
    if not isinstance(value, list) or not value:
        raise SettingsFault(f"{where}：{key}：应为非空的列表，现为 {value!r}")
    return value


def _names(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SettingsFault(f"{where}：应为字段名的列表，现为 {value!r}")
    return tuple(value)


# Writing


def write(tables: Mapping[str, Sequence[object]], schemas: Mapping[str, Table], out: Path) -> None:
    """Write one CSV per schema into ``out``, in the order of the rows given; the whole folder is replaced at once.

    ``tables`` has exactly the schemas' names; rows are dataclass instances with the schema's fields in its order
    (``is_`` for a field ``is``), empty cells ``None``. Raises ``DatasetFault`` before anything on disk has changed.
    """
    if set(tables) != set(schemas):
        raise DatasetFault(f"应有的表：{'、'.join(sorted(schemas))}；给出的表：{'、'.join(sorted(tables))}")
    rows = {name: [_row(item, schemas[name]) for item in tables[name]] for name in schemas}
    _require_valid(rows, schemas)
    with replacing(out) as folder:
        for name, table in schemas.items():
            (folder / f"{name}.csv").write_bytes(csv_bytes(table, rows[name]))


def _row(item: object, table: Table) -> Row:
    if not dataclasses.is_dataclass(item):
        raise DatasetFault(f"{table.name}：行应为数据类的实例，现为 {type(item).__name__}")
    attributes = [field.name for field in dataclasses.fields(item)]
    # A field named like a Python keyword (corrections.is) is an attribute with an underscore after it.
    names = tuple(name.removesuffix("_") for name in attributes)
    if names != table.names:
        raise DatasetFault(
            f"{type(item).__name__} 的字段与 {table.name}.yml 不同：{', '.join(names)} ≠ {', '.join(table.names)}"
        )
    return tuple(getattr(item, name) for name in attributes)


def csv_bytes(table: Table, rows: Iterator[Row] | Sequence[Row], bom: bool = False) -> bytes:
    """The rows as CSV: UTF-8, LF, quotes only where needed, ``None`` empty.

    Text that a spreadsheet would run as a formula gets an apostrophe before it, which ``load`` takes off again. With
    ``bom`` a spreadsheet sees that the file is UTF-8.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows([_printed(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _printed(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        runs = _FORMULA.match(value) and not _HARMLESS.fullmatch(value)
        return f"'{value}" if runs or _GUARDED.match(value) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    return str(value)


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A new empty folder to fill; when the block ends well it takes the place of ``folder``, else nothing changes.

    A stop between the two renames leaves the old folder as ``.<name>.old`` beside; the next run puts it back first.
    """
    new, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    if old.exists() and not folder.exists():
        old.rename(folder)
    for leftover in (new, old):
        if leftover.exists():
            shutil.rmtree(leftover)
    new.mkdir(parents=True)
    try:
        yield new
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
    finally:
        for leftover in (new, old):
            if leftover.exists():
                shutil.rmtree(leftover)


# Reading


def load(folder: Path, schemas: Mapping[str, Table]) -> Dataset:
    """Read what ``write`` wrote (or a published package, whose CSVs carry a byte order mark), checked and typed.

    Raises ``DatasetFault`` for a missing file, another header, a value that its type or a constraint forbids, or a
    reference that leads nowhere.
    """
    return dataset(read(folder, schemas), schemas)


def read(folder: Path, schemas: Mapping[str, Table]) -> dict[str, list[Row]]:
    """The rows of each table that ``schemas`` describes, checked as by ``load``, as tuples."""
    rows = {name: _read(folder / f"{name}.csv", table) for name, table in schemas.items()}
    _require_valid(rows, schemas)
    return rows


def dataset(rows: Mapping[str, Sequence[Row]], schemas: Mapping[str, Table]) -> Dataset:
    """Rows in the order of their schemas' fields as the typed rows of a ``Dataset``; ``rows`` has every table."""
    return Dataset(Tables(**{name: tuple(starmap(make, rows[name])) for name, make in ROW_TYPES.items()}), schemas)


def _read(path: Path, table: Table) -> list[Row]:
    if not path.is_file():
        raise DatasetFault(f"{path}：没有这个文件；请先运行 python -m builder build 生成数据集")
    # A text may be as long as a document; the standard limit is 131,072 characters.
    csv.field_size_limit(2**31 - 1)
    parsers = [_PARSERS[field.type] for field in table.fields]
    rows: list[Row] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            header = next(reader, [])
            if tuple(header) != table.names:
                raise DatasetFault(f"{path}:1：表头应为 {','.join(table.names)}，现为 {','.join(header)}")
            for cells in reader:
                if len(cells) != len(parsers):
                    raise DatasetFault(f"{path}:{reader.line_num}：应有 {len(parsers)} 格，现有 {len(cells)} 格")
                try:
                    row = (parse(cell) if cell else None for parse, cell in zip(parsers, cells, strict=True))
                    rows.append(tuple(row))
                except ValueError as error:
                    raise DatasetFault(f"{path}:{reader.line_num}：{error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DatasetFault(f"{path}：不是 UTF-8 的 CSV：{error}") from error
    return rows


def _parse_text(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def _parse_integer(cell: str) -> int:
    if not re.fullmatch(r"-?[0-9]+", cell):
        raise ValueError(f"应为整数，现为 {cell!r}")
    return int(cell)


def _parse_boolean(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise ValueError(f"应为 true 或 false，现为 {cell!r}")
    return cell == "true"


def _parse_number(cell: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell):
        raise ValueError(f"应为不带指数的数，现为 {cell!r}")
    return Decimal(cell)


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "string": _parse_text,
    "date": str,
    "integer": _parse_integer,
    "boolean": _parse_boolean,
    "number": _parse_number,
}


# Checking


def storable(value: Decimal) -> bool:
    """Whether a number is finite and fits ``DECIMAL(28, 6)``; ``write`` refuses one that does not."""
    return value.is_finite() and abs(value) < _LIMIT and value == round(value, DECIMALS)


def _require_valid(tables: Mapping[str, Sequence[Row]], schemas: Mapping[str, Table]) -> None:
    faults = [fault for table in schemas.values() for fault in _faults(table, tables, schemas)]
    if faults:
        more = f"\n……另有 {len(faults) - 20} 处" if len(faults) > 20 else ""
        raise DatasetFault(f"数据不符合 data/schemas，共 {len(faults)} 处：\n" + "\n".join(faults[:20]) + more)


def _faults(table: Table, tables: Mapping[str, Sequence[Row]], schemas: Mapping[str, Table]) -> Iterator[str]:
    rows = tables[table.name]

    def at(number: int, fault: str) -> str:
        key = _pick(table, rows[number - 1], table.primary_key or table.unique_keys[0])
        return f"{table.name} 第 {number} 行（{'、'.join(map(str, key))}）{fault}"

    for place, field in enumerate(table.fields):
        for number, row in enumerate(rows, start=1):
            if fault := _value_fault(field, row[place]):
                yield at(number, f"{field.name}：{fault}")
    unique = [(field.name,) for field in table.fields if field.unique]
    for key in dict.fromkeys([*unique, *filter(None, [table.primary_key]), *table.unique_keys]):
        seen: dict[Row, int] = {}
        for number, row in enumerate(rows, start=1):
            values = _pick(table, row, key)
            if None not in values and seen.setdefault(values, number) != number:
                yield at(number, f"{'+'.join(key)}：与第 {seen[values]} 行重复")
    for foreign in table.foreign_keys:
        known = {_pick(schemas[foreign.resource], row, foreign.reference) for row in tables[foreign.resource]}
        for number, row in enumerate(rows, start=1):
            values = _pick(table, row, foreign.fields)
            if None not in values and values not in known:
                yield at(number, f"{'+'.join(foreign.fields)}：{foreign.resource} 里没有 {'、'.join(map(str, values))}")


def _pick(table: Table, row: Row, key: tuple[str, ...]) -> Row:
    return tuple(row[table.names.index(name)] for name in key)


def _value_fault(field: Field, value: object) -> str | None:
    if value is None:
        return "不能为空" if field.required else None
    if fault := _type_fault(field, value):
        return fault
    if field.categories and value not in {category.value for category in field.categories}:
        return f"{value!r} 不在 {'、'.join(category.value for category in field.categories)} 之中"
    if field.pattern and not re.search(field.pattern, str(value)):
        return f"{value!r} 不符合 {field.pattern}"
    if field.minimum is not None and isinstance(value, int | Decimal) and value < field.minimum:
        return f"{value} 小于 {field.minimum}"
    return None


def _type_fault(field: Field, value: object) -> str | None:
    match field.type:
        case "string":
            if not isinstance(value, str) or not value:
                return f"应为非空的文字（空请用 None），现为 {value!r}"
            if found := _UNPRINTABLE.search(value):
                return f"含有控制字符 U+{ord(found[0]):04X}；读取文件时应去掉"
        case "date":
            if not isinstance(value, str) or not _is_date(value):
                return f"应为 YYYY-MM-DD，现为 {value!r}"
        case "integer":
            if not isinstance(value, int) or isinstance(value, bool) or not -_INT64 <= value < _INT64:
                return f"应为 64 位整数，现为 {value!r}"
        case "boolean":
            if not isinstance(value, bool):
                return f"应为 True 或 False，现为 {value!r}"
        case "number":
            if not isinstance(value, Decimal) or not storable(value):
                return f"应为 Decimal，至多 {DIGITS - DECIMALS} 位整数、{DECIMALS} 位小数，现为 {value!r}"
    return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
