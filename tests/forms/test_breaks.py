"""Forms that go on over a page: cut rows, repeated headings, running titles between the halves."""

import pytest
from printed import extracted, row

from builder.forms.breaks import join
from builder.model import Extract, Row
from builder.settings import Settings

TITLE = ["某区2024年重点专项资金绩效目标表"]
HEAD = [["项目名称", "甲项目"], ["主管部门", "某区财政局"]]
GOAL = ["当年绩效目标", "建成三处。"]
HEADER = ["指标名称", "指标性质", "指标值", "指标单位", "指标权重"]
FIRST = ["建成数量", "=", "3", "处", "50"]
SECOND = ["群众满意度", "≥", "90", "%", "50"]

Page = list[tuple[list[str], bool] | list[str]]


def extract(pages: list[Page], settings: Settings) -> Extract:
    """The pages as a PDF reader gives them; pairs say whether a line runs."""
    rows: list[Row] = []
    for number, page in enumerate(pages, 1):
        for item in page:
            texts, running = item if isinstance(item, tuple) else (item, False)
            rows.append(row(texts, len(rows) + 1, number, running))
    return extracted(rows, settings)


def assert_whole(read: Extract) -> None:
    assert [finding.code for finding in read.findings] == []
    assert (read.read + read.furniture, read.reported) == (read.cells, 0)
    (form,) = read.forms
    assert (form.fields["name"].text, form.fields["goal"].text) == ("甲项目", "建成三处。")
    assert [[cell.text for cell in row.values()] for row in form.indicators] == [FIRST, SECOND]
    assert form.others == ()


def test_heading_rows_repeated_on_the_next_page_are_no_new_form(settings: Settings) -> None:
    assert_whole(extract([[TITLE, *HEAD, GOAL, HEADER], [*HEAD, FIRST, SECOND]], settings))


def test_indicator_headings_repeated_on_the_next_page_are_no_indicator(settings: Settings) -> None:
    assert_whole(extract([[TITLE, *HEAD, GOAL, HEADER, FIRST], [*HEAD, HEADER, SECOND]], settings))


def test_running_titles_between_the_halves_of_a_row_are_set_aside(settings: Settings) -> None:
    running = (["某区2024年部门预算公开"], True)
    upper, lower = ["群众满", "≥", "90", "%", "50"], ["意度", "", "", "", ""]
    number = [(["第 1 页"], True), (["第 2 页"], True)]
    first: Page = [running, TITLE, *HEAD, GOAL, HEADER, FIRST, upper, number[0]]
    assert_whole(extract([first, [running, lower, number[1]]], settings))


def test_a_heading_cut_into_two_words_that_are_headings_too_is_one(settings: Settings) -> None:
    read = extract([[TITLE, *HEAD, ["2024年预算", "3"]], [["金额", ""], GOAL, HEADER, FIRST, SECOND]], settings)
    assert_whole(read)
    assert read.forms[0].fields["budget"].text == "3"


def test_a_lower_half_with_name_and_target_goes_with_the_row_whose_weight_it_lacks(settings: Settings) -> None:
    upper, lower = ["建成", "定性", "按期", "", "50"], ["质量", "", "完成", "", ""]
    read = extract([[TITLE, *HEAD, GOAL, HEADER, upper], [lower, SECOND]], settings)
    assert [row["name"].text for row in read.forms[0].indicators] == ["建成质量", "群众满意度"]
    assert read.forms[0].indicators[0]["target"].text == "按期完成"


def test_the_title_of_forms_of_a_page_each_does_not_run(settings: Settings) -> None:
    page: Page = [(TITLE, True), *HEAD, GOAL, HEADER, FIRST, SECOND]
    assert len(extract([page, page], settings).forms) == 2


@pytest.mark.parametrize("title", [("某区2024年重点专项资", "金绩效目标表"), ("某区2024年重点专项资金绩效目标", "表")])
def test_a_title_broken_over_two_lines_is_one_title(title: tuple[str, str], settings: Settings) -> None:
    upper, lower = title
    page: Page = [([upper], True), ([lower], True), *HEAD, GOAL, HEADER, FIRST, SECOND]
    read = extract([page, page], settings)
    assert [finding.code for finding in read.findings] == []
    assert [(form.title, form.form_type) for form in read.forms] == [(upper + lower, "special_fund")] * 2


def test_a_line_over_a_title_that_is_no_part_of_it_stays(settings: Settings) -> None:
    page: Page = [["某区2024年部门预算公开"], TITLE, *HEAD, GOAL, HEADER, FIRST, SECOND]
    assert [form.title for form in extract([page], settings).forms] == TITLE


def test_halves_are_joined_cell_by_cell_where_the_ruling_has_shifted(settings: Settings) -> None:
    upper, lower = ["建成", "", "=", "3", "处", "50"], ["数", "", "", "", "", ""]
    read = extract(
        [[TITLE, *HEAD, ["项目", "", "三处建"]], [["概况", "成。", ""], GOAL, HEADER, FIRST, SECOND]], settings
    )
    assert_whole(read)
    assert read.forms[0].fields["overview"].text == "三处建成。"
    assert join(row(upper, 1), row(lower, 2)).text == "建成数 | = | 3 | 处 | 50"
