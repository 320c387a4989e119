"""Which regions' documents of which years are here: the table of regions by years that home and /regions/ show."""

from collections.abc import Sequence
from dataclasses import dataclass

from builder import words
from builder.dataset.rows import RegionRow
from builder.measures.scope import ONE_DEPARTMENT
from builder.settings.places import STATUSES
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.paging import address
from builder.site.views.parts import Link, State, Value, document_link, doubts, place_link, region_link, total_value

# Regions without documents on a page of /regions/.
MOST_MISSING = 60


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum with what it is a sum of; ``scope`` is the same phrase wherever the sum stands."""

    kind: str
    scope: str
    forms: str
    money: Value


@dataclass(frozen=True, slots=True)
class Cell:
    """``link`` is missing where no document of that region and year is here, and ``absence`` says what is known of it;
    ``amounts`` is empty where a document is here and no form could be read."""

    link: Link | None
    amounts: tuple[Amount, ...]
    absence: str
    state: State


@dataclass(frozen=True, slots=True)
class Row:
    region: Link
    has_page: bool
    level: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RegionYearRow:
    """What a region published in a year, in a table of its years or of the year's regions."""

    name: Link
    amounts: tuple[Amount, ...]
    indicators: str
    doubts: str
    documents: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    years: tuple[Link, ...]
    rows: tuple[Row, ...]


def shown(facts: Facts) -> list[RegionRow]:
    """Regions that have a document or an entry in the calendar."""
    years = facts.years()
    noted = {region_id for region_id, year in facts.calendar if year in years}
    return facts.regions_among(noted | {row.region_id for row in facts.documents.values()})


def matrix(facts: Facts, here: Here, chosen: Sequence[RegionRow], most_years: int | None = None) -> Matrix:
    """Regions by years, newest first; ``most_years`` leaves the older out."""
    years = facts.years()[:most_years]
    documents = facts.documents.values()
    present = {(d.region_id, d.year) for d in documents if d.kind == "targets"}
    held = {d.region_id for d in documents}
    rows = [
        Row(
            region_link(here, region),
            region.region_id in held,
            facts.word("regions.level", region.level),
            tuple(_cell(facts, here, region, year, (region.region_id, year) in present) for year in years),
        )
        for region in chosen
    ]
    return Matrix(tuple(Link(f"{year} 年", here.year(year)) for year in years), tuple(rows))


def regions_with_documents(facts: Facts) -> list[RegionRow]:
    return facts.regions_among({document.region_id for document in facts.documents.values()})


def _cell(facts: Facts, here: Here, region: RegionRow, year: int, present: bool) -> Cell:
    if present:
        link = place_link(facts, here, region.region_id, year)
        return Cell(link, amounts(facts, region.region_id, year), "", "known")
    entry = facts.calendar.get((region.region_id, year))
    if (region.region_id, year) in facts.kept:
        return Cell(None, (), "只有结果，没有目标", "absent")
    if entry is None:
        return Cell(None, (), "尚未收录", "absent")
    seen = f"（{words.day(entry.checked_on)}查看）" if entry.checked_on else ""
    state: State = "unreadable" if entry.status == "unreadable" else "absent"
    return Cell(None, (), STATUSES[entry.status] + seen, state)


def amounts(facts: Facts, region_id: str, year: int) -> tuple[Amount, ...]:
    """The sums of a region and year, one for each form type, never added up."""
    return tuple(
        Amount(kind, facts.scopes[region_id, year].text, f"{total.forms} 项", total_value(total))
        for _, kind, total in facts.totals_of(region_id, year)
    )


def region_year_row(facts: Facts, here: Here, region_id: str, year: int, name: str) -> RegionYearRow:
    """The row of a region's year, called ``name``, in a table of years or of regions."""
    documents = facts.documents_of(region_id, year)
    indicators = facts.count_indicators(facts.by_region_year.get((region_id, year), ()))
    return RegionYearRow(
        name=Link(name, here.region_year(region_id, year)),
        amounts=amounts(facts, region_id, year),
        indicators=f"{words.number(indicators)} 项指标",
        doubts=doubts(facts.findings_of(documents)),
        documents=tuple(document_link(here, row) for row in documents),
    )


@dataclass(frozen=True, slots=True)
class TileItem:
    """A region in the tile map: ``kind`` is ``held``, ``bureau`` (one department's own projects only) or ``none``."""

    name: str
    label: str
    href: str
    kind: str
    row: int
    column: int


def missing(facts: Facts) -> list[RegionRow]:
    """Regions of which nothing is held and nothing is noted in the calendar: somebody may ask for their documents."""
    known = {row.region_id for row in facts.documents.values()} | {region_id for region_id, _ in facts.calendar}
    return [region for key, region in facts.regions.items() if key not in known]


def letters(facts: Facts) -> dict[str, str]:
    """Where on the site the letter stands that asks for the documents of a region."""
    rows = enumerate(missing(facts))
    return {row.region_id: f"{address('regions/', at // MOST_MISSING + 1)}#ask-{row.region_id}" for at, row in rows}


def tiles(facts: Facts, here: Here) -> tuple[TileItem, ...]:
    """Every region that has a place in the map; one without documents leads to the letter that asks for them."""
    held, asked = {row.region_id for row in facts.documents.values()}, letters(facts)
    found = []
    for region_id, (row, column) in facts.tiles.items():
        region = facts.regions.get(region_id)
        if region is None:
            continue
        if region_id not in held:
            label, kind = "尚未收录，点开看怎样申请公开", "none"
            href = here.at(asked.get(region_id, "regions/"))
        else:
            years = facts.years(region_id)
            scopes = "；".join(f"{year} 年 {facts.scopes[region_id, year].text}" for year in years)
            one = all(kind == ONE_DEPARTMENT for kind, _ in facts.scopes[region_id, years[0]].kind or (("", ""),))
            label, href, kind = scopes, here.region_year(region_id, years[0]), "bureau" if one else "held"
        found.append(TileItem(short(region.name), f"{region.name}：{label}", href, kind, row, column))
    return tuple(found)


def short(name: str) -> str:
    """A region's name as it fits a tile: 九龙坡区 → 九龙坡, 石柱土家族自治县 → 石柱, 西部科学城重庆高新区 → 高新区."""
    if name.endswith("自治县"):
        return name[:2]
    if name.endswith("高新区"):
        return "高新区"
    ending = next((one for one in ("经开区", "新区", "区", "县", "市") if name.endswith(one)), "")
    return name.removesuffix(ending) if len(name) > len(ending) + 1 else name
