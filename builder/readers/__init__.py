"""Files in the formats that governments publish → ``builder.model.Reading``: rows of cells with lines.

    >>> read(Path("targets.docx"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")

Document text is data throughout: nothing is evaluated, followed or fetched. Each file is read in a process of its own
(``builder.room``), so that none can harm the program or the next one. A file that cannot be read raises
``DocumentFault`` with one message.
"""

from pathlib import Path

from builder import room
from builder.model import Reading
from builder.readers import formats


def detect(path: Path) -> str:
    """The media type of a file by its content. Raises ``DocumentFault`` naming what it is where no reader reads it."""
    return room.inside(lambda _: formats.detect(path), path)


def read(path: Path, media_type: str, progress: room.Pages | None = None) -> Reading:
    """The file as rows of cells. ``media_type`` is what the manifest calls it; where content or name say otherwise it
    is read by its content, with a note. ``progress(done, total)`` counts the pages of a PDF.

    Raises ``DocumentFault``, also where the file ends its process or needs more than the limits of the room.
    """
    return room.inside(lambda pages: formats.read(path, media_type, pages), path, progress)
