"""/regions/{region_id}/{year}/: one region's money, promises and books of one year."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from builder import words
from builder.dataset import events
from builder.dataset.rows import CatalogueRow, DocumentRow, Project, RegionRow, added, group
from builder.measures import terms
from builder.package import files
from builder.package.datapackage import Scope
from builder.site.charts import figures
from builder.site.charts.figures import Chart
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views import cards, results
from builder.site.views.paging import Pager, address, pager, titled
from builder.site.views.parts import (
    Citation,
    Counted,
    FindingGroup,
    Link,
    Page,
    ProjectList,
    Span,
    department_link,
    finding_groups,
    project_link,
    project_lists,
    signs,
    source_link,
    total_value,
)
from builder.site.views.regions import flow_note
from builder.site.views.terms import FirstUses, Word

# How many projects stand one by one in the strip, and how many there must be for it.
IN_A_STRIP, FEWEST_IN_A_STRIP = 5, 8
# On a page, and of each kind of finding.
MOST_PROJECTS, MOST_FINDINGS = 120, 20
CATALOGUE_CODES = ("catalogue-", "form-missing-catalogue")
# Offered one by one beside the whole package.
SINGLE_TABLES = ("projects", "indicators", "funding", "findings")
RESULT_TABLES = ("results", "scores")
STEPS = {
    "unlisted": "有表，目录没有列",
    "unfiled": "目录有，没有表",
    "differs": "表与目录写的不同",
    "rounding": "各项四舍五入",
}
STATED_CODES = {"项目数": "stated-count", "预算": "stated-total"}


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One figure as the notes state it, as the catalogue adds up and as the forms add up."""

    label: str
    stated: str
    catalogue: str
    forms: str
    verdict: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    serial: str
    name: str
    form: Link | None
    department: str
    listed: str
    filed: str
    difference: str
    doubt: str
    source: Link


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """One part of the way from the catalogue's sum to the forms' sum; ``amount`` in 万元 with its sign."""

    name: str
    why: str
    amount: str
    source: Link | None


@dataclass(frozen=True, slots=True)
class Bridge:
    title: str
    start: str
    rows: tuple[BridgeRow, ...]
    end: str


@dataclass(frozen=True, slots=True)
class DocumentBooks:
    """A document's own sums against what was read from it; no catalogue where it prints none."""

    document: Link
    forms: str
    stated: Word
    listed: Word
    verdict: str
    reckonings: tuple[Reckoning, ...]
    bridge: Bridge | None
    catalogue_summary: str
    catalogue: tuple[CatalogueItem, ...]
    coverage: str


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the strip that stands for the whole sum: the largest projects one by one, then the rest."""

    name: Link | None
    words: str
    share: str
    width: str


@dataclass(frozen=True, slots=True)
class MoreView:
    """The projects that the first page does not hold."""

    template: ClassVar[str] = "region_year_more.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    caution: str
    projects: tuple[ProjectList, ...]
    pager: Pager | None
    explore: str


@dataclass(frozen=True, slots=True)
class RegionYearView:
    template: ClassVar[str] = "region_year.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    lead: tuple[Span, ...]
    alert: str
    caution: str
    notes: tuple[str, ...]
    other_years: tuple[Link, ...]
    strip: tuple[Part, ...]
    themes: tuple[Counted, ...]
    projects: tuple[ProjectList, ...]
    kept: results.YearKept
    pager: Pager | None
    charts: tuple[Chart, ...]
    books: tuple[DocumentBooks, ...]
    findings: tuple[FindingGroup, ...]
    remarks: tuple[FindingGroup, ...]
    remark_count: str
    made_of: str
    paragraph: Citation
    downloads: tuple[Link, ...]
    explore: str


def pages(facts: Facts, region_id: str, year: int) -> Iterator[Page]:
    """The year's page, and where it has more projects than a page holds, the pages of the others."""
    base = f"regions/{region_id}/{year}/"
    kinds = Counter(row.form_type for row in facts.by_region_year.get((region_id, year), ()))
    count = -(-max(kinds.values(), default=1) // MOST_PROJECTS)
    yield _first(facts, Here(base), region_id, year, count)
    name = facts.place(region_id, year)
    for number in range(2, count + 1):
        here = Here(address(base, number))
        rows = facts.by_region_year[region_id, year]
        view = MoreView(
            crumbs=(
                Link("地区", here.regions()),
                Link(facts.regions[region_id].name, here.region(region_id)),
                Link(f"{year} 年", here.region_year(region_id, year)),
            ),
            name=name,
            caution=facts.scopes[region_id, year].caution,
            projects=project_lists(facts, here, rows, first=(number - 1) * MOST_PROJECTS, most=MOST_PROJECTS),
            pager=pager(here, base, number, count),
            explore=here.explore(region=region_id, year=year),
        )
        yield Page(here.path, titled(f"{name}预算绩效目标", number), view.caution, view)


def _first(facts: Facts, here: Here, region_id: str, year: int, count: int) -> Page:
    region = facts.regions[region_id]
    projects = facts.by_region_year.get((region_id, year), ())
    documents = facts.documents_of(region_id, year)
    indicators = facts.count_indicators(projects)
    findings = facts.findings_of(documents)
    doubtful = terms.doubts(findings)
    name = f"{region.name} {year} 年"
    glossary = FirstUses(facts, here)
    lead = _lead(facts, region_id, year)
    kinds = {row.form_type for row in projects}
    main = next((kind for kind in facts.form_types if kind in kinds and kind != terms.WHOLE_DEPARTMENT), "")
    remarks = [found for found in findings if found.severity == terms.NOTE]
    scope = Scope.of(region, year)
    view = RegionYearView(
        crumbs=(Link("地区", here.regions()), Link(region.name, here.region(region_id))),
        name=name,
        lead=lead,
        alert=f"有 {doubtful} 处值得核对" if doubtful else "",
        caution=facts.scopes[region_id, year].caution,
        notes=_notes(facts, region, year, projects),
        other_years=tuple(
            Link(f"{other} 年", here.region_year(region_id, other)) for other in facts.years(region_id) if other != year
        ),
        strip=_strip(facts, here, region_id, year, main),
        themes=_themes(facts, here, region_id, projects),
        projects=project_lists(facts, here, projects, most=MOST_PROJECTS),
        kept=results.year(facts, here, region_id, year),
        pager=pager(here, here.path, 1, count),
        charts=figures.for_region_year(facts, here, region_id, year),
        books=tuple(_books(facts, here, glossary, document) for document in documents),
        findings=finding_groups(
            facts,
            here,
            [found for found in findings if found.severity != terms.NOTE],
            name_project=True,
            most=MOST_FINDINGS,
        ),
        remarks=finding_groups(facts, here, remarks, name_project=True, most=MOST_FINDINGS),
        remark_count=words.number(len(remarks)),
        made_of=f"收录 {len(documents)} 份公开文件，读出 {len(projects)} 个项目、{words.number(indicators)} 项指标。",
        paragraph=Citation(
            "能转发的一段话",
            f"{name}预算绩效目标：{''.join(span.text for span in lead)}{facts.scopes[region_id, year].caution}"
            f"据明账 {facts.policy.version} 版整理，{facts.url}/{here.path}",
        ),
        downloads=(
            *(Link(kind.note, here.data(kind.file(facts.policy, scope))) for kind in files.kinds(scope)),
            *(
                Link(f"{facts.schemas[table].title}（CSV）", here.data(f"{scope.name}/{table}.csv"))
                for table in (*SINGLE_TABLES, *(RESULT_TABLES if (region_id, year) in facts.kept else ()))
            ),
            Link("项目（宽表，写明收录范围，CSV）", here.data(f"{scope.name}/projects_flat.csv")),
            Link("数据包说明（datapackage.json）", here.data(f"{scope.name}/datapackage.json")),
            *(
                [Link("这里的全部网页，不联网也能看（zip）", here.data(f"{scope.name}-site.zip"))]
                if len(facts.projects) > facts.policy.most_offline
                else []
            ),
        ),
        explore=here.explore(region=region_id, year=year),
    )
    card = cards.of_region_year(facts, region_id, year)
    return Page(
        *(here.path, f"{name}预算绩效目标", "".join(span.text for span in lead), view),
        cards=(card,) if card else (),
        image=card.path if card else "",
        signs=signs(
            facts,
            here.path,
            (f"data/{scope.name}/datapackage.json", "application/json"),
            [(f"data/{kind.file(facts.policy, scope)}", kind.file_type) for kind in files.kinds(scope)],
        ),
    )


def _lead(facts: Facts, region_id: str, year: int) -> tuple[Span, ...]:
    """What the place published and how much that is, each kind of form by itself, then what takes the most of it."""
    spans = [Span(f"{year} 年收录：{facts.scopes[region_id, year].text}。")]
    for at, (_, kind, total) in enumerate(facts.totals_of(region_id, year)):
        spans += [
            Span(f"{'；' if at else ''}{kind} {total.forms} 项，合计 "),
            Span(total_value(total).text, strong=True),
        ]
        if total.yuan >= words.WAN and not total.unknown:
            spans.append(Span(f"（{words.exact_money(total.yuan)}）"))
    return (*spans, Span("。"))


def _strip(facts: Facts, here: Here, region_id: str, year: int, form_type: str) -> tuple[Part, ...]:
    """The sum of a form type drawn as one strip; none where there are too few projects to need one."""
    known = sorted(
        (
            (row.budget_yuan, row)
            for row in facts.by_region_year.get((region_id, year), ())
            if row.form_type == form_type and row.budget_yuan
        ),
        key=lambda item: (-item[0], item[1].project_id),
    )
    whole = added(yuan for yuan, _ in known)
    if len(known) < FEWEST_IN_A_STRIP:
        return ()
    parts = [
        Part(project_link(here, row), words.money(yuan), words.percent(yuan, whole), words.width(yuan, whole))
        for yuan, row in known[:IN_A_STRIP]
    ]
    rest = added(yuan for yuan, _ in known[IN_A_STRIP:])
    name = f"其余 {len(known) - IN_A_STRIP} 项，{words.money(rest)}"
    return (*parts, Part(None, name, words.percent(rest, whole), words.width(rest, whole)))


def _themes(facts: Facts, here: Here, region_id: str, projects: Sequence[Project]) -> tuple[Counted, ...]:
    counts = Counter(key for row in projects for key in facts.themes_of.get(row.project_id, ()))
    return tuple(
        Counted(Link(theme.name, here.theme(key, region_id)), str(counts[key]))
        for key, theme in facts.themes.items()
        if counts[key]
    )


def _notes(facts: Facts, region: RegionRow, year: int, projects: Sequence[Project]) -> tuple[str, ...]:
    """What must not be added up, with the amounts concerned where they are known."""
    notes = []
    parts = [part for row in projects for part in facts.funding.get(row.project_id, ())]
    flows = {
        source: added(part.amount_yuan for part in parts if part.source == source)
        for source in ("to_lower", "upper_grant")
    }
    if flows["to_lower"]:
        notes.append(f"其中 {words.money(flows['to_lower'])}补助下级。")
    if flows["upper_grant"]:
        notes.append(f"其中 {words.money(flows['upper_grant'])}来自上级补助。")
    notes.append(flow_note(region))
    notes += [
        f"按 {one.counted_on} 普查的常住人口 {words.number(one.people)} 人，{facts.form_types[one.form_type]}合每人 "
        f"{words.number(one.yuan_per_person)} 元（人口的出处：{one.source}）。只是所公开的这 {one.projects} 个项目，不是全部预算；"
        "各地收录的项目不同，不能拿来和别处比。"
        for one in facts.per_head.get((region.region_id, year), ())
    ]
    if len(list(facts.totals_of(region.region_id, year))) > 1:
        notes.append("不同种类的表口径不同（部门整体预算已经包含它的专项），所以各算各的，不合计。")
    return tuple(notes)


def _books(facts: Facts, here: Here, glossary: FirstUses, document: DocumentRow) -> DocumentBooks:
    document_id = document.document_id
    forms = [row for row in facts.by_document.get(document_id, ()) if row.form_type == "special_fund"]
    catalogue = facts.catalogue.get(document_id, ())
    codes = {found.code for found in facts.document_findings.get(document_id, ())}
    items = _catalogue(facts, here, document_id, catalogue, forms)
    odd = sum(bool(item.doubt) for item in items)
    cells = facts.coverage.get(document_id)
    reckonings = (
        _reckonings(facts, document, forms, catalogue, codes)
        if catalogue or document.stated_projects or document.stated_total_yuan
        else ()
    )
    return DocumentBooks(
        document=Link(document.title, here.source(document_id)),
        forms=f"{len(facts.sheets(document_id))} 张{facts.word('documents.kind', document.kind)}表",
        stated=glossary.word("编制说明"),
        listed=glossary.word("目录"),
        verdict="；".join(f"{row.label}：{row.verdict}" for row in reckonings if not row.agrees),
        reckonings=reckonings,
        bridge=_bridge(facts, here, document, catalogue, forms),
        catalogue_summary=f"目录 {len(catalogue)} 项，" + (f"与表有 {odd} 处对不上" if odd else "与表逐项一致"),
        catalogue=items,
        coverage=""
        if cells is None
        else f"{words.number(cells.cells)} 个非空单元格，读入数据 {words.number(cells.read)} 个，"
        f"版面文字 {words.number(cells.furniture)} 个，列为发现 {words.number(cells.reported)} 个。",
    )


def _bridge(
    facts: Facts, here: Here, document: DocumentRow, catalogue: Sequence[CatalogueRow], forms: Sequence[Project]
) -> Bridge | None:
    """The way from the catalogue's sum to the forms' sum, step by step; None where the two agree or one is missing."""
    differing = frozenset(
        row.project_id
        for row in facts.document_findings.get(document.document_id, ())
        if row.code == events.AMOUNT and row.project_id is not None
    )
    steps = events.bridge(catalogue, forms, differing) if catalogue else ()
    listed = added(row.amount_yuan for row in catalogue)
    filed = added(row.budget_yuan for row in forms)
    if not steps:
        return None
    rows = tuple(
        BridgeRow(
            step.name,
            STEPS[step.kind],
            f"{'+' if step.yuan > 0 else '−'}{words.wan(abs(step.yuan))}",
            None if step.line is None else source_link(here, document.document_id, step.line),
        )
        for step in steps
    )
    title = f"差的 {words.wan(abs(filed - listed))} 万元从哪来" if filed != listed else "合计相同，里面有几处不同"
    return Bridge(title, words.wan(listed), rows, words.wan(filed))


def _reckonings(
    facts: Facts, document: DocumentRow, forms: Sequence[Project], catalogue: Sequence[CatalogueRow], codes: set[str]
) -> tuple[Reckoning, ...]:
    def total(values: Iterable[Decimal | None]) -> Decimal | None:
        known = [value for value in values if value is not None]
        return added(known) if known else None

    def funding(source: str) -> Decimal | None:
        parts = (part for row in forms for part in facts.funding.get(row.project_id, ()))
        return total(part.amount_yuan for part in parts if part.source == source)

    stated, listed = document.stated_projects, len(catalogue)
    rows = (
        (
            "项目数",
            None if stated is None else Decimal(stated),
            Decimal(listed) if listed else None,
            Decimal(len(forms)),
        ),
        (
            "预算",
            document.stated_total_yuan,
            total(row.amount_yuan for row in catalogue),
            total(row.budget_yuan for row in forms),
        ),
        ("其中本级支出", None, total(row.own_yuan for row in catalogue), funding("own")),
        ("其中补助下级", None, total(row.to_lower_yuan for row in catalogue), funding("to_lower")),
    )
    return tuple(
        _reckoning(label, stated, listed, filed, doubted=STATED_CODES.get(label) in codes)
        for label, stated, listed, filed in rows
        if stated is not None or listed is not None
    )


def _reckoning(
    label: str, stated: Decimal | None, listed: Decimal | None, filed: Decimal | None, *, doubted: bool
) -> Reckoning:
    """One line of the books; ``doubted`` where the checks found that the forms differ from the notes."""

    def show(value: Decimal | None) -> str:
        if value is None:
            return ""
        return f"{words.number(value)} 项" if label == "项目数" else f"{words.wan(value)} 万元"

    remarks = []
    if listed is not None and filed is not None and listed != filed:
        remarks.append(f"表比目录{'多' if filed > listed else '少'} {show(abs(filed - listed))}")
    if stated is not None and filed is not None and doubted:
        remarks.append(f"表比说明{'多' if filed > stated else '少'} {show(abs(filed - stated))}")
    elif stated is not None and filed is not None and stated != filed:
        remarks.append("与说明一致（说明只印到所示的位数）")
    agrees = not doubted and (listed is None or listed == filed)
    return Reckoning(label, show(stated), show(listed), show(filed), "；".join(remarks) or "一致", agrees)


def _catalogue(
    facts: Facts, here: Here, document_id: str, catalogue: Sequence[CatalogueRow], forms: Sequence[Project]
) -> tuple[CatalogueItem, ...]:
    """Every catalogue row beside its form, then the forms that no row names: the differences add up to the sums'."""
    doubts = (found for found in facts.document_findings.get(document_id, ()) if found.code.startswith(CATALOGUE_CODES))
    remarks = {
        key: "；".join(found.message for found in members)
        for key, members in group(doubts, lambda found: found.project_id).items()
    }
    items = []
    for row in catalogue:
        form = None if row.project_id is None else facts.projects[row.project_id]
        doubt = "没有对应的表" if form is None else remarks.get(form.project_id, "")
        name, source = row.name or "（没有印名称）", source_link(here, document_id, row.line)
        items.append(
            _catalogue_item(here, row.serial_no, name, form, row.department_as_filed, row.amount_yuan, doubt, source)
        )
    named = {row.project_id for row in catalogue}
    for form in forms:
        if catalogue and form.project_id not in named:
            department, source = (
                department_link(facts, here, form).text,
                source_link(here, document_id, form.line_start),
            )
            items.append(_catalogue_item(here, None, form.name, form, department, None, "目录没有列这一项", source))
    return tuple(items)


def _catalogue_item(
    here: Here,
    serial: int | None,
    name: str,
    form: Project | None,
    department: str | None,
    listed: Decimal | None,
    doubt: str,
    source: Link,
) -> CatalogueItem:
    filed = None if form is None else form.budget_yuan
    difference = (filed or Decimal(0)) - (listed or Decimal(0))
    return CatalogueItem(
        serial="" if serial is None else str(serial),
        name=name,
        form=None if form is None else Link(name, here.project(form.project_id)),
        department=department or "",
        listed="" if listed is None else words.wan(listed),
        filed="" if filed is None else words.wan(filed),
        difference=f"{'+' if difference > 0 else '−'}{words.wan(abs(difference))}" if difference else "",
        doubt=doubt,
        source=source,
    )
