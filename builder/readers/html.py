"""HTML → rows of cells: the tables of a web page, and the text between them line by line.

A page's own frame (scripts, navigation, forms, what is not displayed) is no part of the document. A row that holds
another table is layout: its text is read as text, and the inner table as a table. lxml builds the tree as a browser
roughly would; nothing in it is run or fetched. Pages saved as MHTML are read by their HTML part.
"""

import codecs
import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree, html

from builder.faults import DocumentFault
from builder.model import Reading
from builder.readers.draft import MAX_CELLS, Printed, reading, split_at_gaps
from builder.readers.guard import integer

FRAME = frozenset({
    "script", "style", "noscript", "template", "nav", "head", "iframe", "frame", "object", "embed", "svg",
    "canvas", "audio", "video", "map", "select", "button", "textarea", "datalist", "input",
})  # fmt: skip
INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr", "img", "ruby", "rb", "rp", "del", "nobr", "o:p",
})  # fmt: skip
ATTACHMENTS = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".ofd", ".zip", ".rar")
MAX_SPAN = 1_000
DECLARED_WITHIN = 4_096

_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9_.-]+)""", re.IGNORECASE)
_COLLAPSED = re.compile("[ \t\n\r\f]+")
_UNDISPLAYED = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(slots=True)
class _Text:
    """Text as it would be laid out: pieces of the line being written, and lines done."""

    lines: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def end_line(self) -> None:
        line = "".join(self.pieces)
        self.pieces.clear()
        if line.strip():
            self.lines.append(line.strip(" \t\n\r\f"))

    def take(self) -> list[str]:
        self.end_line()
        lines, self.lines = self.lines, []
        return lines


@dataclass(slots=True)
class _State:
    tables: int = 0
    lines: int = 0
    cells: int = 0
    attachments: list[str] = field(default_factory=list)


def read(path: Path) -> Reading:
    """The page as rows. Raises ``DocumentFault`` where it has no text or its encoding is none that is known."""
    raw = path.read_bytes()
    charset = None
    if is_mhtml(raw):
        raw, charset = _html_part(raw)
    text, notes = decode(raw, charset)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise DocumentFault("网页里没有内容，或已损坏。请用浏览器重新打开网页，另存为“仅 HTML”。") from error
    state = _State()
    try:
        printed = list(_blocks(root, state))
    except RecursionError as error:
        raise DocumentFault("网页的层次嵌套得过深，不像一份正常的网页，已停止读取。请用浏览器打开后另存。") from error
    if not state.tables and state.attachments:
        names = "、".join(state.attachments[:5])
        notes.append(("reader-remark", f"网页里没有表格，附有文件（{names}）：目标表多半在附件里，请下载附件再添加"))
    return reading(printed, notes)


def is_mhtml(raw: bytes) -> bool:
    """Whether these bytes begin as a web page saved with its pictures into one file."""
    head = raw[:DECLARED_WITHIN].lower()
    return b"mime-version:" in head and b"content-type:" in head


def _html_part(raw: bytes) -> tuple[bytes, str | None]:
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    for part in message.walk():
        payload = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(payload, bytes):
            return payload, part.get_content_charset()
    raise DocumentFault("网页存档（MHTML）里没有网页内容。请用浏览器打开原网页，另存为“仅 HTML”。")


def decode(raw: bytes, charset: str | None = None) -> tuple[str, list[tuple[str, str]]]:
    """The text of a page, and a note where it is GB18030. The declared encoding is tried first, but pages lie:
    whichever of it, UTF-8 and GB18030 decodes without a fault is taken."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace"), []
    head = raw[:DECLARED_WITHIN]
    declared = _DECLARED.search(head) or _XML_DECLARED.search(head)
    names = [charset or "", declared[1].decode("ascii") if declared else "", "utf-8", "gb18030"]
    for name in names:
        try:
            encoding = codecs.lookup(name).name
        except LookupError:
            continue
        if encoding in ("gb2312", "gbk", "hz"):
            # Browsers read all of these as GB18030, and pages rely on it for characters beyond GB2312.
            encoding = "gb18030"
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text, [("encoding-gb18030", "")] if encoding == "gb18030" else []
    faults = {name: raw.decode(name, "replace") for name in ("utf-8", "gb18030")}
    name, text = min(faults.items(), key=lambda item: item[1].count("\ufffd"))
    if text.count("\ufffd") * 100 > len(text):
        raise DocumentFault("网页的编码既不是 UTF-8 也不是 GB18030，读出来是乱码。请用浏览器打开，另存为 UTF-8 网页。")
    notes = [("encoding-gb18030", "")] if name == "gb18030" else []
    return text, [*notes, ("reader-remark", f"有 {text.count('�')} 处字节不成文字，以 � 代替")]


def _is_frame(element: etree._Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in FRAME:
        return True
    return "hidden" in element.attrib or bool(_UNDISPLAYED.search(element.get("style", "")))


def _blocks(root: etree._Element, state: _State) -> Iterator[Printed]:
    """The text and tables of an element, in the order of the page."""
    text = _Text()
    yield from _walk(root, text, state)
    yield from _written(text, state)


def _written(text: _Text, state: _State) -> Iterator[Printed]:
    for line in text.take():
        state.lines += 1
        yield Printed(split_at_gaps(line), f"段落 {state.lines}")


def _walk(element: etree._Element, text: _Text, state: _State) -> Iterator[Printed]:
    if element.tag == "table":
        yield from _written(text, state)
        yield from _table(element, state)
        return
    is_block = element.tag not in INLINE
    if element.tag == "br" or is_block:
        text.end_line()
    if element.tag == "a" and (element.get("href") or "").lower().partition("?")[0].endswith(ATTACHMENTS):
        state.attachments.append(
            _COLLAPSED.sub(" ", "".join(map(str, element.itertext()))).strip() or element.get("href", "")
        )
    _add(text, element.text, element)
    for item in element:
        if not _is_frame(item):
            yield from _walk(item, text, state)
        _add(text, item.tail, element)
    if is_block:
        text.end_line()


def _add(text: _Text, piece: str | None, parent: etree._Element) -> None:
    if not piece:
        return
    if parent.tag == "pre":
        for number, line in enumerate(piece.split("\n")):
            if number:
                text.end_line()
            text.pieces.append(line)
        return
    piece = _COLLAPSED.sub(" ", piece)
    last = text.pieces[-1] if text.pieces else " "
    text.pieces.append(piece.lstrip(" ") if last.endswith(" ") else piece)


def _table(table: etree._Element, state: _State) -> Iterator[Printed]:
    """The rows of a table on their grid: a spanning cell's text stands once, at its top left."""
    for caption in table.iterchildren("caption"):
        yield from _blocks(caption, state)
    state.tables += 1
    number = state.tables
    rows = [row for row in _table_rows(table) if not _is_frame(row)]
    spanning: dict[int, int] = {}
    grid: list[tuple[list[str], list[Printed]]] = []
    for row in rows:
        cells = [cell for cell in row.iterchildren("td", "th") if not _is_frame(cell)]
        is_layout = any(cell.find(".//table") is not None for cell in cells)
        texts: list[str] = []
        for cell in cells:
            while spanning.get(len(texts), 0) > 0:
                texts.append("")
            across, down = _span(cell, "colspan", 1), _span(cell, "rowspan", len(rows))
            if down > 1:
                spanning.update((column, down) for column in range(len(texts), len(texts) + across))
            texts += ["" if is_layout else _cell_text(cell, state), *[""] * (across - 1)]
            state.cells += across
            if state.cells > MAX_CELLS:
                raise DocumentFault(f"网页的表格超过 {MAX_CELLS:,} 个单元格，不像一份绩效目标文件，已停止读取。")
        spanning = {column: left - 1 for column, left in spanning.items() if left > 1}
        grid.append((texts, [line for cell in cells for line in _blocks(cell, state)] if is_layout else []))
    width = max((len(texts) for texts, _ in grid), default=0)
    for count, (texts, inner) in enumerate(grid, 1):
        yield Printed(texts + [""] * (width - len(texts)), f"表 {number} 第 {count} 行", number)
        yield from inner


def _table_rows(table: etree._Element) -> Iterator[etree._Element]:
    for item in table:
        if item.tag == "tr":
            yield item
        elif item.tag in ("thead", "tbody", "tfoot"):
            yield from item.iterchildren("tr")


def _cell_text(cell: etree._Element, state: _State) -> str:
    """The lines of a cell that holds no table."""
    text = _Text()
    for _ in _walk(cell, text, state):
        pass
    return "\n".join(text.take())


def _span(cell: etree._Element, name: str, whole: int) -> int:
    """How many columns or rows a cell takes; 0 stands for all that are left."""
    return min(integer((cell.get(name) or "").strip(), 1) or whole, MAX_SPAN)
