"""What each release published and why it changed: ``data/releases/{version}.json`` ↔ ``Release`` → ``History``.

A release is recorded as the rows that it added, changed or removed, each with a fingerprint of its content and never
the content itself; the releases in their order give what was published at any time, without the history of a
repository. Fingerprints hash the filled cells alone, so that a new column changes only the rows that have it.

Nothing here knows the time: whoever releases says the date.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as calendar_date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

from builder import atomic
from builder.dataset import Dataset, plain
from builder.model import Document
from builder.tables import series_key
from builder.values import fold

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

# Where a row's own name stands: what is called by it has, or once had, a place on the site.
NAMES = {"documents": "title", "departments": "name", "projects": "name", "indicators": "name"}

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
# 64 bits: two contents of the same row never meet by chance.
_FINGERPRINT_CHARACTERS = 16
_COLUMNS = ("key", "fingerprint", "project_id", "name", "series_id")
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_KEYS = ("version", "date", "note", "documents", "fields", "columns", "changes")
_GROUP_KEYS = ("table", "document_id", "region_id", "change", "reason", "rows")


class ReleaseError(Exception):
    """A release that cannot be cut, or a record of one that cannot be used: which, and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One published row. ``key`` joins its primary key with ``|``; ``fingerprint`` stands for its content.

    ``document_id`` is the document that the row comes from, ``region_id`` the region of a row that comes from several
    (a department), and ``project_id`` the project that it is or belongs to.
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


@dataclass(frozen=True, slots=True)
class Release:
    """``documents`` are those that the release was the first to hold, or holds with another content; ``fields`` the
    columns of each table."""

    version: str
    date: str
    note: str
    documents: tuple[PublishedDocument, ...]
    fields: Mapping[str, tuple[str, ...]]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Vanished:
    """A row with a name of its own that ``last`` was the last release to hold.

    ``successor`` is the id of the one row that takes its place; ``None`` where there is none, or more than one.
    """

    entry: Entry
    last: Release
    successor: str | None


@dataclass(frozen=True, slots=True)
class History:
    """All releases, oldest first, and what the dataset differs in from the last (``pending``).

    ``vanished`` is by table and key. ``documents`` are all that ever were published or are in the dataset now, by id.
    """

    releases: tuple[Release, ...]
    pending: tuple[Change, ...]
    vanished: Mapping[tuple[str, str], Vanished]
    documents: Mapping[str, PublishedDocument]


@dataclass(slots=True)
class _State:
    """What is published after some releases, ``since`` which, and what is ``gone`` with the last that held it."""

    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    documents: dict[str, PublishedDocument] = field(default_factory=dict)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gone: dict[tuple[str, str], tuple[Entry, Release]] = field(default_factory=dict)
    since: dict[tuple[str, str], Release] = field(default_factory=dict)

    @property
    def current_documents(self) -> dict[str, PublishedDocument]:
        return {key: self.documents[key] for table, key in self.entries if table == "documents"}


# The record


def load(folder: Path) -> tuple[Release, ...]:
    """The releases that ``folder`` records, oldest first; none where there is no such folder yet.

    Raises ``ReleaseError`` for a file that is no release, or that contradicts the ones before it.
    """
    paths = [path for path in sorted(folder.glob("*")) if not path.name.startswith(".")] if folder.is_dir() else []
    for path in paths:
        if path.suffix != ".json" or not _VERSION.fullmatch(path.stem):
            raise ReleaseError(f"{path}：这里只放「版本号.json」，由 python -m builder release 写出。请移走这个文件。")
    releases = tuple(_read(path) for path in sorted(paths, key=lambda path: _number(path.stem)))
    _replay(releases, folder)
    return releases


def replacements(documents: Iterable[Document]) -> dict[str, str]:
    """For each revised document of the manifest the one that it takes the place of, by id."""
    return {document.document_id: document.replaces for document in documents if document.replaces is not None}


def cut(dataset: Dataset, folder: Path, version: str, date: str, note: str, replaces: Mapping[str, str]) -> Release:
    """Record what ``dataset`` publishes as release ``version`` of day ``date`` (ISO), and return it.

    ``note`` is one line for readers; ``replaces`` names for each revised document the one that it takes the place of.
    Raises ``ReleaseError``, and writes nothing, where the version is not greater than the last, the day is earlier
    than the last, or the note is not one line.
    """
    releases = load(folder)
    _require_sound(version, date, note)
    if releases:
        last = releases[-1]
        if _number(version) <= _number(last.version):
            raise ReleaseError(
                f"版本 {version} 不大于上一版 {last.version}。已发布的版本不改不删：更正数据时末号加一，"
                "增加文件时次号加一，表或字段改变时主号加一。"
            )
        if date < last.date:
            raise ReleaseError(f"日期 {date} 早于上一版 {last.version} 的 {last.date}。请核对日期。")
    state = _replay(releases, folder)
    documents = _documents(dataset)
    release = Release(
        version=version,
        date=date,
        note=note,
        documents=tuple(row for key, row in sorted(documents.items()) if state.documents.get(key) != row),
        fields={name: table.names for name, table in dataset.schemas.items()},
        changes=_compare(state, entries(dataset), dataset, replaces),
    )
    folder.mkdir(parents=True, exist_ok=True)
    atomic.write_bytes(folder / f"{version}.json", _written(release).encode())
    return release


def _require_sound(version: str, date: str, note: str) -> None:
    if not _VERSION.fullmatch(version):
        raise ReleaseError(f"版本「{version}」应为三段数字，如 1.2.0。")
    try:
        sound = calendar_date.fromisoformat(date).isoformat() == date
    except ValueError:
        sound = False
    if not sound:
        raise ReleaseError(f"日期「{date}」应写作 2026-11-21 这样。")
    if not note.strip() or not note.isprintable():
        raise ReleaseError("说明应为一行文字，写给读者看：这一版有什么不同。")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _written(release: Release) -> str:
    """The file of a release: one row a line, rows of one kind, reason, table and document together."""
    groups: dict[tuple[Any, ...], list[Entry]] = defaultdict(list)
    for change in release.changes:
        entry = change.entry
        groups[entry.table, entry.document_id, entry.region_id, change.kind, change.reason].append(entry)
    parts = []
    for (table, document_id, region_id, kind, reason), entries in groups.items():
        # In the order of _GROUP_KEYS.
        head = _json(
            {"table": table, "document_id": document_id, "region_id": region_id, "change": kind, "reason": reason}
        )
        rows = ",\n".join(_json(_cells(entry)) for entry in entries)
        parts.append(f'{head[:-1]}, "rows": [\n{rows}]}}')
    fields = ",\n".join(f"{_json(name)}: {_json(list(names))}" for name, names in release.fields.items())
    documents = ",\n".join(
        _json({"document_id": row.document_id, "region_id": row.region_id, "year": row.year, "sha256": row.sha256})
        for row in release.documents
    )
    return (
        f'{{"version": {_json(release.version)},\n"date": {_json(release.date)},\n"note": {_json(release.note)},\n'
        f'"documents": [\n{documents}],\n"fields": {{\n{fields}}},\n"columns": {_json(list(_COLUMNS))},\n'
        f'"changes": [\n{f",{chr(10)}".join(parts)}]}}\n'
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cells(entry: Entry) -> list[str | None]:
    """The columns of a row, without the empty ones at its end."""
    cells: list[str | None] = [getattr(entry, column) for column in _COLUMNS]
    while cells[-1] is None:
        cells.pop()
    return cells


def _read(path: Path) -> Release:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if sorted(content) != sorted(_KEYS) or content["columns"] != list(_COLUMNS):
            raise ValueError(f"应有的键是 {'、'.join(_KEYS)}")
        _require_sound(content["version"], content["date"], content["note"])
        if content["version"] != path.stem:
            raise ValueError(f"文件名是 {path.stem}，里面写的版本是 {content['version']}")
        return Release(
            version=content["version"],
            date=content["date"],
            note=content["note"],
            documents=tuple(PublishedDocument(**row) for row in content["documents"]),
            fields={name: tuple(names) for name, names in content["fields"].items()},
            changes=tuple(change for group in content["changes"] for change in _changes(group)),
        )
    except (ValueError, TypeError, KeyError, AttributeError, ReleaseError) as error:
        raise ReleaseError(
            f"{path}：不是一份完好的发布记录（{error}）。它由程序写出，发布后不改：请从版本库恢复。"
        ) from error


def _changes(group: Mapping[str, Any]) -> Iterable[Change]:
    if sorted(group) != sorted(_GROUP_KEYS) or group["change"] not in KINDS or group["reason"] not in REASONS:
        raise ValueError(f"不认识的一组改动：{ {key: value for key, value in group.items() if key != 'rows'} }")
    for cells in group["rows"]:
        row = dict(zip(_COLUMNS, cells, strict=False))
        entry = Entry(table=group["table"], document_id=group["document_id"], region_id=group["region_id"], **row)
        yield Change(group["change"], group["reason"], entry)


def _replay(releases: Sequence[Release], folder: Path) -> _State:
    """What is published after all of ``releases``. Raises ``ReleaseError`` where one cannot follow those before it."""
    state = _State()
    before: Release | None = None
    for release in releases:
        for change in release.changes:
            key = (change.entry.table, change.entry.key)
            if (key in state.entries) == (change.kind == "added"):
                raise ReleaseError(
                    f"{folder / release.version}.json：{key[0]} 的 {key[1]} 记作 {change.kind}，"
                    f"与之前的版本接不上。发布记录不能改、不能删：请从版本库恢复 {folder}。"
                )
            if change.kind == "removed":
                assert before is not None, "a row can only go where an earlier release had it"
                del state.entries[key]
                state.gone[key] = (change.entry, before)
            else:
                state.entries[key] = change.entry
            if change.kind == "added":
                state.gone.pop(key, None)
                state.since[key] = release
        state.documents.update({row.document_id: row for row in release.documents})
        state.fields = release.fields
        before = release
    return state


# What is published now


def entries(dataset: Dataset) -> dict[tuple[str, str], Entry]:
    """Each row of the dataset as an ``Entry``, by table and key."""
    tables = dataset.tables
    documents = dict(zip(tables["projects"]["project_id"], tables["projects"]["document_id"], strict=True))
    projects = dict(zip(tables["indicators"]["indicator_id"], tables["indicators"]["project_id"], strict=True))
    projects.update({project_id: project_id for project_id in documents})
    found: dict[tuple[str, str], Entry] = {}
    for name, table in dataset.schemas.items():
        columns, key_fields = table.names, table.primary_key or table.unique_keys[0]
        for values in dataset.rows(name):
            row = dict(zip(columns, values, strict=True))
            key = "|".join("" if row[part] is None else str(row[part]) for part in key_fields)
            # A key with an empty part may stand twice; the second of two is told by its place.
            while (name, key) in found:
                key += "|+"
            # A catalogue's row names the form that matches it; it does not belong to it.
            project_id = projects.get(row.get("record_id")) if name == "corrections" else row.get("project_id")
            project_id = None if name == "catalogue" else project_id
            document_id = row.get("document_id") or documents.get(project_id)
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


def _documents(dataset: Dataset) -> dict[str, PublishedDocument]:
    columns = dataset.tables["documents"][["document_id", "region_id", "year", "sha256"]]
    rows = (PublishedDocument(str(a), str(b), int(c), str(d)) for a, b, c, d in columns.itertuples(index=False))
    return {row.document_id: row for row in rows}


# What has changed, and why


def _compare(
    before: _State, now: Mapping[tuple[str, str], Entry], dataset: Dataset, replaces: Mapping[str, str]
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
        self, before: _State, now: Mapping[tuple[str, str], Entry], dataset: Dataset, replaces: Mapping[str, str]
    ) -> None:
        old, new = before.current_documents, _documents(dataset)
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
        for department_id, document_id in (
            dataset.tables["projects"][["department_id", "document_id"]].dropna().itertuples(index=False)
        ):
            self.department_documents[str(department_id)].add(str(document_id))

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


def history(dataset: Dataset, folder: Path, replaces: Mapping[str, str]) -> History:
    """The releases that ``folder`` records, against the dataset; ``replaces`` as for ``cut``."""
    releases = load(folder)
    state = _replay(releases, folder)
    now = entries(dataset)
    pending = _compare(state, now, dataset, replaces)
    gone = dict(state.gone)
    if releases:
        for change in pending:
            if change.kind == "removed":
                gone[change.entry.table, change.entry.key] = (change.entry, releases[-1])
    successors = _Successors(state, gone, now, dataset, replaces)
    return History(
        releases=releases,
        pending=pending,
        vanished={
            key: Vanished(*gone[key], successors.of(*gone[key]))
            for key in sorted(gone)
            if key[0] in NAMES and key not in now
        },
        documents={**state.documents, **_documents(dataset)},
    )


class _Successors:
    """Which row of the dataset takes the place of one that has gone: the only one that can, or none.

    A row that was published beside it does not take its place, whatever its name.
    """

    def __init__(
        self,
        state: _State,
        gone: Mapping[tuple[str, str], tuple[Entry, Release]],
        now: Mapping[tuple[str, str], Entry],
        dataset: Dataset,
        replaces: Mapping[str, str],
    ) -> None:
        self.now = now
        self.since = state.since
        self.replacers: dict[str, list[str]] = defaultdict(list)
        for new, old in replaces.items():
            self.replacers[old].append(new)
        self.projects: dict[str | None, list[Entry]] = defaultdict(list)
        self.indicators: dict[str | None, list[Entry]] = defaultdict(list)
        for entry in now.values():
            if entry.table == "projects":
                self.projects[entry.document_id].append(entry)
            elif entry.table == "indicators":
                self.indicators[entry.project_id].append(entry)
        self.departments: dict[tuple[str, str], set[str]] = defaultdict(set)
        columns = dataset.tables["departments"][["region_id", "department_id", "name", "names_as_filed"]]
        for region_id, department_id, name, filed in columns.itertuples(index=False):
            for spelling in (name, *filed.split("|")):
                self.departments[region_id, fold(spelling)].add(department_id)
        # Which series of today a series of an earlier release lives on in, by the projects that are in both.
        self.series: dict[str | None, set[str | None]] = defaultdict(set)
        published = {**{key: entry for key, (entry, _) in gone.items()}, **state.entries}
        for key, entry in published.items():
            if entry.table == "projects" and key in now:
                self.series[entry.series_id].add(now[key].series_id)
        self.former = {entry.key: entry for entry in published.values() if entry.table == "projects"}

    def of(self, entry: Entry, last: Release) -> str | None:
        """The row that takes the place of ``entry``, which ``last`` was the last release to hold."""
        match entry.table:
            case "documents":
                return self._document(entry.key)
            case "projects":
                return self._project(entry, last)
            case "indicators":
                return self._indicator(entry, last)
            case _:
                return _only(self.departments[entry.region_id or "", fold(entry.name or "")])

    def _later(self, candidate: Entry, last: Release) -> bool:
        since = self.since.get((candidate.table, candidate.key))
        return since is None or _number(since.version) > _number(last.version)

    def _document(self, document_id: str) -> str | None:
        seen = {document_id}
        while ("documents", document_id) not in self.now:
            replacer = _only(self.replacers[document_id])
            if replacer is None or replacer in seen:
                return None
            document_id = replacer
            seen.add(document_id)
        return document_id

    def _project(self, entry: Entry, last: Release) -> str | None:
        there = self.projects[self._document(entry.document_id or "")]
        candidates = [one for one in there if self._later(one, last)]
        wanted = series_key(entry.name or "")
        named = [one.key for one in candidates if series_key(one.name or "") == wanted]
        joined = [one.key for one in candidates if one.series_id in self.series[entry.series_id]]
        return _only(named or joined)

    def _indicator(self, entry: Entry, last: Release) -> str | None:
        project_id = entry.project_id
        if ("projects", project_id) not in self.now:
            former = self.former.get(project_id or "")
            project_id = None if former is None else self._project(former, last)
        wanted = fold(entry.name or "")
        candidates = [one for one in self.indicators[project_id] if self._later(one, last)]
        return _only([one.key for one in candidates if fold(one.name or "") == wanted])


def _only(ids: Iterable[str]) -> str | None:
    """The id, where there is exactly one."""
    found = list(ids)
    return found[0] if len(found) == 1 else None
