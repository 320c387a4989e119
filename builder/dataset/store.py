"""The typed rows of ``dataset.rows`` ↔ ``data/dataset/*.csv``, under the schemas of ``data/schemas/*.yml``.

``write`` refuses what a schema forbids and replaces the whole folder or nothing; ``load`` is the one way in which the
dataset is read, so that a phone number is text, an amount a ``Decimal``, and an empty cell neither.
"""

import csv
import dataclasses
import io
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import starmap
from keyword import iskeyword
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, get_args, get_type_hints

from builder.dataset.rows import DECIMALS, DIGITS, Tables, storable
from builder.faults import DatasetFault
from builder.settings.places import is_day
from builder.settings.schema import Field, Table
from builder.text import plain

_INT64 = 2**63

# Characters that XML (and so XLSX) or a CSV line cannot carry; line feed and tab may stand in a text.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# A spreadsheet runs a CSV cell that begins so. A lone sign, a signed number and a dash are harmless and stay.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_HARMLESS = re.compile(r"[=+\-@＝＋－＠]|[+\-]?[0-9][0-9,.]*[%％]?")
_GUARDED = re.compile(r"'+\s*[=+\-@＝＋－＠]")
# What either begins with, where it is not white space: most texts are told by their first character.
_MAY_RUN = frozenset("'=+-@＝＋－＠")

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """The tables as typed rows, in the order of the files; ``schemas`` describes each under the same name."""

    tables: Tables
    schemas: Mapping[str, Table]

    def rows(self, name: str) -> list[Row]:
        """The rows of a table as tuples in the order of its schema, with ``None`` for an empty cell: for whoever
        writes every table out alike. Whoever asks for a column by name takes the typed rows."""
        return list(map(attrgetter(*_attributes(self.schemas[name])), getattr(self.tables, name)))


# The dataclass of each table's rows.
ROW_TYPES: Mapping[str, type[Any]] = {name: get_args(hint)[0] for name, hint in get_type_hints(Tables).items()}


# Writing


def write(tables: Mapping[str, Sequence[object]], schemas: Mapping[str, Table], out: Path) -> None:
    """Write one CSV per schema into ``out``, in the order of the rows given; the whole folder is replaced at once.

    Raises ``DatasetFault`` before anything on disk has changed.
    """
    rows = prove(tables, schemas)
    with replacing(out) as folder:
        for name, table in schemas.items():
            (folder / f"{name}.csv").write_bytes(csv_bytes(table.names, rows[name]))


def prove(tables: Mapping[str, Sequence[object]], schemas: Mapping[str, Table]) -> dict[str, list[Row]]:
    """The rows as tuples, if the schemas allow them; else a ``DatasetFault``.

    ``tables`` has exactly the schemas' names; rows are dataclass instances with the schema's fields in its order
    (``is_`` for a field ``is``), empty cells ``None``.
    """
    if set(tables) != set(schemas):
        raise DatasetFault(f"应有的表：{'、'.join(sorted(schemas))}；给出的表：{'、'.join(sorted(tables))}")
    rows = {name: _rows(tables[name], table) for name, table in schemas.items()}
    _require_valid(rows, schemas)
    return rows


def _attributes(table: Table) -> tuple[str, ...]:
    """The attributes that hold the fields of a table; a field named like a Python keyword (corrections.is) is one with
    an underscore after it."""
    return tuple(f"{name}_" if iskeyword(name) else name for name in table.names)


def _rows(items: Sequence[object], table: Table) -> list[Row]:
    for kind in {type(item) for item in items}:
        if not dataclasses.is_dataclass(kind):
            raise DatasetFault(f"{table.name}：行应为数据类的实例，现为 {kind.__name__}")
        attributes = tuple(field.name for field in dataclasses.fields(kind))
        if attributes != _attributes(table):
            names = "、".join(name.removesuffix("_") for name in attributes)
            raise DatasetFault(
                f"fields 应依次是 {names}，现为 {'、'.join(table.names)}",
                file=f"data/schemas/{table.name}.yml",
                remedy="请从版本库恢复；增减一栏要同时改程序。",
            )
    return list(map(attrgetter(*_attributes(table)), items))


def csv_bytes(names: Sequence[str], rows: Iterator[Row] | Sequence[Row], bom: bool = False) -> bytes:
    """The rows as CSV: UTF-8, LF, quotes only where needed, ``None`` empty.

    Text that a spreadsheet would run as a formula gets an apostrophe before it, which ``load`` takes off again. With
    ``bom`` a spreadsheet sees that the file is UTF-8.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_printed(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _printed(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        if value[:1] not in _MAY_RUN and not value[:1].isspace():
            return value
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
    columns = [_Column(_PARSERS[field.type]) for field in table.fields]
    rows: list[Row] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            header = next(reader, [])
            if tuple(header) != table.names:
                raise DatasetFault(f"{path}:1：表头应为 {','.join(table.names)}，现为 {','.join(header)}")
            for cells in reader:
                if len(cells) != len(columns):
                    raise DatasetFault(f"{path}:{reader.line_num}：应有 {len(columns)} 格，现有 {len(cells)} 格")
                try:
                    rows.append(tuple([column[cell] for column, cell in zip(columns, cells, strict=True)]))
                except ValueError as error:
                    raise DatasetFault(f"{path}:{reader.line_num}：{error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DatasetFault(f"{path}：不是 UTF-8 的 CSV：{error}") from error
    return rows


class _Column(dict[str, object]):
    """The value of each cell of a column, parsed once and held once: most cells repeat one above them."""

    def __init__(self, parse: Callable[[str], object]) -> None:
        super().__init__({"": None})
        self._parse = parse

    def __missing__(self, cell: str) -> object:
        value = self[cell] = self._parse(cell)
        return value


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


def _require_valid(tables: Mapping[str, Sequence[Row]], schemas: Mapping[str, Table]) -> None:
    faults = [fault for table in schemas.values() for fault in _faults(table, tables, schemas)]
    if faults:
        more = f"\n……另有 {len(faults) - 20} 处" if len(faults) > 20 else ""
        raise DatasetFault(f"数据不符合 data/schemas，共 {len(faults)} 处：\n" + "\n".join(faults[:20]) + more)


def _faults(table: Table, tables: Mapping[str, Sequence[Row]], schemas: Mapping[str, Table]) -> Iterator[str]:
    rows = tables[table.name]

    def at(number: int, fault: str) -> str:
        key = _key(table, table.primary_key or table.unique_keys[0])(rows[number - 1])
        return f"{table.name} 第 {number} 行（{'、'.join(map(str, key))}）{fault}"

    for place, field in enumerate(table.fields):
        categories = {category.value for category in field.categories}
        # Each value is looked at once: one that repeats is mostly held once.
        distinct = {id(value): value for value in map(itemgetter(place), rows)}
        faults = {key: fault for key, value in distinct.items() if (fault := _value_fault(field, categories, value))}
        for number, row in enumerate(rows if faults else (), start=1):
            if fault := faults.get(id(row[place])):
                yield at(number, f"{field.name}：{fault}")
    unique = [(field.name,) for field in table.fields if field.constraints.unique]
    for key in dict.fromkeys([*unique, *filter(None, [table.primary_key]), *table.unique_keys]):
        seen: dict[Row, int] = {}
        for number, values in enumerate(map(_key(table, key), rows), start=1):
            if None not in values and seen.setdefault(values, number) != number:
                yield at(number, f"{'+'.join(key)}：与第 {seen[values]} 行重复")
    for foreign in table.foreign_keys:
        known = set(map(_key(schemas[foreign.resource], foreign.reference), tables[foreign.resource]))
        for number, values in enumerate(map(_key(table, foreign.fields), rows), start=1):
            if None not in values and values not in known:
                yield at(number, f"{'+'.join(foreign.fields)}：{foreign.resource} 里没有 {'、'.join(map(str, values))}")


def _key(table: Table, key: tuple[str, ...]) -> Callable[[Row], Row]:
    """What gives the values of a key of a row."""
    places = [table.names.index(name) for name in key]
    found = itemgetter(*places)
    return found if len(places) > 1 else lambda row: (found(row),)


def _value_fault(field: Field, allowed: Set[str], value: object) -> str | None:
    limits = field.constraints
    if value is None:
        return "不能为空" if limits.required else None
    if fault := _type_fault(field, value):
        return fault
    if allowed and value not in allowed:
        return f"{value!r} 不在 {'、'.join(category.value for category in field.categories)} 之中"
    if limits.pattern and not re.search(limits.pattern, str(value)):
        return f"{value!r} 不符合 {limits.pattern}"
    if limits.minimum is not None and isinstance(value, int | Decimal) and value < limits.minimum:
        return f"{value} 小于 {limits.minimum}"
    return None


def _type_fault(field: Field, value: object) -> str | None:
    match field.type:
        case "string":
            if not isinstance(value, str) or not value:
                return f"应为非空的文字（空请用 None），现为 {value!r}"
            if found := _UNPRINTABLE.search(value):
                return f"含有控制字符 U+{ord(found[0]):04X}；读取文件时应去掉"
        case "date":
            if not isinstance(value, str) or not is_day(value):
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
