"""The rows of one form: what is a heading and never a value, whose money is whose, and which year a column is of."""

import pytest
from printed import extract, extracted, row

from builder.model import Cell, FiledForm, Row
from builder.settings import Settings

TITLE = ["2026年项目支出绩效目标表"]
NAME = ["项目名称", "甲项目", "", ""]
INDICATORS = [["三级指标", "指标值", "", ""], ["建成数量", "3处", "", ""]]


def test_unknown_headings_that_divide_another_are_never_its_value(settings: Settings) -> None:
    rows = [["年度总体目标", "预期所成", "情况所述", ""], ["", "建成三处。", "没有说明。", ""]]
    read = extract([TITLE, NAME, *rows, *INDICATORS], settings)
    assert "goal" not in read.forms[0].fields
    assert [finding.actual for finding in read.findings if finding.code == "label-unknown"] == ["预期所成", "情况所述"]
    assert [finding.actual for finding in read.findings if finding.code == "cell-unread"] == [
        "建成三处。",
        "没有说明。",
    ]


def test_a_row_with_figures_divides_nothing(settings: Settings) -> None:
    money = ["预算规模及资金用途", "预算数（万元）", "88.60", "其中：财政资金"]
    read = extract([TITLE, NAME, money, ["", "用于照明电费。", "", ""], *INDICATORS], settings)
    assert read.forms[0].fields["budget"].text == "88.60"
    assert [finding.actual for finding in read.findings] == ["用于照明电费。"]


def test_money_under_another_sum_is_kept_under_its_name(settings: Settings) -> None:
    rows = [
        ["项目总额（万元）", "300", "年度预算（万元）", "100"],
        ["其中：财政拨款", "200", "其中：财政拨款", "60"],
        ["其他资金", "100", "其他资金", "40"],
    ]
    (form,) = extract([TITLE, NAME, *rows, *INDICATORS], settings).forms
    assert form.fields["budget"].text == "100"
    assert [(source, filed.text) for source, filed in form.funding] == [("fiscal", "60"), ("other", "40")]
    assert [(filed.label, filed.text) for _, filed in form.others] == [
        ("项目总额（万元）", "300"),
        ("项目总额：其中：财政拨款", "200"),
        ("项目总额：其他资金", "100"),
    ]


def test_a_sum_of_no_year_is_the_budget_where_no_other_is_printed(settings: Settings) -> None:
    row = ["项目资金总额（万元）", "100", "其中：财政拨款", "60"]
    (form,) = extract([TITLE, NAME, row, *INDICATORS], settings).forms
    assert (form.fields["budget"].text, len(form.funding), form.others) == ("100", 1, ())


@pytest.mark.parametrize("period", ["3年", "2025-2027年", "2025年1月至2026年6月", "三年期"])
def test_a_sum_of_several_years_is_not_the_budget_of_one(period: str, settings: Settings) -> None:
    money = ["项目资金总额（万元）", "300", "其中：财政拨款", "200"]
    (form,) = extract([TITLE, NAME, ["项目期", period, "", ""], money, *INDICATORS], settings).forms
    assert ("budget" in form.fields, "budget" in form.places, form.funding) == (False, False, ())
    assert [filed.text for _, filed in form.others] == ["300", "200"]


@pytest.mark.parametrize("period", ["1年", "2025年", "2025年1月-2025年12月", "长期"])
def test_a_sum_of_a_project_of_one_year_is_its_budget(period: str, settings: Settings) -> None:
    money = ["项目资金总额（万元）", "300", "其中：财政拨款", "200"]
    (form,) = extract([TITLE, NAME, ["项目期", period, "", ""], money, *INDICATORS], settings).forms
    assert (form.fields["budget"].text, len(form.funding), form.others) == ("300", 1, ())


def test_parts_of_two_sums_that_were_not_found_are_kept_and_not_added_up(settings: Settings) -> None:
    rows = [["神秘总额", "30", "神秘年额", "10"], ["其他资金", "20", "其他资金", "5"]]
    read = extract([TITLE, NAME, *rows, *INDICATORS], settings)
    (form,) = read.forms
    assert (form.funding, [filed.text for _, filed in form.others]) == ((), ["20", "5"])
    assert [f.actual for f in read.findings if f.code == "label-repeated"] == ["5"]


def test_of_a_table_without_a_known_heading_the_first_is_offered_and_no_name_of_a_row(settings: Settings) -> None:
    rows = [["支出明细", "名目", "数额", "来由"], ["", "设备运维", "42", "按合同"], ["", "合计", "42", ""]]
    read = extract([TITLE, NAME, *rows, *INDICATORS], settings)
    assert [finding.actual for finding in read.findings if finding.code == "label-unknown"] == ["支出明细"]
    assert [finding.actual for finding in read.findings if finding.code == "cell-unread"] == [
        *("名目", "数额", "来由", "设备运维", "42", "按合同", "合计", "42")
    ]
    assert (len(read.forms[0].indicators), read.reported) == (1, 9)


def test_boxes_to_tick_are_one_answer(settings: Settings) -> None:
    read = extract([TITLE, NAME, ["项目属性", "新增□", "延续√", ""], *INDICATORS], settings)
    assert read.forms[0].fields["project_type"].text == "新增□ 延续√"
    assert (read.findings, read.reported) == ((), 0)


def test_the_column_of_the_titles_year_is_the_target(settings: Settings) -> None:
    header = [["三级指标", "指标值", "", "分值"], ["", "2025年", "2026年", ""]]
    read = extract([TITLE, NAME, *header, ["建成数量", "2处", "3处", "90"]], settings)
    (indicator,) = read.forms[0].indicators
    assert indicator["target"].text == "3处"
    assert [(position, filed.label, filed.text) for position, filed in read.forms[0].others] == [
        (1, "指标值2025年", "2处")
    ]
    other = extract([["项目支出绩效目标表"], NAME, *header, ["建成数量", "2处", "3处", "90"]], settings)
    assert other.forms[0].indicators == ()  # nothing says which of the years is meant
    assert "row-ambiguous" in {finding.code for finding in other.findings}


def test_no_row_of_a_table_without_targets_is_an_indicator(settings: Settings) -> None:
    header = ["一级指标", "三级指标", "神秘一栏", "分值"]
    read = extract([TITLE, NAME, header, ["产出指标", "建成数量", "3处", "50"]], settings)
    assert read.forms[0].indicators == ()
    assert [finding.code for finding in read.findings] == ["label-unknown", "row-ambiguous"]


def test_the_name_of_a_level_is_no_name_of_an_indicator(settings: Settings) -> None:
    rows = [
        ["三级指标", "指标值", "分值", "备注"],
        ["数量指标", "3处", "50", "无"],
        ["服务对象满意度", "90%", "40", "无"],
    ]
    read = extract([TITLE, NAME, *rows], settings)
    assert [row["name"].text for row in read.forms[0].indicators] == ["服务对象满意度"]
    assert [finding.code for finding in read.findings] == ["row-ambiguous"]


HEAD = [["项目支出绩效目标表"], ["项目名称", "校舍维修"]]
INDICATORS = [["三级指标", "指标值"], ["维修面积", "300平方米"]]


def money(form: FiledForm) -> list[tuple[str, str]]:
    return [("budget", form.fields["budget"].text), *((source, filed.text) for source, filed in form.funding)]


@pytest.mark.parametrize(
    "rows",
    [
        [["项目预算（万元）", "合计", "财政拨款", "其他资金"], ["", "50", "30", "20"]],
        [["资金总额（万元）", "总计", "50", "财政拨款", "30"], ["", "", "", "其他资金", "20"]],
        [
            ["没见过的写法（万元）", "年度预算", "50"],
            ["", "1、资金来源：（1）财政拨款", "30"],
            ["", "（2）其他资金", "20"],
        ],
    ],
)
def test_a_sum_is_read_under_its_own_word_and_in_the_unit_of_the_heading_that_spans_it(
    rows: list[list[str]], settings: Settings
) -> None:
    read = extract([*HEAD, *rows, *INDICATORS], settings)
    assert money(read.forms[0]) == [("budget", "50"), ("fiscal", "30"), ("other", "20")]
    assert read.forms[0].fields["budget"].unit == "万元"
    assert (read.findings, read.reported) == ((), 0)


def test_a_misprint_of_the_budget_yields_to_the_heading_of_the_year(settings: Settings) -> None:
    rows = [["项目总金额（元）", "360", "本年度预算金额（元）", "120"]]
    read = extract([*HEAD, *rows, *INDICATORS], settings)
    assert money(read.forms[0]) == [("budget", "120")]
    assert "label-repeated" not in {finding.code for finding in read.findings}


def test_the_lowest_of_four_levels_names_the_indicator(settings: Settings) -> None:
    rows = [["一级指标", "三级指标", "四级指标", "指标值"], ["产出指标", "建设里程", "完成里程", "30公里"]]
    read = extract([*HEAD, *rows], settings)
    assert [row["name"].text for row in read.forms[0].indicators] == ["完成里程"]
    assert [filed.text for _, filed in read.forms[0].others] == ["建设里程"]
    assert read.findings == ()


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([["项目总金额（元）", "360", "没见过的栏", "120"]], "budget"),
        ([["项目资金总额（元）", "360", "没见过的栏", "120"]], "budget"),
        ([["长期绩效目标", "三年建成。"], ["没见过的栏", "今年动工。"]], "goal_overall"),
        ([["省级主管部门", "省教育厅"], ["没见过的栏", "县教育局"]], "department"),
    ],
)
def test_a_weak_heading_yields_to_an_unknown_one_beside_it(
    rows: list[list[str]], field: str, settings: Settings
) -> None:
    read = extract([*HEAD, *rows, *INDICATORS], settings)
    assert field not in read.forms[0].fields
    assert rows[0][1] in [filed.text for _, filed in read.forms[0].others]
    assert "label-unknown" in {finding.code for finding in read.findings}


def test_the_place_of_a_seal_is_no_part_of_a_name(settings: Settings) -> None:
    read = extract([HEAD[0], ["填报单位：（盖章）某县民政局"], HEAD[1], *INDICATORS], settings)
    assert read.forms[0].fields["reporting_unit"].text == "某县民政局"


@pytest.mark.parametrize(
    "over",
    [
        ["年度预算（万元）", "资金来源", "", "支出构成", ""],
        ["预算情况", "资金来源", "金额（万元）", "支出构成", "金额（万元）"],
    ],
)
def test_money_by_source_and_by_use_side_by_side(over: list[str], settings: Settings) -> None:
    """The sum under the sources is the year's budget; the one under the uses is kept."""
    rows = [["", "财政拨款", "100", "基本支出", "60"], ["", "其他资金", "20", "项目支出", "70"]]
    read = extract([TITLE, NAME, over, *rows, ["", "合计", "120", "合计", "130"], *INDICATORS], settings)
    (form,) = read.forms
    assert read.findings == ()
    assert (form.fields["budget"].text, form.fields["budget"].unit) == ("120", "万元")
    assert [(source, filed.text) for source, filed in form.funding] == [("fiscal", "100"), ("other", "20")]
    assert [(filed.label, filed.text) for _, filed in form.others] == [
        ("基本支出", "60"),
        ("项目支出", "70"),
        ("合计", "130"),
    ]


@pytest.mark.parametrize("person", [["项目负责人", "王甲"], ["联系人：王甲", ""], ["联系人及电话", "王甲"]])
def test_a_telephone_beside_a_person_needs_no_heading(person: list[str], settings: Settings) -> None:
    read = extract([TITLE, NAME, [*person, "0431-85551234", ""], *INDICATORS], settings)
    assert read.findings == ()
    assert read.forms[0].fields["contact_phone"].text == "0431-85551234"


def test_uses_of_money_are_kept_by_whatever_name(settings: Settings) -> None:
    over = [["项目资金（万元）", "资金来源", "", "支出构成", ""], ["", "来源项目", "金额", "支出经济分类", "金额"]]
    rows = [
        ["", "财政拨款", "100", "购置桌椅", "60"],
        ["", "其他资金", "20", "维修（护）费", "60"],
        ["", "合计", "120", "", ""],
    ]
    read = extract([TITLE, NAME, *over, *rows, *INDICATORS], settings)
    assert read.findings == ()
    assert money(read.forms[0]) == [("budget", "120"), ("fiscal", "100"), ("other", "20")]
    assert [(filed.label, filed.text) for _, filed in read.forms[0].others] == [
        ("购置桌椅", "60"),
        ("维修（护）费", "60"),
    ]


@pytest.mark.parametrize(("budget", "is_part"), [("120", True), ("220", False)])
def test_sources_that_add_up_to_the_one_above_are_its_parts(budget: str, is_part: bool, settings: Settings) -> None:
    """Where the budget says so: money of above and one's own may be as much as the other by chance."""
    rows = [
        ["年度预算（万元）", budget],
        ["财政拨款", "100"],
        ["中央补助", "60"],
        ["县级资金", "40"],
        ["其他资金", "20"],
    ]
    (form,) = extract([TITLE, NAME, *rows, *INDICATORS], settings).forms
    inner = [("upper_grant", "60"), ("own", "40")]
    assert money(form)[1:] == [("fiscal", "100"), *([] if is_part else inner), ("other", "20")]
    assert [filed.text for _, filed in form.others] == (["60", "40"] if is_part else [])


def test_a_heading_of_money_beside_other_headings_takes_none_for_its_amount(settings: Settings) -> None:
    read = extract([TITLE, NAME, ["预算金额（万元）", "远景金额", "300", "年度金额", "100"], *INDICATORS], settings)
    assert money(read.forms[0]) == [("budget", "100")]
    assert [(finding.code, finding.actual) for finding in read.findings] == [
        ("label-unknown", "远景金额"),
        ("cell-unread", "300"),
    ]
    assert read.forms[0].others == ()


def test_a_year_under_a_heading_that_nobody_knows_is_no_other_budget(settings: Settings) -> None:
    read = extract([TITLE, NAME, ["某某口径", "2026"], ["预算金额（万元）", "100"], *INDICATORS], settings)
    assert money(read.forms[0]) == [("budget", "100")]


def test_who_fills_in_a_form_is_not_who_is_in_charge(settings: Settings) -> None:
    rows = [["项目负责人", "王甲"], ["填报人：陈", "晨", "填报日期：2026年1月", "日"]]
    tail = Row(tuple(Cell(text, 9, column) for column, text in enumerate(rows[1])))
    whole = [row(cells, line) for line, cells in enumerate([TITLE, NAME, rows[0], *INDICATORS], 1)]
    read = extracted([*whole, tail], settings)
    assert read.findings == ()
    assert read.forms[0].fields["contact_name"].text == "王甲"
    assert [(filed.label, filed.text) for _, filed in read.forms[0].others] == [
        ("填报人", "陈晨"),
        ("填报日期", "2026年1月日"),
    ]


@pytest.mark.parametrize("cells", [["填报单位（盖章）：", "填报人：王甲"], ["填报单位（盖章）：填报人：王甲", ""]])
def test_a_heading_left_empty_does_not_take_the_next_one_with_its_value(cells: list[str], settings: Settings) -> None:
    read = extract([TITLE, NAME, cells, *INDICATORS], settings)
    assert read.findings == ()
    assert "reporting_unit" not in read.forms[0].fields
    assert read.forms[0].fields["contact_name"].text == "王甲"


def test_an_office_under_单位_is_no_unit_of_money(settings: Settings) -> None:
    (form,) = extract([TITLE, ["单位：万元"], NAME, ["单位", "某县文化局"], *INDICATORS], settings).forms
    assert (form.fields["unit"].text, form.fields["department"].text) == ("万元", "某县文化局")


def test_a_heading_inside_of_another_is_never_the_goal(settings: Settings) -> None:
    row = ["年度目标", "某某目标", "巩固农村供水保障水平，新增高效节水灌溉面积八千亩。"]
    read = extract([TITLE, NAME, row, *INDICATORS], settings)
    assert "goal" not in read.forms[0].fields
    assert [(finding.code, finding.actual) for finding in read.findings] == [
        ("label-unknown", "某某目标"),
        ("cell-unread", row[2]),
    ]


def test_a_sum_that_nobody_knows_has_its_own_parts(settings: Settings) -> None:
    rows = [
        ["项目资金（万元）", "远景总额", "300", "年度预算", "100"],
        ["", "其中：财政拨款", "250", "其中：财政拨款", "80"],
    ]
    (form,) = extract([TITLE, NAME, *rows, *INDICATORS], settings).forms
    assert money(form) == [("budget", "100"), ("fiscal", "80")]
    assert [(filed.label, filed.text) for _, filed in form.others] == [("远景总额：其中：财政拨款", "250")]


def test_headings_over_their_values_are_none_of_them(settings: Settings) -> None:
    rows = [["项目名称", "远景某某预算（万元）", "年度预算（万元）", ""], ["校舍维修", "240", "80", ""]]
    read = extract([TITLE, *rows, *INDICATORS], settings)
    assert (read.forms[0].fields["name"].text, money(read.forms[0])) == ("校舍维修", [("budget", "80")])
    assert [(finding.code, finding.actual) for finding in read.findings] == [
        ("label-unknown", "远景某某预算（万元）"),
        ("cell-unread", "240"),
    ]


def test_a_heading_under_another_is_no_beginning_of_its_text(settings: Settings) -> None:
    rows = [["年度目标", "某某目标", "", ""], ["", "目标1：新建茶园2000亩，改造低产茶园5000亩。", "", ""]]
    read = extract([TITLE, NAME, *rows, *INDICATORS], settings)
    assert "goal" not in read.forms[0].fields
    assert [finding.actual for finding in read.findings] == ["某某目标", rows[1][1]]


def test_the_figures_of_a_table_of_several_rows_are_no_source_of_money(settings: Settings) -> None:
    rows = [["没见过的任务", "某某", "其他资金（万元）", ""], ["防汛", "物资", "0", ""], ["灌溉", "渠道", "400", ""]]
    (form,) = extract([TITLE, NAME, *rows, *INDICATORS], settings).forms
    assert form.funding == ()


def test_a_budget_under_a_heading_that_nobody_knows_was_not_left_empty(settings: Settings) -> None:
    read = extract([TITLE, NAME, ["预算金额（万元）", "某某金额", "300", ""], *INDICATORS], settings)
    assert "budget" not in read.forms[0].places
    assert "funding.unread" in read.forms[0].places
