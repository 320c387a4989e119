"""Running titles and page numbers: what is printed at the same place of several pages, outside of tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, takewhile

from builder.readers.draft import Printed

# Lines between the edge of a page and the first or last table that may be running titles.
OUTERMOST = 3
# How far apart the same line may stand on two pages, in points: programs round.
DRIFT = 3.0

_PAGE_NUMBER = re.compile(r"(?:page|of|[第共页\d\s/|()（）,，.·—–-])+", re.IGNORECASE)


def marked(rows: Sequence[Printed]) -> list[Printed]:
    """The rows in the same order, with ``running`` set on each line at the edge of its page that another page has too,
    in the same words, at the same height. Page numbers may differ."""
    seen: dict[tuple[str, ...], list[Printed]] = {}
    for row in _outermost(rows):
        seen.setdefault(_words(row), []).append(row)
    running = {
        id(row)
        for like in seen.values()
        for row in like
        if any(row.page != other.page and abs((row.top or 0) - (other.top or 0)) <= DRIFT for other in like)
    }
    return [replace(row, running=True) if id(row) in running else row for row in rows]


def _outermost(rows: Sequence[Printed]) -> Iterator[Printed]:
    for _, group in groupby(rows, key=lambda row: row.page):
        page = list(group)
        head = list(takewhile(lambda row: row.top is not None, page[:OUTERMOST]))
        rest = page[len(head) :]
        yield from head
        yield from takewhile(lambda row: row.top is not None, reversed(rest[-OUTERMOST:]))


def _words(row: Printed) -> tuple[str, ...]:
    return tuple(cell for cell in row.cells if not _PAGE_NUMBER.fullmatch(cell))
