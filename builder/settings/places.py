"""``regions.yml``, ``sectors.yml``, ``calendar.yml``, ``population.yml``: the places, what departments do, which years are
expected, how many live there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic import Field as Is

from builder.faults import SettingsFault
from builder.model import Document
from builder.settings.gazetteer import Region
from builder.settings.loading import Entry, Line, Slug, Url, Whole, Words, load, once, shaped, together, wrong

STATUSES = {"read": "已读", "unreadable": "已公开，读不了", "not_found": "没有找到", "not_due": "还没到公开的时候"}
# What the schemas of data/schemas allow as a budget year.
FIRST_YEAR, LAST_YEAR = 2000, 2099


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, written 2026-03-08."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _day(text: str) -> str:
    if not is_day(text):
        raise ValueError("应为日期，如 2026-03-08")
    return text


Day = Annotated[str, AfterValidator(_day)]
Year = Annotated[Whole, Is(ge=FIRST_YEAR, le=LAST_YEAR)]
# An id that begins with a letter, as the schemas want those of regions and sectors.
Id = Annotated[Slug, shaped("[a-z].*", "应以小写字母开头")]


class RegionEntry(Entry):
    region_id: Id
    name: Line
    level: Literal["province", "municipality", "prefecture", "district", "development_zone", "township"]
    parent_id: Id | None = None
    division_code: Annotated[str, shaped(r"\d{6}", "应为六位代码")] | None = None
    aliases: Words


class Sector(Entry):
    sector_id: Id
    name: Line
    name_en: Line
    function_code: Annotated[str, shaped(r"\d{3}", "应为三位代码")]
    cofog: Annotated[str, shaped(r"(0[1-9]|10)(\.\d)?", "应为 01 到 10，或带一位小数")]
    keywords: Words


class Noted(Entry):
    """A region-year without a readable document of a kind."""

    region_id: Id
    year: Year
    kind: Literal["targets", "self_evaluation", "evaluation", "monitoring"] = "targets"
    status: Literal["unreadable", "not_found", "not_due"]
    checked_on: Day | None = None
    note: Line | None = None
    url: Url | None = None


class Census(Entry):
    """The residents of a region at a census; ``source`` can be cited, and read at ``url``."""

    region_id: Id
    people: Annotated[Whole, Is(ge=1)]
    counted_on: Day
    source: Line
    url: Url


Month = Annotated[Whole, Is(ge=1, le=12)]


class Due(Entry):
    """By which month results of a year are published, counted from the beginning of a later year."""

    years_after: Annotated[Whole, Is(ge=0, le=5)]
    month: Month


class CalendarFile(Entry):
    due_month: Month
    results: Annotated[dict[Literal["self_evaluation", "evaluation", "monitoring"], Due], Is(default_factory=dict)]
    entries: tuple[Noted, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """What maintainers noted of region-years without a readable document of targets (``entries``) or of what came of them
    (``results``, by kind), and the month by which one is due."""

    due_month: int
    entries: Mapping[tuple[str, int], Noted]
    results: Mapping[tuple[str, int, str], Noted] = field(default_factory=dict)
    results_due: Mapping[str, Due] = field(default_factory=dict)

    def due(self, kind: str) -> tuple[int, int]:
        """How many years after the year that it is about a document is due, and by which month."""
        found = self.results_due.get(kind)
        return (found.years_after, found.month) if found else (0, self.due_month)


def _regions(regions: tuple[RegionEntry, ...]) -> None:
    once([(region.region_id, (place, "region_id")) for place, region in enumerate(regions)], "地区")
    # Two places may share a name, as many towns do, but not below the same place.
    owners: dict[tuple[str | None, str], str] = {}
    for place, region in enumerate(regions):
        for alias in dict.fromkeys((region.name, *region.aliases)):
            if (other := owners.setdefault((region.parent_id, alias), region.region_id)) != region.region_id:
                raise wrong(f"「{alias}」已经是 {other} 的写法，请只留一处", place, "aliases")


def _sectors(sectors: tuple[Sector, ...]) -> None:
    once([(sector.sector_id, (place, "sector_id")) for place, sector in enumerate(sectors)], "领域")
    words = [
        (word, (place, "keywords", at))
        for place, sector in enumerate(sectors)
        for at, word in enumerate(sector.keywords)
    ]
    once(words, "关键词")


def regions(path: Path) -> dict[str, Region]:
    return {entry.region_id: Region(**dict(entry)) for entry in load(path, tuple[RegionEntry, ...], _regions)}


def sectors(path: Path) -> dict[str, Sector]:
    return {sector.sector_id: sector for sector in load(path, tuple[Sector, ...], _sectors)}


def calendar(path: Path, regions: Mapping[str, Region], documents: Sequence[Document]) -> Calendar:
    """The calendar, proved also against the regions and the documents that are here."""
    file = load(path, CalendarFile)
    held = {(document.region_id, document.year, document.kind): document.document_id for document in documents}
    entries: dict[tuple[str, int, str], Noted] = {}
    faults = []
    for number, noted in enumerate(file.entries, 1):
        key = (noted.region_id, noted.year, noted.kind)
        said = None
        if noted.region_id not in regions:
            said = ("地区不在 data/regions.yml 里", "请核对编号，或先在那里加一条。")
        elif key in held:
            said = (f"这个地区这一年已经有文件 {held[key]}", "请删去这一条。")
        elif key in entries:
            said = ("前面已经写过", "请只留一条。")
        if said:
            place = f"entries 第 {number} 项（{noted.region_id} {noted.year}）"
            faults.append(SettingsFault(said[0], file=path, place=place, remedy=said[1]))
        entries[key] = noted
    if faults:
        raise together(path, faults)
    targets = {key[:2]: noted for key, noted in entries.items() if noted.kind == "targets"}
    results = {key: noted for key, noted in entries.items() if noted.kind != "targets"}
    return Calendar(file.due_month, targets, results, {str(kind): due for kind, due in file.results.items()})


def _censuses(found: tuple[Census, ...]) -> None:
    once([(f"{one.region_id} {one.counted_on}", (place, "counted_on")) for place, one in enumerate(found)], "普查")


def population(path: Path, regions: Mapping[str, Region]) -> dict[str, tuple[Census, ...]]:
    """The censuses of each region."""
    found: dict[str, tuple[Census, ...]] = {}
    censuses = load(path, tuple[Census, ...], _censuses, empty=())
    for place, census in enumerate(censuses, 1):
        if census.region_id not in regions:
            raise SettingsFault(
                f"没有地区 {census.region_id}",
                file=path,
                place=f"第 {place} 条",
                remedy="请核对编号，或先加进 data/regions.yml。",
            )
        found[census.region_id] = (*found.get(census.region_id, ()), census)
    return found
