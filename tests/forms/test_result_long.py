"""Long tables of results: one row an indicator or one row a project, and what stands around a table of results."""

from dataclasses import replace

import pytest
from printed import extract, extracted, row

from builder.model import Extract
from builder.settings import Settings

TITLE = ["2024年度项目支出绩效自评汇总表"]
UNIT = ["单位：万元"]
LONG = ["序号", "项目名称", "主管部门", "全年预算数", "全年执行数", "执行率", "分值", "得分"]
SCORED = ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]
FIRST = ["1", "鱼苗放流", "甲局", "60", "58.2", "97%", "10", "9.7"]
SECOND = ["2", "农机监理", "甲局", "12", "12", "100%", "10", "10"]
BLANK = [""] * 8
ROWS = [
    [*FIRST, "产出指标", "放流数量", "≥20万尾", "21万尾", "60", "60", ""],
    [*BLANK, "满意度指标", "渔民满意度", "≥90%", "87%", "30", "29", "补助晚发"],
    [*SECOND, "产出指标", "检验台数", "≥800台", "815台", "90", "90", ""],
]


def shown(read: Extract) -> list[tuple[str, list[str], list[tuple[str, ...]]]]:
    """Name, money with its points, and each indicator with level, outcome, score and reason."""
    columns = ("level1", "name", "actual", "score", "reason")
    return [
        (
            sheet.fields["name"].text,
            [filed.text for name, filed in sheet.funding[0][1].items() if name != "label"] if sheet.funding else [],
            [tuple(line[name].text if name in line else "" for name in columns) for line in sheet.indicators],
        )
        for sheet in read.results
    ]


TWO = [
    (
        "鱼苗放流",
        ["60", "58.2", "97%", "10", "9.7"],
        [("产出指标", "放流数量", "21万尾", "60", ""), ("满意度指标", "渔民满意度", "87%", "29", "补助晚发")],
    ),
    ("农机监理", ["12", "12", "100%", "10", "10"], [("产出指标", "检验台数", "815台", "90", "")]),
]


@pytest.mark.parametrize("again", [[], [[*LONG, *SCORED]], [TITLE, [*LONG, *SCORED]]])
def test_one_row_an_indicator(again: list[list[str]], settings: Settings) -> None:
    read = extract([TITLE, UNIT, [*LONG, *SCORED], *ROWS[:2], *again, ROWS[2]], settings)
    assert shown(read) == TWO
    assert {filed.unit for _, line in read.results[0].funding for name, filed in line.items()} <= {None, "万元"}
    assert (read.results[0].line_start, read.results[0].kind) == (4, "self_evaluation")
    assert (read.forms, read.findings, read.reported) == ((), (), 0)


def test_cells_repeated_down_are_of_the_project_above(settings: Settings) -> None:
    repeated = [*FIRST, *ROWS[1][8:]]
    assert shown(extract([TITLE, UNIT, [*LONG, *SCORED], ROWS[0], repeated, ROWS[2]], settings)) == TWO


def test_one_row_a_project(settings: Settings) -> None:
    header = [*LONG[:6], "自评得分", "自评等级"]
    rows = [[*FIRST[:6], "97.5", "优"], [*SECOND[:6], "88", "良"], ["合计", "", "", "72", "70.2", "97.5%", "", ""]]
    read = extract([TITLE, UNIT, header, *rows], settings)
    assert [(name, money) for name, money, _ in shown(read)] == [
        ("鱼苗放流", ["60", "58.2", "97%"]),
        ("农机监理", ["12", "12", "100%"]),
    ]
    assert [[sheet.fields[name].text for name in ("total_score", "grade")] for sheet in read.results] == [
        ["97.5", "优"],
        ["88", "良"],
    ]
    assert (read.findings, read.reported) == ((), 0)


SHEET = [
    ["项目支出绩效自评表"],
    ["项目名称", "鱼苗放流", "", "", "", ""],
    ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
    ["产出指标", "放流数量", "≥20万尾", "21万尾", "90", "90"],
]


def test_who_filled_in_the_table_is_no_indicator(settings: Settings) -> None:
    below = ["填表人：甲某", "联系电话：40230000", "填报日期：2025.3.10"]
    rows = [row(cells, line) for line, cells in enumerate([*SHEET, below], 1)]
    for last in (rows[-1], row(below, 5, 2)):
        assert [line["name"].text for line in extracted([*rows[:-1], last], settings).results[0].indicators] == [
            "放流数量"
        ]


def test_the_grade_beside_the_sum_is_read(settings: Settings) -> None:
    fields = extract([*SHEET, ["总得分", "97.6", "评价等级", "优", "", ""]], settings).results[0].fields
    assert (fields["total_score"].text, fields["grade"].text) == ("97.6", "优")


def test_a_table_in_a_report_is_read_and_its_prose_set_aside(settings: Settings) -> None:
    report = [
        ["某项目绩效自评报告"],
        ["绩效目标完成情况"],
        ["各项指标完成情况如下表："],
        *SHEET[2:],
        ["四、一是加快进度。"],
    ]
    rows = [row(cells, line) for line, cells in enumerate(report, 1)]
    read = extracted([replace(one, table=None) if len(one.cells) == 1 else one for one in rows], settings)
    (sheet,) = read.results
    assert ("goal_result" in sheet.fields, [line["name"].text for line in sheet.indicators]) == (False, ["放流数量"])
    assert (read.findings, read.reported) == ((), 0)


@pytest.mark.parametrize("beside", ["完成情况", "实际完成值", "目标完成情况"])
def test_what_came_of_a_goal_is_no_goal(beside: str, settings: Settings) -> None:
    goals = [["年度总体目标", "年初目标", "", beside], ["", "放流20万尾。", "", "放流21万尾。"]]
    fields = extract([*SHEET[:2], *goals, *SHEET[2:]], settings).results[0].fields
    assert (fields["goal"].text, fields["goal_result"].text) == ("放流20万尾。", "放流21万尾。")


FOUR_LEVELS = ["一级指标", "二级指标", "三级指标", "四级指标", "分值", "得分"]
JUDGED = ["决策", "绩效目标", "目标设定", "目标合理性", "5", "4"]


def test_the_lowest_of_four_levels_names_the_indicator(settings: Settings) -> None:
    (line,) = extract([["某项目绩效评价得分表"], FOUR_LEVELS, JUDGED], settings).results[0].indicators
    assert {name: filed.text for name, filed in line.items()} == {
        "level1": "决策", "level2": "绩效目标", "name": "目标合理性", "points": "5", "score": "4"
    }  # fmt: skip


def test_a_row_of_a_table_that_was_not_found_is_no_goal(settings: Settings) -> None:
    """绩效目标 is a heading, and a level of evaluations."""
    unknown = ["甲栏", "乙栏", "丙栏", "丁栏", "戊栏", "己栏"]
    read = extract([SHEET[0], SHEET[1], unknown, ["", *JUDGED[1:]], *SHEET[2:]], settings)
    assert "goal" not in read.results[0].fields
    assert "row-ambiguous" in {finding.code for finding in read.findings}


@pytest.mark.parametrize("goal", ["预期目标", "总体目标"])
def test_an_unknown_heading_beside_the_goals_is_none_of_them(goal: str, settings: Settings) -> None:
    goals = [["年度总体目标", goal, "", "没见过的栏"], ["", "放流20万尾。", "", "放流21万尾。"]]
    read = extract([*SHEET[:2], *goals, *SHEET[2:]], settings)
    assert read.results[0].fields["goal"].text == "放流20万尾。"
    assert [one.actual for one in read.findings if one.code == "label-unknown"] == ["没见过的栏"]


def test_the_score_of_a_table_that_was_not_found_is_no_total(settings: Settings) -> None:
    header = ["一级指标", "没见过的栏", "年度指标值", "实际完成值", "分值", "得分"]
    read = extract([*SHEET[:2], header, SHEET[3], ["总分", "", "", "", "90", "90"]], settings)
    assert (read.results[0].fields.keys(), read.results[0].indicators) == ({"name"}, ())
    assert "row-ambiguous" in {finding.code for finding in read.findings}


def test_an_unknown_third_level_lets_the_second_name_nothing(settings: Settings) -> None:
    header = ["一级指标", "二级指标", "没见过的栏", "指标分值", "自评得分", "扣分原因"]
    row_of_table = ["过程", "资金管理", "资金支付", "10", "8.5", "未结算"]
    assert extract([*SHEET[:2], header, row_of_table], settings).results[0].indicators == ()
