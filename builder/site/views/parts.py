"""The small pieces that several kinds of page show, and the functions that make them from records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Literal, Protocol

from builder import words
from builder.dataset.rows import Department, DocumentRow, FindingRow, Project, RegionRow, SectorRow, added, group
from builder.measures import slips, terms
from builder.measures.scope import short_name
from builder.model import Line
from builder.site.charts.cards import Card
from builder.site.facts import Facts, Total
from builder.site.paths import Here

State = Literal["known", "zero", "absent", "unreadable"]


class View(Protocol):
    """A dataclass that a template prints; ``template`` names it."""

    template: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Citation:
    """How to cite, in one format, to copy."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """What a machine that landed on a page may follow (signposting.org): the relation, an address on the site or of
    another, and the media type found there."""

    rel: str
    href: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site: ``path`` below its root, what browsers and search engines show, its view and language.

    ``image`` is the path of the card that stands for the page where its address is sent on, of ``cards``, which are drawn
    with this page, or of another's. ``signs`` lead machines from a page about data to the data. ``scripts`` are
    paths of scripts of its own; ``wasm`` allows them to run WebAssembly.
    """

    path: str
    title: str
    description: str
    view: View
    language: str = "zh"
    cards: tuple[Card, ...] = ()
    image: str = ""
    signs: tuple[Sign, ...] = ()
    scripts: tuple[str, ...] = ()
    wasm: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A name in a list, with how much stands behind it."""

    name: Link
    count: str


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence."""

    text: str
    href: str | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a document as it was read, cell by cell; ``place`` is its page or sheet."""

    number: str
    href: str
    place: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A figure or text with its state: not disclosed, not readable and zero never look alike."""

    text: str
    state: State = "known"
    source: Link | None = None


@dataclass(frozen=True, slots=True)
class FindingItem:
    """``anchor`` is the place of the finding on the page of its project or result; empty where it is told elsewhere."""

    anchor: str
    title: str
    severity: str
    severity_name: str
    message: str
    explanation: str
    explain: Link
    source: Link | None
    project: Link | None


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """All findings of one code in one place."""

    title: Link
    severity: str
    severity_name: str
    explain: str
    count: str
    items: tuple[FindingItem, ...]


@dataclass(frozen=True, slots=True)
class ProjectItem:
    """A project in a list: what it is, what it promises in one line, how much it is."""

    name: Link
    place: Link | None
    department: Link | None
    promise: str
    budget: Value
    indicators: str
    doubts: str
    sector: str
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProjectList:
    """Projects of one form type, largest first; ``note`` says what must not be added to what."""

    title: str
    summary: str
    note: str | None
    items: tuple[ProjectItem, ...]


@dataclass(frozen=True, slots=True)
class PlaceProjects:
    """A place's projects on a page about many places; ``rest`` leads to those that are not shown."""

    place: Link
    scope: str
    lists: tuple[ProjectList, ...]
    rest: Link | None


def source_link(here: Here, document_id: str, line: int) -> Link:
    return Link(f"第 {line} 行", here.source(document_id, line))


def printed_lines(here: Here, document_id: str, lines: Iterable[Line]) -> tuple[PrintedLine, ...]:
    """The lines that hold something."""
    return tuple(
        PrintedLine(str(line.number), here.source(document_id, line.number), line.place, tuple(line.text.split("\t")))
        for line in lines
        if line.text.strip()
    )


def region_link(here: Here, region: RegionRow) -> Link:
    return Link(region.name, here.region(region.region_id))


def place_link(facts: Facts, here: Here, region_id: str, year: int, fragment: str = "") -> Link:
    return Link(facts.place(region_id, year), here.region_year(region_id, year, fragment))


def project_link(here: Here, project: Project, fragment: str = "") -> Link:
    return Link(project.name, here.project(project.project_id, fragment))


def document_link(here: Here, document: DocumentRow) -> Link:
    return Link(document.title, here.source(document.document_id))


def department_link(facts: Facts, here: Here, project: Project, *, at_home: bool = False) -> Link:
    """The department in charge; where the form prints none, the list of departments under words that say so.

    ``at_home`` is for a list under its region's name, which each department need not repeat.
    """
    department = facts.department_of(project)
    if department is None:
        return Link("没有印主管部门", here.departments())
    name = name_at_home(facts, department) if at_home else department.name
    return Link(name, here.department(department.department_id))


def name_at_home(facts: Facts, department: Department) -> str:
    """A department's name without its region's at the front: 重庆市长寿区财政局 → 财政局."""
    return short_name(department, facts.region_names)


def sector_link(here: Here, sector: SectorRow | None) -> Link:
    """A sector's page; where a department has none, the list of sectors under a word that says so."""
    return Link("未归领域", here.sectors()) if sector is None else Link(sector.name, here.sector(sector.sector_id))


def amount(yuan: Decimal | None, as_filed: str | None, source: Link | None = None) -> Value:
    """Money of one form: readable, zero, printed but not readable, or not printed at all."""
    if yuan is None:
        if as_filed:
            return Value(f"原文“{as_filed}”，未能读出", "unreadable", source)
        return Value("未公开", "absent", source)
    return Value(words.money(yuan), "known" if yuan else "zero", source)


def prose(text: str | None) -> tuple[str, ...]:
    """A filed text as paragraphs; empty where nothing was filed."""
    return tuple(part.strip() for part in (text or "").splitlines() if part.strip())


def total_value(total: Total) -> Value:
    """A sum; where some amounts are missing it says how many, so that the sum is not taken for the whole."""
    if total.unknown == total.forms:
        return Value("未公开", "absent")
    text = words.money(total.yuan)
    return Value(
        f"{text}（另有 {total.unknown} 项金额不明）" if total.unknown else text, "known" if total.yuan else "zero"
    )


def finding_item(facts: Facts, here: Here, finding: FindingRow, *, name_project: bool) -> FindingItem:
    code = facts.codes[finding.code]
    about = None
    if name_project and finding.project_id is not None:
        about = project_link(here, facts.projects[finding.project_id], f"#f-{finding.finding_id}")
    elif name_project and (sheet := facts.sheet_at(finding.document_id, finding.line)) is not None:
        about = Link(sheet.name, here.result(sheet.result_id))
    return FindingItem(
        anchor="" if name_project else f"f-{finding.finding_id}",
        title=code.title,
        severity=finding.severity,
        severity_name=facts.word("findings.severity", finding.severity),
        message=finding.message,
        explanation=finding.explanation or "",
        explain=Link("这是什么意思", here.quality(f"#{finding.code}")),
        source=None if finding.line is None else source_link(here, finding.document_id, finding.line),
        project=about,
    )


def finding_groups(
    facts: Facts, here: Here, findings: Iterable[FindingRow], *, name_project: bool, most: int | None = None
) -> tuple[FindingGroup, ...]:
    """Findings by code, in the order of ``gravest``; ``most`` cuts the examples of each code, never the count."""
    by_code = group(findings, lambda finding: finding.code)
    return tuple(
        FindingGroup(
            title=Link(facts.codes[code].title, here.quality(f"#{code}")),
            severity=facts.codes[code].severity,
            severity_name=facts.word("findings.severity", facts.codes[code].severity),
            explain=facts.codes[code].explain,
            count=f"{words.number(len(by_code[code]))} 处",
            items=tuple(finding_item(facts, here, f, name_project=name_project) for f in by_code[code][:most]),
        )
        for code in gravest(facts, by_code)
    )


def gravest(facts: Facts, by_code: Mapping[str, Sequence[FindingRow]]) -> list[str]:
    """The codes, the gravest first, of these what is about the most money, then what is most frequent."""
    severities = list(facts.words["findings.severity"])

    def rank(code: str) -> tuple[int, Decimal, int, str]:
        rows = by_code[code]
        money = added(map(slips.at_stake, rows))
        return severities.index(facts.codes[code].severity), -money, -len(rows), code

    return sorted(by_code, key=rank)


def doubts(findings: Iterable[FindingRow]) -> str:
    count = terms.doubts(findings)
    return f"{count} 处值得核对" if count else ""


def project_lists(
    facts: Facts,
    here: Here,
    projects: Sequence[Project],
    *,
    place: bool = False,
    department: bool = True,
    first: int = 0,
    most: int | None = None,
) -> tuple[ProjectList, ...]:
    """Projects by form type, largest budget first; ``first`` and ``most`` cut the list, never what is said of it. The sum
    of a list is given only where it is of one region and year."""
    lists = []
    for form_type, kind in facts.form_types.items():
        chosen = sorted(
            (row for row in projects if row.form_type == form_type),
            key=lambda row: (-(row.budget_yuan or Decimal(0)), row.project_id),
        )
        if not chosen[first:]:
            continue
        one_place = len({(row.region_id, row.year) for row in chosen}) == 1
        lists.append(
            ProjectList(
                title=kind,
                summary=f"{len(chosen)} 项" + (f"，合计 {total_value(Total.of(chosen)).text}" if one_place else ""),
                note="部门整体预算已经包含该部门的各个专项，两者不能相加。"
                if form_type == terms.WHOLE_DEPARTMENT
                else None,
                items=tuple(_project_item(facts, here, row, place, department) for row in chosen[first:][:most]),
            )
        )
    return tuple(lists)


def _project_item(facts: Facts, here: Here, row: Project, place: bool, department: bool) -> ProjectItem:
    promise = facts.promises.get(row.project_id)
    return ProjectItem(
        name=project_link(here, row),
        place=place_link(facts, here, row.region_id, row.year) if place else None,
        department=department_link(facts, here, row, at_home=not place) if department else None,
        budget=amount(row.budget_yuan, row.budget_as_filed),
        promise="" if promise is None else promise.text,
        indicators=f"{len(facts.indicators.get(row.project_id, ()))} 项指标",
        doubts=doubts(facts.findings.get(row.project_id, ())),
        sector=sector_link(here, facts.sector_of(row)).text,
        themes=tuple(facts.themes[key].name for key in facts.themes_of.get(row.project_id, ())),
    )


def signs(
    facts: Facts, path: str, described: tuple[str, str], items: Iterable[tuple[str, str]] = ()
) -> tuple[Sign, ...]:
    """Those of a page at ``path`` about a dataset, or a record of it: how it is cited, what describes it, what it consists
    of, its licence and its kind. ``described`` and ``items`` are paths below the site's root, with their media types."""
    return (
        Sign("cite-as", f"{facts.url}/{path}"),
        Sign("describedby", *described),
        *(Sign("item", *item) for item in items),
        Sign("license", facts.policy.licence.path),
        Sign("type", "https://schema.org/AboutPage"),
        Sign("type", "https://schema.org/Dataset"),
    )
