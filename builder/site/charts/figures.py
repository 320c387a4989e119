"""Which charts a page has: from the dataset's records to a title, a sentence, a table and a picture.

Charts are made for overviews alone: a region's year, a region, a year, a sector, home and quality; none for a project.
A chart is left out where there is too little for it to say anything. Sums stay within one region, year and form type;
where places stand beside each other it is by shares and in the order of their codes, never by rank.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path
from statistics import median

from markupsafe import Markup

from builder import words as formats
from builder.atomic import write_bytes
from builder.dataset.rows import Indicator, Project, added
from builder.measures import terms
from builder.site.charts import draw
from builder.site.charts.draw import Bar, Column, Dots, Drawing, Parts, Shares
from builder.site.charts.png import png
from builder.site.facts import Facts, Total
from builder.site.paths import Here
from builder.site.views.parts import Link

FOLDER = "charts"
PNG_ZOOM = 2.0

# A whole department holds its funds: what one bar would say of both is said twice.
SINGLE_BUDGETS = ("special_fund", "project")

# Below these a table says it better.
FEWEST_SECTORS = 3
FEWEST_PROJECTS = 10
FEWEST_INDICATORS = 20
FEWEST_PLACES, MOST_PLACES = 2, 12
FEWEST_TARGETS = 5
FEWEST_CONTINUED = 5

# In pixels of the drawing: more than two ordinary charts.
TALL = 480

SIGNS = {
    "ge": "不低于（≥）",
    "gt": "高于（>）",
    "eq": "等于（=）",
    "le": "不超过（≤）",
    "lt": "低于（<）",
    "qualitative": "定性，用文字描述",
    None: "没有写明",
}
TARGET_CLASSES = (60, 65, 70, 75, 80, 85, 90, 95)

LATEST = "（各地取最近一年）"
PLACE = "地区与年度"

Cell = str | int | Decimal


@dataclass(frozen=True, slots=True)
class Chart:
    """``rows`` are what the picture shows, one column a heading; numbers are numbers, with their unit in the heading.

    ``picture`` stands in a page whose elements ``title_id`` and ``sentence_id`` name and describe it; ``sheet`` is the
    same as a file of its own. ``files`` links the files that ``write`` makes, from the page that asked for the chart.
    ``of`` is a heading and the one place that all rows are of, with what its documents cover; or nothing.
    """

    id: str
    title: str
    title_id: str
    sentence: str
    sentence_id: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    picture: Markup
    is_tall: bool
    sheet: str
    files: tuple[Link, ...]
    of: tuple[str, ...]

    @property
    def table(self) -> tuple[tuple[str, ...], ...]:
        """The rows for reading."""
        return tuple(
            tuple(cell if isinstance(cell, str) else formats.number(cell) for cell in row) for row in self.rows
        )

    @property
    def csv(self) -> bytes:
        """The rows for a spreadsheet, which knows UTF-8 by its mark; numbers without separators. A file that is taken
        away says in each row what its numbers are of."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow((*self.of[:1], *self.columns))
        writer.writerows(
            (*self.of[1:], *(cell if isinstance(cell, str) else formats.number(cell).replace(",", "") for cell in row))
            for row in self.rows
        )
        return text.getvalue().encode("utf-8-sig")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a chart is to say and show."""

    title: str
    sentence: str
    note: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Place:
    """A region's year with those of its projects that a chart looks at."""

    name: str
    projects: tuple[Project, ...]


def write(charts: Iterable[Chart], out: Path, kept: Path) -> None:
    """Write each chart's SVG, CSV and PNG below ``out``, the site's folder of charts.

    There is no PNG where the font that comes with the builder lacks a character.
    """
    out.mkdir(parents=True, exist_ok=True)
    for chart in charts:
        write_bytes(out / f"{chart.id}.svg", chart.sheet.encode())
        write_bytes(out / f"{chart.id}.csv", chart.csv)
        if draw.has_type(chart.sheet):
            write_bytes(out / f"{chart.id}.png", png(chart.sheet, PNG_ZOOM, kept))


def for_region_year(facts: Facts, here: Here, region_id: str, year: int) -> tuple[Chart, ...]:
    """What the money goes to, how large the projects are, how the indicators are made."""
    projects = facts.by_region_year.get((region_id, year), ())
    place = Place(f"{facts.place(region_id, year)}（{facts.scopes[region_id, year].text}）", tuple(projects))
    drafts: dict[str, Draft | None] = {}
    for form_type in SINGLE_BUDGETS:
        kind = facts.word("projects.form_type", form_type)
        sectors = {
            sector: total
            for sector in (*facts.sectors, None)
            if (total := facts.by_region_year_type_sector.get((region_id, year, form_type, sector))) is not None
        }
        budgets = [row.budget_yuan for row in projects if row.form_type == form_type]
        drafts[f"{region_id}-{year}-{form_type}-sectors"] = _sectors(facts, place.name, kind, sectors)
        drafts[f"{region_id}-{year}-{form_type}-sizes"] = _sizes(place.name, kind, budgets)
    indicators = facts.own_indicators(place.projects)
    drafts[f"{region_id}-{year}-signs"] = _signs(place.name, indicators)
    drafts[f"{region_id}-{year}-targets"] = _targets(facts, place.name, indicators)
    return _charts(facts, here, drafts, (PLACE, place.name))


def for_region(facts: Facts, here: Here, region_id: str) -> tuple[Chart, ...]:
    """How a region's sums and its continued projects moved, over the years that can be compared."""
    drafts: dict[str, Draft | None] = {}
    for form_type in SINGLE_BUDGETS:
        drafts[f"{region_id}-{form_type}-years"] = _years(facts, region_id, form_type)
        drafts[f"{region_id}-{form_type}-continued"] = _continued(facts, region_id, form_type)
    return _charts(facts, here, drafts, ("地区", facts.regions[region_id].name))


def for_year(facts: Facts, here: Here, year: int) -> tuple[Chart, ...]:
    """How the regions of a year write their promises."""
    return _promises(facts, here, f"{year}", f"{year} 年", _places(facts, facts.projects.values(), year))


def for_sector(facts: Facts, here: Here, sector_id: str) -> tuple[Chart, ...]:
    """How the regions write their promises in a sector, each in its latest year."""
    scope = f"{facts.sectors[sector_id].name}领域{LATEST}"
    return _promises(facts, here, f"sector-{sector_id}", scope, _places(facts, facts.by_sector[sector_id]))


def for_home(facts: Facts, here: Here) -> tuple[Chart, ...]:
    """What the regions promise of the people's satisfaction, each in its latest year."""
    places = _places(facts, facts.projects.values())
    return _charts(facts, here, {"satisfaction": _satisfaction(facts, f"所有领域{LATEST}", places)})


def for_quality(facts: Facts, here: Here) -> tuple[Chart, ...]:
    """What the checks found, and where the cells of the documents went."""
    return _charts(facts, here, {"findings": _findings(facts), "coverage": _coverage(facts)})


def _promises(facts: Facts, here: Here, chart_id: str, scope: str, places: Sequence[Place]) -> tuple[Chart, ...]:
    drafts = {
        f"{chart_id}-wording": _wording(facts, scope, places),
        f"{chart_id}-satisfaction": _satisfaction(facts, scope, places),
    }
    return _charts(facts, here, drafts)


def _sectors(facts: Facts, place: str, kind: str, sectors: Mapping[str | None, Total]) -> Draft | None:
    rows = sorted(
        (
            ("未归领域" if sector is None else facts.sectors[sector].name, total)
            for sector, total in sectors.items()
            if total.yuan > 0
        ),
        key=lambda row: (-row[1].yuan, row[0]),
    )
    whole = added(total.yuan for _, total in rows)
    if len(rows) < FEWEST_SECTORS:
        return None
    first, total = rows[0]
    leading = added(total.yuan for _, total in rows[:3])
    unknown = sum(total.unknown for total in sectors.values())
    sentence = f"{place}的{kind}共 {formats.money(whole)}，{first}最多，占 {formats.percent(total.yuan, whole)}"
    if len(rows) > FEWEST_SECTORS:
        sentence += f"；前三个领域合计占 {formats.percent(leading, whole)}"
    return Draft(
        f"{kind}的钱花在哪些领域",
        f"{sentence}。",
        "项目按主管部门归领域。" + (f"另有 {unknown} 项金额不明，没有画。" if unknown else ""),
        ("领域", "项目（项）", "预算（万元）", "占比（%）"),
        [(name, total.forms, total.yuan / formats.WAN, _percent(total.yuan, whole)) for name, total in rows],
        draw.bars(
            [
                Bar(name, f"{formats.money(total.yuan)}　{formats.percent(total.yuan, whole)}", float(total.yuan))
                for name, total in rows
            ]
        ),
    )


def _sizes(place: str, kind: str, budgets: Sequence[Decimal | None]) -> Draft | None:
    known = sorted((budget for budget in budgets if budget is not None), reverse=True)
    whole = added(known)
    if len(known) < FEWEST_PROJECTS or not whole:
        return None
    names = [name for _, name in terms.SIZES]
    first, last = names.index(terms.size_class(known[-1])), names.index(terms.size_class(known[0]))
    classes = {
        name: [budget for budget in known if terms.size_class(budget) == name] for name in names[first : last + 1]
    }
    rows = [(name, len(members), added(members)) for name, members in classes.items()]
    tenth = -(-len(known) // 10)
    unknown = len(budgets) - len(known)
    return Draft(
        f"{kind}：大项目和小项目各占多少钱",
        f"{place}的{kind}共 {len(known)} 项，金额最大的 {tenth} 项占这 {len(known)} 项合计的 "
        f"{formats.percent(added(known[:tenth]), whole)}；居中的一项是 {formats.money(median(known))}。",
        f"另有 {unknown} 项金额不明，没有画。" if unknown else "",
        ("每项预算", "项目（项）", "项目占比（%）", "预算（万元）", "预算占比（%）"),
        [
            (name, count, _percent(count, len(known)), yuan / formats.WAN, _percent(yuan, whole))
            for name, count, yuan in rows
        ],
        draw.shares(
            ("占项目数", "占预算"),
            [
                Shares(
                    name,
                    f"{count} 项　{formats.money(yuan)}",
                    (count / len(known), float(yuan / whole)),
                    (_short(count, len(known)), _short(yuan, whole)),
                )
                for name, count, yuan in rows
            ],
        ),
    )


def _signs(place: str, indicators: Sequence[Indicator]) -> Draft | None:
    whole = len(indicators)
    if whole < FEWEST_INDICATORS:
        return None
    counts = Counter(row.comparison for row in indicators)
    rows = [(words, counts[code]) for code, words in SIGNS.items() if counts[code]]
    described, silent = counts["qualitative"], counts[None]
    measured = whole - described - silent
    part = "都" if measured == whole else f"里，{formats.percent(measured, whole)} "
    sentence = f"{place}的 {formats.number(whole)} 项指标{part}定了数，到年底一比就知道做没做到"
    if described:
        sentence += f"；{described} 项（{formats.percent(described, whole)}）是定性的，由人判断"
    if silent:
        sentence += f"；{silent} 项没有写明怎么比"
    return Draft(
        "怎样才算做到",
        f"{sentence}。",
        "预算执行率不算在内。",
        ("怎么比", "指标（项）", "占比（%）"),
        [(words, count, _percent(count, whole)) for words, count in rows],
        draw.bars(
            [
                Bar(words, f"{formats.number(count)} 项　{formats.percent(count, whole)}", float(count))
                for words, count in rows
            ]
        ),
    )


def _targets(facts: Facts, place: str, indicators: Sequence[Indicator]) -> Draft | None:
    targets = terms.shares(indicators, facts.rules.words)
    whole = len(targets)
    if whole < FEWEST_INDICATORS:
        return None
    low, *_ = TARGET_CLASSES
    bins = [(f"不到 {low}", f"<{low}", [t for t in targets if t < low])]
    for start, end in zip(TARGET_CLASSES, (*TARGET_CLASSES[1:], 100), strict=True):
        bins.append((f"{start} 至不到 {end}", str(start), [t for t in targets if start <= t < end]))
    bins.append(("正好 100", "100", [t for t in targets if t == terms.FULL]))
    above = [t for t in targets if t > terms.FULL]
    if above:
        bins.append(("超过 100", ">100", above))
    full = targets.count(terms.FULL)
    return Draft(
        "百分比目标定在多高",
        f"{place}有 {whole} 项指标要求达到某个比例，其中 {full} 项（{formats.percent(full, whole)}）定满 100%。",
        "横轴是目标值（%），90 一格是 90 至不到 95。定满不一定不妥：有的事本来就该全部办到。"
        + facts.meaning(terms.SHARE, terms.FULL_SHARE),
        ("目标值（%）", "指标（项）"),
        [(name, len(members)) for name, _, members in bins],
        draw.columns(
            [Column(label, len(members), formats.number(len(members)), label == "100") for _, label, members in bins]
        ),
    )


def _wording(facts: Facts, scope: str, places: Sequence[Place]) -> Draft | None:
    rows = []
    for place in places:
        indicators = facts.own_indicators(place.projects)
        if indicators:
            qualitative = sum(map(terms.is_qualitative, indicators))
            satisfaction = sum(terms.is_satisfaction(row, facts.rules.words) for row in indicators)
            full = terms.shares(indicators, facts.rules.words).count(terms.FULL)
            rows.append((place.name, len(indicators), (qualitative, satisfaction, full)))
    if len(rows) < FEWEST_PLACES:
        return None
    headings = ("定性", "满意度", "定满 100%")
    whole = sum(count for _, count, _ in rows)
    totals = [sum(counts[i] for _, _, counts in rows) for i in range(len(headings))]
    said = "，".join(
        f"{words} {formats.percent(total, whole)}"
        for words, total in zip(("定性的占", "满意度占", "定满 100% 的占"), totals, strict=True)
    )
    return Draft(
        "各地的指标怎么写",
        f"{scope}共 {formats.number(whole)} 项指标：{said}。",
        "三种可以重叠。占比只说明写法，不评高下；预算执行率不算在内。"
        + facts.meaning(terms.QUALITATIVE, terms.SATISFACTION, terms.FULL_SHARE),
        (PLACE, "指标（项）", "定性（项）", "满意度（项）", "定满 100%（项）"),
        [(name, count, *counts) for name, count, counts in rows],
        draw.shares(
            headings,
            [
                Shares(
                    name,
                    f"{formats.number(count)} 项指标",
                    tuple(part / count for part in counts),
                    tuple(_short(part, count) for part in counts),
                )
                for name, count, counts in rows
            ],
        ),
    )


def _satisfaction(facts: Facts, scope: str, places: Sequence[Place]) -> Draft | None:
    rows: list[tuple[str, list[tuple[Decimal, int]]]] = []
    for place in places:
        targets = terms.satisfaction_targets(facts.own_indicators(place.projects), facts.rules.words)
        if targets:
            rows.append((place.name, sorted(Counter(targets).items())))
    every = Counter({target: 0 for _, points in rows for target, _ in points})
    for _, points in rows:
        every.update(dict(points))
    whole = every.total()
    if len(rows) < FEWEST_PLACES or whole < FEWEST_TARGETS:
        return None
    usual, most = min(every.items(), key=lambda item: (-item[1], item[0]))
    lowest, highest = min(every), max(every)
    step = 5 if lowest >= 80 else 10
    low = min(int(lowest) // step * step, 100 - step)
    return Draft(
        "满意度目标定在多少",
        f"{scope}共 {whole} 项满意度目标，"
        f"最低 {formats.number(lowest)}%，最高 {formats.number(highest)}%；"
        f"定在 {formats.number(usual)}% 的最多，{most} 项，占 {formats.percent(most, whole)}。",
        "圆越大，定在这个数的指标越多。各地项目不同，目标高低不说明谁做得好。"
        + facts.meaning(terms.SATISFACTION_TARGET),
        (PLACE, "满意度目标（%）", "指标（项）"),
        [(name, target, count) for name, points in rows for target, count in points],
        draw.dots(
            [
                Dots(name, f"{sum(count for _, count in points)} 项", tuple((float(at), n) for at, n in points))
                for name, points in rows
            ],
            (low, 100),
            range(low, 101, step if low >= 50 else 20),
            "%",
        ),
    )


def _years(facts: Facts, region_id: str, form_type: str) -> Draft | None:
    """Sums of the years whose documents cover at least half the same departments as the latest year's."""

    def departments(year: int) -> set[str]:
        return {
            row.department_id
            for row in facts.by_region_year.get((region_id, year), ())
            if row.form_type == form_type and row.department_id is not None
        }

    years = [year for year in facts.years(region_id) if (region_id, year, form_type) in facts.by_region_year_type]
    if not years:
        return None
    latest = departments(years[0])
    alike = [year for year in years if 2 * len(latest & departments(year)) >= len(latest | departments(year))]
    totals = [(year, facts.by_region_year_type[region_id, year, form_type]) for year in sorted(alike)]
    if len(totals) < FEWEST_PLACES or not any(total.yuan for _, total in totals):
        return None
    (first, before), *_, (last, now) = totals
    unknown = sum(total.unknown for _, total in totals)
    names = [f"{year} 年（{facts.scopes[region_id, year].text}）" for year, _ in totals]
    return Draft(
        f"{facts.word('projects.form_type', form_type)}逐年多少钱",
        f"{facts.regions[region_id].name} {last} 年 {now.forms} 项、{formats.money(now.yuan)}，"
        f"比 {first} 年（{before.forms} 项、{formats.money(before.yuan)}）{formats.change(now.yuan, before.yuan)}。",
        "只画收录范围相近的年度：至少一半的部门相同。项目有增有减，总额变化不等于同一件事多花或少花。"
        + (f"有 {unknown} 项金额不明，没有算进去。" if unknown else ""),
        ("年度", "项目（项）", "预算（万元）"),
        [(name, total.forms, total.yuan / formats.WAN) for name, (_, total) in zip(names, totals, strict=True)],
        draw.bars(
            [
                Bar(name, f"{total.forms} 项　{formats.money(total.yuan)}", float(total.yuan))
                for name, (_, total) in zip(names, totals, strict=True)
            ]
        ),
    )


def _continued(facts: Facts, region_id: str, form_type: str) -> Draft | None:
    """Budgets of the projects that a year and the recorded year before it both have."""

    def budgets(year: int) -> dict[str, Decimal]:
        rows = [row for row in facts.by_region_year.get((region_id, year), ()) if row.form_type == form_type]
        once = Counter(row.series_id for row in rows)
        return {
            row.series_id: row.budget_yuan for row in rows if row.budget_yuan is not None and once[row.series_id] == 1
        }

    rows = []
    years = sorted(facts.years(region_id))
    for before, now in pairwise(years):
        old, new = budgets(before), budgets(now)
        both = sorted(old.keys() & new.keys())
        if len(both) >= FEWEST_CONTINUED:
            moves = Counter((new[key] > old[key]) - (new[key] < old[key]) for key in both)
            sums = [added(amounts[key] for key in both) for amounts in (old, new)]
            rows.append((before, now, (moves[1], moves[0], moves[-1]), sums))
    if not rows:
        return None
    before, now, (up, same, down), (old_sum, new_sum) = rows[-1]
    return Draft(
        f"接着办的{facts.word('projects.form_type', form_type)}，预算怎么变",
        f"{before} 年和 {now} 年都有的 {up + same + down} 个项目，{up} 个增加，{same} 个持平，{down} 个减少；"
        f"合计从 {formats.money(old_sum)}变为 {formats.money(new_sum)}。",
        "按项目名称和部门认出是同一个项目；只在一年里出现的不算。",
        ("年度", "增加（项）", "持平（项）", "减少（项）", "上一年预算（万元）", "当年预算（万元）"),
        [
            (f"{now} 年对 {before} 年", *moves, *(amount / formats.WAN for amount in sums))
            for before, now, moves, sums in rows
        ],
        draw.parts(
            (("增加", "accent"), ("持平", "ink-2"), ("减少", "bar")),
            [
                Parts(
                    f"{now} 年对 {before} 年",
                    f"{moves[0]} 增　{moves[1]} 平　{moves[2]} 减",
                    tuple(move / sum(moves) for move in moves),
                )
                for before, now, moves, _ in rows
            ],
        ),
    )


def _findings(facts: Facts) -> Draft | None:
    """How often each rule found something to look at; notes are counted in the sentence alone."""
    every = [found for rows in facts.document_findings.values() for found in rows]
    counts = Counter(found.code for found in every if found.severity != terms.NOTE)
    if not counts:
        return None
    rows = sorted(
        ((facts.codes[code].title, count) for code, count in counts.items()), key=lambda row: (-row[1], row[0])
    )
    notes = len(every) - counts.total()
    return Draft(
        "哪些地方值得核对",
        f"{len(facts.projects)} 张表里有 {counts.total()} 处值得核对，最多的是“{rows[0][0]}”，{rows[0][1]} 处。",
        f"另有 {formats.number(notes)} 处只是说明读的时候遇到了什么，没有画。" if notes else "",
        ("规则", "发现（处）"),
        rows,
        draw.bars([Bar(title, f"{formats.number(count)} 处", float(count)) for title, count in rows]),
    )


def _coverage(facts: Facts) -> Draft | None:
    names = ("read", "furniture", "reported")
    by_region: dict[str, Counter[str]] = {}
    for document_id, row in facts.coverage.items():
        counts = by_region.setdefault(facts.documents[document_id].region_id, Counter())
        counts.update(read=row.read, furniture=row.furniture, reported=row.reported)
    rows = [
        (region.name, tuple(by_region[region.region_id][name] for name in names))
        for region in facts.regions_among(by_region)
        if by_region[region.region_id].total()
    ]
    if len(rows) > MOST_PLACES:
        others = [counts for _, counts in rows[MOST_PLACES - 1 :]]
        rest = tuple(map(sum, zip(*others, strict=True)))
        rows = [*rows[: MOST_PLACES - 1], (f"其余 {len(others)} 个地区", rest)]
    if not rows:
        return None
    read, furniture, reported = (sum(counts[i] for _, counts in rows) for i in range(len(names)))
    whole = read + furniture + reported
    return Draft(
        "文件里的每一格去了哪里",
        f"{len(facts.coverage)} 份文件共 {formats.number(whole)} 个非空单元格，{formats.percent(read, whole)} 读成数据；"
        f"{formats.number(furniture)} 个是栏目名、页码这样的版面文字；"
        + (f"{formats.number(reported)} 个没有把握，列为发现。" if reported else "没有读不懂的。"),
        "",
        ("地区", "读入数据（格）", "版面文字（格）", "列为发现（格）"),
        [(name, *counts) for name, counts in rows],
        draw.parts(
            (("读入数据", "bar"), ("版面文字", "ink-2"), ("列为发现", "seal")),
            [
                Parts(
                    name,
                    f"{formats.number(sum(counts))} 格　读入 {_short(counts[0], sum(counts))}",
                    tuple(count / sum(counts) for count in counts),
                )
                for name, counts in rows
            ],
        ),
    )


def _charts(
    facts: Facts, here: Here, drafts: Mapping[str, Draft | None], of: tuple[str, ...] = ()
) -> tuple[Chart, ...]:
    """The charts by their ids, for the page on which ``here`` stands, all of them of one place or of several."""
    source = (f"各地政府公开的预算绩效目标，明账整理，{facts.policy.licence.name}", f"{facts.url}/{here.path}")
    charts = []
    for chart_id, draft in drafts.items():
        if draft is None:
            continue
        title_id, sentence_id = f"chart-{chart_id}", f"chart-{chart_id}-says"
        sheet = draw.sheet(draft.drawing, draft.title, draft.sentence + draft.note, source)
        kinds = ("svg", "png", "csv") if draw.has_type(sheet) else ("svg", "csv")
        charts.append(
            Chart(
                id=chart_id,
                title=draft.title,
                title_id=title_id,
                sentence=draft.sentence,
                sentence_id=sentence_id,
                note=draft.note,
                columns=draft.columns,
                rows=tuple(draft.rows),
                picture=draw.picture(draft.drawing, title_id, sentence_id),
                is_tall=draft.drawing.height > TALL,
                sheet=sheet,
                files=tuple(Link(kind.upper(), here.at(f"{FOLDER}/{chart_id}.{kind}")) for kind in kinds),
                of=of,
            )
        )
    return tuple(charts)


def _places(facts: Facts, projects: Iterable[Project], year: int | None = None) -> tuple[Place, ...]:
    """The projects of each region in ``year``, or in its latest year; regions in the order of their codes."""
    by_region: dict[str, dict[int, list[Project]]] = {}
    for row in projects:
        if year in (None, row.year):
            by_region.setdefault(row.region_id, {}).setdefault(row.year, []).append(row)
    places = []
    for region in facts.regions_among(by_region):
        latest, rows = max(by_region[region.region_id].items())
        scope = facts.scopes[region.region_id, latest].text
        places.append(Place(f"{region.name} {latest} 年（{scope}）", tuple(rows)))
    if len(places) <= MOST_PLACES:
        return tuple(places)
    # More bars than anybody reads: what is drawn are counts and shares of indicators, which may be taken together.
    rest = tuple(row for place in places[MOST_PLACES - 1 :] for row in place.projects)
    return (*places[: MOST_PLACES - 1], Place(f"其余 {len(places) - MOST_PLACES + 1} 个地区", rest))


def _percent(part: Decimal | int, whole: Decimal | int) -> Decimal:
    """A share for a table: percent to one decimal."""
    return (Decimal(part) / Decimal(whole) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _short(part: Decimal | int, whole: Decimal | int) -> str:
    """A share for a mark in a chart: whole percent; never 0% or 100% of what is neither nothing nor all."""
    share = (Decimal(part) / Decimal(whole) * 100).quantize(Decimal(1), ROUND_HALF_UP)
    if part and not share:
        return "<1%"
    return ">99%" if part < whole and share == terms.FULL else f"{share}%"
