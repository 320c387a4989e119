"""Dataset and settings → the tables that are published with the dataset without being read from documents.

What the rules are, which documents there should be, which projects are one over the years, how indicators are worded: all
of it can be made again from the dataset and the maintained files, so it is not kept in data/dataset.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from builder.dataset.rows import Tables, group
from builder.dataset.store import Dataset
from builder.measures import awaited, copies, promise, scope, terms, wording
from builder.settings import Settings


@dataclass(frozen=True, slots=True)
class RuleRow:
    kind: str
    code: str
    severity: str | None
    title: str
    explanation: str
    reader: str


@dataclass(frozen=True, slots=True)
class CalendarRow:
    region_id: str
    year: int
    kind: str
    status: str
    documents: int
    due: str
    promised: int | None
    checked_on: str | None
    url: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class SeriesRow:
    series_id: str
    region_id: str
    name: str
    first_year: int
    last_year: int
    projects: int
    method: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class LintRow:
    rule: str
    title: str
    record_id: str
    project_id: str
    document_id: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class PromiseRow:
    project_id: str
    promise: str
    chosen: str
    indicator_id: str | None


@dataclass(frozen=True, slots=True)
class LintRateRow:
    rule: str
    title: str
    region_id: str
    year: int
    form_type: str
    department_id: str | None
    judged: int
    applies: int


@dataclass(frozen=True, slots=True)
class CopyRow:
    kind: str
    group: int
    project_id: str
    document_id: str
    line: int


@dataclass(frozen=True, slots=True)
class PublishedTables(Tables):
    """The dataset's tables, and those derived from them."""

    rules: tuple[RuleRow, ...] = ()
    calendar: tuple[CalendarRow, ...] = ()
    series: tuple[SeriesRow, ...] = ()
    lint: tuple[LintRow, ...] = ()
    promises: tuple[PromiseRow, ...] = ()
    lint_rates: tuple[LintRateRow, ...] = ()
    copies: tuple[CopyRow, ...] = ()
    per_head: tuple[scope.PerHead, ...] = ()


def published(dataset: Dataset, settings: Settings) -> Dataset:
    """The dataset with its derived tables, and the schemas of all."""
    report = wording.examine(dataset.tables, settings.wording)
    known = {field.name: getattr(dataset.tables, field.name) for field in fields(Tables)}
    tables = PublishedTables(
        **known,
        rules=tuple(_rules(settings)),
        calendar=tuple(_calendar(dataset, settings)),
        series=tuple(_series(dataset, settings)),
        promises=tuple(_promises(dataset, settings)),
        lint=tuple(_lint(report)),
        lint_rates=tuple(_lint_rates(report)),
        copies=tuple(_copies(dataset.tables, settings)),
        per_head=tuple(scope.per_head(dataset.tables, settings.population)),
    )
    return Dataset(tables, {**dataset.schemas, **settings.derived})


def _rules(settings: Settings) -> Iterator[RuleRow]:
    for code, entry in settings.codes.items():
        yield RuleRow("finding", code, entry.severity, entry.title, entry.explain, entry.reader)
    for rule_id, rule in settings.wording.rules.items():
        yield RuleRow("wording", rule_id, None, rule.title, rule.meaning, f"{rule.matters}{rule.normal}")
    for kind, copy in settings.wording.copies.items():
        yield RuleRow("copy", kind, None, copy.title, copy.rule, copy.normal)


def _calendar(dataset: Dataset, settings: Settings) -> Iterator[CalendarRow]:
    for one in awaited.calendar(dataset.tables, settings):
        noted = (one.noted.checked_on, one.noted.url, one.noted.note) if one.noted else (None, None, None)
        due = f"{one.due_year}-{one.due_month:02d}"
        yield CalendarRow(one.region_id, one.year, one.kind, one.status, one.documents, due, one.count, *noted)


def _series(dataset: Dataset, settings: Settings) -> Iterator[SeriesRow]:
    """Those that join several forms, and those that a person decided; any other is one form."""
    series = group(dataset.tables.projects, lambda project: project.series_id)
    reasons = {project_id: rule.reason for rule in settings.series for project_id in rule.projects}
    for series_id in sorted(series):
        projects = sorted(series[series_id], key=lambda project: (project.year, project.project_id))
        reason = next((reasons[one.project_id] for one in projects if one.project_id in reasons), None)
        if len(projects) == 1 and reason is None:
            continue
        first, last = projects[0], projects[-1]
        method = "name" if reason is None else "manual"
        yield SeriesRow(series_id, last.region_id, last.name, first.year, last.year, len(projects), method, reason)


def _lint(report: wording.Report) -> Iterator[LintRow]:
    for rule_id, hits in report.hits.items():
        for hit in hits:
            place = (hit.record_id, hit.project_id, hit.document_id, hit.line)
            yield LintRow(rule_id, report.rules[rule_id].title, *place, hit.text)


def _promises(dataset: Dataset, settings: Settings) -> Iterator[PromiseRow]:
    for project_id, found in promise.find(dataset.tables, settings.promises).items():
        indicator_id = None if found.indicator is None else found.indicator.indicator_id
        yield PromiseRow(project_id, found.text.replace("\u00a0", " "), found.chosen, indicator_id)


def _lint_rates(report: wording.Report) -> Iterator[LintRateRow]:
    for rule_id, found in report.rates.items():
        title = report.rules[rule_id].title
        for at, rate in found.items():
            place = (at.region_id, at.year, at.form_type, at.department_id)
            yield LintRateRow(rule_id, title, *place, rate.judged, rate.applies)


def _copies(tables: Tables, settings: Settings) -> Iterator[CopyRow]:
    projects = {row.project_id: row for row in tables.projects}
    lines = {(row.record_id, row.field): row.line for row in tables.provenance if row.table == "projects"}
    for row in reversed(terms.own(tables.indicators)):
        lines[row.project_id, copies.SETS] = row.line
    for kind in copies.find(tables, settings.wording.numbers.fewest_indicators, settings.checks.reuse_min_length):
        for number, same in enumerate(kind.groups, 1):
            for project_id in same.projects:
                project = projects[project_id]
                line = lines.get((project_id, copies.column(kind.kind, same, project)), project.line_start)
                yield CopyRow(kind.kind, number, project_id, project.document_id, line)
