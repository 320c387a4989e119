"""The indicator table: what its rows share, and lines of a template that nobody filled in."""

from printed import extract

from builder.settings.config import Config

TITLE = ["项目支出绩效目标申报表"]
NAME = ["项目名称", "甲项目"]
HEADER = ["一级指标", "二级指标", "三级指标", "指标值", "分值"]
FIRST = ["产出指标", "数量指标", "建成数量", "≥3处", "50"]


def test_levels_without_an_indicator_are_set_aside_and_hold_for_what_follows(config: Config) -> None:
    unfilled = [["", "质量指标", "", "", ""], ["效益指标", "经济效益指标", "", "", ""]]
    second = ["", "社会效益指标", "群众出行", "更便利", "40"]
    read = extract([TITLE, NAME, HEADER, FIRST, *unfilled, second], config)
    assert [finding.code for finding in read.findings] == []
    assert read.reported == 0
    levels = [(row["level1"].text, row["level2"].text) for row in read.forms[0].indicators]
    assert levels == [("产出指标", "数量指标"), ("效益指标", "社会效益指标")]


def test_a_word_that_is_no_level_is_reported_and_not_set_aside(config: Config) -> None:
    read = extract([TITLE, NAME, HEADER, FIRST, ["", "见附件", "", "", ""]], config)
    assert [finding.code for finding in read.findings] == ["row-ambiguous"]
    assert read.reported == 1
