"""What pages share: the dataset as plain records, indexed and summed once, so that each page costs the same.

Money is summed here and nowhere else. Sums are per region, year and form type: a municipality's budget flows down into
its districts', and a department's whole budget holds its special funds, so neither is ever added to the other.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from builder.dataset.frames import frames
from builder.dataset.store import Dataset, Table
from builder.measures import copies, wording
from builder.measures.similar import Neighbour, nearest
from builder.model import Line
from builder.package.datapackage import Policy, load_policy
from builder.settings import config
from builder.settings.config import read_yaml
from builder.text import fold

Record = Mapping[str, Any]
Group = Mapping[Any, tuple[Record, ...]]

# A department's whole budget holds its funds; it is listed beside them and never among them.
FORM_TYPE_ORDER = ("special_fund", "project", "department_overall")

# How much of a text finds its line: a wrapped text breaks somewhere, while a short opening may stand twice.
OPENINGS = (60, 12)
# Where a cell may begin, as in `立项依据\t<p>根据《…》`.
CELL_START = re.compile(r"^|(?:\s|<[^<>]*>)+")


@dataclass(frozen=True, slots=True)
class Total:
    """``forms`` forms with ``yuan`` in all; ``unknown`` of them print no readable amount and are not in the sum."""

    forms: int
    yuan: Decimal
    unknown: int


@dataclass(frozen=True, slots=True)
class Facts:
    """``url`` is the site's permanent address and ``repository`` where faults are reported; neither ends in a slash."""

    url: str
    repository: str
    policy: Policy
    regions: Mapping[str, Record]
    region_names: Mapping[str, tuple[str, ...]]
    documents: Mapping[str, Record]
    sectors: Mapping[str, Record]
    departments: Mapping[str, Record]
    projects: Mapping[str, Record]
    indicators: Group
    funding: Group
    citations: Group
    attributes: Group
    catalogue: Group
    findings: Group
    document_findings: Group
    corrections: Group
    by_region_year: Group
    by_department: Group
    by_sector: Group
    by_document: Group
    by_series: Group
    by_region_year_type: Mapping[tuple[str, int, str], Total]
    by_region_year_type_department: Mapping[tuple[str, int, str, str | None], Total]
    by_region_year_type_sector: Mapping[tuple[str, int, str, str | None], Total]
    lines: Mapping[str, Sequence[Line]]
    similar: Mapping[str, tuple[Neighbour, ...]]
    codes: Mapping[str, Mapping[str, Any]]
    glossary: Sequence[Mapping[str, Any]]
    schemas: Mapping[str, Table]
    words: Mapping[str, Mapping[str, str]]
    coverage: Mapping[str, Record]
    rows: Mapping[str, int]
    calendar: Mapping[tuple[str, int], Record]
    rules: wording.Rules
    lint: wording.Report
    copies: tuple[copies.Kind, ...]

    def word(self, field: str, code: str) -> str:
        """What a code of ``table.field`` is called, by the table's schema."""
        return self.words[field][code]

    def sector_of(self, project: Record) -> Record | None:
        """The sector of the project's department; none where it has no department, or the department no sector."""
        department = self.department_of(project)
        return None if department is None else self.sectors.get(department["sector_id"])

    def department_of(self, project: Record) -> Record | None:
        """The department in charge; none where the form prints none."""
        return self.departments.get(project["department_id"])

    def years(self, region_id: str | None = None) -> list[int]:
        """The years with documents, newest first."""
        found = {d["year"] for d in self.documents.values() if region_id in (None, d["region_id"])}
        return sorted(found, reverse=True)


def gather(dataset: Dataset, lines: Mapping[str, Sequence[Line]], data: Path, repository: str) -> Facts:
    """Index and sum the dataset. ``data`` is the folder of the maintained YAML files."""
    tables = frames(dataset)
    policy = load_policy(data / "package.yml", dataset.schemas)
    rows = {name: records(frame) for name, frame in tables.items()}
    departments = {row["department_id"]: row for row in rows["departments"]}
    projects = {row["project_id"]: row for row in rows["projects"]}
    frame = tables["projects"].assign(
        sector_id=tables["projects"]["department_id"].map({key: row["sector_id"] for key, row in departments.items()})
    )
    findings = rows["findings"]
    indicators = group(rows["indicators"], "project_id")
    attributes = group(rows["attributes"], "project_id")
    rules = wording.load(data)
    spellings = {key: region.aliases for key, region in config.load(data).regions.items()}
    return Facts(
        url=policy.base_url.rstrip("/"),
        repository=repository.rstrip("/"),
        policy=policy,
        regions={row["region_id"]: row for row in rows["regions"]},
        documents={row["document_id"]: row for row in rows["documents"]},
        sectors={row["sector_id"]: row for row in rows["sectors"]},
        departments=departments,
        projects=projects,
        indicators=indicators,
        funding=group(rows["funding"], "project_id"),
        citations=group(rows["citations"], "project_id"),
        attributes=attributes,
        catalogue=group(rows["catalogue"], "document_id"),
        findings=group([row for row in findings if row["project_id"] is not None], "project_id"),
        document_findings=group(findings, "document_id"),
        corrections=group(rows["corrections"], "record_id"),
        by_region_year=group(rows["projects"], "region_id", "year"),
        by_department=group(rows["projects"], "department_id"),
        by_sector=group([row for row in records(frame) if row["sector_id"] is not None], "sector_id"),
        by_document=group(rows["projects"], "document_id"),
        by_series=group(rows["projects"], "series_id"),
        by_region_year_type=totals(frame, "region_id", "year", "form_type"),
        by_region_year_type_department=totals(frame, "region_id", "year", "form_type", "department_id"),
        by_region_year_type_sector=totals(frame, "region_id", "year", "form_type", "sector_id"),
        lines=lines,
        similar=nearest(rows["projects"], indicators, {key: row["sector_id"] for key, row in departments.items()}),
        codes=read_yaml(data / "findings.yml"),
        region_names={
            row["region_id"]: full_names(row["name"], spellings.get(row["region_id"], ())) for row in rows["regions"]
        },
        glossary=read_yaml(data / "glossary.yml"),
        schemas=dataset.schemas,
        words={
            f"{table.name}.{field.name}": {category.value: category.label for category in field.categories}
            for table in dataset.schemas.values()
            for field in table.fields
        },
        coverage={row["document_id"]: row for row in rows["coverage"]},
        calendar={
            (entry["region_id"], entry["year"]): entry for entry in read_yaml(data / "calendar.yml")["entries"] or ()
        },
        rules=rules,
        lint=wording.examine(projects, indicators, attributes, rules),
        copies=copies.find(projects, indicators, rules.numbers),
        rows={name: len(frame) for name, frame in tables.items()},
    )


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts of plain Python values; what is missing is ``None``."""
    plain = frame.astype(object)
    return [
        {str(name): value for name, value in row.items()} for row in plain.where(frame.notna(), None).to_dict("records")
    ]


def group(rows: Sequence[Record], *keys: str) -> dict[Any, tuple[Record, ...]]:
    """Rows by the value of ``keys`` (a tuple of them where there are several), in the order of the dataset."""
    found: dict[Hashable, list[Record]] = defaultdict(list)
    for row in rows:
        found[row[keys[0]] if len(keys) == 1 else tuple(row[key] for key in keys)].append(row)
    return {key: tuple(values) for key, values in found.items()}


def totals(frame: pd.DataFrame, *keys: str) -> dict[Any, Total]:
    """Forms counted and budgets summed by ``keys``; an amount that is not known is counted, not taken for zero.

    A missing key is a key too, as ``None``: no budget falls out of the sums.
    """
    found: dict[Any, Total] = {}
    for key, budgets in frame.groupby(list(keys), sort=True, dropna=False)["budget_yuan"]:
        parts: Any = key
        known = sum(budgets.dropna(), Decimal(0))
        found[tuple(None if pd.isna(part) else part for part in parts)] = Total(
            len(budgets), known, int(budgets.isna().sum())
        )
    return found


def full_names(name: str, aliases: Sequence[str]) -> tuple[str, ...]:
    """A region's names that say what it is, longest first: 重庆市长寿区 and 长寿区, but not 长寿."""
    return tuple(sorted({one for one in (name, *aliases) if one.endswith(name[-1])}, key=lambda one: (-len(one), one)))


def form_lines(facts: Facts, project: Record) -> Sequence[Line]:
    """The lines of its document that a form takes up."""
    return facts.lines[project["document_id"]][project["line_start"] - 1 : project["line_end"]]


def printed_line(facts: Facts, project: Record, text: str | None) -> int:
    """The line of the form on which a cell reads exactly ``text``; where none does, the form's first line."""
    if text is not None:
        wanted = text.strip()
        for line in form_lines(facts, project):
            if wanted in re.split(r"\s+", line.text):
                return line.number
    return int(project["line_start"])


def text_line(lines: Sequence[Line], text: str | None) -> int | None:
    """The number of the line on which ``text`` begins; none where no line holds its opening.

    Of several lines that hold it, one on which it follows a blank or a leftover tag: an overview may quote the basis.
    """
    folded = fold(text or "")
    if not folded:
        return None
    for size in OPENINGS:
        opening = folded[:size]
        holding = [line for line in lines if opening in fold(line.text)]
        for line in holding:
            if any(fold(line.text[part.end() :]).startswith(opening) for part in CELL_START.finditer(line.text)):
                return line.number
        if holding:
            return holding[0].number
    return None
