"""Headings of results sheets that were met in other places, and what must not be read under them."""

from collections.abc import Sequence

import pytest
from printed import extract

from builder.model import Extract, Filed, FiledResult
from builder.settings import Settings

TITLE = ["项目支出绩效自评表"]
NAME = ["项目名称", "鱼苗放流", "", "", "", "", ""]
MONEY = ["项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "执行率", "得分", ""]
WHOLE = ["年度资金总额", "60", "60", "58.2", "97%", "9.7", ""]
HEADER = ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]
SCORED = ["产出指标", "放流数量", "≥20万尾", "21万尾", "90", "90", ""]


def only(read: Extract) -> FiledResult:
    (sheet,) = read.results
    assert (read.findings, read.reported) == ((), 0)
    return sheet


def texts(filed: dict[str, Filed] | object, *names: str) -> list[str]:
    assert isinstance(filed, dict)
    return [filed[name].text if name in filed else "" for name in names]


def sheet(*rows: Sequence[str], settings: Settings) -> FiledResult:
    return only(extract([TITLE, *rows], settings))


def test_the_score_of_the_money_is_no_total(settings: Settings) -> None:
    header = ["项目名称", "全年预算数", "全年执行数", "执行率", "执行率得分（10分）", "自评总分", *HEADER]
    row = ["鱼苗放流", "60", "58.2", "97%", "9.7", "99.7", *SCORED]
    read = only(extract([["2024年度项目绩效自评情况表"], ["单位：万元"], header, row], settings))
    assert texts(read.fields, "total_score") == ["99.7"]
    assert texts(read.funding[0][1], "points", "score") == ["10", "9.7"]


@pytest.mark.parametrize("heading", ["得分（10分）", "得分（10分*执行率）"])
def test_the_heading_over_the_score_of_the_money_says_its_points(heading: str, settings: Settings) -> None:
    read = sheet(NAME, [*MONEY[:5], heading, ""], WHOLE, HEADER, SCORED, settings=settings)
    assert texts(read.funding[0][1], "points", "score") == ["10", "9.7"]


def test_points_stand_behind_the_name_where_no_column_gives_them(settings: Settings) -> None:
    header, row = [*HEADER[:4], "得分"], ["产出指标", "放流数量（10分）", "≥20万尾", "21万尾", "9"]
    (read,) = sheet(NAME, header, row, settings=settings).indicators
    assert texts(read, "name", "points", "score") == ["放流数量", "10", "9"]
    (read,) = sheet(NAME, HEADER, ["", "放流数量（10分）", *SCORED[2:]], settings=settings).indicators
    assert texts(read, "name", "points") == ["放流数量（10分）", "90"]


@pytest.mark.parametrize(
    ("row", "score"),
    [
        (["自评得分", "", "97.5", "", "", "", ""], "97.5"),
        (["总分", "总分值", "100", "总得分", "97.5", "自评等级", "优"], "97.5"),
    ],
)
def test_one_figure_of_a_total_is_the_score_if_its_heading_says_so(
    row: list[str], score: str, settings: Settings
) -> None:
    assert texts(sheet(NAME, HEADER, SCORED, row, settings=settings).fields, "total_score") == [score]


def test_one_figure_under_no_column_may_be_the_points(settings: Settings) -> None:
    read = extract([TITLE, NAME, HEADER, SCORED, ["总分", "", "100", "", "", "", ""]], settings)
    assert ("total_score" in read.results[0].fields, {one.code for one in read.findings}) == (False, {"row-ambiguous"})


@pytest.mark.parametrize("above", [["单位名称：甲站"], ["单位名称：甲站", "填报日期：2024年5月10日"]])
def test_the_office_in_charge_is_not_who_fills_in_the_sheet(above: list[str], settings: Settings) -> None:
    read = sheet(above, ["项目名称", "鱼苗放流"], ["主管部门", "甲局"], HEADER, SCORED, settings=settings)
    assert texts(read.fields, "department", "reporting_unit") == ["甲局", "甲站"]


def test_a_heading_printed_twice_with_one_text_is_read_once(settings: Settings) -> None:
    head = ["部门：甲局　　　　金额单位：元"]
    read = sheet(head, ["项目名称", "鱼苗放流"], ["主管部门", "甲局"], MONEY, WHOLE, HEADER, SCORED, settings=settings)
    assert texts(read.fields, "department", "unit") == ["甲局", "元"]


def test_the_unit_behind_what_is_set_aside_is_read(settings: Settings) -> None:
    read = sheet(["自评年度：2024年    单位：万元"], NAME, MONEY, WHOLE, HEADER, SCORED, settings=settings)
    assert texts(read.fields, "unit") == ["万元"]


def test_the_unit_over_a_sheet_without_a_title_is_of_that_sheet(settings: Settings) -> None:
    money = ["项目资金", *MONEY[1:]]
    one = [NAME, money, WHOLE, HEADER, SCORED]
    two = [["项目名称", "农机监理", *NAME[2:]], *one[1:]]
    read = extract([["绩效自评表"], ["单位：万元"], *one, ["单位：万元"], *two], settings)
    assert [texts(found.fields, "name", "unit") for found in read.results] == [
        ["鱼苗放流", "万元"],
        ["农机监理", "万元"],
    ]
    assert (read.findings, read.reported) == ((), 0)


@pytest.mark.parametrize(
    ("others", "said"),
    [(["说明"], ["补助晚发"]), (["偏差原因", "说明"], ["补助晚发"]), (["偏差原因", "备注"], ["补助晚发"])],
)
def test_a_note_is_the_reason_where_no_other_is_given(others: list[str], said: list[str], settings: Settings) -> None:
    row = [*SCORED[:6], "补助晚发", "无"][: 6 + len(others)]
    (read,) = sheet(NAME, [*HEADER[:6], *others], row, settings=settings).indicators
    assert texts(read, "reason") == said


@pytest.mark.parametrize("heading", ["完成情况", "1-6月目标完成情况", "全年绩效目标实际完成情况"])
def test_what_came_of_the_goal_stands_below_it(heading: str, settings: Settings) -> None:
    goals = [["年度绩效目标", "放流20万尾。"], [heading, "放流21万尾。"]]
    read = sheet(NAME, *goals, HEADER, SCORED, settings=settings)
    assert texts(read.fields, "goal", "goal_result") == ["放流20万尾。", "放流21万尾。"]


def test_a_word_under_a_heading_of_two_likelihoods_speaks_for_itself(settings: Settings) -> None:
    upper = ["一级指标", "三级指标", "年度指标值", "1-6月完成情况", "完成目标可能性", ""]
    lower = ["", "", "", "", "确定能/有可能", "完全不可能"]
    rows = [["产出指标", "放流数量", "≥20万尾", "5万尾", "有可能", ""], ["", "抽检次数", "≥4次", "0次", "", "√"]]
    read = only(extract([["项目支出绩效运行监控表"], NAME, upper, lower, *rows], settings))
    assert [texts(row, "likelihood") for row in read.indicators] == [["有可能"], ["完全不可能"]]


REPORT = [
    ["绩效评价报告"],
    ["委托单位：甲局"],
    ["二、评价结论"],
    ["项目综合评分84.4分，评价等级为“良”。各部"],
    ["分得分见表1。"],
    ["一级指标", "决策", "产出", "合计"],
    ["分值", "20", "80", "100"],
    ["得分", "12", "72.4", "84.4"],
]
JUDGED = [
    ["鱼苗放流项目绩效评价评分表"],
    ["一级指标", "二级指标", "三级指标", "分值", "评分标准", "得分", "扣分原因"],
    ["决策", "项目立项", "立项依据充分性", "20", "得满分", "12", "依据不足"],
    ["产出", "产出数量", "放流数量", "80", "按比例", "72.4", "少放一批"],
    ["合计", "", "", "100", "", "84.4", ""],
]


def test_the_prose_of_a_report_before_its_scores_is_no_sheet(settings: Settings) -> None:
    read = only(extract([*REPORT, *JUDGED], settings))
    assert (texts(read.fields, "total_score", "conclusion"), len(read.indicators)) == (["84.4", ""], 2)


def test_the_head_of_a_column_is_no_total(settings: Settings) -> None:
    """合计 over the last column of a table that lies on its side; and 评价结论 over the first line of several."""
    read = extract([*REPORT, ["评价等级", "良"]], settings)
    assert [texts(found.fields, "grade", "total_score", "conclusion") for found in read.results] == [["良", "", ""]]
