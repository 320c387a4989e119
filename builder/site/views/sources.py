"""/sources/ and /sources/{document_id}/: the archived documents, and the text of each, line by line, as it was read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import DocumentRow, Result
from builder.model import LINES_A_PAGE, Line, line_address
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.paging import Pager, address, cut, leaves, pager, titled
from builder.site.views.parts import Link, Page, PrintedLine, document_link, place_link, printed_lines, project_link

MOST_DOCUMENTS = 60


@dataclass(frozen=True, slots=True)
class DocumentItem:
    title: Link
    place: Link
    publisher: str
    detail: str


@dataclass(frozen=True, slots=True)
class SourcesView:
    template: ClassVar[str] = "sources.html.jinja"

    documents: tuple[DocumentItem, ...]
    pager: Pager | None


@dataclass(frozen=True, slots=True)
class SourceFact:
    label: str
    text: str
    href: str = ""
    state: str = "known"


@dataclass(frozen=True, slots=True)
class SourceView:
    template: ClassVar[str] = "source.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    facts: tuple[SourceFact, ...]
    forms: tuple[Link, ...]
    lines: tuple[tuple[PrintedLine, Link | None], ...]
    later: tuple[PrintedLine, ...]
    pager: Pager | None


def index(facts: Facts) -> Iterator[Page]:
    every = list(facts.documents.values())
    for number, here, part, through in leaves("sources/", every, MOST_DOCUMENTS):
        items = tuple(
            DocumentItem(
                document_link(here, row),
                place_link(facts, here, row.region_id, row.year),
                row.publisher,
                f"{len(facts.sheets(row.document_id))} 张{_kind(facts, row)}，{words.file_size(row.bytes)}",
            )
            for row in part
        )
        view = SourcesView(items, through)
        yield Page(here.path, titled("原文件", number), f"本站的 {words.number(len(every))} 份原文件，逐行可查。", view)


def pages(facts: Facts, document_id: str) -> Iterator[Page]:
    """The text of a document, so many lines a page; the first leads to every later line."""
    parts = cut(facts.lines[document_id], LINES_A_PAGE)
    for number in range(1, len(parts) + 1):
        yield _page(facts, document_id, parts, number)


def _page(facts: Facts, document_id: str, parts: Sequence[Sequence[Line]], number: int) -> Page:
    base = line_address(document_id)
    here = Here(address(base, number))
    row = facts.documents[document_id]
    forms = {
        sheet.line_start: Link(sheet.name, here.result(sheet.result_id))
        if isinstance(sheet, Result)
        else project_link(here, sheet)
        for sheet in facts.sheets(document_id)
    }
    first = number == 1
    view = SourceView(
        crumbs=(
            Link("原文件", here.sources()),
            place_link(facts, here, row.region_id, row.year),
        ),
        name=row.title,
        facts=_facts(facts, row) if first else (),
        forms=tuple(forms.values()) if first else (),
        lines=tuple(
            (line, forms.get(int(line.number))) for line in printed_lines(here, document_id, parts[number - 1])
        ),
        later=tuple(line for part in parts[1:] for line in printed_lines(here, document_id, part)) if first else (),
        pager=pager(here, base, number, len(parts)),
    )
    said = f"{row.publisher}公开的文件，{len(forms)} 张{_kind(facts, row)}，逐行文字。"
    return Page(here.path, titled(row.title, number), said, view)


def _kind(facts: Facts, row: DocumentRow) -> str:
    """What the sheets of a document are called: 绩效目标表, 绩效自评表."""
    return f"{facts.word('documents.kind', row.kind)}表"


def _facts(facts: Facts, row: DocumentRow) -> tuple[SourceFact, ...]:
    return (
        SourceFact("公开单位", row.publisher),
        SourceFact("公开网址", row.source_url, row.source_url)
        if row.source_url
        else SourceFact("公开网址", "没有登记", state="absent"),
        *([SourceFact("取得日期", words.day(row.retrieved_on))] if row.retrieved_on else []),
        SourceFact("收了哪些项目", facts.word("documents.scope", row.scope)),
        SourceFact("存的是", facts.word("documents.obtained_as", row.obtained_as)),
        SourceFact("文件", f"{row.file}，{words.file_size(row.bytes)}"),
        SourceFact("校验（SHA-256）", row.sha256),
    )
