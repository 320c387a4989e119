"""Forms side by side on one sheet: each is read by itself, or what cannot be told apart is reported."""

import pytest
from printed import extract

from builder.model import Extract
from builder.settings import Settings

TITLE = "2025年项目支出绩效目标表"
LEFT = [["项目名称", "校舍维修"], ["年度资金总额（万元）", "120"], ["年度目标", "维修校舍6栋。"]]
LEFT_TABLE = [["三级指标", "指标值", "权重"], ["维修栋数", "≥6栋", "50"], ["合格率", "100%", "40"]]
RIGHT = [["项目名称", "营养餐"], ["年度资金总额（万元）", "80"], ["年度目标", "供餐3000人。"]]
RIGHT_TABLE = [["三级指标", "指标值", "权重"], ["供餐人数", "≥3000人", "90"]]


def beside(left: list[list[str]], right: list[list[str]]) -> list[list[str]]:
    width = 4
    height = max(len(left), len(right))
    padded = [[*cells, *[""] * (width - len(cells))] for cells in [*left, *[[]] * (height - len(left))]]
    return [[*cells, *after] for cells, after in zip(padded, [*right, *[[]] * (height - len(right))], strict=True)]


def shown(read: Extract) -> list[tuple[str, str, str, list[str]]]:
    return [
        (
            *(form.fields[name].text for name in ("name", "budget", "goal")),
            [row["name"].text for row in form.indicators],
        )
        for form in read.forms
    ]


BOTH = [("校舍维修", "120", "维修校舍6栋。", ["维修栋数", "合格率"]), ("营养餐", "80", "供餐3000人。", ["供餐人数"])]


@pytest.mark.parametrize("titles", [[[TITLE]], beside([[TITLE]], [[TITLE]])])
def test_forms_side_by_side_are_two(titles: list[list[str]], settings: Settings) -> None:
    rows = [*titles, *beside([*LEFT, *LEFT_TABLE], [*RIGHT, *RIGHT_TABLE])]
    read = extract(rows, settings)
    assert (shown(read), read.findings, read.reported) == (BOTH, (), 0)
    assert shown(extract([*rows, *rows], settings)) == BOTH * 2


def test_two_names_over_one_table_are_one_form_and_a_finding(settings: Settings) -> None:
    read = extract([[TITLE], *beside([*LEFT, *LEFT_TABLE], RIGHT)], settings)
    assert shown(read) == BOTH[:1]
    assert [finding.code for finding in read.findings] == ["label-repeated"] * 3
