"""Tables → findings: what does not add up, and what a reader should know.

Each check is a function over a ``Context`` that yields findings; ``CHECKS`` is the list of them. Rules that a person
may want to change (which words, which totals) are data in ``data/checks.yml``.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from builder.dataset import events, result_checks
from builder.dataset.naming import department_key_as_filed
from builder.dataset.rows import (
    CatalogueRow,
    Department,
    FindingRow,
    Indicator,
    Project,
    Tables,
    added,
    group,
    storable,
)
from builder.dataset.tabulate import FISCAL_FORMS, Tabulated
from builder.model import Document, Extract, Filed, Finding, finding
from builder.settings import Settings
from builder.text import Money, fold, money, plain
from builder.words import WAN, wan
from builder.words import number as grouped

Values = tuple[Decimal | None, Decimal | None, str] | None

# What the program says in a message by words of its own, for which ``lookups/english.yml`` has the English; all else is
# printed, and stays as it is printed.
OURS = ("what", "missing", "of")

_AMOUNT = re.compile(r"([+−]?)([\d,.]+) 万元")
_CHOICE = re.compile(r"[\d.]+( 或 [\d.]+)+")


@dataclass(frozen=True)
class Context:
    """Everything the checks look at, with the lookups that several of them share."""

    tables: Tables
    extracts: Mapping[str, Extract]
    precision: Mapping[str, Decimal]
    settings: Settings

    @cached_property
    def indicators(self) -> Mapping[str, Sequence[Indicator]]:
        return group(self.tables.indicators, lambda row: row.project_id)

    @cached_property
    def catalogues(self) -> Mapping[str, Sequence[CatalogueRow]]:
        return group(self.tables.catalogue, lambda row: row.document_id)

    @cached_property
    def projects(self) -> Mapping[str, Project]:
        return {project.project_id: project for project in self.tables.projects}

    @cached_property
    def by_document(self) -> Mapping[str, Sequence[Project]]:
        return group(self.tables.projects, lambda row: row.document_id)

    @cached_property
    def unread(self) -> Mapping[str, frozenset[str]]:
        """By project what of it could not be read, as ``indicator.unread``: then it is not known what it adds up to."""
        return {
            f"{document_id}-{form.number:03d}": frozenset(place for place in form.places if place.endswith(".unread"))
            for document_id, extract in self.extracts.items()
            for form in extract.forms
        }

    @cached_property
    def departments(self) -> Mapping[str, Department]:
        return {department.department_id: department for department in self.tables.departments}

    def about(
        self, project: Project, code: str, line: int | None = None, values: Values = None, **parts: str | None
    ) -> Finding:
        place = project.line_start if line is None else line
        return replace(finding(code, project.document_id, place, project.project_id, **parts), values=values)

    def about_indicator(self, indicator: Indicator, code: str, values: Values = None, **parts: str | None) -> Finding:
        document_id = self.projects[indicator.project_id].document_id
        found = finding(code, document_id, indicator.line, indicator.project_id, indicator.indicator_id, **parts)
        return replace(found, values=values)


Check = Callable[[Context], Iterator[Finding]]


def amount(yuan: Decimal) -> str:
    """An amount in messages: in 万元, as these documents print it, exact."""
    return f"{wan(yuan)} 万元"


def weights_add_up(context: Context) -> Iterator[Finding]:
    rules = context.settings.checks
    for project in context.tables.projects:
        rows = context.indicators.get(project.project_id, ())
        weights = [row.weight for row in rows if row.weight is not None]
        unread = "indicator.unread" in context.unread[project.project_id]
        if not weights or len(weights) < len(rows) or unread:
            continue
        total = added(weights)
        if any(row.is_execution_rate for row in rows):
            allowed = [Decimal(rules.weight_total)]
        elif project.execution_weight is not None:
            allowed = [rules.weight_total - project.execution_weight]
        else:
            allowed = [Decimal(rules.weight_total_without_execution), Decimal(rules.weight_total)]
        if total not in allowed:
            yield context.about(
                project,
                "weight-sum",
                expected=" 或 ".join(plain(item) for item in allowed),
                actual=plain(total),
                values=(allowed[0] if len(allowed) == 1 else None, total, "points"),
            )


def funding_adds_up(context: Context) -> Iterator[Finding]:
    for project_id, parts in group(context.tables.funding, lambda row: row.project_id).items():
        project = context.projects[project_id]
        amounts = [row.amount_yuan for row in parts if row.amount_yuan is not None]
        unread = "funding.unread" in context.unread[project_id]
        if project.budget_yuan is None or len(amounts) < len(parts) or unread:
            continue
        total = added(amounts)
        if abs(total - project.budget_yuan) > context.precision[project_id]:
            yield context.about(
                project,
                "funding-sum",
                expected=amount(project.budget_yuan),
                actual=amount(total),
                values=(project.budget_yuan, total, "yuan"),
            )


def document_totals_hold(context: Context) -> Iterator[Finding]:
    """What the document states of itself against the forms, and its catalogue's printed sum against the rows."""
    for document_id, extract in context.extracts.items():
        projects = [item for item in context.by_document.get(document_id, ()) if item.form_type in FISCAL_FORMS]
        budget = added(item.budget_yuan for item in projects)
        by_source: dict[str, Decimal] = defaultdict(Decimal)
        fiscal = {item.project_id for item in projects}
        for row in context.tables.funding:
            if row.project_id in fiscal and row.amount_yuan is not None:
                by_source[row.source] += row.amount_yuan
        for stated in extract.stated:
            line = stated.value.line
            if stated.figure == "projects":
                if fold(stated.value.text) != str(len(projects)):
                    printed_count = Decimal(fold(stated.value.text)) if fold(stated.value.text).isdecimal() else None
                    count = finding(
                        "stated-count",
                        document_id,
                        line,
                        expected=stated.value.text,
                        actual=str(len(projects)),
                        what="编制说明的项目个数",
                    )
                    yield replace(count, values=(printed_count, Decimal(len(projects)), "count"))
                continue
            printed = _amount(stated.value, stated.value.unit)
            if printed is None:
                continue
            what, ours = {
                "total": ("编制说明的资金总额", budget),
                "own": ("编制说明的本级支出", by_source["own"]),
                "to_lower": ("编制说明的补助下级", by_source["to_lower"]),
            }[stated.figure]
            if abs(printed.yuan - ours) > printed.last_digit:
                yield _of(document_id, "stated-total", line, printed.yuan, ours, what)
        yield from _catalogue_total(context, document_id, extract)


def _amount(filed: Filed | None, unit: str | None) -> Money | None:
    """A printed total, or ``None`` where none can be read: that is a finding already, made with the tables."""
    try:
        return None if filed is None or unit is None else money(filed.text, unit)
    except ValueError:
        return None


def _catalogue_total(context: Context, document_id: str, extract: Extract) -> Iterator[Finding]:
    rows = context.catalogues.get(document_id, ())
    for printed in (entry for entry in extract.catalogue if entry.is_total):
        for field, what in (
            ("amount", "目录合计"),
            ("own", "目录合计中的本级支出"),
            ("to_lower", "目录合计中的补助下级"),
        ):
            total = _amount(printed.fields.get(field), extract.catalogue_unit)
            if total is None:
                continue
            ours = added(getattr(row, f"{field}_yuan") for row in rows)
            if abs(total.yuan - ours) > total.last_digit:
                yield _of(document_id, "catalogue-total", printed.line, total.yuan, ours, what)


def _of(document_id: str, code: str, line: int, expected: Decimal, actual: Decimal, what: str) -> Finding:
    found = finding(code, document_id, line, expected=amount(expected), actual=amount(actual), what=what)
    return replace(found, values=(expected, actual, "yuan"))


def catalogue_agrees(context: Context) -> Iterator[Finding]:
    """The catalogue against the forms, one by one."""
    for document_id, rows in context.catalogues.items():
        matched = {row.project_id for row in rows}
        for row in rows:
            project = context.projects.get(row.project_id or "")
            serial = "" if row.serial_no is None else str(row.serial_no)
            if project is None:
                shown = amount(row.amount_yuan) if row.amount_yuan is not None else None
                missing = finding(
                    "catalogue-missing-form", document_id, row.line, expected=shown, name=row.name or "", serial=serial
                )
                yield replace(missing, values=None if shown is None else (row.amount_yuan, None, "yuan"))
                continue
            if row.name is not None and fold(row.name) != fold(project.name):
                yield _row(context, project, "catalogue-name-differs", row, serial, row.name, project.name)
            tolerance = context.precision.get(f"{document_id}#{row.line}", Decimal(0))
            listed, filed = row.amount_yuan, project.budget_yuan
            if listed is not None and filed is not None and abs(listed - filed) > tolerance:
                values = (listed, filed, "yuan")
                yield _row(
                    context, project, "catalogue-amount-differs", row, serial, amount(listed), amount(filed), values
                )
            if row.department_as_filed and project.department_id is not None:
                ours = context.departments[project.department_id]
                names = {department_key_as_filed(name) for name in ours.names_as_filed.split("|")}
                if (printed := department_key_as_filed(row.department_as_filed)) not in names:
                    yield _row(context, project, "catalogue-department-differs", row, serial, printed, ours.name)
        for project in context.by_document.get(document_id, ()):
            if project.project_id not in matched and project.form_type in FISCAL_FORMS:
                yield context.about(project, "form-missing-catalogue", name=project.name)


def _row(
    context: Context,
    project: Project,
    code: str,
    row: CatalogueRow,
    serial: str,
    expected: str,
    actual: str,
    values: Values = None,
) -> Finding:
    name = row.name or ""
    return context.about(project, code, row.line, values, serial=serial, name=name, expected=expected, actual=actual)


def sources_are_on_record(context: Context) -> Iterator[Finding]:
    """A document of which nobody wrote down from where, or when, it was fetched."""
    for row in context.tables.documents:
        missing = [name for name, value in (("网址", row.source_url), ("取得日期", row.retrieved_on)) if value is None]
        if missing:
            yield Finding("source-unrecorded", row.document_id, details={"missing": "和".join(missing)})


def serials_run(context: Context) -> Iterator[Finding]:
    """A form without a number in a document whose other forms bear one."""
    for projects in context.by_document.values():
        if sum(project.serial_no is not None for project in projects) > len(projects) / 2:
            for project in projects:
                if project.serial_no is None:
                    yield context.about(project, "serial-missing")


def units_fit(context: Context) -> Iterator[Finding]:
    words = context.settings.checks.share_words
    for row in context.tables.indicators:
        if row.comparison == "qualitative":
            if row.target_value is not None:
                yield context.about_indicator(row, "qualitative-with-number", actual=row.target_as_filed)
            continue
        if row.target_value is not None and row.unit is None:
            yield context.about_indicator(row, "quantitative-without-unit", actual=row.target_as_filed)
        share = row.unit == "%" and fold(row.name).endswith(words)
        if share and row.target_value is not None and row.target_value > 100:
            values = (Decimal(100), row.target_value, "percent")
            yield context.about_indicator(
                row, "percent-over-100", values, expected="100", actual=plain(row.target_value)
            )


def indicators_differ(context: Context) -> Iterator[Finding]:
    for rows in context.indicators.values():
        seen: dict[str, Indicator] = {}
        for row in rows:
            first = seen.setdefault(fold(row.name), row)
            if first is not row:
                yield context.about_indicator(row, "duplicate-indicator", name=row.name)


def texts_are_own(context: Context) -> Iterator[Finding]:
    """A goal or overview that stands word for word in an earlier project."""
    shortest = context.settings.checks.reuse_min_length
    for name, title in (("goal", "绩效目标"), ("overview", "项目概况")):
        seen: dict[str, Project] = {}
        for project in context.tables.projects:
            text = fold(getattr(project, name) or "")
            if len(text) < shortest:
                continue
            first = seen.setdefault(text, project)
            if first is not project:
                yield context.about(project, "text-reused", field=title, other=first.project_id)


CHECKS: tuple[Check, ...] = (
    weights_add_up,
    funding_adds_up,
    document_totals_hold,
    catalogue_agrees,
    sources_are_on_record,
    serials_run,
    units_fit,
    indicators_differ,
    texts_are_own,
)


def check(
    tabulated: Tabulated, extracts: Sequence[tuple[Document, Extract]], settings: Settings
) -> tuple[FindingRow, ...]:
    """All findings of reading, tabulating and checking, worded and numbered, in the order of the documents."""
    context = Context(
        tabulated.tables,
        {document.document_id: extract for document, extract in extracts},
        tabulated.precision,
        settings,
    )
    of_results = result_checks.of_results(
        context.tables,
        lambda row: context.extracts[row.document_id].results[row.form_no - 1],
        lambda result_id: context.precision.get(result_id, Decimal(0)),
        settings,
    )
    findings = [*tabulated.findings, *(found for rule in CHECKS for found in rule(context)), *of_results]
    return explained(numbered(findings, [document.document_id for document, _ in extracts], settings), context)


def explained(rows: Sequence[FindingRow], context: Context) -> tuple[FindingRow, ...]:
    """The findings, those of one slip with the id of its first and the sentence that proves it."""
    known: dict[str, tuple[str, str, str]] = {}
    for document_id, found in group(rows, lambda row: row.document_id).items():
        fiscal = [one for one in context.by_document.get(document_id, ()) if one.form_type in FISCAL_FORMS]
        listed = context.catalogues.get(document_id, ())
        by_subject = {(row.code, row.project_id): row.finding_id for row in found}
        differing = frozenset(row.project_id for row in found if row.code == events.AMOUNT and row.project_id)
        for event in events.of_document(listed, fiscal, differing):
            said = _worded(event.kind, event.details, context.settings)
            ids = [by_subject[about] for about in event.about if about in by_subject]
            known |= {finding_id: (ids[0], *said) for finding_id in ids}
        for row in found:
            if row.code == "stated-total" and row.difference is not None:
                steps = events.bridge(listed, fiscal, differing)
                if steps and abs(sum(step.yuan for step in steps) - row.difference) < _last_digit(row.expected_value):
                    known[row.finding_id] = (row.finding_id, *_bridge(steps, row.difference, context.settings))
        for same in group(found, lambda row: (row.code, row.project_id, row.message)).values():
            if len(same) > 1 and same[0].code == "duplicate-indicator":
                known |= {row.finding_id: (same[0].finding_id, "", "") for row in same}
    return tuple(_with(row, *known[row.finding_id]) if row.finding_id in known else row for row in rows)


def _with(row: FindingRow, event_id: str, explanation: str, in_english: str) -> FindingRow:
    told = f"{row.message_en}. {in_english}" if in_english else row.message_en
    return replace(row, event_id=event_id, explanation=explanation or None, message_en=told)


def _last_digit(total: Decimal | None) -> Decimal:
    """The worth of the last printed digit of a round total, as far as its zeros tell: 72842 万元 → 1 万元."""
    exponent = Decimal(0 if total is None else total).normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _worded(kind: str, details: Mapping[str, str], settings: Settings) -> tuple[str, str]:
    """What explains findings, in Chinese and in English."""
    text = settings.events[kind]
    english = {key: _amounts_in_english(value) for key, value in details.items()}
    return text.explain.format_map(details), text.explain_en.format_map(english)


def _bridge(steps: Sequence[events.Step], difference: Decimal, settings: Settings) -> tuple[str, str]:
    rest = difference - sum(step.yuan for step in steps)
    whole = (*steps, events.Step("stated", "", rest, None, None)) if rest else steps
    said = [_worded(f"bridge_{it.kind}", {"name": it.name, "amount": signed(it.yuan)}, settings) for it in whole]
    chinese, english = ("；".join(one for one, _ in said), "; ".join(one for _, one in said))
    apart, text = amount(abs(difference)), settings.events["bridge"]
    return (
        text.explain.format_map({"difference": apart, "steps": chinese}),
        text.explain_en.format_map({"difference": _amounts_in_english(apart), "steps": english}),
    )


def _amounts_in_english(part: str) -> str:
    """``+5,587 万元`` → ``+55,870,000 yuan``, ``90 或 100`` → ``90 or 100``; all else stays as it is."""
    if (found := _AMOUNT.fullmatch(part)) is not None:
        return f"{found[1]}{grouped(Decimal(found[2].replace(',', '')) * WAN)} yuan"
    return " or ".join(part.split(" 或 ")) if _CHOICE.fullmatch(part) else part


def signed(yuan: Decimal) -> str:
    """``+5,587 万元``, ``−50 万元``."""
    return f"{'−' if yuan < 0 else '+'}{amount(abs(yuan))}"


def _numbers(found: Finding) -> tuple[Decimal | None, Decimal | None, Decimal | None, str | None]:
    if found.values is None:
        return None, None, None, None
    # A slip of the pen, or the sum of several, may have more digits than a column holds; its words stand in the message.
    expected, actual = (None if value is None or not storable(value) else value for value in found.values[:2])
    difference = None if expected is None or actual is None else actual - expected
    return expected, actual, difference if difference is not None and storable(difference) else None, found.values[2]


def numbered(findings: Sequence[Finding], documents: Sequence[str], settings: Settings) -> tuple[FindingRow, ...]:
    """Findings as rows: worded from data/findings.yml, with ids that depend on nothing but what they are about."""
    order = {document_id: place for place, document_id in enumerate(documents)}
    result: list[FindingRow] = []
    seen: dict[str, int] = defaultdict(int)
    words_en = settings.english.messages
    for found in sorted(
        findings,
        key=lambda f: (order.get(f.document_id, -1), f.line or 0, f.code, f.indicator_id or "", str(f.details)),
    ):
        code = settings.codes[found.code]
        subject = found.indicator_id or found.project_id or found.document_id
        place = "" if found.project_id else f"-L{found.line}" if found.line else ""
        finding_id = f"{subject}{place}-{found.code}"
        seen[finding_id] += 1
        if seen[finding_id] > 1:
            finding_id = f"{finding_id}-{seen[finding_id]}"
        words = {"expected": found.expected or "", "actual": found.actual or "", **found.details}
        english = {key: words_en.get(word, word) if key in OURS else word for key, word in words.items()}
        if found.values is not None:
            english |= {key: _amounts_in_english(english[key]) for key in ("expected", "actual")}
        result.append(
            FindingRow(
                finding_id,
                found.code,
                code.severity,
                found.document_id,
                found.project_id,
                found.indicator_id,
                found.expected or None,
                found.actual or None,
                *_numbers(found),
                None,
                None,
                code.message.format_map(words),
                code.message_en.format_map(english),
                found.line,
            )
        )
    return tuple(result)
