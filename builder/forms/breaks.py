"""Rows that a page break has cut in two → one row again."""

from collections.abc import Sequence
from dataclasses import replace

from builder.forms.headings import inline, is_furniture, is_header, is_heading, is_title
from builder.model import Cell, Row
from builder.settings import Settings
from builder.text import label_key


def mend(rows: Sequence[Row], settings: Settings) -> list[Row]:
    """Rows that a page break has cut in two, in one piece again.

    Two rows on either side of a break are one where a heading is whole only when both are read together, or where the
    lower has no heading at all and only goes on with cells of the upper. Halves of an indicator row are left to the
    reader of the indicator table, which knows the columns.
    """
    result: list[Row] = []
    for row in rows:
        upper = result[-1] if result else None
        broken = upper is not None and upper.table and row.table and upper.page != row.page
        if (
            upper is not None
            and broken
            and (_complete_a_heading(upper, row, settings) or _goes_on(upper, row, settings))
        ):
            result[-1] = join(upper, row)
        else:
            result.append(row)
    return result


def whole_titles(rows: Sequence[Row], settings: Settings) -> list[Row]:
    """Titles that a line's width has broken (重点专项资 / 金绩效目标表), in one piece.

    Two lines are one title where the words that make it a title stand on both sides of the break.
    """
    result: list[Row] = []
    for row in rows:
        if row.table is None and len(row.filled) == 2 and not is_title(row, settings):
            number, title = (replace(row, cells=(cell,)) for cell in row.filled)
            if is_title(title, settings) and is_furniture(number, settings):  # 表十一  项目绩效目标表
                result += [number, title]
                continue
        upper = result[-1] if result else None
        if upper is not None and _is_line(upper) and not is_title(upper, settings) and _is_line(row):
            first, second = upper.filled[0], row.filled[0]
            text = first.text.strip() + second.text.strip()
            if _title_length(text, settings) > len(label_key(second.text)):
                cell = Cell(text, first.line, first.column)
                result[-1] = Row((cell,), None, row.page, row.running)
                continue
        result.append(row)
    return result


def _is_line(row: Row) -> bool:
    return row.table is None and len(row.filled) == 1


def _title_length(text: str, settings: Settings) -> int:
    """How many characters at the end of a text are the words of a title; 0 if none are."""
    key = label_key(text)
    found = (hit for title in settings.titles for hit in title.pattern.finditer(key) if hit.end() == len(key))
    return max((hit.end() - hit.start() for hit in found), default=0)


def join(upper: Row, lower: Row) -> Row:
    """One row of two halves, column by column; cell by cell where the ruling has shifted between the pages."""
    columns = [cell.column for cell in upper.filled]
    shifted = len(columns) == len(lower.filled) and any(cell.column not in columns for cell in lower.filled)
    cells = {cell.column: cell for cell in upper.cells}
    for number, cell in enumerate(lower.filled):
        column = columns[number] if shifted else cell.column
        above = cells.get(column)
        text, line = (above.text, above.line) if above else ("", cell.line)
        cells[column] = Cell(text + cell.text, line, column)
    return Row(tuple(cells[column] for column in sorted(cells)), upper.table, upper.page)


def _complete_a_heading(upper: Row, lower: Row, settings: Settings) -> bool:
    above = {cell.column: cell.text for cell in upper.filled}
    whole = [
        cell for cell in lower.filled if cell.column in above and is_heading(above[cell.column] + cell.text, settings)
    ]
    # 预算 over 金额: each is a heading by itself, but a lower one without a value is the rest of the upper.
    return len(whole) == len(lower.filled) or any(
        not (is_heading(above[cell.column], settings) and is_heading(cell.text, settings)) for cell in whole
    )


def _goes_on(upper: Row, lower: Row, settings: Settings) -> bool:
    headed = any(settings.form.find(cell.text) for cell in upper.filled) and not is_header(upper, settings)
    columns = {cell.column for cell in upper.filled}
    return headed and all(
        cell.column in columns and not is_heading(cell.text, settings) and not inline(cell, settings)
        for cell in lower.filled
    )
