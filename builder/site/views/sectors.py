"""/sectors/{sector_id}/: what each place spends and promises in one field of public life."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import group
from builder.site.charts import figures
from builder.site.charts.figures import Chart
from builder.site.facts import Facts
from builder.site.views.paging import Pager, leaves, titled
from builder.site.views.parts import Link, Page, PlaceProjects, place_link, project_lists

# Places on a page, and of each its largest projects; the rest are on its year's page.
MOST_PLACES, MOST_PROJECTS = 6, 6


@dataclass(frozen=True, slots=True)
class SectorView:
    template: ClassVar[str] = "sector.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    function_code: str
    cofog: str
    summary: str
    charts: tuple[Chart, ...]
    places: tuple[PlaceProjects, ...]
    pager: Pager | None
    explore: str


def pages(facts: Facts, sector_id: str) -> Iterator[Page]:
    """The places in the order of all lists, the newest year first; charts on the first page."""
    sector = facts.sectors[sector_id]
    projects = facts.by_sector.get(sector_id, ())
    by_place = group(projects, lambda row: (row.region_id, row.year))
    base, indicators = f"sectors/{sector_id}/", facts.count_indicators(projects)
    summary = f"{len({region_id for region_id, _ in by_place})} 个地区的 {words.number(len(projects))} 个项目，{words.number(indicators)} 项指标。"
    for number, here, part, through in leaves(base, facts.in_order(by_place), MOST_PLACES):
        places = []
        for region_id, year in part:
            rows = by_place[region_id, year]
            lists = project_lists(facts, here, rows, most=MOST_PROJECTS)
            shown = sum(len(one.items) for one in lists)
            every = here.explore(region=region_id, year=year, sector=sector_id)
            places.append(
                PlaceProjects(
                    place_link(facts, here, region_id, year),
                    facts.scopes[region_id, year].text,
                    lists,
                    Link(f"全部 {words.number(len(rows))} 个项目", every) if len(rows) > shown else None,
                )
            )
        view = SectorView(
            crumbs=(Link("领域", here.sectors()),),
            name=sector.name,
            function_code=sector.function_code or "",
            cofog=sector.cofog or "",
            summary=summary,
            charts=figures.for_sector(facts, here, sector_id) if number == 1 else (),
            places=tuple(places),
            pager=through,
            explore=here.explore(sector=sector_id),
        )
        yield Page(here.path, titled(f"{sector.name}领域", number), f"{sector.name}：{summary}", view)
