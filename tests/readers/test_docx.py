"""DOCX: what Word prints, whatever way it is written in the file."""

import zipfile
from pathlib import Path

import docx as python_docx
import pytest

from builder.faults import DocumentFault
from builder.model import Reading
from builder.readers import docx
from builder.readers.numbering import written

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
STRICT_WORD = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMESPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)


def written_docx(path: Path, body: str, *, word: str = WORD, office: str = OFFICE, **parts: str) -> Path:
    """A DOCX of just this body and these parts (``numbering``, ``styles``, ``footnotes``, …)."""
    kinds = {"document": "officeDocument"} | {kind: kind for kind in parts}
    contents = {"document": f"<w:body>{body}</w:body>"} | parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{word}" {NAMESPACES}>{content}</w:{name}>')
        for listing, names in (("_rels/.rels", ["document"]), ("word/_rels/document.xml.rels", list(parts))):
            folder = "word/" if listing.startswith("_") else ""
            items = "".join(
                f'<Relationship Id="r{name}" Type="{office}/{kinds[name]}" Target="{folder}{name}.xml"/>'
                for name in names
            )
            xmlns = "http://schemas.openxmlformats.org/package/2006/relationships"
            archive.writestr(listing, f'<Relationships xmlns="{xmlns}">{items}</Relationships>')
    return path


def p(*texts: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>" + "".join(f"<w:r><w:t>{text}</w:t></w:r>" for text in texts) + "</w:p>"


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def table(*rows: str, columns: int = 2) -> str:
    return f"<w:tbl><w:tblGrid>{'<w:gridCol/>' * columns}</w:tblGrid>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def texts(reading: Reading) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in reading.rows]


def read_body(folder: Path, body: str, **parts: str) -> Reading:
    return docx.read(written_docx(folder / "a.docx", body, **parts))


def test_paragraphs_and_tables_come_in_their_order(tmp_path: Path) -> None:
    body = p("标题") + table(cell(p("甲")) + cell(p("乙"))) + p("") + p("说明") + table(cell(p("丙")) + cell(p("丁")))
    reading = read_body(tmp_path, body)
    assert texts(reading) == [["标题"], ["甲", "乙"], ["说明"], ["丙", "丁"]]
    assert [row.table for row in reading.rows] == [None, 1, None, 2]
    assert [line.place for line in reading.lines] == ["段落 1", "表 1 第 1 行", "段落 2", "表 2 第 1 行"]


def test_paragraph_is_parted_at_tabs_and_wide_blanks(tmp_path: Path) -> None:
    tabbed = "<w:p><w:r><w:t>主管部门：财政局</w:t><w:tab/><w:t>单位：万元</w:t></w:r></w:p>"
    body = (
        tabbed
        + p("　　编制　　说明 一节")
        + p("目    录")
        + p("甲")
        + "<w:p><w:r><w:t>上</w:t><w:br/><w:t>下</w:t></w:r></w:p>"
    )
    assert texts(read_body(tmp_path, body)) == [
        ["主管部门：财政局", "单位：万元"],
        ["编制", "说明 一节"],
        ["目 录"],
        ["甲"],
        ["上"],
        ["下"],
    ]


def test_merged_cells_hold_their_text_once(tmp_path: Path) -> None:
    body = table(
        cell(p("甲"), '<w:gridSpan w:val="2"/>') + cell(p("乙"), '<w:vMerge w:val="restart"/>'),
        cell(p("丙")) + cell(p("丁")) + cell(p("遮住"), "<w:vMerge/>"),
        cell(p("戊"), '<w:hMerge w:val="restart"/>') + cell(p("遮住"), '<w:hMerge w:val="continue"/>') + cell(p("己")),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell(p("庚")) + cell(p("辛")),
        columns=3,
    )
    reading = read_body(tmp_path, body)
    assert texts(reading) == [["甲", "", "乙"], ["丙", "丁", ""], ["戊", "", "己"], ["", "庚", "辛"]]
    assert [detail for _, detail in reading.notes] == [
        "表 1 第 2 行有被合并单元格遮住的内容，没有读入",
        "表 1 第 3 行有被合并单元格遮住的内容，没有读入",
    ]


@pytest.mark.parametrize(
    "damaged", ["<w:tc>{}</w:tc>", "<w:tr>{}</w:tr>", "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"]
)
def test_what_stands_in_a_table_outside_of_its_cells_is_remarked_on(damaged: str, tmp_path: Path) -> None:
    reading = read_body(tmp_path, table(cell(p("甲"))).replace("</w:tbl>", damaged.format(p("乙")) + "</w:tbl>"))
    assert texts(reading)[0] == ["甲", ""]
    assert ("reader-remark", "段落和单元格以外的文字没有读入：“乙”") in reading.notes


def test_python_docx_merges_read_alike(tmp_path: Path) -> None:
    document = python_docx.Document()
    made = document.add_table(3, 3)
    made.cell(0, 0).merge(made.cell(1, 1)).text = "甲"
    made.cell(2, 2).text = "乙"
    document.save(str(tmp_path / "a.docx"))
    assert texts(docx.read(tmp_path / "a.docx")) == [["甲", "", ""], ["", "", "乙"]]


def test_table_in_a_cell_follows_the_row_that_holds_it(tmp_path: Path) -> None:
    inner = table(cell(p("指标")) + cell(p("值")))
    body = table(cell(p("绩效指标")) + cell(inner + p("")), cell(p("甲")) + cell(p("乙")))
    reading = read_body(tmp_path, body)
    assert texts(reading) == [["绩效指标", ""], ["指标", "值"], ["甲", "乙"]]
    assert [row.table for row in reading.rows] == [1, 2, 1]
    assert reading.lines[1].place == "表 1 第 1 行内 表 2 第 1 行"


def test_paragraphs_of_a_cell_are_lines(tmp_path: Path) -> None:
    assert texts(read_body(tmp_path, table(cell(p("1.甲") + p("2.乙") + p("")) + cell(p("值"))))) == [
        ["1.甲\n2.乙", "值"]
    ]


CONTROLS = {
    "content control": '<w:sdt><w:sdtPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>',
    "insertion": "<w:ins>{}</w:ins>",
    "custom xml": "<w:customXml>{}</w:customXml>",
}


@pytest.mark.parametrize("wrapper", CONTROLS.values(), ids=CONTROLS)
def test_wrapped_paragraphs_rows_and_cells_are_read(wrapper: str, tmp_path: Path) -> None:
    row = f"<w:tr>{cell(p('甲'))}{wrapper.format(cell(p('乙')))}</w:tr>"
    made = f"<w:tbl><w:tblGrid/>{wrapper.format(row)}</w:tbl>"
    assert texts(read_body(tmp_path, wrapper.format(p("标题")) + made)) == [["标题"], ["甲", "乙"]]


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    body = "<w:p><w:r><w:t>预算</w:t></w:r><w:del><w:r><w:delText>100</w:delText></w:r></w:del>"
    body += "<w:ins><w:r><w:t>200</w:t></w:r></w:ins></w:p>"
    reading = read_body(tmp_path, body)
    assert texts(reading) == [["预算200"]]
    assert reading.notes == (("reader-remark", "文件带有修订标记，按接受修订以后的文字读取"),)


def test_field_codes_are_no_text_and_hidden_text_is_noted(tmp_path: Path) -> None:
    body = "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>显示</w:t></w:r>"
    body += "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>"
    reading = read_body(tmp_path, body)
    assert texts(reading) == [["显示"]]
    assert reading.notes == (("reader-remark", "隐藏的文字没有读入：“隐藏”"),)


def test_symbols_formulas_and_breaks_are_text(tmp_path: Path) -> None:
    symbol = '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>'
    formula = (
        "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    )
    body = table(cell(f"<w:p>{symbol}</w:p>") + cell(f"<w:p>{formula}<w:r><w:noBreakHyphen/></w:r></w:p>"))
    assert texts(read_body(tmp_path, body)) == [["≥", "1/2-"]]


def test_unknown_symbol_is_marked_and_noted(tmp_path: Path) -> None:
    reading = read_body(tmp_path, '<w:p><w:r><w:t>甲</w:t><w:sym w:font="Wingdings" w:char="F04A"/></w:r></w:p>')
    assert texts(reading) == [["甲\ufffd"]]
    assert reading.notes == (("reader-remark", "字体 Wingdings 的符号 F04A 没有对应的文字，以 � 代替"),)


def test_text_box_is_read_once_after_its_paragraph(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p('单位：万元')}</w:txbxContent>"
    run = f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
    run += f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    reading = read_body(tmp_path, f"<w:p><w:r><w:t>标题</w:t></w:r>{run}</w:p>" + p("后文"))
    assert texts(reading) == [["标题"], ["单位：万元"], ["后文"]]
    assert reading.lines[1].place == "文本框"


def test_headers_and_footers_are_no_body_text_and_footnotes_follow(tmp_path: Path) -> None:
    document = python_docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "页脚"
    document.add_paragraph("正文")
    document.save(str(tmp_path / "a.docx"))
    assert texts(docx.read(tmp_path / "a.docx")) == [["正文"]]
    notes = (
        f'<w:footnote w:type="separator">{p("—")}</w:footnote><w:footnote w:id="1">{p("注：含上年结转")}</w:footnote>'
    )
    reading = read_body(tmp_path, p("正文"), footnotes=notes)
    assert texts(reading) == [["正文"], ["注：含上年结转"]]
    assert reading.lines[1].place == "脚注 1"


def level(depth: int, form: str, pattern: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{pattern}"/></w:lvl>'


LISTS = (
    f'<w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、")}{level(1, "decimal", "%1.%2", "<w:isLgl/>")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="1">{level(0, "decimal", "%1")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="2">{level(0, "bullet", "●")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num><w:num w:numId="4"><w:abstractNumId w:val="1"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def numbered(text: str, number: int, depth: int = 0) -> str:
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def test_printed_numbers_of_lists_are_read(tmp_path: Path) -> None:
    rows = [cell(numbered("", 2)) + cell(p(name)) for name in ("甲", "乙")]
    body = (
        numbered("总则", 1) + numbered("细则", 1, 1) + numbered("附则", 1) + numbered("细则", 1, 1) + numbered("点", 3)
    )
    body += table(*rows, cell(numbered("", 4)) + cell(p("丙")))
    assert texts(read_body(tmp_path, body, numbering=LISTS)) == [
        ["一、总则"],
        ["1.1细则"],
        ["二、附则"],
        ["2.1细则"],
        ["点"],
        ["1", "甲"],
        ["2", "乙"],
        ["1", "丙"],
    ]


def test_numbers_given_by_a_style_are_read(tmp_path: Path) -> None:
    styles = '<w:style w:styleId="A"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    styles += '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    body = p("甲", properties='<w:pStyle w:val="A"/>') + p("乙", properties='<w:pStyle w:val="B"/>')
    assert texts(read_body(tmp_path, body, numbering=LISTS, styles=styles)) == [["1甲"], ["2乙"]]


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (3, "decimal", "3"),
        (10, "chineseCounting", "十"),
        (12, "japaneseCounting", "十二"),
        (20, "chineseCountingThousand", "二十"),
        (105, "chineseCountingThousand", "一百零五"),
        (1010, "chineseCountingThousand", "一千零一十"),
        (3, "decimalEnclosedCircle", "③"),
        (2, "ideographTraditional", "乙"),
        (27, "lowerLetter", "aa"),
        (4, "upperRoman", "IV"),
        (7, "decimalZero", "07"),
        (7, "decimalFullWidth", "７"),
        (7, "unheardOf", "7"),
    ],
)
def test_list_numbers_are_written_as_word_prints_them(number: int, form: str, expected: str) -> None:
    assert written(number, form) == expected


def test_strict_namespaces_are_read(tmp_path: Path) -> None:
    path = written_docx(tmp_path / "a.docx", p("标题"), word=STRICT_WORD, office=STRICT_OFFICE)
    assert texts(docx.read(path)) == [["标题"]]


def test_embedded_things_are_said_to_be_unread(tmp_path: Path) -> None:
    body = (
        '<w:p><w:r><w:t>见表</w:t><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r></w:p><w:altChunk/>'
    )
    assert [detail for _, detail in read_body(tmp_path, body).notes] == [
        "嵌有 Excel.Sheet.12 的对象，里面的文字没有读",
        "嵌有另一份文档（altChunk），没有读；请用 Word/WPS 打开后另存再添加",
    ]


@pytest.mark.parametrize(("body", "message"), [("", "没有文字"), (p(""), "没有文字"), ("<w:p>", "读不出来")])
def test_document_without_words_or_whole_xml_gets_one_message(body: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentFault, match=message):
        read_body(tmp_path, body)


def test_entities_are_refused(tmp_path: Path) -> None:
    path = written_docx(tmp_path / "a.docx", p("标题"))
    bomb = '<!DOCTYPE w [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;">]>'
    with zipfile.ZipFile(tmp_path / "b.docx", "w") as out, zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode()
            out.writestr(name, bomb + text.replace("标题", "&b;") if name == "word/document.xml" else text)
    with pytest.raises(DocumentFault, match="声明了 XML 实体"):
        docx.read(tmp_path / "b.docx")
