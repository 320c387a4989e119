"""/themes/: the city by what people live with, not by ministry; one page a theme, and one for each region in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import Project, RegionRow, group
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.lists import ListGroup, ListView
from builder.site.views.paging import Pager, leaves, titled
from builder.site.views.parts import Counted, Link, Page, PlaceProjects, Span, place_link, project_lists

# Of a region a theme's page shows the largest; the region's own page of the theme has all.
MOST_A_REGION = 6
# Of regions, and of a region's projects, on a page.
MOST_REGIONS, MOST_PROJECTS = 8, 40


@dataclass(frozen=True, slots=True)
class ThemeView:
    template: ClassVar[str] = "theme.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    lead: str
    words: str
    places: tuple[PlaceProjects, ...]
    others: tuple[Link, ...]
    pager: Pager | None
    feed: str


def counted(facts: Facts, here: Here) -> tuple[Counted, ...]:
    return tuple(
        Counted(Link(facts.themes[key].name, here.theme(key)), f"{words.number(len(rows))} 个项目")
        for key, rows in facts.by_theme.items()
    )


def index(facts: Facts) -> Page:
    here = Here("themes/")
    lead = (Span("养老、看病、上学、住房……按生活里的事看各地答应办什么。一个项目可以归几件事，所以各主题不能相加。"),)
    view = ListView("themes", "按生活里的事看", lead, "pillar", (ListGroup(None, counted(facts, here)),))
    return Page(here.path, view.title, "按生活里的事看各地公开的预算绩效目标。", view)


def pages(facts: Facts, theme_id: str, *, has_feed: bool) -> Iterator[Page]:
    """A theme over all regions, each with the projects of its latest year that has any; then each region's own pages."""
    theme, by_region = facts.themes[theme_id], group(facts.by_theme[theme_id], lambda row: row.region_id)
    count = words.number(len(facts.by_theme[theme_id]))
    lead = f"{len(by_region)} 个地区有 {count} 个项目说到{theme.name}。各地公开的范围不同，金额不能互相比大小。"
    base, order = f"themes/{theme_id}/", facts.regions_among(by_region)
    for number, here, part, through in leaves(base, order, MOST_REGIONS):
        places = []
        for region in part:
            rows = by_region[region.region_id]
            latest = [row for row in rows if row.year == max(row.year for row in rows)]
            whole = Link(f"{region.name}的 {len(rows)} 个项目", here.theme(theme_id, region.region_id))
            places.append(_place(facts, here, latest, whole if len(rows) > min(len(latest), MOST_A_REGION) else None))
        feed = here.at(f"{base}feed.xml") if has_feed else ""
        crumbs = (Link("主题", here.themes()),)
        yield _page(facts, here, theme_id, theme.name, number, lead, crumbs, places, through, feed)
    for region in order:
        yield from _region_pages(facts, theme_id, region, by_region[region.region_id])


def _region_pages(facts: Facts, theme_id: str, region: RegionRow, projects: Sequence[Project]) -> Iterator[Page]:
    """A theme in one region, newest year first."""
    theme, base = facts.themes[theme_id], f"themes/{theme_id}/{region.region_id}/"
    lead = f"{region.name}公开的文件里，{words.number(len(projects))} 个项目说到{theme.name}。"
    ordered = sorted(projects, key=lambda row: (-row.year, -(row.budget_yuan or 0), row.project_id))
    for number, here, part, through in leaves(base, ordered, MOST_PROJECTS):
        crumbs = (
            Link("主题", here.themes()),
            Link(theme.name, here.theme(theme_id)),
            Link(region.name, here.region(region.region_id)),
        )
        places = [_place(facts, here, rows, None) for rows in group(part, lambda row: row.year).values()]
        yield _page(facts, here, theme_id, f"{region.name} · {theme.name}", number, lead, crumbs, places, through)


def _place(facts: Facts, here: Here, rows: Sequence[Project], rest: Link | None) -> PlaceProjects:
    first = rows[0]
    return PlaceProjects(
        place_link(facts, here, first.region_id, first.year),
        facts.scopes[first.region_id, first.year].text,
        project_lists(facts, here, rows, most=MOST_A_REGION if rest else None),
        rest,
    )


def _page(
    facts: Facts,
    here: Here,
    theme_id: str,
    name: str,
    number: int,
    lead: str,
    crumbs: tuple[Link, ...],
    places: Sequence[PlaceProjects],
    through: Pager | None,
    feed: str = "",
) -> Page:
    view = ThemeView(
        crumbs=crumbs,
        name=name,
        lead=lead,
        words="、".join(facts.themes[theme_id].words),
        places=tuple(places),
        others=tuple(
            Link(theme.name, here.theme(key))
            for key, theme in facts.themes.items()
            if key != theme_id and key in facts.by_theme
        ),
        pager=through,
        feed=feed,
    )
    return Page(here.path, titled(name, number), lead, view)
