"""The catalogue before the forms: its columns, and the unit of its amounts."""

import pytest
from printed import extract

from builder.settings import Settings


@pytest.mark.parametrize(
    ("above", "heading", "unit"),
    [
        (["单位：万元"], "预算金额", "万元"),
        (["某区2026年专项资金目录"], "预算金额（万元）", "万元"),
        (["单位：元"], "预算金额（亿元）", "亿元"),
        (["某区2026年专项资金目录"], "预算金额", None),
    ],
)
def test_the_unit_of_a_catalogue_is_printed_in_or_over_its_heading(
    above: list[str], heading: str, unit: str | None, settings: Settings
) -> None:
    read = extract([above, ["序号", "项目名称", "主管部门", heading], ["1", "甲项目", "区财政局", "3.5"]], settings)
    assert read.catalogue_unit == unit
    assert [{name: cell.text for name, cell in row.fields.items()} for row in read.catalogue] == [
        {"serial_no": "1", "name": "甲项目", "department": "区财政局", "amount": "3.5"}
    ]
    assert (read.read + read.furniture, read.reported) == (read.cells, 0)
