"""Dataset and built site → ``site/search/data/``: the index that docs/assets/search.js reads in the browser.

Chinese has no spaces and people type any part of a name, so the index knows no words: it holds every pair of
neighbouring characters with all its places, and a phrase stands where its pairs stand side by side. That finds exactly
what a search for the substring would find.

``head.js``
    what every search needs: the facets of all entries, the aliases, and the first pair of each pair file.
``{version}/pairs/*.js``
    the places of the pairs, in the order of the pairs. A place is ``entry * stride + base of the zone + offset``.
``{version}/entries/*.js``
    what results show, a few entries a file.

All are scripts that call ``mingzhang(name, value)``: hosts compress scripts on the wire, and a page opened from a disk
may load a script where it may not fetch a file.

Why no search library: with 10,000 generated projects a first search for 3 to 18 characters loads 90 to 250 kB; a Pagefind
1.5 index with a space between characters loads 280 to 940 kB, gives all hits of a phrase one score, cannot join two
phrases, and does not work from a disk. Word-based indexes do not find parts of names, or load whole.
"""

import hashlib
import json
import os
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree, html
from pypinyin import lazy_pinyin

from builder import words
from builder.dataset.rows import Citation, Department, group
from builder.dataset.store import Dataset, replacing
from builder.faults import PublishingFault
from builder.measures import policies, promise, terms, themes
from builder.settings import Settings
from builder.site.paths import Here
from builder.site.views.paging import address
from builder.site.views.policies import MOST, policy_anchor
from builder.text import searchable

# In the order in which equally good results are shown.
KINDS = {
    "region": "地区",
    "region_year": "地区年度",
    "year": "年度",
    "theme": "主题",
    "sector": "领域",
    "department": "部门",
    "project": "项目",
    "result": "结果",
    "policy": "政策文件",
    "document": "公开文件",
    "page": "网站说明",
}

# Pages of which the dataset tells what they say; all other pages of the site are indexed as they are printed.
DATA_PAGES = (
    "changes",
    "regions",
    "years",
    "themes",
    "leads",
    "sectors",
    "departments",
    "projects",
    "results",
    "policies",
    "sources",
    "search",
    "explore",
)

# A pair file of about 9 kB and an entry file of about 4 kB on the wire: a first search loads a few of each.
PAIR_FILE_CHARACTERS = 12_000
ENTRIES_A_FILE = 5

_FOLDER = "search/data"
_SITE = Here("")
# The tables know more regions and sectors than have published anything; those without a page cannot be found.
_MAY_LACK_A_PAGE = ("region", "sector")
_INLINE = ("a", "abbr", "b", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page, or a part of one, that a search can find.

    The texts of ``context``, ``indicators``, ``asked``, ``basis`` and ``text`` are searched one by one: no phrase runs
    over two. The first three of ``context`` are shown with the result; ``asked`` is what people type who look for its
    themes, though no document says it. ``region``, ``year`` and ``sector`` are the names to
    filter by, empty where an entry has none.
    """

    kind: str
    path: str
    name: str
    context: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    region: str = ""
    year: str = ""
    sector: str = ""
    yuan: Decimal | None = None

    @property
    def zones(self) -> tuple[tuple[str, ...], ...]:
        """All texts, the zone that counts most first."""
        return (self.name,), self.context, self.indicators, self.asked, self.basis, self.text

    @property
    def amount(self) -> str:
        return "" if self.yuan is None else terms.size_class(self.yuan)


def index(dataset: Dataset, settings: Settings, site: Path) -> None:
    """Write ``site/search/data/`` for the pages of ``dataset`` and the written pages of ``site``, with the aliases of
    ``settings``. The folder is replaced at once, and the same input gives the same bytes.

    Raises ``PublishingFault`` where the site lacks a page that it should have.
    """
    found = [*dataset_entries(dataset, settings), *written_entries(site)]
    built, missing = list[Entry](), list[str]()
    for entry in found:
        if (site / entry.path.split("#")[0] / "index.html").is_file():
            built.append(entry)
        elif entry.kind not in _MAY_LACK_A_PAGE:
            missing.append(entry.path)
    if missing:
        raise PublishingFault(
            f"{site}：缺少 {len(missing)} 个该能搜到的页面，如 {missing[0]}。请先生成全部页面并运行 mkdocs build，再建搜索索引。"
        )
    with replacing(site / _FOLDER) as folder:
        write(built, aliases(settings), folder)


def aliases(settings: Settings) -> list[list[str]]:
    """The groups of words that stand for each other, folded: those of aliases.yml and the names of each region."""
    groups = [*(region.aliases for region in settings.regions.values()), *settings.aliases]
    folded = [list(dict.fromkeys(searchable(word) for word in group)) for group in groups]
    return [group for group in folded if len(group) > 1]


def dataset_entries(dataset: Dataset, settings: Settings) -> list[Entry]:
    """An entry for each page that the dataset makes and for each cited policy document, the newest of a kind first."""
    kinds = list(KINDS)
    return sorted(
        _dataset_entries(dataset, settings), key=lambda entry: (kinds.index(entry.kind), -int(entry.year or 0))
    )


def _dataset_entries(dataset: Dataset, settings: Settings) -> Iterator[Entry]:
    tables = dataset.tables
    promises = promise.find(tables, settings.promises)
    themes_of = themes.find(tables, promises, settings.themes)
    by_id = {theme.theme_id: theme for theme in settings.themes}
    regions = {row.region_id: row.name for row in tables.regions}
    sectors: dict[str | None, str] = {row.sector_id: row.name for row in tables.sectors}
    departments = {row.department_id: row for row in tables.departments}
    form_types = dataset.schemas["projects"].words("form_type")
    for region_id, name in regions.items():
        yield Entry("region", _path(_SITE.region(region_id)), name, region=name)
    for (region_id, year), documents in group(tables.documents, lambda row: (row.region_id, row.year)).items():
        region = regions[region_id]
        yield Entry(
            "region_year",
            _path(_SITE.region_year(region_id, year)),
            f"{region} {year} 年",
            text=tuple(document.title for document in documents),
            region=region,
            year=str(year),
        )
    used = {key for keys in themes_of.values() for key in keys}
    for theme in settings.themes:
        if theme.theme_id in used:
            yield Entry("theme", _path(_SITE.theme(theme.theme_id)), theme.name, context=("、".join(theme.also),))
    for year in sorted({row.year for row in tables.documents}):
        yield Entry("year", _path(_SITE.year(year)), f"{year} 年", year=str(year))
    for sector in tables.sectors:
        yield Entry("sector", _path(_SITE.sector(sector.sector_id)), sector.name, sector=sector.name)
    for department in departments.values():
        region, of_sector = regions[department.region_id], sectors.get(department.sector_id, "")
        yield Entry(
            "department",
            _path(_SITE.department(department.department_id)),
            department.name,
            # The code and the spellings are searched but not shown.
            context=(region, of_sector, "", department.code or "", department.names_as_filed),
            region=region,
            sector=of_sector,
        )
    indicators = group(tables.indicators, lambda row: row.project_id)
    for project in tables.projects:
        owner = None if project.department_id is None else departments[project.department_id]
        region, of_sector = regions[project.region_id], "" if owner is None else sectors.get(owner.sector_id, "")
        own = [by_id[key] for key in themes_of.get(project.project_id, ())]
        # A theme in the name says more than one that the goal mentions.
        asked = {theme.theme_id: f"{theme.name}：{'、'.join(theme.also)}" for theme in own}
        named = [theme.theme_id for theme in own if themes.in_name(project, theme)]
        yield Entry(
            "project",
            _path(_SITE.project(project.project_id)),
            project.name,
            context=(
                region,
                f"{project.year} 年",
                "" if owner is None else owner.name,
                project.implementing_unit or "",
                of_sector,
                form_types[project.form_type],
                project.project_code or "",
                initials(project.name),
            ),
            indicators=tuple(indicator.name for indicator in indicators.get(project.project_id, ())),
            asked=tuple(asked[key] for key in named),
            basis=(project.basis or "",),
            text=(
                promises[project.project_id].text if project.project_id in promises else "",
                project.goal or "",
                project.overview or "",
                *(text for key, text in asked.items() if key not in named),
            ),
            region=region,
            year=str(project.year),
            sector=of_sector,
            yuan=project.budget_yuan,
        )
    yield from _results(dataset, regions, departments, sectors)
    yield from _policies(tables.citations, {project.project_id: project.name for project in tables.projects})
    for document in tables.documents:
        region = regions[document.region_id]
        yield Entry(
            "document",
            _path(_SITE.source(document.document_id)),
            document.title,
            context=(region, f"{document.year} 年", document.publisher),
            region=region,
            year=str(document.year),
        )


def _results(
    dataset: Dataset,
    regions: Mapping[str, str],
    departments: Mapping[str, Department],
    sectors: Mapping[str | None, str],
) -> Iterator[Entry]:
    """The page of all results, and each sheet of them with what it says in words."""
    tables = dataset.tables
    yield Entry(
        "page",
        _path(_SITE.results()),
        "兑现了吗：承诺的结果",
        text=("绩效自评、绩效评价、运行监控；什么时候公开，怎样申请",),
    )
    kinds = dataset.schemas["results"].words("kind")
    scores = group(tables.scores, lambda row: row.result_id)
    projects = {row.project_id: row.department_id for row in tables.projects}
    for row in tables.results:
        owner = departments.get(row.department_id or projects.get(row.project_id or "") or "")
        told, region = scores.get(row.result_id, ()), regions[row.region_id]
        of_sector = "" if owner is None else sectors.get(owner.sector_id, "")
        yield Entry(
            "result",
            _path(_SITE.result(row.result_id)),
            row.name,
            context=(
                region,
                f"{row.year} 年{kinds[row.kind]}",
                "" if owner is None else owner.name,
                row.implementing_unit or "",
                of_sector,
                row.project_code or "",
                initials(row.name),
            ),
            indicators=tuple(score.name for score in told),
            text=tuple(
                filter(
                    None,
                    (row.goal_result, row.conclusion, row.problems, row.measures, *(score.reason for score in told)),
                )
            ),
            region=region,
            year=str(row.year),
            sector=of_sector,
        )


def initials(name: str) -> str:
    """``老党员补贴`` → ``ldybt``, as people type who write pinyin short."""
    return "".join(part[:1] for part in lazy_pinyin(name) if part[:1].isalnum()).lower()


def _policies(citations: Iterable[Citation], project_names: Mapping[str, str]) -> Iterator[Entry]:
    """Each cited document once, as it is cited first, with the projects that cite it."""
    for rank, (policy_id, places) in enumerate(policies.ranked(citations).items()):
        name = " ".join(part for part in (places[0].title, places[0].document_number) if part)
        projects = "、".join(dict.fromkeys(project_names[place.project_id] for place in places))
        yield Entry(
            "policy",
            f"{address('policies/', rank // MOST + 1)}#{policy_anchor(policy_id)}",
            name,
            text=(f"引用它的项目：{projects}",),
        )


def _path(link: str) -> str:
    return link.removeprefix(_SITE.root)


def written_entries(site: Path) -> Iterator[Entry]:
    """The written pages of the built site, an entry for each part that has a heading and an address of its own."""
    for folder, below, files in os.walk(site):
        here = Path(folder)
        if here == site:
            below[:] = [name for name in below if name not in DATA_PAGES]
        below.sort()
        if here == site or "index.html" not in files:
            continue
        page = html.parse(here / "index.html", html.HTMLParser(encoding="utf-8"))
        for article in page.xpath("(//article)[1]"):
            for name, fragment, text in _parts(article):
                yield Entry("page", f"{here.relative_to(site).as_posix()}/{fragment}", name, text=(text,))


def _parts(article: Any) -> Iterator[tuple[str, str, str]]:
    """The name, the fragment and the text of each part of a page; the first is what stands before the others."""
    title = _heading(article, "(.//h1)[1]")
    parts: list[tuple[str, str, list[str]]] = [(title, "", [])]
    walker = etree.iterwalk(article, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            parts[-1][2].append(("" if element.tag in _INLINE else " ") + (element.tail or ""))
        elif element.tag in ("script", "style", "noscript", etree.Comment) or "headerlink" in element.get("class", ""):
            walker.skip_subtree()
        else:
            heading = _heading(element, "(descendant-or-self::*[self::h2 or self::h3])[1]")
            if element.get("id") and heading and element.tag in ("section", "article", "h2", "h3"):
                parts.append((f"{title}：{heading}", f"#{element.get('id')}", []))
            parts[-1][2].append(element.text or "")
    for name, fragment, texts in parts:
        yield name, fragment, " ".join("".join(texts).split())


def _heading(element: Any, path: str) -> str:
    return " ".join("".join(element.xpath(f"{path}//text()[not(ancestor::a)]")).split())


def write(found: Sequence[Entry], alias_groups: Sequence[Sequence[str]], folder: Path) -> None:
    """Write the index of ``found`` into the empty ``folder``; the order of ``found`` decides between equal results."""
    bases, stride, places = _places(found)
    pair_files = list(_pair_files(places))
    files: dict[str, object] = {
        **{f"pairs/{number:04}": pairs for number, pairs in enumerate(pair_files)},
        **{f"entries/{number:04}": shown for number, shown in enumerate(_entry_files(found))},
    }
    # The files of two builds must never be mixed: a reader whose browser kept an old head.js finds nothing, not nonsense.
    version = hashlib.sha256(b"".join(_json(value) for value in files.values())).hexdigest()[:12]
    head = {
        "version": version,
        "bases": bases,
        "stride": stride,
        "count": len(found),
        "entriesPerFile": ENTRIES_A_FILE,
        "pairs": [next(iter(pairs)) for pairs in pair_files],
        "facets": {
            "kind": _facet([KINDS[entry.kind] for entry in found], list(KINDS.values())),
            "region": _facet([entry.region for entry in found]),
            "year": _facet([entry.year for entry in found], sorted({entry.year for entry in found}, reverse=True)),
            "sector": _facet([entry.sector for entry in found]),
            "amount": _facet([entry.amount for entry in found], ["", *(label for _, label in terms.SIZES)]),
        },
        "aliases": alias_groups,
    }
    for name, value in {"head": head, **{f"{version}/{name}": value for name, value in files.items()}}.items():
        target = folder / f"{name}.js"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b'mingzhang("%s/%s",%s)\n' % (_FOLDER.encode(), name.encode(), _json(value)))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _facet(values: Sequence[str], order: Sequence[str] | None = None) -> dict[str, object]:
    """The distinct values and, for each entry, the place of its value among them."""
    names = list(order if order is not None else sorted(set(values)))
    number = {name: place for place, name in enumerate(names)}
    return {"values": names, "of": "".join(_digits(number[value]) for value in values)}


def _places(found: Sequence[Entry]) -> tuple[list[int], int, dict[str, "array[int]"]]:
    """Where each zone begins within an entry, how far apart entries stand, and all places of each pair.

    The last character of a text has an entry of its own, so that a single character is found wherever it stands.
    """
    folded = [[[searchable(text) for text in zone] for zone in entry.zones] for entry in found]
    widths = [
        max((sum(len(text) + 1 for text in zone) for zone in zones), default=1) for zones in zip(*folded, strict=True)
    ]
    bases = [sum(widths[:zone]) for zone in range(len(widths))]
    stride = sum(widths)
    places: dict[str, array[int]] = defaultdict(lambda: array("Q"))
    for number, zones in enumerate(folded):
        for base, zone in zip(bases, zones, strict=True):
            place = number * stride + base
            for text in zone:
                for offset in range(len(text)):
                    places[text[offset : offset + 2]].append(place + offset)
                place += len(text) + 1
    return bases, stride, places


def _pair_files(places: Mapping[str, "array[int]"]) -> Iterator[dict[str, str]]:
    # The browser compares strings by their UTF-16 units.
    pairs: dict[str, str] = {}
    size = 0
    for pair in sorted(places, key=lambda text: text.encode("utf-16-be")):
        pairs[pair] = _differences(places[pair])
        size += len(pairs[pair]) + 8
        if size > PAIR_FILE_CHARACTERS:
            yield pairs
            pairs, size = {}, 0
    if pairs:
        yield pairs


def _entry_files(found: Sequence[Entry]) -> Iterator[list[object]]:
    shown = [
        [entry.path, entry.name, "" if entry.yuan is None else words.money(entry.yuan), *entry.zones[1:]]
        for entry in found
    ]
    for start in range(0, len(shown), ENTRIES_A_FILE):
        yield list(shown[start : start + ENTRIES_A_FILE])


def _differences(places: Iterable[int]) -> str:
    """Rising numbers as text: each difference to the one before in digits of five bits, the lowest first."""
    last = 0
    parts = []
    for place in places:
        parts.append(_digits(place - last))
        last = place
    return "".join(parts)


def _digits(number: int) -> str:
    text = ""
    while number > 31:
        text += _DIGITS[32 + (number & 31)]
        number >>= 5
    return text + _DIGITS[number]
