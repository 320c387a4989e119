"""Dataset → the newsroom workbook."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from builder.dataset.rows import FindingRow, Indicator, Score
from builder.dataset.store import Dataset
from builder.measures.leads import Lead
from builder.model import line_address
from builder.package.datapackage import TYPE_TITLES, Content, heading, ordered
from builder.settings.package import Policy
from builder.text import plain

# A limit of the XLSX format, and how many rows a table may have in a workbook that opens at once: a larger one is left to
# the workbooks of each region and year.
CELL_CHARACTERS, MOST_ROWS = 32_767, 20_000
CUT = "……（全文见 CSV）"
# XLSX stores when a file was made; a fixed moment keeps the bytes the same.
CREATED = datetime(2000, 1, 1)
COLUMN_WIDTHS = 9, 46
A4 = 9
LINE_POINTS = 15
# Excel opens no sheet with more links.
MOST_LINKS = 65_000
# By which a row is known to be of a document, the nearest first.
OWNERS = ("document_id", "result_id", "project_id")

# The columns that people read first, from the left; ``.name`` is what an ID is called, ``yuan`` any
# amount. What was printed and the IDs, which programs join by, come last.
FIRST = (
    *("region_id.name", "year", "project_id.name", "result_id.name", "name", "title", "department_id.name", "yuan"),
    *("severity", "promise", "code", "comparison", "target_as_filed", "target_value", "unit", "weight", "unit_id"),
    *("actual_as_filed", "attainment", "points", "score", "total_score", "reason", "goal", "goal_result", "message"),
    "url",
)
FROZEN = frozenset(FIRST[:6])


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    values: Sequence[object]
    unit: str | None = None
    key: str = ""

    @property
    def rank(self) -> int:
        if self.key in FIRST:
            return FIRST.index(self.key)
        if self.unit == "元":
            return FIRST.index("yuan")
        rest = ("_as_filed", "_id")
        return len(FIRST) + next((place for place, end in enumerate(rest, 1) if self.key.endswith(end)), 0)


def write(content: Content, path: Path) -> None:
    """The newsroom workbook: 说明, 字典, 线索, then one sheet per table with the names behind its IDs.

    Numbers are numbers, text is text whatever it looks like: no cell becomes a formula, and no link leads anywhere but to
    our own pages. A table of more than ``MOST_ROWS`` has no sheet, and 说明 says so.
    """
    dataset, policy, scope = content.dataset, content.policy, content.scope
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        head = heading(policy, scope)
        book.set_properties({"title": head.title, "author": policy.contributors[0].title, "created": CREATED})
        head_cell = {"bold": True, "bg_color": "#E8EDF2", "bottom": 1, "valign": "top", "text_wrap": True}
        formats = {
            "head": book.add_format(head_cell),
            "title": book.add_format({"bold": True, "font_size": 15}),
            "strong": book.add_format({"bold": True, "valign": "top"}),
            "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
            "link": book.add_format({"font_color": "#0B57D0", "underline": 1}),
            "#,##0": book.add_format({"num_format": "#,##0"}),
            "#,##0.00": book.add_format({"num_format": "#,##0.00"}),
        }
        _about_sheet(book, formats, content)
        _sheet(book, formats, "字典", _dictionary_columns(dataset, policy), formats["wrapped"])
        _sheet(book, formats, "线索", _lead_columns(content.leads[:MOST_ROWS]), formats["wrapped"])
        # A unit and a document's number are their own names.
        referred = {key.resource for table in dataset.schemas.values() for key in table.foreign_keys}
        named = [name for name in referred if not {"name", "title"}.isdisjoint(dataset.schemas[name].names)]
        names = {name: _names(dataset, name) for name in named}
        for name in _sheets(dataset, policy):
            if len(dataset.rows(name)) <= MOST_ROWS:
                columns = _table_columns(dataset, policy, name, names)
                _sheet(book, formats, dataset.schemas[name].title, columns)


def _sheets(dataset: Dataset, policy: Policy) -> list[str]:
    """The tables of the workbook. Ten thousand lines on single cells are for programs: each row has its own line."""
    return [name for name in ordered(dataset, policy) if name != "provenance"]


def _size(dataset: Dataset, name: str) -> str:
    rows = len(dataset.rows(name))
    return f"{rows:,} 行。" + (
        "" if rows <= MOST_ROWS else "太多了，不在这个工作簿里：请看各地区年度的工作簿，或 CSV。"
    )


def _about_sheet(book: xlsxwriter.Workbook, formats: Mapping[str, Format], content: Content) -> None:
    dataset, policy, leads = content.dataset, content.policy, len(content.leads)
    head = heading(policy, content.scope)
    sheet = book.add_worksheet("说明")
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, head.title, formats["title"])
    lines = [("", policy.description), ("版本", policy.version), ("网页", head.home)]
    lines += [("许可", f"{policy.licence.title}（{policy.licence.name}）{policy.licence.path}"), ("", "")]
    lines += [("使用之前" if not place else "", note) for place, note in enumerate(content.notes)]
    lines += [("", ""), ("字典", "每张表、每个字段的含义、单位和取值。")]
    lines += [("线索", "按写明的规则算出的、值得看一看的地方。线索不是结论，请先核对原文。")]
    if leads > MOST_ROWS:
        lines += [("", f"共 {leads:,} 条，这里是前 {MOST_ROWS:,} 条；其余在各地区年度的工作簿里。")]
    for name in _sheets(dataset, policy):
        table = dataset.schemas[name]
        lines.append((table.title, f"{_size(dataset, name)}{table.description}"))
    for row, (label, text) in enumerate(lines, start=1):
        sheet.set_row(row, LINE_POINTS * _lines(text, 100))
        sheet.write_string(row, 0, label, formats["strong"])
        sheet.write_string(row, 1, text, formats["wrapped"])


def _dictionary_columns(dataset: Dataset, policy: Policy) -> list[Column]:
    pairs = [
        (dataset.schemas[name], field) for name in _sheets(dataset, policy) for field in dataset.schemas[name].fields
    ]
    choices = ["；".join(f"{one.value} {one.label}" for one in field.categories) or None for _, field in pairs]
    return [
        Column("工作表", [table.title for table, _ in pairs]),
        Column("列", [field.heading for _, field in pairs]),
        Column("说明", [field.description for _, field in pairs]),
        Column("类型", [TYPE_TITLES[field.type] for _, field in pairs]),
        Column("必填", ["是" if field.constraints.required else None for _, field in pairs]),
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
        Column("网址", [lead.url for lead in found], key="url"),
    ]


def _table_columns(
    dataset: Dataset, policy: Policy, name: str, names: Mapping[str, Mapping[object, str]]
) -> list[Column]:
    """The columns of a table in Chinese, in the order in which people read them: codes as words, the names of what IDs
    refer to, region and year on every row that has them, the address of its page."""
    table = dataset.schemas[name]
    references = {key.fields[0]: key.resource for key in table.foreign_keys if len(key.fields) == 1}
    rows = dataset.rows(name)
    columns: list[Column] = []
    for place, field in enumerate(table.fields):
        values = [row[place] for row in rows]
        labels: dict[object, str] = {category.value: category.label for category in field.categories}
        if field.type == "boolean":
            labels = {True: "是", False: "否"}
        shown = [labels.get(value) for value in values] if labels else values
        columns.append(Column(field.heading, shown, field.unit, field.name))
        if (target := references.get(field.name)) is not None and target in names:
            found = [names[target].get(value) for value in values]
            columns.append(Column(f"{dataset.schemas[target].title}·名称", found, key=f"{field.name}.name"))
    if name == "projects":
        promises = {row.project_id: row.promise for row in dataset.tables.by_name().get("promises", ())}
        told = [promises.get(row.project_id) for row in dataset.tables.projects]
        columns.append(Column("一行承诺", told, key="promise"))
    columns += _places(dataset, policy, name, names)
    return sorted(columns, key=lambda column: column.rank)


def _places(dataset: Dataset, policy: Policy, name: str, names: Mapping[str, Mapping[object, str]]) -> Iterator[Column]:
    """Region and year of rows that have them by their project, result or document, and the address of each row's page."""
    fields = set(dataset.schemas[name].names)
    owner = next((field for field in OWNERS if field in fields), None)
    if name == "regions" or owner is None:
        return
    documents = {row.document_id: row for row in dataset.tables.documents}
    owners = {
        **{row.document_id: row for row in dataset.tables.documents},
        **{row.project_id: documents[row.document_id] for row in dataset.tables.projects},
        **{row.result_id: documents[row.document_id] for row in dataset.tables.results},
    }
    rows: Sequence[Any] = dataset.tables.by_name()[name]
    of = [owners[getattr(row, owner)] for row in rows]
    if "region_id" not in fields:
        yield Column("地区·名称", [names["regions"].get(one.region_id) for one in of], key="region_id.name")
    if "year" not in fields:
        yield Column("年度", [one.year for one in of], key="year")
    yield Column(
        "网址", [policy.base_url + _page(row, one.document_id) for row, one in zip(rows, of, strict=True)], key="url"
    )


def _page(row: Any, document_id: str) -> str:
    """The page of a row, below the site: its result's or project's, at the indicator or finding if it is one, else its
    line of the document."""
    if (result_id := getattr(row, "result_id", None)) is not None:
        return f"results/{result_id}/" + (f"#s-{row.position:02d}" if isinstance(row, Score) else "")
    if (project_id := getattr(row, "project_id", None)) is None:
        return line_address(document_id, getattr(row, "line", None))
    of = {Indicator: "#i-{0.position:02d}", FindingRow: "#f-{0.finding_id}"}.get(type(row), "")
    return f"projects/{project_id}/" + of.format(row)


def _names(dataset: Dataset, name: str) -> dict[object, str]:
    """What each ID of a table is called, by ID."""
    table = dataset.schemas[name]
    title = "name" if "name" in table.names else "title"
    return {getattr(row, table.primary_key[0]): getattr(row, title) for row in dataset.tables.by_name()[name]}


def _sheet(
    book: xlsxwriter.Workbook,
    formats: Mapping[str, Format],
    title: str,
    columns: Sequence[Column],
    text: Format | None = None,
) -> None:
    """A sheet of columns under a frozen, filterable header; ``text`` is how text looks, as it comes where ``None``."""
    count = len(columns[0].values)
    sheet = book.add_worksheet(title)
    number_formats = []
    widths = [_width(column) for column in columns]
    for place, column in enumerate(columns):
        sheet.set_column(place, place, widths[place])
        numbers = [value for value in column.values if isinstance(value, Decimal)]
        whole = all(number == number.to_integral_value() for number in numbers)
        number_formats.append(formats["#,##0" if whole else "#,##0.00"] if column.unit == "元" else None)
        sheet.write_string(0, place, column.heading, formats["head"])
    for row, values in enumerate(zip(*(column.values for column in columns), strict=True), start=1):
        if text is not None:
            sheet.set_row(row, LINE_POINTS * max(map(_lines, values, widths)))
        for place, value in enumerate(values):
            if isinstance(value, str) and columns[place].key == "url" and row <= MOST_LINKS:
                sheet.write_url(row, place, value, formats["link"])
            elif isinstance(value, str):
                short = value if len(value) <= CELL_CHARACTERS else value[: CELL_CHARACTERS - len(CUT)] + CUT
                sheet.write_string(row, place, short, text)
            elif isinstance(value, int | Decimal):
                sheet.write_number(row, place, value, number_formats[place])
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, sum(column.key in FROZEN for column in columns))
    sheet.autofilter(0, 0, count, len(columns) - 1)
    # Phones and serial numbers are text on purpose: no green corner on each.
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(count, len(columns) - 1)}"})


def _lines(value: object, width: int) -> int:
    """The lines that a wrapped cell takes: LibreOffice and WPS leave a row as high as the file says."""
    if not isinstance(value, str):
        return 1
    return sum(max(1, -(-len(line.encode("gbk", "replace")) // width)) for line in value.split("\n"))


def _width(column: Column) -> int:
    # In GBK a Han character takes two bytes as it takes two columns.
    texts = (plain(value) if isinstance(value, Decimal) else str(value or "") for value in column.values)
    longest = max((len(text[:40].encode("gbk", "replace")) for text in texts), default=0)
    low, high = COLUMN_WIDTHS
    return min(high, max(low, longest + 2, len(column.heading.encode("gbk", "replace")) + 4))
