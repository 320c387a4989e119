"""Forms printed side by side on one sheet → one below the other, so that each is read by itself.

绩效目标表 |        | 绩效目标表 |                  项目名称 | 校舍维修
项目名称   | 校舍维修 | 项目名称 | 营养餐      →    三级指标 | 指标值  …
三级指标   | 指标值   | 三级指标 | 指标值           项目名称 | 营养餐  …
"""

from collections.abc import Sequence
from dataclasses import replace

from builder.forms.headings import is_header, is_title
from builder.model import Row
from builder.settings import Settings


def apart(rows: Sequence[Row], settings: Settings) -> list[Row]:
    """The rows, those of two forms side by side parted: the left form whole, then the right one.

    They are two forms where a row asks for a project's name twice and both halves of a row below are the header of
    indicators. All else stays as it is.
    """
    starts = {at: column for at, row in enumerate(rows) if (column := _second_name(row, settings)) is not None}
    result: list[Row] = []
    end = 0
    for at, row in enumerate(rows):
        if at in starts:
            above = len(result)
            while above and [cell.column < starts[at] for cell in result[above - 1].filled] == [True, False]:
                above -= 1
            block = result[above:]
            del result[above:]
            following = (n for n in range(at + 1, len(rows)) if n in starts or is_title(rows[n], settings))
            end = next(following, len(rows))
            block += rows[at:end]
            result += _parted(block, starts[at], settings) or block
        elif at >= end:
            result.append(row)
    return result


def _second_name(row: Row, settings: Settings) -> int | None:
    """The column of the second heading for a project's name, if both have a value beside them."""
    if row.table is None or len(row.filled) < 4:
        return None
    first = settings.form.find(row.filled[0].text)
    if first is None or first.field != "name":
        return None
    places = [
        place
        for place, cell in enumerate(row.filled)
        if (label := settings.form.find(cell.text)) is not None and label.field == "name"
    ]
    if len(places) != 2 or not 1 < places[1] < len(row.filled) - 1:
        return None
    return row.filled[places[1]].column


def _parted(block: Sequence[Row], column: int, settings: Settings) -> list[Row]:
    halves = [
        [replace(row, cells=cells) for row in block if (cells := tuple(c for c in row.cells if side(c.column)))]
        for side in (column.__gt__, column.__le__)
    ]
    lines = [{row.line for row in half if is_header(row, settings)} for half in halves]
    return [row for half in halves for row in half if row.filled] if lines[0] & lines[1] else []
