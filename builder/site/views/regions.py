"""/regions/ and /regions/{region_id}/: the coverage table, and what one region has published over the years."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import RegionRow
from builder.site.charts import figures
from builder.site.charts.figures import Chart
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.coverage import (
    MOST_MISSING,
    Matrix,
    RegionYearRow,
    matrix,
    missing,
    region_year_row,
    regions_with_documents,
    shown,
)
from builder.site.views.paging import Finder, Pager, address, cut, finder, pager, titled
from builder.site.views.parts import Counted, Link, Page, Span, name_at_home, region_link, total_value

# Regions with documents on a page of /regions/, and named under the region that they belong to.
MOST_REGIONS, MOST_CHILDREN = 30, 60


@dataclass(frozen=True, slots=True)
class Missing:
    """A region without documents; ``anchor`` is where the letter stands that asks for them."""

    anchor: str
    name: str


@dataclass(frozen=True, slots=True)
class RegionsView:
    template: ClassVar[str] = "regions.html.jinja"

    finder: Finder
    coverage: Matrix
    missing: tuple[Missing, ...]
    pager: Pager | None
    year: str
    quality: str
    contact: str


@dataclass(frozen=True, slots=True)
class RegionView:
    template: ClassVar[str] = "region.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    level: str
    division_code: str
    lead: tuple[Span, ...]
    parent: Link | None
    children: tuple[Link, ...]
    flow_note: str
    years: tuple[RegionYearRow, ...]
    charts: tuple[Chart, ...]
    departments: tuple[Counted, ...]
    explore: str


def index(facts: Facts) -> Iterator[Page]:
    """The regions that are held and those that are not, so many of each a page."""
    rows, asked = cut(shown(facts), MOST_REGIONS), cut(missing(facts), MOST_MISSING)
    held = len(regions_with_documents(facts))
    count = max(len(rows), len(asked))
    for number in range(1, count + 1):
        here = Here(address("regions/", number))
        view = RegionsView(
            finder=finder(here, "地区", "找一个地区"),
            coverage=matrix(facts, here, rows[number - 1] if number <= len(rows) else ()),
            missing=tuple(
                Missing(f"ask-{row.region_id}", row.name) for row in (asked[number - 1] if number <= len(asked) else ())
            ),
            pager=pager(here, "regions/", number, count),
            year=str(max(facts.years(), default="")),
            quality=here.quality("#coverage"),
            contact=here.about("#contact"),
        )
        said = f"收录了 {words.number(held)} 个地区公开的预算绩效目标，按地区和年度查看。"
        yield Page(here.path, titled("地区与年度", number), said, view)


def page(facts: Facts, region_id: str) -> Page:
    here = Here(f"regions/{region_id}/")
    region = facts.regions[region_id]
    projects = [row for year in facts.years(region_id) for row in facts.by_region_year.get((region_id, year), ())]
    held = {row.region_id for row in regions_with_documents(facts)}
    counts = Counter(row.department_id for row in projects if row.department_id is not None)
    parent = facts.regions.get(region.parent_id or "")
    view = RegionView(
        crumbs=(Link("地区", here.regions()),),
        name=region.name,
        level=facts.word("regions.level", region.level),
        division_code=region.division_code or "",
        lead=_lead(facts, here, region_id),
        parent=region_link(here, parent) if parent and parent.region_id in held else None,
        children=tuple(region_link(here, row) for row in regions_with_documents(facts) if row.parent_id == region_id)[
            :MOST_CHILDREN
        ],
        flow_note=flow_note(region),
        years=tuple(region_year_row(facts, here, region_id, year, f"{year} 年") for year in facts.years(region_id)),
        charts=figures.for_region(facts, here, region_id),
        departments=tuple(
            Counted(Link(name_at_home(facts, facts.departments[key]), here.department(key)), f"{count} 个项目")
            for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ),
        explore=here.explore(region=region_id),
    )
    return Page(
        here.path,
        region.name,
        f"{region.name}公开的预算绩效目标：{len(facts.years(region_id))} 个年度，{len(projects)} 个项目。",
        view,
    )


def _lead(facts: Facts, here: Here, region_id: str) -> tuple[Span, ...]:
    """What the latest year holds, and the largest project of each kind of form in it."""
    year = facts.years(region_id)[0]
    spans: list[Span] = []
    scope = facts.scopes[region_id, year].text
    gap = " " if scope[0].isdigit() else ""
    for form_type, kind, total in facts.totals_of(region_id, year):
        spans += [
            Span(
                f"{kind} {total.forms} 项，预算 "
                if spans
                else f"{year} 年收录的范围是{gap}{scope}：{kind} {total.forms} 项，预算 "
            ),
            Span(total_value(total).text, strong=True),
        ]
        known = [
            (row.budget_yuan, row.project_id)
            for row in facts.by_region_year[region_id, year]
            if row.form_type == form_type and row.budget_yuan is not None
        ]
        if len(known) > 1:
            yuan, project_id = max(known)
            spans += [
                Span("，所公开的项目里金额最大的是"),
                Span(facts.projects[project_id].name, href=here.project(project_id)),
                Span(f"，{words.money(yuan)}"),
            ]
        spans.append(Span("；"))
    return (*spans[:-1], Span("。")) if spans else (Span(f"{year} 年收录了公开的文件，没有读出表。"),)


def flow_note(region: RegionRow) -> str:
    """Why this region's sums must not be added to those above or below it."""
    if region.level == "municipality":
        return "补助区县的钱会再计入各区县的预算，所以市级和区县的数字不能相加。"
    return "上级补助已经计入上级的预算，补助下级的会再计入下级的，所以不能和上下级的数字相加。"
