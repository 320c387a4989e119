"""The indicator table: what its rows share, and lines of a template that nobody filled in."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from printed import extract, extracted, row

from builder.model import Filed
from builder.settings import Settings

TITLE = ["项目支出绩效目标申报表"]
NAME = ["项目名称", "甲项目"]
HEADER = ["一级指标", "二级指标", "三级指标", "指标值", "分值"]
FIRST = ["产出指标", "数量指标", "建成数量", "≥3处", "50"]


def test_levels_without_an_indicator_are_set_aside_and_hold_for_what_follows(settings: Settings) -> None:
    unfilled = [["", "质量指标", "", "", ""], ["效益指标", "经济效益指标", "", "", ""]]
    second = ["", "社会效益指标", "群众出行", "更便利", "40"]
    read = extract([TITLE, NAME, HEADER, FIRST, *unfilled, second], settings)
    assert [finding.code for finding in read.findings] == []
    assert read.reported == 0
    levels = [(row["level1"].text, row["level2"].text) for row in read.forms[0].indicators]
    assert levels == [("产出指标", "数量指标"), ("效益指标", "社会效益指标")]


def test_a_word_that_is_no_level_is_reported_and_not_set_aside(settings: Settings) -> None:
    read = extract([TITLE, NAME, HEADER, FIRST, ["", "见附件", "", "", ""]], settings)
    assert [finding.code for finding in read.findings] == ["row-ambiguous"]
    assert read.reported == 1


def test_a_new_first_level_forgets_the_second_of_the_one_before(settings: Settings) -> None:
    second = ["效益指标", "", "群众出行", "更便利", "40"]
    third = ["", "社会效益指标", "商户增加", "≥5户", "10"]
    rows = extract([TITLE, NAME, HEADER, FIRST, second, third], settings).forms[0].indicators
    assert [{key: row[key].text for key in ("level1", "level2") if key in row} for row in rows] == [
        {"level1": "产出指标", "level2": "数量指标"},
        {"level1": "效益指标"},
        {"level1": "效益指标", "level2": "社会效益指标"},
    ]


PLAIN = ["指标名称", "指标性质", "指标值", "指标单位", "指标权重"]


def test_a_name_and_one_other_cell_are_read_where_they_stand(settings: Settings) -> None:
    read = extract([TITLE, NAME, PLAIN, ["建成数量", "≥", "3", "处", "50"], ["群众满意度", "", "90", "", ""]], settings)
    assert [finding.code for finding in read.findings] == []
    assert {key: cell.text for key, cell in read.forms[0].indicators[1].items()} == {
        "name": "群众满意度",
        "target": "90",
    }


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (["群众满意度", "约", "90", "", "50"], True),  # four cells, one of them not what its column wants
        (["群众满意度", "", "90", "", "五十"], False),  # three: too few to be sure that they stand right
        (["群众满意度", "约", "90", "%", "五十"], False),  # two misfits
        (["≥", "≥", "90", "%", "50"], False),  # the name is the misfit
    ],
)
def test_a_row_with_one_misfit_is_read_as_it_stands(row: list[str], kept: bool, settings: Settings) -> None:
    read = extract([TITLE, NAME, PLAIN, ["建成数量", "≥", "3", "处", "50"], row], settings)
    assert len(read.forms[0].indicators) == 1 + kept
    assert [finding.code for finding in read.findings] == ([] if kept else ["row-ambiguous"])


def test_an_indicator_may_be_named_as_a_heading_is(settings: Settings) -> None:
    """建设周期 is a heading of forms; as a row under the columns of indicators it promises something."""
    header = ["指标名称", "指标性质", "指标值", "指标单位", "指标权重"]
    rows = [["某县2026年项目绩效目标表"], ["项目名称", "甲"], header, ["建设周期", "=", "1", "年", "20"]]
    last, contact = ["群众满意度", "≥", "90", "%", "70"], ["联系人", "王甲", "联系电话", "40001234"]
    read = extract([*rows, last, contact], settings)
    (form,) = read.forms
    assert [one["name"].text for one in form.indicators] == ["建设周期", "群众满意度"]
    assert form.fields["contact_name"].text == "王甲"
    assert "period" not in form.fields
    assert read.findings == ()


def _told(row: Mapping[str, Filed]) -> dict[str, str]:
    return {key: cell.text for key, cell in row.items()}


@pytest.mark.parametrize("header", [["指标类型", "", "指标名称", "指标值"], ["绩效指标", "", "", "指标值"]])
def test_a_heading_that_spans_the_levels_is_told_by_what_stands_below(header: list[str], settings: Settings) -> None:
    rows = [header, ["产出指标", "数量指标", "建成数量", "3处"], ["", "质量指标", "完好率", "98%"]]
    read = extract([TITLE, NAME, *rows], settings)
    assert read.findings == ()
    assert [_told(row) for row in read.forms[0].indicators] == [
        {"level1": "产出指标", "level2": "数量指标", "name": "建成数量", "target": "3处"},
        {"level1": "产出指标", "level2": "质量指标", "name": "完好率", "target": "98%"},
    ]


@pytest.mark.parametrize("word", ["总分值", "合计"])
def test_the_sum_of_the_weights_is_kept_and_is_no_indicator(word: str, settings: Settings) -> None:
    read = extract([TITLE, NAME, HEADER, FIRST, [word, "", "", "", "50"]], settings)
    assert read.findings == ()
    assert len(read.forms[0].indicators) == 1
    assert [(filed.label, filed.text) for _, filed in read.forms[0].others] == [(word, "50")]


NAMED_OVER = [["{}", "", "", "", ""], HEADER]
NAMED_BESIDE = [["{}", *HEADER]]


@pytest.mark.parametrize("shape", [NAMED_OVER, NAMED_BESIDE])
@pytest.mark.parametrize(
    ("name", "kept"), [("五年期绩效指标", True), ("2024-2026年绩效指标", True), ("远景指标", False)]
)
def test_a_table_of_a_longer_time_is_never_read_as_the_years(
    name: str, kept: bool, shape: list[list[str]], settings: Settings
) -> None:
    """A name that tells of several years says so; one that nobody knows leaves open which of two tables is the year's."""
    over = len(shape) - 1

    def table(named: str, row: list[str]) -> list[list[str]]:
        return [*([cell.format(named) for cell in cells] for cells in shape), row if over else ["", *row]]

    rows = table(name, ["产出指标", "数量指标", "五年建成", "15处", "50"]) + table("年度绩效指标", FIRST)
    read = extract([TITLE, NAME, ["年度目标", "建成三处。"], *rows], settings)
    (form,) = read.forms
    assert [row["name"].text for row in form.indicators] == ["建成数量"]
    assert form.fields["goal"].text == "建成三处。"
    assert [finding.code for finding in read.findings] == ([] if kept else ["label-unknown", "row-ambiguous"])
    assert [filed.text for _, filed in form.others] == (
        ["产出指标", "数量指标", "五年建成", "15处", "50"] if kept else []
    )


def test_the_level_over_a_row_that_was_not_read_is_not_known(settings: Settings) -> None:
    rows = [FIRST, ["效益指标", "社会效益指标", "≥", "90", "五十"], ["", "", "群众出行", "更便利", "40"]]
    (form,) = extract([TITLE, NAME, HEADER, *rows], settings).forms
    assert [_told(row) for row in form.indicators[1:]] == [{"name": "群众出行", "target": "更便利", "weight": "40"}]


def test_a_heading_that_nobody_knows_may_be_the_better_name(settings: Settings) -> None:
    """指标内容 names indicators where nothing else does; beside a heading that nobody knows it may explain them."""
    header = ["一级指标", "二级指标", "没见过的栏", "指标值", "指标内容"]
    read = extract([TITLE, NAME, header, ["产出指标", "数量指标", "建成数量", "3处", "反映建成数"]], settings)
    assert read.forms[0].indicators == ()
    assert [finding.code for finding in read.findings] == ["label-unknown", "row-ambiguous"]


def test_a_fourth_level_that_nobody_knows_names_the_indicators(settings: Settings) -> None:
    header = ["一级指标", "二级指标", "三级指标", "没见过的栏", "指标值"]
    rows = [["产出指标", "产出数量", "道路", "建成里程", "3公里"], ["", "", "", "养护里程", "9公里"]]
    read = extract([TITLE, NAME, header, *rows], settings)
    assert read.forms[0].indicators == ()
    assert [finding.code for finding in read.findings] == ["label-unknown", "row-ambiguous", "row-ambiguous"]


@pytest.mark.parametrize("over", ["历史值", "近两年数值"])
def test_years_under_a_heading_are_headings_whether_we_know_it_or_not(over: str, settings: Settings) -> None:
    header = ["一级指标", "二级指标", "三级指标", over, "", "指标值", "分值"]
    first = ["产出指标", "数量指标", "建成数量", "1处", "2处", "≥3处", "50"]
    form = extract([TITLE, NAME, header, ["", "", "", "2022年", "2023年", "", ""], first], settings).forms[0]
    assert [(row["name"].text, row["target"].text) for row in form.indicators] == [("建成数量", "≥3处")]


def test_indicators_right_of_the_levels_head_the_names(settings: Settings) -> None:
    header = ["一级指标", "二级指标", "绩效指标", "绩效指标描述", "指标值"]
    read = extract([TITLE, NAME, header, ["产出指标", "数量指标", "建成数量", "新建的处数", "≥3处"]], settings)
    assert [(row["name"].text, row["target"].text) for row in read.forms[0].indicators] == [("建成数量", "≥3处")]
    assert read.findings == ()


def test_a_line_of_two_words_behind_a_table_is_no_row_of_it(settings: Settings) -> None:
    header = ["一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值"]
    cells = [header, ["产出指标", "数量指标", "建成数量", "新建的处数", "≥3处"], ["", "质量指标", "合格率", "", "≥95%"]]
    table = [replace(row(texts, line), table=1) for line, texts in enumerate(cells, 3)]
    behind = replace(row(["第五部分", "名词解释"], 6), table=None)
    read = extracted([row(TITLE, 1), row(NAME, 2), *table, behind], settings)
    assert [one["name"].text for one in read.forms[0].indicators] == ["建成数量", "合格率"]
