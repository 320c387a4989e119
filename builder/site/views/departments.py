"""/departments/ and /departments/{department_id}/: who spends, on what, year by year."""

from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.coverage import regions_with_documents
from builder.site.views.parts import FindingGroup, Link, Page, ProjectList, finding_groups, project_lists, sector_link
from builder.site.views.regions import DepartmentItem


@dataclass(frozen=True, slots=True)
class RegionDepartments:
    region: Link
    departments: tuple[DepartmentItem, ...]


@dataclass(frozen=True, slots=True)
class DepartmentsView:
    template: ClassVar[str] = "departments.html.jinja"

    regions: tuple[RegionDepartments, ...]


@dataclass(frozen=True, slots=True)
class DepartmentYear:
    year: Link
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


def index(facts: Facts) -> Page:
    here = Here("departments/")
    regions = tuple(
        RegionDepartments(
            Link(region.name, here.region(region.region_id)),
            tuple(
                DepartmentItem(Link(row.name, here.department(key)), f"{len(facts.by_department.get(key, ()))} 张表")
                for key, row in sorted(facts.departments.items(), key=lambda item: (item[1].code or "~", item[0]))
                if row.region_id == region.region_id
            ),
        )
        for region in regions_with_documents(facts)
    )
    return Page(here.path, "部门", f"{len(facts.departments)} 个部门公开的预算绩效目标。", DepartmentsView(regions))


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
            Link(region.name, here.region(region.region_id)),
            Link("部门", here.departments()),
        ),
        name=row.name,
        region=Link(region.name, here.region(region.region_id)),
        sector=sector_link(here, facts.sector_of(row)),
        code=row.code or "",
        names=tuple(name for name in (row.names_as_filed or "").split("|") if name not in ("", row.name)),
        summary=f"公开了 {len(projects)} 张绩效目标表、{words.number(indicators)} 项指标。",
        years=tuple(
            DepartmentYear(
                Link(f"{year} 年", here.region_year(row.region_id, year)),
                project_lists(facts, here, [p for p in projects if p.year == year], department=False),
            )
            for year in years
        ),
        findings=finding_groups(facts, here, findings, name_project=True),
        explore=here.explore(department=department_id),
    )
    return Page(here.path, row.name, f"{row.name}（{region.name}）{view.summary}", view)
