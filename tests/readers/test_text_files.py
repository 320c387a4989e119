"""Text whose table is drawn with strokes."""

from pathlib import Path

import pytest

from builder.readers import text

PLAIN = "绩效目标表\n| 项目名称 | 校舍维修 | | |\n|---|---|---|---|\n| 三级指标 | 指标值 | 分值 | |\n| | 3间 | 90 | |\n- 7 -\n"
DRAWN = PLAIN.replace("|---|---|---|---|", "├────┼────┼───┼──┤").replace("| ", "│ ").replace(" |", " │")


@pytest.mark.parametrize("printed", [PLAIN, DRAWN])
def test_cells_between_strokes_are_cells_and_the_ruling_is_none(printed: str, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(printed, encoding="utf-8")
    reading = text.read(path)
    rows = [[cell.text for cell in row.cells] for row in reading.rows]
    table = [["项目名称", "校舍维修", "", ""], ["三级指标", "指标值", "分值", ""], ["", "3间", "90", ""]]
    assert rows == [["绩效目标表"], *table, ["- 7 -"]]
    assert not reading.flowing
    assert [line.text for line in reading.lines] == printed.rstrip("\n").split("\n")  # shown as printed


def test_a_stroke_in_prose_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("绩效目标表\n| 项目名称 | 甲 |\n项目概况 甲|乙\n", encoding="utf-8")
    assert text.read(path).flowing
