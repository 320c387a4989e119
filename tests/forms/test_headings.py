"""What a cell is: a heading with its value in one cell."""

import pytest

from builder.forms.headings import LONGEST_HEADING, inline
from builder.model import Cell
from builder.settings import Settings


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("联系人：张三  联系电话：40232529", [("contact_name", "张三"), ("contact_phone", "40232529")]),
        ("（单位：万元）", [("unit", "万元")]),
        ("其他需要说明的事项（没有的写无）：无", [("remark", "无")]),  # 17 characters before the colon
        ("项目名称", []),
        ("会议议定：联系人：张三", []),  # prose in which a heading follows
    ],
)
def test_headings_with_their_values_in_one_cell(text: str, pairs: list[tuple[str, str]], settings: Settings) -> None:
    assert [(pair.label.field, pair.value) for pair in inline(Cell(text, 1, 0), settings)] == pairs


def test_a_heading_in_one_cell_with_its_value_has_at_most_24_characters(settings: Settings) -> None:
    note = "一" * (LONGEST_HEADING - len("备注（）"))
    assert [pair.value for pair in inline(Cell(f"备注（{note}）：无", 1, 0), settings)] == ["无"]
    assert inline(Cell(f"备注（{note}一）：无", 1, 0), settings) == []
