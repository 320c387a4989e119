"""/: what this is, how much of it there is, and the ways in."""

from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.measures import terms
from builder.site.charts import figures
from builder.site.charts.figures import Chart
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views import themes
from builder.site.views.coverage import Matrix, TileItem, matrix, regions_with_documents, shown, tiles
from builder.site.views.headlines import Headline, headlines
from builder.site.views.lists import counted_sectors
from builder.site.views.parts import (
    Counted,
    Link,
    Page,
    ProjectItem,
    Value,
    amount,
    department_link,
    place_link,
    project_link,
    project_lists,
    source_link,
)

# What people type first; each is a name or part of a name that the documents hold.
EXAMPLES = ("老党员", "农村危房", "公租房", "满意度", "森林")
# Of places in each list of the page, of their years, and of a place's projects.
MOST_PLACES, MOST_ROWS, MOST_CARDS, MOST_YEARS, LARGEST = 12, 8, 4, 3, 2
EXAMPLE_INDICATORS = 3


@dataclass(frozen=True, slots=True)
class Largest:
    """The projects of one region and year with the largest budgets."""

    place: Link
    scope: str
    items: tuple[ProjectItem, ...]


@dataclass(frozen=True, slots=True)
class ExampleIndicator:
    name: str
    promise: str
    weight: str
    width: str


@dataclass(frozen=True, slots=True)
class Example:
    """One project as the site reads it, so that a reader sees at once what a page holds."""

    name: Link
    place: str
    budget: Value
    department: str
    indicators: tuple[ExampleIndicator, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class HomeView:
    template: ClassVar[str] = "home.html.jinja"

    lead: str
    places: tuple[Link, ...]
    every: Link
    missing: str
    search: str
    examples: tuple[Link, ...]
    headlines: tuple[Headline, ...]
    themes: tuple[Counted, ...]
    example: Example | None
    tiles: tuple[TileItem, ...]
    coverage: Matrix
    charts: tuple[Chart, ...]
    sectors: tuple[Counted, ...]
    largest: tuple[Largest, ...]
    findings: str
    leads: str
    explore: str
    data: str
    about: str


def page(facts: Facts) -> Page:
    here = Here("")
    indicators = facts.count_indicators(facts.projects.values())
    doubtful = terms.doubts(facts.findings_of(facts.documents.values()))
    largest = []
    held = regions_with_documents(facts)
    for region in held[:MOST_CARDS]:
        year = facts.years(region.region_id)[0]
        projects = facts.by_region_year.get((region.region_id, year), ())
        lists = project_lists(facts, here, [row for row in projects if row.form_type == "special_fund"], most=LARGEST)
        if lists:
            place = place_link(facts, here, region.region_id, year)
            largest.append(Largest(place, facts.scopes[region.region_id, year].text, lists[0].items))
    view = HomeView(
        lead=f"{words.number(len(held))} 个地区公开的 {words.number(len(facts.projects))} 个项目、"
        f"{words.number(indicators)} 项指标，逐行读出来：花多少钱，答应办成什么，怎么考核。",
        places=tuple(
            Link(row.name, here.region_year(row.region_id, facts.years(row.region_id)[0])) for row in held[:MOST_PLACES]
        ),
        every=Link(f"全部 {words.number(len(held))} 个地区", here.regions()),
        missing=here.regions() + "#missing",
        search=here.at("search/"),
        examples=tuple(Link(words, here.search(words)) for words in EXAMPLES),
        example=_example(facts, here),
        headlines=headlines(facts, here),
        themes=themes.counted(facts, here),
        tiles=tiles(facts, here),
        coverage=matrix(facts, here, shown(facts)[:MOST_ROWS], MOST_YEARS),
        charts=figures.for_home(facts, here),
        sectors=counted_sectors(facts, here),
        largest=tuple(largest),
        findings=words.number(doubtful),
        leads=here.leads(),
        explore=here.explore(),
        data=here.data(),
        about=here.about(),
    )
    return Page(
        "",
        "明账：政府花钱之前承诺了什么",
        f"{words.number(len(facts.projects))} 张政府公开的绩效目标表，逐项读出：花多少钱、办成什么事、怎么考核，每个数字都能点回原文。",
        view,
    )


def _example(facts: Facts, here: Here) -> Example | None:
    """The latest form of the first project that more than one year holds, as there is most to see on its page."""
    series = sorted(key for key, rows in facts.by_series.items() if len({row.year for row in rows}) > 1)
    if not series:
        return None
    row = max(facts.by_series[series[0]], key=lambda row: (row.year, row.project_id))
    weighed = [
        (indicator.weight, indicator)
        for indicator in facts.indicators.get(row.project_id, ())
        if indicator.weight is not None and not indicator.is_execution_rate
    ]
    weighed.sort(key=lambda item: (-item[0], item[1].position))
    return Example(
        name=project_link(here, row),
        place=facts.place(row.region_id, row.year),
        budget=amount(
            row.budget_yuan,
            row.budget_as_filed,
            source_link(here, row.document_id, facts.line_of(row, "budget_yuan", "budget_as_filed")),
        ),
        department=department_link(facts, here, row).text,
        indicators=tuple(
            ExampleIndicator(
                indicator.name,
                terms.target(indicator),
                words.points(weight),
                words.width(weight, weighed[0][0]),
            )
            for weight, indicator in weighed[:EXAMPLE_INDICATORS]
        ),
        rest=f"全部 {len(weighed)} 项指标、往年对照和原文",
    )
