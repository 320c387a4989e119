"""XLSX → rows of cells, sheet after sheet, as the sheets show them.

The XML is read directly (lxml): one pass gives a cell's formula, the value that was last calculated for it and its
number format, where openpyxl needs two and gives floats, and stops at style sheets that Excel and WPS open. Nothing is
calculated, run or fetched: formulas count by their stored value, macros and links to other files only by a remark.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path

from lxml import etree

from builder.faults import DocumentFault
from builder.model import Reading
from builder.readers import guard
from builder.readers.draft import MAX_COLUMNS, Printed, Remarks, check_size, reading
from builder.readers.excel_format import BUILTIN, counted, general, shown
from builder.readers.guard import attribute, child, integer, local

MAX_ROW = 1_048_576
NAMED_CELLS = 5
# Elements of a sheet whose text is none of it: formulas of rules, and the ranges that they are for.
FORMULAS = frozenset({"formula", "formula1", "formula2", "f", "sqref"})
_TEXTS = etree.XPath(
    "descendant-or-self::*/text()[normalize-space()] | following-sibling::text()[1][normalize-space()]"
)

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class _Book:
    """What all sheets share, and the remarks made on the way, in order."""

    strings: list[str]
    formats: list[str]
    from_1904: bool
    recalculates: bool
    uncalculated: list[str] = field(default_factory=list)
    remarks: Remarks = field(default_factory=Remarks)
    # Cells in the file, blank ones included, and cells of the grids that are read from it.
    elements: int = 0
    cells: int = 0


@dataclass(slots=True)
class _Sheet:
    """Texts by row and column (from 1), and the merged ranges (top, left, bottom, right)."""

    name: str
    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    shows_zeros: bool = True


def read(path: Path) -> Reading:
    """The visible sheets as rows, each sheet a table. A formula without a stored value is read as the formula, which no
    amount is: what it would come to is not for a reader to say. Raises ``DocumentFault`` for a damaged, locked or
    empty file."""
    with guard.open_zip(path) as archive:
        part = next((link.target for link in guard.relations(archive, "") if link.kind == "officeDocument"), "")
        if not part:
            raise DocumentFault("文件损坏：找不到工作簿。请重新下载，或用 Excel/WPS 打开后另存。")
        workbook = guard.read_xml(archive, part)
        relations = guard.relations(archive, part)
        book = _book(archive, workbook, relations)
        printed: list[Printed] = []
        targets = {relation.id: relation for relation in relations}
        listed = child(workbook, "sheets")
        parts: set[str] = set()
        for number, item in enumerate(listed if listed is not None else (), 1):
            name = item.get("name", f"第 {number} 张表")
            relation = targets.get(attribute(item, "id") or "")
            if relation is None or relation.kind != "worksheet":
                book.remarks.remark(
                    f"“{name}”{'在文件里找不到' if relation is None else '不是普通的工作表（如图表）'}，没有读入"
                )
                continue
            if relation.target in parts:
                raise DocumentFault(
                    f"文件损坏：工作表“{name}”的内容就是另一张的。请用 Excel/WPS 打开，核对后另存再添加。"
                )
            parts.add(relation.target)
            if item.get("state", "visible") != "visible":
                if _sheet(archive, relation.target, name, replace(book, uncalculated=[], remarks=Remarks())).texts:
                    book.remarks.remark(f"工作表“{name}”是隐藏的，没有读入")
                continue
            sheet = _sheet(archive, relation.target, name, book)
            guard.remark_beside(archive, relation.target, f"工作表“{name}”的", book.remarks)
            printed += _rows(sheet, number, book)
        _remark_links(relations, parts, book)
    if book.uncalculated:
        book.remarks.remark(
            f"{len(book.uncalculated)} 个公式单元格（{_named(book.uncalculated)}）没有保存计算结果，读到的是公式本身"
        )
    return reading(printed, book.remarks)


def _book(archive: guard.Archive, workbook: etree._Element, relations: list[guard.Relation]) -> _Book:
    parts = {relation.kind: relation.target for relation in relations}
    properties, calculation = child(workbook, "workbookPr"), child(workbook, "calcPr")
    return _Book(
        strings=_strings(archive, parts.get("sharedStrings")),
        formats=_formats(archive, parts.get("styles")),
        from_1904=properties is not None and properties.get("date1904") in ("1", "true"),
        recalculates=calculation is not None and calculation.get("fullCalcOnLoad") in ("1", "true"),
    )


def _elements(
    archive: guard.Archive, name: str, *wanted: str, leave: Callable[[etree._Element], None] = lambda _: None
) -> Iterator[etree._Element]:
    """The elements of these names in a part, each forgotten once it has been used; what else there is goes to
    ``leave``."""
    with guard.opened(archive, name) as stream:
        parser = etree.iterparse(
            stream,
            events=("end",),
            tag=[f"{{*}}{name}" for name in wanted],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        for _, element in parser:
            yield element
            element.clear(keep_tail=True)
            while (before := element.getprevious()) is not None:
                leave(before)
                del element.getparent()[0]
        if parser.root is not None:
            guard.refuse_doctype(parser.root, name)
            leave(parser.root)


def _strings(archive: guard.Archive, part: str | None) -> list[str]:
    return [_plain(item) for item in _elements(archive, part, "si")] if part else []


def _plain(item: etree._Element) -> str:
    """The text of a string without its phonetic guides. Excel writes control characters as ``_x000D_``."""
    text = "".join(
        piece.text or "" for piece in item.iter("{*}t") if local(getattr(piece.getparent(), "tag", None)) != "rPh"
    )
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _formats(archive: guard.Archive, part: str | None) -> list[str]:
    """The number format of each cell style."""
    if not part:
        return []
    styles = guard.read_xml(archive, part)
    own, cells = child(styles, "numFmts"), child(styles, "cellXfs")
    codes = BUILTIN | {
        integer(item.get("numFmtId"), 0): item.get("formatCode", "") for item in (own if own is not None else ())
    }
    return [codes.get(integer(item.get("numFmtId"), 0), "General") for item in (cells if cells is not None else ())]


def _sheet(archive: guard.Archive, part: str, name: str, book: _Book) -> _Sheet:
    sheet = _Sheet(name)
    row_number = 0
    hidden_rows: list[str] = []

    def leave(element: etree._Element) -> None:
        _leave(element, sheet, book)

    for element in _elements(archive, part, "row", "mergeCell", "col", "sheetView", leave=leave):
        match local(element.tag):
            case "row":
                row_number = min(integer(element.get("r"), row_number + 1), MAX_ROW)
                texts = _row_texts(element, row_number, sheet, book)
                book.elements += len(element)
                check_size(book.elements, what="工作簿")
                if texts and element.get("hidden") in ("1", "true"):
                    hidden_rows.append(str(row_number))
                elif texts:
                    before = sheet.texts.setdefault(row_number, {})
                    if twice := before.keys() & texts.keys():
                        raise _twice(f"{name}!{letters(min(twice))}{row_number}")
                    before |= texts
            case "mergeCell":
                corners = [_corner(corner) for corner in element.get("ref", "").split(":")]
                if len(corners) == 2 and None not in corners:
                    (top, left), (bottom, right) = corners  # type: ignore[misc]
                    sheet.merges.append((top, left, bottom, right))
            case "col" if element.get("hidden") in ("1", "true"):
                first = min(integer(element.get("min"), 1), MAX_COLUMNS)
                sheet.hidden_columns.append((first, min(integer(element.get("max"), first), MAX_COLUMNS)))
            case "sheetView":
                sheet.shows_zeros = element.get("showZeros") not in ("0", "false")
    if hidden_rows:
        book.remarks.remark(f"工作表“{name}”有 {len(hidden_rows)} 个隐藏行（第 {_named(hidden_rows)} 行），没有读入")
    return sheet


def _row_texts(row: etree._Element, number: int, sheet: _Sheet, book: _Book) -> dict[int, str]:
    texts: dict[int, str] = {}
    column = 0
    for cell in row:
        if local(cell.tag) != "c":
            _leave(cell, sheet, book)
            continue
        corner = _corner(cell.get("r", ""))
        column = corner[1] if corner else column + 1
        if column > MAX_COLUMNS:
            raise DocumentFault(
                f"文件损坏：工作表“{sheet.name}”第 {number} 行的列号超出范围。请用 Excel/WPS 打开后另存。"
            )
        place = f"{sheet.name}!{letters(column)}{number}"
        text = _cell_text(cell, place, sheet, book)
        if text.strip():
            if column in texts:
                raise _twice(place)
            texts[column] = text
    return texts


def _twice(place: str) -> DocumentFault:
    return DocumentFault(
        f"文件损坏：{place} 在文件里出现两次，内容不知以哪一个为准。请用 Excel/WPS 打开，核对这一格，另存后再添加。"
    )


def _leave(element: etree._Element, sheet: _Sheet, book: _Book) -> None:
    for holder, text in guard.texts_at(_TEXTS, element):
        name = local(holder.tag)
        what = "打印的页眉、页脚" if name.endswith(("Header", "Footer")) else "单元格以外的文字"
        if name not in FORMULAS:
            book.remarks.leave(f"工作表“{sheet.name}”{what}", text)


def _cell_text(cell: etree._Element, place: str, sheet: _Sheet, book: _Book) -> str:
    kind = cell.get("t", "n")
    values: list[str | None] = []
    inline: list[str] = []
    formula: str | None = None
    for item in cell:
        match local(item.tag):
            case "v":
                values.append(item.text)
            case "f":
                formula = item.text or "…"
            case "is":
                inline.append(_plain(item))
            case _:
                _leave(item, sheet, book)
    if len({*filter(None, values), *inline}) > 1:
        raise _twice(place)
    value = values[0] if values else None
    is_empty = value is None or (book.recalculates and value == "0")
    if formula is not None and ((kind == "n" and is_empty) or (kind == "str" and not values)):
        # Programs that write formulas without calculating leave the value out or put 0 and ask for recalculation.
        book.uncalculated.append(place)
        return f"={formula}"
    if inline:
        return inline[0]
    if value is None:
        return ""
    match kind:
        case "s":
            index = integer(value, -1)
            if not 0 <= index < len(book.strings):
                raise DocumentFault(f"文件损坏：{place} 引用的文字不存在。请用 Excel/WPS 打开后另存。")
            return book.strings[index]
        case "b":
            return "TRUE" if value == "1" else "FALSE"
        case "e":
            book.remarks.remark(f"{place} 是错误值 {value}")
            return value
        case "n":
            return _number_text(value, cell.get("s", "0"), sheet, book)
        case "d":
            return value.removesuffix("T00:00:00").replace("T", " ")
        case _:
            return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)


def _number_text(value: str, style: str, sheet: _Sheet, book: _Book) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    if not math.isfinite(number):
        return value
    if number == 0 and not sheet.shows_zeros:
        return ""
    index = integer(style, 0)
    code = book.formats[index] if index < len(book.formats) else "General"
    figure = counted(number)
    return general(figure) if code == "General" else shown(figure, code, from_1904=book.from_1904)


def _rows(sheet: _Sheet, table: int, book: _Book) -> Iterator[Printed]:
    """The rows of a sheet, as wide as its last filled column; hidden columns are left out."""
    _uncover(sheet, book)
    hidden = _covered(sheet.hidden_columns)
    unread = sorted({column for texts in sheet.texts.values() for column in texts if hidden[column]})
    if unread:
        book.remarks.remark(f"工作表“{sheet.name}”的 {'、'.join(map(letters, unread))} 列是隐藏的，没有读入")
    filled = {number: sorted(column for column in texts if not hidden[column]) for number, texts in sheet.texts.items()}
    width = max((columns[-1] for columns in filled.values() if columns), default=0)
    book.cells += width * len(filled)
    check_size(book.cells, what=f"工作表“{sheet.name}”有 {len(filled):,} 行、{width:,} 列，工作簿")
    shown_columns = [column for column in range(1, width + 1) if not hidden[column]]
    for number, columns in sorted(filled.items()):
        if columns:
            texts = sheet.texts[number]
            place = f"{sheet.name}!{letters(columns[0])}{number}"
            yield Printed([texts.get(column, "") for column in shown_columns], place, table)


def _covered(ranges: Sequence[tuple[int, int]]) -> list[bool]:
    """Whether each column, from 0, lies in one of the ranges: they may be many, and cover each other."""
    steps = [0] * (MAX_COLUMNS + 2)
    for first, last in ranges:
        steps[first] += 1
        steps[max(first, last) + 1] -= 1
    return [depth > 0 for depth in accumulate(steps)]


def _uncover(sheet: _Sheet, book: _Book) -> None:
    """Blank what lies under merged cells: only the top-left one is printed."""
    numbers = sorted(sheet.texts)
    columns = {number: sorted(texts) for number, texts in sheet.texts.items()}
    covered: dict[tuple[int, int], None] = {}
    spanned = 0
    for top, left, bottom, right in sheet.merges:
        rows = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
        # Merged cells never overlap; only where they do can they be in more rows than a book has cells.
        spanned += len(rows)
        check_size(spanned)
        for row in rows:
            under = columns[row][bisect_left(columns[row], left) : bisect_right(columns[row], right)]
            covered |= {(row, column): None for column in under if (row, column) != (top, left)}
    for row, column in covered:
        del sheet.texts[row][column]
    if covered:
        named = _named([f"{letters(column)}{row}" for row, column in covered])
        book.remarks.remark(f"工作表“{sheet.name}”有 {len(covered)} 个被合并单元格遮住的内容（{named}），没有读入")


def _named(places: list[str]) -> str:
    return "、".join(places[:NAMED_CELLS]) + ("等" if len(places) > NAMED_CELLS else "")


def _remark_links(relations: list[guard.Relation], listed: Collection[str], book: _Book) -> None:
    kinds = {relation.kind for relation in relations}
    if any(relation.kind == "worksheet" and relation.target not in listed for relation in relations):
        book.remarks.remark("有目录里没有列出的工作表，没有读入")
    if "externalLink" in kinds:
        book.remarks.remark("有公式链接到别的文件，没有跟随链接，按保存的结果读取")
    if "vbaProject" in kinds:
        book.remarks.remark("文件里有宏，没有运行")


def _corner(reference: str) -> tuple[int, int] | None:
    """``B7`` as row 7, column 2."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def letters(column: int) -> str:
    """Column 28 as ``AB``."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
