"""/years/{year}/: the regions of one year side by side, each with its own sums."""

from dataclasses import dataclass
from typing import ClassVar

from builder.site.charts import figures
from builder.site.charts.figures import Chart
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.coverage import RegionYearRow, region_year_row
from builder.site.views.parts import Link, Page


@dataclass(frozen=True, slots=True)
class YearView:
    template: ClassVar[str] = "year.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    charts: tuple[Chart, ...]
    regions: tuple[RegionYearRow, ...]
    other_years: tuple[Link, ...]
    explore: str


def page(facts: Facts, year: int) -> Page:
    here = Here(f"years/{year}/")
    regions = sorted({row.region_id for row in facts.documents.values() if row.year == year})
    items = tuple(region_year_row(facts, here, key, year, facts.regions[key].name) for key in regions)
    view = YearView(
        crumbs=(Link("年度", here.at("years/")),),
        name=f"{year} 年",
        charts=figures.for_year(facts, here, year),
        regions=items,
        other_years=tuple(Link(f"{other} 年", here.year(other)) for other in facts.years() if other != year),
        explore=here.explore(year=year),
    )
    return Page(here.path, f"{year} 年各地预算绩效目标", f"{year} 年收录 {len(items)} 个地区公开的预算绩效目标。", view)
