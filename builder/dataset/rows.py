"""The published rows: one dataclass per table of ``data/schemas``, its fields in the schema's order.

Amounts are yuan. ``None`` is an empty cell: not printed, or printed and not legible (then a finding says so).
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, TypeVar

R = TypeVar("R")
K = TypeVar("K", bound=Hashable)

# What DECIMAL(28, 6) holds: enough for a country's budget in yuan, and all columnar formats can store it.
DIGITS, DECIMALS = 28, 6
_LIMIT = Decimal(10) ** (DIGITS - DECIMALS)


def storable(value: Decimal) -> bool:
    """Whether a number is finite and fits ``DECIMAL(28, 6)``; the store refuses one that does not."""
    return value.is_finite() and abs(value) < _LIMIT and value == round(value, DECIMALS)


@dataclass(frozen=True, slots=True)
class RegionRow:
    region_id: str
    name: str
    level: str
    parent_id: str | None
    division_code: str | None
    name_en: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    document_id: str
    region_id: str
    year: int
    title: str
    publisher: str
    source_url: str | None
    file: str
    media_type: str
    sha256: str
    bytes: int
    retrieved_on: str | None
    stated_projects: int | None
    stated_total_yuan: Decimal | None
    kind: str
    scope: str
    obtained_as: str
    replaces: str | None


@dataclass(frozen=True, slots=True)
class SectorRow:
    sector_id: str
    name: str
    name_en: str
    function_code: str
    cofog: str


@dataclass(frozen=True, slots=True)
class Department:
    department_id: str
    region_id: str
    name: str
    code: str | None
    sector_id: str | None
    names_as_filed: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Project:
    project_id: str
    document_id: str
    region_id: str
    year: int
    form_type: str
    form_no: int
    serial_no: int | None
    project_code: str | None
    name: str
    name_as_filed: str | None
    department_id: str | None
    implementing_unit: str | None
    budget_yuan: Decimal | None
    budget_as_filed: str | None
    unit_as_filed: str | None
    execution_weight: Decimal | None
    overview: str | None
    basis: str | None
    goal: str | None
    contact_name: str | None
    contact_phone: str | None
    series_id: str
    line_start: int
    line_end: int


@dataclass(frozen=True, slots=True)
class Funding:
    project_id: str
    source: str
    label_as_filed: str
    amount_yuan: Decimal | None
    amount_as_filed: str
    line: int


@dataclass(frozen=True, slots=True)
class Indicator:
    indicator_id: str
    project_id: str
    position: int
    level1: str | None
    level2: str | None
    name: str
    comparison: str | None
    comparison_as_filed: str | None
    target_as_filed: str | None
    target_value: Decimal | None
    unit: str | None
    base_value: Decimal | None
    base_unit: str | None
    weight: Decimal | None
    is_core: bool | None
    is_execution_rate: bool
    line: int
    unit_id: str | None
    kind: str
    kind_method: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as printed; ``factor`` of it make one ``unit``, as 10,000 人次 make one 万人次."""

    unit: str
    canonical: str
    dimension: str | None
    factor: Decimal


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    document_id: str
    serial_no: int | None
    name: str | None
    department_as_filed: str | None
    amount_yuan: Decimal | None
    own_yuan: Decimal | None
    to_lower_yuan: Decimal | None
    project_id: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Citation:
    project_id: str
    position: int
    document_number: str | None
    title: str | None
    line: int
    number_as_filed: str | None = None
    policy_id: str | None = None


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy that bases cite; ``projects`` is how many do."""

    policy_id: str
    document_number: str | None
    title: str | None
    issuer: str | None
    issuer_method: str | None
    year: int | None
    projects: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """A printed field that has no column of its own: nothing that a document says is dropped."""

    project_id: str
    position: int
    indicator_id: str | None
    label_as_filed: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Coverage:
    document_id: str
    cells: int
    read: int
    furniture: int
    reported: int


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    record_id: str
    field: str
    was: str
    is_: str
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    finding_id: str
    code: str
    severity: str
    document_id: str
    project_id: str | None
    indicator_id: str | None
    expected: str | None
    actual: str | None
    expected_value: Decimal | None
    actual_value: Decimal | None
    difference: Decimal | None
    value_unit: str | None
    event_id: str | None
    explanation: str | None
    message: str
    message_en: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value was printed, and what made the value of it. ``record_id`` joins the row's key with ``|``.

    What is alike in many rows stands first: so the CSV packs into a fifth less.
    """

    document_id: str
    table: str
    field: str
    label_as_filed: str
    rule: str | None
    place: str | None
    record_id: str
    line: int
    printed: str


@dataclass(frozen=True, slots=True)
class Result:
    """One sheet of a results document. ``match`` says how ``project_id`` was found; ``none`` where it was not."""

    result_id: str
    document_id: str
    region_id: str
    year: int
    until_month: int | None
    kind: str
    form_no: int
    project_id: str | None
    match: str
    project_code: str | None
    name: str
    name_as_filed: str | None
    department_id: str | None
    implementing_unit: str | None
    initial_yuan: Decimal | None
    adjusted_yuan: Decimal | None
    executed_yuan: Decimal | None
    expected_yuan: Decimal | None
    execution_rate_as_filed: str | None
    execution_points: Decimal | None
    execution_score: Decimal | None
    goal: str | None
    goal_result: str | None
    total_score: Decimal | None
    grade: str | None
    conclusion: str | None
    problems: str | None
    measures: str | None
    line_start: int
    line_end: int


@dataclass(frozen=True, slots=True)
class ResultFunding:
    result_id: str
    source: str
    label_as_filed: str
    initial_yuan: Decimal | None
    adjusted_yuan: Decimal | None
    executed_yuan: Decimal | None
    expected_yuan: Decimal | None
    line: int


@dataclass(frozen=True, slots=True)
class Score:
    score_id: str
    result_id: str
    position: int
    indicator_id: str | None
    match: str
    level1: str | None
    level2: str | None
    name: str
    target_as_filed: str | None
    comparison: str | None
    target_value: Decimal | None
    unit: str | None
    actual_as_filed: str | None
    actual_value: Decimal | None
    actual_unit: str | None
    forecast: str | None
    likelihood: str | None
    attainment: str
    attainment_method: str | None
    points: Decimal | None
    score: Decimal | None
    reason: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Tables:
    """The dataset: each field is a table of that name."""

    regions: tuple[RegionRow, ...]
    documents: tuple[DocumentRow, ...]
    sectors: tuple[SectorRow, ...]
    departments: tuple[Department, ...]
    projects: tuple[Project, ...]
    funding: tuple[Funding, ...]
    indicators: tuple[Indicator, ...]
    catalogue: tuple[CatalogueRow, ...]
    citations: tuple[Citation, ...]
    attributes: tuple[Attribute, ...]
    corrections: tuple[CorrectionRow, ...]
    coverage: tuple[Coverage, ...]
    findings: tuple[FindingRow, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    units: tuple[UnitRow, ...] = ()
    results: tuple[Result, ...] = ()
    result_funding: tuple[ResultFunding, ...] = ()
    scores: tuple[Score, ...] = ()
    policies: tuple[PolicyRow, ...] = ()

    def by_name(self) -> Mapping[str, tuple[Any, ...]]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


def group(rows: Iterable[R], key: Callable[[R], K]) -> dict[K, tuple[R, ...]]:
    """Rows by what ``key`` gives for each, in the order of the dataset."""
    found: dict[K, list[R]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return {value: tuple(members) for value, members in found.items()}


def added(values: Iterable[Decimal | None]) -> Decimal:
    """The sum; what is not known is left out of it."""
    return sum((value for value in values if value is not None), Decimal(0))
