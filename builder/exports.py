"""Dataset → the downloads for people: XLSX for newsrooms, SQLite with full-text search, Parquet.

All are made from the loaded dataset, hold the same rows as its CSVs, and are the same bytes on every run.
"""

import io
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from builder.config import ConfigError, FindingCode
from builder.dataset import DECIMALS, DIGITS, Dataset, DatasetError, Field, Row, Table, plain
from builder.package import (
    TYPE_TITLES,
    Policy,
    Scope,
    dictionary,
    fill,
    heading,
    licence_text,
    quoted,
    split,
    zip_bytes,
)

# Limits of the XLSX format.
SHEET_ROWS, CELL_CHARACTERS = 1_048_576, 32_767
CUT = "……（全文见 CSV）"
# XLSX stores when a file was made; a fixed moment keeps the bytes the same.
CREATED = datetime(2000, 1, 1)
COLUMN_WIDTHS = 9, 46
A4 = 9


@dataclass(frozen=True, slots=True)
class Lead:
    """Something worth a look, with the rule that found it. ``value`` and ``compared`` are in ``unit``."""

    kind: str
    rule: str
    region_id: str
    region: str
    year: int
    project_id: str | None
    project: str | None
    value: Decimal | None
    compared: Decimal | None
    unit: str | None
    note: str
    url: str


def write_exports(dataset: Dataset, policy: Policy, codes: Mapping[str, FindingCode], out: Path) -> None:
    """Write ``{name}.xlsx``, ``.sqlite`` and ``-parquet.zip`` and each ``{region}-{year}.xlsx`` into ``out``.

    ``codes`` are the finding codes, whose titles and explanations the leads quote.
    """
    out.mkdir(parents=True, exist_ok=True)
    found = leads(dataset, policy, codes)
    write_xlsx(dataset, policy, found, out / f"{policy.name}.xlsx", None)
    by_scope: dict[tuple[str, int], list[Lead]] = defaultdict(list)
    for lead in found:
        by_scope[lead.region_id, lead.year].append(lead)
    for scope, part in split(dataset).items():
        write_xlsx(part, policy, by_scope[scope.region_id, scope.year], out / f"{scope.name}.xlsx", scope)
    write_sqlite(dataset, policy, out / f"{policy.name}.sqlite")
    (out / f"{policy.name}-parquet.zip").write_bytes(parquet_zip(dataset, policy))


# Leads


def leads(dataset: Dataset, policy: Policy, codes: Mapping[str, FindingCode]) -> list[Lead]:
    """Every lead of the whole dataset, kind by kind, the largest first where there is a size."""
    if unknown := [code for code in policy.leads.findings_each if code not in codes]:
        raise ConfigError(f"data/package.yml：leads.findings_each：data/findings.yml 没有 {'、'.join(unknown)}。")
    about = partial(_project_lead, policy, _region_names(dataset))
    return [
        *_finding_leads(dataset, policy, codes),
        *_budget_changes(dataset, policy.leads.budget_change, about),
        *_few_indicators(dataset, policy.leads.few_indicators, about),
        *_heavy_indicators(dataset, policy.leads.heavy_indicator, about),
    ]


def _records(dataset: Dataset, name: str) -> list[dict[str, Any]]:
    names = dataset.schemas[name].names
    return [dict(zip(names, row, strict=True)) for row in dataset.rows(name)]


def _region_names(dataset: Dataset) -> dict[str, str]:
    return {region["region_id"]: region["name"] for region in _records(dataset, "regions")}


def _project_lead(
    policy: Policy,
    regions: Mapping[str, str],
    rules: Mapping[str, Any],
    project: Mapping[str, Any],
    value: Decimal,
    unit: str,
    note: str,
    compared: Decimal | None = None,
) -> Lead:
    numbers = {key: f"{number:,}" for key, number in rules.items() if isinstance(number, int)}
    return Lead(
        kind=rules["title"],
        rule=fill("data/package.yml", "leads", rules["rule"], numbers),
        region_id=project["region_id"],
        region=regions[project["region_id"]],
        year=project["year"],
        project_id=project["project_id"],
        project=project["name"],
        value=value,
        compared=compared,
        unit=unit,
        note=note,
        url=f"{policy.base_url}projects/{project['project_id']}/",
    )


def _largest_first(found: Sequence[Lead]) -> list[Lead]:
    none = Decimal(0)
    return sorted(found, key=lambda lead: (-abs((lead.value or none) - (lead.compared or none)), lead.project_id or ""))


def _finding_leads(dataset: Dataset, policy: Policy, codes: Mapping[str, FindingCode]) -> Iterator[Lead]:
    documents = {document["document_id"]: document for document in _records(dataset, "documents")}
    projects = {project["project_id"]: project for project in _records(dataset, "projects")}
    regions = _region_names(dataset)
    groups: dict[tuple[str, str, str | None], list[dict[str, Any]]] = defaultdict(list)
    for finding in _records(dataset, "findings"):
        alone = finding["finding_id"] if finding["code"] in policy.leads.findings_each else None
        if alone or finding["severity"] in ("error", "warning"):
            groups[finding["code"], finding["document_id"], alone].append(finding)
    for code, document_id, alone in sorted(groups, key=lambda key: (key[2] is None, key[0])):
        group = groups[code, document_id, alone]
        document = documents[document_id]
        project = projects.get(group[0]["project_id"]) if len(group) == 1 else None
        if project:
            page = f"projects/{project['project_id']}/"
        else:
            page = "quality/" if alone is None else f"sources/{document_id}/#L{group[0]['line'] or 1}"
        yield Lead(
            kind=f"{policy.leads.findings_title}：{codes[code].title}",
            rule=f"{code}：{codes[code].explain}",
            region_id=document["region_id"],
            region=regions[document["region_id"]],
            year=document["year"],
            project_id=project["project_id"] if project else None,
            project=project["name"] if project else None,
            value=None if alone else Decimal(len(group)),
            compared=None,
            unit=None if alone else "处",
            note=group[0]["message"] if len(group) == 1 else f"例如：{group[0]['message']}",
            url=policy.base_url + page,
        )


def _budget_changes(dataset: Dataset, rules: Mapping[str, Any], about: Callable[..., Lead]) -> list[Lead]:
    series: dict[tuple[str, str], dict[int, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for project in _records(dataset, "projects"):
        if project["budget_yuan"] is not None:
            series[project["series_id"], project["form_type"]][project["year"]].append(project)
    found = []
    for years in series.values():
        for before, after in pairwise(sorted(years)):
            # Two forms of one series in one year cannot be told apart here.
            if len(years[before]) > 1 or len(years[after]) > 1:
                continue
            project, old, new = years[after][0], years[before][0]["budget_yuan"], years[after][0]["budget_yuan"]
            if old != new:
                change = f"{'增加' if new > old else '减少'} {plain(abs(new - old))} 元"
                share = f"（{abs(new - old) / old:.1%}）" if old > 0 else ""
                note = f"{before} 年 {plain(old)} 元，{after} 年 {plain(new)} 元，{change}{share}"
                found.append(about(rules, project, new, "元", note, compared=old))
    return _largest_first(found)[: rules["limit"]]


def _few_indicators(dataset: Dataset, rules: Mapping[str, Any], about: Callable[..., Lead]) -> list[Lead]:
    count = Counter(row["project_id"] for row in _records(dataset, "indicators") if not row["is_execution_rate"])
    return _largest_first(
        [
            about(rules, project, project["budget_yuan"], "元", f"{count[project['project_id']]} 项指标")
            for project in _records(dataset, "projects")
            if project["budget_yuan"] is not None
            and project["budget_yuan"] >= rules["minimum_yuan"]
            and count[project["project_id"]] <= rules["limit"]
        ]
    )


def _heavy_indicators(dataset: Dataset, rules: Mapping[str, Any], about: Callable[..., Lead]) -> list[Lead]:
    projects = {project["project_id"]: project for project in _records(dataset, "projects")}
    return _largest_first(
        [
            about(rules, projects[indicator["project_id"]], indicator["weight"], "分", indicator["name"])
            for indicator in _records(dataset, "indicators")
            if indicator["weight"] is not None
            and indicator["weight"] >= rules["minimum_weight"]
            and not indicator["is_execution_rate"]
        ]
    )


# XLSX


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    values: Sequence[object]
    unit: str | None = None


def write_xlsx(dataset: Dataset, policy: Policy, found: Sequence[Lead], path: Path, scope: Scope | None) -> None:
    """The newsroom workbook: 说明, 字典, 线索, then one sheet per table with the names behind its IDs.

    Numbers are numbers, text is text whatever it looks like: no cell becomes a formula or a link. Raises
    ``DatasetError`` where a table has more rows than a sheet can hold.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        head = heading(policy, scope)
        book.set_properties({"title": head.title, "author": policy.contributors[0]["title"], "created": CREATED})
        head_cell = {"bold": True, "bg_color": "#E8EDF2", "bottom": 1, "valign": "top", "text_wrap": True}
        formats = {
            "head": book.add_format(head_cell),
            "title": book.add_format({"bold": True, "font_size": 15}),
            "strong": book.add_format({"bold": True, "valign": "top"}),
            "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
            "#,##0": book.add_format({"num_format": "#,##0"}),
            "#,##0.00": book.add_format({"num_format": "#,##0.00"}),
        }
        _about_sheet(book, formats, dataset, policy, scope)
        _sheet(book, formats, "字典", _dictionary_columns(dataset, policy), formats["wrapped"])
        _sheet(book, formats, "线索", _lead_columns(found), formats["wrapped"])
        referred = {key.resource for table in dataset.schemas.values() for key in table.foreign_keys}
        names = {name: _names(dataset, name) for name in referred}
        for name in policy.tables:
            _sheet(book, formats, dataset.schemas[name].title, _table_columns(dataset, name, names))


def _about_sheet(
    book: xlsxwriter.Workbook, formats: Mapping[str, Format], dataset: Dataset, policy: Policy, scope: Scope | None
) -> None:
    head = heading(policy, scope)
    sheet = book.add_worksheet("说明")
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, head.title, formats["title"])
    lines = [("", policy.description), ("版本", policy.version), ("网页", head.home)]
    lines += [("许可", f"{policy.licence.title}（{policy.licence.name}）{policy.licence.path}"), ("", "")]
    lines += [("使用之前" if not place else "", note) for place, note in enumerate(policy.notes)]
    lines += [("", ""), ("字典", "每张表、每个字段的含义、单位和取值。")]
    lines += [("线索", "按写明的规则算出的、值得看一看的地方。线索不是结论，请先核对原文。")]
    for name in policy.tables:
        table = dataset.schemas[name]
        lines.append((table.title, f"{len(dataset.tables[name]):,} 行。{table.description}"))
    for row, (label, text) in enumerate(lines, start=1):
        sheet.write_string(row, 0, label, formats["strong"])
        sheet.write_string(row, 1, text, formats["wrapped"])


def _dictionary_columns(dataset: Dataset, policy: Policy) -> list[Column]:
    pairs = [(dataset.schemas[name], field) for name in policy.tables for field in dataset.schemas[name].fields]
    choices = ["；".join(f"{one.value} {one.label}" for one in field.categories) or None for _, field in pairs]
    return [
        Column("工作表", [table.title for table, _ in pairs]),
        Column("列", [field.heading for _, field in pairs]),
        Column("说明", [field.description for _, field in pairs]),
        Column("类型", [TYPE_TITLES[field.type] for _, field in pairs]),
        Column("必填", ["是" if field.required else None for _, field in pairs]),
        Column("取值", choices),
        Column("数据表", [table.name for table, _ in pairs]),
        Column("字段", [field.name for _, field in pairs]),
        Column("英文标题", [field.title_en for _, field in pairs]),
        Column("英文说明", [field.description_en for _, field in pairs]),
    ]


def _lead_columns(found: Sequence[Lead]) -> list[Column]:
    return [
        Column("线索", [lead.kind for lead in found]),
        Column("地区", [lead.region for lead in found]),
        Column("年度", [lead.year for lead in found]),
        Column("项目", [lead.project for lead in found]),
        Column("数值", [lead.value for lead in found], "元"),
        Column("对照值", [lead.compared for lead in found], "元"),
        Column("数值的单位", [lead.unit for lead in found]),
        Column("说明", [lead.note for lead in found]),
        Column("规则", [lead.rule for lead in found]),
        Column("项目编号", [lead.project_id for lead in found]),
        Column("网址", [lead.url for lead in found]),
    ]


def _table_columns(dataset: Dataset, name: str, names: Mapping[str, Mapping[object, str]]) -> list[Column]:
    """The columns of a table in Chinese, codes as words, and after each ID the name of what it refers to."""
    table = dataset.schemas[name]
    references = {key.fields[0]: key.resource for key in table.foreign_keys if len(key.fields) == 1}
    rows = list(dataset.rows(name))
    columns: list[Column] = []
    for place, field in enumerate(table.fields):
        values = [row[place] for row in rows]
        labels: dict[object, str] = {category.value: category.label for category in field.categories}
        if field.type == "boolean":
            labels = {True: "是", False: "否"}
        columns.append(Column(field.heading, [labels.get(value) for value in values] if labels else values, field.unit))
        if target := references.get(field.name):
            found = [names[target].get(value) for value in values]
            columns.append(Column(f"{dataset.schemas[target].title}·名称", found))
    return columns


def _names(dataset: Dataset, name: str) -> dict[object, str]:
    """What each ID of a table is called, by ID."""
    table = dataset.tables[name]
    title = "name" if "name" in table else "title"
    return dict(zip(table[dataset.schemas[name].primary_key[0]], table[title], strict=True))


def _sheet(
    book: xlsxwriter.Workbook,
    formats: Mapping[str, Format],
    title: str,
    columns: Sequence[Column],
    text: Format | None = None,
) -> None:
    """A sheet of columns under a frozen, filterable header; ``text`` is how text looks, as it comes where ``None``."""
    count = len(columns[0].values)
    if count >= SHEET_ROWS:
        raise DatasetError(f"{title}：{count:,} 行，一张工作表至多 {SHEET_ROWS - 1:,} 行；请改为按地区和年度分册。")
    sheet = book.add_worksheet(title)
    number_formats = []
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _width(column))
        numbers = [value for value in column.values if isinstance(value, Decimal)]
        whole = all(number == number.to_integral_value() for number in numbers)
        number_formats.append(formats["#,##0" if whole else "#,##0.00"] if column.unit == "元" else None)
        sheet.write_string(0, place, column.heading, formats["head"])
    for row, values in enumerate(zip(*(column.values for column in columns), strict=True), start=1):
        for place, value in enumerate(values):
            if isinstance(value, str):
                short = value if len(value) <= CELL_CHARACTERS else value[: CELL_CHARACTERS - len(CUT)] + CUT
                sheet.write_string(row, place, short, text)
            elif isinstance(value, int | Decimal):
                sheet.write_number(row, place, value, number_formats[place])
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, count, len(columns) - 1)
    # Phones and serial numbers are text on purpose: no green corner on each.
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(count, len(columns) - 1)}"})


def _width(column: Column) -> int:
    # In GBK a Han character takes two bytes as it takes two columns.
    texts = (plain(value) if isinstance(value, Decimal) else str(value or "") for value in column.values)
    longest = max((len(text[:40].encode("gbk", "replace")) for text in texts), default=0)
    low, high = COLUMN_WIDTHS
    return min(high, max(low, longest + 2, len(column.heading.encode("gbk", "replace")) + 4))


# SQLite

SQLITE_TYPES = {"string": "TEXT", "date": "TEXT", "integer": "INTEGER", "boolean": "BOOLEAN", "number": "NUMERIC"}

# Views for people who write SQL: IDs resolved to names, codes to words. {form_type} and the like are filled in with
# the words of the schema.
VIEWS = """
CREATE VIEW v_projects AS
SELECT p.project_id, r.name AS region, p.year, {form_type} AS form_type, p.name, d.name AS department, s.name AS sector,
  p.implementing_unit, p.budget_yuan, p.budget_yuan / 10000.0 AS budget_wan,
  (SELECT count(*) FROM indicators i WHERE i.project_id = p.project_id AND NOT i.is_execution_rate) AS indicators,
  (SELECT sum(i.weight) FROM indicators i WHERE i.project_id = p.project_id AND NOT i.is_execution_rate) AS weight,
  (SELECT count(*) FROM findings f WHERE f.project_id = p.project_id) AS findings,
  p.goal, p.overview, p.basis, p.series_id, o.title AS document, p.line_start AS line,
  {url} || p.project_id || '/' AS url
FROM projects p JOIN regions r USING (region_id) JOIN documents o USING (document_id)
  LEFT JOIN departments d USING (department_id) LEFT JOIN sectors s USING (sector_id);

CREATE VIEW v_indicators AS
SELECT i.indicator_id, p.project_id, r.name AS region, p.year, p.name AS project, d.name AS department,
  s.name AS sector, i.position, i.level1, i.level2, i.name, {comparison} AS comparison, i.target_as_filed,
  i.target_value, i.unit, i.base_value, i.base_unit, i.weight, i.is_core, i.is_execution_rate, i.line,
  {url} || p.project_id || '/' AS url
FROM indicators i JOIN projects p USING (project_id) JOIN regions r USING (region_id)
  LEFT JOIN departments d USING (department_id) LEFT JOIN sectors s USING (sector_id);

CREATE VIEW v_funding AS
SELECT p.project_id, r.name AS region, p.year, p.name AS project, {source} AS source, f.label_as_filed, f.amount_yuan,
  f.amount_as_filed, f.line
FROM funding f JOIN projects p USING (project_id) JOIN regions r USING (region_id);

CREATE VIEW v_findings AS
SELECT f.finding_id, f.code, {severity} AS severity, r.name AS region, o.year, p.name AS project, i.name AS indicator,
  f.message, f.expected, f.actual, f.line, f.document_id, f.project_id
FROM findings f JOIN documents o USING (document_id) JOIN regions r USING (region_id)
  LEFT JOIN projects p ON p.project_id = f.project_id LEFT JOIN indicators i ON i.indicator_id = f.indicator_id;

CREATE VIEW v_region_years AS
SELECT r.name AS region, p.year, {form_type} AS form_type, count(*) AS projects, sum(p.budget_yuan) AS budget_yuan,
  sum(p.budget_yuan IS NULL) AS without_budget
FROM projects p JOIN regions r USING (region_id)
GROUP BY p.region_id, p.year, p.form_type ORDER BY p.region_id, p.year, p.form_type;

CREATE VIEW v_series AS
SELECT p.series_id, r.name AS region, p.year, p.name, p.budget_yuan,
  p.budget_yuan - lag(p.budget_yuan) OVER years AS change_yuan, p.project_id
FROM projects p JOIN regions r USING (region_id)
WHERE p.series_id IN (SELECT series_id FROM projects GROUP BY series_id HAVING count(DISTINCT year) > 1)
WINDOW years AS (PARTITION BY p.series_id, p.form_type ORDER BY p.year);
"""

# The trigram tokenizer needs three characters; to a shorter LIKE, older SQLite answers with nothing at all. So the text
# lies in an ordinary table, where LIKE finds any length, and the index beside it.
SEARCH = """
CREATE TABLE search_text ( -- 任意长度：SELECT * FROM search_text WHERE name LIKE '%危房%' OR text LIKE '%危房%'
  id INTEGER PRIMARY KEY, kind TEXT, record_id TEXT, project_id TEXT, region TEXT, year INTEGER, name TEXT, text TEXT
);
INSERT INTO search_text (kind, record_id, project_id, region, year, name, text)
SELECT '项目', project_id, project_id, region, year, name, coalesce(department || char(10), '') ||
  coalesce(implementing_unit || char(10), '') || coalesce(goal || char(10), '') || coalesce(overview || char(10), '') ||
  coalesce(basis, '')
FROM v_projects ORDER BY project_id;
INSERT INTO search_text (kind, record_id, project_id, region, year, name, text)
SELECT '指标', indicator_id, project_id, region, year, name, coalesce(level1 || ' ', '') ||
  coalesce(level2 || ' ', '') || coalesce(comparison, '') || coalesce(target_as_filed, '') || coalesce(unit, '')
FROM v_indicators ORDER BY indicator_id;
CREATE VIRTUAL TABLE search USING fts5( -- 三个字以上：SELECT * FROM search WHERE search MATCH '农村危房' ORDER BY rank
  kind UNINDEXED, record_id UNINDEXED, project_id UNINDEXED, region UNINDEXED, year UNINDEXED, name, text,
  content = 'search_text', content_rowid = 'id', tokenize = 'trigram'
);
INSERT INTO search (search) VALUES ('rebuild');
INSERT INTO search (search) VALUES ('optimize');
"""


def write_sqlite(dataset: Dataset, policy: Policy, path: Path) -> None:
    """All tables with keys and types, ready-made views (``v_…``), and full-text search over projects and indicators.

    ``search MATCH '农村危房'`` takes three characters or more; ``search_text`` is the same text for ``LIKE``, which
    takes any length.
    """
    path.unlink(missing_ok=True)
    words = {
        "form_type": _words("p.form_type", dataset, "projects"),
        "comparison": _words("i.comparison", dataset, "indicators"),
        "source": _words("f.source", dataset, "funding"),
        "severity": _words("f.severity", dataset, "findings"),
        "url": _literal(f"{policy.base_url}projects/"),
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.executescript("PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA journal_mode = OFF;")
        base.execute("BEGIN")
        for name in policy.tables:
            table = dataset.schemas[name]
            base.execute(_sqlite_table(table))
            marks = ", ".join("?" * len(table.fields))
            base.executemany(f"INSERT INTO {quoted(name)} VALUES ({marks})", map(_sqlite_row, dataset.rows(name)))
            for key in table.foreign_keys:
                index = quoted(f"{name}_{key.fields[0]}")
                base.execute(f"CREATE INDEX {index} ON {quoted(name)} ({_identifiers(key.fields)})")
        base.execute("COMMIT")
        base.executescript(VIEWS.format(**words))
        base.executescript(SEARCH)
        base.execute("VACUUM")


def _sqlite_table(table: Table) -> str:
    lines = [
        f"  {quoted(field.name)} {SQLITE_TYPES[field.type]}{' NOT NULL' if field.required else ''}, -- {field.heading}"
        for field in table.fields
    ]
    keys = [f"PRIMARY KEY ({_identifiers(table.primary_key)})"] if table.primary_key else []
    keys += [f"UNIQUE ({_identifiers(key)})" for key in table.unique_keys]
    keys += [
        f"FOREIGN KEY ({_identifiers(key.fields)}) REFERENCES {quoted(key.resource)} ({_identifiers(key.reference)})"
        for key in table.foreign_keys
    ]
    body = "\n".join(lines) + "\n  " + ",\n  ".join(keys)
    return f"CREATE TABLE {quoted(table.name)} ( -- {table.title}\n{body}\n)"


def _sqlite_row(row: Row) -> Row:
    return tuple(_sqlite_number(value) if isinstance(value, Decimal) else value for value in row)


def _sqlite_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() and abs(value) < 2**63 else float(value)


def _words(expression: str, dataset: Dataset, name: str) -> str:
    """An SQL expression that turns the codes of a field into their Chinese words."""
    field = next(field for field in dataset.schemas[name].fields if field.name == expression.split(".")[1])
    cases = " ".join(f"WHEN {_literal(one.value)} THEN {_literal(one.label)}" for one in field.categories)
    return f"CASE {expression} {cases} END"


def _identifiers(names: Sequence[str]) -> str:
    return ", ".join(map(quoted, names))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# Parquet

ARROW_TYPES = {
    "string": pa.string(),
    "date": pa.date32(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "number": pa.decimal128(DIGITS, DECIMALS),
}


def parquet_zip(dataset: Dataset, policy: Policy) -> bytes:
    """One Parquet file per table, with licence and dictionary; titles are in the metadata of the columns."""
    files = {f"{name}.parquet": _parquet(dataset.schemas[name], list(dataset.rows(name))) for name in policy.tables}
    texts = {"LICENSE": licence_text(policy, None), "字典.md": dictionary(dataset, policy)}
    return zip_bytes({**files, **{name: text.encode() for name, text in texts.items()}}, packed=files)


def _parquet(table: Table, rows: Sequence[Row]) -> bytes:
    schema = pa.schema([_arrow_field(field) for field in table.fields])
    columns = [
        pa.array([_arrow_value(field, row[place]) for row in rows], type=ARROW_TYPES[field.type])
        for place, field in enumerate(table.fields)
    ]
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), stream, compression="zstd")
    return stream.getvalue()


def _arrow_field(field: Field) -> pa.Field:
    metadata = {"title": field.heading, "title_en": field.title_en, "description": field.description}
    return pa.field(field.name, ARROW_TYPES[field.type], nullable=not field.required, metadata=metadata)


def _arrow_value(field: Field, value: Any) -> Any:
    return date.fromisoformat(value) if field.type == "date" and value is not None else value
