"""/projects/: the way in for whoever shortens a project's address."""

from dataclasses import dataclass
from typing import ClassVar

from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.coverage import regions_with_documents
from builder.site.views.parts import Link, Page


@dataclass(frozen=True, slots=True)
class ProjectsView:
    template: ClassVar[str] = "projects.html.jinja"

    places: tuple[tuple[Link, str], ...]
    explore: str


def page(facts: Facts) -> Page:
    here = Here("projects/")
    places = tuple(
        (
            Link(f"{region.name} {year} 年", here.region_year(region.region_id, year, "#projects")),
            f"{len(facts.by_region_year.get((region.region_id, year), ()))} 张表",
        )
        for region in regions_with_documents(facts)
        for year in facts.years(region.region_id)
    )
    view = ProjectsView(places, here.explore())
    return Page(here.path, "全部项目", f"{len(facts.projects)} 张绩效目标表，按地区和年度查看。", view)
