"""One record, from the printed cell to the published value: what ``show`` prints and ``verify`` compares."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import zip_longest
from pathlib import Path

from builder.dataset import checks, diff, tabulate
from builder.dataset import compile as compiling
from builder.dataset.compile import Progress
from builder.dataset.history import record
from builder.dataset.rows import Indicator, Project, Provenance, Result, Score, Tables
from builder.dataset.store import Dataset
from builder.faults import RequestFault
from builder.model import Document
from builder.settings import Settings

# The tables of records: the column of each row's own id, and that of the sheet that it is part of.
KEYS = {
    "projects": ("project_id", "project_id"),
    "indicators": ("indicator_id", "project_id"),
    "funding": ("project_id", "project_id"),
    "results": ("result_id", "result_id"),
    "scores": ("score_id", "result_id"),
    "result_funding": ("result_id", "result_id"),
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A published column, its value, and the cell and rules that made it (``None`` if it was not read from one)."""

    column: str
    value: object
    origin: Provenance | None


def explain(record_id: str, settings: Settings, progress: Progress) -> tuple[Document, list[Explained], list[str]]:
    """How the columns of a project, an indicator, a result or a score came about, and the messages of its findings.

    Reads only the record's own document, and for results the targets of its place and year, which they are joined to.
    Raises ``RequestFault``.
    """
    document = _document(record_id, settings)
    place = (document.region_id, document.year, "targets")
    beside = [one for one in settings.current_documents if (one.region_id, one.year, one.kind) == place]
    read = [document] if document.kind == "targets" else [*beside, document]
    extracts = [(one, compiling.read_document(one, settings, progress, lambda _, extract: extract)) for one in read]
    tabulated = tabulate.tabulate(extracts, _only(read, settings))
    tables = tabulated.tables
    sheets: dict[str, Project | Result] = {row.project_id: row for row in tables.projects}
    sheets |= {row.result_id: row for row in tables.results}
    parts: dict[str, Indicator | Score] = {row.indicator_id: row for row in tables.indicators}
    parts |= {row.score_id: row for row in tables.scores}
    row = sheets.get(record_id) or parts.get(record_id)
    if row is None:
        raise RequestFault(_not_found(record_id, document, sheets, parts))
    line = row.line if isinstance(row, Score) else None
    origins = {item.field: item for item in tables.provenance if item.record_id == record_id}
    columns = [Explained(column.name, getattr(row, column.name), origins.get(column.name)) for column in fields(row)]
    messages = [
        f"{found.line} 行 {found.code}：{found.message}"
        for found in checks.check(tabulated, extracts, settings)
        if record_id in (found.project_id, found.indicator_id)
        or (found.document_id == document.document_id and isinstance(row, Result) and _is_within(found.line, row))
        or (found.document_id == document.document_id and line is not None and found.line == line)
    ]
    return document, columns, messages


def _is_within(line: int | None, row: Result) -> bool:
    return line is not None and row.line_start <= line <= row.line_end


def _not_found(record_id: str, document: Document, sheets: Iterable[str], parts: Iterable[str]) -> str:
    known = [sheet for sheet in sheets if _is_in(sheet, document)]
    sheet = next((one for one in known if record_id.startswith(f"{one}-")), None)
    if sheet is None:
        last = known[-1] if known else "（没有读出表）"
        return f"{document.document_id} 里没有 {record_id}；最后一张表是 {last}。"
    return f"{sheet} 有 {sum(part.startswith(f'{sheet}-') for part in parts)} 项指标，没有 {record_id}。"


def _document(record_id: str, settings: Settings) -> Document:
    for document in settings.documents:
        if _is_in(record_id, document):
            return document
    known = "、".join(document.document_id for document in settings.documents)
    raise RequestFault(
        f"没有 {record_id} 这样的编号。编号由文件编号加序号组成，如 changshou-2024-key-003；现有文件：{known}。"
    )


def _is_in(record_id: str, document: Document) -> bool:
    """Whether the id is one of this document's records; another document's id may begin with this one's."""
    return re.fullmatch(rf"{re.escape(document.document_id)}-\d{{3,}}(-\d{{2,}})?", record_id) is not None


def _only(read: Sequence[Document], settings: Settings) -> Settings:
    """The configuration with what concerns other documents left out, so that these can stand alone."""

    def is_of(record_id: str | None) -> bool:
        return record_id is None or any(_is_in(record_id, document) for document in read)

    corrections = tuple(item for item in settings.corrections if is_of(item.record))
    matches = tuple(one for one in settings.matches if is_of(one.result) and is_of(one.score))
    return replace(settings, documents=tuple(read), corrections=corrections, matches=matches, series=())


@dataclass(frozen=True, slots=True)
class Verified:
    """One published row made again from the archived document: the columns that differ, published and made."""

    table: str
    key: str
    differences: tuple[tuple[str, object, object], ...]


def verify(record_id: str, made: Tables, published: Dataset) -> list[Verified]:
    """The rows of a project (with its funding and indicators) or of an indicator, of a result (with its money and scores)
    or of a score, made again and compared.

    Raises ``RequestFault`` where neither the dataset nor the documents know the record.
    """
    result: list[Verified] = []
    again = Dataset(made, published.schemas)
    for table, keys in KEYS.items():
        names = published.schemas[table].names
        rows = (_matching(names, dataset.rows(table), keys, record_id) for dataset in (published, again))
        for old, new in zip_longest(*rows, fillvalue=dict[str, object]()):
            cells = ((name, old.get(name), new.get(name)) for name in names)
            differing = tuple(cell for cell in cells if cell[1] != cell[2])
            result.append(Verified(table, str((new or old)[keys[0]]), differing))
    if not result:
        raise RequestFault(
            f"数据集和文件里都没有 {record_id}。编号见项目页、结果页，或 data/dataset 的 projects.csv、results.csv。"
        )
    return result


def verify_release(record_id: str, made: Dataset, releases: Path, version: str) -> list[Verified]:
    """The rows of a record, made again, against release ``version``, by their fingerprints over the columns that it had.

    Raises ``RequestFault`` for a version that was not released, or did not hold the record.
    """
    all_releases = record.load(releases)
    known = [release.version for release in all_releases]
    if version not in known:
        raise RequestFault(f"没有 {version} 版；已发布的有 {'、'.join(known) or '（还没有）'}。")
    state = record.replay(all_releases[: known.index(version) + 1], releases)
    now = diff.news(made, state.fields).entries
    result = []
    for (table, key), entry in state.entries.items():
        if table in KEYS and (record_id in (entry.project_id, key) or _is_part(table, key, record_id)):
            again = now.get((table, key))
            same = again is not None and again.fingerprint == entry.fingerprint
            result.append(
                Verified(table, key, () if same else (("指纹", entry.fingerprint, again and again.fingerprint),))
            )
    if not result:
        raise RequestFault(f"{version} 版里没有 {record_id}。")
    return result


def _is_part(table: str, key: str, result_id: str) -> bool:
    """Whether a row is money or a score of a result: their keys begin with its id."""
    return key.startswith({"result_funding": f"{result_id}|", "scores": f"{result_id}-"}.get(table, "\0"))


def _matching(
    names: Sequence[str], rows: Iterable[tuple[object, ...]], keys: Iterable[str], record_id: str
) -> list[dict[str, object]]:
    mapped = (dict(zip(names, row, strict=True)) for row in rows)
    return [row for row in mapped if record_id in {row[key] for key in keys}]
