"""Whatever befalls a document, every non-empty cell is read, furniture or reported, and nothing breaks.

Excerpts of the real documents and the samples are damaged cell by cell: rows lost, doubled or moved, cells lost,
exchanged or cut short, page and table marks set wrong.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from forms_rendered import render
from test_layouts import PAGES

from builder import readers
from builder.dataset import checks, private, tabulate
from builder.dataset import compile as compiling
from builder.model import Cell, Document, Line, Reading, Row
from builder.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(
    path
    for folder in (ROOT / "data" / "sources", ROOT / "tests" / "samples")
    for path in folder.iterdir()
    if path.suffix != ".json"
)
DOCUMENT = Document("doc", "jiangjin", 2025, "绩效目标", "财政局", Path("doc.txt"), "text/plain", "0" * 64, 1)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Reading]:
    """The documents and samples, and the layouts of other provinces: long tables, two sides, headings that span."""
    folder = tmp_path_factory.mktemp("layouts")
    layouts = [folder / f"layouts.{fmt}" for fmt in ("csv", "html", "xlsx")]
    for path in layouts:
        render([page.grid() for page in PAGES.values()], path.suffix[1:], path)
    read = [private.publishable(readers.read(path, readers.detect(path))) for path in [*FILES, *layouts]]
    return [*read, *read[-len(layouts) :] * 2]


def damaged(chance: random.Random, readings: Sequence[Reading]) -> Reading:
    reading = chance.choice(readings)
    start = chance.randrange(len(reading.rows) - 20)
    rows = list(reading.rows[start : start + chance.randint(20, 150)])
    words = [cell.text for row in chance.choice(readings).rows for cell in row.filled]
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(rows))
        rows[place : place + 1] = damage(chance, rows[place], words)
    if chance.random() < 0.1:
        chance.shuffle(rows)
    numbered = [
        replace(row, cells=tuple(Cell(cell.text, line, column) for column, cell in enumerate(row.cells)))
        for line, row in enumerate(rows, 1)
    ]
    lines = tuple(Line(row.line, row.text) for row in numbered)
    return Reading(lines, tuple(numbered), flowing=reading.flowing and chance.random() < 0.8)


def damage(chance: random.Random, row: Row, words: Sequence[str]) -> list[Row]:
    cells = list(row.cells)
    place = chance.randrange(len(cells))
    match chance.randrange(6):
        case 0:
            return [row, row]
        case 1:
            cells[place] = cells[place]._replace(text=chance.choice(words))
        case 2:
            del cells[place]
        case 3:
            cells[place] = cells[place]._replace(text=cells[place].text[: chance.randint(0, 4)])
        case 4:
            row = replace(row, page=chance.choice([None, 1, 2, 3]))
        case _:
            row = replace(row, table=chance.choice([None, 1, 2]), running=chance.random() < 0.3)
    return [replace(row, cells=tuple(cells))] if cells else []


def assert_accounted(seed: int, count: int, readings: Sequence[Reading], settings: Settings) -> None:
    chance = random.Random(seed)
    for _ in range(count):
        reading = damaged(chance, readings)
        extract = compiling.extract_document(DOCUMENT, reading, settings)
        assert extract.read + extract.furniture + extract.reported == extract.cells, reading.rows
        tabulated = tabulate.tabulate([(DOCUMENT, extract)], settings)
        checks.check(tabulated, [(DOCUMENT, extract)], settings)


def test_damaged_documents(whole: list[Reading], settings: Settings) -> None:
    assert_accounted(1, 100, whole, settings)


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_thousands_of_damaged_documents(seed: int, whole: list[Reading], settings: Settings) -> None:
    assert_accounted(seed, 1000, whole, settings)
