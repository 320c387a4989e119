"""Tables that go on over a page → one grid of columns for all their parts.

Each page draws only the lines that its own rows need: a part of merged cells has fewer columns than the part above, and
the same cell would be the third here and the fifth there. Parts under each other are counted on all their lines
together.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from builder.readers.draft import Printed
from builder.readers.ruling import SNAP

# Running titles and page numbers that may stand between two parts of a table.
LINES_BETWEEN = 4

Edges = tuple[float, ...]


def aligned(rows: Sequence[Printed], edges: Mapping[int, Edges]) -> list[Printed]:
    """The rows with their cells at the columns of the whole table. ``edges`` are the vertical lines of each table."""
    places: dict[int, list[int]] = {}
    widths: dict[int, int] = {}
    for parts in _wholes(rows, edges):
        grid = _union([x for part in parts for x in edges[part]])
        for part in parts:
            places[part] = [_nearest(grid, x) for x in edges[part][:-1]]
            widths[part] = len(grid) - 1
    return [_moved(row, places[row.table], widths[row.table]) if row.table in places else row for row in rows]


def _wholes(rows: Sequence[Printed], edges: Mapping[int, Edges]) -> Iterator[list[int]]:
    """Tables of several parts: each the last of its page and fitting the first of the next, with no text between."""
    parts: list[int] = []
    last: Printed | None = None
    between = 0
    for row in rows:
        if row.table is None or row.page is None:
            between += 1
            continue
        if last is None or row.table != last.table:
            goes_on = (
                last is not None
                and last.table is not None
                and last.page == row.page - 1
                and between <= LINES_BETWEEN
                and _fits(edges[last.table], edges[row.table])
            )
            if not goes_on:
                if len(parts) > 1:
                    yield parts
                parts = []
            parts.append(row.table)
        last, between = row, 0
    if len(parts) > 1:
        yield parts


def _fits(above: Edges, below: Edges) -> bool:
    """Whether two parts are as wide, or one has no line that the other lacks."""
    if abs(above[0] - below[0]) <= SNAP and abs(above[-1] - below[-1]) <= SNAP:
        return True
    few, many = sorted((above, below), key=len)
    return all(abs(many[_nearest(many, x)] - x) <= SNAP for x in few)


def _union(edges: Sequence[float]) -> Edges:
    kept: list[float] = []
    for x in sorted(edges):
        if not kept or x - kept[-1] > SNAP:
            kept.append(x)
    return tuple(kept)


def _nearest(grid: Edges, x: float) -> int:
    place = bisect_left(grid, x)
    return min((number for number in (place - 1, place) if 0 <= number < len(grid)), key=lambda n: abs(grid[n] - x))


def _moved(row: Printed, places: Sequence[int], width: int) -> Printed:
    cells = [""] * width
    for place, text in zip(places, row.cells, strict=True):
        cells[place] = text
    return replace(row, cells=cells)
