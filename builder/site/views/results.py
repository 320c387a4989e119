"""/results/, /results/{result_id}/ and the parts of project and region-year pages that say what came of the promises.

Who judged is always said, and each kind of judge stands by itself. What fell short comes first, in the words of the paper;
places are never ranked. As long as there is nothing to tell, a page says which document will, when, and how to ask for it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from builder import words
from builder.dataset.rows import FindingRow, Indicator, Project, Result, ResultFunding, Score, added
from builder.measures import terms
from builder.measures.kept import CHANGED, EVALUATION, MONITORING, SELF_EVALUATION, Tally, is_whole_read
from builder.settings.places import STATUSES
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.paging import Pager, address, leaves, place, titled
from builder.site.views.parts import (
    Counted,
    FindingItem,
    Link,
    Page,
    Value,
    document_link,
    finding_item,
    place_link,
    project_link,
    prose,
    signs,
    source_link,
)
from builder.text import plain

ORDER = ("missed", "partly", "unreadable", "met")
DOUBTFUL = ("missed", "partly")
METHODS = {"printed": "照文件的话", "computed": "按两个数算的"}
MONEY = {
    "initial_yuan": "年初预算",
    "adjusted_yuan": "全年预算",
    "executed_yuan": "花了",
    "expected_yuan": "预计全年",
}
NOT_READ = "不知道说没说到（表里有没读出来的地方）"
OTHER_TARGET = "按改过的目标算的"
# How many results and silent projects a region-year's page names one by one.
MOST_NAMED = 300
MOST_PLACES = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """One indicator: the promise, what came of it, the points, the reason. ``changed`` is the target that the results
    document prints where it is not the promised one, ``weighed`` the promised weight where the points are others."""

    anchor: str
    name: str
    promised: str
    changed: str
    actual: str
    attainment: str
    short: bool
    method: str
    points: str
    weighed: str
    reason: str
    source: Link


@dataclass(frozen=True, slots=True)
class Spent:
    label: str
    figures: tuple[Value, ...]
    source: Link | None


@dataclass(frozen=True, slots=True)
class Told:
    """What one sheet tells; ``missing`` are promised indicators that it does not name. The third of ``columns`` holds
    the points, and for a part of the year what is expected of the whole."""

    kind: str
    judged_by: str
    name: Link
    document: Link
    source: Link
    summary: str
    score: str
    spent: str
    money_columns: tuple[str, ...]
    money: tuple[Spent, ...]
    rate: str
    columns: tuple[str, ...]
    goal: tuple[str, ...]
    goal_result: tuple[str, ...]
    texts: tuple[tuple[str, tuple[str, ...]], ...]
    outcomes: tuple[Outcome, ...]
    missing: tuple[Link, ...]
    not_told: str
    findings: tuple[FindingItem, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The part of a project's page; ``due`` and ``ask`` stand where nothing was told yet."""

    told: tuple[Told, ...]
    due: str
    ask: str
    letter: Link


@dataclass(frozen=True, slots=True)
class ResultView:
    template: ClassVar[str] = "result.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    project: Link | None
    told: Told
    record: str


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    count: str
    width: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What one kind of judge says of a region's year, told beside what it leaves out."""

    kind: str
    judged_by: str
    sheets: str
    promises: str
    outcomes: tuple[Bar, ...]
    scores: str
    bands: tuple[Bar, ...]
    money: str


@dataclass(frozen=True, slots=True)
class YearKept:
    """What came of a region's year. ``results`` and ``silent`` are named on its own page only; ``awaited`` says what is
    still due, and ``evaluations`` how many evaluations the place promised to make."""

    place: Link
    judged: tuple[Judged, ...]
    results: tuple[Counted, ...]
    silence: str
    silent: tuple[Link, ...]
    awaited: str
    evaluations: str
    evaluating: tuple[Link, ...]
    letter: Link
    explore: str


@dataclass(frozen=True, slots=True)
class Awaited:
    anchor: str
    year: YearKept
    letter: str


@dataclass(frozen=True, slots=True)
class ResultsView:
    template: ClassVar[str] = "results.html.jinja"

    lead: str
    pager: Pager | None
    explore: str
    years: tuple[YearKept, ...]
    awaited: tuple[Awaited, ...]


def index(facts: Facts) -> Iterator[Page]:
    """What came of each region's year, and what is still awaited, so many a page."""
    lead = (
        f"收录了 {words.number(len(facts.results))} 张结果表。谁评的、怎样判断的，都写在旁边。"
        if facts.results
        else "还没有收录结果文件。各单位的自评表公开、收录以后，这里写：承诺了什么，做到了什么，花了多少，自己打了几分。"
    )
    for number, here, places, through in leaves("results/", list(facts.place_rank), MOST_PLACES):
        years = {key: year(facts, here, *key, named=False) for key in places}
        view = ResultsView(
            lead,
            through,
            here.explore(view="results") if facts.results else "",
            tuple(years[key] for key in places if key in facts.kept),
            tuple(
                Awaited(_ask(*key), years[key], facts.result_rules.letter.format(place=facts.regions[key[0]].name, year=key[1]))
                for key in places
                if years[key].silence
            ),
        )  # fmt: skip
        yield Page(here.path, titled("兑现了吗：承诺的结果", number), lead, view)


def page(facts: Facts, result_id: str) -> Page:
    row = facts.results[result_id]
    here = Here(f"results/{result_id}/")
    project = facts.projects.get(row.project_id or "")
    told = _told(facts, here, row)
    crumbs = (Link("兑现了吗", here.results()), place_link(facts, here, row.region_id, row.year, "#kept"))
    link = None if project is None else project_link(here, project, "#kept")
    view = ResultView(crumbs, row.name, link, told, "record.json")
    title = f"{row.name}（{facts.place(row.region_id, row.year)}{told.kind}）"
    described = (f"{here.path}record.json", "application/json")
    return Page(here.path, title, told.summary, view, signs=signs(facts, here.path, described))


def kept(facts: Facts, here: Here, project: Project) -> Kept:
    """What came of a project, sheet by sheet; where none is here, which document will tell, and how to ask for it."""
    department = facts.department_of(project)
    kinds = list(facts.result_rules.judges)
    rows = sorted(facts.results_of.get(project.project_id, ()), key=lambda row: kinds.index(row.kind))
    return Kept(
        tuple(_told(facts, here, row) for row in rows),
        _due(facts, project.region_id, project.year),
        facts.result_rules.how_to_ask.format(
            department="主管部门" if department is None else department.name, year=project.year
        ),
        _letter(facts, here, project.region_id, project.year),
    )


def year(facts: Facts, here: Here, region_id: str, of_year: int, *, named: bool = True) -> YearKept:
    """What came of a region's year; with ``named`` each result and each project that nothing was told of by name."""
    tallies = facts.kept.get((region_id, of_year), ())
    projects = facts.by_region_year.get((region_id, of_year), ())
    silent = tallies[0].silent if tallies else projects
    if not silent:
        silence = ""
    elif len(silent) == len(projects):
        silence = f"年初公开了目标的 {len(projects)} 个项目，结果都还没有收录。"
    else:
        silence = f"年初公开了目标的 {len(projects)} 个项目，{len(silent)} 个的结果还没有收录，不代表没有做。"
    expected = facts.expected.get((region_id, of_year, EVALUATION))
    promised = () if expected is None else expected.promised
    evaluated = next((len(tally.results) for tally in tallies if tally.kind == EVALUATION), 0)
    return YearKept(
        place=place_link(facts, here, region_id, of_year, "#kept"),
        judged=tuple(_judged(facts, tally) for tally in tallies),
        results=tuple(
            Counted(Link(row.name, here.result(row.result_id)), _brief(facts, row))
            for tally in tallies
            for row in tally.results[:MOST_NAMED]
            if named
        ),
        silence=silence,
        silent=tuple(project_link(here, row, "#kept") for row in silent[:MOST_NAMED] if named and tallies),
        awaited=_due(facts, region_id, of_year) if silent else "",
        evaluations=_promised_evaluations(promised, evaluated),
        evaluating=tuple(
            project_link(here, facts.projects[key], "#indicators")
            for key in dict.fromkeys(row.project_id for row in promised)
        ),
        letter=_letter(facts, here, region_id, of_year),
        explore=here.explore(view="results", region=region_id, year=of_year) if tallies else "",
    )


def _ask(region_id: str, of_year: int) -> str:
    return f"ask-{region_id}-{of_year}"


def _letter(facts: Facts, here: Here, region_id: str, of_year: int) -> Link:
    on = address("results/", place(facts.place_rank, (region_id, of_year), MOST_PLACES))
    return Link("写好的申请", here.at(f"{on}#{_ask(region_id, of_year)}"))


def _due(facts: Facts, region_id: str, of_year: int) -> str:
    """By when the self-evaluation of a year is published, and what a person who looked for it noted."""
    expected = facts.expected[region_id, of_year, SELF_EVALUATION]
    due = facts.result_rules.due.format(year=of_year, due=expected.due_year, month=expected.due_month)
    if (noted := expected.noted) is None:
        return due
    seen = f"（{words.day(noted.checked_on)}查看）" if noted.checked_on else ""
    return f"{due}{STATUSES[noted.status]}{seen}。"


# A region's year


def _judged(facts: Facts, tally: Tally) -> Judged:
    counts, sheets = tally.outcomes, len(tally.results)
    unmatched = f"，{tally.unmatched} 张没有找到拿得准的年初承诺" if tally.unmatched else ""
    progress = tally.kind == MONITORING
    names = facts.words["scores.attainment"]
    bars = [(names[code], counts[code]) for code in ORDER] + [("结果里没有说到", tally.untold)]
    bars += [(NOT_READ, tally.unread)] if tally.unread else []
    return Judged(
        kind=facts.word("results.kind", tally.kind),
        judged_by=facts.result_rules.judges[tally.kind],
        sheets=f"{sheets} 张表{unmatched}。",
        promises="" if progress else _promises(tally),
        outcomes=tuple(
            Bar(label, f"{count} 项", words.width(count, tally.told + tally.untold + tally.unread))
            for label, count in bars
        )
        if tally.promised and counts and not _judges_by_points(tally)
        else (),
        scores="" if progress else _scores(tally),
        bands=() if progress else tuple(_bands(tally)),
        money="" if progress else _left(tally),
    )


def _judges_by_points(tally: Tally) -> bool:
    """Whether an evaluation prints points alone and no outcome."""
    return tally.kind == EVALUATION and sum(tally.outcomes.values()) == tally.outcomes.get("unreadable", 0)


def _promises(tally: Tally) -> str:
    if _judges_by_points(tally):
        return "评价用自己的指标打分，没有逐项写做到了多少。"
    more = f"表里另有 {tally.unpromised} 项指标，年初没有承诺。" if tally.unpromised else ""
    if not tally.promised:
        return f"{more}年初的目标没有收录，不能对照。"
    moved = f"其中 {tally.changed} 项的目标后来改过，照改过的目标算。" if tally.changed else ""
    awaited = f"；其余 {tally.awaited} 项所在的项目，结果还没有收录" if tally.awaited else ""
    unread = f"，{tally.unread} 项{NOT_READ}" if tally.unread else ""
    told = f"说到 {tally.told} 项，没有说到 {tally.untold} 项{unread}"
    return f"年初承诺的 {tally.promised} 项指标，{told}{awaited}。{moved}{more}"


def _scores(tally: Tally) -> str:
    if not tally.totals:
        return "没有印总分。"
    best = next(iter(tally.limits), None)
    high = "" if best is None else f"，{sum(total >= best for total in tally.totals)} 张在 {plain(best)} 分以上"
    low, top = min(tally.totals), max(tally.totals)
    spread = f"，从 {plain(low)} 分到 {plain(top)} 分" if low != top else f"，{plain(low)} 分"
    return f"{len(tally.totals)} 张印了总分{high}{spread}。"


def _bands(tally: Tally) -> Iterator[Bar]:
    """How many totals lie between the limits of the rule, highest first; its grades are not ours to give."""
    if len(tally.totals) < 2 or len(tally.limits) < 2:
        return
    for high, low in zip((None, *tally.limits), tally.limits, strict=False):
        count = sum(total >= low and (high is None or total < high) for total in tally.totals)
        label = f"{plain(low)} 分以上" if high is None else f"{plain(low)} 至 {plain(high)} 分"
        label = label if low or high is None else f"不到 {plain(high)} 分"
        yield Bar(label, f"{count} 张", words.width(count, len(tally.totals)))


def _left(tally: Tally) -> str:
    money = tally.money
    if not money.sheets:
        return ""
    said = (
        f"{money.sheets} 个项目印了全年预算和执行数：预算 {words.money(money.budget)}，花了 {words.money(money.spent)}"
    )
    left = f"；{money.with_left} 个没有花完，共剩 {words.money(money.left)}" if money.with_left else "，都花完了"
    return f"{said}{left}。"


def _brief(facts: Facts, row: Result) -> str:
    """A result in a list: who judged, how many outcomes of each kind, the total."""
    total = "" if row.total_score is None else f"总分 {plain(row.total_score)}。"
    return f"{_summary(facts, row)}{total}"


def _promised_evaluations(promised: Sequence[Indicator], evaluated: int) -> str:
    if not promised:
        return ""
    parts = "、".join(f"{row.name} {words.quantity(row.target_value or Decimal(0), row.unit)}" for row in promised)
    total = words.number(added(row.target_value for row in promised))
    held = f"已收录 {evaluated} 张评价表" if evaluated else "评价的结果还没有收录"
    return f"这一年还承诺做 {total} 个绩效评价（{parts}），{held}。"


# One sheet


def _told(facts: Facts, here: Here, row: Result) -> Told:
    scores = facts.scores.get(row.result_id, ())
    promised = facts.indicators.get(row.project_id or "", ())
    by_id = {one.indicator_id: one for one in promised}
    reported = {score.indicator_id for score in scores}
    kind, progress = facts.word("results.kind", row.kind), row.kind == MONITORING
    title = {field.name: field.title for field in facts.schemas["results"].fields}
    findings = facts.findings_on(row)
    outcomes = scores if progress else sorted(scores, key=_worst_first)
    money = tuple(name for name in MONEY if _prints(facts, row, name))
    document = facts.documents[row.document_id]
    until = f"，数到 {row.until_month} 月底" if row.until_month else ""
    # An evaluation does not print who made it.
    by = f"，由{document.publisher}公开" if row.kind == EVALUATION else ""
    columns = ("完成了多少", "全年预计") if progress else ("结果", "得分")
    return Told(
        kind=kind,
        judged_by=facts.result_rules.judges[row.kind] + until + by,
        name=Link(row.name, here.result(row.result_id)),
        document=document_link(here, document),
        source=source_link(here, row.document_id, row.line_start),
        summary=_summary(facts, row),
        score=("" if row.total_score is None else f"{plain(row.total_score)} 分") + (f"，{row.grade}" if row.grade else ""),
        spent=_spent(row, facts.projects.get(row.project_id or "")),
        money_columns=tuple(MONEY[name] for name in money),
        money=tuple(_money(facts, here, row, money)),
        rate=row.execution_rate_as_filed or "",
        columns=("承诺" if promised else "目标（结果表印的）", *columns),
        goal=prose(row.goal),
        goal_result=prose(row.goal_result),
        texts=tuple(
            (title[name], prose(text))
            for name, text in (("conclusion", row.conclusion), ("problems", row.problems), ("measures", row.measures))
            if text
        ),
        outcomes=tuple(
            _outcome(facts, here, row, score, by_id.get(score.indicator_id or ""), findings) for score in outcomes
        ),
        missing=tuple(
            Link(one.name, here.project(one.project_id, f"#i-{one.position:02d}"))
            for one in terms.own(promised)
            if scores and row.kind != EVALUATION and one.indicator_id not in reported
        ),
        not_told="这张表里没有说到的" if is_whole_read(row, findings) else NOT_READ,
        findings=tuple(finding_item(facts, here, found, name_project=False) for found in findings),
    )  # fmt: skip


def _worst_first(score: Score) -> tuple[int, Decimal, int]:
    """What fell short, then what lost most points, then as printed."""
    lost = Decimal(0) if score.points is None or score.score is None else score.points - score.score
    return ORDER.index(score.attainment), -lost, score.position


def _summary(facts: Facts, row: Result) -> str:
    """How many indicators a sheet tells of, and how many of them were met; an evaluation has criteria of its own."""
    scores = facts.scores.get(row.result_id, ())
    counts = Counter(score.attainment for score in scores)
    told = len(scores) - counts["unreadable"]
    said = "，".join(f"{facts.word('scores.attainment', code)} {counts[code]} 项" for code in ORDER if counts[code])
    if row.kind == MONITORING or (row.kind == EVALUATION and not told):
        said = ""
    return f"{facts.word('results.kind', row.kind)}：{len(scores)} 项指标" + (f"，{said}。" if said else "。")


def _spent(row: Result, project: Project | None) -> str:
    """Money given and spent in one sentence; empty where one of the two is not printed."""
    budget = row.initial_yuan if row.adjusted_yuan is None else row.adjusted_yuan
    spent = row.executed_yuan
    if budget is None or spent is None:
        return ""
    of = "年初预算" if row.adjusted_yuan is None else "全年预算"
    share = f"（{words.percent(spent, budget)}）" if budget > 0 else ""
    before = rest = ""
    if project is not None and project.budget_yuan not in (None, budget):
        before = f"年初的目标表写 {words.money(project.budget_yuan or Decimal(0))}；"
    if row.kind == MONITORING:
        until = f"到 {row.until_month} 月底" if row.until_month else "到检查时"
        rest = "" if row.expected_yuan is None else f"，预计全年花 {words.money(row.expected_yuan)}"
    else:
        until, rest = "", f"，没有花的 {words.money(budget - spent)}" if budget > spent else ""
    return f"{before}{of} {words.money(budget)}，{until}花了 {words.money(spent)}{share}{rest}。"


def _prints(facts: Facts, row: Result, name: str) -> bool:
    """Whether any line of a sheet's money prints this amount."""
    return any(getattr(one, name) is not None for one in (row, *facts.result_funding.get(row.result_id, ())))


def _money(facts: Facts, here: Here, row: Result, columns: Sequence[str]) -> Iterator[Spent]:
    def figures(one: Result | ResultFunding) -> tuple[Value, ...]:
        amounts: list[Decimal | None] = [getattr(one, name) for name in columns]
        return tuple(
            Value("没有印", "absent") if yuan is None else Value(words.money(yuan), "known" if yuan else "zero")
            for yuan in amounts
        )

    if any(getattr(row, name) is not None for name in columns):
        yield Spent("合计", figures(row), None)
    for part in facts.result_funding.get(row.result_id, ()):
        if columns:
            yield Spent(part.label_as_filed, figures(part), source_link(here, row.document_id, part.line))


def _outcome(
    facts: Facts, here: Here, row: Result, score: Score, was: Indicator | None, findings: Sequence[FindingRow]
) -> Outcome:
    printed, progress = terms.target(score), row.kind == MONITORING
    own = row.kind == EVALUATION and was is None and score.target_as_filed is None
    unpromised = "评价自己的指标" if own else f"年初没有这一项；这张表的目标：{printed}" if row.project_id else printed
    codes = {found.code for found in findings if found.line == score.line}
    changed = CHANGED in codes
    method = METHODS.get(score.attainment_method or "", "")
    weight = None if was is None else was.weight
    silent = progress or (own and score.attainment == "unreadable")
    return Outcome(
        anchor=f"s-{score.position:02d}",
        name=score.name,
        promised=unpromised if was is None else terms.target(was),
        changed=printed if changed else "",
        actual=score.actual_as_filed or "",
        attainment="" if silent else facts.word("scores.attainment", score.attainment),
        short=score.attainment in DOUBTFUL and not silent,
        method="" if silent else OTHER_TARGET if changed and score.attainment_method == "computed" else method,
        points=_forecast(facts, score) if progress else _points(score),
        weighed=f"年初的权重 {plain(weight)}" if "weight-changed" in codes and weight is not None else "",
        reason=score.reason or "",
        source=source_link(here, row.document_id, score.line),
    )


def _forecast(facts: Facts, row: Score) -> str:
    """What the middle of a year expects of its end, as printed, and how likely it calls the target."""
    likely = "" if row.likelihood is None else f"完成目标：{facts.word('scores.likelihood', row.likelihood)}"
    return "；".join(filter(None, (row.forecast, likely)))


def _points(row: Score) -> str:
    """What was given of what could be: ``19 / 20``. A score that is blank is not zero."""
    if row.score is None:
        return "没有打分" + ("" if row.points is None else f"（满分 {plain(row.points)}）")
    return f"{plain(row.score)} 分" if row.points is None else f"{plain(row.score)} / {plain(row.points)}"
