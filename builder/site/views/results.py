"""/results/, /results/{result_id}/ and the part of a project's page: what was promised, and what came of it.

Who judged is always said. What fell short stands first, in the words of the paper; places are never ranked.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from builder import words
from builder.dataset.rows import FindingRow, Indicator, Project, Result, Score
from builder.measures import terms
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.parts import (
    FindingItem,
    Link,
    Page,
    Value,
    document_link,
    finding_item,
    place_link,
    project_link,
    prose,
    source_link,
)
from builder.site.views.record import plain_row
from builder.text import plain

ORDER = ("missed", "partly", "unreadable", "met")
GOOD = Decimal(90)
METHODS = {"printed": "照文件的话", "computed": "按两个数算的"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One indicator: the promise, what came of it, the points, the reason. ``changed`` is the target that the results
    document prints where it is not the promised one."""

    name: str
    promised: str
    changed: str
    actual: str
    attainment: str
    state: str
    method: str
    points: str
    reason: str
    source: Link


@dataclass(frozen=True, slots=True)
class Spent:
    label: str
    initial: Value
    adjusted: Value
    executed: Value
    source: Link | None


@dataclass(frozen=True, slots=True)
class Told:
    """What one sheet tells; ``missing`` are promised indicators that it does not name."""

    judged_by: str
    name: Link
    document: Link
    source: Link
    summary: str
    score: str
    money: tuple[Spent, ...]
    rate: str
    goal: tuple[str, ...]
    goal_result: tuple[str, ...]
    texts: tuple[tuple[str, tuple[str, ...]], ...]
    outcomes: tuple[Outcome, ...]
    missing: tuple[str, ...]
    findings: tuple[FindingItem, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The part of a project's page; ``due`` and ``ask`` stand where nothing was told yet."""

    told: tuple[Told, ...]
    due: str
    ask: str
    every: str


@dataclass(frozen=True, slots=True)
class ResultView:
    template: ClassVar[str] = "result.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    project: Link | None
    told: Told
    record: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """What the results of a region's year say, told beside what they leave out."""

    place: Link
    sheets: str
    outcomes: tuple[tuple[str, str], ...]
    silent: str
    scores: str
    unspent: str
    results: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ResultsView:
    template: ClassVar[str] = "results.html.jinja"

    lead: str
    places: tuple[PlaceRow, ...]
    due: tuple[tuple[Link, str], ...]


def index(facts: Facts) -> Page:
    here = Here("results/")
    told: dict[tuple[str, int], list[Result]] = {}
    for row in facts.results.values():
        told.setdefault((row.region_id, row.year), []).append(row)
    waiting = sorted(facts.by_region_year.keys() - told.keys())
    lead = (
        f"已收录 {words.number(len(facts.results))} 张结果表。自评是用钱的单位自己评的，达到没有，先看文件怎么说，再按数算。"
        if told
        else "还没有收录结果文件。各地把自评表公布出来、收录以后，这里会写：承诺了什么，做到了什么，自己打了几分。"
    )
    view = ResultsView(
        lead,
        tuple(_place(facts, here, key, rows) for key, rows in sorted(told.items())),
        tuple((place_link(facts, here, *key), _due(facts, key[1])) for key in waiting),
    )
    return Page(here.path, "兑现了吗：承诺的结果", lead, view)


def page(facts: Facts, result_id: str) -> Page:
    row = facts.results[result_id]
    here = Here(f"results/{result_id}/")
    project = facts.projects.get(row.project_id or "")
    told = _told(facts, here, row)
    crumbs = (Link("结果", here.at("results/")), place_link(facts, here, row.region_id, row.year))
    link = None if project is None else project_link(here, project, "#kept")
    view = ResultView(crumbs, row.name, link, told, "record.json")
    return Page(here.path, f"{row.name}（{facts.place(row.region_id, row.year)}结果）", told.summary, view)


def kept(facts: Facts, here: Here, project: Project) -> Kept:
    """What came of a project, sheet by sheet; where none is here, which document will tell, and how to ask for it."""
    department = facts.department_of(project)
    owner = "主管部门" if department is None else department.name
    return Kept(
        tuple(_told(facts, here, row) for row in facts.results_of.get(project.project_id, ())),
        _due(facts, project.year),
        facts.result_rules.how_to_ask.format(department=owner, year=project.year),
        here.at("results/"),
    )


def record(facts: Facts, result_id: str) -> dict[str, object]:
    """/results/{result_id}/record.json: plain JSON values under the dataset's own names; what is missing is null."""
    row = facts.results[result_id]
    return {
        "id": result_id,
        "url": f"{facts.url}/results/{result_id}/",
        "result": plain_row(row),
        "funding": [plain_row(part) for part in facts.result_funding.get(result_id, ())],
        "scores": [plain_row(score) for score in facts.scores.get(result_id, ())],
        "findings": [plain_row(found) for found in _findings(facts, row)],
        "document": plain_row(facts.documents[row.document_id]),
    }


def _due(facts: Facts, year: int) -> str:
    return facts.result_rules.due.format(year=year, next=year + 1)


def _place(facts: Facts, here: Here, key: tuple[str, int], rows: Sequence[Result]) -> PlaceRow:
    counts = Counter(score.attainment for row in rows for score in facts.scores.get(row.result_id, ()))
    told = {row.project_id for row in rows}
    silent = [one for one in facts.by_region_year.get(key, ()) if one.project_id not in told]
    scores = [row.total_score for row in rows if row.total_score is not None]
    left = [
        row.adjusted_yuan - row.executed_yuan
        for row in rows
        if row.adjusted_yuan is not None and row.executed_yuan is not None
    ]
    return PlaceRow(
        place=place_link(facts, here, *key),
        sheets=f"{len(rows)} 张结果表，{sum(row.project_id is None for row in rows)} 张没有对上年初的承诺",
        outcomes=tuple(
            (facts.word("scores.attainment", code), f"{counts[code]} 项") for code in facts.words["scores.attainment"]
        ),
        silent=f"{len(silent)} 个年初公开了目标的项目，还没有看到结果" if silent else "年初公开了目标的项目都有结果",
        scores=f"{len(scores)} 张印了总分，其中 {sum(one >= GOOD for one in scores)} 张 90 分以上"
        if scores
        else "没有印总分",
        unspent=f"{len(left)} 张印了全年预算和执行数，相差 {words.money(sum(left, Decimal(0)))}" if left else "",
        results=tuple(Link(row.name, here.at(f"results/{row.result_id}/")) for row in rows),
    )


def _told(facts: Facts, here: Here, row: Result) -> Told:
    scores = facts.scores.get(row.result_id, ())
    promised = facts.indicators.get(row.project_id or "", ())
    by_id = {one.indicator_id: one for one in promised}
    reported = {score.indicator_id for score in scores}
    counts = Counter(score.attainment for score in scores)
    names = facts.words["scores.attainment"]
    said = "，".join(f"{names[code]} {counts[code]} 项" for code in names if counts[code])
    document = facts.documents[row.document_id]
    title = {field.name: field.title for field in facts.schemas["results"].fields}
    return Told(
        judged_by=facts.word("results.kind", row.kind),
        name=Link(row.name, here.at(f"results/{row.result_id}/")),
        document=document_link(here, document),
        source=source_link(here, row.document_id, row.line_start),
        summary=f"{facts.word('results.kind', row.kind)}：{len(scores)} 项指标" + (f"，{said}。" if said else "。"),
        score=_score(row.total_score, None) + (f"，{row.grade}" if row.grade else ""),
        money=tuple(_money(facts, here, row)),
        rate=row.execution_rate_as_filed or "",
        goal=prose(row.goal),
        goal_result=prose(row.goal_result),
        texts=tuple(
            (title[name], prose(text))
            for name, text in (("conclusion", row.conclusion), ("problems", row.problems), ("measures", row.measures))
            if text
        ),
        outcomes=tuple(
            _outcome(facts, here, row, score, by_id.get(score.indicator_id or ""))
            for score in sorted(scores, key=lambda one: (ORDER.index(one.attainment), one.position))
        ),
        missing=tuple(one.name for one in terms.own(promised) if scores and one.indicator_id not in reported),
        findings=tuple(finding_item(facts, here, found, name_project=False) for found in _findings(facts, row)),
    )


def _findings(facts: Facts, row: Result) -> Iterator[FindingRow]:
    """What was found on the lines of the sheet."""
    for found in facts.document_findings.get(row.document_id, ()):
        if found.line is not None and row.line_start <= found.line <= row.line_end:
            yield found


def _score(score: Decimal | None, points: Decimal | None) -> str:
    if score is None:
        return "" if points is None else f"没有打分（满分 {plain(points)}）"
    return f"{plain(score)} 分" if points is None else f"{plain(score)} / {plain(points)}"


def _money(facts: Facts, here: Here, row: Result) -> Iterator[Spent]:
    def value(yuan: Decimal | None) -> Value:
        return Value("没有印", "absent") if yuan is None else Value(words.money(yuan), "known" if yuan else "zero")

    if (row.initial_yuan, row.adjusted_yuan, row.executed_yuan) != (None, None, None):
        yield Spent("合计", value(row.initial_yuan), value(row.adjusted_yuan), value(row.executed_yuan), None)
    for part in facts.result_funding.get(row.result_id, ()):
        source = source_link(here, row.document_id, part.line)
        figures = (value(part.initial_yuan), value(part.adjusted_yuan), value(part.executed_yuan))
        yield Spent(part.label_as_filed, *figures, source)


def _outcome(facts: Facts, here: Here, row: Result, score: Score, was: Indicator | None) -> Outcome:
    printed = _target(score)
    promised = "年初没有这一项" if was is None and row.project_id else printed if was is None else _target(was)
    changed = {found.line for found in _findings(facts, row) if found.code == "target-changed"}
    return Outcome(
        name=score.name,
        promised=promised,
        changed=printed if score.line in changed else "",
        actual=score.actual_as_filed or "",
        attainment=facts.word("scores.attainment", score.attainment),
        state=score.attainment,
        method=METHODS.get(score.attainment_method or "", ""),
        points=_score(score.score, score.points),
        reason=score.reason or "",
        source=source_link(here, row.document_id, score.line),
    )


def _target(row: Score | Indicator) -> str:
    return words.promise(row.comparison, row.target_as_filed, row.target_value, row.unit)
