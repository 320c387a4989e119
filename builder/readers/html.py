"""HTML → rows of cells: the tables of a web page, and the text between them line by line.

What is filled into a page's fields is read. Its frame (navigation, buttons, what is not displayed) is no part of the
document, and remarked on where it has words; its scripts and comments where they may hold a table or much text. A row
that holds another table is layout: its text is read as text, and the inner table as a table. lxml builds the tree as a browser
roughly would; nothing in it is run or fetched. Pages saved as MHTML are read by their HTML parts.
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
from builder.readers.draft import Printed, Remarks, check_size, check_width, reading, split_at_gaps
from builder.readers.guard import MAX_TEXT, check_file, integer, texts_at

FRAME = frozenset({
    "script", "style", "noscript", "template", "nav", "head", "iframe", "frame", "object", "embed", "svg",
    "canvas", "audio", "video", "map", "button", "datalist", "option",
})  # fmt: skip
# What is shown of nothing but its code, if at all; Chinese characters of it that may be the page's content.
CODE = frozenset({"script", "style"})
MUCH_TEXT = 200
# Kinds of <input> that show no text that somebody filled in.
UNFILLED = frozenset({"hidden", "password", "checkbox", "radio", "image", "color", "range"})
BUTTONS = frozenset({"button", "submit", "reset"})
# Parts of an archive that are no text.
WORDLESS = (
    "image/",
    "font/",
    "audio/",
    "video/",
    "multipart/",
    "text/css",
    "text/javascript",
    "application/javascript",
)
INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr", "img", "ruby", "rb", "rp", "del", "nobr", "o:p",
    "input", "select", "textarea", "output",
})  # fmt: skip
ATTACHMENTS = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".ofd", ".zip", ".rar")
# As browsers do: a cell over more columns or rows spans so many.
MAX_SPANS = {"colspan": 1_000, "rowspan": 65_534}
SAVE_ANEW = "请用浏览器重新打开网页，另存为“仅 HTML”。"
DECLARED_WITHIN = 4_096
# libxml2 compares each attribute of an element with all before it.
MAX_ATTRIBUTES = 5_000
# Encodings of text that pages declare, as Python calls them. It knows others by name that are none: zlib, hex, undefined.
ENCODINGS = frozenset({
    "utf-8", "gb18030", "gb2312", "gbk", "hz", "big5", "big5hkscs", "cp950", "ascii", "iso8859-1", "cp1252",
    "shift_jis", "cp932", "euc_jp", "iso2022_jp", "euc_kr",
})  # fmt: skip
# What a browser shows of another page or file within this one.
EMBEDDED = {"iframe": "src", "frame": "src", "object": "data", "embed": "src"}

_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9_.-]+)""", re.IGNORECASE)
_COLLAPSED = re.compile("[ \t\n\r\f]+")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
# What follows these is shown all the same, and dropped by libxml2.
_PAGE_END = re.compile(r"</(?:html|body)\b[^>]*>", re.IGNORECASE)
_CHARACTER_DATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_HAN = re.compile("[\u4e00-\u9fff]")
_CELL = re.compile(r"<t[drh]\b", re.IGNORECASE)
_WORDS = etree.XPath(".//text()[not(ancestor::script or ancestor::style)]")
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


class _State(Remarks):
    def __init__(self) -> None:
        super().__init__()
        self.tables = self.lines = self.cells = 0
        self.attachments: list[str] = []
        self.layout: set[etree._Element] = set()


def read(path: Path) -> Reading:
    """The page as rows. Raises ``DocumentFault`` where it has no text or its encoding is none that is known."""
    check_file(path, MAX_TEXT)
    state = _State()
    return reading(_pages(path.read_bytes(), state), state)


def _pages(raw: bytes, state: _State) -> Iterator[Printed]:
    """The page, or the pages of an archive in their order."""
    pages = _html_parts(raw, state) if is_mhtml(raw) else [(raw, None)]
    if len(pages) > 1:
        state.remark(f"网页存档（MHTML）里有 {len(pages)} 个网页（框架），依次读入")
    for page, charset in pages:
        text, notes = decode(page, charset)
        state.notes |= dict.fromkeys(notes)
        _, tag, rest = text.rpartition("<")
        if tag and ">" not in rest:
            state.remark(f"网页在一个标签里断了，多半没有下载完，后面的没有读到。{SAVE_ANEW}")
        root = _tree(text)
        if root is not None:
            for table in root.iter("table"):
                for holder in table.iterancestors("td", "th"):
                    if holder in state.layout:
                        break
                    state.layout.add(holder)
            yield from _blocks(root, state)
    if not state.tables and state.attachments:
        names = "、".join(state.attachments[:5])
        state.remark(f"网页里没有表格，附有文件（{names}）：目标表多半在附件里，请下载附件再添加")


def _tree(text: str) -> etree._Element | None:
    """The tree of a page; None where there is nothing in it."""
    for piece in text.split("<"):
        tag = piece.partition(">")[0]
        if len(tag) > MAX_ATTRIBUTES and len(_QUOTED.sub("", tag).split()) > MAX_ATTRIBUTES:
            raise DocumentFault(f"网页里一个标签有 {MAX_ATTRIBUTES:,} 个以上的属性，不像正常的网页。{SAVE_ANEW}")
    # Deep trees and long texts, such as pictures within the page, are read: the room bounds what they may cost.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    text = _PAGE_END.sub("", text)
    # Behind the last end there is none to look for, from each beginning anew.
    end = text.rfind("]]>") + 3
    text = _CHARACTER_DATA.sub(r"\1", text[:end]) + text[end:]
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None
    except etree.XMLSyntaxError as error:
        # The parser recovers from everything but a want of memory.
        raise MemoryError from error
    if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
        # libxml2 hands on what it had until then.
        raise DocumentFault(f"网页的层次嵌套得过深或内容过长，后面的读不到，已停止读取。{SAVE_ANEW}")
    return root


def is_mhtml(raw: bytes) -> bool:
    """Whether these bytes begin as a web page saved with its pictures into one file."""
    head = raw[:DECLARED_WITHIN].lower()
    return b"mime-version:" in head and b"content-type:" in head


def _html_parts(raw: bytes, state: _State) -> list[tuple[bytes, str | None]]:
    """The pages of an archive with the encodings that their headers name."""
    pages: list[tuple[bytes, str | None]] = []
    for part in email.message_from_bytes(raw, policy=email.policy.compat32).walk():
        kind, payload = part.get_content_type(), part.get_payload(decode=True)
        if kind in ("text/html", "application/xhtml+xml") and isinstance(payload, bytes):
            declared = _DECLARED.search(str(part["Content-Type"]).encode("ascii", "replace"))
            pages.append((payload, declared[1].decode("ascii") if declared else None))
        elif isinstance(payload, bytes) and payload.strip() and not kind.startswith(WORDLESS):
            state.remark(f"网页存档（MHTML）里的 {kind} 部分没有读；目标表若在里面，请另存出来再添加")
        for beside in (part.preamble, part.epilogue):
            # As it came: what stands outside of the parts names no encoding.
            text = (beside or "").encode("ascii", "surrogateescape").decode("utf-8", "replace")
            if any(not character.isascii() for character in text):
                state.leave("网页存档（MHTML）各部分以外的文字", text)
    if not pages:
        raise DocumentFault(f"网页存档（MHTML）里没有网页内容。{SAVE_ANEW}")
    return pages


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
        if encoding not in ENCODINGS:
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
    if element.tag == "input" and element.get("type", "").lower() in UNFILLED | BUTTONS:
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
    if element.tag == "select":
        shown = {*_shown_options(element)}
        for option in element.iter("option"):
            if option in shown:
                _add(text, f" {''.join(map(str, option.itertext()))} ", element)
            else:
                _set_aside(option, state)
        return
    is_block = element.tag not in INLINE
    if element.tag == "br" or is_block:
        text.end_line()
    if element.tag == "a" and (element.get("href") or "").lower().partition("?")[0].endswith(ATTACHMENTS):
        state.attachments.append(
            _COLLAPSED.sub(" ", "".join(map(str, element.itertext()))).strip() or element.get("href", "")
        )
    _add(text, element.get("value") if element.tag == "input" else element.text, element)
    for item in element:
        if not _is_frame(item):
            yield from _walk(item, text, state)
        else:
            _set_aside(item, state)
        _add(text, item.tail, element)
    if is_block:
        text.end_line()


def _add(text: _Text, piece: str | None, parent: etree._Element) -> None:
    if not piece:
        return
    if parent.tag in ("pre", "textarea"):
        for number, line in enumerate(piece.split("\n")):
            if number:
                text.end_line()
            text.pieces.append(line)
        return
    piece = _COLLAPSED.sub(" ", piece)
    last = text.pieces[-1] if text.pieces else " "
    text.pieces.append(piece.lstrip(" ") if last.endswith(" ") else piece)


def _shown_options(select: etree._Element) -> list[etree._Element]:
    """The options of a list that are chosen; where none is, the first one is shown."""
    options = list(select.iter("option"))
    chosen = [option for option in options if "selected" in option.attrib]
    return chosen or (options[:1] if "multiple" not in select.attrib else [])


def _set_aside(item: etree._Element, state: _State) -> None:
    """Remark on what is left out: words that are no code, and other pages shown within this one."""
    if not isinstance(item.tag, str) or item.tag in CODE:
        words = item.text or ""
        if _CELL.search(words) or len(_HAN.findall(words)) > MUCH_TEXT:
            what = f"<{item.tag}>" if isinstance(item.tag, str) else "注释"
            state.leave(f"网页的{what}里像是内容的文字", "".join(_HAN.findall(words)))
        return
    source = item.get(EMBEDDED[item.tag], "") if item.tag in EMBEDDED else ""
    if item.get("srcdoc") or (source and not source.lower().startswith(("about:", "javascript:"))):
        state.remark(f"网页里嵌有别的网页或文件（{item.tag}），没有读；目标表若在里面，请另行下载")
    for held in item.iter(*CODE, etree.Comment):
        _set_aside(held, state)
    if item.tag == "head":
        return
    words = (
        item.get("value", "")
        if item.get("type", "").lower() in BUTTONS
        else "".join(text for _, text in texts_at(_WORDS, item))
    )
    state.leave(f"<{item.tag}> 里的文字" if item.tag in FRAME else "网页不显示的文字", words)


def _table(table: etree._Element, state: _State) -> Iterator[Printed]:
    """The rows of a table on their grid: a spanning cell's text stands once, at its top left. What stands in a table
    outside of its cells is shown above it, and read there."""
    for caption in table.iterchildren("caption"):
        if not _is_frame(caption):
            yield from _blocks(caption, state)
    state.tables += 1
    number = state.tables
    place = f"表 {number} 第 {{}} 行"
    text, strays = _Text(), list[Printed]()
    rows = _members(table, ("tr",), text, strays, state)
    spanning: dict[int, int] = {}
    grid: list[tuple[list[str], list[Printed]]] = []
    for count, row in enumerate(rows, 1):
        cells = _members(row, ("td", "th"), text, strays, state)
        is_layout = any(cell in state.layout for cell in cells)
        texts: list[str] = []
        for cell in cells:
            while spanning.get(len(texts), 0) > 0:
                texts.append("")
            across, down = _span(cell, "colspan", 1), _span(cell, "rowspan", len(rows))
            check_width(len(texts) + across, place.format(count))
            if down > 1:
                spanning.update((column, down) for column in range(len(texts), len(texts) + across))
            texts += ["" if is_layout else _cell_text(cell, state), *[""] * (across - 1)]
        spanning = {column: left - 1 for column, left in spanning.items() if left > 1}
        state.cells += max(len(texts), len(spanning))
        check_size(state.cells, what="网页的表格")
        grid.append((texts, [line for cell in cells for line in _blocks(cell, state)] if is_layout else []))
    yield from strays
    yield from _written(text, state)
    width = max((len(texts) for texts, _ in grid), default=0)
    for count, (texts, inner) in enumerate(grid, 1):
        yield Printed(texts + [""] * (width - len(texts)), place.format(count), number)
        yield from inner


def _members(
    parent: etree._Element, wanted: tuple[str, ...], text: _Text, strays: list[Printed], state: _State
) -> list[etree._Element]:
    """The rows of a table or the cells of a row, those within a form or the like too; what else there is goes to
    ``text`` and ``strays``."""
    found = []
    _add(text, parent.text, parent)
    for item in parent:
        if _is_frame(item):
            _set_aside(item, state)
        elif item.tag in wanted:
            found.append(item)
        elif item.tag != "caption":
            first = next(item.iterdescendants(*wanted, "table"), None)
            if first is not None and first.tag != "table" and item.tag != "table":
                found += _members(item, wanted, text, strays, state)
            else:
                strays += _walk(item, text, state)
        _add(text, item.tail, parent)
    return found


def _cell_text(cell: etree._Element, state: _State) -> str:
    """The lines of a cell that holds no table."""
    text = _Text()
    for _ in _walk(cell, text, state):
        pass
    return "\n".join(text.take())


def _span(cell: etree._Element, name: str, whole: int) -> int:
    """How many columns or rows a cell takes; 0 stands for all that are left."""
    return min(integer((cell.get(name) or "").strip(), 1) or whole, MAX_SPANS[name])
