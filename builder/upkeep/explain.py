"""One record, from the printed cell to the published value: what ``show`` prints and ``verify`` compares."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

from builder.dataset import checks, tabulate
from builder.dataset import compile as compiling
from builder.dataset.compile import Progress
from builder.dataset.rows import Indicator, Project, Tables
from builder.dataset.store import Dataset
from builder.faults import RequestFault
from builder.model import Document, Extract, Filed, FiledForm
from builder.settings.config import Settings
from builder.text import clean, close_gaps, fold

# Published column → where the form keeps the cell that it was made from.
PROJECT_CELLS = {
    "serial_no": ("serial_no",),
    "project_code": ("project_code", "name"),
    "name": ("name",),
    "name_as_filed": ("name",),
    "department_id": ("department", "reporting_unit"),
    "implementing_unit": ("implementing_unit",),
    "budget_yuan": ("budget",),
    "budget_as_filed": ("budget",),
    "unit_as_filed": ("budget", "unit"),
    "execution_weight": ("execution_weight",),
    "overview": ("overview",),
    "basis": ("basis",),
    "goal": ("goal", "goal_overall"),
    "contact_name": ("contact_name", "contact"),
    "contact_phone": ("contact_phone", "contact"),
}
INDICATOR_CELLS = {
    "level1": "level1",
    "level2": "level2",
    "name": "name",
    "comparison": "comparison",
    "comparison_as_filed": "comparison",
    "target_as_filed": "target",
    "target_value": "target",
    "unit": "unit",
    "base_value": "target",
    "base_unit": "unit",
    "weight": "weight",
    "is_core": "is_core",
    "is_execution_rate": "name",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A published column: its value, the cell it was made from (``None`` if none was printed), and what touched it."""

    column: str
    value: object
    cell: Filed | None
    touched: tuple[str, ...]


def explain(record_id: str, settings: Settings, progress: Progress) -> tuple[Document, list[Explained], list[str]]:
    """How a project's or an indicator's columns came about, and the messages of its findings.

    Reads only the record's own document. Raises ``RequestFault``.
    """
    document, extract = _read(record_id, settings, progress)
    tabulated = tabulate.tabulate([(document, extract)], _only(document, settings))
    project = next((item for item in tabulated.tables.projects if _is_of(record_id, item.project_id)), None)
    if project is None:
        last = tabulated.tables.projects[-1].project_id if tabulated.tables.projects else "（没有读出表）"
        raise RequestFault(f"{document.document_id} 里没有 {record_id}；最后一张表是 {last}。")
    form = extract.forms[project.form_no - 1]
    found = checks.check(tabulated, [(document, extract)], settings)
    if record_id == project.project_id:
        messages = [f"{row.line} 行 {row.code}：{row.message}" for row in found if row.project_id == record_id]
        return document, list(_project(project, form, settings)), messages
    indicator = next((item for item in tabulated.tables.indicators if item.indicator_id == record_id), None)
    if indicator is None:
        raise RequestFault(f"{project.project_id} 有 {len(form.indicators)} 项指标，没有 {record_id}。")
    messages = [f"{row.line} 行 {row.code}：{row.message}" for row in found if row.indicator_id == record_id]
    return document, list(_indicator(indicator, form, settings)), messages


def _read(record_id: str, settings: Settings, progress: Progress) -> tuple[Document, Extract]:
    for document in settings.documents:
        if _is_in(record_id, document):
            return document, compiling.extract_document(
                document, compiling.read_document(document, settings, progress), settings
            )
    known = "、".join(document.document_id for document in settings.documents)
    raise RequestFault(
        f"没有 {record_id} 这样的编号。编号由文件编号加序号组成，如 changshou-2024-key-003；现有文件：{known}。"
    )


def _is_of(record_id: str, project_id: str) -> bool:
    return record_id == project_id or record_id.startswith(f"{project_id}-")


def _is_in(record_id: str, document: Document) -> bool:
    """Whether the id is one of this document's records; another document's id may begin with this one's."""
    return re.fullmatch(rf"{re.escape(document.document_id)}-\d{{3,}}(-\d{{2,}})?", record_id) is not None


def _only(document: Document, settings: Settings) -> Settings:
    """The configuration with what concerns other documents left out, so that one document can stand alone."""
    mine = tuple(item for item in settings.corrections if _is_in(item.record, document))
    return replace(settings, documents=(document,), corrections=mine, series=())


def _project(project: Project, form: FiledForm, settings: Settings) -> Iterator[Explained]:
    for column in fields(Project):
        names = PROJECT_CELLS.get(column.name, ())
        cell = next((form.fields[name] for name in names if name in form.fields), None)
        value = getattr(project, column.name)
        touched = [*_touched(project.project_id, column.name, value, cell, settings)]
        if column.name == "budget_yuan" and value is not None and project.unit_as_filed != "元":
            touched.append(f"单位：{project.unit_as_filed}换算成元")
        yield Explained(column.name, value, cell, tuple(touched))


def _indicator(indicator: Indicator, form: FiledForm, settings: Settings) -> Iterator[Explained]:
    row = form.indicators[indicator.position - 1]
    for column in fields(Indicator):
        cell = row.get(INDICATOR_CELLS.get(column.name, ""))
        value = getattr(indicator, column.name)
        yield Explained(
            column.name, value, cell, tuple(_touched(indicator.indicator_id, column.name, value, cell, settings))
        )


def _touched(record: str, column: str, value: object, cell: Filed | None, settings: Settings) -> Iterator[str]:
    for place, correction in enumerate(settings.corrections, 1):
        if (correction.record, correction.field) == (record, column):
            yield f"更正：data/corrections.yml 第 {place} 条，{correction.reason}"
    if cell is None or value is None or column.endswith("_as_filed"):
        return
    if column == "comparison" and fold(cell.text) != value:
        yield f"对照：data/lookups/tokens.yml comparison.{value}"
    if column == "is_core":
        yield f"对照：data/lookups/tokens.yml yes_no.{str(value).lower()}"
    if column == "base_value":
        yield "单位里的万、亿乘进数值"
    if column == "department_id":
        yield "部门：去掉编码和地区名，按 data/lookups/departments.yml 统一写法"
    if isinstance(value, str) and clean(cell.text)[1]:
        yield f"清理：去掉残留标记 {' '.join(clean(cell.text)[1])}"
    elif isinstance(value, str) and column == "name" and close_gaps(cell.text) != cell.text:
        yield "清理：合并换行和空格"


@dataclass(frozen=True, slots=True)
class Verified:
    """One published row made again from the archived document: the columns that differ, published and made."""

    table: str
    key: str
    differences: tuple[tuple[str, object, object], ...]


def verify(record_id: str, made: Tables, published: Dataset) -> list[Verified]:
    """The rows of a project (with its funding and indicators) or of an indicator, made again and compared.

    Raises ``RequestFault`` where neither the dataset nor the documents know the record.
    """
    result: list[Verified] = []
    for table, key in (("projects", "project_id"), ("indicators", "indicator_id"), ("funding", "project_id")):
        names = published.schemas[table].names
        wanted = {"project_id", key} & set(names)
        before = _matching(names, published.rows(table), wanted, record_id)
        after = _matching(names, (_values(row) for row in getattr(made, table)), wanted, record_id)
        for place in range(max(len(before), len(after))):
            old = before[place] if place < len(before) else None
            new = after[place] if place < len(after) else None
            differing = tuple(
                (name, old and old[name], new and new[name])
                for name in names
                if (old and old[name]) != (new and new[name])
            )
            result.append(Verified(table, str((new or old or {})[key]), differing))
    if not result:
        raise RequestFault(f"数据集和文件里都没有 {record_id}。编号见项目页或 data/dataset/projects.csv。")
    return result


def _values(row: object) -> tuple[object, ...]:
    return tuple(getattr(row, column.name) for column in fields(row))  # type: ignore[arg-type]


def _matching(
    names: Sequence[str], rows: Iterable[tuple[object, ...]], keys: set[str], record_id: str
) -> list[dict[str, object]]:
    mapped = (dict(zip(names, row, strict=True)) for row in rows)
    return [row for row in mapped if record_id in {row[key] for key in keys}]
