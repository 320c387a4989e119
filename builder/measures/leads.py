"""What is worth a look: findings of the checks, hits of a wording rule, and budgets that moved or promise little.

Numbers and words are in ``data/package.yml`` (``leads``), in ``data/findings.yml`` and in ``data/wording.yml``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from string import Template

from builder.dataset.rows import Project, Tables, group
from builder.measures import terms, wording
from builder.model import line_address
from builder.settings import Settings
from builder.settings.package import LeadRule
from builder.text import plain

NONE = Decimal(0)
# The wording rule that says where one indicator decides.
HEAVY = "weight-concentrated"


@dataclass(frozen=True, slots=True)
class Lead:
    """Something worth a look, with the rule that found it. ``value`` and ``compared`` are in ``unit``."""

    kind: str
    rule: str
    region_id: str
    region: str
    year: int
    project_id: str | None
    project: str | None
    value: Decimal | None
    compared: Decimal | None
    unit: str | None
    note: str
    url: str


def find(tables: Tables, settings: Settings) -> list[Lead]:
    """Every lead of the whole dataset, kind by kind, the largest first where there is a size."""
    return [
        *_findings(tables, settings),
        *_budget_changes(tables, settings),
        *_few_indicators(tables, settings),
        *_heavy_indicators(tables, settings),
    ]


@dataclass(frozen=True, slots=True)
class _About:
    """Makes leads about projects, all of one kind."""

    tables: Tables
    settings: Settings
    kind: str
    rule: str

    @classmethod
    def of(cls, tables: Tables, settings: Settings, rule: LeadRule) -> "_About":
        numbers = {key: f"{value:,}" for key, value in rule if isinstance(value, int)}
        return cls(tables, settings, rule.title, Template(rule.rule).substitute(numbers))

    def lead(self, project: Project, value: Decimal, unit: str, note: str, compared: Decimal | None = None) -> Lead:
        return Lead(
            kind=self.kind,
            rule=self.rule,
            region_id=project.region_id,
            region=next(region.name for region in self.tables.regions if region.region_id == project.region_id),
            year=project.year,
            project_id=project.project_id,
            project=project.name,
            value=value,
            compared=compared,
            unit=unit,
            note=note,
            url=f"{self.settings.package.base_url}projects/{project.project_id}/",
        )


def _largest_first(found: Iterable[Lead]) -> list[Lead]:
    return sorted(found, key=lambda lead: (-abs((lead.value or NONE) - (lead.compared or NONE)), lead.project_id or ""))


def _findings(tables: Tables, settings: Settings) -> Iterator[Lead]:
    """Findings of the codes that the policy names one by one; of the others what is worth a look, a document at once."""
    each = settings.package.leads.findings_each
    documents = {row.document_id: row for row in tables.documents}
    projects = {row.project_id: row for row in tables.projects}
    regions = {row.region_id: row.name for row in tables.regions}
    chosen = [row for row in tables.findings if row.code in each or row.severity != terms.NOTE]
    groups = group(chosen, lambda row: (row.code, row.document_id, row.finding_id if row.code in each else None))
    for (code, document_id, alone), members in sorted(
        groups.items(), key=lambda item: (item[0][2] is None, item[0][0])
    ):
        document, first = documents[document_id], members[0]
        project = projects[first.project_id] if len(members) == 1 and first.project_id is not None else None
        if project is not None:
            page = f"projects/{project.project_id}/"
        else:
            page = "quality/" if alone is None else line_address(document_id, first.line or 1)
        yield Lead(
            kind=f"{settings.package.leads.findings_title}：{settings.codes[code].title}",
            rule=f"{code}：{settings.codes[code].explain}",
            region_id=document.region_id,
            region=regions[document.region_id],
            year=document.year,
            project_id=None if project is None else project.project_id,
            project=None if project is None else project.name,
            value=None if alone else Decimal(len(members)),
            compared=None,
            unit=None if alone else "处",
            note=first.message if len(members) == 1 else f"例如：{first.message}",
            url=settings.package.base_url + page,
        )


def _budget_changes(tables: Tables, settings: Settings) -> list[Lead]:
    rule = settings.package.leads.budget_change
    about = _About.of(tables, settings, rule)
    known = [(row, row.budget_yuan) for row in tables.projects if row.budget_yuan is not None]
    found = []
    for series in group(known, lambda item: (item[0].series_id, item[0].form_type)).values():
        years = group(series, lambda item: item[0].year)
        for before, after in pairwise(sorted(years)):
            # Two forms of one series in one year cannot be told apart here.
            if len(years[before]) > 1 or len(years[after]) > 1:
                continue
            ((_, old),), ((project, new),) = years[before], years[after]
            if old != new:
                change = f"{'增加' if new > old else '减少'} {plain(abs(new - old))} 元"
                share = f"（{abs(new - old) / old:.1%}）" if old > 0 else ""
                note = f"{before} 年 {plain(old)} 元，{after} 年 {plain(new)} 元，{change}{share}"
                found.append(about.lead(project, new, "元", note, compared=old))
    return _largest_first(found)[: rule.limit]


def _few_indicators(tables: Tables, settings: Settings) -> list[Lead]:
    rule = settings.package.leads.few_indicators
    about = _About.of(tables, settings, rule)
    indicators = group(terms.own(tables.indicators), lambda row: row.project_id)
    return _largest_first(
        about.lead(project, project.budget_yuan, "元", f"{count} 项指标")
        for project in tables.projects
        if project.budget_yuan is not None
        and project.budget_yuan >= rule.minimum_yuan
        and (count := len(indicators.get(project.project_id, ()))) <= rule.limit
    )


def _heavy_indicators(tables: Tables, settings: Settings) -> list[Lead]:
    rule = settings.wording.rules[HEAVY]
    about = _About(tables, settings, rule.title, rule.meaning)
    projects = {row.project_id: row for row in tables.projects}
    indicators = {row.indicator_id: row for row in tables.indicators}
    hits: Sequence[wording.Hit] = wording.examine(tables, settings.wording, (HEAVY,)).hits[HEAVY]
    rows = [indicators[hit.record_id] for hit in hits]
    return _largest_first(
        about.lead(projects[row.project_id], row.weight, "分", row.name) for row in rows if row.weight is not None
    )
