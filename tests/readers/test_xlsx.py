"""XLSX: values as the sheets show them, and what a sheet hides."""

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import hostile
import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from builder.faults import DocumentFault
from builder.model import Reading
from builder.readers import draft, xlsx
from builder.readers.excel_format import counted, general, shown


def workbook(path: Path) -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    return book, book.create_sheet("项目表")


def texts(reading: Reading) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in reading.rows]


def remarks(reading: Reading) -> list[str]:
    return [detail for _, detail in reading.notes]


def shared(path: Path) -> Path:
    """A workbook of one cell, whose text lies among the shared strings."""
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("项目表").write_string("A1", "甲")
    book.close()
    return path


def replaced(source: Path, target: Path, part: str, old: str, new: str) -> Path:
    """A copy with one piece of one part changed, as another program would have written it."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in archive.namelist():
            content = archive.read(name)
            if name == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            out.writestr(name, content)
    return target


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (1e6, "General", "1000000"),
        (13667669705.0, "General", "13667669705"),
        (1.5e-7, "General", "0.00000015"),
        (1e21, "General", "1000000000000000000000"),
        (-28.05, "General", "-28.05"),
        (0.95, "0%", "95%"),
        (0.9512, "0.00%", "95.12%"),
        (0.29, "0%", "29%"),
        (3968753.934, "#,##0.00", "3,968,753.93"),
        (1376, "#,##0.0_ ", "1,376.0"),
        (2.675, "0.00", "2.68"),
        (1.005, "0.00", "1.01"),
        (166400, '0!.0,"万元"', "16.6万元"),
        (1234567, "#,##0,", "1,235"),
        (5, "000", "005"),
        (5, '"第"0"号"', "第5号"),
        (95, '0"%"', "95%"),
        (200, '0"万元"', "200万元"),
        (1234.5, "[$¥-804]#,##0.00", "¥1,234.50"),
        (-1234.5, "#,##0.00;(#,##0.00)", "-1,234.50"),
        (-1234.5, "#,##0.00;[Red]#,##0.00", "-1,234.50"),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "0"),
        (0, "0;-0;;@", ""),
        (12.5, ";;;", "12.5"),
        (1.5, "# ?/?", "1.5"),
        (12000, "0.00E+00", "12000"),
        (7, "@", "7"),
        (8, 'General"家"', "8家"),
        (0.5, "#.##", ".5"),
        (3, "0.##", "3"),
        (120, "[>100]0;0.0", "120"),
        (45292, 'yyyy"年"m"月"d"日"', "2024年1月1日"),
        (45292, "yyyy年m月", "2024年1月"),
        (45292, "yyyy/m/d", "2024/1/1"),
        (45292, "yyyy-mm-dd", "2024-01-01"),
        (45292, "[$-804]yyyy年m月d日;@", "2024年1月1日"),
        (45292, "d-mmm-yy", "1-Jan-24"),
        (45292, "aaaa", "星期一"),
        (45292.75, "yyyy/m/d h:mm", "2024/1/1 18:00"),
        (45292.75, "上午/下午h时mm分", "下午6时00分"),
        (0.5, "h:mm:ss", "12:00:00"),
        (1.25, "[h]:mm", "30:00"),
        (59, "yyyy/m/d", "1900/2/28"),
    ],
)
def test_numbers_are_shown_under_their_format(value: float, code: str, expected: str) -> None:
    assert shown(counted(value), code, from_1904=False) == expected


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    assert shown(Decimal(43830), "yyyy/m/d", from_1904=True) == "2024/1/1"


@pytest.mark.parametrize("figure", ["0", "12", "28.05", "0.1", "396875393", "-7", "0.000001"])
def test_general_neither_adds_nor_drops_digits(figure: str) -> None:
    assert general(Decimal(figure)) == figure


def test_cells_of_every_kind(tmp_path: Path) -> None:
    book, sheet = workbook(tmp_path)
    sheet.append(["文字", 12, 0.1 + 0.2, True, date(2024, 1, 2), datetime(2024, 1, 2, 9, 30), "=1", "多行\n文字"])
    sheet["G1"].data_type = "s"
    book.save(tmp_path / "a.xlsx")
    assert texts(xlsx.read(tmp_path / "a.xlsx")) == [
        ["文字", "12", "0.3", "TRUE", "2024-01-02", "2024-01-02 9:30:00", "=1", "多行\n文字"]
    ]


def test_blank_columns_keep_their_places_and_rows_their_numbers(tmp_path: Path) -> None:
    book, sheet = workbook(tmp_path)
    sheet["B2"], sheet["D5"] = "甲", "乙"
    book.save(tmp_path / "a.xlsx")
    reading = xlsx.read(tmp_path / "a.xlsx")
    assert texts(reading) == [["", "甲", "", ""], ["", "", "", "乙"]]
    assert [line.place for line in reading.lines] == ["项目表!B2", "项目表!D5"]


def test_formulas_count_by_their_stored_values(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("表")
    sheet.write_formula("A1", "=SUM(B1:C1)", book.add_format({"num_format": "#,##0.0"}), 1234.5)
    sheet.write_formula("B1", '=IF(1,"是","否")', None, "是")
    sheet.write_formula("C1", "=NA()", None, "#N/A")
    book.close()
    reading = xlsx.read(tmp_path / "a.xlsx")
    assert texts(reading) == [["1,234.5", "是", "#N/A"]]
    assert remarks(reading) == ["表!C1 是错误值 #N/A"]


def test_formulas_never_calculated_are_read_as_formulas(tmp_path: Path) -> None:
    """openpyxl stores no value; xlsxwriter stores 0 and asks for recalculation. Neither is a zero."""
    book, sheet = workbook(tmp_path)
    sheet["A1"], sheet["B3"] = "合计", "=1+1"
    book.save(tmp_path / "a.xlsx")
    reading = xlsx.read(tmp_path / "a.xlsx")
    assert texts(reading) == [["合计", ""], ["", "=1+1"]]
    assert remarks(reading) == ["1 个公式单元格（项目表!B3）没有保存计算结果，读到的是公式本身"]
    other = xlsxwriter.Workbook(str(tmp_path / "b.xlsx"))
    other.add_worksheet("表").write_formula("A1", "=SUM(B1:B2)")
    other.close()
    assert texts(xlsx.read(tmp_path / "b.xlsx")) == [["=SUM(B1:B2)"]]


def test_hidden_sheets_rows_and_columns_are_left_out_with_a_note(tmp_path: Path) -> None:
    book, sheet = workbook(tmp_path)
    sheet.append(["甲", "草稿", "乙"])
    sheet.append(["删去", "", ""])
    sheet.append(["丙", "", "丁"])
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[2].hidden = True
    secret = book.create_sheet("底稿")
    secret["A1"], secret["A2"] = "旧数", "=1+1"
    secret.sheet_state = "veryHidden"
    book.create_sheet("空表").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    reading = xlsx.read(tmp_path / "a.xlsx")
    assert texts(reading) == [["甲", "乙"], ["丙", "丁"]]
    assert remarks(reading) == [
        "工作表“项目表”有 1 个隐藏行（第 2 行），没有读入",
        "工作表“项目表”的 B 列是隐藏的，没有读入",
        "工作表“底稿”是隐藏的，没有读入",
    ]


def test_merged_cells_hold_their_text_once_and_what_they_cover_is_noted(tmp_path: Path) -> None:
    book, sheet = workbook(tmp_path)
    sheet.append(["甲", "", "乙"])
    sheet.merge_cells("A1:B2")
    sheet["C2"] = "丙"
    book.save(tmp_path / "a.xlsx")
    assert texts(xlsx.read(tmp_path / "a.xlsx")) == [["甲", "", "乙"], ["", "", "丙"]]
    part = "xl/worksheets/sheet1.xml"
    path = replaced(tmp_path / "a.xlsx", tmp_path / "b.xlsx", part, '<row r="2">', '<row r="2"><c r="B2"><v>7</v></c>')
    reading = xlsx.read(path)
    assert texts(reading) == [["甲", "", "乙"], ["", "", "丙"]]
    assert remarks(reading) == ["工作表“项目表”有 1 个被合并单元格遮住的内容（B2），没有读入"]


def test_rich_text_and_escapes_are_plain_and_phonetics_left_out(tmp_path: Path) -> None:
    rich = "<si><r><t>绩效</t></r><r><rPr><b/></rPr><t>目标_x000D_</t></r><rPh><t>jixiao</t></rPh></si>"
    source = shared(tmp_path / "a.xlsx")
    path = replaced(source, tmp_path / "b.xlsx", "xl/sharedStrings.xml", "<si><t>甲</t></si>", rich)
    assert texts(xlsx.read(path)) == [["绩效目标"]]


def test_cells_and_rows_without_references_follow_each_other(tmp_path: Path) -> None:
    book, sheet = workbook(tmp_path)
    sheet.append(["甲", "乙"])
    book.save(tmp_path / "a.xlsx")
    path = tmp_path / "a.xlsx"
    for number, old in enumerate((' r="A1"', ' r="B1"', ' r="1"')):
        path = replaced(path, tmp_path / f"{number}.xlsx", "xl/worksheets/sheet1.xml", old, "")
    reading = xlsx.read(path)
    assert texts(reading) == [["甲", "乙"]]
    assert reading.lines[0].place == "项目表!A1"


def test_macros_links_and_text_boxes_are_named_and_not_followed(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("表")
    sheet.write_formula("A1", "='[x.xlsx]Sheet1'!A1", None, 5)
    sheet.insert_textbox("C3", "单位：万元")
    book.close()
    listed = "</Relationships>"
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    extra = f'<Relationship Id="rX" Type="{types}/externalLink" Target="externalLinks/externalLink1.xml"/>'
    extra += '<Relationship Id="rY" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="v.bin"/>'
    path = replaced(tmp_path / "a.xlsx", tmp_path / "b.xlsx", "xl/_rels/workbook.xml.rels", listed, extra + listed)
    reading = xlsx.read(path)
    assert texts(reading) == [["5"]]
    assert remarks(reading) == [
        "有公式链接到别的文件，没有跟随链接，按保存的结果读取",
        "文件里有宏，没有运行",
        "工作表“表”的文本框里的文字没有读入：“单位：万元”",
    ]


def test_empty_workbook_is_refused(tmp_path: Path) -> None:
    book, _ = workbook(tmp_path)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(DocumentFault, match="没有文字"):
        xlsx.read(tmp_path / "a.xlsx")


def test_sheet_too_wide_for_its_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book, sheet = workbook(tmp_path)
    sheet["A1"], sheet["XFD2"] = "甲", "乙"
    book.save(tmp_path / "a.xlsx")
    monkeypatch.setattr(draft, "MAX_CELLS", 10_000)
    with pytest.raises(DocumentFault, match=r"2 行、16,384 列"):
        xlsx.read(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("part", "old", "new", "message"),
    [
        ("xl/worksheets/sheet1.xml", "</sheetData>", "", "sheet1.xml 读不出来"),
        ("xl/worksheets/sheet1.xml", "<v>0</v>", "<v>99</v>", "项目表!A1 引用的文字不存在"),
        ("xl/sharedStrings.xml", "<sst", '<!DOCTYPE a [<!ENTITY b "c">]><sst', "声明了 XML 实体"),
    ],
)
def test_damage_gets_one_message(part: str, old: str, new: str, message: str, tmp_path: Path) -> None:
    source = shared(tmp_path / "a.xlsx")
    with pytest.raises(DocumentFault, match=message):
        xlsx.read(replaced(source, tmp_path / "b.xlsx", part, old, new))


@pytest.mark.parametrize(
    ("sheet", "place"),
    [
        ('<row r="4">{}</row><row r="4">{}</row>', "表1!A4"),
        ('<row r="4">{}{}</row>', "表1!A4"),
        ('<row r="1048576">{}</row><row r="1048577">{}</row>', "表1!A1048576"),
    ],
)
def test_a_cell_that_is_there_twice_is_refused_by_its_place(sheet: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        hostile.xlsx(f"<sheetData>{sheet}</sheetData>".format(*[hostile.text_cell(t, "A4") for t in "甲乙"]))
    )
    with pytest.raises(DocumentFault, match=f"{place} 在文件里出现两次"):
        xlsx.read(path)


def test_a_row_in_two_pieces_is_read_whole(tmp_path: Path) -> None:
    cells = [hostile.text_cell("甲", "A4"), hostile.text_cell("乙", "B4")]
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.xlsx('<sheetData><row r="4">{}</row><row r="4">{}</row></sheetData>'.format(*cells)))
    assert [[cell.text for cell in row.cells] for row in xlsx.read(path).rows] == [["甲", "乙"]]


@pytest.mark.parametrize(
    ("value", "code", "from_1904", "text"),
    [
        ("1E+308", "0%", False, "1" + "0" * 310 + "%"),
        ("1.5", "0." + "0" * 40, False, "1.5" + "0" * 39),
        ("0.5", "0" + "%" * 100, False, "5" + "0" * 199 + "%" * 100),
        ("1234567", "#,##0,", False, "1,235"),
        ("2957003", "yyyy-mm-dd", True, "9999-12-31"),
        ("2957004", "yyyy-mm-dd", True, "2957004"),
        ("1234", "#," * 200, False, "1234"),
    ],
)
def test_numbers_at_the_edge_of_their_format(value: str, code: str, from_1904: bool, text: str) -> None:
    assert shown(counted(float(value)), code, from_1904=from_1904) == text
