"""Readings of slow formats kept beside the project, so that adding one document reads only that one.

A kept reading is found by what it depends on: the file's hash, its ending and media type (a reader remarks on wrong
ones), the readers' own code and the libraries under it. The folder can be deleted at any time; nothing in it is published or committed.
"""

import hashlib
import json
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from builder import atomic
from builder.model import Cell, Document, Line, Reading, Row
from builder.readers import formats
from builder.room import Pages

LIBRARIES = ("lxml", "pypdfium2")


def read(folder: Path, document: Document, progress: Pages | None = None) -> Reading:
    """The kept reading of the document's file, or what ``formats.read`` makes of it now, which is then kept unless it is
    of text, as quickly read as kept. A kept file begins with the hash of the rest: a damaged one is as good as none.
    """
    if document.media_type == "text/plain":
        return formats.read(document.file, document.media_type, progress)
    ending = document.file.suffix.lower().removeprefix(".")
    named = hashlib.sha256(document.media_type.encode()).hexdigest()[:8]
    path = folder / f"{document.sha256[:32]}-{ending}-{named}-{_readers()}.json"
    with suppress(OSError):
        digest, _, content = path.read_bytes().partition(b"\n")
        if digest == hashlib.sha256(content).hexdigest().encode():
            return loaded(content)
    reading = formats.read(document.file, document.media_type, progress)
    content = dumped(reading)
    # Where nothing can be kept, the file is read again the next time.
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
    return reading


@cache
def _readers() -> str:
    """A short name for the readers as they are now."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update(" ".join(version(name) for name in LIBRARIES).encode())
    return digest.hexdigest()[:12]


def dumped(reading: Reading) -> bytes:
    """A reading as JSON. A cell's column is its place in its row; the cells of a row mostly share one line, whose text,
    between tabs, they mostly are: then no text is given again."""
    rows = []
    split = {line.number: line.text.split("\t") for line in reading.lines}
    for row in reading.rows:
        is_one = len({cell.line for cell in row.cells}) == 1
        where = row.line if is_one else [cell.line for cell in row.cells]
        texts = [cell.text for cell in row.cells]
        given = None if is_one and split.get(row.line) == texts else texts
        rows.append([given, where, row.table, row.page, row.running])
    shown = [[line.number, line.text, line.place] for line in reading.lines]
    return json.dumps([shown, rows, reading.flowing, reading.notes], ensure_ascii=False, separators=(",", ":")).encode()


def loaded(content: bytes) -> Reading:
    """The reading that was ``dumped``."""
    shown, rows, flowing, notes = json.loads(content)
    lines = tuple([Line(*line) for line in shown])
    split = {line.number: line.text.split("\t") for line in lines}
    return Reading(
        lines,
        tuple(
            [
                Row(tuple(_cells(split[where] if texts is None else texts, where)), *marks)
                for texts, where, *marks in rows
            ]
        ),
        flowing,
        tuple([(code, detail) for code, detail in notes]),
    )


def _cells(texts: list[str], where: int | list[int]) -> list[Cell]:
    if isinstance(where, int):
        return [Cell(text, where, column) for column, text in enumerate(texts)]
    return [Cell(text, line, column) for column, (text, line) in enumerate(zip(texts, where, strict=True))]
