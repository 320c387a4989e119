"""How the dataset, a part of it or a project is cited: the same author, title, version and date in every format.

GB/T 7714—2025 (in force since 2026-07-01) cites a data set as 责任者. 题名[DS/OL]. 版本. 发布平台(发布日期)[引用日期]. 获取路径.
The date is that of the data's release, never the budget year; the day of citing is the reader's to fill in.
"""

import json
from dataclasses import dataclass

from builder.settings.package import Policy


@dataclass(frozen=True, slots=True)
class Work:
    """What is cited. ``date`` is ISO, ``platform`` who publishes it, ``author`` who answers for the content."""

    key: str
    author: str
    title: str
    version: str
    date: str
    platform: str
    url: str

    @property
    def gb_t_7714(self) -> str:
        return (
            f"{self.author}. {self.title}[DS/OL]. V{self.version}. {self.platform}({self.date})[引用日期]. {self.url}."
        )

    @property
    def bibtex(self) -> str:
        fields = {
            "author": f"{{{self.author}}}",
            "title": f"{{{self.title}}}",
            "year": self.date[:4],
            "date": self.date,
            "version": self.version,
            "publisher": f"{{{self.platform}}}",
            "url": self.url,
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@dataset{{{self.key},\n{lines}\n}}\n"

    @property
    def ris(self) -> str:
        fields = (
            ("TY", "DATA"),
            ("ID", self.key),
            ("AU", self.author),
            ("TI", self.title),
            ("PY", self.date[:4]),
            ("DA", self.date.replace("-", "/")),
            ("ET", self.version),
            ("PB", self.platform),
            ("UR", self.url),
            ("ER", ""),
        )
        return "".join(f"{tag}  - {value}\r\n" for tag, value in fields)

    @property
    def csl(self) -> str:
        """CSL-JSON, as Zotero and pandoc read it."""
        item = {
            "id": self.key,
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": self.author}],
            "issued": {"date-parts": [[int(part) for part in self.date.split("-")]]},
            "version": self.version,
            "publisher": self.platform,
            "URL": self.url,
            "language": "zh-CN",
        }
        return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def of_dataset(policy: Policy, name: str, title: str, home: str) -> Work:
    """The whole, or a region and year, under the name and title that its package bears; ``home`` is its page."""
    return Work(name, policy.publisher, title, policy.version, policy.published, policy.publisher, home)


def of_project(policy: Policy, project_id: str, publisher: str, name: str, of: str) -> Work:
    """A project: ``publisher`` is who published the document, ``of`` what the project is of (重庆市 2024 年预算绩效目标)."""
    url = f"{policy.base_url}projects/{project_id}/"
    return Work(project_id, publisher, f"{name}: {of}", policy.version, policy.published, policy.publisher, url)


def files(policy: Policy) -> dict[str, bytes]:
    """The citation of the whole dataset as files, by name."""
    work = of_dataset(policy, policy.name, policy.title, policy.base_url)
    texts = {"citation.bib": work.bibtex, "citation.ris": work.ris, "citation.json": work.csl}
    return {name: text.encode() for name, text in texts.items()}
