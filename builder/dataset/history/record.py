"""``data/releases/{version}.json`` ↔ ``Release``: the rows that a release added, changed or removed.

A row is recorded by a fingerprint of its content, never the content itself. Releases in their order give what was
published at any time (``State``), without the history of a repository.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as calendar_date
from pathlib import Path
from typing import Any

from builder.dataset.diff import KINDS, REASONS, Change, Entry, Key, Published, PublishedDocument
from builder.dataset.rows import group
from builder.faults import DatasetFault, regular

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_COLUMNS = ("key", "fingerprint", "project_id", "name", "series_id")
_KEYS = ("version", "date", "note", "documents", "fields", "columns", "changes")
_GROUP_KEYS = ("table", "document_id", "region_id", "change", "reason", "rows")


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


@dataclass(slots=True)
class State(Published):
    """What is published after some releases, ``since`` which, and what is ``gone`` with the last that held it."""

    gone: dict[Key, tuple[Entry, Release]] = field(default_factory=dict)
    since: dict[Key, Release] = field(default_factory=dict)


def load(folder: Path) -> tuple[Release, ...]:
    """The releases that ``folder`` records, oldest first; none where there is no such folder yet.

    Raises ``DatasetFault`` for a file that is no release, or that contradicts the ones before it.
    """
    paths = [path for path in sorted(folder.glob("*")) if not path.name.startswith(".")] if folder.is_dir() else []
    for path in paths:
        if path.suffix != ".json" or not _VERSION.fullmatch(path.stem):
            raise DatasetFault(f"{path}：这里只放「版本号.json」，由 python -m builder release 写出。请移走这个文件。")
    releases = tuple(_read(path) for path in sorted(paths, key=lambda path: version_order(path.stem)))
    replay(releases, folder)
    return releases


def require_sound(version: str, date: str, note: str) -> None:
    if not _VERSION.fullmatch(version):
        raise DatasetFault(f"版本「{version}」应为三段数字，如 1.2.0。")
    try:
        sound = calendar_date.fromisoformat(date).isoformat() == date
    except ValueError:
        sound = False
    if not sound:
        raise DatasetFault(f"日期「{date}」应写作 2026-11-21 这样。")
    if not note.strip() or not note.isprintable():
        raise DatasetFault("说明应为一行文字，写给读者看：这一版有什么不同。")


def version_order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def written(release: Release) -> str:
    """The file of a release: one row a line, rows of one kind, reason, table and document together."""
    groups = group(
        release.changes,
        lambda one: (one.entry.table, one.entry.document_id, one.entry.region_id, one.kind, one.reason),
    )
    parts = []
    for (table, document_id, region_id, kind, reason), changes in groups.items():
        # In the order of _GROUP_KEYS.
        head = _json(
            {"table": table, "document_id": document_id, "region_id": region_id, "change": kind, "reason": reason}
        )
        rows = ",\n".join(_json(_cells(entry)) for entry in (change.entry for change in changes))
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
        content = json.loads(regular(path).read_text(encoding="utf-8"))
        if sorted(content) != sorted(_KEYS) or content["columns"] != list(_COLUMNS):
            raise ValueError(f"应有的键是 {'、'.join(_KEYS)}")
        require_sound(content["version"], content["date"], content["note"])
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
    except (ValueError, TypeError, KeyError, AttributeError, DatasetFault) as error:
        raise DatasetFault(
            f"{path}：不是一份完好的发布记录（{error}）。它由程序写出，发布后不改：请从版本库恢复。"
        ) from error


def _changes(group: Mapping[str, Any]) -> Iterable[Change]:
    if sorted(group) != sorted(_GROUP_KEYS) or group["change"] not in KINDS or group["reason"] not in REASONS:
        raise ValueError(f"不认识的一组改动：{ {key: value for key, value in group.items() if key != 'rows'} }")
    for cells in group["rows"]:
        row = dict(zip(_COLUMNS, cells, strict=False))
        entry = Entry(table=group["table"], document_id=group["document_id"], region_id=group["region_id"], **row)
        yield Change(group["change"], group["reason"], entry)


def replay(releases: Sequence[Release], folder: Path) -> State:
    """What is published after all of ``releases``. Raises ``DatasetFault`` where one cannot follow those before it."""
    state = State()
    before: Release | None = None
    for release in releases:
        for change in release.changes:
            key = (change.entry.table, change.entry.key)
            if (key in state.entries) == (change.kind == "added"):
                raise DatasetFault(
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
