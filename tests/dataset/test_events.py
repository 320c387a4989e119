"""Which findings one slip explains, what proves it, and the way from a catalogue's sum to the forms' sum."""

import re
import time
from decimal import Decimal

import pytest
from tiny import project

from builder.dataset import events
from builder.dataset.compile import Compiled
from builder.dataset.events import AMOUNT, NO_ROW, Event
from builder.dataset.rows import CatalogueRow, Project
from builder.words import WAN

DOCUMENT = "east-2024-key"


def form(number: int, wan: str | None) -> Project:
    yuan = None if wan is None else str(Decimal(wan) * WAN)
    return project(number, DOCUMENT, "east", 2024, yuan, name=f"项目{number}", line_start=100 * number)


def row(number: int, wan: str, form_number: int | None = None) -> CatalogueRow:
    matched = None if form_number == 0 else f"{DOCUMENT}-{form_number or number:03d}"
    return CatalogueRow(DOCUMENT, number, f"项目{number}", None, Decimal(wan) * WAN, None, None, matched, number)


def found(listed: list[CatalogueRow], filed: list[Project]) -> list[Event]:
    return list(events.of_document(listed, filed, differing(listed, filed)))


def differing(listed: list[CatalogueRow], filed: list[Project]) -> frozenset[str]:
    amounts = {one.project_id: one.budget_yuan for one in filed}
    return frozenset(
        one.project_id
        for one in listed
        if one.project_id is not None and amounts[one.project_id] != one.amount_yuan and amounts[one.project_id]
    )


def key(number: int) -> str:
    return f"{DOCUMENT}-{number:03d}"


def test_two_amounts_exchanged() -> None:
    [event] = found([row(1, "270"), row(2, "392"), row(3, "5")], [form(1, "392"), form(2, "270"), form(3, "5")])
    assert (event.kind, event.about) == ("exchanged", ((AMOUNT, key(1)), (AMOUNT, key(2))))
    assert event.details == {"name": "项目1", "other": "项目2", "listed": "270 万元", "filed": "392 万元"}


def test_an_amount_of_a_form_that_no_row_names() -> None:
    [event] = found([row(1, "5587")], [form(1, "242.5"), form(2, "5587")])
    assert (event.kind, event.about) == ("of_another_unlisted", ((AMOUNT, key(1)), (NO_ROW, key(2))))


def test_an_amount_of_another_row() -> None:
    [event] = found([row(1, "5587"), row(2, "5587")], [form(1, "242.5"), form(2, "5587")])
    assert (event.kind, event.about) == ("of_another", ((AMOUNT, key(1)),))


@pytest.mark.parametrize("amount", ["50", "3000", "7"])
def test_a_round_amount_that_stands_twice_proves_nothing(amount: str) -> None:
    assert found([row(1, amount)], [form(1, "242.5"), form(2, amount)]) == []


def test_an_amount_that_two_other_forms_file_proves_nothing() -> None:
    assert found([row(1, "5587")], [form(1, "242.5"), form(2, "5587"), form(3, "5587")]) == []


@pytest.mark.parametrize(("listed", "filed"), [("2425", "242.5"), ("242.5", "24250"), ("0.1", "1000")])
def test_a_slip_of_the_unit(listed: str, filed: str) -> None:
    [event] = found([row(1, listed)], [form(1, filed)])
    assert event.kind == "unit_slip"


def test_a_factor_that_is_no_unit_is_no_slip() -> None:
    assert found([row(1, "485")], [form(1, "242.5")]) == []


def test_rows_shifted_by_one() -> None:
    filed = [form(number, str(100 + number * 11)) for number in range(1, 6)]
    listed = [row(1, "111"), row(2, "133"), row(3, "144"), row(4, "155"), row(5, "155")]
    [event] = found(listed, filed)
    assert (event.kind, event.details) == ("shifted_down", {"first": "2", "last": "4", "count": "3"})
    listed = [row(1, "111"), row(2, "111"), row(3, "122"), row(4, "133"), row(5, "155")]
    assert [event.kind for event in found(listed, filed)] == ["shifted_up"]


def test_two_rows_in_a_run_are_no_shift() -> None:
    filed = [form(1, "11"), form(2, "22"), form(3, "33")]
    assert "shifted_down" not in {event.kind for event in found([row(1, "22"), row(2, "33"), row(3, "33")], filed)}


def test_each_finding_belongs_to_one_event_at_most() -> None:
    listed = [row(1, "270"), row(2, "392"), row(3, "392")]
    events_of = found(listed, [form(1, "392"), form(2, "270"), form(3, "39.2")])
    about = [one for event in events_of for one in event.about]
    assert len(about) == len(set(about)) and events_of[0].kind == "exchanged"


def test_what_nothing_proves_stays_unexplained() -> None:
    assert found([row(1, "270")], [form(1, "271")]) == []


def test_the_bridge_ends_at_the_sum_of_the_forms() -> None:
    listed = [row(1, "100.4"), row(2, "5587"), row(3, "50", 0), row(4, "270"), row(5, "392")]
    filed = [form(1, "100.22"), form(2, "242.5"), form(4, "392"), form(5, "270"), form(6, "5587"), form(7, None)]
    steps = events.bridge(listed, filed, frozenset({key(2), key(4), key(5)}))
    assert [(step.kind, step.name, step.yuan / WAN) for step in steps] == [
        ("unlisted", "项目6", Decimal(5587)),
        ("differs", "项目2", Decimal("-5344.5")),
        ("differs", "项目4", Decimal(122)),
        ("differs", "项目5", Decimal(-122)),
        ("unfiled", "项目3", Decimal(-50)),
        ("rounding", "", Decimal("-0.18")),
    ]
    total = sum(one.budget_yuan or 0 for one in filed) - sum(one.amount_yuan or 0 for one in listed)
    assert sum(step.yuan for step in steps) == total


def test_sums_that_agree_need_no_bridge() -> None:
    assert events.bridge([row(1, "5")], [form(1, "5")], frozenset()) == ()


# The findings of a document


def test_findings_of_one_slip_share_an_event_and_its_proof(compiled: Compiled) -> None:
    rows = {row.finding_id: row for row in compiled.tables.findings}
    first, second = (
        rows["wansheng-2025-key-019-catalogue-amount-differs"],
        rows["wansheng-2025-key-020-form-missing-catalogue"],
    )
    assert first.event_id == second.event_id == first.finding_id
    assert first.explanation == second.explanation
    assert first.explanation is not None and "5,587 万元，与目录没有列的“教育均衡发展提升改造专项”" in first.explanation
    exchanged = [row for row in rows.values() if row.explanation and "对调" in row.explanation]
    assert len(exchanged) == 2 and len({row.event_id for row in exchanged}) == 1


def test_the_stated_total_is_bridged_to_the_digit(compiled: Compiled) -> None:
    [row] = [row for row in compiled.tables.findings if row.code == "stated-total"]
    assert row.difference == Decimal(1_922_200)
    text = row.explanation or ""
    steps = [Decimal(part.replace("−", "-").replace(",", "")) for part in re.findall(r"（([+−][\d,.]+) 万元）", text)]
    assert sum(steps) == Decimal("192.22")
    assert text.startswith("相差 192.22 万元，由这几处组成：“教育均衡发展提升改造专项”有表、目录没有列（+5,587 万元）")
    parts = re.findall(r"\(([+−][\d,]+) yuan\)", row.message_en)
    assert sum(int(part.replace("−", "-").replace(",", "")) for part in parts) == 1_922_200, "in English as well"


def test_indicators_of_one_name_are_one_event(compiled: Compiled) -> None:
    rows = [row for row in compiled.tables.findings if row.code == "duplicate-indicator"]
    three = [row.event_id for row in rows if "民办幼儿园生均公用经费标准" in row.message]
    assert three == ["wansheng-2025-key-021-06-duplicate-indicator"] * 2


def test_a_long_catalogue_takes_no_time_by_the_square() -> None:
    """20,000 rows whose amounts are all another's, or one another's, took minutes."""
    count = 20_000
    listed = [row(number, "5587" if number % 2 else "2425") for number in range(1, count + 1)]
    filed = [form(number, "2425" if number % 2 else "5587") for number in range(1, count + 1)]
    start = time.process_time()
    explained = found(listed, filed)
    assert time.process_time() - start < 5
    assert len(explained) == count // 2 and {event.kind for event in explained} == {"exchanged"}
    assert found(listed[::2], [*filed[::2], *filed[1::2]]) == []


def test_a_difference_is_exchanged_with_the_first_that_can_be() -> None:
    listed = [row(1, "270"), row(2, "270"), row(3, "392"), row(4, "392"), row(5, "270")]
    filed = [form(1, "392"), form(2, "392"), form(3, "270"), form(4, "270"), form(5, "392")]
    pairs = [tuple(project_id[-1] for _, project_id in event.about) for event in found(listed, filed)]
    assert pairs == [("1", "3"), ("2", "4")]
