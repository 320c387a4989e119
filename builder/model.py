"""The nouns of the pipeline: every value that one stage hands to the next.

``Document`` → ``Reading`` (rows of cells) → ``Form`` and ``CatalogueRow`` as filed → typed tables → ``Finding``.
All are frozen; nothing here touches a disk or imports another module of the builder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple


class Cell(NamedTuple):
    """One cell as printed: ``line`` is the line of the reading (from 1), ``column`` its place in the row (from 0).

    A tuple: a long document has a million of them, and a frozen dataclass takes twice as long to make.
    """

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells, blanks kept: position is evidence.

    ``table`` numbers the ruled table, sheet or HTML table that the row lies in, from 1; ``None`` outside of tables.
    ``page`` is the printed page (PDF), from 1; ``None`` where the format has no pages.
    ``running`` is true for what is printed at the same place of several pages: running titles, page numbers.
    """

    cells: tuple[Cell, ...]
    table: int | None = None
    page: int | None = None
    running: bool = False
    filled: tuple[Cell, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "filled", tuple([cell for cell in self.cells if cell.text.strip()]))

    @property
    def line(self) -> int:
        return self.cells[0].line if self.cells else 0

    @property
    def text(self) -> str:
        """The row in one line, for messages."""
        return " | ".join(cell.text for cell in self.filled)


# Of a document's text on a page of the site.
LINES_A_PAGE = 1000


def line_address(document_id: str, line: int | None = None) -> str:
    """Where the site shows a document, or a line of it: ``sources/{document_id}/#L12``, ``…/page-2/#L1012``.

    The first page leads on from the later lines too, so that ``sources/{document_id}/#L{line}`` is good for every line.
    """
    if line is None:
        return f"sources/{document_id}/"
    page = (line - 1) // LINES_A_PAGE + 1
    return f"sources/{document_id}/{f'page-{page}/' if page > 1 else ''}#L{line}"


@dataclass(frozen=True, slots=True)
class Line:
    """What ``line_address`` leads to, and where a person finds it in the original.

    ``place`` is empty for a text file, whose lines are the reading's lines; else such as ``第 3 页 表 1 第 5 行``
    or ``Sheet1!A7``.
    """

    number: int
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as rows of cells, personal mobile numbers masked.

    ``flowing`` is true where the source shows no cell borders: cells are runs of text between blanks, and one cell
    may be broken over several lines.
    ``notes`` are remarks of the reader that become findings: pairs of finding code and the Chinese detail.
    """

    lines: tuple[Line, ...]
    rows: tuple[Row, ...]
    flowing: bool = False
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Holds:
    """What a document was found to hold. ``because`` is a person's reason for a figure that went down."""

    forms: int
    indicators: int
    amounts: int
    total_yuan: Decimal
    values: int
    because: str | None = None

    def counts(self) -> Mapping[str, str]:
        """The figures by name, as the manifest writes them."""
        plain = f"{self.total_yuan.normalize():f}"
        return {
            "forms": str(self.forms),
            "indicators": str(self.indicators),
            "amounts": str(self.amounts),
            "total_yuan": plain,
            "values": str(self.values),
        }


@dataclass(frozen=True, slots=True)
class Document:
    """A line of data/sources.yml: one immutable file as a government published it."""

    document_id: str
    region_id: str
    year: int
    title: str
    publisher: str
    file: Path
    media_type: str
    sha256: str
    bytes: int
    source_url: str | None = None
    retrieved_on: str | None = None
    replaces: str | None = None
    holds: Holds | None = None
    kind: str = "targets"
    scope: str | None = None
    obtained_as: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact about a document, what was expected instead, and where it stands. It never accuses.

    ``values`` are the expected and the actual number with their unit (``yuan``, ``points``, ``percent``, ``count``).
    """

    code: str
    document_id: str
    line: int | None = None
    project_id: str | None = None
    indicator_id: str | None = None
    expected: str | None = None
    actual: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    values: tuple[Decimal | None, Decimal | None, str] | None = None


UNREAD = frozenset({"row-ambiguous", "cell-unread", "label-unknown"})
"""The findings that say of a cell that it was not read."""


def finding(
    code: str,
    document_id: str,
    line: int | None = None,
    project_id: str | None = None,
    indicator_id: str | None = None,
    *,
    expected: str | None = None,
    actual: str | None = None,
    **details: str | None,
) -> Finding:
    """A finding whose message takes ``details``, of which those that are ``None`` are left out."""
    known = {key: value for key, value in details.items() if value is not None}
    return Finding(code, document_id, line, project_id, indicator_id, expected, actual, known)


class Filed(NamedTuple):
    """A value as filed: its text, its line, the heading it stood under, and the money unit that the heading gives."""

    text: str
    line: int
    label: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class FiledForm:
    """One form as filed. ``fields`` by vocabulary name; ``funding`` keeps the printed order of sources.

    ``indicators`` are rows by column name. ``others`` are printed fields that have no column of their own in the
    dataset: ``(indicator position or None, value)``.
    """

    number: int
    title: str
    form_type: str
    fields: Mapping[str, Filed]
    funding: tuple[tuple[str, Filed], ...]
    indicators: tuple[Mapping[str, Filed], ...]
    others: tuple[tuple[int | None, Filed], ...]
    line_start: int
    line_end: int
    title_line: int = 0
    places: frozenset[str] = frozenset()
    """The fields whose heading was found, filled in or not; columns of the indicator table as ``indicator.target``."""


@dataclass(frozen=True, slots=True)
class FiledEntry:
    """A catalogue row as filed; ``is_total`` marks the printed sum."""

    fields: Mapping[str, Filed]
    line: int
    is_total: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """A total that the document states of itself: ``figure`` is projects, total, own or to_lower."""

    figure: str
    value: Filed


@dataclass(frozen=True, slots=True)
class OtherForm:
    """A form that promises nothing, such as a self-evaluation: its kind by data/labels.yml, and what showed it."""

    kind: str
    name: str
    line: int
    evidence: str


@dataclass(frozen=True, slots=True)
class FiledResult:
    """One sheet of a results document as filed: what came of a project.

    ``funding`` are rows of money, each with its source (``whole`` for the sum of all) and its cells by column:
    ``label``, ``initial``, ``adjusted``, ``executed``, ``rate``, ``points``, ``score``. ``indicators`` are rows by column
    name, ``actual``, ``score`` and ``reason`` among them. ``places`` are the columns found, as ``indicator.reason``, and
    ``unread`` where a row could not be read.
    """

    number: int
    kind: str
    title: str
    fields: Mapping[str, Filed]
    funding: tuple[tuple[str, Mapping[str, Filed]], ...]
    indicators: tuple[Mapping[str, Filed], ...]
    line_start: int
    line_end: int
    title_line: int
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Extract:
    """All that a reading holds, as filed, and what became of each of its non-empty cells."""

    forms: tuple[FiledForm, ...]
    catalogue: tuple[FiledEntry, ...]
    catalogue_unit: str | None
    stated: tuple[Stated, ...]
    findings: tuple[Finding, ...]
    cells: int
    read: int
    furniture: int
    reported: int
    others: tuple[OtherForm, ...] = ()
    results: tuple[FiledResult, ...] = ()
