"""Documents as readers give them, written row by row."""

from collections.abc import Sequence

from builder.forms import extract as extracting
from builder.model import Cell, Extract, Line, Reading, Row
from builder.settings import Settings


def row(texts: Sequence[str], line: int, page: int | None = None, running: bool = False) -> Row:
    """A row of the reading; one of several cells lies in a table."""
    cells = tuple(Cell(text, line, column) for column, text in enumerate(texts))
    return Row(cells, (page or 1) if len(texts) > 1 else None, page, running)


def extracted(rows: Sequence[Row], settings: Settings) -> Extract:
    return extracting.extract(Reading(tuple(Line(one.line, one.text) for one in rows), tuple(rows)), "doc", settings)


def extract(texts: Sequence[Sequence[str]], settings: Settings) -> Extract:
    """The rows of a document without pages."""
    return extracted([row(cells, line) for line, cells in enumerate(texts, 1)], settings)
