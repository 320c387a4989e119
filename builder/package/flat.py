"""Dataset → wide tables for people: a row per project, per indicator, and per indicator of a result, with names for ids.

Whoever opens one needs no other. ``sum_group`` keeps unlike sums apart: only rows of one group may be added, and none
where ``is_additive`` is false, as a department's whole budget holds its funds.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from builder.dataset.rows import Indicator, Project, Score
from builder.dataset.store import Dataset, Row
from builder.settings.package import Policy
from builder.settings.schema import Field, Table

WAN = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Flat:
    """A wide table: its schema, and its rows in the order of the schema's fields."""

    table: Table
    rows: Sequence[Row]


def tables(dataset: Dataset, policy: Policy) -> Iterator[Flat]:
    """``projects_flat``, ``indicators_flat`` and, where results are told, ``results_flat``."""
    names = _Names(dataset, policy)
    projects = {row.project_id: row for row in dataset.tables.projects}
    own = [row for row in dataset.tables.indicators if not row.is_execution_rate]
    counts = Counter(row.project_id for row in own)
    weights: dict[str, Decimal] = defaultdict(Decimal)
    for row in own:
        if row.weight is not None:
            weights[row.project_id] += row.weight
    promises = {row.project_id: row.promise for row in dataset.tables.by_name().get("promises", ())}
    found = Counter(row.project_id for row in dataset.tables.findings if row.severity != "note")
    results = {row.result_id: row for row in dataset.tables.results}

    def of_project(row: Project) -> dict[str, Any]:
        return {
            **names.place(row),
            "budget_wan": None if row.budget_yuan is None else row.budget_yuan / WAN,
            "promise": promises.get(row.project_id),
            "indicators": counts[row.project_id],
            "weight": weights.get(row.project_id),
            "doubts": found[row.project_id],
            "url": names.url(row),
        }

    def of_indicator(row: Indicator) -> dict[str, Any]:
        project = projects[row.project_id]
        factor, dimension = names.units.get(row.unit or "", (None, None))
        value = None if row.target_value is None else row.target_value * (factor or 1)
        place = names.place(project)
        return {
            **{name: place[name] for name in ("region", "department", "sector", "scope", "sum_group")},
            "year": project.year,
            "project": project.name,
            "budget_yuan": project.budget_yuan,
            "value": value,
            "dimension": dimension,
            "url": f"{names.url(project)}#i-{row.position:02d}",
        }

    def of_score(row: Score) -> dict[str, Any]:
        result = results[row.result_id]
        place = names.of_department(result.department_id)
        told = {name: getattr(result, name) for name in TOLD}
        region, url = names.regions[result.region_id], f"{policy.base_url}results/{row.result_id}/#s-{row.position:02d}"
        return {**place, **told, "region": region, "project": result.name, "url": url}

    yield names.flat("projects_flat", "projects", PROJECTS, dataset.tables.projects, of_project)
    yield names.flat("indicators_flat", "indicators", INDICATORS, dataset.tables.indicators, of_indicator)
    if dataset.tables.scores:
        yield names.flat("results_flat", "scores", RESULTS, dataset.tables.scores, of_score)


# Columns in the order in which people read them; those without a definition below are the table's own.
PROJECTS = (
    *("region", "year", "name", "department", "budget_wan", "promise", "indicators", "goal", "url", "form_type"),
    *("scope", "sector", "implementing_unit", "budget_yuan", "is_additive", "sum_group", "weight", "doubts"),
    *("overview", "basis", "project_id", "series_id", "document_id", "line_start"),
)
INDICATORS = (
    *("region", "year", "project", "department", "name", "comparison", "target_as_filed", "target_value", "unit"),
    *("weight", "kind", "url", "value", "unit_id", "dimension", "kind_method", "level1", "level2", "is_core"),
    *("is_execution_rate", "sector", "budget_yuan", "scope", "sum_group", "indicator_id", "project_id", "line"),
)
# What a score takes over from its result.
TOLD = ("year", "kind", "until_month", "total_score", "execution_rate_as_filed", "project_id")
RESULTS = (
    *("region", "year", "project", "department", "name", "target_as_filed", "actual_as_filed", "attainment"),
    *("points", "score", "reason", "url", "kind", "until_month", "comparison", "target_value", "unit"),
    *("actual_value", "actual_unit", "attainment_method", "forecast", "likelihood", "level1", "level2", "total_score"),
    *("execution_rate_as_filed", "sector", "match", "score_id", "indicator_id", "project_id", "result_id", "line"),
)
# The table whose columns stand beside a table's own.
BESIDE = {"projects": "projects", "indicators": "projects", "scores": "results"}


def _new(
    name: str, type_: str, title: str, title_en: str, description: str, description_en: str, unit: str = ""
) -> Field:
    texts = {"title": title, "title_en": title_en, "description": description, "description_en": description_en}
    return Field.model_validate({"name": name, "type": type_, **texts, **({"unit": unit} if unit else {})})


NEW = {
    field.name: field
    for field in (
        _new("region", "string", "地区", "Region", "地区的名称。", "Name of the region."),
        _new("department", "string", "主管部门", "Department", "主管部门的名称。", "Name of the department in charge."),
        _new("sector", "string", "领域", "Sector", "主管部门所属的领域。", "Sector of the department."),
        _new("project", "string", "项目", "Project", "指标所在的项目。", "The project that the indicator is of."),
        _new("scope", "string", "文件收了哪些项目", "Scope", "见公开文件表。", "As in table documents."),
        _new("budget_wan", "number", "预算", "Budget in 10,000 yuan", "当年预算。", "Budget of the year.", "万元"),
        _new("promise", "string", "一行承诺", "Promise", "怎样选出的，见表“一行承诺”。", "Chosen as table promises says."),
        _new("indicators", "integer", "指标数", "Indicators", "不算预算执行率。", "Without the budget execution rate."),
        _new("weight", "number", "权重合计", "Weight", "各项指标的权重，不算预算执行率。", "Without budget execution.", "分"),
        _new("doubts", "integer", "值得核对", "Doubts", "值得核对的发现有几条。", "Findings that a reader may want to check."),
        _new("url", "string", "网址", "URL", "这一条的网页。", "The page of this record."),
        _new("is_additive", "boolean", "可以相加", "May be added", "部门整体预算已经包含它的专项，不能相加。",
            "False for a department's whole budget, which holds its funds."),
        _new("sum_group", "string", "合计分组", "Sum group", "只有这一栏相同的行才能相加。",
            "Only rows that share it may be added."),
        _new("value", "number", "指标值（规范单位）", "Value in the canonical unit", "万、亿已经乘进去，单位是 unit_id。",
            "With 万 and 亿 multiplied in, in unit_id."),
        _new("dimension", "string", "量的是什么", "Dimension", "单位量的是什么，见计量单位表。", "As in table units."),
    )
}  # fmt: skip


class _Names:
    """What ids are called."""

    def __init__(self, dataset: Dataset, policy: Policy) -> None:
        known = dataset.tables
        self.dataset, self.policy = dataset, policy
        self.regions = {row.region_id: row.name for row in known.regions}
        self.departments = {row.department_id: row for row in known.departments}
        self.sectors = {row.sector_id: row.name for row in known.sectors}
        self.scopes = {row.document_id: row.scope for row in known.documents}
        self.units = {row.unit: (row.factor, row.dimension) for row in known.units}

    def url(self, row: Project) -> str:
        return f"{self.policy.base_url}projects/{row.project_id}/"

    def of_department(self, department_id: str | None) -> dict[str, Any]:
        if (department := self.departments.get(department_id or "")) is None:
            return {"department": None, "sector": None}
        return {"department": department.name, "sector": self.sectors.get(department.sector_id or "")}

    def place(self, row: Project) -> dict[str, Any]:
        scope = self.scopes[row.document_id]
        return {
            **self.of_department(row.department_id),
            "region": self.regions[row.region_id],
            "scope": scope,
            "is_additive": row.form_type != "department_overall",
            "sum_group": f"{row.region_id}-{row.year}-{row.form_type}-{scope}",
        }

    def flat(
        self, name: str, of: str, columns: Sequence[str], rows: Sequence[Any], more: Callable[[Any], Mapping[str, Any]]
    ) -> Flat:
        schema = self.dataset.schemas[of]
        beside = {field.name: field for field in self.dataset.schemas[BESIDE[of]].fields}
        fields = {**beside, **NEW, **{field.name: field for field in schema.fields}}
        table = Table.model_construct(
            name=name,
            title=f"{schema.title}（宽表）",
            title_en=f"{schema.title_en}, wide",
            description=f"一行一条，带地区、部门、领域的名称和网址，不用再连别的表。{schema.description}",
            description_en=f"One row each, with the names behind the ids: no join needed. {schema.description_en}",
            fields=tuple(fields[name] for name in columns),
            primary_key=schema.primary_key,
            unique_keys=(),
            foreign_keys=(),
        )
        made = []
        for row in rows:
            values = more(row)
            made.append(tuple(values[column] if column in values else getattr(row, column) for column in columns))
        return Flat(table, made)
