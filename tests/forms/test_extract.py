"""Headings and their values: what has a column of its own, what is kept as printed, what stands behind the forms."""

from printed import extract

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
