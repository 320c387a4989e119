"""Dataset → leads: what is worth a look, found by rules whose numbers and words are in data/package.yml."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import pairwise
from string import Template
from typing import Any

from builder.dataset.store import Dataset
from builder.package.datapackage import Lead
from builder.settings import FindingCode
from builder.settings.package import BudgetChange, FewIndicators, HeavyIndicator, LeadRule, Policy
from builder.text import plain


def find(dataset: Dataset, policy: Policy, codes: Mapping[str, FindingCode]) -> list[Lead]:
    """Every lead of the whole dataset, kind by kind, the largest first where there is a size."""
    about = partial(_project_lead, policy, _region_names(dataset))
    return [
        *_finding_leads(dataset, policy, codes),
        *_budget_changes(dataset, policy.leads.budget_change, about),
        *_few_indicators(dataset, policy.leads.few_indicators, about),
        *_heavy_indicators(dataset, policy.leads.heavy_indicator, about),
    ]


def _records(dataset: Dataset, name: str) -> list[dict[str, Any]]:
    names = dataset.schemas[name].names
    return [dict(zip(names, row, strict=True)) for row in dataset.rows(name)]


def _region_names(dataset: Dataset) -> dict[str, str]:
    return {region["region_id"]: region["name"] for region in _records(dataset, "regions")}


def _project_lead(
    policy: Policy,
    regions: Mapping[str, str],
    rules: LeadRule,
    project: Mapping[str, Any],
    value: Decimal,
    unit: str,
    note: str,
    compared: Decimal | None = None,
) -> Lead:
    numbers = {key: f"{number:,}" for key, number in rules if isinstance(number, int)}
    return Lead(
        kind=rules.title,
        rule=Template(rules.rule).substitute(numbers),
        region_id=project["region_id"],
        region=regions[project["region_id"]],
        year=project["year"],
        project_id=project["project_id"],
        project=project["name"],
        value=value,
        compared=compared,
        unit=unit,
        note=note,
        url=f"{policy.base_url}projects/{project['project_id']}/",
    )


def _largest_first(found: Sequence[Lead]) -> list[Lead]:
    none = Decimal(0)
    return sorted(found, key=lambda lead: (-abs((lead.value or none) - (lead.compared or none)), lead.project_id or ""))


def _finding_leads(dataset: Dataset, policy: Policy, codes: Mapping[str, FindingCode]) -> Iterator[Lead]:
    documents = {document["document_id"]: document for document in _records(dataset, "documents")}
    projects = {project["project_id"]: project for project in _records(dataset, "projects")}
    regions = _region_names(dataset)
    groups: dict[tuple[str, str, str | None], list[dict[str, Any]]] = defaultdict(list)
    for finding in _records(dataset, "findings"):
        alone = finding["finding_id"] if finding["code"] in policy.leads.findings_each else None
        if alone or finding["severity"] in ("error", "warning"):
            groups[finding["code"], finding["document_id"], alone].append(finding)
    for code, document_id, alone in sorted(groups, key=lambda key: (key[2] is None, key[0])):
        group = groups[code, document_id, alone]
        document = documents[document_id]
        project = projects.get(group[0]["project_id"]) if len(group) == 1 else None
        if project:
            page = f"projects/{project['project_id']}/"
        else:
            page = "quality/" if alone is None else f"sources/{document_id}/#L{group[0]['line'] or 1}"
        yield Lead(
            kind=f"{policy.leads.findings_title}：{codes[code].title}",
            rule=f"{code}：{codes[code].explain}",
            region_id=document["region_id"],
            region=regions[document["region_id"]],
            year=document["year"],
            project_id=project["project_id"] if project else None,
            project=project["name"] if project else None,
            value=None if alone else Decimal(len(group)),
            compared=None,
            unit=None if alone else "处",
            note=group[0]["message"] if len(group) == 1 else f"例如：{group[0]['message']}",
            url=policy.base_url + page,
        )


def _budget_changes(dataset: Dataset, rules: BudgetChange, about: Callable[..., Lead]) -> list[Lead]:
    series: dict[tuple[str, str], dict[int, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for project in _records(dataset, "projects"):
        if project["budget_yuan"] is not None:
            series[project["series_id"], project["form_type"]][project["year"]].append(project)
    found = []
    for years in series.values():
        for before, after in pairwise(sorted(years)):
            # Two forms of one series in one year cannot be told apart here.
            if len(years[before]) > 1 or len(years[after]) > 1:
                continue
            project, old, new = years[after][0], years[before][0]["budget_yuan"], years[after][0]["budget_yuan"]
            if old != new:
                change = f"{'增加' if new > old else '减少'} {plain(abs(new - old))} 元"
                share = f"（{abs(new - old) / old:.1%}）" if old > 0 else ""
                note = f"{before} 年 {plain(old)} 元，{after} 年 {plain(new)} 元，{change}{share}"
                found.append(about(rules, project, new, "元", note, compared=old))
    return _largest_first(found)[: rules.limit]


def _few_indicators(dataset: Dataset, rules: FewIndicators, about: Callable[..., Lead]) -> list[Lead]:
    count = Counter(row["project_id"] for row in _records(dataset, "indicators") if not row["is_execution_rate"])
    return _largest_first(
        [
            about(rules, project, project["budget_yuan"], "元", f"{count[project['project_id']]} 项指标")
            for project in _records(dataset, "projects")
            if project["budget_yuan"] is not None
            and project["budget_yuan"] >= rules.minimum_yuan
            and count[project["project_id"]] <= rules.limit
        ]
    )


def _heavy_indicators(dataset: Dataset, rules: HeavyIndicator, about: Callable[..., Lead]) -> list[Lead]:
    projects = {project["project_id"]: project for project in _records(dataset, "projects")}
    return _largest_first(
        [
            about(rules, projects[indicator["project_id"]], indicator["weight"], "分", indicator["name"])
            for indicator in _records(dataset, "indicators")
            if indicator["weight"] is not None
            and indicator["weight"] >= rules.minimum_weight
            and not indicator["is_execution_rate"]
        ]
    )
