"""From what a format yields, rows of texts in the order printed, to a ``Reading``.

Every reader describes its document as a run of ``Printed`` rows; here they are cleaned, numbered and bounded, so that
all formats agree on what a line is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from builder.faults import DocumentFault
from builder.model import Cell, Line, Reading, Row

# Ten thousand forms of the usual length are 1.3 million cells, blanks included, and 8 million characters.
MAX_CELLS = 3_000_000
MAX_CHARACTERS = 30_000_000
# Excel's own limits: columns of a sheet, characters of a cell. Word's and the web's tables come nowhere near.
MAX_COLUMNS = 16_384
MAX_CELL = 32_767
# A remark is a sentence; what it quotes of a document may be of any length.
MAX_REMARK = 400
# Characters of what was not read, enough to find it by.
QUOTED = 60

# Line ends of every kind: Word's manual break is U+000B in old exports, web pages carry U+2028.
_NEWLINE = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Characters that print nothing: controls, zero-width marks, soft hyphens, direction overrides, non-characters.
UNPRINTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# Adobe's Symbol font as Windows maps it into the private area; what is not here has no certain meaning.
SYMBOLS = {
    0xF0A3: "≤", 0xF0B0: "°", 0xF0B1: "±", 0xF0B3: "≥", 0xF0B4: "×", 0xF0B9: "≠", 0xF0BB: "≈",
    0xF02B: "+", 0xF02D: "−", 0xF03C: "<", 0xF03D: "=", 0xF03E: ">", 0xF025: "%",
}  # fmt: skip

_GAP = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]{2,}")


@dataclass(frozen=True, slots=True)
class Printed:
    """One row as a reader found it: ``cells`` from the left with blanks kept, ``place`` as ``model.Line`` has it.

    ``top`` is how far below the top of its page a line outside of tables stands, in points; None where unknown.
    """

    cells: Sequence[str]
    place: str
    table: int | None = None
    page: int | None = None
    top: float | None = None
    running: bool = False


class Remarks:
    """What a reader says of a document besides its rows: pairs of finding code and detail, in order, each once."""

    def __init__(self) -> None:
        self.notes: dict[tuple[str, str], None] = {}
        self._left: dict[str, dict[str, None]] = {}

    def remark(self, text: str) -> None:
        self.notes["reader-remark", text] = None

    def leave(self, what: str, text: str) -> None:
        """Say that words were not read. Those of one kind become one remark: a number may be parted over them."""
        if words := " ".join(text.split()):
            self._left.setdefault(what, {})[words] = None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        yield from self.notes
        for what, texts in self._left.items():
            places = f"（{len(texts)} 处）" if len(texts) > 1 else ""
            yield "reader-remark", f"{what}没有读入{places}：“{shortened(' '.join(texts), QUOTED)}”"


def shortened(text: str, most: int) -> str:
    """The text, or its beginning; never the beginning of a number, which could no longer be told for a private one."""
    if len(text) <= most:
        return text
    text = text[:most]
    while text and (text[-1].isdigit() or not text[-1].isalpha()):
        text = text[:-1]
    return f"{text}…"


def clean(text: str) -> str:
    """The text of a cell without what does not print; line ends are ``\\n``, tabs and no-break spaces are spaces."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _NEWLINE.sub("\n", text).replace("\t", " ").replace("\u00a0", " ")
    return _SURROGATE.sub("\ufffd", UNPRINTED.sub("", text)).strip()


def split_at_gaps(text: str) -> list[str]:
    """The cells of a line outside of tables: parted at tabs and at two or more blanks.

    A heading set with wide spacing (``目    录``) is one cell: where every piece is a single character, nothing parts.
    """
    cells: list[str] = []
    for part in text.split("\t"):
        pieces = [piece.strip() for piece in _GAP.split(part.strip()) if piece.strip()]
        cells += [" ".join(pieces)] if all(len(piece) == 1 for piece in pieces) else pieces
    return [cell for cell in cells if cell]


def reading(printed: Iterable[Printed], notes: Iterable[tuple[str, str]] = (), *, flowing: bool = False) -> Reading:
    """Number the rows from 1, one ``Line`` and one ``Row`` each; rows without any text are left out. ``notes`` are
    looked at when the last row is made: readers gather them on the way.

    Raises ``DocumentFault`` when nothing is left, or more than any disclosure document can hold.
    """
    lines: list[Line] = []
    rows: list[Row] = []
    for row in _bounded(printed):
        number = len(lines) + 1
        lines.append(Line(number, "\t".join(row.cells), row.place))
        cells = tuple(Cell(text, number, column) for column, text in enumerate(row.cells))
        rows.append(Row(cells, row.table, row.page, row.running))
    if not lines:
        raise DocumentFault("文件里没有文字（只有空白或图片），没有可以读的内容。请核对是否下载了正确的文件。")
    remarks = [(code, clean(text)) for code, text in notes]
    cut = [(code, shortened(text, MAX_REMARK)) for code, text in remarks]
    return Reading(tuple(lines), tuple(rows), flowing=flowing, notes=tuple(cut))


def _bounded(printed: Iterable[Printed]) -> Iterator[Printed]:
    cells = characters = 0
    for row in printed:
        check_width(len(row.cells), row.place)
        texts = [clean(text) for text in row.cells]
        cells += len(texts)
        characters += sum(map(len, texts))
        check_size(cells, characters)
        if any(texts):
            check_length(texts, row.place)
            yield replace(row, cells=texts)


def check_width(columns: int, place: str) -> None:
    if columns > MAX_COLUMNS:
        raise DocumentFault(
            f"{place}：超过 {MAX_COLUMNS:,} 列，没有程序做得出这样的表格，文件多半已损坏，已停止读取。"
            "请用 Office/WPS 或浏览器打开后另存再添加。"
        )


def check_length(texts: Iterable[str], place: str) -> None:
    if max(map(len, texts), default=0) > MAX_CELL:
        raise DocumentFault(
            f"{place}：一个单元格或段落超过 {MAX_CELL:,} 个字，不像绩效目标文件的内容，已停止读取。"
            "请核对下载的文件；确实这样长的，请分成几段再添加。"
        )


def check_size(cells: int, characters: int = 0, what: str = "文件") -> None:
    if cells > MAX_CELLS or characters > MAX_CHARACTERS:
        raise DocumentFault(
            f"{what}展开后超过 {MAX_CELLS:,} 个单元格或 {MAX_CHARACTERS:,} 个字，不像一份绩效目标文件，已停止读取。"
            "请拆成较小的文件再添加。"
        )
