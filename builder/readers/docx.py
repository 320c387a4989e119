"""DOCX → rows of cells: paragraphs and tables of the body in the order printed.

The XML is walked directly (lxml), because what python-docx offers is not what is printed: it repeats the text of merged
cells, and leaves out text boxes, content controls, tracked insertions, formulas and the numbers of numbered paragraphs.
Headers, footers and comments are parts of their own and no body text; footnotes follow at the end. Each text is taken
out of the tree as it is read, so that what is left there in the end is what was not read.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from lxml import etree

from builder.faults import DocumentFault
from builder.model import Reading
from builder.readers import guard
from builder.readers.draft import SYMBOLS, Printed, Remarks, check_width, reading, split_at_gaps
from builder.readers.guard import Relation, attribute, child, local
from builder.readers.numbering import Numbering

# Properties, deleted text, field codes and marks: none of their text is printed in the line.
UNPRINTED = frozenset({
    "rPr", "pPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "del", "moveFrom",
    "delText", "instrText", "delInstrText", "rt", "footnoteReference", "endnoteReference", "footnoteRef",
    "endnoteRef",
})  # fmt: skip
BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
REVISED = "文件带有修订标记，按接受修订以后的文字读取"
# Word itself has at most 63 columns.
MAX_SPAN = 1_000
NOTE_PARTS = {"footnotes": "脚注", "endnotes": "尾注"}
# Text that is none: codes of fields, but for those that print themselves, and the measures of drawings.
CODES = frozenset({
    "instrText", "delInstrText", "posOffset", "align", "pctWidth", "pctHeight", "pctPosHOffset", "pctPosVOffset",
    "LinkType", "LockedField", "FieldCodes", "binData",
})  # fmt: skip
_PRINTED_CODE = re.compile(r"\s*(?:MACROBUTTON|GOTOBUTTON|EQ|QUOTE|SYMBOL|ADVANCE)\b", re.IGNORECASE)
_LEFT = etree.XPath("//text()[normalize-space()]")
_IN_ATTRIBUTES = etree.XPath("//*[local-name()='textpath']/@string | //*[local-name()='listEntry']/@*")


class _State(Remarks):
    """How far the walk is, and the remarks made on the way."""

    def __init__(self, numbering: Numbering) -> None:
        super().__init__()
        self.numbering = numbering
        self.tables = self.paragraphs = 0


def read(path: Path) -> Reading:
    """The document as rows. Raises ``DocumentFault`` for a damaged, locked or wordless file."""
    with guard.open_zip(path) as archive:
        name = _main_part(archive)
        relations = guard.relations(archive, name)
        document = guard.read_xml(archive, name)
        if child(document, "body") is None:
            raise DocumentFault("文件损坏：Word 文档里没有正文。请重新下载，或用 Word/WPS 打开后另存。")
        numbering = Numbering.of(_part(archive, relations, "numbering"), _part(archive, relations, "styles"))
        state = _State(numbering)
        if any(relation.kind == "vbaProject" for relation in relations):
            state.remark("文件里有宏，没有运行")
        guard.remark_beside(archive, name, "", state)
        parts = [
            (part, title) for kind, title in NOTE_PARTS.items() if (part := _part(archive, relations, kind)) is not None
        ]
        notes = [_page_notes(part, title, state) for part, title in parts]
        unread = _unread([document, *(part for part, _ in parts)], state)
        return reading(chain(_blocks(document, state), *notes, unread), state)


def _main_part(archive: guard.Archive) -> str:
    for relation in guard.relations(archive, ""):
        if relation.kind == "officeDocument":
            return relation.target
    raise DocumentFault("文件损坏：找不到 Word 文档的正文。请重新下载，或用 Word/WPS 打开后另存。")


def _part(archive: guard.Archive, relations: list[Relation], kind: str) -> etree._Element | None:
    for relation in relations:
        if relation.kind == kind and relation.target:
            return guard.read_xml(archive, relation.target)
    return None


def _blocks(parent: etree._Element, state: _State, place: str = "") -> Iterator[Printed]:
    """The paragraphs and tables that an element holds. ``place`` replaces the counted paragraph (text boxes, notes)."""
    for item in parent:
        match local(item.tag):
            case "p":
                yield from _paragraph(item, state, place)
            case "tbl":
                yield from _table(item, state)
            case "AlternateContent":
                yield from _blocks(_chosen(item), state, place)
            case "altChunk" | "subDoc" as name:
                state.remark(f"嵌有另一份文档（{name}），没有读；请用 Word/WPS 打开后另存再添加")
            case name if name not in UNPRINTED:
                yield from _blocks(item, state, place)


def _paragraph(paragraph: etree._Element, state: _State, place: str) -> Iterator[Printed]:
    text, boxes = _content(paragraph, state)
    if text.strip():
        if not place:
            state.paragraphs += 1
        for line in text.split("\n"):
            yield Printed(split_at_gaps(line), place or f"段落 {state.paragraphs}")
    for box in boxes:
        yield from _blocks(box, state, "文本框")


def _content(paragraph: etree._Element, state: _State) -> tuple[str, list[etree._Element]]:
    """The text of a paragraph with its number before it, and the text boxes that are anchored in it."""
    pieces: list[str] = []
    boxes: list[etree._Element] = []
    _gather(paragraph, pieces, boxes, state)
    return state.numbering.label(paragraph) + "".join(pieces), boxes


def _gather(parent: etree._Element, pieces: list[str], boxes: list[etree._Element], state: _State) -> None:
    for item in parent:
        name = local(item.tag)
        if name == "t":
            pieces.append(item.text or "")
            item.text = None
        elif name in BREAKS:
            pieces.append(BREAKS[name])
        elif name == "r":
            if not _is_hidden(item):
                _gather(item, pieces, boxes, state)
        elif name == "sym":
            pieces.append(_symbol(item, state))
        elif name in ("drawing", "pict", "object"):
            _gather_boxes(item, boxes, state)
        elif name == "AlternateContent":
            _gather(_chosen(item), pieces, boxes, state)
        elif name == "den":
            pieces.append("/")
            _gather(item, pieces, boxes, state)
        elif name not in UNPRINTED:
            _gather(item, pieces, boxes, state)


def _is_hidden(run: etree._Element) -> bool:
    properties = child(run, "rPr")
    return properties is not None and _is_on(child(properties, "vanish"))


def _unread(parts: Iterable[etree._Element], state: _State) -> Iterator[Printed]:
    """No rows; remarks on the text that is left in the parts when all rows are made."""
    for part in parts:
        for holder, text in guard.texts_at(_LEFT, part):
            _remark_left(text, holder, state)
        for _, words in guard.texts_at(_IN_ATTRIBUTES, part):
            state.leave("艺术字或下拉选项", words)
    yield from ()


def _remark_left(text: str, holder: etree._Element, state: _State) -> None:
    above = [holder, *holder.iterancestors()]
    names = {local(item.tag) for item in above}
    if names & {"del", "moveFrom"}:
        state.remark(REVISED)
    elif local(holder.tag) not in CODES or _PRINTED_CODE.match(text):
        is_hidden = any(local(item.tag) == "r" and _is_hidden(item) for item in above)
        is_drawn = names & {"drawing", "pict", "object"}
        state.leave("隐藏的文字" if is_hidden else "图形里的文字" if is_drawn else "段落和单元格以外的文字", text)


def _symbol(item: etree._Element, state: _State) -> str:
    code, font = attribute(item, "char") or "", attribute(item, "font") or ""
    try:
        number = int(code, 16)
    except ValueError:
        number = 0
    if font == "Symbol" and number | 0xF000 in SYMBOLS:
        return SYMBOLS[number | 0xF000]
    state.remark(f"字体 {font} 的符号 {code} 没有对应的文字，以 � 代替")
    return "\ufffd"


def _chosen(alternate: etree._Element) -> etree._Element:
    """Of alternate forms of one thing, the first; the others, for older programs, are taken away where they repeat it."""
    if not len(alternate):
        return alternate
    first, *others = alternate
    for other in others:
        if _words(other) in _words(first):
            alternate.remove(other)
    return first


def _words(parent: etree._Element) -> str:
    return "".join("".join(piece.text or "" for piece in parent.iter("{*}t")).split())


def _gather_boxes(parent: etree._Element, boxes: list[etree._Element], state: _State) -> None:
    for item in parent:
        name = local(item.tag)
        if name == "txbxContent":
            boxes.append(item)
            continue
        if name == "OLEObject":
            state.remark(f"嵌有 {item.get('ProgID', '另一种程序')} 的对象，里面的文字没有读")
        _gather_boxes(_chosen(item) if name == "AlternateContent" else item, boxes, state)


def _table(table: etree._Element, state: _State, within: str = "") -> Iterator[Printed]:
    """The rows of a table; the rows of a table inside a cell follow the row that holds it."""
    state.tables += 1
    number = state.tables
    grid = child(table, "tblGrid")
    columns = sum(local(item.tag) == "gridCol" for item in grid) if grid is not None else 0
    check_width(columns, f"{within}表 {number}")
    for count, row in enumerate(_members(table, "tr"), 1):
        place = f"{within}表 {number} 第 {count} 行"
        properties = child(row, "trPr")
        if properties is not None and child(properties, "del") is not None:
            state.remark(REVISED)
            row.clear()
            continue
        if properties is not None and _is_on(child(properties, "hidden")):
            state.remark(f"{place}是隐藏行，没有读入")
            row.clear()
            continue
        cells = [""] * _span(properties, "gridBefore", 0)
        inner: list[etree._Element] = []
        boxes: list[etree._Element] = []
        for cell in _members(row, "tc"):
            cell_properties = child(cell, "tcPr")
            text = _cell_text(cell, inner, boxes, state)
            covered = _continues(cell_properties)
            if covered and text.strip():
                state.remark(f"{place}有被合并单元格遮住的内容，没有读入")
            cells.append("" if covered else text)
            cells += [""] * (_span(cell_properties, "gridSpan", 1) - 1)
            check_width(len(cells), place)
        cells += [""] * (columns - len(cells))
        yield Printed(cells, place, number)
        for box in boxes:
            yield from _blocks(box, state, f"{place}的文本框")
        for nested in inner:
            yield from _table(nested, state, f"{place}内 ")


def _members(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, those inside content controls too."""
    for item in parent:
        found = local(item.tag)
        if found == name:
            yield item
        elif found not in UNPRINTED and found not in ("tr", "tc", "tbl", "p"):
            yield from _members(item, name)


def _cell_text(cell: etree._Element, tables: list[etree._Element], boxes: list[etree._Element], state: _State) -> str:
    """The paragraphs of a cell, a line each; tables and text boxes in it are handed back."""
    paragraphs: list[str] = []

    def walk(parent: etree._Element) -> None:
        for item in parent:
            match local(item.tag):
                case "p":
                    text, anchored = _content(item, state)
                    paragraphs.append(text)
                    boxes.extend(anchored)
                case "tbl":
                    tables.append(item)
                case "AlternateContent":
                    walk(_chosen(item))
                case name if name not in UNPRINTED:
                    walk(item)

    walk(cell)
    return "\n".join(paragraphs)


def _continues(properties: etree._Element | None) -> bool:
    """Whether a cell is the covered part of a merged one."""
    if properties is None:
        return False
    merges = (child(properties, "vMerge"), child(properties, "hMerge"))
    return any(merge is not None and attribute(merge, "val") != "restart" for merge in merges)


def _span(properties: etree._Element | None, name: str, default: int) -> int:
    """How many grid columns."""
    item = child(properties, name) if properties is not None else None
    return min(guard.integer(attribute(item, "val"), default), MAX_SPAN) if item is not None else default


def _is_on(item: etree._Element | None) -> bool:
    return item is not None and attribute(item, "val") not in ("0", "false", "off")


def _page_notes(part: etree._Element, title: str, state: _State) -> Iterator[Printed]:
    """Footnotes or endnotes in their order; the separators among them have a type and no text of the document."""
    for number, note in enumerate([note for note in part if attribute(note, "type") is None], 1):
        yield from _blocks(note, state, f"{title} {number}")
