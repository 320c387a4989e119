"""/themes/: the city by what people live with, not by ministry; one page a theme, and one for each region in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import Project
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.coverage import regions_with_documents
from builder.site.views.lists import ListGroup, ListView
from builder.site.views.parts import Counted, Link, Page, ProjectList, Span, project_lists

# Of a region a theme's page shows the largest; the region's own page of the theme has all.
MOST_A_REGION = 6


@dataclass(frozen=True, slots=True)
class ThemePlace:
    place: Link
    scope: str
    lists: tuple[ProjectList, ...]
    rest: Link | None


@dataclass(frozen=True, slots=True)
class ThemeView:
    template: ClassVar[str] = "theme.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    lead: str
    words: str
    places: tuple[ThemePlace, ...]
    others: tuple[Link, ...]
    feed: str


def used(facts: Facts) -> dict[str, list[Project]]:
    """The themes that have projects, in the order of the file, each with its projects."""
    found: dict[str, list[Project]] = {key: [] for key in facts.themes}
    for project_id, keys in facts.themes_of.items():
        for key in keys:
            found[key].append(facts.projects[project_id])
    return {key: rows for key, rows in found.items() if rows}


def counted(facts: Facts, here: Here) -> tuple[Counted, ...]:
    return tuple(
        Counted(Link(facts.themes[key].name, here.theme(key)), f"{words.number(len(rows))} 个项目")
        for key, rows in used(facts).items()
    )


def index(facts: Facts) -> Page:
    here = Here("themes/")
    lead = (Span("养老、看病、上学、住房……按生活里的事看各地答应办什么。一个项目可以归几件事，所以各主题不能相加。"),)
    view = ListView("themes", "按生活里的事看", lead, "pillar", (ListGroup(None, counted(facts, here)),))
    return Page(here.path, view.title, "按生活里的事看各地公开的预算绩效目标。", view)


def page(facts: Facts, theme_id: str, projects: Sequence[Project], *, has_feed: bool) -> Page:
    """A theme over all regions, each with the projects of its latest year that has any."""
    here = Here(f"themes/{theme_id}/")
    theme = facts.themes[theme_id]
    places = []
    for region in regions_with_documents(facts):
        rows = [row for row in projects if row.region_id == region.region_id]
        if rows:
            year = max(row.year for row in rows)
            latest = [row for row in rows if row.year == year]
            whole = Link(f"{region.name}的 {len(rows)} 个项目", here.theme(theme_id, region.region_id))
            places.append(_place(facts, here, latest, whole if len(rows) > min(len(latest), MOST_A_REGION) else None))
    lead = f"{len(places)} 个地区有 {words.number(len(projects))} 个项目说到{theme.name}。各地公开的范围不同，金额不能互相比大小。"
    feed = here.at(f"themes/{theme_id}/feed.xml") if has_feed else ""
    return _page(facts, here, theme_id, theme.name, lead, (Link("主题", here.themes()),), places, feed)


def region_page(facts: Facts, theme_id: str, region_id: str, projects: Sequence[Project]) -> Page:
    """A theme in one region, newest year first."""
    here = Here(f"themes/{theme_id}/{region_id}/")
    theme, region = facts.themes[theme_id], facts.regions[region_id]
    years = sorted({row.year for row in projects}, reverse=True)
    places = [_place(facts, here, [row for row in projects if row.year == year], None) for year in years]
    lead = f"{region.name}公开的文件里，{words.number(len(projects))} 个项目说到{theme.name}。"
    crumbs = (
        Link("主题", here.themes()),
        Link(theme.name, here.theme(theme_id)),
        Link(region.name, here.region(region_id)),
    )
    return _page(facts, here, theme_id, f"{region.name} · {theme.name}", lead, crumbs, places)


def _place(facts: Facts, here: Here, rows: Sequence[Project], rest: Link | None) -> ThemePlace:
    first = rows[0]
    return ThemePlace(
        Link(facts.place(first.region_id, first.year), here.region_year(first.region_id, first.year)),
        facts.scopes[first.region_id, first.year].text,
        project_lists(facts, here, rows, most=MOST_A_REGION if rest else None),
        rest,
    )


def _page(
    facts: Facts,
    here: Here,
    theme_id: str,
    name: str,
    lead: str,
    crumbs: tuple[Link, ...],
    places: Sequence[ThemePlace],
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
            if key != theme_id and key in used(facts)
        ),
        feed=feed,
    )
    return Page(here.path, name, lead, view)
