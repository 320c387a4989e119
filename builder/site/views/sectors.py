"""/sectors/ and /sectors/{sector_id}/: what each place spends and promises in one field of public life."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import Project
from builder.site.charts import figures
from builder.site.charts.figures import Chart
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.home import SectorItem, sector_items
from builder.site.views.parts import Link, Page, ProjectList, project_lists

SATISFACTION = "满意"


@dataclass(frozen=True, slots=True)
class SectorsView:
    template: ClassVar[str] = "sectors.html.jinja"

    sectors: tuple[SectorItem, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Promises:
    """How one place's indicators in this sector are made: shares, not judgements."""

    place: Link
    indicators: str
    qualitative: str
    all_of_it: str
    satisfaction: str


@dataclass(frozen=True, slots=True)
class PlaceProjects:
    place: Link
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
    places: tuple[PlaceProjects, ...]
    explore: str


def index(facts: Facts) -> Page:
    here = Here("sectors/")
    view = SectorsView(sector_items(facts, here), here.about("#method"))
    return Page(here.path, "领域", f"按 {len(view.sectors)} 个领域查看各地的项目和承诺。", view)


def page(facts: Facts, sector_id: str) -> Page:
    here = Here(f"sectors/{sector_id}/")
    sector = facts.sectors[sector_id]
    projects = facts.by_sector.get(sector_id, ())
    places = sorted({(row.year, row.region_id) for row in projects}, key=lambda place: (-place[0], place[1]))
    by_place = [
        (
            Link(f"{facts.regions[region].name} {year} 年", here.region_year(region, year)),
            [row for row in projects if (row.region_id, row.year) == (region, year)],
        )
        for year, region in places
    ]
    indicators = sum(len(facts.indicators.get(row.project_id, ())) for row in projects)
    view = SectorView(
        crumbs=(Link("领域", here.sectors()),),
        name=sector.name,
        function_code=sector.function_code or "",
        cofog=sector.cofog or "",
        summary=f"{len(projects)} 张绩效目标表，{words.number(indicators)} 项指标，来自 {len({p.region_id for p in projects})} 个地区。",
        charts=figures.for_sector(facts, here, sector_id),
        promises=tuple(_promises(facts, place, rows) for place, rows in by_place),
        places=tuple(PlaceProjects(place, project_lists(facts, here, rows)) for place, rows in by_place),
        explore=here.explore(sector=sector_id),
    )
    return Page(here.path, f"{sector.name}领域", f"{sector.name}：{view.summary}", view)


def _promises(facts: Facts, place: Link, projects: Sequence[Project]) -> Promises:
    rows = [
        row for project in projects for row in facts.indicators.get(project.project_id, ()) if not row.is_execution_rate
    ]
    rates = [(row, row.target_value) for row in rows if row.unit == "%" and row.target_value is not None]
    satisfied = sorted(target for row, target in rates if SATISFACTION in row.name)
    whole = len(rows)
    return Promises(
        place=place,
        indicators=f"{whole} 项",
        qualitative=words.percent(sum(row.comparison == "qualitative" for row in rows), whole) if whole else "",
        all_of_it=words.percent(sum(target == 100 for _, target in rates), whole) if whole else "",
        satisfaction=""
        if not satisfied
        else f"{words.number(satisfied[0])}%"
        if satisfied[0] == satisfied[-1]
        else f"{words.number(satisfied[0])}% 至 {words.number(satisfied[-1])}%",
    )
