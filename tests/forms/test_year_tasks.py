"""年度主要任务: the table of tasks and their money in the form of a whole department."""

from printed import extract

from builder.model import Extract, FiledForm
from builder.settings import Settings

TITLE = ["部门整体支出绩效目标表"]
DEPARTMENT = ["部门名称", "某区卫生健康委员会"]
HEADER = ["年度主要任务", "任务名称", "主要内容", "预算金额（万元）", "", ""]
AMOUNTS = ["", "", "", "总额", "财政拨款", "其他资金"]
FIRST = ["", "任务1：公共卫生", "免费服务。", "90", "80", "10"]
SECOND = ["", "任务2：能力提升", "改善条件。", "30", "30", ""]
SUM = ["", "金额合计", "", "120", "110", "10"]
GOAL = ["年度总体目标", "两项任务全部完成。"]
INDICATORS = [["三级指标", "指标值", "分值"], ["签约人数", "≥3万人", "90"]]


def only(read: Extract) -> FiledForm:
    assert [finding.code for finding in read.findings] == []
    assert read.reported == 0
    (form,) = read.forms
    assert form.fields["goal"].text == "两项任务全部完成。"
    assert len(form.indicators) == 1
    return form


def test_tasks_are_kept_under_their_headings_and_their_sum_is_the_budget(settings: Settings) -> None:
    form = only(extract([TITLE, DEPARTMENT, HEADER, AMOUNTS, FIRST, SECOND, SUM, GOAL, *INDICATORS], settings))
    assert (form.fields["budget"].text, form.fields["budget"].unit) == ("120", "万元")
    assert [(source, filed.text, filed.unit) for source, filed in form.funding] == [
        ("fiscal", "110", "万元"),
        ("other", "10", "万元"),
    ]
    assert [(filed.label, filed.text) for _, filed in form.others] == [
        ("任务名称", "任务1：公共卫生"),
        ("主要内容", "免费服务。"),
        ("预算金额（万元）总额", "90"),
        ("预算金额（万元）财政拨款", "80"),
        ("预算金额（万元）其他资金", "10"),
        ("任务名称", "任务2：能力提升"),
        ("主要内容", "改善条件。"),
        ("预算金额（万元）总额", "30"),
        ("预算金额（万元）财政拨款", "30"),
    ]


def test_a_sum_beside_a_printed_budget_is_kept_and_not_added_to_it(settings: Settings) -> None:
    budget = ["部门预算总额（万元）", "125"]
    form = only(extract([TITLE, DEPARTMENT, budget, HEADER, AMOUNTS, FIRST, SECOND, SUM, GOAL, *INDICATORS], settings))
    assert form.fields["budget"].text == "125"
    assert form.funding == ()
    assert [filed.text for _, filed in form.others][-3:] == ["120", "110", "10"]


def test_a_table_of_tasks_without_margin_ends_at_the_next_heading(settings: Settings) -> None:
    table = [["任务名称", "主要内容", "预算金额（万元）"], ["公共卫生", "免费服务。", "90"], ["合计", "", "90"]]
    form = only(extract([TITLE, DEPARTMENT, *table, GOAL, *INDICATORS], settings))
    assert form.fields["budget"].text == "90"


def test_a_cell_beside_the_columns_of_the_tasks_is_reported(settings: Settings) -> None:
    table = [["任务名称", "主要内容", "预算金额（万元）"], ["公共卫生", "免费服务。", "90", "另议"]]
    read = extract([TITLE, DEPARTMENT, *table, GOAL, *INDICATORS], settings)
    assert read.reported > 0
    assert {finding.code for finding in read.findings} <= {"cell-unread", "label-unknown"}
