"""/quality/indicators/: how indicators are written, rule by rule: how often, where, and for example."""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.measures.wording import HITS_FILE, RATES_FILE, Hit, Rate, Report
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.parts import Link, Page, source_link

MOST_DEPARTMENTS = 8
MOST_EXAMPLES = 12
# Places with a rate of their own, the newest first; the file of rates holds all.
MOST_PLACES = 12
SHOWN_EXAMPLES = 3
# A percentage of fewer than these says more than is known; the count alone is shown.
FEWEST_FOR_PERCENT = 20


@dataclass(frozen=True, slots=True)
class RateItem:
    """How often a rule applies somewhere. ``width`` is the share as a bar's length; both are empty where too few
    records could be judged for a percentage."""

    name: Link
    share: str
    width: str
    count: str


@dataclass(frozen=True, slots=True)
class Example:
    project: Link
    place: str
    text: str
    source: Link


@dataclass(frozen=True, slots=True)
class RuleItem:
    """``whole`` is the rule over all documents, its name the way to the rule on this page."""

    anchor: str
    title: str
    meaning: str
    matters: str
    normal: str
    words: str
    judged: str
    whole: RateItem
    places: tuple[RateItem, ...]
    places_note: str
    unjudged: str
    form_types: tuple[str, ...]
    departments: tuple[RateItem, ...]
    departments_note: str
    examples: tuple[Example, ...]
    more: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class SilentRule:
    title: str
    anchor: str
    meaning: str
    count: str


@dataclass(frozen=True, slots=True)
class WordingView:
    template: ClassVar[str] = "wording.html.jinja"

    crumbs: tuple[Link, ...]
    summary: str
    rules: tuple[RuleItem, ...]
    silent: tuple[SilentRule, ...]
    hits: str
    rates: str
    explore: str
    copies: str


def page(facts: Facts, report: Report) -> Page:
    here = Here("quality/indicators/")
    whole = {rule_id: report.by(rule_id).get((), Rate(0, 0)) for rule_id in report.rules}
    places = facts.in_order(facts.by_region_year)
    own = len(facts.own_indicators(facts.projects.values()))
    view = WordingView(
        crumbs=(Link("数据质量", here.quality()),),
        summary=f"{len(report.rules)} 条规则看了 {words.number(len(facts.projects))} 个项目的 {words.number(own)} 项指标"
        "是怎么写的：有没有数、有没有单位、目标是不是定满、与上年相比有没有变。",
        rules=tuple(
            _rule(facts, here, report, rule_id, whole[rule_id], places)
            for rule_id in report.rules
            if whole[rule_id].applies
        ),
        silent=tuple(
            SilentRule(rule.title, rule_id, rule.meaning, f"看了 {words.number(whole[rule_id].judged)} {rule.judged}")
            for rule_id, rule in report.rules.items()
            if not whole[rule_id].applies
        ),
        hits=here.data(HITS_FILE),
        rates=here.data(RATES_FILE),
        explore=here.explore(),
        copies=here.at("quality/copies/"),
    )
    return Page(here.path, "指标写法", view.summary, view)


def _rule(
    facts: Facts, here: Here, report: Report, rule_id: str, whole: Rate, places: Sequence[tuple[str, int]]
) -> RuleItem:
    rule = report.rules[rule_id]
    by_place = report.by(rule_id, "region_id", "year")
    by_form_type = report.by(rule_id, "form_type")
    by_department = {key: rate for (key,), rate in report.by(rule_id, "department_id").items() if key and rate.applies}
    top = sorted(by_department, key=lambda key: (-by_department[key].applies, by_department[key].judged, key))
    examples = _examples(facts, here, report.hits[rule_id])
    judged = [key for key in places if key in by_place]
    unjudged = [key for key in places if key not in by_place]
    return RuleItem(
        anchor=rule_id,
        title=rule.title,
        meaning=rule.meaning,
        matters=rule.matters,
        normal=rule.normal,
        words="、".join(facts.rules.shown(rule)),
        judged=f"{_count(whole)} {rule.judged}",
        whole=_rate(Link(rule.title, f"#{rule_id}"), whole),
        places=tuple(
            _rate(Link(facts.place(*key), here.region_year(*key)), by_place[key]) for key in judged[:MOST_PLACES]
        ),
        places_note=f"共 {len(judged)} 个地区年度，这里列最近的 {MOST_PLACES} 个，全部见下载的占比。"
        if len(judged) > MOST_PLACES
        else "",
        unjudged="、".join(facts.place(*key) for key in unjudged[:MOST_PLACES])
        + (f"等 {len(unjudged)} 个地区年度" if len(unjudged) > MOST_PLACES else ""),
        form_types=tuple(
            f"{kind} {_count(rate)}"
            for form_type, kind in facts.form_types.items()
            if (rate := by_form_type.get((form_type,)))
        )
        if len(by_form_type) > 1
        else (),
        departments=tuple(
            _rate(Link(_department(facts, key), here.department(key)), by_department[key])
            for key in top[:MOST_DEPARTMENTS]
        ),
        departments_note=f"共 {len(top)} 个部门，这里列处数最多的 {MOST_DEPARTMENTS} 个。"
        if len(top) > MOST_DEPARTMENTS
        else "",
        examples=examples[:SHOWN_EXAMPLES],
        more=examples[SHOWN_EXAMPLES:],
    )


def _department(facts: Facts, department_id: str) -> str:
    department = facts.departments[department_id]
    return f"{department.name}（{facts.regions[department.region_id].name}）"


def _rate(name: Link, rate: Rate) -> RateItem:
    if rate.judged < FEWEST_FOR_PERCENT:
        return RateItem(name, "", "", _count(rate))
    return RateItem(
        name,
        words.percent(rate.applies, rate.judged),
        words.width(rate.applies, rate.judged),
        _count(rate),
    )


def _count(rate: Rate) -> str:
    return f"{words.number(rate.applies)} / {words.number(rate.judged)}"


def _examples(facts: Facts, here: Here, hits: Sequence[Hit]) -> tuple[Example, ...]:
    """A few hits, taken from the documents in turn so that none crowds out the others."""
    waiting: dict[str, deque[Hit]] = defaultdict(deque)
    for hit in hits:
        waiting[hit.document_id].append(hit)
    chosen: list[Hit] = []
    while waiting and len(chosen) < MOST_EXAMPLES:
        for document_id in list(waiting):
            chosen.append(waiting[document_id].popleft())
            if not waiting[document_id]:
                del waiting[document_id]
    return tuple(_example(facts, here, hit) for hit in chosen[:MOST_EXAMPLES])


def _example(facts: Facts, here: Here, hit: Hit) -> Example:
    project = facts.projects[hit.project_id]
    return Example(
        Link(project.name, here.project(hit.project_id, "#indicators")),
        facts.place(project.region_id, project.year),
        hit.text,
        source_link(here, hit.document_id, hit.line),
    )
