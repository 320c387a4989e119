"""/policies/: each document that bases cite, and the projects that rest on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import Citation, group
from builder.site.facts import Facts, Total
from builder.site.paths import Here
from builder.site.views.parts import Link, Page, project_link, total_value
from builder.text import fold


def policy_key(cited: Citation) -> str:
    """What makes two citations the same document: its number, or its title where it has none."""
    return fold(cited.document_number or cited.title or "")


def policy_anchor(cited: Citation) -> str:
    return f"p-{policy_key(cited)}"


@dataclass(frozen=True, slots=True)
class CitingProject:
    name: Link
    place: str
    source: Link


@dataclass(frozen=True, slots=True)
class Policy:
    """``money`` is per region, year and form type: one project may cite many documents, so no sums across them."""

    anchor: str
    title: str
    number: str
    count: str
    money: tuple[str, ...]
    projects: tuple[CitingProject, ...]


@dataclass(frozen=True, slots=True)
class PoliciesView:
    template: ClassVar[str] = "policies.html.jinja"

    summary: str
    policies: tuple[Policy, ...]


def page(facts: Facts) -> Page:
    here = Here("policies/")
    cited: dict[str, list[Citation]] = {}
    for project_id in facts.projects:
        for row in facts.citations.get(project_id, ()):
            cited.setdefault(policy_key(row), []).append(row)
    policies = [_policy(facts, here, rows) for rows in cited.values()]
    policies.sort(key=lambda policy: (-len(policy.projects), policy.anchor))
    citing = {row.project_id for rows in cited.values() for row in rows}
    with_basis = sum(row.basis is not None for row in facts.projects.values())
    summary = (
        f"{words.number(len(facts.projects))} 张表里有 {words.number(with_basis)} 张写了立项依据，"
        f"{words.number(len(citing))} 张点到了具体文件，共 {words.number(len(policies))} 份。"
    )
    return Page(here.path, "政策依据", f"项目凭什么立项：{summary}", PoliciesView(summary, tuple(policies)))


def _policy(facts: Facts, here: Here, rows: Sequence[Citation]) -> Policy:
    first: dict[str, Citation] = {}
    for row in rows:
        first.setdefault(row.project_id, row)
    projects = [facts.projects[key] for key in first]
    kinds = list(facts.form_types)
    sums = group(projects, lambda row: (row.region_id, row.year, kinds.index(row.form_type)))
    money = []
    for (region_id, year, kind), members in sorted(sums.items(), key=lambda item: item[0]):
        total = Total.of(members)
        words = f"{total.forms} 项{facts.form_types[kinds[kind]]}，预算 {total_value(total).text}"
        money.append(f"{facts.place(region_id, year)} {words}")
    return Policy(
        anchor=policy_anchor(rows[0]),
        title=next((row.title for row in rows if row.title), ""),
        number=rows[0].document_number or "",
        count=f"{len(projects)} 个项目",
        money=tuple(money),
        projects=tuple(
            CitingProject(
                project_link(here, project),
                facts.place(project.region_id, project.year),
                Link(
                    f"行 {first[project.project_id].line}",
                    here.source(project.document_id, first[project.project_id].line),
                ),
            )
            for project in projects
        ),
    )
