"""One record, from the printed cell to the published value: what ``show`` prints and ``verify`` compares."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from builder.dataset import checks, diff, tabulate
from builder.dataset import compile as compiling
from builder.dataset.compile import Progress
from builder.dataset.history import record
from builder.dataset.rows import Provenance, Tables
from builder.dataset.store import Dataset
from builder.faults import RequestFault
from builder.model import Document, Extract
from builder.settings import Settings


@dataclass(frozen=True, slots=True)
class Explained:
    """A published column, its value, and the cell and rules that made it (``None`` if it was not read from one)."""

    column: str
    value: object
    origin: Provenance | None


def explain(record_id: str, settings: Settings, progress: Progress) -> tuple[Document, list[Explained], list[str]]:
    """How a project's or an indicator's columns came about, and the messages of its findings.

    Reads only the record's own document. Raises ``RequestFault``.
    """
    document, extract = _read(record_id, settings, progress)
    tabulated = tabulate.tabulate([(document, extract)], _only(document, settings))
    tables = tabulated.tables
    project = next((row for row in tables.projects if _is_of(record_id, row.project_id)), None)
    if project is None:
        last = tables.projects[-1].project_id if tables.projects else "（没有读出表）"
        raise RequestFault(f"{document.document_id} 里没有 {record_id}；最后一张表是 {last}。")
    indicators = {row.indicator_id: row for row in tables.indicators if row.project_id == project.project_id}
    row = project if record_id == project.project_id else indicators.get(record_id)
    if row is None:
        raise RequestFault(f"{project.project_id} 有 {len(indicators)} 项指标，没有 {record_id}。")
    origins = {item.field: item for item in tables.provenance if item.record_id == record_id}
    columns = [Explained(column.name, getattr(row, column.name), origins.get(column.name)) for column in fields(row)]
    messages = [
        f"{found.line} 行 {found.code}：{found.message}"
        for found in checks.check(tabulated, [(document, extract)], settings)
        if record_id in (found.project_id, found.indicator_id)
    ]
    return document, columns, messages


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
        if table in ("projects", "indicators", "funding") and record_id in (entry.project_id, key):
            again = now.get((table, key))
            same = again is not None and again.fingerprint == entry.fingerprint
            result.append(
                Verified(table, key, () if same else (("指纹", entry.fingerprint, again and again.fingerprint),))
            )
    if not result:
        raise RequestFault(f"{version} 版里没有 {record_id}。")
    return result


def _values(row: object) -> tuple[object, ...]:
    return tuple(getattr(row, column.name) for column in fields(row))  # type: ignore[arg-type]


def _matching(
    names: Sequence[str], rows: Iterable[tuple[object, ...]], keys: set[str], record_id: str
) -> list[dict[str, object]]:
    mapped = (dict(zip(names, row, strict=True)) for row in rows)
    return [row for row in mapped if record_id in {row[key] for key in keys}]
