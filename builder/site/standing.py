"""The site that stands: whether a build would make the same again, because nothing that it depends on has changed.

``.cache/site.json`` says what the site was built from, and what it looked like when it was done. It may be deleted at any
time, or come from another machine: where either differs from what is there now, the site is built.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from builder.atomic import write_bytes
from builder.model import Line

PROGRAM = Path(__file__).parents[1]
# The environment variables that data/package.yml and mkdocs.yml read.
_GIVEN = ("SITE_URL", "REPOSITORY_URL")


def inputs(root: Path, data: Path, lines: Mapping[str, Sequence[Line]]) -> str:
    """A hash of everything that decides the bytes of ``root/site``, earlier releases aside: the files that are maintained,
    in ``data`` too, the lines read from the documents, the program, its libraries, the addresses that it was given."""
    total = hashlib.sha256(f"{sys.version} {[os.environ.get(name) for name in _GIVEN]}".encode())
    ours = [root / name for name in ("docs", "templates", "mkdocs.yml")]
    for place in (data, *ours, PROGRAM, PROGRAM.parent / "templates"):
        for path in _files(place):
            if path.suffix != ".pyc":
                total.update(f"{path.relative_to(place)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    total.update(_libraries())
    for document_id in sorted(lines):
        total.update(repr([document_id, *((line.number, line.text) for line in lines[document_id])]).encode())
    return total.hexdigest()


@cache
def _libraries() -> bytes:
    return repr(sorted((one.name, one.version) for one in distributions())).encode()


def pages(root: Path, made_from: str) -> int | None:
    """How many generated pages ``root/site`` has, if it was made from these ``inputs`` and no file of it or of earlier releases was touched since."""
    try:
        said = json.loads((root / ".cache" / "site.json").read_text(encoding="utf-8"))
        same = (said["inputs"], said["site"]) == (made_from, _look(root))
        return int(said["pages"]) if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note(root: Path, made_from: str, count: int) -> None:
    """Keep of ``root/site``, which was just built with so many generated pages, what ``pages`` asks for."""
    (root / ".cache").mkdir(exist_ok=True)
    said = {"inputs": made_from, "site": _look(root), "pages": count}
    write_bytes(root / ".cache" / "site.json", json.dumps(said).encode())


def _look(root: Path) -> str:
    """A hash of the names, sizes and times of all files of the site and of earlier releases: whoever changes one changes it."""
    total = hashlib.sha256()
    for path in (*_files(root / "site"), *_files(root / ".cache" / "releases")):
        found = path.stat()
        total.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return total.hexdigest()


def _files(place: Path) -> Iterator[Path]:
    """The files of a folder, or the file itself; none where there is neither. A pipe among them would never end."""
    if place.is_file():
        yield place
    for here, below, names in os.walk(place):
        below.sort()
        yield from filter(Path.is_file, (Path(here, name) for name in sorted(names)))
