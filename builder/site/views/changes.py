"""/changes/: what each release added, changed and removed, and why; what is not released yet; ids that are gone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.diff import KINDS, NAMES, REASON_WORDS, REASONS, Change, Kind, Reason
from builder.dataset.history import History, Release, Vanished
from builder.dataset.rows import group
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.parts import Link, Page

# Projects named under one region, year and reason; a whole document's are on the region-year's page.
MOST_NAMED = 20
# Places of one release, ids that are gone, and places with a feed.
MOST_GROUPS, MOST_GONE, MOST_FEEDS = 12, 50, 12

Concern = Callable[[Change], bool]

# What a project's page tells under 兑现了吗.
TOLD = ("results", "result_funding", "scores")

KIND_WORDS: Mapping[Kind, str] = {"added": "增加", "changed": "修改", "removed": "删除"}
GONE_KINDS = {"documents": "文件", "departments": "部门", "projects": "项目", "indicators": "指标", "results": "结果"}


@dataclass(frozen=True, slots=True)
class TableCount:
    title: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A document or project, what became of it, and for a project that is there its promise in one line."""

    name: Link
    what: str
    promise: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one region and year that have one reason; ``counts`` are rows added, changed, removed."""

    place: Link | None
    place_text: str
    reason: str
    explain: str
    counts: tuple[str, ...]
    tables: tuple[TableCount, ...]
    documents: tuple[Item, ...]
    projects: tuple[Item, ...]
    more: str


@dataclass(frozen=True, slots=True)
class ReleaseItem:
    """``anchor`` is its place on the page; ``version`` and ``day`` are empty for what is not released yet."""

    anchor: str
    version: str
    day: str
    note: str
    summary: str
    groups: tuple[Group, ...]
    more: str


@dataclass(frozen=True, slots=True)
class GoneItem:
    name: Link
    identifier: str
    last: str
    successor: Link | None


@dataclass(frozen=True, slots=True)
class GoneList:
    kind: str
    count: str
    items: tuple[GoneItem, ...]
    more: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    template: ClassVar[str] = "changes.html.jinja"

    releases: tuple[ReleaseItem, ...]
    pending: ReleaseItem | None
    unchanged: str
    gone: tuple[GoneList, ...]
    feed: str
    region_feeds: tuple[Link, ...]
    downloads: str


def page(facts: Facts, history: History) -> Page:
    """``history`` says what was released, and what the dataset of ``facts`` differs in."""
    here = Here("changes/")
    last = history.releases[-1] if history.releases else None
    view = ChangesView(
        releases=tuple(release_item(facts, history, here, release) for release in reversed(history.releases)),
        pending=_pending(facts, history, here) if history.pending else None,
        unchanged=f"自 {last.version} 版以来，数据没有改动。" if last and not history.pending else "",
        gone=_gone(facts, history, here),
        feed=here.at("feed.xml") if last else "",
        region_feeds=tuple(
            Link(facts.regions[region_id].name, here.at(f"regions/{region_id}/feed.xml"))
            for region_id in feed_regions(facts, history)[:MOST_FEEDS]
            if last
        ),
        downloads=here.data(),
    )
    described = f"最近一版是 {last.version}（{words.day(last.date)}）。" if last else ""
    return Page(here.path, "更新记录", f"每次发布增加、修改、删除了什么，为什么。{described}", view)


def feed_regions(facts: Facts, history: History) -> list[str]:
    """The regions that have a feed: all that have, or once had, a document."""
    held = {document.region_id for document in history.documents.values()}
    return [region.region_id for region in facts.regions_among(held)]


def everything(change: Change) -> bool:
    return True


def of_region(history: History, region_id: str) -> Concern:
    return lambda change: _place(history, change)[0] == region_id


def of_theme(facts: Facts, theme_id: str) -> Concern:
    """The changes of a project that the theme has now; one that is gone has no words left to judge by."""
    return lambda change: theme_id in facts.themes_of.get(change.entry.project_id or "", ())


def release_item(
    facts: Facts, history: History, here: Here, release: Release, concern: Concern = everything
) -> ReleaseItem:
    """A release as a reader sees it; ``concern`` chooses among its changes."""
    changes = [change for change in release.changes if concern(change)]
    named = (anchor(release), release.version, words.day(release.date), release.note)
    return _item(facts, history, here, changes, named)


def anchor(release: Release) -> str:
    return f"v{release.version}"


def _pending(facts: Facts, history: History, here: Here) -> ReleaseItem:
    if history.releases:
        note = f"{history.releases[-1].version} 版之后的改动。网站和下载的数据已经是改动之后的，下一版发布时记入。"
    else:
        note = "还没有发布第一版，现在的全部数据都在这里。"
    return _item(facts, history, here, history.pending, ("pending", "", "", note))


def _item(
    facts: Facts, history: History, here: Here, changes: Sequence[Change], named: tuple[str, str, str, str]
) -> ReleaseItem:
    """``named`` are its anchor, version, day and note."""
    groups = _groups(facts, history, here, changes)
    rest = len(groups) - MOST_GROUPS
    more = f"另有 {words.number(rest)} 处没有列出；发布过的每一行改动都在那一版的 delta.jsonl 里。" if rest > 0 else ""
    return ReleaseItem(*named, _summary(history, changes), groups[:MOST_GROUPS], more)


def _place(history: History, change: Change) -> tuple[str | None, int | None]:
    """Region and year of a change; no year for what belongs to a region, neither for what belongs to the whole."""
    document = history.documents.get(change.entry.document_id or "")
    return (change.entry.region_id, None) if document is None else (document.region_id, document.year)


def _summary(history: History, changes: Sequence[Change]) -> str:
    if not changes:
        return "数据没有改动。"
    counts = Counter(change.kind for change in changes)
    parts = [f"{KIND_WORDS[kind]} {words.number(counts[kind])} 行" for kind in KINDS if counts[kind]]
    places = {place for change in changes if None not in (place := _place(history, change))}
    where = f"，涉及 {len(places)} 个地区年度" if places else ""
    return "、".join(parts) + where + "。"


def _groups(facts: Facts, history: History, here: Here, changes: Iterable[Change]) -> tuple[Group, ...]:
    """By place in the order of every list (what is of no year after the years, the whole last), then by reason."""
    found = group(changes, lambda change: (*_place(history, change), change.reason))
    order = {region_id: rank for rank, region_id in enumerate(facts.regions)}

    def rank(key: tuple[str | None, int | None, Reason]) -> tuple[int, int, int]:
        region_id, year, reason = key
        return (len(order) if region_id is None else order.get(region_id, -1), -(year or 0), REASONS.index(reason))

    return tuple(_group(facts, history, here, *key, found[key]) for key in sorted(found, key=rank))


def _group(
    facts: Facts,
    history: History,
    here: Here,
    region_id: str | None,
    year: int | None,
    reason: Reason,
    changes: Sequence[Change],
) -> Group:
    title, explain = REASON_WORDS[reason]
    region = "" if region_id is None else facts.regions[region_id].name if region_id in facts.regions else region_id
    place = None
    if region_id is not None and year is not None:
        place = Link(f"{region} {year} 年", here.region_year(region_id, year))
    tables: dict[str, Counter[Kind]] = defaultdict(Counter)
    for change in changes:
        tables[change.entry.table][change.kind] += 1
    documents = sorted(
        (change for change in changes if change.entry.table == "documents"), key=lambda change: KINDS.index(change.kind)
    )
    projects = _projects(facts, history, here, changes)
    rest = len(projects) - MOST_NAMED
    return Group(
        place=place,
        place_text=f"{region}，不分年度" if region else "各地区共用的表",
        reason=title,
        explain=explain,
        counts=_counts(Counter(change.kind for change in changes)),
        tables=tuple(TableCount(_title(facts, name), _counts(counts)) for name, counts in tables.items()),
        documents=tuple(
            Item(link(facts, history, here, "documents", change.entry.key), KIND_WORDS[change.kind])
            for change in documents
        ),
        projects=projects[:MOST_NAMED],
        more=f"另有 {words.number(rest)} 个项目没有列出。" if rest > 0 else "",
    )


def _counts(counts: Mapping[Kind, int]) -> tuple[str, ...]:
    """One for each kind, empty where there is none."""
    return tuple(words.number(counts[kind]) if counts[kind] else "" for kind in KINDS)


def _projects(facts: Facts, history: History, here: Here, changes: Sequence[Change]) -> tuple[Item, ...]:
    """The projects that the changes are about: those that came, that changed, with the tables, and that went; then the
    results of which nobody knows what project they tell of."""
    by_project = group(
        (change for change in changes if change.entry.project_id is not None),
        lambda change: change.entry.project_id or "",
    )
    items: dict[Kind, list[Item]] = {kind: [] for kind in KINDS}
    of_none = [change for change in changes if change.entry.table == "results" and change.entry.project_id is None]
    for project_id, rows in sorted(by_project.items()):
        kind: Kind = next((row.kind for row in rows if row.entry.table == "projects"), "changed")
        what = _what(facts, rows) if kind == "changed" else KIND_WORDS[kind]
        promise = facts.promises.get(project_id)
        name = link(facts, history, here, "projects", project_id)
        if all(row.entry.table in TOLD for row in rows):
            name = Link(name.text, f"{name.href}#kept")
        items[kind].append(Item(name, what, "" if promise is None else promise.text))
    for change in of_none:
        told = link(facts, history, here, "results", change.entry.key)
        items[change.kind].append(Item(told, f"{KIND_WORDS[change.kind]}的结果", ""))
    return tuple(item for kind in KINDS for item in items[kind])


def _what(facts: Facts, rows: Sequence[Change]) -> str:
    counts: dict[str, Counter[Kind]] = defaultdict(Counter)
    for row in rows:
        counts[row.entry.table][row.kind] += 1
    return "；".join(
        _title(facts, table) + "、".join(f"{KIND_WORDS[kind]} {kinds[kind]} 行" for kind in KINDS if kinds[kind])
        for table, kinds in counts.items()
    )


def _title(facts: Facts, table: str) -> str:
    """What a table is called; its name where the dataset has no such table any more."""
    return facts.schemas[table].title if table in facts.schemas else table


# What has a place on the site, or once had one


def link(facts: Facts, history: History, here: Here, table: str, key: str) -> Link:
    """A document, department, project or indicator by its name, linked to its page, there or gone."""
    vanished = history.vanished.get((table, key))
    match table:
        case "documents":
            return Link(_name(vanished) or facts.documents[key].title, here.source(key))
        case "departments":
            return Link(_name(vanished) or facts.departments[key].name, here.department(key))
        case "projects":
            return Link(_name(vanished) or facts.projects[key].name, here.project(key))
        case "results":
            return Link(_name(vanished) or facts.results[key].name, here.result(key))
        case _:
            project_id = key.rpartition("-")[0]
            rows = {row.indicator_id: row.name for row in facts.indicators.get(project_id, ())}
            return Link(_name(vanished) or rows[key], here.project(project_id, "#indicators"))


def _name(vanished: Vanished | None) -> str:
    return "" if vanished is None else vanished.entry.name or vanished.entry.key


def successor(facts: Facts, history: History, here: Here, vanished: Vanished) -> Link | None:
    if vanished.successor is None:
        return None
    return link(facts, history, here, vanished.entry.table, vanished.successor)


def _gone(facts: Facts, history: History, here: Here) -> tuple[GoneList, ...]:
    """Documents, departments and projects that are gone, and indicators of projects that are not."""
    lists = []
    for table in NAMES:
        items = [
            GoneItem(
                link(facts, history, here, table, key),
                key,
                f"{vanished.last.version} 版",
                successor(facts, history, here, vanished),
            )
            for (of, key), vanished in history.vanished.items()
            if of == table
            and (table != "indicators" or ("projects", vanished.entry.project_id) not in history.vanished)
        ]
        if items:
            rest = len(items) - MOST_GONE
            more = f"另有 {words.number(rest)} 个没有列出，每个编号的网页都还在。" if rest > 0 else ""
            lists.append(GoneList(GONE_KINDS[table], f"{words.number(len(items))} 个", tuple(items[:MOST_GONE]), more))
    return tuple(lists)
