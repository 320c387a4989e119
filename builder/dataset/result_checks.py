"""Results → findings: what does not add up in them, and what differs from the promise.

A finding of a result stands by document and line and names the project in its words: what is found of a result is
nothing that is wrong with the promise. Points are compared with half a unit of the last printed digit for rounding.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from builder.dataset import attainment
from builder.dataset.results import is_whole, kind_of
from builder.dataset.rows import Indicator, Project, Result, Score, Tables, group
from builder.model import FiledResult, Finding, finding
from builder.settings import Settings
from builder.settings.results import ScoringRule
from builder.text import decimal, fold, plain
from builder.words import wan

HUNDRED = Decimal(100)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One result with all that is compared with it; ``rule`` is ``None`` where no rule is of its region and year."""

    result: Result
    filed: FiledResult
    scores: Sequence[Score]
    project: Project | None
    indicators: Sequence[Indicator]
    rule: ScoringRule | None
    precision: Decimal
    settings: Settings

    def found(
        self, code: str, line: int | None = None, values: tuple[Decimal, Decimal, str] | None = None, /, **parts: str
    ) -> Finding:
        row = finding(code, self.result.document_id, line or self.result.line_start, **parts)
        return replace(row, values=values)

    @property
    def execution_is_scored(self) -> bool:
        """Whether budget execution is printed as one of the indicators."""
        return any(fold(row.name) in self.settings.tokens.execution_rate for row in self.scores)

    def with_execution(self, points: Sequence[Decimal | None], execution: Decimal | None) -> Decimal | None:
        """The sum of the indicators and of execution; ``None`` where a part is blank, which is not zero."""
        parts = [*points] if self.execution_is_scored else [*points, *([] if execution is None else [execution])]
        known = [part for part in parts if part is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(parts) else None

    def sums(self, scores: Sequence[Decimal | None], execution: Decimal | None) -> list[Decimal]:
        """What a printed total can be the sum of: of everything; or of the table that it stands under, where that prints
        the points of its own indicators as their sum (合计 90), or none."""
        whole, own = self.with_execution(scores, execution), self.with_execution(scores, None)
        printed = self.filed.fields.get("total_points")
        points = self.with_execution([row.points for row in self.scores], None)
        of_table = printed is None or (points is not None and fold(printed.text) == plain(points))
        return [total for total in (whole, own if of_table else None) if total is not None]


def half(value: Decimal) -> Decimal:
    """Half a unit of the last digit of a figure as printed: 96.5 → 0.05."""
    exponent = value.as_tuple().exponent
    return Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)


def of_results(
    tables: Tables, filed: Callable[[Result], FiledResult], precision: Callable[[str], Decimal], settings: Settings
) -> Iterator[Finding]:
    scores, indicators = (
        group(tables.scores, lambda row: row.result_id),
        group(tables.indicators, lambda row: row.project_id),
    )
    projects = {row.project_id: row for row in tables.projects}
    for result in tables.results:
        above = [region.region_id for region in settings.gazetteer.chain(result.region_id)]
        sheet = Sheet(
            result,
            filed(result),
            scores.get(result.result_id, ()),
            projects.get(result.project_id or ""),
            indicators.get(result.project_id or "", ()),
            settings.results.rule(above, result.year, is_whole(result, settings)),
            precision(result.result_id),
            settings,
        )
        for check in CHECKS:
            yield from check(sheet)


def _joins(sheet: Sheet) -> Iterator[Finding]:
    result = sheet.result
    if sheet.project is None:
        yield sheet.found("result-unmatched", name=result.name)
        return
    kinds = sheet.settings.results
    # What was not read of a sheet may tell of any of them.
    reported = {row.indicator_id for row in sheet.scores if "unread" not in sheet.filed.places}
    for row in sheet.indicators if reported and result.kind in kinds.tells_of_all else ():
        if row.indicator_id not in reported and not row.is_execution_rate:
            yield sheet.found("indicator-dropped", name=row.name, project=result.name)
    for score in sheet.scores if result.kind in kinds.tells_of_none_else else ():
        if score.indicator_id is None and fold(score.name) not in sheet.settings.tokens.execution_rate:
            yield sheet.found("indicator-new", score.line, name=score.name, project=result.name)


def _points_add_up(sheet: Sheet) -> Iterator[Finding]:
    result, rule = sheet.result, sheet.rule
    total, whole_read = result.total_score, "unread" not in sheet.filed.places
    sums = sheet.sums([row.score for row in sheet.scores], result.execution_score) if whole_read else []
    if total is not None and sums and not any(abs(total - scored) <= half(total) for scored in sums):
        code, scored = "score-sum" if total else "score-total-zero", sums[0]
        line = sheet.filed.fields["total_score"].line
        yield sheet.found(
            code, line, (total, scored, "points"), name=result.name, expected=plain(total), actual=plain(scored)
        )
    given = sheet.with_execution([row.points for row in sheet.scores], result.execution_points) if whole_read else None
    if rule is not None and given is not None:
        whole = Decimal(rule.points_total)
        printed = result.execution_points is not None or sheet.execution_is_scored or result.kind == "evaluation"
        allowed = [whole] if printed else [whole - rule.execution_points, whole]
        if given not in allowed:
            said = " 或 ".join(map(plain, allowed))
            yield sheet.found(
                "points-sum", None, (whole, given, "points"), name=result.name, expected=said, actual=plain(given)
            )
    parts = [("预算执行率", result.execution_points, result.execution_score, sheet.result.line_start)]
    parts += [(row.name, row.points, row.score, row.line) for row in sheet.scores]
    for name, points, score, line in parts:
        if points is not None and score is not None and score > points:
            yield sheet.found(
                "score-over-points",
                line,
                (points, score, "points"),
                name=name,
                expected=plain(points),
                actual=plain(score),
            )


def _grade(sheet: Sheet) -> Iterator[Finding]:
    result, rule = sheet.result, sheet.rule
    if rule is None or result.total_score is None or result.grade is None or result.grade not in rule.grades:
        return
    earned = [grade for grade, lowest in rule.grades.items() if result.total_score >= lowest]
    if earned and result.grade != (best := max(earned, key=lambda grade: rule.grades[grade])):
        line = sheet.filed.fields["grade"].line
        actual = plain(result.total_score)
        yield sheet.found("grade-differs", line, name=result.name, grade=result.grade, expected=best, actual=actual)


def _money(sheet: Sheet) -> Iterator[Finding]:
    result, rule = sheet.result, sheet.rule
    # Monitoring, and short forms, print one budget alone.
    spent, budget = result.executed_yuan, result.initial_yuan if result.adjusted_yuan is None else result.adjusted_yuan
    row = next((row for source, row in sheet.filed.funding if source == "whole"), None)
    if spent is None or budget is None or row is None:
        return
    line = row["label"].line
    if spent - budget > sheet.precision and budget == result.adjusted_yuan:
        values = (budget, spent, "yuan")
        said = f"{wan(budget)} 万元", f"{wan(spent)} 万元"
        yield sheet.found("executed-over-adjusted", line, values, name=result.name, expected=said[0], actual=said[1])
    if not budget:
        return
    rate = spent / budget * HUNDRED
    if result.execution_rate_as_filed and (printed := _rate(result.execution_rate_as_filed, rate)) is not None:
        tolerance = max(half(printed) * 2, sheet.precision / budget * HUNDRED)
        if abs(printed - rate) > tolerance:
            initial = result.initial_yuan
            of = (
                "，按年初预算数算正好是它"
                if initial and initial != budget and abs(printed - spent / initial * HUNDRED) <= tolerance
                else ""
            )
            shown = f"{plain(rate.quantize(Decimal('0.01'), ROUND_HALF_UP))}%"
            yield sheet.found(
                "execution-rate-differs",
                line,
                (rate.quantize(Decimal("0.01")), printed, "percent"),
                name=result.name,
                expected=shown,
                actual=result.execution_rate_as_filed,
                of=of,
            )
    points, score = result.execution_points, result.execution_score
    if rule is not None and rule.execution_by_rate and points is not None and score is not None and score <= points:
        shown_rate = _rate(result.execution_rate_as_filed, rate) if result.execution_rate_as_filed else None
        earned = rate if shown_rate is None else shown_rate
        due = points * min(earned, HUNDRED) / HUNDRED
        if abs(due - score) > max(half(score), Decimal("0.05")):
            shown = plain(due.quantize(Decimal("0.01"), ROUND_HALF_UP))
            yield sheet.found(
                "execution-score-differs",
                line,
                (due.quantize(Decimal("0.01")), score, "points"),
                name=result.name,
                expected=shown,
                actual=plain(score),
            )


def _rate(text: str, computed: Decimal) -> Decimal | None:
    """A printed rate as a percentage; ``0.98`` without a sign beside some 98 % is one. ``None`` where it is no number."""
    key = fold(text)
    try:
        value = decimal(key.removesuffix("%"))
    except ValueError:
        return None
    return value * HUNDRED if not key.endswith("%") and value <= 2 and computed > 2 else value


def _against_the_promise(sheet: Sheet) -> Iterator[Finding]:
    promised = {row.indicator_id: row for row in sheet.indicators}
    for row, filed in zip(sheet.scores, sheet.filed.indicators, strict=True):
        was = promised.get(row.indicator_id or "")
        if was is None:
            first, now = filed.get("target"), filed.get("target_adjusted")
            if first is not None and now is not None and fold(first.text) != fold(now.text):
                yield sheet.found("target-changed", row.line, name=row.name, expected=first.text, actual=now.text)
            continue
        if _differs(was, row, sheet.settings):
            yield sheet.found("target-changed", row.line, name=row.name, expected=_target(was), actual=_target(row))
        if sheet.result.kind == "evaluation" or was.weight is None or row.points is None:
            continue
        if was.weight != row.points:
            values = (was.weight, row.points, "points")
            said = plain(was.weight), plain(row.points)
            yield sheet.found("weight-changed", row.line, values, name=row.name, expected=said[0], actual=said[1])


def _differs(was: Indicator, row: Score, settings: Settings) -> bool:
    """Whether the target is another. What one of the two does not print (a sign, a unit) is no difference."""
    if row.target_as_filed is None or was.target_as_filed is None:
        return False
    signs = {was.comparison, row.comparison} - {None, "qualitative"}
    if len(signs) > 1 and None not in (was.target_value, row.target_value):
        return True
    if was.target_value is None or row.target_value is None:
        # ≥20家 became 整治到位; 不少于20家（含） says the figure still, though in words.
        for one, other in ((was, row), (row, was)):
            if one.target_value is not None:
                return plain(one.target_value) not in _FIGURE.findall(fold(other.target_as_filed or ""))
        return fold(was.target_as_filed) != fold(row.target_as_filed)
    pair = attainment.same_measure((was.target_value, was.unit), (row.target_value, row.unit), settings.units)
    return pair is None or pair[0] != pair[1]


def _target(row: Indicator | Score) -> str:
    """A target as a person reads it: ``≥95%``."""
    sign = {"ge": "≥", "le": "≤", "eq": "=", "gt": ">", "lt": "<"}.get(row.comparison or "", "")
    if row.target_value is None:
        return row.target_as_filed or ""
    return f"{sign}{plain(row.target_value)}{row.unit or ''}"


def _outcomes(sheet: Sheet) -> Iterator[Finding]:
    asks_why = "indicator.reason" in sheet.filed.places
    enough = Decimal(100 if sheet.rule is None else sheet.rule.reason_below_percent) / HUNDRED
    for row in sheet.scores:
        short = row.score is not None and row.points is not None and row.score < row.points * enough
        said = {"name": row.name, "expected": _target(row), "actual": row.actual_as_filed or ""}
        if row.attainment == "missed" and row.points and row.score == row.points:
            yield sheet.found("missed-full-score", row.line, None, **said)
        if asks_why and row.reason is None and (short or row.attainment == "missed"):
            yield sheet.found("short-without-reason", row.line, None, **said)
        wanted, reached = (row.target_value, row.unit), (row.actual_value, row.actual_unit)
        pair = attainment.same_measure(wanted, reached, sheet.settings.units)
        upwards = row.comparison in ("ge", "gt") or (
            row.comparison in ("eq", None) and kind_of(row, sheet.settings) in attainment.UPWARDS
        )
        if pair is not None and upwards and pair[0] > 0:
            more = (pair[1] / pair[0] - 1) * HUNDRED
            if more >= sheet.settings.results.far_above_percent:
                shown = plain(more.quantize(Decimal(1), ROUND_HALF_UP))
                yield sheet.found("far-above-target", row.line, None, percent=shown, **said)


def _reasons(sheet: Sheet) -> Iterator[Finding]:
    rules, said = sheet.settings.results, defaultdict[str, list[Score]](list)
    for row in sheet.scores:
        if row.reason is not None and len(fold(row.reason)) >= rules.reason_min_length:
            said[fold(row.reason)].append(row)
    for rows in said.values():
        if len(rows) >= rules.reason_repeated:
            reason, count = rows[0].reason or "", str(len(rows))
            yield sheet.found("reason-repeated", rows[0].line, name=sheet.result.name, count=count, actual=reason)


CHECKS: tuple[Callable[[Sheet], Iterator[Finding]], ...] = (
    _joins,
    _points_add_up,
    _grade,
    _money,
    _against_the_promise,
    _outcomes,
    _reasons,
)
