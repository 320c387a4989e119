"""What pages share: the dataset as plain records, indexed and summed once, so that each page costs the same.

Money is summed here and nowhere else. Sums are per region, year and form type: a municipality's budget flows down into
its districts', and a department's whole budget holds its special funds, so neither is ever added to the other.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

import pandas as pd

from builder.dataset.frames import frame
from builder.dataset.rows import (
    Attribute,
    CatalogueRow,
    Citation,
    CorrectionRow,
    Coverage,
    Department,
    DocumentRow,
    FindingRow,
    Funding,
    Indicator,
    PolicyRow,
    Project,
    Provenance,
    RegionRow,
    Result,
    ResultFunding,
    Score,
    SectorRow,
    added,
    group,
)
from builder.dataset.store import Dataset
from builder.measures import awaited, copies, kept, policies, promise, scope, slips, terms, themes, wording
from builder.measures.similar import Neighbour, nearest
from builder.model import Line
from builder.package.answers import Answer, answers
from builder.settings import Settings
from builder.settings.answers import HeadlineRule, Theme, Tile
from builder.settings.package import Policy
from builder.settings.places import Noted
from builder.settings.questions import Question
from builder.settings.results import ResultRules
from builder.settings.rules import FindingCode, Term
from builder.settings.schema import Table
from builder.settings.wording import Rules


@dataclass(frozen=True, slots=True)
class Total:
    """``forms`` forms with ``yuan`` in all; ``unknown`` of them print no readable amount and are not in the sum."""

    forms: int
    yuan: Decimal
    unknown: int

    @classmethod
    def of(cls, projects: Sequence[Project]) -> Self:
        known = [row.budget_yuan for row in projects if row.budget_yuan is not None]
        return cls(len(projects), added(known), len(projects) - len(known))


@dataclass(frozen=True, slots=True)
class Facts:
    """``url`` is the site's permanent address and ``repository`` where faults are reported; neither ends in a slash. ``mail`` may be empty.

    ``policies`` holds the citations of each cited document, ``slips`` what does not add up, both in the order of their
    lists, in which ``*_rank`` says the place of each. ``printed`` is the line of each project's column that was read,
    ``origins`` where every value of a project or indicator, or of what hangs on it, is printed.
    """

    url: str
    repository: str
    mail: str
    policy: Policy
    regions: Mapping[str, RegionRow]
    region_names: Mapping[str, tuple[str, ...]]
    documents: Mapping[str, DocumentRow]
    sectors: Mapping[str, SectorRow]
    departments: Mapping[str, Department]
    projects: Mapping[str, Project]
    indicators: Mapping[str, tuple[Indicator, ...]]
    funding: Mapping[str, tuple[Funding, ...]]
    citations: Mapping[str, tuple[Citation, ...]]
    policies: Mapping[str, tuple[Citation, ...]]
    policy_rows: Mapping[str, PolicyRow]
    policy_rank: Mapping[str, int]
    slips: tuple[slips.Slip, ...]
    slip_rank: Mapping[str, int]
    place_rank: Mapping[tuple[str, int], int]
    attributes: Mapping[str, tuple[Attribute, ...]]
    catalogue: Mapping[str, tuple[CatalogueRow, ...]]
    findings: Mapping[str | None, tuple[FindingRow, ...]]
    document_findings: Mapping[str, tuple[FindingRow, ...]]
    corrections: Mapping[str, tuple[CorrectionRow, ...]]
    by_region_year: Mapping[tuple[str, int], tuple[Project, ...]]
    by_department: Mapping[str | None, tuple[Project, ...]]
    by_sector: Mapping[str, tuple[Project, ...]]
    by_document: Mapping[str, tuple[Project, ...]]
    by_series: Mapping[str, tuple[Project, ...]]
    by_region_year_type: Mapping[tuple[str, int, str], Total]
    by_region_year_type_sector: Mapping[tuple[str, int, str, str | None], Total]
    lines: Mapping[str, Sequence[Line]]
    printed: Mapping[tuple[str, str], int]
    origins: Mapping[str, tuple[Provenance, ...]]
    similar: Mapping[str, tuple[Neighbour, ...]]
    promises: Mapping[str, promise.Promise]
    results: Mapping[str, Result]
    results_of: Mapping[str | None, tuple[Result, ...]]
    results_in: Mapping[str, tuple[Result, ...]]
    result_funding: Mapping[str, tuple[ResultFunding, ...]]
    scores: Mapping[str, tuple[Score, ...]]
    result_rules: ResultRules
    kept: Mapping[tuple[str, int], tuple[kept.Tally, ...]]
    expected: Mapping[tuple[str, int, str], awaited.Expected]
    carrying: Mapping[str, Indicator]
    themes: Mapping[str, Theme]
    headlines: tuple[HeadlineRule, ...]
    tiles: Mapping[str, Tile]
    themes_of: Mapping[str, tuple[str, ...]]
    by_theme: Mapping[str, tuple[Project, ...]]
    scopes: Mapping[tuple[str, int], scope.Scope]
    per_head: Mapping[tuple[str, int], tuple[scope.PerHead, ...]]
    codes: Mapping[str, FindingCode]
    terms: Mapping[str, Term]
    schemas: Mapping[str, Table]
    questions: Mapping[str, Question]
    words: Mapping[str, Mapping[str, str]]
    coverage: Mapping[str, Coverage]
    answers: Mapping[str, Answer]
    rows: Mapping[str, int]
    calendar: Mapping[tuple[str, int], Noted]
    rules: Rules
    wording_report: wording.Report
    copies: tuple[copies.Kind, ...]

    def line_of(self, project: Project, *columns: str) -> int:
        """The line that prints the first of ``columns`` that is printed; where none is, the form's first line."""
        found = (
            self.printed[project.project_id, name] for name in columns if (project.project_id, name) in self.printed
        )
        return next(found, project.line_start)

    def word(self, field: str, code: str) -> str:
        """What a code of ``table.field`` is called, by the table's schema."""
        return self.words[field][code]

    @property
    def form_types(self) -> Mapping[str, str]:
        """The kinds of form and what they are called, in the order in which pages show them."""
        return self.words["projects.form_type"]

    def meaning(self, *terms: str) -> str:
        """What terms mean, in the glossary's words: for whoever shows a count of them."""
        return "".join(f"{term}：{self.terms[term].plain}" for term in terms)

    def place(self, region_id: str, year: int) -> str:
        return f"{self.regions[region_id].name} {year} 年"

    def own_indicators(self, projects: Iterable[Project]) -> list[Indicator]:
        """The indicators of projects without the budget execution rate."""
        return [row for project in projects for row in terms.own(self.indicators.get(project.project_id, ()))]

    def count_indicators(self, projects: Iterable[Project]) -> int:
        """All indicators of projects, the budget execution rate included where it is printed as one."""
        return sum(len(self.indicators.get(project.project_id, ())) for project in projects)

    def findings_of(self, documents: Iterable[DocumentRow]) -> list[FindingRow]:
        return [found for row in documents for found in self.document_findings.get(row.document_id, ())]

    def sheets(self, document_id: str) -> Sequence[Project | Result]:
        """The forms of a document of targets, or the sheets of one of results: no document is both."""
        return self.by_document.get(document_id) or self.results_in.get(document_id, ())

    def sheet_at(self, document_id: str, line: int | None) -> Result | None:
        """The sheet of results that a line stands on."""
        sheets = self.results_in.get(document_id, ())
        return next((row for row in sheets if line is not None and row.line_start <= line <= row.line_end), None)

    def findings_on(self, sheet: Result) -> list[FindingRow]:
        """What was found on the lines of a sheet of results."""
        found = self.document_findings.get(sheet.document_id, ())
        return [row for row in found if row.line is not None and sheet.line_start <= row.line <= sheet.line_end]

    def documents_of(self, region_id: str, year: int) -> list[DocumentRow]:
        return [row for row in self.documents.values() if (row.region_id, row.year) == (region_id, year)]

    def totals_of(self, region_id: str, year: int) -> Iterator[tuple[str, str, Total]]:
        """Form type, its words and its sum, for each kind of form that the region published that year."""
        for form_type, kind in self.form_types.items():
            if (total := self.by_region_year_type.get((region_id, year, form_type))) is not None:
                yield form_type, kind, total

    def department_of(self, project: Project) -> Department | None:
        """The department in charge; none where the form prints none."""
        return None if project.department_id is None else self.departments[project.department_id]

    def sector_of(self, owner: Project | Department) -> SectorRow | None:
        """The sector of a department, or of a project's; none where either is not known."""
        department = owner if isinstance(owner, Department) else self.department_of(owner)
        return None if department is None or department.sector_id is None else self.sectors[department.sector_id]

    def regions_among(self, chosen: Container[str]) -> list[RegionRow]:
        """The regions whose ids are ``chosen``, in the order of every list."""
        return [row for key, row in self.regions.items() if key in chosen]

    def in_order(self, places: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        """Regions and years in the order of every list."""
        return in_order(self.regions, places)

    def years(self, region_id: str | None = None) -> list[int]:
        """The years with documents, newest first."""
        found = {d.year for d in self.documents.values() if region_id in (None, d.region_id)}
        return sorted(found, reverse=True)


def gather(dataset: Dataset, lines: Mapping[str, Sequence[Line]], settings: Settings) -> Facts:
    """Index and sum the dataset."""
    tables = dataset.tables
    departments = {row.department_id: row for row in tables.departments}
    projects = {row.project_id: row for row in tables.projects}
    sector_of: dict[str | None, str | None] = {key: row.sector_id for key, row in departments.items()}
    forms = frame(dataset.schemas["projects"], dataset.rows("projects"))
    forms["sector_id"] = [sector_of.get(row.department_id) for row in tables.projects]
    indicators = group(tables.indicators, lambda row: row.project_id)
    attributes = group(tables.attributes, lambda row: row.project_id)
    by_sector = group(tables.projects, lambda row: sector_of.get(row.department_id))
    by_region_year = group(tables.projects, lambda row: (row.region_id, row.year))
    # The order of every list: the municipality, then by division code, those without a code last; newest year first.
    by_place = sorted(
        tables.regions, key=lambda row: (row.level != "municipality", row.division_code or "~", row.region_id)
    )
    regions = {row.region_id: row for row in by_place}
    place = {key: rank for rank, key in enumerate(regions)}
    documents = sorted(tables.documents, key=lambda row: (place[row.region_id], -row.year, row.document_id))
    promises = promise.find(tables, settings.promises)
    themes_of = themes.find(tables, promises, settings.themes)
    with_theme: dict[str, tuple[Project, ...]] = {
        key: tuple(projects[project_id] for project_id, _ in pairs)
        for key, pairs in group(
            ((project_id, key) for project_id, keys in themes_of.items() for key in keys), lambda pair: pair[1]
        ).items()
    }
    cited = policies.ranked(tables.citations)
    found = slips.find(tables.findings)
    told = kept.tallies(tables, settings)
    return Facts(
        url=settings.package.base_url.rstrip("/"),
        repository=settings.package.repository,
        mail=settings.package.mail,
        policy=settings.package,
        regions=regions,
        region_names=scope.region_names(tables, settings.regions),
        documents={row.document_id: row for row in documents},
        sectors={row.sector_id: row for row in tables.sectors},
        departments=departments,
        projects=projects,
        indicators=indicators,
        funding=group(tables.funding, lambda row: row.project_id),
        citations=group(tables.citations, lambda row: row.project_id),
        policies=cited,
        policy_rows={row.policy_id: row for row in tables.policies},
        policy_rank={key: rank for rank, key in enumerate(cited)},
        slips=found,
        slip_rank={slip.slip_id: rank for rank, slip in enumerate(found)},
        place_rank={key: rank for rank, key in enumerate(in_order(regions, by_region_year.keys() | told.keys()))},
        attributes=attributes,
        catalogue=group(tables.catalogue, lambda row: row.document_id),
        findings=group((row for row in tables.findings if row.project_id is not None), lambda row: row.project_id),
        document_findings=group(tables.findings, lambda row: row.document_id),
        corrections=group(tables.corrections, lambda row: row.record_id),
        by_region_year=by_region_year,
        by_department=group(tables.projects, lambda row: row.department_id),
        by_sector={key: rows for key, rows in by_sector.items() if key is not None},
        by_document=group(tables.projects, lambda row: row.document_id),
        by_series=group(tables.projects, lambda row: row.series_id),
        by_region_year_type=totals(forms, "region_id", "year", "form_type"),
        by_region_year_type_sector=totals(forms, "region_id", "year", "form_type", "sector_id"),
        lines=lines,
        origins=group(tables.provenance, lambda row: row.record_id.partition("|")[0]),
        printed={(row.record_id, row.field): row.line for row in tables.provenance if row.table == "projects"},
        similar=nearest(tables.projects, indicators, sector_of),
        results={row.result_id: row for row in tables.results},
        results_of=group(tables.results, lambda row: row.project_id),
        results_in=group(tables.results, lambda row: row.document_id),
        result_funding=group(tables.result_funding, lambda row: row.result_id),
        scores=group(tables.scores, lambda row: row.result_id),
        result_rules=settings.results,
        kept=told,
        expected={(one.region_id, one.year, one.kind): one for one in awaited.calendar(tables, settings)},
        promises=promises,
        carrying=promise.carrying(tables, settings.promises),
        themes={theme.theme_id: theme for theme in settings.themes},
        headlines=settings.headlines,
        tiles=settings.tiles,
        themes_of=themes_of,
        by_theme={key: rows for theme in settings.themes if (rows := with_theme.get(key := theme.theme_id))},
        scopes=scope.every(tables, settings.regions),
        per_head=group(scope.per_head(tables, settings.population), lambda one: (one.region_id, one.year)),
        codes=settings.codes,
        terms={term.term: term for term in settings.glossary},
        schemas=dataset.schemas,
        questions=settings.questions,
        words={
            f"{table.name}.{field.name}": {category.value: category.label for category in field.categories}
            for table in (*dataset.schemas.values(), *settings.derived.values())
            for field in table.fields
        },
        coverage={row.document_id: row for row in tables.coverage},
        answers=answers(dataset, settings),
        calendar=settings.calendar.entries,
        rules=settings.wording,
        wording_report=wording.examine(tables, settings.wording),
        copies=copies.find(tables, settings.wording.numbers.fewest_indicators, settings.checks.reuse_min_length),
        rows={name: len(rows) for name, rows in tables.by_name().items()},
    )


def in_order(regions: Iterable[str], places: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Regions and years in the order of ``regions``, the latest year of each first."""
    rank = {key: number for number, key in enumerate(regions)}
    return sorted(places, key=lambda place: (rank[place[0]], -place[1]))


def totals(frame: pd.DataFrame, *keys: str) -> dict[Any, Total]:
    """Forms counted and budgets summed by ``keys``; an amount that is not known is counted, not taken for zero.

    A missing key is a key too, as ``None``: no budget falls out of the sums.
    """
    found: dict[Any, Total] = {}
    for key, budgets in frame.groupby(list(keys), sort=True, dropna=False)["budget_yuan"]:
        parts: Any = key
        known = added(budgets.dropna())
        found[tuple(None if pd.isna(part) else part for part in parts)] = Total(
            len(budgets), known, int(budgets.isna().sum())
        )
    return found


def form_lines(facts: Facts, project: Project) -> Sequence[Line]:
    """The lines of its document that a form takes up."""
    return facts.lines[project.document_id][project.line_start - 1 : project.line_end]
