"""A dataset small enough to see at a glance, with everything in it that a format could spoil.

Two regions; 东区 in two years, with one project in both. Texts that look like formulas, links, numbers, markup, missing
values; a phone with a leading zero; an empty budget; fractions of a yuan's hundredth.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

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
    Tables,
    UnitRow,
)

DATA = Path(__file__).resolve().parents[1] / "data"

NUMBER = "渝府办发〔2017〕121号"
FORMULA = '=HYPERLINK("http://example.com","点我")'
RESULT_WORDS = ("name", "implementing_unit", "goal", "goal_result", "grade", "conclusion", "problems", "measures")
NASTY = 'NA\n<script>alert(1)</script>\n"引号", 逗号；{{ 7*7 }} [x](javascript:alert(1))'


def document(document_id: str, region_id: str, year: int, url: str | None = None) -> DocumentRow:
    title = f"{year}年绩效目标"
    return DocumentRow(
        document_id,
        region_id,
        year,
        title,
        "财政局",
        url,
        f"{document_id}.txt",
        "text/plain",
        "0a" * 32,
        99,
        None,
        2,
        None,
        "targets",
        "key_projects",
        "original",
        None,
    )


def project(number: int, document_id: str, region_id: str, year: int, budget: str | None, **changes: object) -> Project:
    project_id = f"{document_id}-{number:03d}"
    fields: dict[str, object] = {
        "project_id": project_id,
        "document_id": document_id,
        "region_id": region_id,
        "year": year,
        "form_type": "special_fund",
        "form_no": number,
        "serial_no": number,
        "project_code": None,
        "name": "农村危房改造",
        "name_as_filed": "农村危房改造",
        "department_id": f"{region_id}-zhujian",
        "implementing_unit": None,
        "budget_yuan": None if budget is None else Decimal(budget),
        "budget_as_filed": None if budget is None else "见原文",
        "unit_as_filed": "万元",
        "execution_weight": Decimal(10),
        "overview": None,
        "basis": None,
        "goal": "改造危房",
        "contact_name": "张三",
        "contact_phone": "02340257077",
        "series_id": project_id,
        "line_start": 1,
        "line_end": 9,
        **changes,
    }
    return Project(**fields)  # type: ignore[arg-type]


def indicator(project_id: str, position: int, name: str, weight: str | None, **changes: object) -> Indicator:
    fields: dict[str, object] = {
        "indicator_id": f"{project_id}-{position:02d}",
        "project_id": project_id,
        "position": position,
        "level1": None,
        "level2": None,
        "name": name,
        "comparison": "ge",
        "comparison_as_filed": "≥",
        "target_as_filed": "95",
        "target_value": Decimal(95),
        "unit": "%",
        "base_value": None,
        "base_unit": None,
        "weight": None if weight is None else Decimal(weight),
        "is_core": None,
        "is_execution_rate": False,
        "line": 5,
        "unit_id": changes.get("unit", "%"),
        "kind": "output",
        "kind_method": "by_name",
        **changes,
    }
    return Indicator(**fields)  # type: ignore[arg-type]


def tables() -> Tables:
    return Tables(
        regions=(
            RegionRow("city", "某市", "municipality", None, "500000", "Some City"),
            RegionRow("east", "东区", "district", "city", "500101", "East District"),
            RegionRow("west", "西区", "development_zone", None, None, "West Zone"),
        ),
        documents=(
            document("east-2024-key", "east", 2024, "https://example.gov.cn/2024.pdf"),
            document("east-2025-key", "east", 2025),
            document("west-2024-key", "west", 2024),
        ),
        sectors=(
            SectorRow("housing", "住房", "Housing", "221", "06"),
            SectorRow("health", "卫生", "Health", "210", "07.3"),
        ),
        departments=(
            Department(
                "east-zhujian",
                "east",
                "东区住建委",
                "334",
                "housing",
                "334-东区住建委|东区住建委",
                "Housing Commission",
            ),
            Department("west-zhujian", "west", "西区住建局", None, None, "西区住建局", "Housing Bureau"),
        ),
        projects=(
            project(1, "east-2024-key", "east", 2024, "1210700.55", series_id="weifang", goal=NASTY),
            project(2, "east-2024-key", "east", 2024, None, name=FORMULA, name_as_filed=FORMULA, serial_no=None),
            project(1, "east-2025-key", "east", 2025, "200000000", series_id="weifang"),
            project(1, "west-2024-key", "west", 2024, "0.1", contact_phone="138****1234", overview="'=已有撇号"),
        ),
        funding=(
            Funding("east-2024-key-001", "own", "区级资金", Decimal("1210700.55"), "121.070055", 3),
            Funding("east-2024-key-001", "upper_grant", "上级补助", None, "待定", 4),
        ),
        indicators=(
            indicator("east-2024-key-001", 1, "改造户数", "60", comparison_as_filed="=", unit="户", is_core=True),
            indicator("east-2024-key-001", 2, "满意度", "29.5", target_as_filed="-5", target_value=Decimal(-5)),
            indicator("east-2024-key-001", 3, "预算执行率", "10", is_execution_rate=True, is_core=False),
            indicator("east-2025-key-001", 1, "改造质量", None, comparison="qualitative", target_value=None),
            indicator("west-2024-key-001", 1, "补助人次", "90", base_value=Decimal(950000), base_unit="人次"),
        ),
        catalogue=(
            CatalogueRow(
                "east-2024-key", 1, "农村危房改造", "东区住建委", Decimal(1210700), None, None, "east-2024-key-001", 7
            ),
            CatalogueRow("east-2024-key", None, None, None, None, None, None, None, 8),
        ),
        citations=(Citation("east-2024-key-001", 1, NUMBER, "关于危房改造的意见", 6, "渝府办发[2017]121号", NUMBER),),
        policies=(PolicyRow(NUMBER, NUMBER, "关于危房改造的意见", "某市政府办公厅", "by_sign", 2017, 1),),
        attributes=(Attribute("east-2025-key-001", 1, "east-2025-key-001-01", "备注", "+1 起", 8),),
        corrections=(CorrectionRow("east-2024-key-001-02", "weight", "2O", "29.5", "字母 O 打成了零", "原文第 5 行"),),
        coverage=(
            Coverage("east-2024-key", 40, 30, 9, 1),
            Coverage("east-2025-key", 20, 15, 5, 0),
            Coverage("west-2024-key", 20, 15, 5, 0),
        ),
        findings=(
            finding("a", "weight-sum", "warning", "east-2024-key", "east-2024-key-001", "权重合计 89.5，应为 90"),
            finding("b", "unit-in-value", "note", "east-2024-key", "east-2024-key-001", "指标值带单位"),
            finding("c", "duplicate-indicator", "warning", "west-2024-key", "west-2024-key-001", "指标重名"),
            finding("d", "duplicate-indicator", "warning", "west-2024-key", "west-2024-key-001", "指标又重名"),
            finding("e", "stated-count", "warning", "east-2025-key", None, "写明 2 个，读到 1 个"),
        ),
        units=(UnitRow("%", "%", "share", Decimal(1)), UnitRow("户", "户", "count", Decimal(1))),
        provenance=(
            origin("east-2024-key-001", "budget_yuan", 3, "项目总资金额", "见原文", "单位：万元换算成元"),
            origin("east-2024-key-001", "goal", 6, "目标", NASTY, None),
            origin("east-2024-key-002", "name", 2, "项目名称", FORMULA, None),
        ),
    )


def origin(project_id: str, field: str, line: int, label: str, printed: str, rule: str | None) -> Provenance:
    document_id = project_id.rpartition("-")[0]
    return Provenance(document_id, "projects", field, label, rule, None, project_id, line, printed)


def finding(key: str, code: str, severity: str, document_id: str, project_id: str | None, message: str) -> FindingRow:
    amounts = (Decimal(90), Decimal("89.5"), Decimal("-0.5"), "points", None, None)
    return FindingRow(
        key, code, severity, document_id, project_id, None, "90", "89.5", *amounts, message, "In English", 5
    )


def filled(row: type[Any], **values: object) -> Any:
    """A row with these values, empty elsewhere."""
    return row(**{field.name: values.get(field.name) for field in fields(row)})


def told() -> Tables:
    """The tables with results of 东区's 2025: a sheet for its project, and one for a project that nobody promised."""
    rows, document_id = tables(), "east-2025-self"
    place = {"document_id": document_id, "region_id": "east", "year": 2025, "kind": "self_evaluation"}
    kept = {**place, "form_no": 1, "project_id": "east-2025-key-001", "match": "name", "name": "农村危房改造"}
    money = {"adjusted_yuan": Decimal(200), "executed_yuan": Decimal("150.5"), "total_score": Decimal(88)}
    words = {
        "name_as_filed": "农村危房改造",
        "goal_result": NASTY,
        "conclusion": FORMULA,
        "line_start": 1,
        "line_end": 5,
    }
    nobodys = {"form_no": 2, "project_id": None, "match": "none", "name": "没有承诺过的"}
    score = {"result_id": f"{document_id}-001", "position": 1, "indicator_id": "east-2025-key-001-01", "match": "name"}
    came = {"name": "改造质量", "target_as_filed": "较好", "actual_as_filed": FORMULA, "attainment": "unreadable"}
    return replace(
        rows,
        documents=(*rows.documents, replace(document(document_id, "east", 2025), kind="self_evaluation")),
        coverage=(*rows.coverage, Coverage(document_id, 9, 9, 0, 0)),
        results=(
            filled(Result, result_id=f"{document_id}-001", **kept, **money, **words),
            filled(Result, result_id=f"{document_id}-002", **{**kept, **words, **nobodys}),
        ),
        result_funding=(
            ResultFunding(f"{document_id}-001", "fiscal", "财政拨款", None, Decimal(200), Decimal("150.5"), None, 3),
        ),
        scores=(filled(Score, score_id=f"{document_id}-001-01", reason="连日下雨", line=4, **score, **came),),
    )


def with_units(rows: Tables) -> Tables:
    """The tables with a row for each unit that an indicator prints."""
    known = {row.unit for row in rows.units}
    printed = dict.fromkeys(row.unit for row in rows.indicators if row.unit is not None and row.unit not in known)
    return replace(rows, units=(*rows.units, *(UnitRow(unit, unit, None, Decimal(1)) for unit in printed)))


def spoiled(clean: Tables, text: str) -> Tables:
    """The tables with ``text`` in every column that words of a document fill."""

    def spoil(rows: Sequence[Any], *names: str) -> tuple[Any, ...]:
        return tuple(replace(row, **{name: text for name in names}) for row in rows)

    dirty = replace(
        clean,
        documents=spoil(clean.documents, "title", "publisher"),
        departments=spoil(clean.departments, "name", "code", "names_as_filed"),
        projects=spoil(
            clean.projects,
            *("project_code", "name", "name_as_filed", "implementing_unit", "budget_as_filed", "unit_as_filed"),
            *("overview", "basis", "goal", "contact_name", "contact_phone"),
        ),
        funding=spoil(clean.funding, "label_as_filed", "amount_as_filed"),
        indicators=spoil(
            clean.indicators,
            *("level1", "level2", "name", "comparison_as_filed", "target_as_filed", "unit"),
        ),
        catalogue=spoil(clean.catalogue, "name", "department_as_filed"),
        citations=spoil(clean.citations, "document_number", "title", "number_as_filed"),
        policies=spoil(clean.policies, "document_number", "title", "issuer"),
        attributes=spoil(clean.attributes, "label_as_filed", "value"),
        corrections=spoil(clean.corrections, "was", "is_", "reason", "evidence"),
        findings=spoil(clean.findings, "message", "expected", "actual"),
        provenance=spoil(clean.provenance, "label_as_filed", "printed"),
        results=spoil(clean.results, *RESULT_WORDS),
        result_funding=spoil(clean.result_funding, "label_as_filed"),
        scores=spoil(clean.scores, "name", "target_as_filed", "actual_as_filed", "actual_unit", "reason"),
    )
    return with_units(dirty)
