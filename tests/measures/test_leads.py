"""Leads: what is worth a look, largest first, each with the rule that found it."""

from dataclasses import replace
from decimal import Decimal

from tiny import DATA, project, tables

from builder.dataset.rows import Tables
from builder.measures import leads
from builder.measures.leads import Lead
from builder.settings import load

SETTINGS = load(DATA)
RULES = SETTINGS.package.leads


def test_findings_one_by_one_and_grouped() -> None:
    found = [lead for lead in leads.find(tables(), SETTINGS) if lead.kind.startswith(RULES.findings_title)]
    assert [(lead.rule.split("：")[0], lead.project_id, lead.value, lead.note) for lead in found] == [
        ("stated-count", None, None, "写明 2 个，读到 1 个"),
        ("weight-sum", "east-2024-key-001", None, "权重合计 89.5，应为 90"),
        ("duplicate-indicator", None, Decimal(2), "例如：指标重名"),
    ]
    assert found[0].url == f"{SETTINGS.package.base_url}sources/east-2025-key/#L5"
    assert SETTINGS.codes["weight-sum"].explain in found[1].rule


def of_kind(rows: Tables, kind: str) -> list[Lead]:
    return [lead for lead in leads.find(rows, SETTINGS) if lead.kind == kind]


def test_budget_changes_largest_first() -> None:
    more = (
        project(3, "east-2024-key", "east", 2024, "100", series_id="small"),
        project(3, "east-2025-key", "east", 2025, "50", series_id="small"),
        project(4, "east-2024-key", "east", 2024, "70", series_id="same"),
        project(4, "east-2025-key", "east", 2025, "70", series_id="same"),
        project(5, "east-2024-key", "east", 2024, "1", series_id="twice"),
        project(6, "east-2024-key", "east", 2024, "2", series_id="twice"),
        project(5, "east-2025-key", "east", 2025, "9", series_id="twice"),
        project(7, "east-2024-key", "east", 2024, "0", series_id="from-nothing"),
        project(7, "east-2025-key", "east", 2025, "9", series_id="from-nothing"),
    )
    rows = replace(tables(), projects=(*tables().projects, *more))
    found = of_kind(rows, RULES.budget_change.title)
    assert [(lead.project_id, lead.compared, lead.value) for lead in found] == [
        ("east-2025-key-001", Decimal("1210700.55"), Decimal(200000000)),
        ("east-2025-key-003", Decimal(100), Decimal(50)),
        ("east-2025-key-007", Decimal(0), Decimal(9)),
    ]
    assert found[1].note == "2024 年 100 元，2025 年 50 元，减少 50 元（50.0%）"
    assert found[2].note == "2024 年 0 元，2025 年 9 元，增加 9 元"
    assert f"前 {RULES.budget_change.limit} 个" in found[0].rule


def test_much_money_and_few_indicators() -> None:
    found = of_kind(tables(), RULES.few_indicators.title)
    assert [(lead.project_id, lead.value, lead.note) for lead in found] == [
        ("east-2025-key-001", Decimal(200000000), "1 项指标")
    ]
    assert "100,000,000 元" in found[0].rule


def test_one_indicator_decides_where_the_wording_rule_says_so() -> None:
    """Half of what the form's indicators weigh together, the execution rate left out: 60 of 89.5, and 90 of 90."""
    rule = SETTINGS.wording.rules[leads.HEAVY]
    rows = tables()
    heavier = replace(rows.indicators[2], weight=Decimal(100))
    found = of_kind(replace(rows, indicators=(*rows.indicators[:2], heavier, *rows.indicators[3:])), rule.title)
    assert [(lead.note, lead.value, lead.rule) for lead in found] == [
        ("补助人次", Decimal(90), rule.meaning),
        ("改造户数", Decimal(60), rule.meaning),
    ]
    light = replace(rows.indicators[0], weight=Decimal("29.4"))
    assert [lead.note for lead in of_kind(replace(rows, indicators=(light, *rows.indicators[1:])), rule.title)] == [
        "补助人次",
        "满意度",
    ]
