"""Results as filed → the tables of results, each joined to the promise that it is about.

A join is made only where one record fits and nothing speaks against it; anything else is left open, and shown so.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from difflib import SequenceMatcher
from typing import TypeVar

from builder.dataset import attainment, kinds
from builder.dataset.making import Making, Record, looked_up, project_name, tidied
from builder.dataset.naming import series_key
from builder.dataset.rows import Indicator, Project, Result, ResultFunding, Score, group
from builder.faults import SettingsFault
from builder.model import Document, Extract, Filed, FiledResult
from builder.settings import Settings
from builder.text import base, close_gaps, fold, quantity

NAMELESS = "（没有读到项目名称）"
# 指标1：完成时限 is named 完成时限.
_NUMBERED = re.compile(r"^指标\d{1,2}[：:、.．]\s*(?=\S)")
WHOLE_DEPARTMENT = "department_overall"
Row = TypeVar("Row")
Other = TypeVar("Other")
Tabulated = tuple[list[Result], list[ResultFunding], list[Score]]


def tabulate(
    making: Making,
    extracts: Sequence[tuple[Document, Extract]],
    projects: Sequence[Project],
    indicators: Sequence[Indicator],
) -> Tabulated:
    """The results of all documents with their money and scores, joined. Raises ``SettingsFault`` for a stale match."""
    results: list[Result] = []
    funding: list[ResultFunding] = []
    scores: list[Score] = []
    for document, extract in extracts:
        mine: list[Result] = []
        owned: set[str] = set()
        for filed in extract.results:
            mine.append(_result(making, document, filed))
            funding.extend(_funding(making, document, filed, mine[-1]))
            scores.extend(_scores(making, document, filed, mine[-1]))
            owned |= {mine[-1].result_id} if {"department", "reporting_unit"} & filed.fields.keys() else set()
        results.extend(_joined(mine, owned, projects, making.settings))
    promised, scored = group(indicators, lambda row: row.project_id), group(scores, lambda row: row.result_id)
    joined = [
        row
        for result in results
        for row in _scores_joined(
            scored.get(result.result_id, ()), promised.get(result.project_id or "", ()), making.settings
        )
    ]
    _require_matches(results, joined, projects, indicators, making.settings)
    monitored = {row.result_id for row in results if row.kind == "monitoring"}
    return results, funding, [_judged(row, row.result_id in monitored, making.settings) for row in joined]


def _result(making: Making, document: Document, filed: FiledResult) -> Result:
    result_id = f"{document.document_id}-{filed.number:03d}"
    make = Record(making, document, "results", result_id)
    get = filed.fields.get
    code, name = _name(make, filed)
    whole: Mapping[str, Filed] = next((row for source, row in filed.funding if source == "whole"), {})
    settings = making.settings
    amounts = {key: make.amount(f"{key}_yuan", whole.get(key), _unit(filed, whole.get(key))) for key in AMOUNTS}
    making.precision[result_id] = max((item.last_digit for item in amounts.values() if item), default=Decimal(0))
    return Result(
        result_id=result_id,
        document_id=document.document_id,
        region_id=document.region_id,
        year=document.year,
        until_month=make.integer("until_month", get("until_month")),
        kind=filed.kind,
        form_no=filed.number,
        project_id=None,
        match="none",
        project_code=code,
        name=name,
        name_as_filed=filed.fields["name"].text if "name" in filed.fields else None,
        department_id=_department(make, get("department") or get("reporting_unit")),
        implementing_unit=make.text("implementing_unit", get("implementing_unit")),
        initial_yuan=make.yuan("initial_yuan", whole.get("initial"), amounts["initial"]),
        adjusted_yuan=make.yuan("adjusted_yuan", whole.get("adjusted"), amounts["adjusted"]),
        executed_yuan=make.yuan("executed_yuan", whole.get("executed"), amounts["executed"]),
        expected_yuan=make.yuan("expected_yuan", whole.get("expected"), amounts["expected"]),
        execution_rate_as_filed=make.as_filed("execution_rate_as_filed", whole.get("rate")),
        execution_points=make.number("execution_points", whole.get("points")),
        execution_score=make.number("execution_score", whole.get("score")),
        goal=make.prose("goal", get("goal")),
        goal_result=make.prose("goal_result", get("goal_result")),
        total_score=make.number("total_score", get("total_score")),
        grade=make.text("grade", _ticked(get("grade"), settings)),
        conclusion=make.prose("conclusion", get("conclusion")),
        problems=make.prose("problems", get("problems")),
        measures=make.prose("measures", get("measures")),
        line_start=filed.line_start,
        line_end=filed.line_end,
    )


def _ticked(grade: Filed | None, settings: Settings) -> Filed | None:
    """A grade as printed; of several with boxes the one that is ticked: 优（√） 良（ ） → 优, ☑优 □良 → 优."""
    if grade is None:
        return None
    key = fold(grade.text)
    pattern = r"[√✓✔☑■](\w)" if key[:1] in "√✓✔☑■□☐" else r"(\w)\(?[√✓✔☑■]"
    ticked = {*re.findall(pattern, key)} & {name for rule in settings.results.rules for name in rule.grades}
    return grade._replace(text=ticked.pop()) if len(ticked) == 1 else grade


AMOUNTS = ("initial", "adjusted", "executed", "expected")


def _name(make: Record, filed: FiledResult) -> tuple[str | None, str]:
    """The project's code and name. A department's whole sheet prints none and bears its title."""
    printed = filed.fields.get("name")
    code = make.text("project_code", filed.fields.get("project_code"))
    if printed is None:
        if not filed.title:
            make.report("result-nameless", filed.line_start)
            return code, NAMELESS
        title = Filed(filed.title, filed.title_line, "标题")
        return code, make.keep("name", title, close_gaps(filed.title), "名称：表的标题")
    return project_name(make, printed, code)


def _department(make: Record, filed: Filed | None) -> str | None:
    """The department that the targets know by this name; results name no new one."""
    text = make.short("department_id", filed)
    if text is None or filed is None:
        return None
    region = make.making.settings.regions[make.document.region_id]
    found = make.making.department_ids.find(region, text)
    if found is None or found not in make.making.departments:
        make.report("result-department-unknown", filed.line, actual=text)
        return None
    return make.keep("department_id", filed, found, "部门：去掉编码和地区名，按 data/lookups/departments.yml 统一写法")


def _unit(filed: FiledResult, amount: Filed | None) -> str | None:
    """The money unit of an amount: its heading's, else the one printed over the sheet."""
    over = filed.fields.get("unit")
    if amount is not None and amount.unit:
        return amount.unit
    return None if over is None else next((unit for unit in ("万元", "亿元", "元") if unit in fold(over.text)), None)


def _funding(making: Making, document: Document, filed: FiledResult, result: Result) -> Iterator[ResultFunding]:
    for source, row in filed.funding:
        if source == "whole":
            continue
        label = row["label"]
        make = Record(making, document, "result_funding", f"{result.result_id}|{label.text.strip()}|{label.line}")
        found = {key: make.amount(f"{key}_yuan", row.get(key), _unit(filed, row.get(key))) for key in AMOUNTS}
        values = {key: make.yuan(f"{key}_yuan", row.get(key), found[key]) for key in AMOUNTS}
        source = "fiscal" if source == "fiscal_part" else source
        yield ResultFunding(
            result.result_id,
            make.keep("source", label, source, looked_up("labels", f"form.funding.{source}")),
            label.text.strip(),
            values["initial"],
            values["adjusted"],
            values["executed"],
            values["expected"],
            label.line,
        )


def _scores(making: Making, document: Document, filed: FiledResult, result: Result) -> Iterator[Score]:
    tokens = making.settings.tokens
    for position, row in enumerate(filed.indicators, 1):
        score_id = f"{result.result_id}-{position:02d}"
        make = Record(making, document, "scores", score_id)
        get = row.get
        name = _NUMBERED.sub("", close_gaps(make.cleaned("name", row["name"]) or row["name"].text))
        # What was adjusted during the year is what the outcome is held against.
        aim = get("target_adjusted") or get("target")
        target = quantity(make.corrected("target_value", aim) or "", tokens.comparison, tokens.suffix)
        actual = quantity(make.corrected("actual_value", get("actual")) or "", tokens.comparison, tokens.suffix)
        comparison = make.token("comparison", get("comparison"), tokens.comparison, "comparison")
        if comparison is None and "comparison" not in row:
            comparison = make.keep("comparison", aim, target.comparison, "指标性质：取自指标值")
        unit = make.unit(get("unit")) or make.keep("unit", aim, target.unit, "单位：取自指标值")
        # 实际达到 95%以上 is no figure: it says what the outcome is not below.
        value = actual.value if actual.comparison in (None, "eq") else None
        yield Score(
            score_id=score_id,
            result_id=result.result_id,
            position=position,
            indicator_id=None,
            match="none",
            level1=make.text("level1", get("level1")),
            level2=make.text("level2", get("level2")),
            name=make.keep("name", row["name"], name, tidied(row["name"].text, name)),
            target_as_filed=make.as_filed("target_as_filed", aim, target.value),
            comparison=comparison,
            target_value=make.keep("target_value", aim, target.value),
            unit=unit,
            actual_as_filed=make.as_filed("actual_as_filed", get("actual"), value),
            actual_value=make.keep("actual_value", get("actual"), value),
            actual_unit=make.keep("actual_unit", get("actual"), actual.unit, "单位：取自完成值"),
            forecast=make.prose("forecast", get("forecast")),
            likelihood=_likelihood(make, get("likelihood")),
            attainment="unreadable",
            attainment_method=None,
            points=make.number("points", get("points")),
            score=make.number("score", get("score")),
            reason=make.prose("reason", get("reason")),
            line=row["name"].line,
        )


def _likelihood(make: Record, filed: Filed | None) -> str | None:
    known = make.making.settings.results.likelihoods
    code = make.parsed("likelihood", filed, lambda text: known[fold(text)])
    return make.keep("likelihood", filed, code, looked_up("scoring", f"likelihood.{code}"))


def _judged(row: Score, monitored: bool, settings: Settings) -> Score:
    wanted, reached = (row.target_value, row.unit), (row.actual_value, row.actual_unit)
    outcome, method = attainment.judged(
        row.target_as_filed, row.comparison, wanted, row.actual_as_filed, reached, kind_of(row, settings), settings
    )
    if monitored and method == "computed" and not (outcome == "met" and row.comparison in ("ge", "gt")):
        # Half of the year is still to come: what is not reached is not missed, and a limit may still be passed.
        outcome, method = "unreadable", None
    return replace(row, attainment=outcome, attainment_method=method)


def kind_of(row: Score, settings: Settings) -> str:
    """What kind of promise a scored indicator is, by the rules for those of targets."""
    return kinds.kind(row, settings.kinds.indicators, settings.wording.words)[0]


# Joining


def _one_to_one(
    rows: Sequence[Row], others: Sequence[Other], key: Callable[[Row], Hashable], other: Callable[[Other], Hashable]
) -> Iterator[tuple[Row, Other]]:
    """The pairs of which each has the other's key, and nobody else has it. An empty key (``None``) joins nothing."""
    count, held = Counter(map(key, rows)), defaultdict[Hashable, list[Other]](list)
    for item in others:
        held[other(item)].append(item)
    for row in rows:
        found = key(row)
        if found is not None and count[found] == 1 and len(held[found]) == 1:
            yield row, held[found][0]


def _joined(
    results: Sequence[Result], owned: Set[str], projects: Sequence[Project], settings: Settings
) -> list[Result]:
    """The results of one document with their projects: by code, name and department, name; by hand before all.

    ``owned`` are those that print a department. One that the targets do not know speaks against a project of another.
    """
    if not results:
        return []
    place = (results[0].region_id, results[0].year)
    here = [row for row in projects if (row.region_id, row.year) == place]
    by_hand = {one.result: one.project for one in settings.matches if one.result is not None}
    found: dict[str, tuple[str | None, str]] = {
        row.result_id: (by_hand[row.result_id], "manual" if by_hand[row.result_id] else "none")
        for row in results
        if row.result_id in by_hand
    }
    taken = {project_id for project_id, _ in found.values()}
    keys = {row.project_id: _bare(row.name) for row in here}
    keys |= {row.result_id: _key(row, frozenset(keys.values()), settings) for row in results}

    def name(row: Result | Project) -> str | None:
        return keys[_id(row)] if not whole(row) else None

    def whole(row: Result | Project) -> bool:
        return row.form_type == WHOLE_DEPARTMENT if isinstance(row, Project) else is_whole(row, settings)

    def with_department(row: Result | Project) -> Hashable:
        named = "" if whole(row) else name(row)
        return None if row.department_id is None or not (whole(row) or named) else (named, row.department_id)

    for match, key in (
        ("code", lambda row: row.project_code),
        ("name_and_department", with_department),
        ("name", lambda row: name(row) or None),
    ):
        rows = [row for row in results if row.result_id not in found]
        left = [row for row in here if row.project_id not in taken]
        for row, project in _one_to_one(rows, left, key, key):
            # Two departments may each have a project of one name; and 补贴（重点） is not 补贴（一般）.
            apart = match == "name" and row.result_id in owned and project.department_id is not None
            if apart or (match != "code" and _noted_otherwise(row.name, project.name)):
                continue
            found[row.result_id] = project.project_id, match
            taken.add(project.project_id)
    return [
        replace(row, project_id=found[row.result_id][0], match=found[row.result_id][1])
        if row.result_id in found
        else row
        for row in results
    ]


def is_whole(result: Result, settings: Settings) -> bool:
    """Whether a sheet is of a whole department: it names no project, and its title says so."""
    return result.name_as_filed is None and kinds.has(fold(result.name), settings.results.whole_department)


def _id(row: Result | Project) -> str:
    return row.project_id if isinstance(row, Project) else row.result_id


def _key(row: Result, known: Set[str], settings: Settings) -> str:
    """The name that a result is joined by; empty where it has none. A sheet without one may say it in its title:

    长寿区2024年巨灾保险项目支出绩效评价评分表 → 巨灾保险项目, where that is a project and nothing else is meant
    """
    if row.name_as_filed is not None or row.name == NAMELESS:
        return "" if row.name == NAMELESS else _bare(row.name)
    title = series_key(row.name)
    region = settings.regions[row.region_id]
    for alias in sorted({region.name, *region.aliases}, key=len, reverse=True):
        title = title.removeprefix(fold(alias))
    words = re.compile(f"(?:{'|'.join(map(re.escape, settings.results.title_words))})*")
    meant = [key for key in known if title.startswith(key) and words.fullmatch(title[len(key) :])]
    return meant[0] if len(meant) == 1 else ""


def _bare(name: str) -> str:
    """A name without its year, notes in brackets and a full stop at its end."""
    return series_key(name).rstrip(".。,，;；、")


def _noted_otherwise(name: str, other: str) -> bool:
    """Whether two names of one key have each a note in brackets, and not the same."""
    notes = [re.findall(r"\(([^()]*)\)", fold(text)) for text in (name, other)]
    return bool(notes[0] and notes[1]) and notes[0] != notes[1]


def _scores_joined(scores: Sequence[Score], indicators: Sequence[Indicator], settings: Settings) -> list[Score]:
    """Scored indicators with those of the project: by name; one renamed, by level and target where the names are alike."""
    by_hand = {one.score: one.indicator for one in settings.matches if one.score is not None}
    found: dict[str, tuple[str | None, str]] = {
        row.score_id: (by_hand[row.score_id], "manual" if by_hand[row.score_id] else "none")
        for row in scores
        if row.score_id in by_hand
    }
    taken = {indicator_id for indicator_id, _ in found.values()}

    def target(row: Score | Indicator) -> Hashable:
        value, unit = base(row.target_value, row.unit or "") if row.target_value is not None else (None, row.unit)
        printed = None if value is not None else fold(row.target_as_filed or "")
        return None if value is None and not printed else (value, unit or "", printed)

    def by_name(row: Score | Indicator) -> Hashable:
        return fold(row.name)

    def by_name_and_target(row: Score | Indicator) -> Hashable:
        return None if (wanted := target(row)) is None else (fold(row.name), wanted)

    def by_level_and_target(row: Score | Indicator) -> Hashable:
        return None if (wanted := target(row)) is None else (fold(row.level2 or ""), wanted)

    for match, key in (
        ("name", by_name),
        ("name_and_target", by_name_and_target),
        ("name_and_target", by_level_and_target),
    ):
        rows = [row for row in scores if row.score_id not in found]
        left = [row for row in indicators if row.indicator_id not in taken]
        for row, indicator in _one_to_one(rows, left, key, key):
            if key is by_level_and_target and not _alike(fold(row.name), fold(indicator.name), settings):
                continue
            found[row.score_id] = indicator.indicator_id, match
            taken.add(indicator.indicator_id)
    return [
        replace(row, indicator_id=found[row.score_id][0], match=found[row.score_id][1])
        if row.score_id in found
        else row
        for row in scores
    ]


def _alike(name: str, other: str, settings: Settings) -> bool:
    """Whether one of two names is the other with words left out that do not turn it round.

    全区空气环境质量优良天数, 全区空气质量优良天数      are one
    城市污水处理率, 农村污水处理率                      are two, however many characters they share
    """
    blocks = SequenceMatcher(None, name, other).get_opcodes()
    left_out = "".join(name[a:b] or other[c:d] for what, a, b, c, d in blocks if what in ("insert", "delete"))
    one_way = len({what for what, *_ in blocks} - {"equal"}) == 1 and not any(what == "replace" for what, *_ in blocks)
    enough = len(left_out) * 100 <= (100 - settings.results.alike_percent) * max(len(name), len(other))
    return one_way and enough and not kinds.has(left_out, settings.results.opposites)


def _require_matches(
    results: Sequence[Result],
    scores: Sequence[Score],
    projects: Sequence[Project],
    indicators: Sequence[Indicator],
    settings: Settings,
) -> None:
    known = {row.result_id for row in results} | {row.project_id for row in projects}
    known |= {row.score_id for row in scores} | {row.indicator_id for row in indicators}
    for one in settings.matches:
        for found in (one.result, one.project, one.score, one.indicator):
            if found is not None and found not in known:
                raise SettingsFault(f"data/matches.yml：没有 {found}。请改成现有的编号，或删去这一条。")
