"""What one mistake explains is told once, by the money at stake."""

from dataclasses import replace
from decimal import Decimal

from tiny import finding

from builder.dataset.compile import Compiled
from builder.dataset.rows import FindingRow
from builder.measures import slips


def of(code: str, finding_id: str, event: str | None = None, **changes: object) -> FindingRow:
    row = finding(finding_id, code, "warning", "east-2024-key", None, "事实")
    return replace(row, **{"event_id": event, **changes})  # type: ignore[arg-type]


def yuan(difference: int | None, expected: int | None = None) -> dict[str, object]:
    values = {"difference": difference, "expected_value": expected}
    return {
        "value_unit": "yuan",
        "actual_value": None,
        **{key: None if value is None else Decimal(value) for key, value in values.items()},
    }


def test_findings_of_one_event_are_one_slip_and_the_most_money_comes_first() -> None:
    rows = [
        of("weight-sum", "a", value_unit="points", difference=Decimal(30)),
        of("catalogue-missing-form", "b", **yuan(None, 500)),
        of("catalogue-amount-differs", "c", "e", **yuan(-7000)),
        of("form-missing-catalogue", "d", "e", value_unit=None, explanation="同一个数"),
        replace(of("serial-missing", "n", **yuan(9999)), severity="note"),
    ]
    found = slips.find(rows)
    assert [(slip.slip_id, slip.yuan) for slip in found] == [("e", 7000), ("b", 500), ("a", None)]
    assert found[0].explanation == "同一个数"
    assert [row.finding_id for row in found[0].findings] == ["c", "d"]


def test_the_slips_of_the_documents(compiled: Compiled) -> None:
    found = slips.find(compiled.tables.findings)
    doubted = [row for row in compiled.tables.findings if row.severity != "note"]
    assert sorted(row.finding_id for slip in found for row in slip.findings) == sorted(
        row.finding_id for row in doubted
    )
    assert len(found) < len(doubted)
    amounts = [slip.yuan for slip in found if slip.yuan is not None]
    assert amounts == sorted(amounts, reverse=True)
    assert found[0].explanation is not None and "一模一样" in found[0].explanation
