"""Documents made to hurt: small files that once took all memory, hours, or the program with them."""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of them the catalogue."""
    out, offsets = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return out + head + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


def pdf_page(content: bytes, resources: bytes = b"", *others: bytes) -> bytes:
    """A PDF of one page with this content; ``others`` are objects 5 and on."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 2000 2000]/Contents 4 0 R/Resources<<%s>>>>" % resources
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", pages, page, stream(content), *others)


def form_bomb(depth: int) -> bytes:
    """Forms that each draw the next one ten times."""
    forms = []
    for number in range(5, 5 + depth):
        inner = b"/Resources<</XObject<</F %d 0 R>>>>" % (number + 1) if number < 4 + depth else b""
        drawn = b"/F Do " * 10 if inner else b"0 0 m 9 9 l S " * 10
        forms.append(stream(drawn, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]" + inner))
    return pdf_page(b"/F Do " * 10, b"/XObject<</F 5 0 R>>", *forms)


FONT = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"


def frame_of_stubs(count: int) -> bytes:
    """A frame with short lines along its sides, which part nothing."""
    lines = [b"0.5 w 10 10 1900 1900 re S BT /F 10 Tf 100 100 Td (x) Tj ET"]
    for number in range(1, count):
        at = 10 + number * 1900 / count
        lines.append(b"%f 10 m %f 16 l S 10 %f m 16 %f l S" % (at, at, at, at))
    return pdf_page(b"\n".join(lines), FONT)


def office(parts: dict[str, str | bytes]) -> bytes:
    """An Office file of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def office_with(content: bytes, more: Mapping[str, str] = {}, changed: Mapping[str, str] = {}) -> bytes:
    """An Office file with more parts, and with texts of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        text = part.decode() if isinstance(part, bytes) else part
        for before, after in changed.items():
            text = text.replace(before, after)
        parts[name] = text
    return office({**parts, **more})


RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def links(*named: tuple[str, str, str]) -> str:
    """Relations of id, kind and target."""
    items = "".join(f'<Relationship Id="{a}" Type="{TYPES}/{kind}" Target="{to}"/>' for a, kind, to in named)
    return f'<Relationships xmlns="{RELATIONS}">{items}</Relationships>'


# The namespaces of drawings in a Word file, by the prefixes that they usually have.
DRAWN = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "r": TYPES,
    "v": "urn:schemas-microsoft-com:vml",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
}


def drawn(name: str, inner: str) -> str:
    """An XML part with this root element and the usual prefixes."""
    spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in DRAWN.items())
    return f"<{name} {spaces}>{inner}</{name}>"


def docx(body: str, numbering: str = "", styles: str = "", linked: Mapping[tuple[str, str], str] = {}) -> bytes:
    """A Word file with this body; ``w:`` is its namespace. ``linked`` are more parts by kind of relation and name."""
    relations = [("n", "numbering", "numbering.xml"), ("s", "styles", "styles.xml")]
    relations += [(f"p{number}", kind, name) for number, (kind, name) in enumerate(linked)]
    return office({
        "_rels/.rels": links(("a", "officeDocument", "word/document.xml")),
        "word/document.xml": drawn("w:document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": links(*relations),
        "word/numbering.xml": drawn("w:numbering", numbering),
        "word/styles.xml": drawn("w:styles", styles),
        **{f"word/{name}": content for (_, name), content in linked.items()},
    })  # fmt: skip


SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(
    *sheets: str,
    strings: str = "",
    format_code: str = "0",
    from_1904: bool = False,
    one_part: bool = False,
    linked: Mapping[tuple[str, str], str] = {},
) -> bytes:
    """A workbook of these sheets' contents. Cells of style 1 have the number format; ``one_part`` names the first
    sheet's part for all. ``linked`` are parts of the first sheet by kind of relation and name."""
    numbers = range(1, len(sheets) + 1)
    targets = {number: f"sheet{1 if one_part else number}.xml" for number in numbers}
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    properties = '<workbookPr date1904="1"/>' if from_1904 else ""
    relations = [(f"r{n}", "worksheet", target) for n, target in targets.items()]
    return office({
        "_rels/.rels": links(("a", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{TYPES}">{properties}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": links(*relations, ("s", "sharedStrings", "s.xml"), ("f", "styles", "f.xml")),
        "xl/s.xml": f'<sst xmlns="{SHEET}">{strings}</sst>',
        "xl/f.xml": f'<styleSheet xmlns="{SHEET}"><numFmts><numFmt numFmtId="200" formatCode="{format_code}"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs></styleSheet>',
        "xl/_rels/sheet1.xml.rels": links(*[(f"l{n}", kind, name) for n, (kind, name) in enumerate(linked)]),
        **{f"xl/sheet{n}.xml": f'<worksheet xmlns="{SHEET}" xmlns:mc="{DRAWN["mc"]}">{sheet}</worksheet>' for n, sheet in zip(numbers, sheets, strict=True)},
        **{f"xl/{name}": content for (_, name), content in linked.items()},
    })  # fmt: skip


def repeated_cells() -> bytes:
    """A sheet of 1,000 columns and a million rows, all alike."""
    office_, sheet, words = (
        f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")
    )
    media_type = "application/vnd.oasis.opendocument.spreadsheet"
    cell = '<t:table-cell t:number-columns-repeated="1000" o:value-type="string"><x:p>x</x:p></t:table-cell>'
    table = f'<t:table t:name="a"><t:table-row t:number-rows-repeated="1000000">{cell}</t:table-row></t:table>'
    entry = '<m:file-entry m:full-path="{}" m:media-type="{}"/>'.format
    return office({
        "mimetype": media_type,
        "content.xml": f'<o:document-content xmlns:o="{office_}" xmlns:t="{sheet}" xmlns:x="{words}" o:version="1.2">'
        f"<o:body><o:spreadsheet>{table}</o:spreadsheet></o:body></o:document-content>",
        "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'{entry("/", media_type)}{entry("content.xml", "text/xml")}</m:manifest>',
    })  # fmt: skip


def rows(*cells: str) -> str:
    return "<sheetData>" + "".join(f"<row>{cell}</row>" for cell in cells) + "</sheetData>"


def mhtml(*pages: tuple[str, bytes]) -> bytes:
    """A web archive of pages, each with the parameters of its content type."""
    parts = b"".join(b"--b\r\nContent-Type: text/html%s\r\n\r\n%s\r\n" % (kind.encode(), page) for kind, page in pages)
    return b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n' + parts + b"--b--\r\n"


def text_cell(text: str, at: str = "") -> str:
    return f'<c t="inlineStr"{f" r={chr(34)}{at}{chr(34)}" if at else ""}><is><t>{text}</t></is></c>'


HTML_ROW = "<tr>" + '<td colspan="1000">甲</td>' * 1000 + "</tr>"
LEVEL = '<w:lvl w:ilvl="{}"><w:start w:val="{}"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="{}"/></w:lvl>'
NUMBERED = '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>'
STYLED = '<w:p><w:pPr><w:pStyle w:val="s0"/></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>'


def _numbering(levels: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )


def _docx_grid() -> bytes:
    row = "<w:tr><w:tc><w:p/></w:tc></w:tr>"
    return docx(f"<w:tbl><w:tblGrid>{'<w:gridCol/>' * 400_000}</w:tblGrid>{row * 20_000}</w:tbl>")


def _docx_spans() -> bytes:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="1000"/></w:tcPr><w:p/></w:tc>'
    return docx(f"<w:tbl><w:tr>{cell * 100_000}</w:tr></w:tbl>")


def _docx_styles(count: int = 20_000) -> bytes:
    chain = "".join(f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(count))
    return docx(STYLED * count, _numbering(LEVEL.format(0, 1, "%1")), chain)


def _xlsx_merges(count: int = 20_000) -> bytes:
    merged = f"<mergeCells>{f'<mergeCell ref={chr(34)}A1:C{count}{chr(34)}/>' * count}</mergeCells>"
    return xlsx(rows(*[text_cell("甲")] * count) + merged)


def _zip_of_zip(pages: int) -> bytes:
    return zlib.compress(zlib.compress(b"q Q " * pages, 9), 9)


# Name → file ending, the document, and what is said of it; None where it is read. Each is read or refused within the room's limits, and but for the
# heavy ones far below them.
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str | None]] = {
    "comments before markup": ("txt", lambda: b"<!---->" * 40 + "\n项目名称\t甲".encode(), None),
    "docx letter numbers": ("docx", lambda: docx(NUMBERED, _numbering(LEVEL.format(0, 999999999, "%1"))), None),
    "docx numbering pattern": (
        "docx",
        lambda: docx(NUMBERED * 2_000, _numbering("".join(LEVEL.format(n, 1, "%1" * 100_000) for n in range(50)))),
        None,
    ),
    "docx grid columns": ("docx", _docx_grid, "超过 16,384 列"),
    "docx spans": ("docx", _docx_spans, "超过 16,384 列"),
    "docx chain of styles": ("docx", _docx_styles, None),
    "html wide row": ("html", lambda: f"<table>{HTML_ROW}{'<tr><td>乙' * 2_000}".encode(), "超过 16,384 列"),
    "html spans both ways": (
        "html",
        lambda: f"<table>{'<tr><td rowspan=1000 colspan=1000>甲' * 2_000}".encode(),
        "超过 16,384 列",
    ),
    "html attributes": (
        "html",
        lambda: f"<table><tr><td {' '.join(f'a{n}=1' for n in range(200_000))}>甲".encode(),
        "一个标签有 5,000 个以上的属性",
    ),
    "html character data": ("html", lambda: b"<table><tr><td>a</table>" + b"<![CDATA[" * 200_000, None),
    "html depth": ("html", lambda: b"<div>" * 3_000 + "甲".encode(), "嵌套得过深"),
    "mhtml multiparts": (
        "mhtml",
        lambda: (
            b"MIME-Version: 1.0\r\n"
            + b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3_000))
        ),
        "嵌套得过深",
    ),
    "xlsx wide sheets": (
        "xlsx",
        lambda: xlsx(*[rows(*[text_cell("甲", f"XFD{n}") for n in range(1, 61)])] * 40),
        "超过 3,000,000 个单元格",
    ),
    "xlsx one part for 2,000 sheets": (
        "xlsx",
        lambda: xlsx(rows(*["<c/>" * 100] * 500), *[""] * 2_000, one_part=True),
        "的内容就是另一张的",
    ),
    "xlsx long string": (
        "xlsx",
        lambda: xlsx(rows(*['<c t="s"><v>0</v></c>'] * 47), strings=f"<si><t>{'甲' * 3_000_000}</t></si>"),
        "一个单元格或段落超过 32,767 个字",
    ),
    "xlsx merges": ("xlsx", _xlsx_merges, "超过 3,000,000 个单元格"),
    "xlsx hidden columns": (
        "xlsx",
        lambda: xlsx("<cols>" + '<col min="2" max="16384" hidden="1"/>' * 100_000 + "</cols>" + rows(text_cell("甲"))),
        None,
    ),
    "xlsx long format": (
        "xlsx",
        lambda: xlsx(rows(*['<c s="1"><v>1234</v></c>'] * 2_000), format_code="#," * 2_000),
        None,
    ),
    "xlsx largest number": ("xlsx", lambda: xlsx(rows('<c s="1"><v>1E+308</v></c>'), format_code="0.00%"), None),
    "xlsx many decimals": ("xlsx", lambda: xlsx(rows('<c s="1"><v>1.5</v></c>'), format_code="0." + "0" * 200), None),
    "xlsx last day of 1904": (
        "xlsx",
        lambda: xlsx(rows('<c s="1"><v>2958000</v></c>'), format_code="yyyy-mm-dd", from_1904=True),
        None,
    ),
    "pdf frame of stubs": ("pdf", lambda: frame_of_stubs(300), None),
    "text of one line": (
        "txt",
        lambda: "项目名称\t".encode() + "甲".encode() * 40_000,
        "第 1 行：一个单元格或段落超过",
    ),
    "text of 65 MB": ("txt", lambda: b"a\t" * (65 * 512 * 1024), "超过 64 MB 的上限"),
    "text of countless cells": ("txt", lambda: b"a\t\n" * 2_000_000, "超过 3,000,000 个单元格"),
}
# These fill the memory that they are given, or take the time.
HEAVY: dict[str, tuple[str, Callable[[], bytes], str | None]] = {
    "ods repeated cells": ("ods", repeated_cells, "展开后过大|LibreOffice"),
    "pdf forms": ("pdf", lambda: form_bomb(7), "崩溃"),
    "pdf forms, two each": ("pdf", lambda: form_bomb(25), "读不了"),
    "pdf deflated twice": (
        "pdf",
        lambda: pdf_page(b"", b"", b"").replace(
            stream(b""), stream(_zip_of_zip(250_000_000), b"/Filter[/FlateDecode/FlateDecode]")
        ),
        "没有文字|读不了",
    ),
}
