"""Headings and their values: what has a column of its own, what is kept as printed, what stands behind the forms."""

from printed import extract, extracted, row

from builder.model import Cell, Row
from builder.settings import Settings

HEADER = ["指标名称", "指标性质", "指标值", "指标单位", "指标权重"]
INDICATOR = ["建成数量", "=", "3", "处", "100"]


def test_a_known_heading_without_a_column_of_its_own_is_kept_as_printed(settings: Settings) -> None:
    read = extract(
        [
            ["某县2026年部门整体支出绩效目标表"],
            ["部门名称", "某县教育委员会"],
            ["年度部门整体\n支出预算\n（万元）", "资金总额", "215,300.66"],
            ["", "其中：基本支出", "180,000.00"],
            ["", "项目支出", "35,300.66"],
            HEADER,
            INDICATOR,
        ],
        settings,
    )
    (form,) = read.forms
    assert (form.fields["budget"].text, form.fields["budget"].unit) == ("215,300.66", "万元")
    assert [(cell.label, cell.text) for _, cell in form.others] == [
        ("其中：基本支出", "180,000.00"),
        ("项目支出", "35,300.66"),
    ]
    assert read.findings == ()


def test_links_to_attachments_under_a_table_are_no_indicators(settings: Settings) -> None:
    read = extract([["某县2026年项目绩效目标表"], ["项目名称", "甲"], HEADER, INDICATOR, ["附件：下载"]], settings)
    assert len(read.forms[0].indicators) == 1
    assert read.findings == ()


def test_rows_of_a_table_without_a_column_of_names_are_reported(settings: Settings) -> None:
    rows = [
        ["某县2026年项目绩效目标表"],
        ["项目名称", "甲"],
        ["指标性质", "指标值", "指标单位", "指标权重"],
        ["≥", "3", "处", "100"],
    ]
    read = extract(rows, settings)
    assert read.forms[0].indicators == ()
    assert [finding.code for finding in read.findings] == ["row-ambiguous"]


FORM = [["某县2026年项目绩效目标表"], ["项目名称", "甲"], HEADER, INDICATOR]


def test_what_is_to_be_bought_is_no_form(settings: Settings) -> None:
    """It names its project and money; it promises nothing."""
    rows = [
        ["项目名称", "设备更新", "预算金额（元）", "1936000"],
        ["采购方式", "公开招标", "联系人及电话", "赖先生 0597-6831234"],
    ]
    read = extract([["某医院设备采购需求表"], *rows], settings)
    assert read.forms == ()
    assert [other.kind for other in read.others] == ["procurement"]


def test_a_project_after_another_needs_no_promise_to_be_a_form(settings: Settings) -> None:
    read = extract([*FORM, ["项目名称", "乙", "年度预算", "3万元"]], settings)
    assert [form.fields["name"].text for form in read.forms] == ["甲", "乙"]


def test_the_other_tables_of_a_budget_are_declared_and_a_table_of_no_name_is_not(settings: Settings) -> None:
    figures = ["一、一般公共预算收入", "234.5", "一、农林水支出", "240.1"]
    over = [row(["预算01-1表", ""], 1), row(["2026年财务收支预算总表", ""], 2), row(figures, 3)]
    read = extracted([*over, *(row(cells, line, page=2) for line, cells in enumerate(FORM, 4))], settings)
    assert (read.findings, read.reported) == ((), 0)
    read = extracted([over[2], *(row(cells, line, page=2) for line, cells in enumerate(FORM, 4))], settings)
    assert [finding.actual for finding in read.findings] == figures


def test_a_title_beside_the_number_of_its_table(settings: Settings) -> None:
    title = Row(tuple(Cell(text, 1, column) for column, text in enumerate(["表十一", "项目绩效目标表"])))
    unit = Row((Cell("单位：万元", 2, 0),))
    read = extracted([title, unit, *(row(cells, line) for line, cells in enumerate(FORM[1:], 3))], settings)
    assert (read.forms[0].title, read.forms[0].fields["unit"].text, read.findings) == ("项目绩效目标表", "万元", ())


def test_lines_under_a_table_are_no_rows_of_it(settings: Settings) -> None:
    links = [Row((Cell(text, line, 0),)) for line, text in enumerate(["相关阅读", "某县水利局2026年部门预算"], 9)]
    read = extracted([*(row(cells, line) for line, cells in enumerate(FORM, 1)), *links], settings)
    assert [(finding.code, finding.actual) for finding in read.findings] == [
        ("cell-unread", "某县水利局2026年部门预算")
    ]
    assert "indicator.unread" not in read.forms[0].places


def test_two_characters_may_be_the_rest_of_any_heading(settings: Settings) -> None:
    read = extract([FORM[0], FORM[1], ["容量", "某某"], *FORM[2:]], settings)
    assert "overview" not in read.forms[0].fields
    assert [finding.actual for finding in read.findings] == ["容量", "某某"]


def test_a_line_of_the_cover_over_each_form_is_no_part_of_the_one_above(settings: Settings) -> None:
    read = extract([["某县水利局2026年预算公开"], *FORM, ["某县水利局2026年预算公开"], *FORM], settings)
    assert (len(read.forms), read.findings) == (2, ())
