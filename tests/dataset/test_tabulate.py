"""Forms as filed → tables: the edges at which an amount is summed, a row matched, a name told apart."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pytest

from builder.dataset.compile import Compiled
from builder.dataset.naming import sector_of, series_key, split_code
from builder.dataset.rows import CatalogueRow, CorrectionRow, Coverage, Tables
from builder.dataset.tabulate import Tabulated, tabulate
from builder.faults import SettingsFault
from builder.model import Document, Extract, Filed, FiledEntry, FiledForm, Finding, Stated
from builder.settings import Settings
from builder.settings.manifest import Correction, SeriesRule
from builder.settings.places import Sector
from builder.text import fold

DOCUMENT = Document("doc", "changshou", 2024, "题", "局", Path("doc.txt"), "text/plain", "0" * 64, 1)
LATER = replace(DOCUMENT, document_id="later", year=2025)


def filed(text: str, label: str = "标签", line: int = 5, unit: str | None = None) -> Filed:
    return Filed(text, line, label, unit)


def row(name: str = "改造户数", **cells: str) -> Mapping[str, Filed]:
    """A row of the indicator table, with a weight unless another is given."""
    printed = {"name": name, "comparison": "≥", "target": "20", "unit": "户", "weight": "90", **cells}
    return {field: filed(text, field) for field, text in printed.items() if text}


def form(
    number: int = 1,
    *,
    form_type: str = "special_fund",
    funding: Sequence[tuple[str, Filed]] = (),
    indicators: Sequence[Mapping[str, Filed]] | None = None,
    others: Sequence[tuple[int | None, Filed]] = (),
    places: Sequence[str] = ("name", "department", "budget", "indicator.name", "indicator.weight"),
    **fields: str | Filed | None,
) -> FiledForm:
    """A sound form of 20 万元; a field given as ``None`` is not printed."""
    printed = {
        "name": "危房改造",
        "department": "长寿区财政局",
        "budget": filed("20", "预算（万元）", unit="万元"),
        **fields,
    }
    return FiledForm(
        number,
        "绩效目标表",
        form_type,
        {name: filed(value, name) if isinstance(value, str) else value for name, value in printed.items() if value},
        tuple(funding),
        (row(),) if indicators is None else tuple(indicators),
        tuple(others),
        number,
        number + 8,
        number,
        frozenset(places),
    )


def listed(name: str, line: int, amount: str | None = "20.0", department: str = "长寿区财政局") -> FiledEntry:
    cells = {"serial_no": str(line), "name": name, "department": department, "amount": amount}
    return FiledEntry({key: filed(text, key, line) for key, text in cells.items() if text}, line, False)


def extract(
    *forms: FiledForm,
    catalogue: Sequence[FiledEntry] = (),
    unit: str | None = "万元",
    stated: Sequence[Stated] = (),
) -> Extract:
    return Extract(forms, tuple(catalogue), unit, tuple(stated), (), 0, 0, 0, 0)


@pytest.fixture
def alone(settings: Settings) -> Settings:
    return replace(settings, documents=(DOCUMENT, LATER), corrections=(), series=())


def made(
    settings: Settings, *forms: FiledForm, catalogue: Sequence[FiledEntry] = (), unit: str | None = "万元"
) -> Tabulated:
    return tabulate([(DOCUMENT, extract(*forms, catalogue=catalogue, unit=unit))], settings)


def codes(tabulated: Tabulated) -> list[str]:
    return [finding.code for finding in tabulated.findings]


# Amounts


def test_a_sum_printed_beside_its_parts_is_counted_once(alone: Settings) -> None:
    parts = [("fiscal", filed("20", "财政拨款")), ("fiscal_part", filed("20", "一般公共预算"))]
    result = made(alone, form(funding=parts)).tables
    assert [(row.source, row.label_as_filed, row.amount_yuan) for row in result.funding] == [
        ("fiscal", "财政拨款", 200_000)
    ]
    assert [(row.label_as_filed, row.value) for row in result.attributes] == [("一般公共预算", "20")]


def test_parts_without_their_sum_are_the_sources(alone: Settings) -> None:
    parts = [("fiscal_part", filed("15", "一般公共预算")), ("fiscal_part", filed("5", "政府性基金", line=6))]
    result = made(alone, form(funding=parts)).tables
    assert [(row.source, row.amount_yuan) for row in result.funding] == [("fiscal", 150_000), ("fiscal", 50_000)]
    assert result.attributes == ()


@pytest.mark.parametrize(
    ("budget", "over", "yuan", "unit", "digit"),
    [
        (filed("20.50", unit="万元"), None, "205000", "万元", "100"),
        (filed("20.5", unit="万元"), "单位：元", "205000", "万元", "1000"),
        (filed("20.5"), "单位：元", "20.5", "元", "0.1"),
        (filed("20.5"), "单位：万元", "205000", "万元", "1000"),
        (filed("2亿元", unit="万元"), None, "200000000", "亿元", "100000000"),
        (filed("0", unit="万元"), None, "0", "万元", "10000"),
    ],
)
def test_a_budget_in_its_unit(
    budget: Filed, over: str | None, yuan: str, unit: str, digit: str, alone: Settings
) -> None:
    result = made(alone, form(budget=budget, unit=over))
    (project,) = result.tables.projects
    assert (project.budget_yuan, project.unit_as_filed) == (Decimal(yuan), unit)
    assert project.budget_as_filed == budget.text
    assert result.precision["doc-001"] == Decimal(digit)
    assert codes(result) == []


def test_an_amount_without_a_unit_is_no_amount(alone: Settings) -> None:
    result = made(alone, form(budget=filed("20")))
    (project,) = result.tables.projects
    assert (project.budget_yuan, project.budget_as_filed, project.unit_as_filed) == (None, "20", None)
    assert [(found.code, found.details["field"], found.line) for found in result.findings] == [
        ("heading-missing", "金额单位", 5)
    ]
    assert "doc-001" not in result.precision


def test_a_part_is_in_the_unit_of_the_whole(alone: Settings) -> None:
    parts = [("own", filed("5")), ("to_lower", filed("150000", unit="元"))]
    assert [row.amount_yuan for row in made(alone, form(funding=parts)).tables.funding] == [50_000, 150_000]


@pytest.mark.parametrize("text", ["待定", "20万人", "1,23"])
def test_an_amount_that_is_none_is_left_empty_and_said(text: str, alone: Settings) -> None:
    result = made(alone, form(budget=filed(text, "预算 金额", unit="万元")))
    (project,) = result.tables.projects
    assert (project.budget_yuan, project.budget_as_filed) == (None, text)
    assert result.findings == (
        Finding("value-unparsed", "doc", 5, "doc-001", None, None, text, {"field": "预算金额", "text": text}),
    )


# The catalogue


@pytest.mark.parametrize(("amount", "matched"), [("20.0", True), ("20.1", True), ("19.9", True), ("20.2", False)])
def test_an_amount_agrees_to_one_unit_of_its_last_digit(amount: str, matched: bool, alone: Settings) -> None:
    entries = [listed("妇女发展", 1), listed("城镇危房", 2, amount)]
    result = made(alone, form(1, name="妇女发展"), form(2), catalogue=entries).tables
    assert [row.project_id for row in result.catalogue] == ["doc-001", "doc-002" if matched else None]


def test_a_form_that_bears_a_listed_name_is_not_taken_by_another_row(alone: Settings) -> None:
    result = made(alone, form(), catalogue=[listed("危房改造", 1), listed("城镇危房", 2)]).tables
    assert [row.project_id for row in result.catalogue] == ["doc-001", None]


def test_another_department_is_no_match(alone: Settings) -> None:
    result = made(alone, form(), catalogue=[listed("城镇危房", 1, department="长寿区民政局")]).tables
    assert [row.project_id for row in result.catalogue] == [None]


def test_two_forms_that_a_row_could_mean_are_no_match(alone: Settings) -> None:
    by_name = made(alone, form(1), form(2), catalogue=[listed("危房 改造", 1)]).tables
    by_amount = made(alone, form(1, name="甲"), form(2, name="乙"), catalogue=[listed("丙", 1)]).tables
    assert [row.project_id for row in (*by_name.catalogue, *by_amount.catalogue)] == [None, None]


def test_many_rows_without_their_form_take_no_time_by_the_square(alone: Settings) -> None:
    forms = [form(number, name=f"甲{number}", budget=filed(f"{number}", unit="万元")) for number in range(1, 4_001)]
    rows = [listed(f"乙{number}", number, f"{number}") for number in range(1, 4_001, 3)]
    start = time.process_time()
    found = made(alone, *forms, catalogue=rows).tables.catalogue
    assert time.process_time() - start < 4
    # Each is within a unit of the last digit of three forms.
    assert {row.project_id for row in found[1:]} == {None}


def test_a_row_of_the_catalogue_as_a_whole(alone: Settings) -> None:
    cells = {
        "serial_no": "3",
        "name": "危房 改造",
        "department": "区财政局",
        "amount": "20",
        "own": "12",
        "to_lower": "8",
    }
    entry = FiledEntry({key: filed(text, key, 7) for key, text in cells.items()}, 7, False)
    result = made(alone, form(), catalogue=[entry])
    assert result.tables.catalogue == (
        CatalogueRow(
            document_id="doc",
            serial_no=3,
            name="危房改造",
            department_as_filed="区财政局",
            amount_yuan=Decimal(200_000),
            own_yuan=Decimal(120_000),
            to_lower_yuan=Decimal(80_000),
            project_id="doc-001",
            line=7,
        ),
    )
    assert origins(result, "doc|3|7") == {
        "serial_no": ("serial_no", "3", None),
        "name": ("name", "危房 改造", "清理：合并换行和空格"),
        "department_as_filed": ("department", "区财政局", None),
        "amount_yuan": ("amount", "20", "单位：万元换算成元"),
        "own_yuan": ("own", "12", "单位：万元换算成元"),
        "to_lower_yuan": ("to_lower", "8", "单位：万元换算成元"),
    }


def test_an_indicator_as_a_whole(alone: Settings) -> None:
    cells = row(level1="产出", level2="数量", target="3", unit="万户", is_core="是")
    (indicator,) = made(alone, form(indicators=[cells])).tables.indicators
    assert (indicator.indicator_id, indicator.project_id, indicator.position) == ("doc-001-01", "doc-001", 1)
    assert (indicator.level1, indicator.level2, indicator.name) == ("产出", "数量", "改造户数")
    assert (indicator.comparison_as_filed, indicator.target_as_filed, indicator.line) == ("≥", "3", 5)
    assert (indicator.base_value, indicator.base_unit, indicator.weight) == (30_000, "户", 90)


def test_a_project_as_a_whole(alone: Settings) -> None:
    whole = form(
        3,
        serial_no="7",
        project_code="5001",
        implementing_unit="危改办",
        execution_weight="10",
        overview="概\n况",
        basis="依据",
        goal="目标",
    )
    (project,) = made(alone, whole).tables.projects
    assert (project.project_id, project.document_id, project.region_id, project.year) == (
        "doc-003",
        "doc",
        "changshou",
        2024,
    )
    assert (project.form_type, project.form_no, project.serial_no, project.project_code) == (
        "special_fund",
        3,
        7,
        "5001",
    )
    assert (project.department_id, project.implementing_unit) == ("changshou-caizhengju", "危改办")
    assert (project.execution_weight, project.overview, project.basis, project.goal) == (10, "概\n况", "依据", "目标")
    assert (project.line_start, project.line_end) == (3, 11)


def test_the_forms_of_another_document_are_no_match(alone: Settings) -> None:
    later = extract(catalogue=[listed("危房改造", 1)])
    result = tabulate([(DOCUMENT, extract(form())), (LATER, later)], alone).tables
    assert [row.project_id for row in result.catalogue] == [None]


def test_the_printed_sum_of_a_catalogue_is_the_documents_total(alone: Settings) -> None:
    total = FiledEntry({"amount": filed("1,234.5", "金额", 9)}, 9, True)
    result = made(alone, form(), catalogue=[listed("危房改造", 1), total])
    assert result.tables.documents[0].stated_total_yuan == 12_345_000
    assert result.precision["doc"] == 1_000
    assert len(result.tables.catalogue) == 1
    assert made(alone, form(), catalogue=[total], unit=None).tables.documents[0].stated_total_yuan is None


def test_what_the_text_states_goes_before_the_catalogues_sum(alone: Settings) -> None:
    stated = (Stated("total", filed("0.3", unit="亿元")), Stated("projects", filed("12")))
    total = FiledEntry({"amount": filed("5", "金额", 9)}, 9, True)
    result = tabulate([(DOCUMENT, extract(form(), catalogue=[total], stated=stated))], alone)
    (document,) = result.tables.documents
    assert (document.stated_total_yuan, document.stated_projects) == (30_000_000, 12)
    assert result.precision["doc"] == 10_000_000
    assert origins(result, "doc") == {
        "stated_total_yuan": ("标签", "0.3", "单位：亿元换算成元"),
        "stated_projects": ("标签", "12", None),
    }


def test_a_total_that_is_no_number_is_said(alone: Settings) -> None:
    stated = (Stated("total", filed("若干", unit="亿元")), Stated("own", filed("不详", unit="亿元")))
    result = tabulate([(DOCUMENT, extract(form(), stated=stated))], alone)
    assert result.tables.documents[0].stated_total_yuan is None
    assert [(found.code, found.actual, found.project_id) for found in result.findings] == [
        ("value-unparsed", "若干", None),
        ("value-unparsed", "不详", None),
    ]


def test_what_the_manifest_and_the_maintained_files_say_is_a_table_too(alone: Settings) -> None:
    document = replace(DOCUMENT, source_url="https://a.cn/1.pdf", retrieved_on="2024-03-01", sha256="0a" * 32, bytes=9)
    read = replace(extract(form()), cells=9, read=6, furniture=2, reported=1)
    tables = tabulate([(document, read)], alone).tables
    assert tables.coverage == (Coverage("doc", 9, 6, 2, 1),)
    (row,) = tables.documents
    assert (row.document_id, row.region_id, row.year, row.title, row.publisher) == (
        "doc",
        "changshou",
        2024,
        "题",
        "局",
    )
    assert (row.source_url, row.file, row.media_type) == ("https://a.cn/1.pdf", "doc.txt", "text/plain")
    assert (row.sha256, row.bytes, row.retrieved_on) == ("0a" * 32, 9, "2024-03-01")
    assert {region.region_id: region.name for region in tables.regions} == {
        key: region.name for key, region in alone.regions.items()
    }
    assert {sector.sector_id: sector.cofog for sector in tables.sectors} == {
        key: sector.cofog for key, sector in alone.sectors.items()
    }


# Names, codes, departments


@pytest.mark.parametrize(
    ("printed", "code", "name"),
    [
        ("50011524T000004321-危房改造", "50011524T000004321", "危房改造"),
        ("50011524T000004321 — 危房改造", "50011524T000004321", "危房改造"),
        ("ABCDEFGHIJ-危房改造", None, "ABCDEFGHIJ-危房改造"),
        ("123456789-危房改造", None, "123456789-危房改造"),
        ("危房\n 改造", None, "危房改造"),
        ("<p>危房改造</p>", None, "危房改造"),
    ],
)
def test_a_code_before_a_name(printed: str, code: str | None, name: str, alone: Settings) -> None:
    (project,) = made(alone, form(name=printed)).tables.projects
    assert (project.project_code, project.name, project.name_as_filed) == (code, name, printed)


def test_a_form_without_a_name(alone: Settings) -> None:
    result = made(
        alone, form(name=None), form(2, name=None, form_type="department_overall", department="211-长寿区财政局")
    )
    assert [(row.name, row.name_as_filed) for row in result.tables.projects] == [
        ("（没有读到项目名称）", None),
        ("长寿区财政局绩效目标", "绩效目标表"),
    ]
    assert [(found.code, found.details["field"], found.line) for found in result.findings] == [
        ("field-missing", "项目名称", 1)
    ]
    assert codes(made(alone, form(name=None, places=["budget"]))) == ["heading-missing"]


def test_spellings_of_one_department_are_one(alone: Settings) -> None:
    names = ["211-长寿区财政局", "长寿区财政局", "区财政局", "重庆市长寿区财政局"]
    result = made(alone, *(form(place, name=f"项目{place}", department=name) for place, name in enumerate(names, 1)))
    (department,) = result.tables.departments
    assert (department.department_id, department.name) == ("changshou-caizhengju", "重庆市长寿区财政局")
    assert (department.code, department.sector_id) == ("211", "economy-and-finance")
    assert department.names_as_filed == "|".join(names)


def test_the_first_of_names_as_long_is_shown(alone: Settings) -> None:
    result = made(alone, form(1, department="县财政局"), form(2, name="乙", department="区财政局")).tables
    assert [department.name for department in result.departments] == ["县财政局"]


def test_a_department_that_no_sector_knows_is_said_once(alone: Settings) -> None:
    forms = (form(place, name=f"项目{place}", department="长寿区神秘处") for place in (1, 2))
    result = made(alone, *forms)
    assert [(found.code, found.line, found.details) for found in result.findings] == [
        ("department-unmapped", 1, {"name": "长寿区神秘处"})
    ]


def test_a_form_without_a_department_is_said(alone: Settings) -> None:
    result = made(alone, form(department=None))
    assert result.tables.projects[0].department_id is None
    assert [(found.code, found.details["field"], found.line) for found in result.findings] == [
        ("field-missing", "主管部门", 1)
    ]
    assert made(alone, form(department=None, reporting_unit="长寿区财政局")).tables.projects[0].department_id == (
        "changshou-caizhengju"
    )


def sector(sector_id: str, *keywords: str) -> Sector:
    return Sector(
        sector_id=sector_id, name=sector_id, name_en=sector_id, function_code="201", cofog="01", keywords=keywords
    )


def test_two_sectors_as_near_are_none() -> None:
    sectors = {one.sector_id: one for one in (sector("money", "财政"), sector("trade", "商务"), sector("rest", "局"))}
    assert sector_of("财政商务局", sectors) is None
    assert sector_of("财政局", sectors) == "money"
    assert sector_of("某局", sectors) == "rest"
    assert sector_of("某处", sectors) is None
    assert sector_of("财政商务局", {**sectors, "both": sector("both", "财政商务")}) == "both"


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("211-财政局", "211", "财政局"),
        ("21-财政局", None, "21-财政局"),
        ("211001 —— 局", "211001", "局"),
        ("211-5", None, "211-5"),
    ],
)
def test_a_unit_code_before_a_name(text: str, code: str | None, name: str) -> None:
    assert split_code(text) == (code, name)


# Series


def test_the_same_project_of_two_years_is_one_series(alone: Settings) -> None:
    result = tabulate(
        [(DOCUMENT, extract(form())), (LATER, extract(form(name="2025年度危房改造（续建）")))], alone
    ).tables
    assert [project.series_id for project in result.projects] == ["changshou-caizhengju-weifanggaizao"] * 2


def test_two_of_a_name_in_one_year_are_two_series(alone: Settings) -> None:
    result = made(alone, form(1), form(2)).tables
    assert [project.series_id for project in result.projects] == ["changshou-caizhengju-weifanggaizao", "doc-002"]


def test_a_departments_whole_budget_continues_no_project(alone: Settings) -> None:
    result = made(alone, form(1), form(2, form_type="department_overall")).tables
    assert [project.series_id for project in result.projects] == [
        "changshou-caizhengju-weifanggaizao",
        "changshou-caizhengju-overall-weifanggaizao",
    ]


def test_a_name_of_nothing_but_a_year_stays() -> None:
    assert series_key("2024年度") == "2024年度"
    assert series_key("2024年（二期）（续建）危房(甲)(乙)") == "(二期)(续建)危房"


def test_a_person_joins_and_separates(alone: Settings) -> None:
    both = [(DOCUMENT, extract(form(1), form(2, name="道路"))), (LATER, extract(form(1), form(2, name="公路")))]
    rules = (SeriesRule(("doc-002", "later-002"), True, "改名"), SeriesRule(("later-001",), False, "改名"))
    result = tabulate(both, replace(alone, series=rules)).tables
    assert [project.series_id for project in result.projects] == [
        "changshou-caizhengju-weifanggaizao",
        "changshou-caizhengju-daolu",
        "later-001",
        "changshou-caizhengju-daolu",
    ]
    with pytest.raises(SettingsFault, match="没有项目 doc-009"):
        tabulate(both, replace(alone, series=(SeriesRule(("doc-009", "doc-001"), True, "改名"),)))


# Corrections


def correction(record: str = "doc-001-01", field: str = "weight", was: str = "9O", is_: str = "90") -> Correction:
    return Correction(
        **{"record": record, "field": field, "was": was, "is": is_, "reason": "字母", "evidence": "第 5 行"}
    )


def test_a_correction_replaces_what_was_read(alone: Settings) -> None:
    wrong = form(indicators=[row(weight="9O"), row("满意度", weight="9O")])
    result = made(replace(alone, corrections=(correction(),)), wrong)
    assert [indicator.weight for indicator in result.tables.indicators] == [90, None]
    assert codes(result) == ["value-unparsed"]
    assert result.tables.corrections == (CorrectionRow("doc-001-01", "weight", "9O", "90", "字母", "第 5 行"),)


def test_a_corrected_target_is_taken_apart_anew(alone: Settings) -> None:
    fixed = replace(alone, corrections=(correction(field="target_value", was="2O户", is_="20户"),))
    result = made(fixed, form(indicators=[row(target="2O户", unit="")]))
    (indicator,) = result.tables.indicators
    assert (indicator.target_value, indicator.unit, indicator.target_as_filed) == (20, "户", "2O户")
    assert origins(result, "doc-001-01")["target_value"] == (
        "target",
        "2O户",
        "更正：data/corrections.yml 第 1 条，字母",
    )


def test_a_row_without_an_id_is_corrected_by_its_key(alone: Settings) -> None:
    parts = [("own", filed("1O", "区级资金", 6)), ("to_lower", filed("10", "补助街镇", 7))]
    fixed = replace(alone, corrections=(correction("doc-001|区级资金|6", "amount_yuan", "1O", "10"),))
    result = made(fixed, form(funding=parts))
    assert [(row.amount_yuan, row.amount_as_filed) for row in result.tables.funding] == [
        (100_000, "1O"),
        (100_000, "10"),
    ]
    assert origins(result, "doc-001|区级资金|6")["amount_yuan"][2] == (
        "更正：data/corrections.yml 第 1 条，字母|单位：万元换算成元"
    )


def test_what_was_printed_stays_beside_a_correction(alone: Settings) -> None:
    stale = replace(alone, corrections=(correction("doc-001", "budget_yuan", "２０", "30"),))
    (project,) = made(stale, form()).tables.projects
    assert (project.budget_yuan, project.budget_as_filed) == (300_000, "20")


@pytest.mark.parametrize(
    "item",
    [correction(was="8O"), correction("doc-001-09"), correction("doc-001", "weight"), correction(field="无此栏")],
)
def test_a_correction_that_fits_nothing_stops_the_build(item: Correction, alone: Settings) -> None:
    with pytest.raises(SettingsFault, match=r"corrections\.yml：第 1 条"):
        made(replace(alone, corrections=(item,)), form(indicators=[row(weight="9O")]))


# Indicators


@pytest.mark.parametrize(
    ("cells", "expected", "found"),
    [
        ({}, ("ge", Decimal(20), "户", None, None), []),
        ({"target": "95%", "unit": "%"}, ("ge", Decimal(95), "%", None, None), ["unit-in-value"]),
        ({"target": "95%", "unit": ""}, ("ge", Decimal(95), "%", None, None), []),
        ({"target": "≥95", "unit": "%"}, ("ge", Decimal(95), "%", None, None), ["sign-in-value"]),
        ({"comparison": "", "target": "≤95", "unit": "%"}, ("le", Decimal(95), "%", None, None), ["sign-in-value"]),
        ({"comparison": "", "target": "显著提升", "unit": ""}, ("qualitative", None, None, None, None), []),
        ({"comparison": "", "target": "95", "unit": "%"}, (None, Decimal(95), "%", None, None), []),
        ({"comparison": "定性", "target": "优", "unit": "无"}, ("qualitative", None, None, None, None), []),
        ({"target": "3", "unit": "万人次"}, ("ge", Decimal(3), "万人次", Decimal(30000), "人次"), []),
        ({"target": "3", "unit": "亿"}, ("ge", Decimal(3), "亿", Decimal(300_000_000), None), []),
        ({"target": "", "unit": "户"}, ("ge", None, "户", None, None), ["field-missing"]),
        ({"comparison": "约"}, (None, Decimal(20), "户", None, None), ["value-unparsed"]),
    ],
)
def test_a_target_and_its_unit(
    cells: dict[str, str], expected: tuple[object, ...], found: list[str], alone: Settings
) -> None:
    result = made(alone, form(indicators=[row(**cells)]))
    (made_of,) = result.tables.indicators
    assert (made_of.comparison, made_of.target_value, made_of.unit, made_of.base_value, made_of.base_unit) == expected
    assert codes(result) == found


def test_a_unit_in_the_value_is_told_with_what_was_expected(alone: Settings) -> None:
    (found,) = made(alone, form(indicators=[row(target="95.50%", unit="%")])).findings
    assert (found.expected, found.actual, found.indicator_id, found.project_id) == (
        "95.5",
        "95.50%",
        "doc-001-01",
        "doc-001",
    )


def test_a_target_that_is_missing_is_named(alone: Settings) -> None:
    (found,) = made(alone, form(indicators=[row(target="")])).findings
    assert (found.details, found.line, found.indicator_id) == ({"field": "指标值"}, 5, "doc-001-01")


def test_weights_that_are_missing(alone: Settings) -> None:
    one = made(alone, form(indicators=[row(), row("满意度", weight="")]))
    assert [(found.code, found.indicator_id) for found in one.findings] == [("field-missing", "doc-001-02")]
    none = made(alone, form(indicators=[row(weight=""), row("满意度", weight="")]))
    assert [(found.code, found.indicator_id, found.project_id) for found in none.findings] == [
        ("field-missing", None, "doc-001")
    ]
    unprinted = form(indicators=[row(weight="")], places=["indicator.name"])
    assert codes(made(alone, unprinted)) == ["heading-missing"]


@pytest.mark.parametrize(
    ("places", "found"),
    [
        (["indicator.name"], ["indicators-missing"]),  # a header without rows
        ([], ["heading-missing"]),  # no header that we know
        (["indicator.name", "indicator.unread"], []),  # rows that could not be read, which is said of each
    ],
)
def test_a_form_without_indicators(places: list[str], found: list[str], alone: Settings) -> None:
    assert codes(made(alone, form(indicators=[], places=places))) == found


@pytest.mark.parametrize(
    ("printed", "weight"), [("90", "90"), ("90%", "90"), ("90分", "90"), ("９０", "90"), ("4.5", "4.5")]
)
def test_a_weight_as_printed(printed: str, weight: str, alone: Settings) -> None:
    result = made(alone, form(indicators=[row(weight=printed)], execution_weight=printed))
    assert result.tables.indicators[0].weight == result.tables.projects[0].execution_weight == Decimal(weight)


def test_core_or_not_or_not_said(alone: Settings) -> None:
    rows = [row("甲", is_core="是"), row("乙", is_core="否"), row("丙", is_core=""), row("预算执行率", is_core="也许")]
    result = made(alone, form(indicators=rows))
    assert [one.is_core for one in result.tables.indicators] == [True, False, None, None]
    assert [one.is_execution_rate for one in result.tables.indicators] == [False, False, False, True]
    assert [found.actual for found in result.findings] == ["也许"]


# People, texts, what has no column


@pytest.mark.parametrize(
    ("printed", "name", "phone", "found"),
    [
        ({"contact_name": "张三", "contact_phone": "40232529"}, "张三", "40232529", []),
        ({"contact": "张三 023-40232529"}, "张三", "023-40232529", []),
        ({"contact": "张三、40232529", "contact_name": "李四"}, "李四", "40232529", []),
        ({"contact": "张三"}, "张三", None, []),
        ({"contact": "40232529"}, None, "40232529", []),
        ({"contact_phone": "402325"}, None, "402325", ["phone-malformed"]),
        ({"contact_phone": "138****5678"}, None, "138****5678", []),
    ],
)
def test_who_to_ask(
    printed: dict[str, str], name: str | None, phone: str | None, found: list[str], alone: Settings
) -> None:
    result = made(alone, form(**printed))  # type: ignore[arg-type]
    (project,) = result.tables.projects
    assert (project.contact_name, project.contact_phone, codes(result)) == (name, phone, found)


def test_a_malformed_phone_is_named_with_its_line(alone: Settings) -> None:
    (found,) = made(alone, form(contact=filed("张三 0234-0255", "联系人", 9))).findings
    assert (found.code, found.line, found.actual) == ("phone-malformed", 9, "0234-0255")


def test_who_to_ask_can_be_corrected(alone: Settings) -> None:
    fixed = replace(alone, corrections=(correction("doc-001", "contact_phone", "张三 4O232529", "张三 40232529"),))
    (project,) = made(fixed, form(contact="张三 4O232529")).tables.projects
    assert (project.contact_name, project.contact_phone) == ("张三", "40232529")


def test_markup_is_taken_out_of_a_text_and_said(alone: Settings) -> None:
    result = made(alone, form(goal="<p>甲</p><p>乙 $\\geq$ 3</p>"))
    assert result.tables.projects[0].goal == "甲\n乙 ≥ 3"
    assert [(found.code, found.details["marks"]) for found in result.findings] == [
        ("text-markup", "<p> </p> \\geq $\\geq$")
    ]


def test_a_year_goal_goes_before_the_whole_periods(alone: Settings) -> None:
    both = made(alone, form(goal="年度", goal_overall="三年")).tables
    assert both.projects[0].goal == "年度"
    assert [(row.label_as_filed, row.value) for row in both.attributes] == [("goal_overall", "三年")]
    alone_there = made(alone, form(goal_overall="三年")).tables
    assert (alone_there.projects[0].goal, alone_there.attributes) == ("三年", ())


def test_what_has_no_column_is_kept_in_the_order_printed(alone: Settings) -> None:
    others = [(1, filed("说明", "备 注", 9)), (None, filed("甲", "期限", 3)), (None, filed("<p></p>", "空", 4))]
    result = made(alone, form(others=others, period="一年")).tables
    assert [(row.position, row.indicator_id, row.label_as_filed, row.value, row.line) for row in result.attributes] == [
        (1, None, "期限", "甲", 3),
        (3, None, "period", "一年", 5),
        (4, "doc-001-01", "备注", "说明", 9),
    ]


def test_each_policy_that_a_basis_cites(alone: Settings) -> None:
    basis = "《关于危房改造的通知》（渝府办发〔2017〕121号）、《预算法》"
    result = made(alone, form(basis=basis)).tables
    assert [(row.position, row.document_number, row.title) for row in result.citations] == [
        (1, "渝府办发〔2017〕121号", "关于危房改造的通知"),
        (2, None, "预算法"),
    ]


def test_an_empty_cell_is_none(alone: Settings) -> None:
    (project,) = made(alone, form(implementing_unit=" \u3000", overview="<p> </p>", serial_no=" ")).tables.projects
    assert (project.implementing_unit, project.overview, project.serial_no) == (None, None, None)


# Where each value comes from

# What the dataset gives a row of itself: identity, place, and what is made of other rows.
GIVEN = {
    *("project_id", "document_id", "region_id", "year", "form_type", "form_no", "series_id", "line_start", "line_end"),
    *("indicator_id", "position", "is_execution_rate", "label_as_filed", "line"),
    *("unit_id", "kind", "kind_method", "policy_id"),
}
# The value that each printed text stands beside.
BESIDE = {
    "name_as_filed": "name",
    "budget_as_filed": "budget_yuan",
    "amount_as_filed": "amount_yuan",
    "comparison_as_filed": "comparison",
    "target_as_filed": "target_value",
    "number_as_filed": "document_number",
}
# A table's key, as the record of where its values come from names a row.
KEYS = {
    "projects": ("project_id",),
    "indicators": ("indicator_id",),
    "funding": ("project_id", "label_as_filed", "line"),
    "citations": ("project_id", "position"),
    "attributes": ("project_id", "position"),
    "catalogue": ("document_id", "serial_no", "line"),
}


def without_origin(tables: Tables) -> set[str]:
    """The columns with a value, somewhere, of which no cell is on record."""
    known = {(item.table, item.record_id, item.field) for item in tables.provenance}
    missing = set()
    for table, key in KEYS.items():
        for one in tables.by_name()[table]:
            record = "|".join("" if (part := getattr(one, name)) is None else str(part) for name in key)
            for column in fields(one):
                names = {(table, record, column.name), (table, record, BESIDE.get(column.name, ""))}
                if column.name not in GIVEN and getattr(one, column.name) is not None and not names & known:
                    missing.add(f"{table}.{column.name}")
    return missing


def test_every_value_of_the_five_documents_is_on_record(compiled: Compiled) -> None:
    assert without_origin(compiled.tables) == set()
    rows = compiled.tables.provenance
    assert len({(row.table, row.record_id, row.field) for row in rows}) == len(rows)


def test_the_record_names_the_line_that_prints_it(compiled: Compiled) -> None:
    """The printed text begins on that line: it is no guess, so it holds without exception."""
    for row in compiled.tables.provenance:
        line = fold(compiled.lines[row.document_id][row.line - 1].text)
        # A tag that the end of the record cuts is markup too.
        opening = fold(re.sub(r"<[^<>]*$", "", row.printed.splitlines()[0].removesuffix("…")))
        assert opening[:4] in line, row


def test_every_column_that_a_form_can_fill_is_on_record(alone: Settings) -> None:
    whole = form(
        funding=[("own", filed("20", "区级资金"))],
        indicators=[row(level1="产出", level2="数量", is_core="是", target="3万人次", unit="")],
        others=[(1, filed("说明"))],
        serial_no="1",
        project_code="5001",
        implementing_unit="财政局",
        execution_weight="10",
        overview="概况",
        basis="《预算法》（渝府〔2017〕1号）",
        goal="目标",
        contact="张三 40232529",
    )
    tables = made(alone, whole, catalogue=[listed("危房改造", 1)]).tables
    assert without_origin(tables) == set()
    filled = {
        f"{table}.{column.name}"
        for table in KEYS
        for one in tables.by_name()[table]
        for column in fields(one)
        if getattr(one, column.name) is not None
    }
    columns = {f"{table}.{column.name}" for table in KEYS for column in fields(tables.by_name()[table][0])}
    assert columns - filled == {"catalogue.own_yuan", "catalogue.to_lower_yuan"}, "a new column needs a value here"


def origins(tabulated: Tabulated, record_id: str) -> dict[str, tuple[str, str, str | None]]:
    rows = tabulated.tables.provenance
    return {row.field: (row.label_as_filed, row.printed, row.rule) for row in rows if row.record_id == record_id}


def test_the_rules_that_made_a_value(alone: Settings) -> None:
    fixed = replace(alone, corrections=(correction("doc-001", "budget_yuan", "20", "30"),))
    found = origins(made(fixed, form(name="50011524T000004321-危房\n改造", goal="<p>甲</p>")), "doc-001")
    assert found["budget_yuan"] == (
        "预算（万元）",
        "20",
        "更正：data/corrections.yml 第 1 条，字母|单位：万元换算成元",
    )
    assert found["project_code"][2] == "项目代码：取自名称"
    assert found["name"] == ("name", "50011524T000004321-危房\n改造", "名称：去掉前面的项目代码")
    assert found["goal"] == ("goal", "<p>甲</p>", "清理：去掉残留标记 <p> </p>")
    assert found["department_id"][2] == "部门：去掉编码和地区名，按 data/lookups/departments.yml 统一写法"
    assert "serial_no" not in found and "budget_as_filed" not in found


def test_the_rules_of_a_source_and_of_a_name_on_two_lines(alone: Settings) -> None:
    result = made(alone, form(implementing_unit="危改\n办", funding=[("own", filed("20", "区级资金"))]))
    assert origins(result, "doc-001")["implementing_unit"][2] == "清理：合并换行和空格"
    assert origins(result, "doc-001|区级资金|5")["source"] == (
        "区级资金",
        "20",
        "对照：data/labels.yml form.funding.own",
    )


@pytest.mark.parametrize(
    ("cells", "column", "origin"),
    [
        ({}, "comparison", ("comparison", "≥", "对照：data/lookups/tokens.yml comparison.ge")),
        ({"comparison": "", "target": "≤95"}, "comparison", ("target", "≤95", "指标性质：取自指标值")),
        ({"comparison": "", "target": "好"}, "comparison", ("target", "好", "指标性质：没有印，指标值是文字")),
        ({"target": "95%", "unit": ""}, "unit", ("target", "95%", "单位：取自指标值")),
        ({"unit": "万人 次"}, "unit", ("unit", "万人 次", "清理：合并换行和空格")),
        ({"unit": "万人"}, "base_value", ("target", "20", "单位里的万、亿乘进数值")),
        ({"unit": "万人"}, "base_unit", ("unit", "万人", "单位里的万、亿乘进数值")),
        ({"target": "3万人", "unit": ""}, "base_unit", ("target", "3万人", "单位里的万、亿乘进数值")),
        ({"target": "好"}, "target_as_filed", ("target", "好", None)),
        ({"comparison": "约"}, "comparison_as_filed", ("comparison", "约", None)),
        ({"is_core": "否"}, "is_core", ("is_core", "否", "对照：data/lookups/tokens.yml yes_no.false")),
        ({}, "weight", ("weight", "90", None)),
    ],
)
def test_where_a_part_of_an_indicator_comes_from(
    cells: dict[str, str], column: str, origin: tuple[str, str, str | None], alone: Settings
) -> None:
    assert origins(made(alone, form(indicators=[row(**cells)])), "doc-001-01")[column] == origin


def test_the_unit_comes_from_where_it_is_printed(alone: Settings) -> None:
    over = origins(made(alone, form(budget=filed("20", "预算"), unit=filed("单位：万元", "单位", 2))), "doc-001")
    assert over["unit_as_filed"] == ("单位", "单位：万元", None)
    own = origins(made(alone, form(budget=filed("20元", "预算"), unit=filed("单位：万元", "单位", 2))), "doc-001")
    assert (own["unit_as_filed"], own["budget_yuan"]) == (("预算", "20元", None), ("预算", "20元", None))


def test_a_department_that_bears_its_title_for_a_name(alone: Settings) -> None:
    whole = replace(form(name=None, form_type="department_overall"), title_line=3)
    (name,) = (
        item for item in made(alone, whole).tables.provenance if item.field == "name" and item.table == "projects"
    )
    assert (name.line, name.printed, name.rule) == (3, "绩效目标表", "名称：部门加表的标题")


def test_rows_without_an_id_are_named_by_their_key(alone: Settings) -> None:
    entries = [listed("危房改造", 7), replace(listed("道路", 8), fields={"name": filed("道路", line=8)})]
    result = made(alone, form(funding=[("own", filed("20", " 区级资金 "))]), catalogue=entries)
    assert origins(result, "doc-001|区级资金|5")["amount_yuan"] == ("区级资金", "20", "单位：万元换算成元")
    assert origins(result, "doc|7|7")["serial_no"] == ("serial_no", "7", None)
    assert origins(result, "doc||8") == {"name": ("标签", "道路", None)}
