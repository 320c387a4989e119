"""Nothing vanishes silently: a word hidden in any place of a file is read, or the reading remarks on it, or it is refused.

Not looked at are what no page shows (properties of files, hidden fields of web pages, phonetic guides of Excel) and what
a page only says when asked (tips, alternative texts of pictures). pdfium gives no text of size 0, and none of a pattern
that fills a shape.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import FONT, docx, drawn, links, mhtml, office_with, pdf_page, rows, stream, text_cell, xlsx

from builder.faults import DocumentFault
from builder.readers import formats

WORD = "藏在这里"
PLAIN = "hidden-word"
NUMBER = "7654321"


def run(text: str = WORD, properties: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:t>{text}</w:t></w:r>"


def paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def table(*cells: str) -> str:
    return f"<w:tbl><w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr></w:tbl>"


PAGE = paragraph(run("项目名称"))
HIDDEN = paragraph(run())
SHAPE = f"<a:p><a:r><a:t>{WORD}</a:t></a:r></a:p>"
OLD_BOX = f"<w:pict><v:shape><v:textbox><w:txbxContent>{HIDDEN}</w:txbxContent></v:textbox></v:shape></w:pict>"
BODIES = {
    "paragraph": HIDDEN,
    "cell": table(HIDDEN),
    "cell of a table in a cell": table(table(HIDDEN) + "<w:p/>"),
    "second body": f"</w:body><w:body>{HIDDEN}",
    "after the body": f"</w:body>{HIDDEN}<w:body>",
    "run outside of a paragraph": run(),
    "text outside of a run": f"<w:t>{WORD}</w:t>",
    "text outside of a run in a paragraph": paragraph(f"<w:t>{WORD}</w:t>"),
    "between the cells": f"<w:tbl><w:tr>{HIDDEN}<w:tc><w:p/></w:tc></w:tr></w:tbl>",
    "between the rows": f"<w:tbl>{run()}<w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
    "cell outside of a row": f"<w:tbl><w:tc>{HIDDEN}</w:tc></w:tbl>",
    "cell outside of a table": f"<w:tc>{HIDDEN}</w:tc>",
    "table in a paragraph": paragraph(table(HIDDEN)),
    "paragraph in a paragraph": paragraph(HIDDEN),
    "content control": f"<w:sdt><w:sdtContent>{HIDDEN}</w:sdtContent></w:sdt>",
    "content control of a cell": f"<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc>{HIDDEN}</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>",
    "custom XML": f'<w:customXml w:element="a">{HIDDEN}</w:customXml>',
    "smart tag": paragraph(f'<w:smartTag w:element="a">{run()}</w:smartTag>'),
    "hyperlink": paragraph(f"<w:hyperlink>{run()}</w:hyperlink>"),
    "inserted": paragraph(f"<w:ins>{run()}</w:ins>"),
    "inserted paragraph": f"<w:ins>{HIDDEN}</w:ins>",
    "deleted": paragraph(f"<w:del>{run().replace('w:t>', 'w:delText>')}</w:del>"),
    "deleted, kept as text": paragraph(f"<w:del>{run()}</w:del>"),
    "deleted outside of a deletion": paragraph(run().replace("w:t>", "w:delText>")),
    "deleted block": f"<w:del>{HIDDEN}</w:del>",
    "moved away": paragraph(f"<w:moveFrom>{run()}</w:moveFrom>"),
    "deleted row": f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{HIDDEN}</w:tc></w:tr></w:tbl>",
    "hidden run": paragraph(run(properties="<w:vanish/>")),
    "hidden tab and text": paragraph(f"<w:r><w:rPr><w:vanish/></w:rPr><w:smartTag><w:t>{WORD}</w:t></w:smartTag></w:r>"),
    "hidden row": f"<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{HIDDEN}</w:tc></w:tr></w:tbl>",
    "merged cell": f"<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{HIDDEN}</w:tc></w:tr></w:tbl>",
    "in properties": paragraph(f"<w:pPr>{run()}</w:pPr>"),
    "in properties of a section": f"<w:sectPr>{HIDDEN}</w:sectPr>",
    "box": paragraph(f"<w:r><w:drawing><wps:txbx><w:txbxContent>{HIDDEN}</w:txbxContent></wps:txbx></w:drawing></w:r>"),
    "old box": paragraph(f"<w:r>{OLD_BOX}</w:r>"),
    "box in a box": paragraph(f"<w:r>{OLD_BOX.replace(HIDDEN, paragraph(f'<w:r>{OLD_BOX}</w:r>'))}</w:r>"),
    "box in a cell": table(paragraph(f"<w:r>{OLD_BOX}</w:r>")),
    "box outside of a paragraph": OLD_BOX,
    "box in a hidden run": paragraph(f"<w:r><w:rPr><w:vanish/></w:rPr>{OLD_BOX}</w:r>"),
    "old word art": paragraph(f'<w:r><w:pict><v:shape><v:textpath string="{WORD}"/></v:shape></w:pict></w:r>'),
    "text of a shape": paragraph(f"<w:r><w:drawing>{SHAPE}</w:drawing></w:r>"),
    "only in the fallback": paragraph(
        f"<w:r><mc:AlternateContent><mc:Choice/><mc:Fallback>{OLD_BOX}</mc:Fallback></mc:AlternateContent></w:r>"
    ),
    "only in the second choice": f"<mc:AlternateContent><mc:Choice><w:p/></mc:Choice><mc:Choice>{HIDDEN}</mc:Choice></mc:AlternateContent>",
    "formula": paragraph(f"<m:oMath><m:r><m:t>{WORD}</m:t></m:r></m:oMath>"),
    "phonetic guide": paragraph(f"<w:r><w:ruby><w:rt>{run()}</w:rt><w:rubyBase>{run('字')}</w:rubyBase></w:ruby></w:r>"),
    "field": paragraph(f'<w:fldSimple w:instr="PAGE">{run()}</w:fldSimple>'),
    "field that prints its code": paragraph(
        f'<w:r><w:fldChar w:fldCharType="begin"/><w:instrText> MACROBUTTON x {WORD}</w:instrText><w:fldChar w:fldCharType="end"/></w:r>'
    ),
    "field of a form": paragraph(
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:listEntry w:val="{WORD}"/></w:ddList></w:ffData></w:fldChar></w:r>'
    ),
    "another document": '<w:altChunk r:id="x"/>',
    "document of its own": '<w:subDoc r:id="x"/>',
    "object": paragraph('<w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office"/></w:object></w:r>'),
    "unknown element": f"<w:new>{HIDDEN}</w:new>",
    "unknown element in a run": paragraph(f"<w:r><w:new>{WORD}</w:new></w:r>"),
    "without any element": WORD,
    "direction": paragraph(f'<w:dir w:val="rtl"><w:bdo w:val="ltr">{run()}</w:bdo></w:dir>'),
}  # fmt: skip
NOTE = '<w:{0} w:id="{1}"{2}>' + HIDDEN + "</w:{0}>"
LINKED = {
    "header": ("header", "header1.xml", drawn("w:hdr", HIDDEN)),
    "word art of a header": ("header", "h.xml", drawn("w:hdr", BODIES["old word art"])),
    "footer": ("footer", "footer1.xml", drawn("w:ftr", HIDDEN)),
    "comment": ("comments", "comments.xml", drawn("w:comments", NOTE.format("comment", 1, ""))),
    "footnote": ("footnotes", "footnotes.xml", drawn("w:footnotes", NOTE.format("footnote", 1, ""))),
    "separator of footnotes": ("footnotes", "f.xml", drawn("w:footnotes", NOTE.format("footnote", 1, ' w:type="separator"'))),
    "endnote": ("endnotes", "endnotes.xml", drawn("w:endnotes", NOTE.format("endnote", 1, ""))),
    "chart": ("chart", "chart.xml", drawn("c:chart", SHAPE)),
    "figure of a chart": ("chart", "chart.xml", drawn("c:chart", f"<c:pt><c:v>{WORD}</c:v></c:pt>")),
    "diagram": ("diagramData", "data.xml", drawn("a:data", SHAPE)),
    "picture": ("image", "a.png", "x"),
    "damaged header": ("header", "h.xml", "<w:hdr>"),
    "embedded package": ("package", "a.xlsx", "PK"),
    "embedded object": ("oleObject", "a.bin", "x"),
    "another document": ("aFChunk", "a.htm", f"<p>{WORD}"),
    "document of its own": ("subDocument", "a.docx", "x"),
}  # fmt: skip


def hidden_in_docx() -> Iterator[tuple[str, str, bytes]]:
    yield "nothing", "docx", docx(PAGE)
    for place, body in BODIES.items():
        yield place, "docx", docx(PAGE + body)
    for place, (kind, name, content) in LINKED.items():
        yield f"part: {place}", "docx", docx(PAGE, linked={(kind, name): content})


FIRST = text_cell("项目名称", "A1")


def sheet(*more: str, after: str = "") -> str:
    return rows(FIRST, *more) + after


TWICE = f"<c><v>1</v><v>{WORD}</v></c>"
IN_SHEET = {
    "cell": sheet(text_cell(WORD)),
    "rich text": sheet(f'<c t="inlineStr"><is><r><t>{WORD}</t></r></is></c>'),
    "text of a formula": sheet(f'<c t="str"><f>A1</f><v>{WORD}</v></c>'),
    "formula without a result": sheet(f"<c><f>{WORD}</f></c>"),
    "formula of a text without a result": sheet(f'<c t="str"><f>{WORD}</f></c>'),
    "error": sheet(f'<c t="e"><v>{WORD}</v></c>'),
    "two values": sheet(TWICE),
    "value and string": sheet(f'<c t="inlineStr"><is><t>甲</t></is><v>{WORD}</v></c>'),
    "two strings": sheet(f'<c t="inlineStr"><is><t>{WORD}</t></is><is><t>甲</t></is></c>'),
    "unknown element of a cell": sheet(f"<c><x>{WORD}</x></c>"),
    "no cell": sheet(f"<x><v>{WORD}</v></x>"),
    "cell in an alternate": sheet(f"<mc:AlternateContent><mc:Choice>{text_cell(WORD)}</mc:Choice></mc:AlternateContent>"),
    "outside of the rows": sheet(after=f"<x><t>{WORD}</t></x>"),
    "cell outside of a row": f"<sheetData><row>{FIRST}</row>{text_cell(WORD)}</sheetData>",
    "second table of rows": sheet() + rows().replace(
        "<sheetData>", f'<sheetData><row r="9">{text_cell(WORD, "A9")}</row>'
    ),
    "hidden row": f'<sheetData><row>{FIRST}</row><row hidden="1">{text_cell(WORD)}</row></sheetData>',
    "hidden column": f'<cols><col min="2" max="2" hidden="1"/></cols>{sheet(text_cell(WORD, "B2"))}',
    "merged cell": sheet(text_cell("甲", "A2") + text_cell(WORD, "B2"), after='<mergeCells><mergeCell ref="A2:B2"/></mergeCells>'),
    "printed heading": sheet(after=f"<headerFooter><oddHeader>&amp;C{WORD}</oddHeader></headerFooter>"),
    "printed footing of the first page": sheet(after=f"<headerFooter><firstFooter>{WORD}</firstFooter></headerFooter>"),
}  # fmt: skip
COMMENTS = '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><commentList><comment ref="A1"><text><t>{}</t></text></comment></commentList></comments>'
THREADED = '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="A1"><text>{}</text></threadedComment></ThreadedComments>'
OF_SHEET = {
    "comment": ("comments", "comments1.xml", COMMENTS.format(WORD)),
    "threaded comment": ("threadedComment", "threaded.xml", THREADED.format(WORD)),
    "text box": ("drawing", "drawing1.xml", drawn("xdr:wsDr", f"<xdr:sp>{SHAPE}</xdr:sp>")),
    "picture": ("image", "a.png", "x"),
    "control": ("vmlDrawing", "v.vml", drawn("xml", f"<v:textbox><div><font>{WORD}</font></div></v:textbox>")),
    "embedded package": ("package", "a.docx", "PK"),
    "embedded object": ("oleObject", "a.bin", "x"),
}  # fmt: skip
ZEROS = '<sheetViews><sheetView showZeros="0"/></sheetViews>'


def hidden_in_xlsx() -> Iterator[tuple[str, str, bytes]]:
    yield "nothing", "xlsx", xlsx(sheet())
    for place, content in IN_SHEET.items():
        yield place, "xlsx", xlsx(content)
    for place, (kind, name, part) in OF_SHEET.items():
        yield f"part: {place}", "xlsx", xlsx(sheet(), linked={(kind, name): part})
    chart = office_with(
        xlsx(sheet(), linked={("drawing", "d.xml"): drawn("xdr:wsDr", "")}),
        {
            "xl/_rels/d.xml.rels": links(("c", "chart", "chart.xml")),
            "xl/chart.xml": drawn("c:chart", f"<c:pt><c:v>{WORD}</c:v></c:pt>"),
        },
    )
    yield "chart", "xlsx", chart
    yield "shared string", "xlsx", xlsx(sheet('<c t="s"><v>0</v></c>'), strings=f"<si><t>{WORD}</t></si>")
    yield "format that shows nothing", "xlsx", xlsx(sheet('<c s="1"><v>-7654321</v></c>'), format_code=";;;")
    yield (
        "format of text that shows nothing",
        "xlsx",
        xlsx(sheet(f'<c s="1" t="str"><v>{WORD}</v></c>'), format_code=";;;"),
    )
    yield (
        "format without a part for such numbers",
        "xlsx",
        xlsx(sheet('<c s="1"><v>-7654321</v></c>'), format_code="0;"),
    )
    hidden = xlsx(sheet(), sheet(text_cell(WORD)))
    yield "hidden sheet", "xlsx", office_with(hidden, changed={'sheetId="2"': 'sheetId="2" state="veryHidden"'})
    yield "sheet that is nowhere", "xlsx", office_with(hidden, changed={'r:id="r2"': 'r:id="r9"'})
    yield (
        "sheet that is not listed",
        "xlsx",
        office_with(hidden, changed={'<sheet name="表2" sheetId="2" r:id="r2"/>': ""}),
    )


IN_PAGE = {
    "paragraph": f"<p>{WORD}",
    "bare": WORD,
    "cell": f"<table><tr><td>{WORD}</table>",
    "caption": f"<table><caption>{WORD}</caption><tr><td>甲</table>",
    "between the rows": f"<table>{WORD}<tr><td>甲</table>",
    "columns": f"<table><colgroup>{WORD}</colgroup><tr><td>甲</table>",
    "cell outside of a table": f"<td>{WORD}</td>",
    "second cell of a layout table": f"<table><tr><td><table><tr><td>甲</table><td>{WORD}</table>",
    "text area": f"<textarea>{WORD}</textarea>",
    "text area of a cell": f"<table><tr><td><textarea>{WORD}</textarea></table>",
    "input": f'<input value="{WORD}">',
    "input of a cell": f'<table><tr><td><input type="text" value="{WORD}"></table>',
    "read-only input": f'<input readonly value="{WORD}">',
    "button": f"<button>{WORD}</button>",
    "input as button": f'<input type="button" value="{WORD}">',
    "chosen option": f"<select><option>甲<option selected>{WORD}</select>",
    "option": f"<select><option>甲<option>{WORD}</select>",
    "group of options": f'<select><optgroup label="甲"><option>{WORD}</optgroup></select>',
    "legend": f"<fieldset><legend>{WORD}</legend></fieldset>",
    "output": f"<output>{WORD}</output>",
    "label": f"<label>{WORD}</label>",
    "not displayed": f'<p style="display:none">{WORD}',
    "hidden": f"<p hidden>{WORD}",
    "navigation": f"<nav>{WORD}</nav>",
    "without scripts": f"<noscript>{WORD}</noscript>",
    "without frames": f"<noframes>{WORD}</noframes>",
    "template": f"<template>{WORD}</template>",
    "picture of text": f"<svg><text>{WORD}</text></svg>",
    "foreign object": f"<svg><foreignObject><p>{WORD}</p></foreignObject></svg>",
    "canvas": f"<canvas>{WORD}</canvas>",
    "object": f"<object>{WORD}</object>",
    "sound": f"<audio>{WORD}</audio>",
    "film": f"<video>{WORD}</video>",
    "map": f"<map>{WORD}</map>",
    "frame": f"<iframe>{WORD}</iframe>",
    "frame with a page": f'<iframe srcdoc="{WORD}"></iframe>',
    "frame from elsewhere": '<iframe src="a.html"></iframe>',
    "details": f"<details>{WORD}</details>",
    "dialog": f"<dialog>{WORD}</dialog>",
    "formula": f"<math><mi>{WORD}</mi></math>",
    "phonetic guide": f"<ruby>字<rp>(</rp><rt>{WORD}</rt></ruby>",
    "preformatted": f"<pre>{WORD}</pre>",
    "sample": f"<xmp>{WORD}</xmp>",
    "listing": f"<listing>{WORD}</listing>",
    "plain text": f"<plaintext>{WORD}",
    "unknown element": f"<gov-form>{WORD}</gov-form>",
    "after the page": f"</body></html>{WORD}",
    "before the page": f"{WORD}<html>",
    "second body": f"<body>{WORD}</body>",
    "after a null": f"\0{WORD}",
    "in a tag with a null": f"<p\0>{WORD}</p>",
    "after a control character": f"\x0c\x01{WORD}",
    "after an open comment": f"<!-- {WORD}",
    "character data": f"<![CDATA[{WORD}]]>",
    "instruction": f"<?php echo '{WORD * 60}' ?>",
    "after an open attribute": f'<p title="{WORD}',
    "table written by a script": f"<script>document.write('<table><tr><td>{WORD}</td></tr></table>')</script>",
    "data of a script": f"<script>var rows = {[WORD] * 60}</script>",
    "data of a script of another type": f'<script type="application/json">{[WORD] * 60}</script>',
    "frameset": '<frameset><frame src="a.html"></frameset>',
}  # fmt: skip
PAGED = "<table><tr><td>项目名称</table>"


def hidden_in_html() -> Iterator[tuple[str, str, bytes]]:
    yield "nothing", "html", f"<html><body>{PAGED}".encode()
    for place, inner in IN_PAGE.items():
        yield place, "html", f"<html><head><title>甲</title></head><body>{PAGED}{inner}".encode()
    for kind in ("text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/octet-stream", "application/pdf", "message/rfc822", "application/x-mimearchive"):  # fmt: skip
        archive = mhtml(("", PAGED.encode()), ("", b"PART"))
        head, _, tail = archive.rpartition(b"Content-Type: text/html")
        inner = f"<p>{WORD}</p>".encode()
        yield f"archive: {kind}", "mhtml", head + b"Content-Type: " + kind.encode() + tail.replace(b"PART", inner)
    nested = b'Content-Type: multipart/alternative; boundary="c"\r\n\r\n--c\r\nContent-Type: text/html\r\n\r\n%s\r\n--c--\r\n'
    yield "archive: within", "mhtml", (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n'
        + PAGED.encode() + b"\r\n--b\r\n" + nested % WORD.encode() + b"--b--\r\n"
    )  # fmt: skip
    yield "archive: behind its end", "mhtml", mhtml(("", PAGED.encode())) + WORD.encode()
    yield (
        "archive: before its parts",
        "mhtml",
        mhtml(("", PAGED.encode())).replace(b"--b\r\n", WORD.encode() + b"\r\n--b\r\n", 1),
    )


SHOWN = b"BT /F 12 Tf 100 100 Td (name) Tj ET "


def annotated(annotation: bytes, *others: bytes) -> bytes:
    made = pdf_page(SHOWN, FONT, annotation, *others)
    return made.replace(b"/Contents 4 0 R", b"/Contents 4 0 R/Annots[5 0 R]")


def text(inner: bytes = b"(hidden-word) Tj", before: bytes = b"100 200 Td ") -> bytes:
    return b"BT /F 12 Tf " + before + inner + b" ET "


APPEARANCE = stream(text(before=b"2 2 Td "), b"/Type/XObject/Subtype/Form/BBox[0 0 99 20]/Resources<<" + FONT + b">>")
IN_PDF = {
    "text": pdf_page(SHOWN + text(), FONT),
    "form": pdf_page(SHOWN + b"/X Do ", FONT + b"/XObject<</X 5 0 R>>", APPEARANCE),
    "form in a form": pdf_page(
        SHOWN + b"/X Do ", FONT + b"/XObject<</X 5 0 R>>",
        stream(b"/X Do ", b"/Type/XObject/Subtype/Form/BBox[0 0 99 20]/Resources<</XObject<</X 6 0 R>>>>"), APPEARANCE,
    ),
    "invisible": pdf_page(SHOWN + text(b"3 Tr (hidden-word) Tj"), FONT),
    "clip": pdf_page(SHOWN + text(b"7 Tr (hidden-word) Tj"), FONT),
    "oblique": pdf_page(SHOWN + b"q .7 .7 -.7 .7 300 300 cm " + text() + b"Q ", FONT),
    "turned": pdf_page(SHOWN + b"q 0 1 -1 0 500 300 cm " + text() + b"Q ", FONT),
    "outside": pdf_page(SHOWN + text(before=b"-900 200 Td "), FONT),
    "white": pdf_page(SHOWN + b"1 g " + text(), FONT),
    "under a picture": pdf_page(SHOWN + text() + b"0 g 90 190 200 40 re f ", FONT),
    "layer that is off": pdf_page(
        SHOWN + b"/OC /L BDC " + text() + b"EMC ", FONT + b"/Properties<</L 5 0 R>>", b"<</Type/OCG/Name(a)>>"
    ).replace(b"/Pages 2 0 R", b"/Pages 2 0 R/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]>>>>", 1),
    "note": annotated(b"<</Type/Annot/Subtype/Text/Rect[0 0 20 20]/Contents(hidden-word)>>"),
    "free text": annotated(b"<</Type/Annot/Subtype/FreeText/Rect[0 0 99 20]/Contents(hidden-word)/DA(/F 12 Tf)>>"),
    "highlight": annotated(b"<</Type/Annot/Subtype/Highlight/Rect[0 0 99 20]/Contents(hidden-word)>>"),
    "stamp": annotated(b"<</Type/Annot/Subtype/Stamp/Rect[0 0 99 20]/AP<</N 6 0 R>>>>", APPEARANCE),
    "watermark": annotated(b"<</Type/Annot/Subtype/Watermark/Rect[0 0 99 20]/AP<</N 6 0 R>>>>", APPEARANCE),
    "field": annotated(b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(hidden-word)/Rect[0 0 99 20]/F 4>>"),
    "field by its appearance": annotated(
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[0 0 99 20]/AP<</N 6 0 R>>>>", APPEARANCE
    ),
    "attached file": annotated(b"<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS<</F(hidden-word.docx)>>>>"),
    "embedded file": pdf_page(SHOWN, FONT, stream(b"x", b"/Type/EmbeddedFile")).replace(
        b"/Pages 2 0 R",
        b"/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(hidden-word.docx)/EF<</F 5 0 R>>>>]>>>>", 1,
    ),
    "form of another kind": pdf_page(SHOWN, FONT, stream(b"<xdp>hidden-word</xdp>")).replace(
        b"/Pages 2 0 R", b"/Pages 2 0 R/AcroForm<</XFA 5 0 R/Fields[]>>", 1
    ),
    "picture beside text": pdf_page(
        SHOWN * 30 + b"q 900 0 0 900 500 500 cm /I Do Q ", FONT + b"/XObject<</I 5 0 R>>",
        stream(b"\0", b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"),
    ),
    "picture in the text": pdf_page(
        SHOWN * 30 + b"q 900 0 0 900 500 500 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \0 EI Q ", FONT,
    ),
}  # fmt: skip


def hidden_in_pdf() -> Iterator[tuple[str, str, bytes]]:
    yield "nothing", "pdf", pdf_page(SHOWN, FONT)
    for place, content in IN_PDF.items():
        yield place, "pdf", content


IN_TEXT = {
    "cell": f"项目名称\t{WORD}\n",
    "line": f"项目名称\n{WORD}",
    "after a page": f"项目名称\f{WORD}\n",
    "after a line of another kind": f"项目名称\u2028{WORD}\u2029\x85\v甲",
    "after the end of old files": f"项目名称\n\x1a{WORD}",
    "after a carriage return": f"项目名称\r{WORD}\r",
    "between marks": f"项目名称\t\ufeff\u200b{WORD}\u202e\n",
    "behind many tabs": "项目名称" + "\t" * 300 + WORD,
    "in a quoted cell": f'项目名称,"甲\n乙,{WORD}"\n',
    "behind a quoted cell": f'项目名称,"甲"{WORD},乙\n',
    "behind an open quote": f'项目名称,"甲\n乙,{WORD}\n',
    "behind doubled quotes": f'项目名称,"""甲""{WORD}"\n',
    "in a longer row": f"项目名称,甲\n乙,丙,丁,,,{WORD}\n",
    "between nulls late in the file": "项目名称,甲\n" * 900 + f"\0{WORD}\0",
}


def hidden_in_text() -> Iterator[tuple[str, str, bytes]]:
    for ending in ("txt", "csv"):
        yield "nothing", ending, b"a\tb\n"
        for place, content in IN_TEXT.items():
            yield place, ending, content.encode()


CASES = [*hidden_in_docx(), *hidden_in_xlsx(), *hidden_in_html(), *hidden_in_pdf(), *hidden_in_text()]


def said(ending: str, content: bytes, folder: Path) -> tuple[str, str]:
    """The text that is read of a file, and what is remarked on it or why it is refused."""
    path = folder / f"a.{ending}"
    path.write_bytes(content)
    try:
        reading = formats.read(path, formats.detect(path))
    except DocumentFault as fault:
        return "", str(fault)
    return "\n".join(cell.text for row in reading.rows for cell in row.cells), "\n".join(
        detail for _, detail in reading.notes
    )


@pytest.mark.parametrize(
    ("place", "ending", "content"), [pytest.param(*case, id=f"{case[1]}: {case[0]}") for case in CASES]
)
def test_no_word_vanishes(place: str, ending: str, content: bytes, tmp_path: Path) -> None:
    text, remarks = said(ending, content, tmp_path)
    if place == "nothing":
        assert text and not remarks
    else:
        assert any(word in text for word in (WORD, PLAIN, NUMBER)) or remarks
