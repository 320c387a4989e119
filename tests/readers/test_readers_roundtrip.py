"""Forms rendered into each format and read back: the same filled cells, in the same rows, in the same columns."""

import re
from pathlib import Path

import pytest
from conftest import long_but
from forms_rendered import FORMATS, Grid, extension, render, texts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.model import Reading
from builder.readers import formats

OVERVIEW = (
    "按照重庆市人民政府办公厅《关于开展巨灾保险的实施意见》（渝府办发〔2017〕121号）以及我区往年开展情况，保障范围包括自然灾害"
    "导致、公共安全（化工爆炸）、恐怖活动和见义勇为等导致的人身伤亡，保险额度是每年10万元/人。\n"
    "2.因自然灾害导致的房屋损毁，具体赔偿为土坯房每年5000元/户。"
)
FORM = Grid(
    title=("长寿区2024年重点专项绩效目标表", "单位：万元"),
    rows=(
        ("主管部门", "重庆市长寿区财政局", "实施单位", "长寿区应急管理局（区地震局）", "", "", ""),
        ("项目名称", "巨灾保险项目", "", "", "", "", ""),
        ("项目总资金额", "1,576.05", "上级补助", "", "", "", ""),
        ("", "", "区级资金", "1,576.0", "", "", ""),
        ("", "", "其他资金", "0.05", "", "", ""),
        ("项目概况", OVERVIEW, "", "", "", "", ""),
        ("绩效指标", "指标名称", "指标性质", "指标值", "指标单位", "分值 (90分)", "是否核心"),
        ("", "提供风险保障金额", "≥", "8000", "万元", "20", "是"),
        ("", "城区PM2.5排放浓度 mg/m³", "≥", "95%", "%", "10", ""),
        ("", "赔付 <p>{{ x }}</p> & =SUM(A1)", "=", "28.05", "㎡", "10", "否"),
    ),
    merges=(
        *((row, 3, row, 6) for row in (0, 2, 3, 4)),
        *((row, 1, row, 6) for row in (1, 5)),
        *((2, 0, 4, 0), (2, 1, 4, 1), (6, 0, 9, 0)),
    ),
    tail=("联系人：张书然", "联系电话：40232529"),
)


def read(path: Path) -> Reading:
    return formats.read(path, formats.detect(path))


def filled(reading: Reading) -> list[list[str]]:
    """The filled cells of each row, without the page numbers that the PDF carries."""
    rows = [[cell.text for cell in row.filled] for row in reading.rows]
    return [row for row in rows if row and not re.fullmatch(r"- \d+ -", row[0])]


@pytest.mark.parametrize("fmt", FORMATS)
def test_two_forms_read_as_printed(fmt: str, tmp_path: Path) -> None:
    path = tmp_path / f"forms{extension(fmt)}"
    render([FORM, FORM], fmt, path)
    reading = read(path)
    expected = texts([FORM, FORM])
    if fmt == "txt":
        expected = [[cell.replace("\n", " ") for cell in row] for row in expected]
    assert filled(reading) == expected
    assert not reading.flowing
    # Around a web page's tables are the navigation, scripts and notes of its site.
    assert [note for note in reading.notes if not re.search("nav|script|不显示", note[1])] == []


@pytest.mark.parametrize("fmt", FORMATS)
def test_rows_keep_the_columns_of_the_table(fmt: str, tmp_path: Path) -> None:
    path = tmp_path / f"form{extension(fmt)}"
    render([FORM], fmt, path)
    columns = [[cell.column for cell in row.filled] for row in read(path).rows if row.table and len(row.cells) > 1]
    expected = [[column for column, cell in enumerate(row) if cell] for row in FORM.rows]
    start = columns.index(expected[0])
    assert columns[start : start + len(expected)] == expected


@pytest.mark.parametrize("fmt", FORMATS)
def test_each_row_is_one_line_numbered_from_one(fmt: str, tmp_path: Path) -> None:
    path = tmp_path / f"form{extension(fmt)}"
    render([FORM], fmt, path)
    reading = read(path)
    assert [line.number for line in reading.lines] == list(range(1, len(reading.lines) + 1))
    for row in reading.rows:
        assert reading.lines[row.line - 1].text == "\t".join(cell.text for cell in row.cells)
    if fmt != "txt":
        assert all(line.place for line in reading.lines)


PLACES = {
    "docx": ("段落 1", "表 1 第 8 行", "段落 4"),
    "xlsx": ("绩效目标表!A1", "绩效目标表!B10", "绩效目标表!A14"),
    "xlsx-sheets": ("项目1!A1", "项目1!B10", "项目1!A14"),
    "html": ("段落 1", "表 2 第 8 行", "段落 4"),
    "pdf": ("第 1 页 第 1 行", "第 1 页 表 1 第 8 行", "第 1 页 第 4 行"),
}


@pytest.mark.parametrize(("fmt", "places"), PLACES.items())
def test_a_person_finds_each_line_again(fmt: str, places: tuple[str, str, str], tmp_path: Path) -> None:
    path = tmp_path / f"form{extension(fmt)}"
    render([FORM], fmt, path)
    found = {line.text.strip().split("\t")[0]: line.place for line in read(path).lines}
    assert (found[FORM.title[0]], found["提供风险保障金额"], found[FORM.tail[1]]) == places


def test_equal_input_gives_equal_readings(tmp_path: Path) -> None:
    for fmt in FORMATS:
        path = tmp_path / f"form{extension(fmt)}"
        render([FORM], fmt, path)
        assert read(path) == read(path)


CHARACTERS = "绩效目标财政局专项资金预算完成率满意度，。（）≥≤％%0123456789abcPM.㎡³/=<&|"
TEXTS = st.lists(st.text(CHARACTERS, min_size=1, max_size=24), min_size=1, max_size=2).map("\n".join)
LINES = st.text("重庆市区年绩效目标表单位：万元0123456789", min_size=2, max_size=20).map(lambda line: "表" + line)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """A table with a first row and column unmerged, so that every column has a border of its own."""
    width, height = draw(st.integers(3, 6)), draw(st.integers(2, 6))
    cells = [[draw(st.one_of(st.just(""), TEXTS)) for _ in range(width)] for _ in range(height)]
    cells[0] = [draw(TEXTS) for _ in range(width)]
    merges: list[tuple[int, int, int, int]] = []
    taken: set[tuple[int, int]] = set()
    for _ in range(draw(st.integers(0, 3))):
        top, left = draw(st.integers(1, height - 1)), draw(st.integers(1, width - 1))
        bottom = draw(st.integers(top, min(top + 2, height - 1)))
        right = draw(st.integers(left, min(left + 3, width - 1)))
        places = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if len(places) > 1 and not places & taken:
            taken |= places
            merges.append((top, left, bottom, right))
            for row, column in places - {(top, left)}:
                cells[row][column] = ""
    title = tuple(draw(st.lists(LINES, min_size=1, max_size=2)))
    return Grid(title, tuple(map(tuple, cells)), tuple(merges), tuple(draw(st.lists(LINES, max_size=1))))


def folded(rows: list[list[str]]) -> list[list[str]]:
    """Without blanks and line ends: whether a line of a narrow cell was full cannot always be told from its print."""
    return [["".join(cell.split()) for cell in row] for row in rows]


def check_round_trip(fmt: str, forms: list[Grid], folder: Path) -> None:
    path = folder / f"random{extension(fmt)}"
    render(forms, fmt, path)
    reading = read(path)
    if fmt == "pdf":
        assert folded(filled(reading)) == folded(texts(forms))
    else:
        assert filled(reading) == texts(forms)


BINARY = [fmt for fmt in FORMATS if fmt not in ("txt", "csv")]
CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.parametrize("fmt", long_but(("xlsx",), BINARY))
@settings(max_examples=10, deadline=None, suppress_health_check=CHECKS)
@given(forms=st.lists(grids(), min_size=1, max_size=3))
def test_random_forms_read_back(fmt: str, tmp_path: Path, forms: list[Grid]) -> None:
    check_round_trip(fmt, forms, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("fmt", BINARY)
@settings(max_examples=80, deadline=None, suppress_health_check=CHECKS)
@given(forms=st.lists(grids(), min_size=1, max_size=3))
def test_many_random_forms_read_back(fmt: str, tmp_path: Path, forms: list[Grid]) -> None:
    check_round_trip(fmt, forms, tmp_path)
