"""/quality/copies/: what several forms have word for word in common, and what differs; and the same as a download."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import Indicator, Project
from builder.measures import terms
from builder.measures.compare import shifts
from builder.measures.copies import (
    BUT_NUMBERS,
    NUMBER,
    OPENING,
    SENTENCES,
    SETS_BUT_TARGETS,
    TEXTS,
    Kind,
    Same,
    column,
)
from builder.settings.wording import CopyKind
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.parts import Link, Page, Value, amount, department_link, place_link, prose, source_link
from builder.text import fold

FILE = "copies.csv"
MOST_GROUPS = 5
MOST_MEMBERS = 6
MOST_CHANGES = 12

# Characters shown on either side of a number that differs.
AROUND = 6


@dataclass(frozen=True, slots=True)
class Change:
    """What differs from the first form of a group, between words that do not."""

    left: str
    before: str
    after: str
    right: str


@dataclass(frozen=True, slots=True)
class Member:
    name: Link
    place: Link
    department: Link
    budget: Value
    source: Link
    changes: tuple[Change, ...]
    more: str


@dataclass(frozen=True, slots=True)
class GroupItem:
    """``texts`` are paragraphs as filed, ``indicators`` the set in words; one of the two is empty."""

    title: str
    texts: tuple[str, ...]
    indicators: tuple[str, ...]
    members: tuple[Member, ...]
    more: str


@dataclass(frozen=True, slots=True)
class KindItem:
    anchor: str
    title: str
    rule: str
    normal: str
    judged: str
    count: str
    groups: tuple[GroupItem, ...]
    more: str


@dataclass(frozen=True, slots=True)
class CopiesView:
    template: ClassVar[str] = "copies.html.jinja"

    crumbs: tuple[Link, ...]
    summary: str
    kinds: tuple[KindItem, ...]
    silent: tuple[KindItem, ...]
    download: str
    indicators: str


def page(facts: Facts, wording: Mapping[str, CopyKind], kinds: Sequence[Kind]) -> Page:
    """``wording`` are the kinds' titles and explanations, ``kinds`` what ``builder.measures.copies.find`` found."""
    here = Here("quality/copies/")
    touched = {key for kind in kinds for group in kind.groups for key in group.projects}
    items = [_kind(facts, here, wording[kind.kind], kind) for kind in kinds]
    summary = f"逐字比对 {words.number(len(facts.projects))} 个项目的绩效目标、项目概况和整套指标，" + (
        f"有 {words.number(len(touched))} 个与别的项目有相同的地方。" if touched else "没有两个项目有相同的地方。"
    )
    view = CopiesView(
        crumbs=(Link("数据质量", here.quality()),),
        summary=summary,
        kinds=tuple(item for item in items if item.groups),
        silent=tuple(item for item in items if not item.groups),
        download=here.data(FILE),
        indicators=here.at("quality/indicators/"),
    )
    return Page(here.path, "沿用的文字和指标", summary, view)


def _kind(facts: Facts, here: Here, wording: CopyKind, kind: Kind) -> KindItem:
    rest = len(kind.groups) - MOST_GROUPS
    return KindItem(
        anchor=kind.kind,
        title=wording.title,
        rule=wording.rule,
        normal=wording.normal,
        judged=f"比了 {words.number(kind.judged)} {wording.judged}",
        count=f"{words.number(len(kind.groups))} 组",
        groups=tuple(_group(facts, here, kind.kind, group) for group in kind.groups[:MOST_GROUPS]),
        more=f"另有 {words.number(rest)} 组，见下载的数据。" if rest > 0 else "",
    )


def _group(facts: Facts, here: Here, kind: str, group: Same) -> GroupItem:
    first = group.projects[0]
    rest = len(group.projects) - MOST_MEMBERS
    return GroupItem(
        title=_title(facts, group),
        texts=tuple(paragraph for text in group.texts for paragraph in prose(text)),
        indicators=()
        if group.texts
        else tuple(_measure_in_words(row) for row in facts.own_indicators([facts.projects[first]])),
        members=tuple(_member(facts, here, kind, group, key) for key in group.projects[:MOST_MEMBERS]),
        more=f"另有 {words.number(rest)} 份，见下载的数据。" if rest > 0 else "",
    )


def _measure_in_words(row: Indicator) -> str:
    weight = "" if row.weight is None else f"（{words.points(row.weight)}）"
    return f"{row.name}：{terms.target(row)}{weight}"


def _title(facts: Facts, group: Same) -> str:
    """What the forms have in common besides: the project, the department, the region, or none of them."""
    rows = [facts.projects[key] for key in group.projects]
    count = f"{len(rows)} 张表"
    regions = {row.region_id for row in rows}
    if len({row.series_id for row in rows}) == 1:
        years = "、".join(str(year) for year in sorted({row.year for row in rows}))
        return f"同一个项目 {years} 年的 {count}"
    departments = {row.department_id for row in rows}
    department = facts.department_of(rows[0])
    if len(departments) == 1 and department is not None:
        return f"{department.name}的 {count}"
    if len(regions) == 1:
        return f"{facts.regions[rows[0].region_id].name}的 {count}"
    return f"{len(regions)} 个地区的 {count}"


def _member(facts: Facts, here: Here, kind: str, group: Same, key: str) -> Member:
    row = facts.projects[key]
    changes = _changes(facts, kind, facts.projects[group.projects[0]], row)
    rest = len(changes) - MOST_CHANGES
    return Member(
        name=Link(row.name, here.project(key)),
        place=place_link(facts, here, row.region_id, row.year),
        department=department_link(facts, here, row),
        budget=amount(row.budget_yuan, row.budget_as_filed),
        source=source_link(here, row.document_id, _line(facts, kind, group, key)),
        changes=changes[:MOST_CHANGES],
        more=f"另有 {rest} 处不同。" if rest > 0 else "",
    )


def _changes(facts: Facts, kind: str, first: Project, row: Project) -> tuple[Change, ...]:
    if first is row:
        return ()
    name = kind.removesuffix(BUT_NUMBERS)
    if name != kind:
        return tuple(_numbers_changed(*(fold(TEXTS[name](one) or "") for one in (first, row))))
    if kind == SETS_BUT_TARGETS:
        pairs = shifts(facts.own_indicators([first]), facts.own_indicators([row]))
        return tuple(Change(f"{pair.name}：", pair.before, pair.after, "") for pair in pairs if pair.kind != "不变")
    return ()


def _numbers_changed(before: str, after: str) -> Iterator[Change]:
    """Where two texts that agree but for their numbers have different ones, with a few characters around."""
    (bare, old), (_, new) = _numbers(before), _numbers(after)
    for at in sorted(old.keys() | new.keys()):
        if old.get(at) != new.get(at):
            yield Change(bare[max(0, at - AROUND) : at], old.get(at, ""), new.get(at, ""), bare[at : at + AROUND])


def _numbers(text: str) -> tuple[str, dict[int, str]]:
    """The text without its numbers, and each number by the place in it where it stood."""
    found, dropped = {}, 0
    for number in NUMBER.finditer(text):
        found[number.start() - dropped] = number[0]
        dropped += len(number[0])
    return NUMBER.sub("", text), found


def _line(facts: Facts, kind: str, group: Same, key: str) -> int:
    """The line on which what a project shares begins: of a sentence the one in its cell, where no line's end breaks it off."""
    row = facts.projects[key]
    if not group.texts:
        return facts.own_indicators([row])[0].line
    first = facts.line_of(row, column(kind, group, row))
    if kind != SENTENCES:
        return first
    opening = fold(group.texts[0])[:OPENING]
    lines = facts.lines[row.document_id][first - 1 : row.line_end]
    return next((line.number for line in lines if opening in fold(line.text)), first)
