"""Findings and gaps as text for the person at the command line: what, where, and which data file to edit."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from builder import checks
from builder.config import Config
from builder.records import FindingRow, Tables

SEVERITIES = {"error": "错误", "warning": "存疑", "note": "提示"}
SHOWN_PER_CODE = 5
FORM_TYPES = {"special_fund": "专项资金", "project": "项目", "department_overall": "部门整体"}


def summary(tables: Tables) -> Iterator[str]:
    """One line a document: forms, indicators, catalogue rows, coverage, findings."""
    for document in tables.documents:
        key = document.document_id
        projects = [project for project in tables.projects if project.document_id == key]
        ids = {project.project_id for project in projects}
        indicators = sum(row.project_id in ids for row in tables.indicators)
        listed = sum(row.document_id == key for row in tables.catalogue)
        coverage = next(row for row in tables.coverage if row.document_id == key)
        found = sum(row.document_id == key for row in tables.findings)
        whole = coverage.read + coverage.furniture
        share = f"{100 * whole / coverage.cells:.2f}%" if coverage.cells else "—"
        yield (
            f"{key}：{len(projects)} 张表，{indicators} 项指标，目录 {listed} 行；"
            f"{coverage.cells} 个非空单元格读懂 {share}（报告 {coverage.reported} 个）；{found} 条发现"
        )


def sums(tables: Tables, document_id: str) -> Iterator[str]:
    """The sum of the forms by type, beside what the document states of itself."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for project in tables.projects:
        if project.document_id == document_id and project.budget_yuan is not None:
            totals[project.form_type] += project.budget_yuan
    for form_type, total in sorted(totals.items()):
        yield f"合计（{FORM_TYPES[form_type]}）：{checks.amount(total)}"
    document = next(row for row in tables.documents if row.document_id == document_id)
    if document.stated_total_yuan is not None:
        yield f"文件自报总额：{checks.amount(document.stated_total_yuan)}"
    if document.stated_projects is not None:
        yield f"文件自报项目数：{document.stated_projects}"


def findings(rows: Sequence[FindingRow], config: Config, limit: int | None = SHOWN_PER_CODE) -> Iterator[str]:
    """Findings grouped by code, the gravest first: message with file and line, and once a code the remedy."""
    files = {document.document_id: document.file.name for document in config.documents}
    grouped: dict[str, list[FindingRow]] = defaultdict(list)
    for row in rows:
        grouped[row.code].append(row)
    order = list(SEVERITIES)
    for code in sorted(grouped, key=lambda item: (order.index(config.codes[item].severity), item)):
        entry = config.codes[code]
        yield f"{SEVERITIES[entry.severity]} {code}（{entry.title}）{len(grouped[code])} 条"
        for row in grouped[code][:limit]:
            place = f":{row.line}" if row.line else ""
            yield f"  data/sources/{files[row.document_id]}{place} {row.project_id or ''} {row.message}"
        if limit is not None and len(grouped[code]) > limit:
            yield f"  ……另有 {len(grouped[code]) - limit} 条，见 data/dataset/findings.csv"
        yield f"  怎么办：{entry.fix}"


def against_last_year(tables: Tables, document_id: str) -> Iterator[str]:
    """What is new in a document against the latest earlier year of its region: came, went, changed."""
    document = next(row for row in tables.documents if row.document_id == document_id)
    years = {row.year for row in tables.documents if row.region_id == document.region_id and row.year < document.year}
    if not years:
        yield f"{document.region_id} 还没有更早年度的数据，没有可比的。"
        return
    last = max(years)
    before = {row.series_id: row for row in tables.projects if (row.region_id, row.year) == (document.region_id, last)}
    now = {row.series_id: row for row in tables.projects if row.document_id == document_id}
    common = now.keys() & before.keys()
    yield f"与 {last} 年比：同一项目 {len(common)} 个，新出现 {len(now) - len(common)} 个，不再出现 {len(before) - len(common)} 个"
    for series in sorted(common):
        old, new = before[series].budget_yuan, now[series].budget_yuan
        if old is not None and new is not None and old != new:
            yield f"  {now[series].name}：{checks.amount(old)} → {checks.amount(new)}"


STUBS = {
    "label-unknown": ("data/labels.yml", "把它加到对应那一栏的 labels 里：", "    labels: [..., {0}]"),
    "value-unparsed": ("data/lookups/tokens.yml", "如果它是一种写法，加到对应代码后面：", "  ge: [..., '{0}']"),
    "department-unmapped": ("data/sectors.yml", "给合适的行业加一个关键词：", "  keywords: [..., {0}]"),
}


def missing(rows: Sequence[FindingRow]) -> Iterator[str]:
    """What the vocabulary does not know yet, each with the file to edit and a stub to paste."""
    grouped: dict[str, dict[str, FindingRow]] = defaultdict(dict)
    unread: list[FindingRow] = []
    for row in rows:
        if row.code in STUBS:
            grouped[row.code].setdefault(row.actual or row.message, row)
        elif row.code in ("cell-unread", "row-ambiguous"):
            unread.append(row)
    for code in sorted(grouped):
        file, what, stub = STUBS[code]
        yield f"# {file}：{what}"
        for text, row in sorted(grouped[code].items()):
            yield f"{stub.format(text)}   # {row.document_id} 第 {row.line} 行"
    for row in unread:
        yield f"# 没有读懂：{row.document_id} 第 {row.line} 行 {row.message}"
    if not grouped and not unread:
        yield "全部读懂，没有要补的词。"
