"""Documents as readers give them, written row by row, and datasets made in this process."""

from collections.abc import Sequence

from builder.dataset import compile as compiling
from builder.dataset import private
from builder.dataset.compile import Compiled
from builder.forms import extract as extracting
from builder.model import Cell, Extract, Line, Reading, Row
from builder.readers import formats
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


def compiled(settings: Settings) -> Compiled:
    """The dataset of the documents of ``settings``, each read in this process.

    A room of its own for each costs a test ten times what reading a page does; ``compile_dataset`` has its own tests, and
    those whose documents cannot be read need it.
    """
    extracts, lines = [], {}
    for document in settings.current_documents:
        reading = private.publishable(formats.read(document.file, document.media_type))
        extract = compiling.extract_document(document, reading, settings)
        extracts.append((document, extract))
        lines[document.document_id] = private.shown(reading, extract, settings)
    return compiling.tabulated(extracts, lines, settings, lambda message: None)
