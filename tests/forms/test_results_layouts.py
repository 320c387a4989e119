"""Results documents in every layout and format that was found, cell by cell against what a person reads in them."""

import dataclasses
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import results_layouts
import results_unseen
from conftest import long_but
from forms_rendered import Grid, extension, render
from results_layouts import SCORE_FIELDS, Typed
from results_typed import national, with_cell

from builder.dataset import tabulate
from builder.dataset.rows import Result, ResultFunding, Score, Tables
from builder.forms.extract import extract
from builder.model import Document, Extract, Reading
from builder.readers import csv, docx, html, pdf, text, xlsx
from builder.settings import Settings, load
from builder.text import plain

DATA = Path(__file__).parents[2] / "data"
LAYOUTS = results_layouts.LAYOUTS | results_unseen.LAYOUTS
READERS: dict[str, Callable[[Path], Reading]] = {
    ".txt": text.read, ".csv": csv.read, ".docx": docx.read, ".html": html.read, ".pdf": pdf.read, ".xlsx": xlsx.read,
}  # fmt: skip
# Every layout in two formats with columns, each format with several layouts; and all of them as one cell a line.
COLUMNS = ("txt", "xlsx-sheets", "html", "docx", "pdf", "csv")
CASES = [(name, COLUMNS[(at + more) % len(COLUMNS)]) for at, name in enumerate(LAYOUTS) for more in (0, 3)]
LINES = ("txt-lines", "txt-lines-and-blanks")
# How many cells of text without columns cannot be told: of three goals with two texts, and under which of several
# headings a tick stood, or whether 95% is what came or what is expected; and under which heading of a header of two rows.
UNTOLD = {"chongqing": 2, "monitoring": 5, "central_monitoring": 3, "reviewed": 31}
UNSAID = {"match", "name", "line_start", "line_end", "form_no", "kind", "year", "region_id", "document_id", "result_id"}


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(DATA)


@pytest.fixture(scope="module")
def targets(settings: Settings) -> list[tuple[Document, Extract]]:
    return [(one, extract(text.read(one.file), one.document_id, settings)) for one in settings.documents]


def filed(path: Path, settings: Settings) -> Extract:
    return extract(READERS[path.suffix](path), "told", settings)


def rendered(grid: Grid, fmt: str, folder: Path) -> Path:
    path = folder / f"told{extension(fmt)}"
    render([grid], fmt, path)
    return path


def said(value: object) -> str:
    return "" if value is None else plain(value) if isinstance(value, Decimal) else str(value)


def differences(typed: Typed, tables: Tables) -> Iterator[tuple[str, str, str]]:
    """Cells that are not read as a person reads them: where, what it says, what was read."""
    if not tables.results:
        yield from ((name, wanted, "") for name, wanted in typed.result.items())
        return
    (result,) = tables.results
    for column in dataclasses.fields(Result):
        if column.name in typed.result or column.name not in UNSAID | {"name_as_filed", "implementing_unit"}:
            yield column.name, typed.result.get(column.name, ""), said(getattr(result, column.name))
    money = [column.name for column in dataclasses.fields(ResultFunding)][2:-1]
    for place in range(max(len(typed.money), len(tables.result_funding))):
        rows = typed.money[place : place + 1], tables.result_funding[place : place + 1]
        for at, name in enumerate(money):
            yield (
                f"money {place} {name}",
                rows[0][0][at] if rows[0] else "",
                said(getattr(rows[1][0], name)) if rows[1] else "",
            )
    read = {row.name: row for row in tables.scores}
    yield "scores", "", "、".join(sorted(read.keys() - {row[2] for row in typed.scores}))
    for place, row in enumerate(typed.scores):
        more = {name: values[place] for name, values in typed.more.items()}
        found = read.get(row[2])
        for name, wanted in {**dict(zip(SCORE_FIELDS, row, strict=True)), **more}.items():
            yield f"{row[2]} {name}", wanted, "" if found is None else said(getattr(found, name))


def told(
    typed: Typed, path: Path, settings: Settings, targets: list[tuple[Document, Extract]]
) -> tuple[Extract, list[tuple[str, str, str]]]:
    own = [(one, of) for one, of in targets if (one.region_id, one.year) == (typed.region, typed.year)]
    document = Document("told", typed.region, typed.year, "", "", path, "text/plain", "", 0, kind=typed.kind)
    sheets = filed(path, settings)
    documents = (*(one for one, _ in own), document)
    tabulated = tabulate.tabulate([*own, (document, sheets)], replace(settings, documents=documents, series=()))
    assert sheets.cells == sheets.read + sheets.furniture + sheets.reported
    return sheets, [one for one in differences(typed, tabulated.tables) if one[1] != one[2]]


@pytest.mark.parametrize(("name", "fmt"), CASES)
def test_each_layout_is_read_cell_by_cell(
    name: str, fmt: str, settings: Settings, targets: list[tuple[Document, Extract]], tmp_path: Path
) -> None:
    typed = LAYOUTS[name]
    sheets, wrong = told(typed, rendered(typed.grid, fmt, tmp_path), settings, targets)
    if fmt == "pdf":
        # A blank at the end of a printed line is not there any more.
        wrong = [one for one in wrong if one[1].replace(" ", "") != one[2].replace(" ", "")]
    assert wrong == []
    assert [row.code for row in sheets.findings if row.code not in ("reader-remark", "label-repeated")] == []


@pytest.mark.parametrize("fmt", long_but([*LINES][:1], LINES))
@pytest.mark.parametrize("name", LAYOUTS)
def test_of_text_without_columns_nothing_is_read_wrong(
    name: str, fmt: str, settings: Settings, targets: list[tuple[Document, Extract]], tmp_path: Path
) -> None:
    typed = LAYOUTS[name]
    sheets, wrong = told(typed, rendered(typed.grid, fmt, tmp_path), settings, targets)
    derived = {f"{row[2]} attainment" for row in typed.scores} | {"project_id"}
    assert [one for one in wrong if one[2] and one[0] not in derived] == []
    unread = [one for one in wrong if one[1] and one[0] not in derived]
    assert len(unread) == UNTOLD.get(name, 0)
    assert not unread or {row.code for row in sheets.findings} & {"row-ambiguous", "cell-unread"}, "it is reported"


# Blank, zero, and cells that may stand elsewhere


def test_a_line_that_ends_before_the_score_may_have_lost_a_cell(settings: Settings, tmp_path: Path) -> None:
    path = rendered(national(), "txt", tmp_path)
    lines = path.read_text(encoding="utf-8").split("\n")
    place = next(at for at, line in enumerate(lines) if "优良天数" in line)
    assert "285天\t20\t19" in lines[place]
    lines[place] = lines[place].replace("285天\t20\t19", "20\t19").partition("\t连续")[0]
    path.write_text("\n".join(lines), encoding="utf-8")
    sheets = filed(path, settings)
    assert [row.line for row in sheets.findings if row.code == "row-ambiguous"] == [place + 1]
    assert "全区空气环境质量优良天数" not in {row["name"].text for row in sheets.results[0].indicators}


@pytest.mark.parametrize("blank", ["", "—", "/", "无"])
def test_a_blank_score_is_none_and_a_zero_is_one(blank: str, settings: Settings, tmp_path: Path) -> None:
    sheet = filed(rendered(with_cell(national(), "19", blank), "txt", tmp_path), settings).results[0]
    assert ["score" in row for row in sheet.indicators] == [True, True, True, False, True]
    sheet = filed(rendered(with_cell(national(), "19", "0"), "txt", tmp_path), settings).results[0]
    assert sheet.indicators[3]["score"].text == "0"


def test_a_heading_that_nobody_knows_is_no_text(settings: Settings, tmp_path: Path) -> None:
    """``预期目标`` written another way stands over a text, as ``实际完成情况`` beside it does."""
    sheets = filed(rendered(with_cell(national(), "预期目标", "承诺要做到的"), "txt", tmp_path), settings)
    assert "goal" not in sheets.results[0].fields
    assert [row.actual for row in sheets.findings if row.code == "label-unknown"] == ["承诺要做到的"]


def test_a_text_of_one_cell_a_line_that_can_be_cut_in_two_ways_is_not_cut(settings: Settings, tmp_path: Path) -> None:
    """Without the outcome of the first indicator, its reason may be the second's name."""
    grid = with_cell(national(), "285天", "")
    sheets = filed(rendered(grid, "txt-lines", tmp_path), settings)
    names = {row["name"].text for row in sheets.results[0].indicators}
    assert names <= {row[3] for row in grid.rows}
    assert any(row.code == "row-ambiguous" for row in sheets.findings)


VALUES = ("target", "actual", "forecast", "points", "score", "reason")


@pytest.mark.long
def test_a_cell_left_blank_makes_no_other_reading_of_lines(settings: Settings, tmp_path: Path) -> None:
    """Each value of a table of indicators left out in turn: what is read of the lines is what is read of the columns."""
    chosen = random.Random(11)
    read = 0
    for name in ("national", "sichuan", "transfer", "central_monitoring", "whole_department"):
        grid = LAYOUTS[name].grid
        values = [filed for row in printed(grid, "txt", settings, tmp_path).values() for filed in row.values()]
        cells = [(r, c) for r, row in enumerate(grid.rows) for c, cell in enumerate(row) if c and cell in values]
        for row, column in chosen.sample(cells, min(12, len(cells))):
            line = (*grid.rows[row][:column], "", *grid.rows[row][column + 1 :])
            blank = replace(grid, rows=(*grid.rows[:row], line, *grid.rows[row + 1 :]))
            told, seen = (printed(blank, fmt, settings, tmp_path) for fmt in ("txt", "txt-lines"))
            assert [(of, got, told[of]) for of, got in seen.items() if not got.items() <= told[of].items()] == []
            read += len(seen)
    assert read > 200


def printed(grid: Grid, fmt: str, settings: Settings, folder: Path) -> dict[str, dict[str, str]]:
    """The values of each indicator by its name, in one format."""
    (sheet,) = filed(rendered(grid, fmt, folder), settings).results
    return {row["name"].text: {field: row[field].text for field in VALUES if field in row} for row in sheet.indicators}


def broken(grid: Grid, width: float) -> str:
    """The cells of a sheet below each other, broken over lines where their column is too narrow."""
    lines = [*grid.title]
    for number, row in enumerate(grid.rows):
        for cell in (cell for column, cell in enumerate(row) if cell and (number, column) not in grid.covered):
            line = ""
            for piece in re.findall(r"[!-~]+|.", cell):
                if line and sum(0.5 if one.isascii() else 1 for one in line + piece) > width:
                    lines.append(line)
                    line = ""
                line += piece
            lines.append(line)
    return "\n".join([*lines, *grid.tail]) + "\n"


def values(read: Extract) -> dict[tuple[str, ...], str]:
    """All that was read of one sheet, without blanks."""
    (sheet,) = read.results
    found = {("field", name): filed.text for name, filed in sheet.fields.items()}
    for _, row in sheet.funding:
        found |= {("money", row["label"].text, name): filed.text for name, filed in row.items()}
    for scored in sheet.indicators:
        found |= {("score", scored["name"].text, name): filed.text for name, filed in scored.items()}
    return {tuple(re.sub(r"\s", "", part) for part in key): re.sub(r"\s", "", text) for key, text in found.items()}


@pytest.mark.parametrize("width", [8, 9, 12, 20])
def test_a_text_broken_over_lines_is_read_whole_or_not_at_all(width: int, settings: Settings, tmp_path: Path) -> None:
    cells = told_right = 0
    for name in ("national", "transfer", "county", "chongqing", "evaluation", "judged", "central_monitoring"):
        grid = LAYOUTS[name].grid
        whole = values(filed(rendered(grid, "txt", tmp_path), settings))
        path = tmp_path / "broken.txt"
        path.write_text(broken(grid, width), encoding="utf-8")
        sheets = filed(path, settings)
        seen = values(sheets)
        assert {key: (text, whole.get(key)) for key, text in seen.items() if whole.get(key) != text} == {}, name
        assert sheets.cells == sheets.read + sheets.furniture + sheets.reported
        cells, told_right = cells + len(whole), told_right + len(seen)
    assert told_right > cells * 0.7


def narrow(reasons: tuple[str, str]) -> str:
    """A sheet of columns seven characters wide, in which each name is broken and two indicators have a reason."""
    rows = [
        ("维修维护信息系统数量", "≥11套", "9套", "20", "16.36", reasons[0]),
        ("一体化系统使用单位满意度", "≥95%", "88%", "10", "9.26", reasons[1]),
        ("惠民惠农补贴资金发放", "≥30万人次", "33万人次", "20", "20", ""),
        ("系统运行维护响应时间", "≤2天", "1天", "20", "20", ""),
    ]
    head = ("指标名称", "年初指标值", "实际完成值", "分值", "得分", "未完成原因和改进措施")
    return broken(Grid(("项目支出绩效自评表",), (("项目名称", "信息化", *("",) * 4), head, *rows)), 7)


@pytest.mark.parametrize(
    ("reasons", "read"),
    [
        (("两套系统停用，不再维护。", "部分单位反映操作卡顿。"), 4),
        # Without sentences, the first line of a name may be the reason of the indicator above it.
        (("两套系统停用不再维护", "部分单位反映操作卡顿"), 0),
    ],
)
def test_a_name_in_a_narrow_column_is_told_from_the_reason_above_it_by_full_stops(
    reasons: tuple[str, str], read: int, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "narrow.txt"
    path.write_text(narrow(reasons), encoding="utf-8")
    sheets = filed(path, settings)
    names = [row["name"].text for sheet in sheets.results for row in sheet.indicators]
    whole = ["维修维护信息系统数量", "一体化系统使用单位满意度", "惠民惠农补贴资金发放", "系统运行维护响应时间"]
    assert names == [name for name in whole if name in names]
    assert len(names) >= read
    assert len(names) == len(whole) or "row-ambiguous" in {row.code for row in sheets.findings}


def test_a_page_number_is_no_figure_of_the_total(settings: Settings, tmp_path: Path) -> None:
    path = rendered(national(), "txt-lines", tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + "\n第 12 页 共 15 页\n– 21 –\n", encoding="utf-8")
    sheets = filed(path, settings)
    assert sheets.results[0].fields["total_score"].text == "98"
    assert (sheets.findings, sheets.reported) == ((), 0)


def test_a_blank_after_the_year_makes_no_other_title(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "two.txt"
    one = replace(national(), title=("2024 年度项目支出绩效自评表",))
    two = replace(national("全区安全劝导站经费"), title=("2024 年度项目支出绩效自评表",))
    path.write_text("\n".join(broken(grid, 99) for grid in (one, two)), encoding="utf-8")
    names = [sheet.fields["name"].text for sheet in filed(path, settings).results]
    assert names == ["餐饮行业油烟整治及达标抽测项目", "全区安全劝导站经费"]


def test_the_bureau_on_the_cover_is_a_value_in_the_sheet(settings: Settings, tmp_path: Path) -> None:
    path = rendered(national(owner="长寿区财政局"), "txt-lines", tmp_path)
    path.write_text("长寿区财政局\n2024年度决算公开\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert filed(path, settings).results[0].fields["department"].text == "长寿区财政局"


def test_a_heading_on_the_last_line_has_no_text(settings: Settings, tmp_path: Path) -> None:
    grid = replace(national(), rows=(*national().rows[:7], ("年度总体目标", *("",) * 8)))
    (sheet,) = filed(rendered(grid, "txt-lines", tmp_path), settings).results
    assert "goal" not in sheet.fields


def test_a_header_may_end_with_a_heading_that_has_no_column(settings: Settings, tmp_path: Path) -> None:
    lines = [
        "项目支出绩效自评表",
        "实际完成情况",
        "得分",
        "按照全市统一部署，开展宣传教育、监测预警等项工作，全",
        "一级指标",
        "得满分",
    ]
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    read = filed(tmp_path / "a.txt", settings)
    assert read.cells == read.read + read.furniture + read.reported


@pytest.mark.parametrize("first", ["一级指标 偏差原因", "偏差原因 一级指标"])
def test_a_tick_before_the_levels_is_a_reason_or_reported(first: str, settings: Settings, tmp_path: Path) -> None:
    cells = (
        f"项目名称 修桥 {first} 三级指标 指标值 实际完成值 分值 得分 √ 产出指标 培训人数 300人 320人 10 10 √ 数量指标"
    )
    (tmp_path / "a.txt").write_text("\n".join(["项目支出绩效自评表", *cells.split()]), encoding="utf-8")
    read = filed(tmp_path / "a.txt", settings)
    assert read.cells == read.read + read.furniture + read.reported
    assert {finding.code for finding in read.findings} == {"row-ambiguous"}


def test_rows_of_a_line_each_with_blanks_between_the_cells(settings: Settings, tmp_path: Path) -> None:
    path = rendered(national(), "txt", tmp_path)
    lines = [" ".join(line.split("\t")).strip() for line in path.read_text(encoding="utf-8").split("\n")]
    path.write_text("\n".join(lines), encoding="utf-8")
    sheets = filed(path, settings)
    (sheet,) = sheets.results
    assert [row["score"].text for row in sheet.indicators] == ["20", "20", "15", "19", "15"]
    assert sheet.fields["total_score"].text == "98"


def test_what_can_be_cut_in_one_way_alone_is_read_and_the_rest_reported(settings: Settings, tmp_path: Path) -> None:
    """事项管理 may be why points are missing or what the next indicators are called: so the rows beside it are not read."""
    rows = [
        ("项目名称", "碧道建设", *("",) * 4),
        ("一级指标", "二级指标", "三级指标", "指标分值", "自评得分", "扣分原因"),
        ("过程（20分）", "资金管理", "资金支付", "10", "8.5", "部分工程款未结算"),
        ("", "", "支出规范性", "5", "5", ""),
        ("", "事项管理", "监管有效性", "5", "5", ""),
        ("产出（40分）", "数量指标", "建成长度", "40", "40", ""),
        ("效益（40分）", "满意度", "群众满意度", "40", "39", "照明不足"),
    ]
    (sheet,) = filed(
        rendered(Grid(("财政支出项目绩效自评指标评分表",), tuple(rows)), "txt-lines", tmp_path), settings
    ).results
    read = [tuple(row[name].text for name in ("level1", "level2", "name", "score")) for row in sheet.indicators]
    assert read == [
        ("过程（20分）", "资金管理", "资金支付", "8.5"),
        ("产出（40分）", "数量指标", "建成长度", "40"),
        ("效益（40分）", "满意度", "群众满意度", "39"),
    ]
    assert "unread" in sheet.places


def test_as_all_said_stands_in_a_score() -> None:
    """The readings of the sheets name columns that there are."""
    known = {column.name for column in dataclasses.fields(Score)}
    assert {*SCORE_FIELDS, *(name for typed in LAYOUTS.values() for name in typed.more)} <= known
