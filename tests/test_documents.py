"""The five published documents: their counts and sums, which people counted and added up, and what does not agree."""

import re
from collections import Counter, defaultdict
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

import pytest

from builder.dataset import compile as compiling
from builder.dataset import store
from builder.dataset.compile import Compiled
from builder.settings import Settings
from builder.settings.schema import load_schemas

DATA = Path(__file__).parents[1] / "data"

# document: forms, indicators, catalogue rows
COUNTS = {
    "changshou-2023-finance": (5, 30, 0),
    "changshou-2024-key": (30, 179, 0),
    "shapingba-2024-finance": (12, 47, 0),
    "wansheng-2025-key": (52, 337, 52),
    "chongqing-2024-key": (82, 769, 82),
}
# document and form type: yuan
BUDGETS = {
    ("changshou-2023-finance", "special_fund"): 3_175_000,
    ("changshou-2023-finance", "project"): 1_746_000,
    ("changshou-2024-key", "special_fund"): 239_852_200,
    ("shapingba-2024-finance", "special_fund"): 2_632_900,
    ("shapingba-2024-finance", "department_overall"): 17_048_600,
    ("wansheng-2025-key", "special_fund"): 730_342_200,
    ("chongqing-2024-key", "special_fund"): 39_687_539_300,
}
# What a form prints without being a figure of ours: no document's reconciliation hangs on it.
NOT_RECONCILIATION = {
    "text-markup", "heading-typo", "serial-missing", "phone-malformed", "duplicate-indicator", "weight-sum", "source-unrecorded",
    "unit-in-value", "qualitative-with-number", "text-reused", "policy-two-numbers", "policy-two-titles",
}  # fmt: skip
DISAGREEMENTS = {
    "wansheng-2025-key": [
        (16, None, "stated-total", "72,842 万元", "73,034.22 万元"),
        (42, 12, "catalogue-name-differs", "环境污染防治专项", "环境污染防治专项."),
        (49, None, "catalogue-missing-form", "50 万元", None),
        (50, 19, "catalogue-amount-differs", "5,587 万元", "242.5 万元"),
        (53, 23, "catalogue-department-differs", "重庆市万盛经济技术开发区文化和旅游发展局", "重庆市万盛经济技术开发区文化和旅游局"),
        (82, 51, "catalogue-amount-differs", "270 万元", "392 万元"),
        (83, 50, "catalogue-amount-differs", "392 万元", "270 万元"),
        (517, 20, "form-missing-catalogue", None, None),
    ],
    "chongqing-2024-key": [
        (63, 30, "catalogue-name-differs", "环境污染防治专项", "污染防治专项"),
        (118, 79, "catalogue-department-differs", "中国共产主义青年团重庆市委委员会", "中国共产主义青年团重庆市委"),
    ],
}  # fmt: skip


def test_counts(compiled: Compiled) -> None:
    tables = compiled.tables
    documents = {project.project_id: project.document_id for project in tables.projects}
    forms = Counter(documents.values())
    indicators = Counter(documents[row.project_id] for row in tables.indicators)
    listed = Counter(row.document_id for row in tables.catalogue)
    assert {key: (forms[key], indicators[key], listed[key]) for key in forms} == COUNTS
    assert (len(tables.projects), len(tables.indicators), len(tables.catalogue)) == (181, 1362, 134)


def test_budgets(compiled: Compiled) -> None:
    budgets: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for project in compiled.tables.projects:
        assert project.budget_yuan is not None, project.project_id
        budgets[project.document_id, project.form_type] += project.budget_yuan
    assert budgets == BUDGETS


def test_funding_of_the_municipality(compiled: Compiled) -> None:
    parts: dict[str, Decimal] = defaultdict(Decimal)
    for row in compiled.tables.funding:
        if row.project_id.startswith("chongqing-2024-key"):
            parts[row.source] += row.amount_yuan or 0
    assert parts == {"own": Decimal("22893333000"), "to_lower": Decimal("16794206300")}


def test_catalogues(compiled: Compiled) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in compiled.tables.catalogue:
        sums[row.document_id] += row.amount_yuan or 0
    assert sums == {"wansheng-2025-key": 728_419_000, "chongqing-2024-key": 39_687_539_300}
    unmatched = [(row.document_id, row.serial_no) for row in compiled.tables.catalogue if row.project_id is None]
    assert unmatched == [("wansheng-2025-key", 19)]


def test_what_the_documents_state_of_themselves(compiled: Compiled) -> None:
    stated = {
        row.document_id: (row.stated_projects, row.stated_total_yuan)
        for row in compiled.tables.documents
        if row.stated_projects or row.stated_total_yuan
    }
    assert stated == {
        "wansheng-2025-key": (None, Decimal(728_420_000)),
        "chongqing-2024-key": (82, Decimal(39_687_000_000)),
    }


@pytest.mark.parametrize("document_id", COUNTS)
def test_what_does_not_agree(document_id: str, compiled: Compiled) -> None:
    found = [
        (row.line, row.project_id and int(row.project_id[-3:]), row.code, row.expected, row.actual)
        for row in compiled.tables.findings
        if row.document_id == document_id and row.code not in NOT_RECONCILIATION
    ]
    assert found == DISAGREEMENTS.get(document_id, [])


def test_the_form_that_the_catalogue_has_and_the_one_it_has_not(compiled: Compiled) -> None:
    messages = {row.code: row.message for row in compiled.tables.findings if row.document_id == "wansheng-2025-key"}
    assert "城乡环境管理专项" in messages["catalogue-missing-form"]
    assert "教育均衡发展提升改造专项" in messages["form-missing-catalogue"]


def test_one_project_goes_on_over_two_years(compiled: Compiled) -> None:
    series: dict[str, list[str]] = defaultdict(list)
    for project in compiled.tables.projects:
        series[project.series_id].append(project.project_id)
    joined = [members for members in series.values() if len(members) > 1]
    assert joined == [["changshou-2023-finance-001", "changshou-2024-key-018"]]
    assert {project.name for project in compiled.tables.projects if project.project_id in joined[0]} == {"巨灾保险项目"}


def test_every_filled_cell_is_read_or_furniture(compiled: Compiled) -> None:
    for row in compiled.tables.coverage:
        assert row.cells == row.read + row.furniture + row.reported
        assert row.reported == 0
        assert row.read > row.furniture
    assert sum(row.cells for row in compiled.tables.coverage) == 13_475


def test_ids(compiled: Compiled) -> None:
    for project in compiled.tables.projects:
        assert project.project_id == f"{project.document_id}-{project.form_no:03d}"
    positions = Counter[str]()
    for indicator in compiled.tables.indicators:
        positions[indicator.project_id] += 1
        assert indicator.position == positions[indicator.project_id]
        assert indicator.indicator_id == f"{indicator.project_id}-{indicator.position:02d}"
    findings = [row.finding_id for row in compiled.tables.findings]
    assert len(findings) == len(set(findings))


def test_each_figure_stands_on_the_line_it_names(compiled: Compiled) -> None:
    documents = {project.project_id: project.document_id for project in compiled.tables.projects}
    places = [(row.project_id, row.line, row.amount_as_filed) for row in compiled.tables.funding]
    places += [(row.project_id, row.line, row.name) for row in compiled.tables.indicators]
    for project_id, line, text in places:
        shown = compiled.lines[documents[project_id]][line - 1].text
        assert text[0] in shown, (project_id, line, text, shown)


def test_no_mobile_number_is_published(compiled: Compiled) -> None:
    phones = [project.contact_phone or "" for project in compiled.tables.projects]
    assert sum("****" in phone for phone in phones) == 41
    published = [line.text for lines in compiled.lines.values() for line in lines]
    for rows in compiled.tables.by_name().values():
        published += [value for row in rows for value in asdict(row).values() if isinstance(value, str)]  # type: ignore[call-overload]
    assert [text for text in published if re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)] == []


def test_every_department_has_a_sector(compiled: Compiled) -> None:
    assert [row.name for row in compiled.tables.departments if row.sector_id is None] == []
    assert {project.department_id for project in compiled.tables.projects} == {
        row.department_id for row in compiled.tables.departments
    }


def test_the_committed_dataset_is_what_is_compiled(compiled: Compiled, tmp_path: Path) -> None:
    store.write(compiled.tables.by_name(), load_schemas(DATA / "schemas"), tmp_path / "dataset")
    made = {path.name: path.read_bytes() for path in (tmp_path / "dataset").iterdir()}
    committed = {path.name: path.read_bytes() for path in (DATA / "dataset").iterdir()}
    assert sorted(made) == sorted(committed)
    for name, content in made.items():
        assert content == committed[name], (
            f"data/dataset/{name} 不是由 data/sources 生成的：运行 python -m builder build"
        )


@pytest.mark.long
def test_a_build_compiles_the_same(compiled: Compiled, settings: Settings) -> None:
    assert compiling.compile_dataset(settings, lambda message: None) == compiled
