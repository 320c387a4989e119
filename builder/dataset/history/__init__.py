"""What each release published and why it changed: ``data/releases/{version}.json`` ↔ ``Release`` → ``History``.

A release is recorded as the rows that it added, changed or removed, each with a fingerprint of its content and never
the content itself; the releases in their order give what was published at any time, without the history of a
repository. Fingerprints hash the filled cells alone, so that a new column changes only the rows that have it.

Nothing here knows the time: whoever releases says the date.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from builder import atomic
from builder.dataset.diff import NAMES, Change, Entry, Key, PublishedDocument, difference, news
from builder.dataset.history.record import Release, load, replay, require_sound, version_order, written
from builder.dataset.history.successors import Successors
from builder.dataset.store import Dataset
from builder.faults import DatasetFault
from builder.model import Document

__all__ = ["History", "Release", "Vanished", "cut", "history", "load", "replacements"]


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
    vanished: Mapping[Key, Vanished]
    documents: Mapping[str, PublishedDocument]


def replacements(documents: Iterable[Document]) -> dict[str, str]:
    """For each revised document of the manifest the one that it takes the place of, by id."""
    return {document.document_id: document.replaces for document in documents if document.replaces is not None}


def cut(dataset: Dataset, folder: Path, version: str, date: str, note: str, replaces: Mapping[str, str]) -> Release:
    """Record what ``dataset`` publishes as release ``version`` of day ``date`` (ISO), and return it.

    ``note`` is one line for readers; ``replaces`` names for each revised document the one that it takes the place of.
    Raises ``DatasetFault``, and writes nothing, where the version is not greater than the last, the day is earlier
    than the last, or the note is not one line.
    """
    releases = load(folder)
    require_sound(version, date, note)
    if releases:
        last = releases[-1]
        if version_order(version) <= version_order(last.version):
            raise DatasetFault(
                f"版本 {version} 不大于上一版 {last.version}。已发布的版本不改不删：更正数据时末号加一，"
                "增加文件时次号加一，表或字段改变时主号加一。"
            )
        if date < last.date:
            raise DatasetFault(f"日期 {date} 早于上一版 {last.version} 的 {last.date}。请核对日期。")
    state = replay(releases, folder)
    now = news(dataset)
    release = Release(
        version=version,
        date=date,
        note=note,
        documents=tuple(row for key, row in sorted(now.documents.items()) if state.documents.get(key) != row),
        fields=now.fields,
        changes=difference(state, now, replaces),
    )
    folder.mkdir(parents=True, exist_ok=True)
    atomic.write_bytes(folder / f"{version}.json", written(release).encode())
    return release


def history(dataset: Dataset, folder: Path, replaces: Mapping[str, str]) -> History:
    """The releases that ``folder`` records, against the dataset; ``replaces`` as for ``cut``."""
    releases = load(folder)
    state = replay(releases, folder)
    now = news(dataset)
    pending = difference(state, now, replaces)
    gone = dict(state.gone)
    if releases:
        for change in pending:
            if change.kind == "removed":
                gone[change.entry.table, change.entry.key] = (change.entry, releases[-1])
    successors = Successors(state, gone, now.entries, dataset, replaces)
    return History(
        releases=releases,
        pending=pending,
        vanished={
            key: Vanished(*gone[key], successors.of(*gone[key]))
            for key in sorted(gone)
            if key[0] in NAMES and key not in now.entries
        },
        documents={**state.documents, **now.documents},
    )
