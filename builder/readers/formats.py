"""What a file is, and the reader for it, in this very process: what ``room`` runs for one file in one of its own.

What a file is, its content says; its name only helps where content leaves it open.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from builder.faults import DocumentFault
from builder.model import Reading
from builder.readers import csv, docx, guard, html, legacy, pdf, text, xlsx

TEXT, CSV, HTML, PDF = "text/plain", "text/csv", "text/html", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC, XLS, RTF = "application/msword", "application/vnd.ms-excel", "application/rtf"
ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"

# Extension → media type. WPS writes Word's and Excel's old formats under names of its own.
MEDIA_TYPES = {
    ".txt": TEXT,
    ".text": TEXT,
    ".csv": CSV,
    ".html": HTML,
    ".htm": HTML,
    ".shtml": HTML,
    ".xhtml": HTML,
    ".mht": HTML,
    ".mhtml": HTML,
    ".pdf": PDF,
    ".docx": DOCX,
    ".docm": DOCX,
    ".xlsx": XLSX,
    ".xlsm": XLSX,
    ".doc": DOC,
    ".wps": DOC,
    ".xls": XLS,
    ".et": XLS,
    ".rtf": RTF,
    ".odt": ODT,
    ".ods": ODS,
}

# Media type → what people call it.
NAMES = {
    TEXT: "纯文本",
    CSV: "CSV 表格",
    HTML: "网页（HTML）",
    PDF: "PDF",
    DOCX: "Word 文档（DOCX）",
    XLSX: "Excel 工作簿（XLSX）",
    DOC: "旧版 Word/WPS 文档（DOC）",
    XLS: "旧版 Excel/WPS 表格（XLS）",
    RTF: "RTF 文档",
    ODT: "OpenDocument 文档（ODT）",
    ODS: "OpenDocument 表格（ODS）",
}

_READERS = {TEXT: text.read, CSV: csv.read, HTML: html.read, DOCX: docx.read, XLSX: xlsx.read}

HEAD = 4_096
# Atomic groups: a comment once read is never tried another way, of which there are 2ⁿ for n comments.
_MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--(?>.*?-->)\s*)*)<(?:!doctype\s+html|html|head|body|meta|table|title|div|center|style)\b", re.I | re.S)  # fmt: skip
_ANY_TAG = re.compile(rb"<(?:html|body|table|div|p|span|td)\b", re.IGNORECASE)
# Signatures of what is published now and then and cannot be read, with what to do.
_REFUSED = (
    (b"\x89PNG\r\n", "图片（PNG）"),
    (b"\xff\xd8\xff", "图片（JPEG）"),
    (b"GIF8", "图片（GIF）"),
    (b"II*\x00", "图片（TIFF）"),
    (b"MM\x00*", "图片（TIFF）"),
    (b"BM", "图片（BMP）"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "GZIP 压缩包"),
    (b"%!PS", "PostScript 文件"),
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "程序"),
)


def detect(path: Path) -> str:
    """The media type by content; raises ``DocumentFault`` naming what the file is where no reader reads it."""
    guard.check_file(path)
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    extension = path.suffix.lower()
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(path, extension)
    if head.startswith(b"{\\rtf"):
        return RTF
    for signature, name in _REFUSED:
        if head.startswith(signature) and (len(signature) > 2 or not _is_text(head)):
            raise DocumentFault(f"这是{name}，读不了。请添加公布的文档本身（PDF、Word、Excel、网页或文本）。")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return XLS
    if b"schemas.microsoft.com/office/word/2003/wordml" in head:
        return DOC
    if html.is_mhtml(head):
        return HTML
    plain = head.replace(b"\x00", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
    plain = plain.lstrip(b"\xef\xbb\xbf\xff\xfe")
    if _MARKUP.match(plain):
        return HTML
    if MEDIA_TYPES.get(extension) == HTML and _ANY_TAG.search(plain):
        return HTML
    if _is_text(head):
        return CSV if extension == ".csv" else TEXT
    raise DocumentFault(
        "认不出这是什么文件（不是 PDF、Word、Excel、网页或文本）。请核对下载的文件；"
        "能在 Word、WPS 或浏览器里打开的，另存为 DOCX、XLSX 或 PDF 再添加。"
    )


def read(path: Path, media_type: str, progress: Callable[[int, int], None] | None = None) -> Reading:
    """The file as rows of cells. ``media_type`` is what the manifest calls it; where content or name say otherwise it
    is read by its content, with a note. ``progress(done, total)`` counts the pages of a PDF.

    Raises ``DocumentFault``.
    """
    actual = detect(path)
    if actual == PDF:
        reading = pdf.read(path, progress)
    elif actual in _READERS:
        reading = _READERS[actual](path)
    else:
        reading = legacy.read(path, actual)
    named = MEDIA_TYPES.get(path.suffix.lower(), actual)
    if named != actual:
        remark = f"扩展名 {path.suffix} 是{NAMES[named]}，内容却是{NAMES[actual]}，已按内容读取"
    elif media_type != actual:
        remark = f"清单登记为{NAMES.get(media_type, media_type)}，内容却是{NAMES[actual]}，已按内容读取"
    else:
        return reading
    return replace(reading, notes=(("reader-remark", remark), *reading.notes))


def _zipped(path: Path) -> str:
    """Office files of today are archives; which, their members tell."""
    with guard.open_zip(path) as archive:
        names = set(archive.namelist())
        declared = (
            guard.read_member(archive, "mimetype").decode("ascii", "replace").strip() if "mimetype" in names else ""
        )
    if declared in (ODT, ODS):
        return declared
    if any(re.fullmatch(r"word/document\d*\.xml", name) for name in names):
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    if "OFD.xml" in names:
        raise DocumentFault("这是 OFD 版式文件，读不了。请用 OFD 阅读器（如数科、福昕、WPS）打开，转存为 PDF 再添加。")
    if "xl/workbook.bin" in names:
        raise DocumentFault("这是 Excel 二进制工作簿（XLSB），读不了。请用 Excel/WPS 打开，另存为 .xlsx 再添加。")
    if any(name.startswith("ppt/") for name in names):
        raise DocumentFault("这是 PowerPoint 演示文稿，读不了。请添加公布的文档本身（PDF、Word、Excel、网页或文本）。")
    raise DocumentFault("这是 ZIP 压缩包，不是文档。请先解压，把里面的文件逐个添加。")


def _compound(path: Path, extension: str) -> str:
    """Old office programs wrote one container; the names in its directory (UTF-16) tell whose it is."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise DocumentFault("文件有打开密码，读不了。请向公布单位索取不加密的版本。")
    found = [
        media_type
        for media_type, names in ((DOC, ("WordDocument",)), (XLS, ("Workbook", "Book\0")))
        if any(name.encode("utf-16-le") in content for name in names)
    ]
    if not found:
        raise DocumentFault("这是旧版 Office 格式的文件，但不是 Word 文档也不是 Excel 表格，读不了。请核对下载的文件。")
    # A document with the other kind embedded bears both names.
    return MEDIA_TYPES.get(extension, found[0]) if MEDIA_TYPES.get(extension) in found else found[0]


def _is_text(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DocumentFault("文件是 UTF-16 编码（Windows 记事本的“Unicode”）。请用文字编辑器另存为 UTF-8 再添加。")
    controls = sum(byte < 0x20 and byte not in b"\t\n\v\f\r\x1a\x1b" for byte in head)
    return controls == 0
