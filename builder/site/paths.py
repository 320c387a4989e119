"""The published paths, written once. A ``Here`` stands on one page and gives relative links to all others."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from builder.model import line_address


@dataclass(frozen=True, slots=True)
class Here:
    """``path`` is the page's own path below the site's root, such as ``projects/a-2024-key-001/``; home is empty."""

    path: str

    @property
    def root(self) -> str:
        return "../" * self.path.count("/") or "./"

    def at(self, path: str) -> str:
        return self.root + quote(path, safe="/#?=&%")

    def home(self) -> str:
        return self.root

    def regions(self) -> str:
        return self.at("regions/")

    def region(self, region_id: str) -> str:
        return self.at(f"regions/{region_id}/")

    def region_year(self, region_id: str, year: int, fragment: str = "") -> str:
        return self.at(f"regions/{region_id}/{year}/{fragment}")

    def year(self, year: int) -> str:
        return self.at(f"years/{year}/")

    def sectors(self) -> str:
        return self.at("sectors/")

    def sector(self, sector_id: str) -> str:
        return self.at(f"sectors/{sector_id}/")

    def themes(self) -> str:
        return self.at("themes/")

    def theme(self, theme_id: str, region_id: str | None = None) -> str:
        """A theme's page, or a region's projects of the theme."""
        return self.at(f"themes/{theme_id}/" + ("" if region_id is None else f"{region_id}/"))

    def departments(self) -> str:
        return self.at("departments/")

    def department(self, department_id: str) -> str:
        return self.at(f"departments/{department_id}/")

    def project(self, project_id: str, fragment: str = "") -> str:
        return self.at(f"projects/{project_id}/{fragment}")

    def results(self, fragment: str = "") -> str:
        return self.at(f"results/{fragment}")

    def result(self, result_id: str) -> str:
        return self.at(f"results/{result_id}/")

    def source(self, document_id: str, line: int | None = None) -> str:
        return self.at(line_address(document_id, line))

    def sources(self) -> str:
        return self.at("sources/")

    def policies(self, fragment: str = "") -> str:
        return self.at(f"policies/{fragment}")

    def quality(self, fragment: str = "") -> str:
        return self.at(f"quality/{fragment}")

    def leads(self, fragment: str = "") -> str:
        return self.at(f"leads/{fragment}")

    def about(self, fragment: str = "") -> str:
        return self.at(f"about/{fragment}")

    def data(self, file: str = "") -> str:
        return self.at(f"data/{file}")

    def questions(self, fragment: str = "") -> str:
        return self.at(f"data/questions/{fragment}")

    def query(self, fragment: str = "") -> str:
        return self.at(f"data/query/{fragment}")

    def explore(self, **filters: str | int) -> str:
        """The table of everything, filtered: keys are the names of the filters in its address."""
        return self.at("explore/") + query(filters)

    def search(self, words: str) -> str:
        return self.at("search/") + query({"q": words})


def query(values: Mapping[str, str | int]) -> str:
    """``{"q": "巨灾"}`` → ``?q=%E5%B7%A8%E7%81%BE``."""
    return "".join(
        f"{'&' if position else '?'}{key}={quote(str(value), safe='')}"
        for position, (key, value) in enumerate(values.items())
    )
