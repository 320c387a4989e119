"""/sectors/{sector_id}/: what each place spends and promises in one field of public life."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import Project
from builder.measures import terms
from builder.site.charts import figures
from builder.site.charts.figures import Chart
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.parts import Link, Page, ProjectList, place_link, project_lists


@dataclass(frozen=True, slots=True)
class Promises:
    """How one place's indicators in this sector are made: shares, not judgements."""

    place: Link
    indicators: str
    qualitative: str
    full: str
    satisfaction: str


@dataclass(frozen=True, slots=True)
class PlaceProjects:
    place: Link
    scope: str
    lists: tuple[ProjectList, ...]


@dataclass(frozen=True, slots=True)
class SectorView:
    template: ClassVar[str] = "sector.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    function_code: str
    cofog: str
    summary: str
    charts: tuple[Chart, ...]
    promises: tuple[Promises, ...]
    meaning: str
    places: tuple[PlaceProjects, ...]
    explore: str


def page(facts: Facts, sector_id: str) -> Page:
    here = Here(f"sectors/{sector_id}/")
    sector = facts.sectors[sector_id]
    projects = facts.by_sector.get(sector_id, ())
    places = sorted({(row.year, row.region_id) for row in projects}, key=lambda place: (-place[0], place[1]))
    by_place = [
        (
            place_link(facts, here, region, year),
            facts.scopes[region, year].text,
            [row for row in projects if (row.region_id, row.year) == (region, year)],
        )
        for year, region in places
    ]
    indicators = facts.count_indicators(projects)
    view = SectorView(
        crumbs=(Link("领域", here.sectors()),),
        name=sector.name,
        function_code=sector.function_code or "",
        cofog=sector.cofog or "",
        summary=f"{len(projects)} 张绩效目标表，{words.number(indicators)} 项指标，来自 {len({p.region_id for p in projects})} 个地区。",
        charts=figures.for_sector(facts, here, sector_id),
        promises=tuple(_promises(facts, place, rows) for place, _, rows in by_place),
        meaning=facts.meaning(terms.QUALITATIVE, terms.FULL_SHARE, terms.SATISFACTION_TARGET),
        places=tuple(PlaceProjects(place, scope, project_lists(facts, here, rows)) for place, scope, rows in by_place),
        explore=here.explore(sector=sector_id),
    )
    return Page(here.path, f"{sector.name}领域", f"{sector.name}：{view.summary}", view)


def _promises(facts: Facts, place: Link, projects: Sequence[Project]) -> Promises:
    rows, lists = facts.own_indicators(projects), facts.rules.words
    shares, satisfied = terms.shares(rows, lists), terms.satisfaction_targets(rows, lists)
    low, high = (words.number(bound(satisfied, default=terms.FULL)) for bound in (min, max))
    return Promises(
        place=place,
        indicators=f"{len(rows)} 项",
        qualitative=words.percent(sum(map(terms.is_qualitative, rows)), len(rows)) if rows else "",
        full=words.percent(shares.count(terms.FULL), len(rows)) if rows else "",
        satisfaction="" if not satisfied else f"{low}%" if low == high else f"{low}% 至 {high}%",
    )
