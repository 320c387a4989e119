"""The pages of ids that an earlier release held and the dataset does not: what it was, until when, what replaces it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.history import History, Release, Vanished
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views import changes
from builder.site.views.parts import Link, Page


@dataclass(frozen=True, slots=True)
class Part:
    """A project or result of a document that is gone, or an indicator of a project that is."""

    anchor: str
    name: str
    href: str
    successor: Link | None


@dataclass(frozen=True, slots=True)
class WithdrawnView:
    template: ClassVar[str] = "withdrawn.html.jinja"

    crumbs: tuple[Link, ...]
    kind: str
    name: str
    identifier: str
    last: Link
    archive: Link
    why: str
    successor: Link | None
    revision: Link | None
    parts_title: str
    parts: tuple[Part, ...]


# Where the pages of a table's rows stand, and what the list of them is called.
LISTS = {
    "documents": ("sources/", "原文件"),
    "projects": ("projects/", "项目"),
    "results": ("results/", "兑现了吗"),
    "departments": ("departments/", "部门"),
}


def pages(facts: Facts, history: History) -> Iterator[Page]:
    """A page at the path of each document, department, project and result that is gone, and of each region and year that has
    no document any more. Indicators are named on the page of their project."""
    parts: dict[tuple[str, str], list[Vanished]] = defaultdict(list)
    for (table, _), vanished in history.vanished.items():
        if table in ("projects", "results"):
            parts["documents", vanished.entry.document_id or ""].append(vanished)
        elif table == "indicators":
            parts["projects", vanished.entry.project_id or ""].append(vanished)
    for (table, key), vanished in history.vanished.items():
        if table in LISTS:
            base, title = LISTS[table]
            here = Here(f"{base}{key}/")
            yield _page(facts, history, here, Link(title, here.at(base)), vanished, parts[table, key])
    yield from _places(facts, history)


def _page(facts: Facts, history: History, here: Here, crumb: Link, vanished: Vanished, parts: list[Vanished]) -> Page:
    entry = vanished.entry
    name = entry.name or entry.key
    revision = _revision(history, vanished)
    kind = changes.GONE_KINDS[entry.table]
    view = WithdrawnView(
        crumbs=(crumb,),
        kind=kind,
        name=name,
        identifier=entry.key,
        last=_release(here, vanished.last),
        archive=_archive(facts, vanished.last),
        why=_why(facts, history, vanished),
        successor=changes.successor(facts, history, here, vanished),
        revision=changes.link(facts, history, here, "documents", revision)
        if revision and entry.table != "documents"
        else None,
        parts_title=f"同时停用的{changes.GONE_KINDS[parts[0].entry.table]}" if parts else "",
        parts=tuple(
            Part(
                anchor=part.entry.key,
                name=part.entry.name or part.entry.key,
                href=""
                if part.entry.table == "indicators"
                else changes.link(facts, history, here, part.entry.table, part.entry.key).href,
                successor=changes.successor(facts, history, here, part),
            )
            for part in parts
        ),
    )
    return Page(here.path, f"{name}（停用的编号）", f"{kind}编号 {entry.key} 已经停用：它是什么，现在看哪里。", view)


def _why(facts: Facts, history: History, vanished: Vanished) -> str:
    """Why an id is gone and, where nothing takes its place, that nothing does."""
    entry = vanished.entry
    if entry.table == "departments":
        why = "现在收录的文件里没有这个部门的表了。"
    else:
        what = "它" if entry.table == "documents" else "它所在的文件"
        if entry.document_id in facts.documents:
            why = f"{what}仍然收录，是我们读这份文件的办法改了。"
        elif _revision(history, vanished) is not None:
            why = f"{what}被公开单位的修订版取代了。"
        else:
            why = f"{what}不再收录。"
    return why if vanished.successor else f"{why}现在的数据里没有唯一与它对应的一条。"


def _revision(history: History, vanished: Vanished) -> str | None:
    """The document that takes the place of the one that a row stood in."""
    document = history.vanished.get(("documents", vanished.entry.document_id or ""))
    return None if document is None else document.successor


def _release(here: Here, release: Release) -> Link:
    return Link(f"{release.version} 版（{words.day(release.date)}）", here.at(f"changes/#{changes.anchor(release)}"))


def _archive(facts: Facts, release: Release) -> Link:
    """Where the whole data of that release can still be had."""
    return Link(f"{release.version} 版的全部数据", f"{facts.repository}/releases/tag/v{release.version}")


def _places(facts: Facts, history: History) -> Iterator[Page]:
    """Regions, years and regions' years whose last document has gone."""
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    for document in sorted(history.documents.values(), key=lambda document: document.document_id):
        region = facts.regions[document.region_id].name if document.region_id in facts.regions else document.region_id
        for place in (
            (f"regions/{document.region_id}/", region),
            (f"regions/{document.region_id}/{document.year}/", f"{region} {document.year} 年"),
            (f"years/{document.year}/", f"{document.year} 年"),
        ):
            held[place].append(document.document_id)
    for (path, name), documents in held.items():
        if not any(document_id in facts.documents for document_id in documents):
            yield _place(facts, history, path, name, documents)


def _place(facts: Facts, history: History, path: str, name: str, documents: list[str]) -> Page:
    here = Here(path)
    last = max((history.vanished["documents", key].last for key in documents), key=history.releases.index)
    view = WithdrawnView(
        crumbs=(Link("地区", here.regions()),),
        kind="页面",
        name=name,
        identifier=path,
        last=_release(here, last),
        archive=_archive(facts, last),
        why="这里收录过的文件都不再收录。",
        successor=None,
        revision=None,
        parts_title="收录过的文件",
        parts=tuple(
            Part(
                key,
                history.vanished["documents", key].entry.name or key,
                here.source(key),
                changes.successor(facts, history, here, history.vanished["documents", key]),
            )
            for key in documents
        ),
    )
    return Page(path, f"{name}（不再收录）", f"{name}收录过的文件都不再收录：现在看哪里。", view)
