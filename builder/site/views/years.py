"""/years/ and /years/{year}/: the regions of one year side by side, each with its own sums."""

from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.site.charts import figures
from builder.site.charts.figures import Chart
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.coverage import Amount, amounts
from builder.site.views.parts import Link, Page


@dataclass(frozen=True, slots=True)
class YearsView:
    template: ClassVar[str] = "years.html.jinja"

    years: tuple[tuple[Link, str], ...]


@dataclass(frozen=True, slots=True)
class RegionItem:
    region: Link
    amounts: tuple[Amount, ...]
    indicators: str
    doubts: str
    documents: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class YearView:
    template: ClassVar[str] = "year.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    charts: tuple[Chart, ...]
    regions: tuple[RegionItem, ...]
    other_years: tuple[Link, ...]
    explore: str


def index(facts: Facts) -> Page:
    here = Here("years/")
    rows = []
    for year in facts.years():
        regions = {row.region_id for row in facts.documents.values() if row.year == year}
        forms = sum(row.year == year for row in facts.projects.values())
        rows.append((Link(f"{year} 年", here.year(year)), f"{len(regions)} 个地区，{words.number(forms)} 张绩效目标表"))
    return Page(here.path, "年度", "按年度查看各地公开的预算绩效目标。", YearsView(tuple(rows)))


def page(facts: Facts, year: int) -> Page:
    here = Here(f"years/{year}/")
    items = []
    for region_id in sorted({row.region_id for row in facts.documents.values() if row.year == year}):
        documents = [d for d in facts.documents.values() if (d.region_id, d.year) == (region_id, year)]
        projects = facts.by_region_year.get((region_id, year), ())
        doubts = sum(f.severity != "note" for d in documents for f in facts.document_findings.get(d.document_id, ()))
        indicators = sum(len(facts.indicators.get(row.project_id, ())) for row in projects)
        items.append(
            RegionItem(
                Link(facts.regions[region_id].name, here.region_year(region_id, year)),
                amounts(facts, region_id, year),
                f"{words.number(indicators)} 项指标",
                f"{doubts} 处待核对" if doubts else "",
                tuple(Link(row.title, here.source(row.document_id)) for row in documents),
            )
        )
    view = YearView(
        crumbs=(Link("年度", here.at("years/")),),
        name=f"{year} 年",
        charts=figures.for_year(facts, here, year),
        regions=tuple(items),
        other_years=tuple(Link(f"{other} 年", here.year(other)) for other in facts.years() if other != year),
        explore=here.explore(year=year),
    )
    return Page(here.path, f"{year} 年各地预算绩效目标", f"{year} 年收录 {len(items)} 个地区公开的预算绩效目标。", view)
