"""Words that a flowing text has broken over lines → rows, where there is exactly one way."""

import pytest

from builder.forms.cut import Word, cut
from builder.model import Cell
from builder.settings import Settings

FIELDS = ("name", "comparison", "target", "unit", "weight", "is_core")
WHOLE = {"name": "完成率", "comparison": "≥", "target": "95", "unit": "%", "weight": "10", "is_core": "是"}


def texts(row: dict[str, Cell]) -> dict[str, str]:
    return {name: cell.text for name, cell in row.items()}


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


def test_a_word_for_both_levels_is_the_second_where_none_of_those_follows(settings: Settings) -> None:
    fields = ("level1", "level2", "name", "target", "weight")
    printed = "产出指标\n数量指标\n修路\n3公里\n50\n成本指标\n每公里成本\n≤9万元\n10\n成本指标\n经济成本指标\n总成本\n≤30万元\n30"
    rows = cut(words(printed), fields, settings.tokens)
    assert rows is not None
    assert [[row[name].text for name in ("level1", "level2") if name in row] for row in rows] == [
        ["产出指标", "数量指标"],
        ["成本指标"],
        ["成本指标", "经济成本指标"],
    ]
    assert "level1" not in rows[1]
