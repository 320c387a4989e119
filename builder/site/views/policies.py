"""/policies/: each document that bases cite, and the projects that rest on it; the most cited first, so many a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import Citation, PolicyRow, group
from builder.site.facts import Facts, Total
from builder.site.paths import Here
from builder.site.views.paging import Finder, Pager, address, finder, leaves, place, titled
from builder.site.views.parts import Link, Page, project_link, source_link, total_value

# On a page, and of one document.
MOST, MOST_PROJECTS, MOST_PLACES = 120, 6, 4


def policy_anchor(policy_id: str) -> str:
    return f"p-{policy_id}"


def policy_link(facts: Facts, here: Here, policy_id: str) -> str:
    """Where the list tells who else cites the document."""
    base = address("policies/", place(facts.policy_rank, policy_id, MOST))
    return here.at(f"{base}#{policy_anchor(policy_id)}")


@dataclass(frozen=True, slots=True)
class CitingProject:
    name: Link
    place: str
    source: Link


@dataclass(frozen=True, slots=True)
class Policy:
    """``several`` says how many cite it, where more than one does; ``money`` is per region, year and form type: one project may cite many documents, so no sums across them."""

    anchor: str
    title: str
    number: str
    issuer: str
    several: str
    money: tuple[str, ...]
    projects: tuple[CitingProject, ...]
    rest: Link | None


@dataclass(frozen=True, slots=True)
class PoliciesView:
    template: ClassVar[str] = "policies.html.jinja"

    summary: str
    policies: tuple[Policy, ...]
    finder: Finder
    pager: Pager | None


def pages(facts: Facts) -> Iterator[Page]:
    citing = len({row.project_id for rows in facts.policies.values() for row in rows})
    with_basis = sum(row.basis is not None for row in facts.projects.values())
    summary = (
        f"{words.number(len(facts.projects))} 个项目里有 {words.number(with_basis)} 个写了立项依据，"
        f"{words.number(citing)} 个点到了具体文件，共 {words.number(len(facts.policies))} 份。"
    )
    for number, here, part, through in leaves("policies/", list(facts.policies), MOST):
        view = PoliciesView(
            summary,
            tuple(_policy(facts, facts.policy_rows[policy_id], here, facts.policies[policy_id]) for policy_id in part),
            finder(here, "政策文件", "按名称或文号找一份文件"),
            through,
        )
        yield Page(here.path, titled("政策依据", number), f"项目凭什么立项：{summary}", view)


def _policy(facts: Facts, row: PolicyRow, here: Here, rows: Sequence[Citation]) -> Policy:
    first: dict[str, Citation] = {}
    for cited in rows:
        first.setdefault(cited.project_id, cited)
    projects = [facts.projects[key] for key in first]
    kinds = list(facts.form_types)
    sums = group(projects, lambda row: (row.region_id, row.year, kinds.index(row.form_type)))
    money = []
    for (region_id, year, kind), members in sorted(sums.items(), key=lambda item: item[0]):
        total = Total.of(members)
        said = f"{total.forms} 项{facts.form_types[kinds[kind]]}，预算 {total_value(total).text}"
        money.append(f"{facts.place(region_id, year)} {said}")
    more = len(projects) - MOST_PROJECTS
    return Policy(
        anchor=policy_anchor(row.policy_id),
        title=row.title or "",
        number=row.document_number or "",
        issuer=row.issuer or "",
        several=f"{words.number(len(projects))} 个项目引用" if len(projects) > 1 else "",
        money=(*money[:MOST_PLACES], *([f"还有 {len(money) - MOST_PLACES} 处"] if len(money) > MOST_PLACES else [])),
        projects=tuple(
            CitingProject(
                project_link(here, project),
                facts.place(project.region_id, project.year),
                source_link(here, project.document_id, first[project.project_id].line),
            )
            for project in projects[:MOST_PROJECTS]
        ),
        rest=Link(f"另有 {words.number(more)} 个项目引用它", here.search(row.document_number or row.title or ""))
        if more > 0
        else None,
    )
