"""Whatever befalls a document, every non-empty cell is read, furniture or reported, and nothing breaks.

Excerpts of the real documents and the samples are damaged cell by cell: rows lost, doubled or moved, cells lost,
exchanged or cut short, page and table marks set wrong. The files themselves are damaged byte by byte, word by word,
part by part of an Office file, and by wrong encodings: each is read to checked tables, or refused in one sentence.
"""

import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from forms_rendered import render
from test_layouts import PAGES

from builder.dataset import checks, private, store, tabulate
from builder.dataset import compile as compiling
from builder.faults import DocumentFault
from builder.model import Cell, Document, Line, Reading, Row
from builder.readers import formats
from builder.settings import Settings
from builder.settings.manifest import sha256

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
    read = [private.publishable(formats.read(path, formats.detect(path))) for path in [*FILES, *layouts]]
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
    assert_accounted(1, 40, whole, settings)


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3])
def test_thousands_of_damaged_documents(seed: int, whole: list[Reading], settings: Settings) -> None:
    assert_accounted(seed, 1000, whole, settings)


# Damage to files


def flipped(chance: random.Random, content: bytes) -> bytes:
    """Bytes or bits changed, in the middle or where a file's directory or trailer lies."""
    found = bytearray(content)
    first, last = chance.choice(((0, len(found)), (0, min(64, len(found))), (max(0, len(found) - 1024), len(found))))
    for _ in range(chance.choice((1, 3, 30))):
        place = chance.randrange(first, last)
        found[place] = chance.choice((found[place] ^ 1 << chance.randrange(8), chance.randrange(256)))
    return bytes(found)


def shortened(chance: random.Random, content: bytes) -> bytes:
    """Cut off, or with a stretch of it gone, doubled or many times there."""
    a = chance.randrange(len(content))
    b = a + chance.choice((1, 50, 5_000))
    return content[:a] + content[a:b] * chance.choice((0, 2, 50)) + chance.choice((content[b:], b""))


WORDS = (
    "", "-1", "9" * 21, "1e308", "NaN", "&lt;b&gt;", "&amp;amp;", "<", '"', "\0", "\u202e", "《》", "合计", "序号", "绩效目标表",
    "项目名称", "\t", "\n\n", "1.2345678亿元", "1,2345万元", "=1+1", "{{x}}", "甲" * 5_000, "0" * 400, "预算执行率", "第 1 页", "①",
)  # fmt: skip


def reworded(chance: random.Random, content: bytes) -> bytes:
    """Words, marks and tags lost, doubled, exchanged, or others put in."""
    parts = re.split(r"(<[^<>]*>|[\t\n,，。：:；;]|\d+)", content.decode("utf-8", "replace"))
    for _ in range(chance.choice((1, 5, 20))):
        place, other = chance.randrange(len(parts)), chance.randrange(len(parts))
        parts[place] = chance.choice(("", parts[place] * 2, parts[other], chance.choice(WORDS), parts[place] + "甲"))
    return "".join(parts).encode()


def recoded(chance: random.Random, content: bytes) -> bytes:
    """Another encoding, half of another, or bytes that none has."""
    text = content.decode("utf-8", "replace")
    half = len(text) // 2
    place = chance.randrange(len(content))
    odd = chance.choice((b"\x80", b"\xff\xfe", b"\0", b"\x1b$B", b"\x0c", "\u202e\x85".encode()))
    return chance.choice(
        (
            text.encode("gb18030"), text.encode("utf-16"), text.encode("big5", "replace"), b"\xef\xbb\xbf" * 2 + content,
            text[:half].encode() + text[half:].encode("gb18030"), content[:place] + odd + content[place:],
        )
    )  # fmt: skip


def repacked(chance: random.Random, content: bytes) -> bytes:
    """Parts of an Office file damaged, exchanged, lost, misnamed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    telling = [name for name in parts if re.search(r"document.xml$|sheet\d|sharedStr|styles|numbering|workbook", name)]
    one, other = chance.choice(telling), chance.choice([*parts])
    how = chance.randrange(6)
    if how < 3:
        parts[one] = chance.choice((reworded, flipped, shortened))(chance, parts[one])
    elif how == 3:
        parts[one], parts[other] = parts[other], parts[one]
    else:
        parts[chance.choice((f"../{one}", other.upper(), "x.xml"))] = parts.pop(one)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


Damage = Callable[[random.Random, bytes], bytes]
OF_TEXTS: tuple[Damage, ...] = (reworded, reworded, reworded, recoded, flipped, shortened)
OF_PACKED: tuple[Damage, ...] = (repacked, repacked, repacked, flipped, shortened)


def assert_told(seed: int, count: int, folder: Path, settings: Settings) -> None:
    chance = random.Random(seed)
    read = 0
    for number in range(count):
        source = FILES[number % len(FILES)]
        content = source.read_bytes()
        if source.suffix == ".txt":
            lines = content.splitlines(keepends=True)
            start = chance.randrange(len(lines))
            content = b"".join(lines[start : start + chance.randint(20, 200)])
        content = chance.choice(OF_PACKED if content[:2] == b"PK" else OF_TEXTS)(chance, content)
        path = folder / f"{number}{source.suffix}"
        path.write_bytes(content)
        document = replace(DOCUMENT, file=path, sha256=sha256(path))
        alone = replace(settings, documents=(document,), corrections=(), series=(), data=folder / "data")
        try:
            formats.detect(path)
        except DocumentFault as fault:
            said = str(fault)
        else:
            made = compiling.compile_dataset(alone, lambda message: None)
            store.prove(made.tables.by_name(), alone.schemas)
            for row in made.tables.coverage:
                assert row.read + row.furniture + row.reported == row.cells, (seed, number)
            said = "".join(row.message for row in made.tables.findings if row.code == "document-unreadable")
            read += not said
        assert not said or ("请" in said and not re.search("没有料到|用了|崩溃|\n", said)), (seed, number, said)
    assert count / 4 < read < count


def test_damaged_files(settings: Settings, tmp_path: Path) -> None:
    assert_told(1, 12, tmp_path, settings)


@pytest.mark.long
def test_hundreds_of_damaged_files(settings: Settings, tmp_path: Path) -> None:
    assert_told(2, 120, tmp_path, settings)
