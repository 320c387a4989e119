"""/years/{year}/: the regions of one year side by side, each with its own sums."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.site.charts import figures
from builder.site.charts.figures import Chart
from builder.site.facts import Facts
from builder.site.views.coverage import RegionYearRow, region_year_row
from builder.site.views.paging import Pager, leaves, titled
from builder.site.views.parts import Link, Page

MOST_REGIONS = 30


@dataclass(frozen=True, slots=True)
class YearView:
    template: ClassVar[str] = "year.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    charts: tuple[Chart, ...]
    regions: tuple[RegionYearRow, ...]
    pager: Pager | None
    other_years: tuple[Link, ...]
    explore: str


def pages(facts: Facts, year: int) -> Iterator[Page]:
    regions = facts.regions_among({row.region_id for row in facts.documents.values() if row.year == year})
    for number, here, part, through in leaves(f"years/{year}/", regions, MOST_REGIONS):
        view = YearView(
            crumbs=(Link("年度", here.at("years/")),),
            name=f"{year} 年",
            charts=figures.for_year(facts, here, year) if number == 1 else (),
            regions=tuple(region_year_row(facts, here, row.region_id, year, row.name) for row in part),
            pager=through,
            other_years=tuple(Link(f"{other} 年", here.year(other)) for other in facts.years() if other != year),
            explore=here.explore(year=year),
        )
        said = f"{year} 年收录 {words.number(len(regions))} 个地区公开的预算绩效目标。"
        yield Page(here.path, titled(f"{year} 年各地预算绩效目标", number), said, view)
