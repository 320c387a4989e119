"""Long tables: one row an indicator, many projects under one header."""

from pathlib import Path

import pytest
from conftest import long_but
from forms_rendered import Grid, extension, render
from printed import extract, extracted, row

from builder.forms import extract as extracting
from builder.model import Extract, Row
from builder.readers import formats
from builder.settings import Settings

TITLE = ["部门预算项目绩效目标表"]
HEADER = ["单位名称", "项目名称", "预算数（万元）", "年度目标", "三级指标", "指标值", "权重"]
FIRST = ["甲局", "修路", "20", "修路三条。", "修路条数", "3条", "50"]
AGAIN = ["", "", "", "", "群众满意度", "≥90%", "40"]
SECOND = ["", "修桥", "30", "修桥一座。", "修桥座数", "1座", "90"]


def shown(read: Extract) -> list[tuple[str, str, list[str]]]:
    """Name, amount and indicators of each project."""
    names = [[row["name"].text for row in form.indicators] for form in read.forms]
    fields = [(form.fields["name"].text, form.fields["budget"].text) for form in read.forms]
    return [(*field, name) for field, name in zip(fields, names, strict=True)]


TWO = [("修路", "20", ["修路条数", "群众满意度"]), ("修桥", "30", ["修桥座数"])]


@pytest.mark.parametrize(
    "rows",
    [
        [FIRST, AGAIN, SECOND],
        [FIRST, [*FIRST[:4], *AGAIN[4:]], ["甲局", *SECOND[1:]]],  # repeated down
        [["1", "2", "3", "4", "5", "6", "7"], FIRST, AGAIN, SECOND],  # the columns numbered
        [FIRST, AGAIN, HEADER, SECOND],
        [FIRST, AGAIN, TITLE, HEADER, SECOND],
    ],
)
def test_projects_are_told_apart(rows: list[list[str]], settings: Settings) -> None:
    read = extract([TITLE, HEADER, *rows], settings)
    assert shown(read) == TWO
    assert [form.fields["department"].text for form in read.forms] == ["甲局", "甲局"]
    assert [form.fields["budget"].unit for form in read.forms] == ["万元", "万元"]
    assert (read.findings, read.reported) == ((), 0)


def test_a_project_begins_on_the_line_of_its_name(settings: Settings) -> None:
    read = extract([TITLE, HEADER, FIRST, AGAIN, SECOND], settings)
    assert [(form.line_start, form.line_end) for form in read.forms] == [(3, 4), (5, 5)]


@pytest.mark.parametrize(
    ("sums", "stated"),
    [
        ([["甲局", "", "50", "", "", "", ""]], ["50"]),
        (
            [
                ["甲局", "", "20", "", "", "", ""],
                ["乙局", "", "30", "", "", "", ""],
                ["合计", "", "50", "", "", "", ""],
            ],
            ["50"],
        ),
        ([["甲局", "", "20", "", "", "", ""], ["乙局", "", "30", "", "", "", ""]], []),
    ],
)
def test_printed_sums_are_no_projects(sums: list[list[str]], stated: list[str], settings: Settings) -> None:
    read = extract([TITLE, HEADER, *sums, FIRST, AGAIN, SECOND], settings)
    assert shown(read) == TWO
    assert [(item.figure, item.value.text, item.value.unit) for item in read.stated] == [
        ("total", text, "万元") for text in stated
    ]
    assert read.findings == ()


def test_projects_of_one_name_with_other_amounts_are_two(settings: Settings) -> None:
    second = ["甲局", "修路", "30", *FIRST[3:]]
    assert [amount for _, amount, _ in shown(extract([TITLE, HEADER, FIRST, second], settings))] == ["20", "30"]


def test_a_remark_under_the_table_is_no_project(settings: Settings) -> None:
    read = extract([TITLE, HEADER, FIRST, AGAIN, SECOND, ["备注：按程序批复。"]], settings)
    assert shown(read) == TWO
    assert read.forms[-1].fields["remark"].text == "按程序批复。"


def test_an_unknown_column_is_said_once(settings: Settings) -> None:
    rows = [
        [*row[:3], extra, *row[3:]] for row, extra in ((HEADER, "神秘一栏"), (FIRST, "甲"), (AGAIN, ""), (SECOND, "乙"))
    ]
    read = extract([TITLE, *rows], settings)
    assert shown(read) == TWO
    assert [(finding.code, finding.actual) for finding in read.findings] == [("label-unknown", "神秘一栏")]
    assert read.reported == 3


@pytest.mark.parametrize("rows", [[HEADER], [FIRST, SECOND], [AGAIN, SECOND[:4]]])
def test_a_header_without_rows_and_rows_without_a_header_are_reported(
    rows: list[list[str]], settings: Settings
) -> None:
    read = extract([TITLE, *rows], settings)
    assert read.forms == ()
    assert read.reported == sum(1 for row in rows for cell in row if cell) + (rows == [HEADER])


@pytest.mark.parametrize("fmt", ["xlsx", "docx", "html", "pdf"])
def test_a_long_table_over_many_pages(fmt: str, tmp_path: Path, settings: Settings) -> None:
    rows, merges = [tuple(HEADER)], []
    for number in range(30):
        top = len(rows)
        own = ("某局", f"项目{number}", f"{number + 1}.50", f"做{number}件")
        rows += [(*own, f"数量{number}", "≥3处", "50"), ("", "", "", "", f"满意度{number}", "≥90%", "40")]
        merges += [(top, column, top + 1, column) for column in range(1, 4)]
    path = tmp_path / f"long{extension(fmt)}"
    grid = Grid(tuple(TITLE), tuple(rows), ((1, 0, len(rows) - 1, 0), *merges), (), 1)
    render([grid], fmt, path)
    read = extracting.extract(formats.read(path, formats.detect(path)), "doc", settings)
    assert shown(read) == [
        (f"项目{number}", f"{number + 1}.50", [f"数量{number}", f"满意度{number}"]) for number in range(30)
    ]
    assert [form.fields["goal"].text.replace("\n", "") for form in read.forms] == [
        f"做{number}件" for number in range(30)
    ]
    assert {form.fields["department"].text for form in read.forms} == {"某局"}
    assert read.reported == 0


def cut(*later: list[str]) -> list[Row]:
    """A long table whose sheet is wider than the paper: the next page is a table of its last columns."""
    body = [FIRST, ["", "", "", "", "群众满意度", "≥90%", "40"], SECOND]
    first = [row(cells, line, 1) for line, cells in enumerate([TITLE, HEADER, *body], 1)]
    return [*first, *(row(cells, line, 2) for line, cells in enumerate(later, len(first) + 1))]


@pytest.mark.parametrize("headings", [[], [["指标属性", "指标内容"]], [["指标属性", "指标内容"], ["8", "9"]]])
def test_a_page_of_the_last_columns_is_reported_and_no_projects(headings: list[list[str]], settings: Settings) -> None:
    later = [*headings, ["定量指标", "路数"], ["定性指标", "问卷"], ["定量指标", "桥数"]]
    read = extracted(cut(*later), settings)
    assert shown(read) == TWO
    assert [finding.code for finding in read.findings] == ["row-ambiguous"] * len(later)
    assert read.reported == 2 * len(later)


def test_the_numbers_of_the_columns_are_printed_again_on_each_page(settings: Settings) -> None:
    numbers = ["1", "2", "3", "4", "5", "6", "7"]
    read = extracted(cut(HEADER, numbers, ["乙局", "修渠", "9", "修渠一条。", "修渠条数", "1条", "90"]), settings)
    assert shown(read) == [*TWO, ("修渠", "9", ["修渠条数"])]
    assert (read.findings, read.reported) == ((), 0)


@pytest.mark.parametrize("stray", [["", "某某系统", "", "", "", "", ""], ["", "12", "30", "", "", "", ""]])
def test_a_row_that_is_no_project_is_reported(stray: list[str], settings: Settings) -> None:
    read = extract([TITLE, HEADER, stray, FIRST, AGAIN, SECOND], settings)
    assert shown(read) == TWO
    assert read.reported == len([cell for cell in stray if cell])


def test_a_cell_over_a_thousand_rows_is_one_project(settings: Settings) -> None:
    rows = [["", "", "", "", f"指标甲{number}", "3条", "1"] for number in range(1000)]
    (form,) = extract([TITLE, HEADER, FIRST, *rows], settings).forms
    assert len(form.indicators) == 1001


GROUPED = [
    ["单位编码（项目编码）", "项目单位（项目名称）", "项目金额（万元）", "", "绩效目标", "", "", ""],
    ["", "", "资金总额", "政府预算资金", "产出指标", "", "效益指标", ""],
    ["", "", "", "", "三级指标", "指标值", "三级指标", "指标值"],
]


def test_levels_side_by_side_are_told_apart_and_a_unit_in_its_own_row_is_no_project(settings: Settings) -> None:
    """The annex of 河南: a header of three rows, and over the projects of a unit the sum of their money."""
    unit = ["046", "甲局", "50", "50", "", "", "", ""]
    first = ["41018326-1", "修路", "20", "20", "修路条数", "3条", "通车率", "≥90%"]
    again = ["", "", "", "", "修路里程", "8公里", "", ""]
    second = ["41018326-2", "修桥", "30", "30", "修桥座数", "1座", "群众受益", "明显"]
    read = extract([TITLE, *GROUPED, unit, first, again, second], settings)
    assert shown(read) == [
        ("修路", "20", ["修路条数", "修路里程", "通车率"]),
        ("修桥", "30", ["修桥座数", "群众受益"]),
    ]
    assert [[row["level1"].text for row in form.indicators] for form in read.forms] == [
        ["产出指标", "产出指标", "效益指标"],
        ["产出指标", "效益指标"],
    ]
    assert [form.fields["implementing_unit"].text for form in read.forms] == ["甲局", "甲局"]
    assert [form.fields["project_code"].text for form in read.forms] == ["41018326-1", "41018326-2"]
    assert [(form.fields["budget"].unit, len(form.funding)) for form in read.forms] == [("万元", 1), ("万元", 1)]
    assert (read.findings, read.reported) == ((), 0)


def test_a_row_of_another_sum_than_that_of_the_projects_after_it_is_a_project(settings: Settings) -> None:
    unit = ["046", "甲局", "51", "51", "", "", "", ""]
    first = ["41018326-1", "修路", "20", "20", "修路条数", "3条", "通车率", "≥90%"]
    assert [name for name, _, _ in shown(extract([TITLE, *GROUPED, unit, first], settings))] == ["甲局", "修路"]


@pytest.mark.parametrize("fmt", long_but(("html",), ["html", "docx", "xlsx"]))
def test_a_merged_cell_over_more_than_a_thousand_rows_goes_on(fmt: str, tmp_path: Path, settings: Settings) -> None:
    """A reader that lets it end sooner moves the rest of each row to the left, into the columns of the projects."""
    rows = [HEADER, FIRST, *(["", "", "", "", f"指标{number}", "3条", "1"] for number in range(1100))]
    merges = tuple((1, column, len(rows) - 1, column) for column in range(4))
    path = tmp_path / f"long{extension(fmt)}"
    render([Grid(tuple(TITLE), tuple(map(tuple, rows)), merges)], fmt, path)
    read = extracting.extract(formats.read(path, formats.detect(path)), "doc", settings)
    assert [(form.fields["name"].text, len(form.indicators)) for form in read.forms] == [("修路", 1101)]


@pytest.mark.parametrize("place", [0, 1, 4])
def test_the_sum_of_a_projects_weights_is_kept_and_is_no_project(place: int, settings: Settings) -> None:
    total = [""] * 6 + ["90"]
    total[place] = "总分值"
    read = extract([TITLE, HEADER, FIRST, AGAIN, total, SECOND], settings)
    assert shown(read) == TWO
    assert [(filed.label, filed.text) for _, filed in read.forms[0].others] == [("总分值", "90")]
    assert read.findings == ()


@pytest.mark.parametrize("odd", ["1.2345678", "①", "9" * 20])
def test_an_amount_that_cannot_be_one_stops_no_reading(odd: str, settings: Settings) -> None:
    """It is written like a number: the sums above projects, and the parts of 财政拨款, are looked for among the others."""
    unit = ["046", "甲局", odd, odd, "", "", "", ""]
    first = ["41018326-1", "修路", "20", "20", "修路条数", "3条", "通车率", "≥90%"]
    assert [name for name, _, _ in shown(extract([TITLE, *GROUPED, unit, first], settings))] == ["甲局", "修路"]
    own = [["项目名称", "修桥"], ["主管部门", "甲局"], ["财政拨款", "20"], ["中央补助", odd], ["资金总额", odd]]
    (form,) = extract([TITLE, *own, ["指标名称", "指标值"], ["修桥座数", "1座"]], settings).forms
    assert odd in [filed.text for _, filed in form.funding]
