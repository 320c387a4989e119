"""Plain text → rows of cells.

Four ways of lying are told apart by the text itself: cells between tabs; cells between upright strokes, as a table is
drawn in text; one cell a line, each behind a tab, rows between blank lines (a word processor's table saved as text);
and text without any of these, where cells flow between blanks and may be broken over lines.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from builder.faults import DocumentFault
from builder.model import Cell, Line, Reading, Row
from builder.readers import guard
from builder.readers.draft import UNPRINTED, check_length, check_size

# How a stroke between two cells is drawn, and a line of the ruling: +----+----+, ├──┼──┤, |:---|---:|.
_STROKE = re.compile("[|｜│┃║]")
_RULING = re.compile(r"(?=.*[-─━═])[-─━═+|:\s┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬]+")
FEWEST_DRAWN = 3


def read(path: Path) -> Reading:
    """The text file as a ``Reading``; UTF-8, else GB18030 with a note. Raises ``DocumentFault``."""
    guard.check_file(path, guard.MAX_TEXT)
    text, notes = decode(path.read_bytes())
    text = UNPRINTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n"))
    check_size(text.count("\t") + text.count("\n"), len(text))
    printed = text.split("\n")
    if not any(line.strip() for line in printed):
        raise DocumentFault("文件里没有文字。请确认下载完整，再重新添加。")
    shown = tuple(Line(number, line) for number, line in enumerate(printed, 1))
    lines = _unstroked(printed)
    rows: Iterable[Row]
    is_flowing = not any("\t" in line for line in lines)
    if is_flowing:
        rows = (_words(line, number) for number, line in enumerate(lines, 1) if line.strip())
    elif _one_cell_a_line(lines):
        rows = _line_cells(lines)
    else:
        rows = (_tabbed(line, number) for number, line in enumerate(lines, 1) if line.strip())
    return Reading(shown, tuple(_bounded(rows)), flowing=is_flowing, notes=notes)


def _bounded(rows: Iterable[Row]) -> Iterator[Row]:
    cells = 0
    for row in rows:
        cells += len(row.cells)
        check_size(cells)
        check_length([cell.text for cell in row.cells], f"第 {row.line} 行")
        yield row


def decode(raw: bytes) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text of ``raw`` and a note where it is not UTF-8."""
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030"), (("encoding-gb18030", ""),)
    except UnicodeDecodeError as error:
        raise DocumentFault(
            f"既不是 UTF-8 也不是 GB18030 编码（第 {error.start + 1} 个字节起不成文字）。请用文字编辑器另存为 UTF-8。"
        ) from None


def _unstroked(lines: list[str]) -> list[str]:
    """The lines with tabs for the strokes between cells, if rows lie between strokes: ``| 甲 | 20 |`` → ``甲⇥20``.

    A line of nothing but strokes and dashes is the table's ruling, and holds nothing.
    """
    drawn = [_STROKE.sub("|", line).strip() for line in lines]
    if "\t" in "".join(lines) or sum(map(_is_drawn, drawn)) < FEWEST_DRAWN:
        return lines
    return [
        "\t".join(cell.strip() for cell in line[1:-1].split("|"))
        if _is_drawn(line)
        else ("" if _RULING.fullmatch(line) else printed)
        for line, printed in zip(drawn, lines, strict=True)
    ]


def _is_drawn(line: str) -> bool:
    return len(line) > 2 and line[0] == line[-1] == "|" and not _RULING.fullmatch(line)


def _tabbed(line: str, number: int) -> Row:
    cells = tuple([Cell(cell, number, column) for column, cell in enumerate(line.split("\t"))])
    return Row(cells, table=1 if "\t" in line else None)


def _one_cell_a_line(lines: list[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    return (
        all(line.count("\t") <= 1 for line in filled)
        and sum(line.startswith("\t") for line in filled) > len(filled) / 2
    )


def _line_cells(lines: list[str]) -> Iterator[Row]:
    cells: list[Cell] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip(" \u3000") == "":
            if any(cell.text.strip() for cell in cells):
                yield Row(tuple(cells), table=1)
            cells = []
        else:
            cells.append(Cell(line.removeprefix("\t"), number, len(cells)))


def _words(line: str, number: int) -> Row:
    return Row(tuple(Cell(word, number, column) for column, word in enumerate(line.split())))
