"""Two states of the dataset → the rows that came, changed or went, and why.

Releases compare what they published with the dataset of today, a review compares two revisions: both by this.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeVar, get_args

from builder.dataset.store import ROW_TYPES, Dataset
from builder.settings.schema import Table
from builder.text import plain

Kind = Literal["added", "changed", "removed"]
Reason = Literal[
    "new_document",
    "replaced_document",
    "withdrawn_document",
    "changed_document",
    "correction",
    "fields",
    "linked",
    "ours",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
REASONS: tuple[Reason, ...] = get_args(Reason)
REASON_WORDS: Mapping[Reason, tuple[str, str]] = {
    "new_document": ("新文件", "收录了一份新公开的文件。"),
    "replaced_document": ("修订版", "公开单位发布了修订版，新文件取代旧文件，各有各的编号。"),
    "withdrawn_document": ("撤下的文件", "这份文件不再收录，也没有取代它的文件。"),
    "changed_document": ("文件内容不同", "文件编号没有变，校验和变了。"),
    "correction": ("更正", "文件自己就能证明的笔误，我们作了更正或撤回了更正；理由和依据在更正表里。"),
    "fields": ("字段变了", "文件没有变，这张表的字段有增减。"),
    "linked": ("对照的结果", "文件没有变，同一地区的文件有增减，互相对照的结果跟着变；也可能是我们改了读法或词表。"),
    "ours": ("我们的改动", "文件没有变，是我们改了读法、词表或规则，或者是一处更正带来的。"),
}
# Where a row's own name stands: what is called by it has, or once had, a place on the site.
NAMES = {"documents": "title", "departments": "name", "projects": "name", "indicators": "name", "results": "name"}

# 64 bits: two contents of the same row never meet by chance.
_FINGERPRINT_CHARACTERS = 16
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))

Key = tuple[str, str]
Row = Mapping[str, object]
Cell = TypeVar("Cell")


@dataclass(frozen=True, slots=True)
class Entry:
    """One published row. ``key`` joins its primary key with ``|``; ``fingerprint`` stands for its content.

    ``document_id`` is the document that the row comes from, ``region_id`` the region of a row that comes from several
    (a department), and ``project_id`` the project that it is, belongs to or tells of.
    """

    table: str
    key: str
    fingerprint: str
    document_id: str | None = None
    region_id: str | None = None
    project_id: str | None = None
    name: str | None = None
    series_id: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A row that came, changed or went, and why. A removed row is shown as it was last published."""

    kind: Kind
    reason: Reason
    entry: Entry


@dataclass(frozen=True, slots=True)
class PublishedDocument:
    document_id: str
    region_id: str
    year: int
    sha256: str


@dataclass(slots=True)
class Published:
    """The dataset at some time: its rows by table and key, the columns of its tables, and its documents.

    ``documents`` are also those that it held before; ``of_department`` are the documents that name a department.
    """

    entries: dict[Key, Entry] = field(default_factory=dict)
    documents: dict[str, PublishedDocument] = field(default_factory=dict)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of_department: Mapping[str, set[str | None]] = field(default_factory=dict)

    @property
    def current_documents(self) -> dict[str, PublishedDocument]:
        return {key: self.documents[key] for table, key in self.entries if table == "documents"}


def news(dataset: Dataset, fields: Mapping[str, tuple[str, ...]] | None = None) -> Published:
    """The dataset as readers are told of it: where a value comes from changes with the value, and is no news, nor are
    tables that are derived from the others.

    With ``fields`` only these columns of these tables, as an earlier release had them.
    """
    fields = fields or {name: table.names for name, table in dataset.schemas.items() if name in ROW_TYPES}
    schemas = {name: table for name, table in dataset.schemas.items() if name != "provenance" and name in fields}
    rows = {
        name: [
            {column: value for column, value in zip(table.names, values, strict=True) if column in fields[name]}
            for values in dataset.rows(name)
        ]
        for name, table in schemas.items()
    }
    return published(keyed(rows, schemas), fields)


def keyed(
    rows: Mapping[str, Iterable[Mapping[str, Cell]]], schemas: Mapping[str, Table]
) -> dict[Key, Mapping[str, Cell]]:
    """The rows by table and key. A key with an empty part may stand twice; the second of two is told by its place."""
    found: dict[Key, Mapping[str, Cell]] = {}
    for name, table in schemas.items():
        parts = table.primary_key or table.unique_keys[0]
        for row in rows[name]:
            key = "|".join(_text(row, part) or "" for part in parts)
            while (name, key) in found:
                key += "|+"
            found[name, key] = row
    return found


def published(rows: Mapping[Key, Row], fields: Mapping[str, tuple[str, ...]]) -> Published:
    """What ``rows`` of ``keyed`` publish; an empty cell is ``None``, or a column that is not there."""
    state = Published(fields=fields)
    owners = {key: _text(row, "document_id") for (table, key), row in rows.items() if table in ("projects", "results")}
    records = {
        key: _text(row, "project_id")
        for (table, key), row in rows.items()
        if table in ("projects", "indicators", "results")
    }
    of_department: dict[str, set[str | None]] = defaultdict(set)
    for (table, key), row in rows.items():
        # A catalogue's row names the form that matches it; it does not belong to it.
        project_id = None if table == "catalogue" else _text(row, "project_id")
        if record_id := _text(row, "record_id"):
            project_id = records.get(record_id.partition("|")[0])
        result_id = _text(row, "result_id")
        if result_id and table != "results":
            project_id = records.get(result_id)
        document_id = _text(row, "document_id") or owners.get(result_id or project_id or "")
        state.entries[table, key] = Entry(
            table=table,
            key=key,
            fingerprint=_fingerprint(row),
            document_id=document_id,
            region_id=_text(row, "region_id") if table == "departments" else None,
            project_id=project_id,
            name=_text(row, NAMES[table]) if table in NAMES else None,
            series_id=_text(row, "series_id") if table == "projects" else None,
        )
        if table == "documents":
            year, digest = int(_text(row, "year") or 0), _text(row, "sha256") or ""
            state.documents[key] = PublishedDocument(key, _text(row, "region_id") or "", year, digest)
        if table == "projects" and (department := _text(row, "department_id")):
            of_department[department].add(document_id)
    state.of_department = of_department
    return state


def _text(row: Row, name: str) -> str | None:
    value = row.get(name)
    return None if value is None else str(value)


def _fingerprint(row: Row) -> str:
    filled = {
        key: plain(value) if isinstance(value, Decimal) else value for key, value in row.items() if value is not None
    }
    return hashlib.sha256(_canonical.encode(filled).encode()).hexdigest()[:_FINGERPRINT_CHARACTERS]


def difference(before: Published, now: Published, replaces: Mapping[str, str]) -> tuple[Change, ...]:
    """The rows that are not the same in both, in the order of the tables, documents and kinds of change.

    ``replaces`` names for each revised document the one that it takes the place of.
    """
    reason = _Reasons(before, now, replaces)
    changes = []
    for key, entry in now.entries.items():
        old = before.entries.get(key)
        if old is None or old.fingerprint != entry.fingerprint:
            kind: Kind = "added" if old is None else "changed"
            changes.append(Change(kind, reason.of(entry, kind), entry))
    gone = (entry for key, entry in before.entries.items() if key not in now.entries)
    changes += [Change("removed", reason.of(entry, "removed"), entry) for entry in gone]
    order = {name: place for place, name in enumerate(now.fields)}

    def rank(change: Change) -> tuple[int, str, int, str, str]:
        entry = change.entry
        owner = entry.document_id or entry.region_id or ""
        return order.get(entry.table, len(order)), owner, KINDS.index(change.kind), change.reason, entry.key

    return tuple(sorted(changes, key=rank))


class _Reasons:
    """Why rows changed: decided by which documents (by hash) and which corrections came and went."""

    def __init__(self, before: Published, now: Published, replaces: Mapping[str, str]) -> None:
        old, new = before.current_documents, now.current_documents
        replaced = set(replaces.values())
        self.now = now
        self.documents: dict[str, Reason] = {}
        for document_id in new.keys() - old.keys():
            known = any(earlier in before.documents for earlier in _replaced_by(document_id, replaces))
            self.documents[document_id] = "replaced_document" if known else "new_document"
        for document_id in old.keys() - new.keys():
            self.documents[document_id] = "replaced_document" if document_id in replaced else "withdrawn_document"
        for document_id in old.keys() & new.keys():
            if old[document_id].sha256 != new[document_id].sha256:
                self.documents[document_id] = "changed_document"
        self.any_went = bool(old.keys() - new.keys())
        self.regions = {(new.get(key) or old[key]).region_id for key in self.documents}
        self.region_of = {key: row.region_id for key, row in {**old, **new}.items()}
        self.corrected = set(_corrected(before.entries, now.entries))
        self.reshaped = {name for name, names in before.fields.items() if now.fields.get(name, names) != names}

    def of(self, entry: Entry, kind: Kind) -> Reason:
        if entry.document_id in self.documents:
            return self.documents[entry.document_id]
        if entry.table == "corrections" or (entry.project_id is not None and entry.project_id in self.corrected):
            return "correction"
        if entry.table == "departments" and kind == "added":
            causes = {
                self.documents.get(document_id or "") for document_id in self.now.of_department.get(entry.key, ())
            }
            if len(causes) == 1 and (cause := causes.pop()) is not None:
                return cause
        if kind == "changed" and entry.table in self.reshaped:
            return "fields"
        region_id = entry.region_id or self.region_of.get(entry.document_id or "")
        # A text is compared with those of all regions, and was copied from another place once the first has gone.
        if region_id in self.regions or (entry.table == "findings" and self.any_went):
            return "linked"
        return "ours"


def _replaced_by(document_id: str, replaces: Mapping[str, str]) -> Iterator[str]:
    """The documents that one replaces, directly or through others, newest first."""
    while document_id in replaces:
        document_id = replaces[document_id]
        yield document_id


def _corrected(before: Mapping[Key, Entry], now: Mapping[Key, Entry]) -> Iterator[str | None]:
    """The projects whose corrections came, changed or went."""
    for key in before.keys() | now.keys():
        if key[0] == "corrections" and before.get(key) != now.get(key):
            yield (now.get(key) or before[key]).project_id
