"""/departments/{department_id}/: who spends, on what, year by year."""

from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.parts import (
    FindingGroup,
    Link,
    Page,
    ProjectList,
    finding_groups,
    project_lists,
    region_link,
    sector_link,
)


@dataclass(frozen=True, slots=True)
class DepartmentYear:
    year: Link
    scope: str
    lists: tuple[ProjectList, ...]


@dataclass(frozen=True, slots=True)
class DepartmentView:
    template: ClassVar[str] = "department.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    region: Link
    sector: Link
    code: str
    names: tuple[str, ...]
    summary: str
    years: tuple[DepartmentYear, ...]
    findings: tuple[FindingGroup, ...]
    explore: str


def page(facts: Facts, department_id: str) -> Page:
    here = Here(f"departments/{department_id}/")
    row = facts.departments[department_id]
    region = facts.regions[row.region_id]
    projects = facts.by_department.get(department_id, ())
    years = sorted({project.year for project in projects}, reverse=True)
    indicators = facts.count_indicators(projects)
    findings = [found for project in projects for found in facts.findings.get(project.project_id, ())]
    view = DepartmentView(
        crumbs=(
            Link("地区", here.regions()),
            region_link(here, region),
            Link("部门", here.departments()),
        ),
        name=row.name,
        region=region_link(here, region),
        sector=sector_link(here, facts.sector_of(row)),
        code=row.code or "",
        names=tuple(name for name in (row.names_as_filed or "").split("|") if name not in ("", row.name)),
        summary=f"公开了 {len(projects)} 张绩效目标表、{words.number(indicators)} 项指标。",
        years=tuple(
            DepartmentYear(
                Link(f"{year} 年", here.region_year(row.region_id, year)),
                facts.scopes[row.region_id, year].text,
                project_lists(facts, here, [p for p in projects if p.year == year], department=False),
            )
            for year in years
        ),
        findings=finding_groups(facts, here, findings, name_project=True),
        explore=here.explore(department=department_id),
    )
    return Page(here.path, row.name, f"{row.name}（{region.name}）{view.summary}", view)
