"""data/sources → the dataset: read each document, tabulate all, check, and hand over the rows.

Every document stands alone until its forms are read: one that cannot be read is reported, and the others go on.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from builder import room
from builder.dataset import checks, private, store, tabulate
from builder.dataset.rows import Provenance, Tables
from builder.faults import DocumentFault, odd, trouble
from builder.forms import extract as extracting
from builder.model import Document, Extract, Line, Reading, finding
from builder.readers import cache
from builder.room import Room
from builder.settings import Settings
from builder.settings.manifest import sha256

Progress = Callable[[str], None]
Made = TypeVar("Made")

PAGES_A_MESSAGE = 50
# A document of 10,000 forms of a kind not yet known has as many; each is a row that is proved, published and shown.
MOST_FINDINGS = 200_000
# Whole texts would make the table of provenance half as large again, and the package more than twice as large.
LONGEST_PRINTED = 24
NOTHING = Extract((), (), None, (), (), 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The dataset with its findings, and the text of each document for the pages that show it.

    ``unreadable`` names the documents that could not be read; they have a row and a finding, and no forms.
    """

    tables: Tables
    lines: Mapping[str, Sequence[Line]]
    unreadable: tuple[str, ...]


@contextmanager
def seldom_collected() -> Iterator[None]:
    """While a command runs, look for garbage seldom, and never among what is loaded by now.

    A document becomes a million small objects without a cycle among them. To walk them, and all libraries, again and
    again took a third of the time of reading 2,000 forms. Afterwards all is as before: what stays frozen is never freed,
    of which libraries in C++ complain when the program ends.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def compile_dataset(settings: Settings, progress: Progress) -> Compiled:
    """Read, tabulate and check all documents of the manifest."""
    extracts: list[tuple[Document, Extract]] = []
    lines: dict[str, Sequence[Line]] = {}
    unreadable: list[str] = []
    documents = settings.current_documents
    vocabulary = (settings.form, settings.indicator, settings.catalogue, settings.task)

    def make(reading: Reading, extract: Extract) -> tuple[Extract, Sequence[Line], list[list[str]]]:
        return extract, private.shown(reading, extract, settings), [labels.met() for labels in vocabulary]

    def begun(place: int, document: Document) -> Room[tuple[Extract, Sequence[Line], list[list[str]]]]:
        progress(f"读取 {place}/{len(documents)} {document.document_id}")
        return begin(document, settings, progress, make)

    starts = [partial(begun, place, document) for place, document in enumerate(documents, 1)]
    with closing(room.abreast(starts)) as rooms:
        for document, made in zip(documents, rooms, strict=True):
            try:
                extract, shown, met = made()
                # Asked in the document's room, which is gone: which spellings no document has is asked of these settings.
                for labels, texts in zip(vocabulary, met, strict=True):
                    for text in texts:
                        labels.find(text)
            except DocumentFault as error:
                reason = finding("document-unreadable", document.document_id, reason=str(error))
                extract, shown = replace(NOTHING, findings=(reason,)), ()
                unreadable.append(document.document_id)
            extracts.append((document, extract))
            lines[document.document_id] = shown
    return tabulated(extracts, lines, settings, progress, tuple(unreadable))


def tabulated(
    extracts: Sequence[tuple[Document, Extract]],
    lines: Mapping[str, Sequence[Line]],
    settings: Settings,
    progress: Progress,
    unreadable: tuple[str, ...] = (),
) -> Compiled:
    """The dataset of documents that have been read: what was extracted from each, and the lines that may be shown."""
    progress("整理成表")
    made = tabulate.tabulate(extracts, settings)
    progress("核对")
    findings = checks.check(made, extracts, settings)
    provenance = tuple(_published(row, lines[row.document_id][row.line - 1]) for row in made.tables.provenance)
    tables = private.written(replace(made.tables, findings=findings, provenance=provenance))
    return Compiled(tables, lines, unreadable)


def _published(row: Provenance, line: Line) -> Provenance:
    """The row with its place in the original, and no more of a long text than its beginning: the value holds it all."""
    printed = row.printed
    shown = printed if len(printed) <= LONGEST_PRINTED else f"{printed[:LONGEST_PRINTED]}…"
    return replace(row, place=line.place or None, printed=shown) if line.place or shown != printed else row


def read_document(
    document: Document, settings: Settings, progress: Progress, make: Callable[[Reading, Extract], Made]
) -> Made:
    """What ``make`` makes of the rows and the forms of a document, what is private hidden in both; all of it is done in
    the document's own room. Raises ``DocumentFault``, also where the file has changed."""
    return room.alone(partial(begin, document, settings, progress, make))


def begin(
    document: Document, settings: Settings, progress: Progress, make: Callable[[Reading, Extract], Made]
) -> Room[Made]:
    """The room in which ``read_document`` has its work done. Raises ``DocumentFault`` for a file that is not as it was."""
    if not document.file.exists():
        raise DocumentFault(f"找不到文件 data/sources/{document.file.name}。请从版本库恢复它。")
    try:
        if (what := odd(document.file)) is not None:
            raise DocumentFault(
                f"data/sources/{document.file.name} 是{what}，不是文件。请移走它，再从版本库恢复原文件。"
            )
        if document.file.stat().st_size == 0:
            raise DocumentFault("文件是空的。请重新下载，确认不是 0 字节，再替换。")
        actual = sha256(document.file)
    except OSError as error:
        raise DocumentFault(
            f"打不开 data/sources/{document.file.name}（{trouble(error)}）。请检查权限，再运行一次。"
        ) from None
    if actual != document.sha256:
        raise DocumentFault(
            f"文件内容变了：清单里的 sha256 是 {document.sha256[:12]}…，现在是 {actual[:12]}…。已发布的文件不能改："
            "请从版本库恢复原文件；若是政府发布了修订版，用 python -m builder add 把它作为新文件加入。"
        )

    def pages(done: int, total: int) -> None:
        if done % PAGES_A_MESSAGE == 0 or done == total:
            progress(f"读取 {document.document_id} 第 {done}/{total} 页")

    def work(counted: room.Pages) -> Made:
        reading = private.publishable(cache.read(settings.kept_readings, document, counted))
        return make(reading, extract_document(document, reading, settings))

    return Room(work, document.file, pages)


def extract_document(document: Document, reading: Reading, settings: Settings) -> Extract:
    """The forms of a reading, fit to publish; a reading without a single form or result says so. Raises
    ``DocumentFault`` where hardly anything in it could be read."""
    extract = extracting.extract(reading, document.document_id, settings)
    if len(extract.findings) > MOST_FINDINGS:
        raise DocumentFault(
            f"有 {len(extract.findings):,} 处没有读出来，超过 {MOST_FINDINGS:,} 处的上限，不像一份绩效目标文件。"
            "请确认是这份文件；确实是的话，只留下有绩效目标表的部分，或拆成几个文件分别添加。"
        )
    extract = private.filed(extract, settings)
    if extract.forms or extract.results:
        return extract
    return replace(extract, findings=(*extract.findings, finding("no-forms", document.document_id)))


def with_file(compiled: Compiled, document: Document) -> Compiled:
    """The dataset with a document's row naming the file under which it is stored."""
    rows = tuple(
        replace(row, file=document.file.name) if row.document_id == document.document_id else row
        for row in compiled.tables.documents
    )
    return replace(compiled, tables=replace(compiled.tables, documents=rows))


def write_dataset(compiled: Compiled, settings: Settings, out: Path) -> None:
    """Replace the CSV files of the folder ``out`` at once, or raise and leave them."""
    store.write(compiled.tables.by_name(), settings.schemas, out)
