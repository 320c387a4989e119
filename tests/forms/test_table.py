"""Cells under columns: by the types of the cells and where they stand, never by guess."""

from collections.abc import Sequence

import pytest
from printed import row as printed_row

from builder.forms.cells import REQUIRED, fits, types
from builder.forms.header import LOOSE
from builder.forms.table import Column, Placing, Table, stacked
from builder.model import Cell
from builder.settings import Settings

FIELDS = ("name", "comparison", "target", "unit", "weight", "is_core")
COLUMNS = [Column(index, field) for index, field in enumerate(FIELDS, 1)]
WHOLE = {"name": "完成率", "comparison": "≥", "target": "95", "unit": "%", "weight": "10", "is_core": "是"}


def row(text: str) -> list[Cell]:
    """The filled cells of a row written with ``|`` between them."""
    cells = (Cell(cell.strip(), 1, column) for column, cell in enumerate(text.split("|")))
    return [cell for cell in cells if cell.text]


def texts(placing: Placing | None) -> dict[str, str] | None:
    return None if placing is None else {column.field or "": cell.text for column, cell in placing.items()}


def table(settings: Settings, columns: Sequence[Column] = COLUMNS) -> Table:
    return Table(tuple(columns), types(settings.tokens), "name", frozenset(REQUIRED), LOOSE)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("comparison", "》"),
        ("comparison", r"$\geq$"),
        ("weight", "12.5"),
        ("weight", "10%"),
        ("weight", "5分"),
        ("is_core", "√"),
        ("unit", "万人次"),
        ("level2", "社会效益\n指标"),
        ("target", "≥"),
        ("ordinal", "3"),
    ],
)
def test_fits(field: str, text: str, settings: Settings) -> None:
    assert fits(field, text, tokens=settings.tokens)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("comparison", "95"),
        ("weight", "十"),
        ("is_core", "部分"),
        ("unit", "95"),
        ("unit", "是"),
        ("name", "95"),
        ("name", "≥"),
        ("level1", "完成率"),
        ("ordinal", "一"),
    ],
)
def test_does_not_fit(field: str, text: str, settings: Settings) -> None:
    assert not fits(field, text, tokens=settings.tokens)


def test_a_row_that_stands_right_is_read_where_it_stands(settings: Settings) -> None:
    assert texts(table(settings).in_place(row("| 完成率 | ≥ | 95 | % | 10 | 是"))) == WHOLE
    # 是 is the target here; in order it could be 是否核心 as well.
    in_words = texts(table(settings).in_place(row("| 生活质量 | 定性 | 是 | | 10 | 否")))
    assert in_words == {"name": "生活质量", "comparison": "定性", "target": "是", "weight": "10", "is_core": "否"}


@pytest.mark.parametrize(
    "shifted",
    [
        "完成率 | ≥ | 95 | % | 10 | 是",
        "| | 完成率 | ≥ | 95 | % | 10 | 是",
        "| 完成率 | | ≥ | 95 | | % | 10 | 是",
    ],
)
def test_a_shifted_row_has_one_placing_in_order(shifted: str, settings: Settings) -> None:
    assert table(settings).in_place(row(shifted)) is None
    assert texts(table(settings).place(row(shifted))) == WHOLE


def test_optional_cells_may_be_missing(settings: Settings) -> None:
    assert texts(table(settings).place(row("完成率 | ≥ | 95 | 10"))) == {
        name: WHOLE[name] for name in ("name", "comparison", "target", "weight")
    }


@pytest.mark.parametrize(
    "cells",
    [
        "完成率 | ≥ | 95 | %",  # no weight
        "完成率 | ≥ | 95 | % | 10 | 是 | 多出",
        "95 | ≥ | 完成率 | % | 10",
        "完成率 | 约 | 95 | % | 10",
    ],
)
def test_a_row_without_a_placing(cells: str, settings: Settings) -> None:
    assert table(settings).in_order(row(cells)) == []
    assert table(settings).place(row(cells)) is None


def test_a_row_with_two_placings_is_not_guessed(settings: Settings) -> None:
    columns = [Column(index, field) for index, field in enumerate(("name", "unit", "target", "is_core", "weight"))]
    # 项 是: target and core, or unit and target.
    two = table(settings, columns).in_order(row("完成情况 | 项 | 是 | 10"))
    assert len(two) == 2
    assert table(settings, columns).place(row("| 完成情况 | 项 | 是 | 10")) is None


def test_an_unknown_column_is_only_skipped_in_place(settings: Settings) -> None:
    columns = [*COLUMNS[:5], Column(6, None), Column(7, "is_core")]
    standing = row("| 完成率 | ≥ | 95 | % | 10 | 其他 | 是")
    assert texts(table(settings, columns).place(standing)) == WHOLE
    assert table(settings, columns).place(standing[1:]) is None


@pytest.mark.parametrize(
    ("upper", "lower", "headings"),
    [
        (
            "三级指标 | 指标值 | | | 分值",
            "| 2024年 | 2025年 | 2026年 |",
            "三级指标 指标值2024年 指标值2025年 指标值2026年 分值",
        ),
        ("名称 | 绩效 | | |", "| 一级 | 二级 | 三级 | 值", "名称 绩效一级 绩效二级 绩效三级 绩效值"),
        ("三级指标 | 指标值 | | 分值", "建成 | 3 | | 50", ""),  # a row of the body
        ("三级指标 | | 指标值 | | 分值", "建成 | | 3 | | 50", ""),  # each cell spans as its heading does
        ("三级指标 | 指标值 | | 分值", "| 2024年 | |", ""),
    ],
)
def test_a_header_of_two_rows(upper: str, lower: str, headings: str) -> None:
    rows = (
        printed_row([cell.strip() for cell in text.split("|")], line) for line, text in enumerate((upper, lower), 1)
    )
    assert " ".join(heading.text for heading in stacked(*rows)) == headings


def test_rows_of_other_pages_or_tables_are_no_header_together() -> None:
    upper, lower = ["三级指标", "指标值", "", "分值"], ["", "2024年", "2025年", ""]
    assert stacked(printed_row(upper, 1, 1), printed_row(lower, 2, 1))
    assert not stacked(printed_row(upper, 1, 1), printed_row(lower, 2, 2))
