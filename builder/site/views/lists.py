"""/years/, /sectors/, /departments/ and /projects/: the ways in, each name with how much stands behind it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from builder import words
from builder.dataset.rows import group
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.coverage import regions_with_documents
from builder.site.views.paging import Finder, Pager, finder, leaves, titled
from builder.site.views.parts import Counted, Link, Page, Span, name_at_home, place_link, region_link

# On a page; twice as many names as a phone shows on six screens stand side by side on a wide one.
MOST_DEPARTMENTS, MOST_PLACES = 150, 100


@dataclass(frozen=True, slots=True)
class ListGroup:
    title: Link | None
    items: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """``kind`` is the page's class, ``style`` the list's: short names side by side, or one line each."""

    template: ClassVar[str] = "list.html.jinja"

    kind: str
    title: str
    lead: tuple[Span, ...]
    style: Literal["pillar", "files"]
    groups: tuple[ListGroup, ...]
    aside: tuple[Span, ...] = ()
    finder: Finder | None = None
    pager: Pager | None = None


def years(facts: Facts) -> Page:
    here = Here("years/")
    forms = Counter(row.year for row in facts.projects.values())
    regions = Counter(year for _, year in {(row.region_id, row.year) for row in facts.documents.values()})
    items = tuple(
        Counted(Link(f"{year} 年", here.year(year)), f"{regions[year]} 个地区，{words.number(forms[year])} 个项目")
        for year in facts.years()
    )
    view = ListView("years", "年度", (), "files", (ListGroup(None, items),))
    return Page(here.path, view.title, "按年度查看各地公开的预算绩效目标。", view)


def sectors(facts: Facts) -> Page:
    here = Here("sectors/")
    items = counted_sectors(facts, here)
    note = "领域按主管部门划分，一个部门只归一个领域，所以跨领域的项目只出现在一处。"
    view = ListView(
        "sectors",
        "领域",
        (Span("教育、医疗、环境、交通……一个领域里，各地在做什么、承诺到什么程度。"),),
        "pillar",
        (ListGroup(None, items),),
        (Span(note), Span("怎么划分", href=here.about("#method"))),
    )
    return Page(here.path, view.title, f"按 {len(items)} 个领域查看各地的项目和承诺。", view)


def counted_sectors(facts: Facts, here: Here) -> tuple[Counted, ...]:
    """The sectors that have projects, most projects first."""
    return tuple(
        Counted(Link(facts.sectors[key].name, here.sector(key)), f"{words.number(len(rows))} 个项目")
        for key, rows in sorted(facts.by_sector.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def departments(facts: Facts) -> Iterator[Page]:
    """The departments under their regions, so many a page."""
    rows = sorted(facts.departments.values(), key=lambda row: (row.code or "~", row.department_id))
    by_region = group(rows, lambda row: row.region_id)
    held = regions_with_documents(facts)
    ordered = [row for region in held for row in by_region.get(region.region_id, ())]
    for number, here, part, through in leaves("departments/", ordered, MOST_DEPARTMENTS):
        view = ListView(
            "departments",
            "部门",
            (Span(f"{len(held)} 个地区的 {words.number(len(rows))} 个部门，按地区排。"),),
            "pillar",
            tuple(
                ListGroup(
                    region_link(here, facts.regions[region_id]),
                    tuple(
                        Counted(
                            Link(name_at_home(facts, row), here.department(row.department_id)),
                            f"{len(facts.by_department.get(row.department_id, ()))} 个项目",
                        )
                        for row in members
                    ),
                )
                for region_id, members in group(part, lambda row: row.region_id).items()
            ),
            finder=finder(here, "部门", "找一个部门"),
            pager=through,
        )
        yield Page(here.path, titled(view.title, number), f"{words.number(len(rows))} 个部门公开的预算绩效目标。", view)


def projects(facts: Facts) -> Iterator[Page]:
    """Each region's years, so many a page: the projects themselves are listed there."""
    places = [
        (region.region_id, year) for region in regions_with_documents(facts) for year in facts.years(region.region_id)
    ]
    for number, here, part, through in leaves("projects/", places, MOST_PLACES):
        items = tuple(
            Counted(
                place_link(facts, here, region_id, year, "#projects"),
                f"{len(facts.by_region_year.get((region_id, year), ()))} 个项目",
            )
            for region_id, year in part
        )
        lead = (Span("按地区和年度查看，或者"), Span("在一张总表里筛选", href=here.explore()), Span("。"))
        view = ListView(
            "projects",
            "全部项目",
            lead,
            "files",
            (ListGroup(None, items),),
            finder=finder(here, "项目", "找一个项目"),
            pager=through,
        )
        yield Page(
            here.path,
            titled(view.title, number),
            f"{words.number(len(facts.projects))} 个项目，按地区和年度查看。",
            view,
        )
