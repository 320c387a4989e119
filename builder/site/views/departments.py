"""/departments/{department_id}/: who spends, on what, year by year."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import group
from builder.measures import terms
from builder.site.facts import Facts
from builder.site.views.paging import Pager, leaves, titled
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

# On a page; of each kind of finding.
MOST_PROJECTS, MOST_FINDINGS = 40, 20


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
    pager: Pager | None
    findings: tuple[FindingGroup, ...]
    explore: str


def pages(facts: Facts, department_id: str) -> Iterator[Page]:
    """Newest year first, each year's largest projects first; what does not add up stands on the first page."""
    row = facts.departments[department_id]
    region = facts.regions[row.region_id]
    projects = sorted(
        facts.by_department.get(department_id, ()),
        key=lambda project: (-project.year, -(project.budget_yuan or 0), project.project_id),
    )
    found = [one for project in projects for one in facts.findings.get(project.project_id, ())]
    doubtful = [one for one in found if one.severity != terms.NOTE]
    summary = f"{len(projects)} 个项目、{words.number(facts.count_indicators(projects))} 项指标由它主管。"
    for number, here, part, through in leaves(f"departments/{department_id}/", projects, MOST_PROJECTS):
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
            summary=summary,
            years=tuple(
                DepartmentYear(
                    Link(f"{year} 年", here.region_year(row.region_id, year)),
                    facts.scopes[row.region_id, year].text,
                    project_lists(facts, here, rows, department=False),
                )
                for year, rows in group(part, lambda project: project.year).items()
            ),
            pager=through,
            findings=finding_groups(facts, here, doubtful, name_project=True, most=MOST_FINDINGS)
            if number == 1
            else (),
            explore=here.explore(region=row.region_id, department=department_id),
        )
        title = titled(row.name, number)
        yield Page(here.path, title, f"{row.name}（{region.name}）{view.summary}", view)
