"""Which row of today takes the place of one that an earlier release was the last to hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from builder.dataset.diff import Entry, Key
from builder.dataset.history.record import Release, State, version_order
from builder.dataset.naming import series_key
from builder.dataset.store import Dataset
from builder.text import fold


class Successors:
    """Which row of the dataset takes the place of one that has gone: the only one that can, or none.

    A row that was published beside it does not take its place, whatever its name.
    """

    def __init__(
        self,
        state: State,
        gone: Mapping[Key, tuple[Entry, Release]],
        now: Mapping[Key, Entry],
        dataset: Dataset,
        replaces: Mapping[str, str],
    ) -> None:
        self.now = now
        self.since = state.since
        self.replacers: dict[str, list[str]] = defaultdict(list)
        for new, old in replaces.items():
            self.replacers[old].append(new)
        self.sheets: dict[tuple[str, str | None], list[Entry]] = defaultdict(list)
        self.indicators: dict[str | None, list[Entry]] = defaultdict(list)
        for entry in now.values():
            if entry.table in ("projects", "results"):
                self.sheets[entry.table, entry.document_id].append(entry)
            elif entry.table == "indicators":
                self.indicators[entry.project_id].append(entry)
        self.departments: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in dataset.tables.departments:
            for spelling in (row.name, *row.names_as_filed.split("|")):
                self.departments[row.region_id, fold(spelling)].add(row.department_id)
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
            case "projects" | "results":
                return self._sheet(entry, last)
            case "indicators":
                return self._indicator(entry, last)
            case _:
                return _only(self.departments[entry.region_id or "", fold(entry.name or "")])

    def _later(self, candidate: Entry, last: Release) -> bool:
        since = self.since.get((candidate.table, candidate.key))
        return since is None or version_order(since.version) > version_order(last.version)

    def _document(self, document_id: str) -> str | None:
        seen = {document_id}
        while ("documents", document_id) not in self.now:
            replacer = _only(self.replacers[document_id])
            if replacer is None or replacer in seen:
                return None
            document_id = replacer
            seen.add(document_id)
        return document_id

    def _sheet(self, entry: Entry, last: Release) -> str | None:
        there = self.sheets[entry.table, self._document(entry.document_id or "")]
        candidates = [one for one in there if self._later(one, last)]
        wanted = series_key(entry.name or "")
        named = [one.key for one in candidates if series_key(one.name or "") == wanted]
        joined = [one.key for one in candidates if one.series_id in self.series[entry.series_id]]
        return _only(named or joined)

    def _indicator(self, entry: Entry, last: Release) -> str | None:
        project_id = entry.project_id
        if ("projects", project_id) not in self.now:
            former = self.former.get(project_id or "")
            project_id = None if former is None else self._sheet(former, last)
        wanted = fold(entry.name or "")
        candidates = [one for one in self.indicators[project_id] if self._later(one, last)]
        return _only([one.key for one in candidates if fold(one.name or "") == wanted])


def _only(ids: Iterable[str]) -> str | None:
    """The id, where there is exactly one."""
    found = list(ids)
    return found[0] if len(found) == 1 else None
