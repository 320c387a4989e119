"""Flowing text → rows of whole cells.

Text extracted from a page without cell borders breaks headings, names and prose over lines. This stage joins the
pieces again, so that one reader (``extract``) serves every document: a heading and its value become a row of two
cells, the indicator table a header row and rows under it. What cannot be put together in exactly one way stays as it
was printed, a line a row, for the reader to report.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from builder.forms.cut import Word, cut
from builder.forms.headings import index_begun, inline, is_furniture, is_section, is_set_wide, is_title
from builder.model import Cell, Row
from builder.settings import Settings
from builder.text import bracket_unit, is_number, label_key

LONGEST_HEADING_IN_WORDS = 6
# How manyeth a word is on its line says nothing of the column it stands in: words that could not be cut into rows stand
# in none.
LOOSE = 1000
_ITEM = re.compile(r"(\d{1,2}[.．、](?!\d)|[（(]?[一二三四五六七八九十]{1,3}[)）、])")


def join(rows: Sequence[Row], settings: Settings) -> tuple[Row, ...]:
    """The rows of a flowing reading with headings, values and indicator cells in one piece each."""
    starts = [number for number, row in enumerate(rows) if is_title(row, settings)]
    if not starts:
        return tuple(rows)
    joined = list(rows[: starts[0]])
    cover = {row.text for row in joined if len(row.filled) == 1 and not _has_value(row.filled[0], settings)}
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        joined.append(rows[start])
        joined.extend(_form(rows[start + 1 : end], cover, settings))
    return tuple(joined)


def _form(rows: Sequence[Row], cover: Set[str], settings: Settings) -> list[Row]:
    result: list[Row] = []
    words: list[Word] = []
    for row in rows:
        if row.text in cover:
            result.append(row)
        elif (line := _furniture(row, settings)) is not None:
            result.append(line)
        else:
            for number, cell in enumerate(row.filled):
                if number and is_set_wide(words[-1].cell.text, cell.text):
                    words[-1] = Word(_joined([words[-1], Word(cell, False)]), words[-1].starts_line)
                else:
                    words.append(Word(cell, number == 0))
    at = 0
    value: list[Word] = []
    heading: Cell | None = None
    beside: list[Cell] = []

    def flush() -> None:
        if heading is not None and beside:
            result.extend(_side_by_side([*beside, heading], value))
            beside.clear()
        elif heading is not None and not _is_broken_by_width(value, heading, settings):
            # Left of every column: which of the lines is the heading's value cannot be told.
            result.append(_row([heading._replace(column=-1)]))
            result.extend(_lines(value))
        elif heading is not None:
            result.append(_row([heading, *([_value(value)] if value else [])]))
        else:
            result.extend(_lines(value))

    while at < len(words):
        columns = _headings(words, at, settings)
        if columns:
            flush()
            heading, value = None, []
            at = _table(words, columns, settings, result)
            continue
        length = _heading_length(words, at, settings)
        if length:
            if heading is not None and not value and _stands_beside(words[at], heading, settings):
                beside.append(heading)
            else:
                flush()
            heading, value = _joined(words[at : at + length]), []
            at += length
            continue
        value.append(words[at])
        at += 1
    flush()
    return result


def _has_value(cell: Cell, settings: Settings) -> bool:
    """Whether a line over a title belongs to the form under it, as 编号：3 does, though another form has the same number."""
    return is_number(cell.text) or bool(inline(cell, settings))


def _furniture(row: Row, settings: Settings) -> Row | None:
    """A line of several words that is no content, such as the page's number between dashes, in one cell. A figure or a
    year by itself is the cell of some table, one at the end may be a value (预算 | 300, of 当年|预算), and 名称 in front
    begins no page's index: it may be the rest of 项|目|名称."""
    if len(row.filled) < 2 or index_begun(row, settings) is not None or is_number(row.filled[-1].text):
        return None
    line = replace(row, cells=(_joined([Word(cell, True) for cell in row.filled]),))
    return line if is_furniture(line, settings) and not line.filled[0].text[0].isdigit() else None


def _heading_length(words: Sequence[Word], at: int, settings: Settings) -> int:
    """How many words from ``at`` spell a heading of a form; 0 if none do. The longest spelling counts."""
    best = 0
    for length in range(1, LONGEST_HEADING_IN_WORDS + 1):
        piece = words[at : at + length]
        if len(piece) < length or (length > 1 and not piece[-1].starts_line):
            break
        text = _joined(piece).text
        holds_value = length == 1 and any(
            label_key(text[:colon]) in settings.form.exact for colon, mark in enumerate(text) if mark in "：:"
        )
        if holds_value or settings.form.find(text) or is_section(text, settings):
            best = length
    return best


def _headings(words: Sequence[Word], at: int, settings: Settings) -> list[tuple[Cell, str, int]]:
    """The column headings that begin at ``at``: cell, field, and where the next begins; empty if fewer than three."""
    columns: list[tuple[Cell, str, int]] = []
    while at < len(words):
        best: tuple[Cell, str, int] | None = None
        for length in range(1, LONGEST_HEADING_IN_WORDS + 1):
            piece = words[at : at + length]
            if len(piece) < length or (length > 1 and not piece[-1].starts_line):
                break
            cell = _joined(piece)
            label = settings.indicator.find(cell.text)
            if label is not None:
                best = (cell, label.field, at + length)
        if best is None:
            break
        columns.append(best)
        at = best[2]
    return columns if len(columns) >= 3 else []


def _table(words: Sequence[Word], columns: list[tuple[Cell, str, int]], settings: Settings, result: list[Row]) -> int:
    """Append header and indicator rows to ``result``; return where the table ends."""
    start = columns[-1][2]
    end = start
    while end < len(words) and not (
        words[end].starts_line and (_heading_length(words, end, settings) or _headings(words, end, settings))
    ):
        end += 1
    # Words before the headings on their line keep their places.
    first_place = columns[0][0].column
    header = [Cell(cell.text, cell.line, place) for place, (cell, _, _) in enumerate(columns, first_place)]
    result.append(Row(tuple(header), table=1))
    fields = [field for _, field, _ in columns]
    body = words[start:end]
    # Without a sign or a weight in each row, nothing shows where a name ends and a target in words begins.
    told_apart = {"name", "target"} <= set(fields) and {"comparison", "weight"} & set(fields)
    rows = cut(body, fields, settings.tokens) if told_apart else None
    if rows is None:
        result.extend(
            _row([Cell(cell.text, cell.line, LOOSE + cell.column) for cell in row.cells]) for row in _lines(body)
        )
    else:
        for row in rows:
            first = next(iter(row.values()))
            cells = (row.get(field) for field in fields)
            result.append(
                Row(
                    tuple(
                        Cell(cell.text, cell.line, place) if cell else Cell("", first.line, place)
                        for place, cell in enumerate(cells, first_place)
                    ),
                    table=1,
                )
            )
    return end


def _stands_beside(word: Word, heading: Cell, settings: Settings) -> bool:
    """Whether two headings of prose share a line: then the columns below them are printed line by line, mingled.

    The goals of a longer time and of the year do so even on lines of their own, as a viewer copies a row of a table.
    """
    found = (settings.form.find(heading.text), settings.form.find(word.cell.text))
    fields = {label.field for label in found if label is not None and label.kind == "text"}
    return len(fields) == 2 and (not word.starts_line or fields == {"goal", "goal_overall"})


def _is_broken_by_width(value: Sequence[Word], heading: Cell, settings: Settings) -> bool:
    """Whether the lines under a heading can be one cell: of a name that a column's width has broken, each line but the
    last is about as long as the first. 某局 | 项目期限 | 2024年 are three cells, the second a heading that nobody knows."""
    label = settings.form.find(heading.text)
    if label is None or label.kind == "text":
        return True
    if any(bracket_unit(word.cell.text) for word in value):
        return False  # 项目资金情况（万元） is a heading, whether we know it or not
    if label.kind == "money" and len(_lines(value)) > 1:
        return is_number("".join(word.cell.text for word in value).rstrip("元万亿"))
    widths = [sum(1 + (sign > "⺀") for cell in line.cells for sign in cell.text) for line in _lines(value)]
    return all(width > widths[0] - 3 for width in widths[1:-1])


def _side_by_side(headings: Sequence[Cell], words: Sequence[Word]) -> list[Row]:
    """Each heading with its column, where every line has a part for each; else headings without values, and the lines
    as printed: which part belongs to which column cannot be told."""
    lines = _lines(words)
    if lines and all(len(line.cells) == len(headings) for line in lines):
        columns = zip(*(line.cells for line in lines), strict=True)
        values = [_value([Word(cell, True) for cell in column]) for column in columns]
        return [_row([heading, value]) for heading, value in zip(headings, values, strict=True)]
    # Left of every column, so that nothing stands below them.
    return [*(_row([Cell(cell.text, cell.line, -1 - place)]) for place, cell in enumerate(headings)), *lines]


def _lines(words: Sequence[Word]) -> list[Row]:
    rows: list[list[Cell]] = []
    for word in words:
        if word.starts_line or not rows:
            rows.append([])
        rows[-1].append(word.cell)
    return [_row(cells) for cells in rows]


def _row(cells: Sequence[Cell]) -> Row:
    return Row(tuple(cells), table=1)


def _joined(words: Sequence[Word]) -> Cell:
    return Cell("".join(word.cell.text for word in words), words[0].cell.line, words[0].cell.column)


def _value(words: Sequence[Word]) -> Cell:
    text = words[0].cell.text + "".join(_gap(word) + word.cell.text for word in words[1:])
    return Cell(text, words[0].cell.line, words[0].cell.column)


def _gap(word: Word) -> str:
    """What stood before a word of prose: a blank, a broken line (nothing), or the beginning of a numbered item."""
    if not word.starts_line:
        return " "
    return "\n" if _ITEM.match(word.cell.text) else ""
