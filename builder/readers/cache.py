"""Readings of slow formats kept beside the project, so that adding one document reads only that one.

A kept reading is found by what it depends on: the file's hash, its ending and media type (a reader remarks on wrong
ones), the readers' own code and the libraries under it. The folder can be deleted at any time; nothing in it is published or committed.
"""

import hashlib
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from builder import atomic
from builder.model import Document, Reading
from builder.readers.room import Pages, asked, loaded, read

LIBRARIES = ("lxml", "pypdfium2")


def reading(folder: Path, document: Document, progress: Pages | None = None) -> Reading:
    """The kept reading of the document's file, or what ``read`` makes of it now, which is then kept unless it is of
    text, as quickly read as kept. A kept file begins with the hash of the rest: a damaged one is as good as none.
    """
    if document.media_type == "text/plain":
        return read(document.file, document.media_type, progress)
    ending = document.file.suffix.lower().removeprefix(".")
    named = hashlib.sha256(document.media_type.encode()).hexdigest()[:8]
    path = folder / f"{document.sha256[:32]}-{ending}-{named}-{_readers()}.json"
    with suppress(OSError):
        digest, _, content = path.read_bytes().partition(b"\n")
        if digest == hashlib.sha256(content).hexdigest().encode():
            return loaded(content)
    content = asked(document.file, document.media_type, progress)
    # Where nothing can be kept, the file is read again the next time.
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
    return loaded(content)


@cache
def _readers() -> str:
    """A short name for the readers as they are now."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update(" ".join(version(name) for name in LIBRARIES).encode())
    return digest.hexdigest()[:12]
