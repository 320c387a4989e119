"""One project in two years: what is the same, what moved and which way, and what cannot be compared."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tiny import tables

from builder.dataset.rows import Indicator
from builder.measures import compare

PLAIN = replace(
    tables().indicators[0],
    name="改造户数", comparison="ge", target_as_filed="3", target_value=Decimal(3), unit="户", weight=Decimal(50),
)  # fmt: skip


def one(**changes: object) -> Indicator:
    return replace(PLAIN, **changes)


@pytest.mark.parametrize(
    ("changes", "kind", "remark"),
    [
        ({}, "不变", ""),
        ({"name": "改造 户数"}, "不变", ""),
        ({"weight": Decimal(60)}, "调整", "权重提高"),
        ({"weight": Decimal(40)}, "调整", "权重降低"),
        ({"weight": None}, "调整", "权重只有一年公开"),
        ({"target_value": Decimal(4)}, "调整", "目标值提高"),
        ({"target_value": Decimal(2)}, "调整", "目标值降低"),
        ({"target_as_filed": "3.0"}, "不变", ""),
        ({"target_value": None, "target_as_filed": "全部"}, "调整", "目标写法改变"),
        ({"target_value": Decimal(4), "unit": "栋"}, "调整", "目标写法改变"),
        ({"target_value": Decimal(4), "comparison": "le"}, "调整", "目标写法改变"),
        ({"weight": Decimal(60), "target_value": Decimal(4)}, "调整", "权重提高，目标值提高"),
    ],
)
def test_what_moved_is_said_of_the_later_year(changes: dict[str, object], kind: str, remark: str) -> None:
    (shift,) = compare.shifts([PLAIN], [one(**changes)])
    assert (shift.name, shift.kind, shift.remark) == (changes.get("name", "改造户数"), kind, remark)
    assert shift.before == "不少于 3 户（50 分）"


def test_the_later_years_order_comes_first_and_then_what_was_dropped() -> None:
    before = [one(name="甲"), one(name="乙", weight=None), one(name="甲", weight=Decimal(10))]
    after = [one(name="丙"), one(name="甲"), one(name="甲", weight=Decimal(10)), one(name="甲")]
    shifts = compare.shifts(before, after)
    assert [(it.name, it.kind) for it in shifts] == [
        ("丙", "新增"), ("甲", "不变"), ("甲", "不变"), ("甲", "新增"), ("乙", "取消"),
    ]  # fmt: skip
    assert (shifts[0].before, shifts[0].after, shifts[0].remark) == ("", "不少于 3 户（50 分）", "")
    assert (shifts[-1].before, shifts[-1].after, shifts[-1].remark) == ("不少于 3 户（权重未公开）", "", "")


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("改造危房", "改造危房", ["same 改造危房"]),
        ("", "改造", ["ins 改造"]),
        ("改造", "", ["del 改造"]),
        ("改造危房三户", "改造危房四户", ["same 改造危房", "del 三户", "ins 四户"]),
        ("改造危房三栋", "改造危房四栋楼", ["same 改造危房", "del 三栋", "ins 四栋楼"]),
        ("户改造危房", "户新修危房", ["same 户", "del 改造", "ins 新修", "same 危房"]),
        ("改造危房", "全面改造农村危房", ["ins 全面", "same 改造", "ins 农村", "same 危房"]),
    ],
)
def test_a_rewritten_text_reads_run_by_run(before: str, after: str, runs: list[str]) -> None:
    found = compare.pieces(before, after)
    assert [f"{piece.kind} {piece.text}" for piece in found] == runs
    assert "".join(piece.text for piece in found if piece.kind != "ins") == before
    assert "".join(piece.text for piece in found if piece.kind != "del") == after


def test_of_texts_that_are_too_long_all_is_rewritten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "MOST_COMPARED", 12)
    assert [piece.kind for piece in compare.pieces("改造危房", "改造房")] == ["same", "del", "ins"]
    assert [piece.kind for piece in compare.pieces("改造危房", "改造危房")] == ["del", "ins"]
