"""Cells under columns: by the types of the cells and where they stand, never by guess."""

import pytest

from builder.forms.align import Column, Word, cut, fits, in_order, in_place, place
from builder.model import Cell
from builder.settings.config import Settings

FIELDS = ("name", "comparison", "target", "unit", "weight", "is_core")
COLUMNS = [Column(index, field) for index, field in enumerate(FIELDS, 1)]
WHOLE = {"name": "完成率", "comparison": "≥", "target": "95", "unit": "%", "weight": "10", "is_core": "是"}


def row(text: str) -> list[Cell]:
    """The filled cells of a row written with ``|`` between them."""
    cells = (Cell(cell.strip(), 1, column) for column, cell in enumerate(text.split("|")))
    return [cell for cell in cells if cell.text]


def texts(placing: object) -> dict[str, str] | None:
    return None if placing is None else {name: cell.text for name, cell in dict(placing).items()}  # type: ignore[call-overload]


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
    assert fits(field, text, settings.tokens)


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
    assert not fits(field, text, settings.tokens)


def test_a_row_that_stands_right_is_read_where_it_stands(settings: Settings) -> None:
    assert texts(in_place(row("| 完成率 | ≥ | 95 | % | 10 | 是"), COLUMNS, settings.tokens)) == WHOLE
    # 是 is the target here; in order it could be 是否核心 as well.
    in_words = texts(in_place(row("| 生活质量 | 定性 | 是 | | 10 | 否"), COLUMNS, settings.tokens))
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
    assert in_place(row(shifted), COLUMNS, settings.tokens) is None
    assert texts(place(row(shifted), COLUMNS, settings.tokens)) == WHOLE


def test_optional_cells_may_be_missing(settings: Settings) -> None:
    assert texts(place(row("完成率 | ≥ | 95 | 10"), COLUMNS, settings.tokens)) == {
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
    assert in_order(row(cells), COLUMNS, settings.tokens) == []
    assert place(row(cells), COLUMNS, settings.tokens) is None


def test_a_row_with_two_placings_is_not_guessed(settings: Settings) -> None:
    columns = [Column(index, field) for index, field in enumerate(("name", "unit", "target", "is_core", "weight"))]
    # 项 是: target and core, or unit and target.
    two = in_order(row("完成情况 | 项 | 是 | 10"), columns, settings.tokens)
    assert len(two) == 2
    assert place(row("| 完成情况 | 项 | 是 | 10"), columns, settings.tokens) is None


def test_an_unknown_column_is_only_skipped_in_place(settings: Settings) -> None:
    columns = [*COLUMNS[:5], Column(6, None), Column(7, "is_core")]
    standing = row("| 完成率 | ≥ | 95 | % | 10 | 其他 | 是")
    assert texts(place(standing, columns, settings.tokens)) == WHOLE
    assert place(standing[1:], columns, settings.tokens) is None


def words(text: str) -> list[Word]:
    return [
        Word(Cell(word, number, place), place == 0)
        for number, line in enumerate(text.splitlines(), 1)
        for place, word in enumerate(line.split())
    ]


def test_cut_joins_what_the_columns_width_has_broken(settings: Settings) -> None:
    rows = cut(
        words("全区财政系统类\n软件个数 ＝ 11 个 30 是\n满意度 ≥ 90 10\n系统中断\n次数 ＜ 2 次 30 否"),
        FIELDS,
        settings.tokens,
    )
    assert rows is not None
    assert [texts(found) for found in rows] == [
        {**WHOLE, "name": "全区财政系统类软件个数", "comparison": "＝", "target": "11", "unit": "个", "weight": "30"},
        {"name": "满意度", "comparison": "≥", "target": "90", "weight": "10"},
        {
            **WHOLE,
            "name": "系统中断次数",
            "comparison": "＜",
            "target": "2",
            "unit": "次",
            "weight": "30",
            "is_core": "否",
        },
    ]
    assert [found["name"].line for found in rows] == [1, 3, 4]


def test_cut_takes_the_longest_word_of_a_closed_column(settings: Settings) -> None:
    rows = cut(
        words("效益指标 社会效益\n指标\n重大信息\n安全事故 ＜ 1 次 20"), ("level1", "level2", *FIELDS), settings.tokens
    )
    assert rows is not None
    assert texts(rows[0]) == {
        "level1": "效益指标",
        "level2": "社会效益指标",
        "name": "重大信息安全事故",
        "comparison": "＜",
        "target": "1",
        "unit": "次",
        "weight": "20",
    }


@pytest.mark.parametrize(
    "text",
    [
        "完成率 ≥ 95 %",  # no weight
        "完成率 ≥ 95 % 10 是 完成率",  # a row must begin a line
        "完成率 ≥ 95 % 十",
        "≥ 95 % 10",
    ],
)
def test_cut_without_a_way(text: str, settings: Settings) -> None:
    assert cut(words(text), FIELDS, settings.tokens) is None


def test_cut_of_several_ways_takes_the_one_that_joins_nothing(settings: Settings) -> None:
    rows = cut(
        words("完成率\n≥\n95\n%\n10\n是\n满意度\n≥\n90\n10\n工作成效\n定性\n明显\n20\n否"), FIELDS, settings.tokens
    )
    assert rows is not None
    assert [texts(found) for found in rows] == [
        WHOLE,
        {"name": "满意度", "comparison": "≥", "target": "90", "weight": "10"},
        {"name": "工作成效", "comparison": "定性", "target": "明显", "weight": "20", "is_core": "否"},
    ]


def test_cut_without_sign_and_weight_has_nothing_to_tell_rows_apart(settings: Settings) -> None:
    assert cut(words("道路\n长度\n3公里\n群众\n满意\n90%"), ("name", "target"), settings.tokens) is None


def test_cut_with_two_ways_is_not_guessed(settings: Settings) -> None:
    # 乙 ends the first row's target or begins the second row's name.
    assert cut(words("甲 10 ≥ 优\n乙\n丙 10 ≥ 良"), ("name", "weight", "comparison", "target"), settings.tokens) is None
