"""What a dataset differs in from the last release, row by row, and why."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from builder.dataset.history.record import KINDS, Change, Entry, Kind, PublishedDocument, Reason, State
from builder.dataset.store import Dataset
from builder.text import plain

# Where a row's own name stands: what is called by it has, or once had, a place on the site.
NAMES = {"documents": "title", "departments": "name", "projects": "name", "indicators": "name"}

# 64 bits: two contents of the same row never meet by chance.
_FINGERPRINT_CHARACTERS = 16
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entries(dataset: Dataset) -> dict[tuple[str, str], Entry]:
    """Each row of the dataset as an ``Entry``, by table and key."""
    documents = {row.project_id: row.document_id for row in dataset.tables.projects}
    projects = {row.indicator_id: row.project_id for row in dataset.tables.indicators}
    projects.update({project_id: project_id for project_id in documents})
    found: dict[tuple[str, str], Entry] = {}
    for name, table in dataset.schemas.items():
        # Where a value comes from changes with the value, or when we say it otherwise: neither is news of its own.
        if name == "provenance":
            continue
        columns, key_fields = table.names, table.primary_key or table.unique_keys[0]
        for values in dataset.rows(name):
            row = dict(zip(columns, values, strict=True))
            key = "|".join("" if row[part] is None else str(row[part]) for part in key_fields)
            # A key with an empty part may stand twice; the second of two is told by its place.
            while (name, key) in found:
                key += "|+"
            # A catalogue's row names the form that matches it; it does not belong to it.
            project_id = projects.get(row["record_id"]) if name == "corrections" else row.get("project_id")
            project_id = None if name == "catalogue" else project_id
            document_id = row.get("document_id") or documents.get(project_id or "")
            found[name, key] = Entry(
                table=name,
                key=key,
                fingerprint=_fingerprint(row),
                document_id=document_id,
                region_id=row.get("region_id") if name == "departments" else None,
                project_id=project_id,
                name=row[NAMES[name]] if name in NAMES else None,
                series_id=row["series_id"] if name == "projects" else None,
            )
    return found


def _fingerprint(row: Mapping[str, object]) -> str:
    filled = {
        key: plain(value) if isinstance(value, Decimal) else value for key, value in row.items() if value is not None
    }
    return hashlib.sha256(_canonical.encode(filled).encode()).hexdigest()[:_FINGERPRINT_CHARACTERS]


def documents_of(dataset: Dataset) -> dict[str, PublishedDocument]:
    return {
        row.document_id: PublishedDocument(row.document_id, row.region_id, row.year, row.sha256)
        for row in dataset.tables.documents
    }


def compare(
    before: State, now: Mapping[tuple[str, str], Entry], dataset: Dataset, replaces: Mapping[str, str]
) -> tuple[Change, ...]:
    reason = _Reasons(before, now, dataset, replaces)
    changes = []
    for key, entry in now.items():
        old = before.entries.get(key)
        if old is None:
            changes.append(Change("added", reason.of(entry, "added"), entry))
        elif old.fingerprint != entry.fingerprint:
            changes.append(Change("changed", reason.of(entry, "changed"), entry))
    changes += [
        Change("removed", reason.of(entry, "removed"), entry) for key, entry in before.entries.items() if key not in now
    ]
    tables = list(dataset.schemas)
    return tuple(
        sorted(
            changes,
            key=lambda change: (
                tables.index(change.entry.table) if change.entry.table in tables else len(tables),
                change.entry.document_id or change.entry.region_id or "",
                KINDS.index(change.kind),
                change.reason,
                change.entry.key,
            ),
        )
    )


class _Reasons:
    """Why rows changed: decided by which documents (by hash) and which corrections came and went."""

    def __init__(
        self, before: State, now: Mapping[tuple[str, str], Entry], dataset: Dataset, replaces: Mapping[str, str]
    ) -> None:
        old, new = before.current_documents, documents_of(dataset)
        replaced = set(replaces.values())
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
        self.corrected = set(_corrected(before.entries, now))
        self.reshaped = {
            name
            for name, names in before.fields.items()
            if name in dataset.schemas and dataset.schemas[name].names != names
        }
        self.department_documents: dict[str, set[str]] = defaultdict(set)
        for project in dataset.tables.projects:
            if project.department_id is not None:
                self.department_documents[project.department_id].add(project.document_id)

    def of(self, entry: Entry, kind: Kind) -> Reason:
        if entry.document_id in self.documents:
            return self.documents[entry.document_id]
        if entry.table == "corrections" or (entry.project_id is not None and entry.project_id in self.corrected):
            return "correction"
        if entry.table == "departments" and kind == "added":
            causes = {self.documents.get(document_id) for document_id in self.department_documents[entry.key]}
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


def _corrected(before: Mapping[tuple[str, str], Entry], now: Mapping[tuple[str, str], Entry]) -> Iterator[str | None]:
    """The projects whose corrections came, changed or went."""
    for key in before.keys() | now.keys():
        if key[0] == "corrections":
            old, new = before.get(key), now.get(key)
            if old is None or new is None or old.fingerprint != new.fingerprint:
                entry = new if new is not None else old
                assert entry is not None, "the key is of one of the two"
                yield entry.project_id
