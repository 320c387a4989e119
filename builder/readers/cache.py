"""Readings of slow formats kept beside the project, so that adding one document reads only that one.

A kept reading is found by what it depends on: the file's hash and ending (a reader remarks on a wrong one), the readers'
own code and the libraries under it. The folder can be deleted at any time; nothing in it is published or committed.
"""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from builder import atomic, readers
from builder.model import Cell, Line, Reading, Row

LIBRARIES = ("lxml", "pypdfium2")


def reading(folder: Path, sha256: str, ending: str, read: Callable[[], Reading]) -> Reading:
    """The kept reading of the file with this hash and ending, or ``read()``, which is then kept."""
    path = folder / f"{sha256[:32]}-{ending.lower().removeprefix('.')}-{_readers()}.json"
    if path.exists():
        return _load(json.loads(path.read_text(encoding="utf-8")))
    made = read()
    folder.mkdir(parents=True, exist_ok=True)
    atomic.write_bytes(path, json.dumps(_dump(made), ensure_ascii=False, separators=(",", ":")).encode())
    return made


@cache
def _readers() -> str:
    """A short name for the readers as they are now."""
    digest = hashlib.sha256()
    for path in sorted(Path(readers.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update(" ".join(version(name) for name in LIBRARIES).encode())
    return digest.hexdigest()[:12]


def _dump(made: Reading) -> dict[str, object]:
    return {
        "lines": [[line.number, line.text, line.place] for line in made.lines],
        "rows": [
            [[[cell.text, cell.line, cell.column] for cell in row.cells], row.table, row.page, row.running]
            for row in made.rows
        ],
        "flowing": made.flowing,
        "notes": [list(note) for note in made.notes],
    }


def _load(kept: dict[str, list[list[object]]]) -> Reading:
    return Reading(
        tuple(Line(*line) for line in kept["lines"]),  # type: ignore[arg-type]
        tuple(Row(tuple(Cell(*cell) for cell in cells), *where) for cells, *where in kept["rows"]),  # type: ignore[arg-type, attr-defined]
        bool(kept["flowing"]),
        tuple((str(code), str(detail)) for code, detail in kept["notes"]),
    )
