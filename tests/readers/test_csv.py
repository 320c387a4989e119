"""CSV as spreadsheet programs write it: separators, quotes, encodings."""

import csv
from pathlib import Path

import pytest

from builder.faults import DocumentFault
from builder.forms import extract as extracting
from builder.readers import formats
from builder.settings import Settings

ROWS = [
    ["2026年项目支出绩效目标表", "", "", "", ""],
    ["单位：万元", "", "", "", ""],
    ["项目名称", "村道养护", "", "主管部门", "某县交通运输局"],
    ["年度资金总额", "1,280.50", "", "", ""],
    ["年度目标", "养护“三路”，\n修补 5 处；不欠账", "", "", ""],
    ["指标名称", "指标性质", "指标值", "计量单位", "权重"],
    ["养护里程", "≥", "120", "公里", "50"],
    ["群众满意度", "≥", "90", "%", "40"],
]


def written(folder: Path, separator: str = ",", encoding: str = "utf-8-sig") -> Path:
    path = folder / "targets.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=separator).writerows(ROWS)
    return path


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "utf-8-sig"), (",", "gb18030"), (";", "utf-8"), ("\t", "utf-8")]
)
def test_rows_are_read_as_written(separator: str, encoding: str, tmp_path: Path, settings: Settings) -> None:
    path = written(tmp_path, separator, encoding)
    assert formats.detect(path) == "text/csv"
    reading = formats.read(path, "text/csv")
    assert [[cell.text for cell in row.cells] for row in reading.rows] == ROWS
    assert [code for code, _ in reading.notes] == (["encoding-gb18030"] if encoding == "gb18030" else [])
    read = extracting.extract(reading, "doc", settings)
    assert (read.read + read.furniture, read.reported) == (read.cells, 0)
    (form,) = read.forms
    assert (form.fields["budget"].text, len(form.indicators)) == ("1,280.50", 2)


def test_a_quote_without_its_end_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "targets.csv"
    path.write_text('项目名称,甲\n"概况,' + "一" * 100_001, encoding="utf-8")
    with pytest.raises(DocumentFault, match=r"CSV 第 2 行读不下去.*引号没有成对.*另存为"):
        formats.read(path, formats.detect(path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "文件是空的"),
        (b",,,\n,,\n", "没有文字"),
        ("甲,乙".encode("utf-16"), "UTF-16"),
        (b"\xff,\xff\xff", "既不是 UTF-8"),
    ],
)
def test_what_is_no_csv_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "targets.csv"
    path.write_bytes(content)
    with pytest.raises(DocumentFault, match=message):
        formats.read(path, formats.detect(path))


def test_a_web_page_called_csv_is_read_as_a_web_page(tmp_path: Path) -> None:
    path = tmp_path / "targets.csv"
    path.write_text("<html><body><p>项目绩效目标表</p></body></html>", encoding="utf-8")
    assert formats.detect(path) == "text/html"
