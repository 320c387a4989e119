"""PDF → rows of cells: ruled tables by their lines, other text line by line, page after page.

pdfium (through pypdfium2) gives glyphs and drawn paths (``pdf_page``), ``ruling`` makes tables of the paths, and here
the glyphs are put into their cells. Measured against pdfplumber on generated forms: both read all cells of fully ruled
tables; pdfplumber took two to three times as long, lost the outer columns of tables that are open at the sides, and
dropped characters that its maps lack (``³``). Pages are closed as they are read, and the file is opened afresh now and
then, because pdfium keeps what it has parsed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from builder.faults import DocumentFault
from builder.model import Reading
from builder.readers.continued import aligned
from builder.readers.draft import Printed, check_size, reading
from builder.readers.pdf_page import Box, Glyph, Page, load
from builder.readers.ruling import Grid, grids
from builder.readers.running import marked

MAX_PAGES = 20_000
# More boxes than that on a page are a drawing.
MAX_TABLES = 200
REOPEN_EVERY = 250
# %%EOF ends a whole file; some servers append a page of their own to a download.
TAIL = 64 * 1024

# Distances between glyphs of one line, in heights of the text.
RUN_GAP = 0.3
WORD_GAP = 0.45
# Some producers leave blanks out and move on; between figures such a gap may be mere spacing.
LATIN_GAP = 0.15
CELL_GAP = 1.3
INDENT = 1.2
# What fits exactly may have been broken all the same: programs round widths each in its own way.
SLACK = 0.1
# Word processors set Chinese and Latin text or figures a little apart.
MIXED_GAP = 0.25
FIGURE_WIDTH = 0.6
# The widest inner margin that word processors give a table cell by default, in points.
PADDING = 8.0

SCANNED_AREA = 0.5
# A seal takes a fortieth of a page.
PICTURE_AREA = 0.1
SCANNED_GLYPHS = 20
OUTLINED_PATHS = 200
GARBLED_SHARE = 0.2

# Where a line of Chinese breaks, the first never begin the next line and the second never end one.
CLOSERS = frozenset("，。、；：？！）》」』】〕％%‰℃°,.;:?!)]}/-~…·")
OPENERS = frozenset("（《「『【〔([{")
# Some programs break on either side of a quotation mark, some on neither.
QUOTES = frozenset("“”‘’\"'")
RAISED = "²³"

# A cell of a table on the page, by the table's place in the page's list and its top-left field; None outside.
_Home = tuple[int, tuple[int, int]] | None


@dataclass(slots=True)
class _Run:
    """Glyphs that follow each other without a blank. ``unit_end`` is where its first unbreakable piece ends."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    source: int
    spaced: bool
    unit_end: float
    in_unit: bool = True

    @property
    def height(self) -> float:
        return self.y1 - self.y0


@dataclass(slots=True)
class _Remarks:
    """What is to be said of the document, gathered by page."""

    set_aside: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    pages: dict[str, list[int]] = field(default_factory=dict)
    whole: list[str] = field(default_factory=list)
    unmapped: int = 0
    radicals: int = 0
    glyphs: int = 0

    def add(self, remark: str, page: int) -> None:
        self.pages.setdefault(remark, []).append(page)


def read(path: Path, progress: Callable[[int, int], None] | None = None) -> Reading:
    """The document as rows; ``progress(pages read, pages in all)`` is called after each page.

    Raises ``DocumentFault`` for a file that is locked, damaged, too long, scanned, or without usable characters.
    """
    _check_tail(path)
    printed: list[Printed] = []
    remarks = _Remarks()
    edges: dict[int, tuple[float, ...]] = {}
    cells = 0
    for number, total, page in _pages(path, remarks):
        on_page = grids(page.horizontal, page.vertical)
        if len(on_page) > MAX_TABLES:
            on_page, page.unruled = [], True
        _remark(page, number, remarks)
        rows = _page_rows(page, on_page, number, len(edges), remarks)
        cells += sum(len(row.cells) for row in rows)
        check_size(cells, remarks.glyphs)
        printed += rows
        edges |= {len(edges) + place: table.xs for place, table in enumerate(on_page, 1)}
        if progress is not None:
            progress(number, total)
    _refuse_wordless(remarks)
    printed = marked(aligned(printed, edges))
    if not edges:
        # Without borders a cell ends at a blank, as in running text.
        printed = [replace(row, cells=" ".join(row.cells).split()) for row in printed]
    return reading(printed, _notes(remarks), flowing=not edges)


def _check_tail(path: Path) -> None:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - TAIL))
        if b"%%EOF" not in stream.read():
            raise DocumentFault("PDF 不完整（没有结尾标记），多半没有下载完。请重新下载。")


def _pages(path: Path, remarks: _Remarks) -> Iterator[tuple[int, int, Page]]:
    """Number (from 1), number of pages, and content of each page."""
    document = _open(path)
    try:
        if held := pdfium.FPDFDoc_GetAttachmentCount(document.raw):
            remarks.whole.append(f"PDF 里附有 {held} 个文件，没有读；目标表若在里面，请用 PDF 阅读器另存出来再添加")
        if pdfium.FPDF_GetFormType(document.raw) in (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND):
            remarks.whole.append("PDF 里有动态表单（XFA），填写的内容没有读；请用 Adobe Reader 打开，打印成 PDF 再添加")
        total = len(document)
        if total == 0:
            raise DocumentFault("PDF 里一页也没有。请重新下载，或核对是否下载了正确的文件。")
        if total > MAX_PAGES:
            raise DocumentFault(f"PDF 有 {total:,} 页，超过 {MAX_PAGES:,} 页的上限，没有读取。请拆成几个文件分别添加。")
        for index in range(total):
            if index and index % REOPEN_EVERY == 0:
                document.close()
                document = _open(path)
            try:
                page = document[index]
                try:
                    content = load(page)
                finally:
                    page.close()
            except pypdfium2.PdfiumError as error:
                raise DocumentFault(
                    f"PDF 第 {index + 1} 页（共 {total} 页）打不开，文件已损坏或没有下载完。请重新下载。"
                ) from error
            yield index + 1, total, content
    finally:
        document.close()


def _open(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise DocumentFault("PDF 有打开密码，读不了。请向公布单位索取不加密的版本。") from error
        if error.err_code == pdfium.FPDF_ERR_SECURITY:
            raise DocumentFault("PDF 用了读不了的加密方式。请向公布单位索取不加密的版本。") from error
        raise DocumentFault(
            "PDF 已损坏或没有下载完，打不开。请重新下载；仍打不开时，用 PDF 软件打开后另存再添加。"
        ) from error


def _page_rows(page: Page, tables: Sequence[Grid], number: int, before: int, remarks: _Remarks) -> list[Printed]:
    """The rows of a page from the top: each table as a block, the lines of other text between. ``before`` tables were
    read on earlier pages."""
    upright: dict[_Home, list[Glyph]] = {}
    turned: dict[_Home, dict[int, list[Glyph]]] = {}
    for glyph, home in _homes(page, tables):
        if glyph.turn == 0:
            upright.setdefault(home, []).append(glyph)
        else:
            turned.setdefault(home, {}).setdefault(glyph.turn, []).append(glyph)
    blocks: list[tuple[float, list[Printed]]] = []
    for index, grid in enumerate(tables):
        texts = [[""] * (len(grid.xs) - 1) for _ in range(len(grid.ys) - 1)]
        for row, column in {owner for line in grid.owners for owner in line}:
            home = (index, (row, column))
            left, right = grid.span((row, column))
            parts = [_wrapped(_lines(_runs(upright.get(home, []))), left, right)]
            parts += [_sideways(glyphs, turn) for turn, glyphs in sorted(turned.get(home, {}).items())]
            texts[row][column] = "\n".join(part for part in parts if part)
        place = f"第 {number} 页 表 {index + 1} 第 {{}} 行"
        rows = [Printed(cells, place.format(row), before + index + 1, number) for row, cells in enumerate(texts, 1)]
        blocks.append((grid.ys[0], rows))
    lines = _lines(_runs(upright.get(None, [])))
    for count, line in enumerate(lines, 1):
        top = line[0].y0
        blocks.append((top, [Printed(_cells(line), f"第 {number} 页 第 {count} 行", None, number, top)]))
    blocks.sort(key=lambda block: block[0])
    for turn, glyphs in sorted(turned.get(None, {}).items()):
        remarks.add("表格以外有旋转的文字，读在该页末尾", number)
        text = _sideways(glyphs, turn)
        blocks.append((0.0, [Printed([part], f"第 {number} 页 旋转的文字", None, number) for part in text.split("\n")]))
    return [row for _, rows in blocks for row in rows]


def _homes(page: Page, tables: Sequence[Grid]) -> Iterator[tuple[Glyph, _Home]]:
    """Each glyph with the cell it lies in, the innermost where tables lie in each other.

    Text too large for its cell is printed beyond its border, or cut there. It stays with the cell that it is cut to,
    or else, as it runs on without a gap, with the cell it began in.
    """
    by_size = sorted(enumerate(tables), key=lambda pair: pair[1].area)
    cut = {source: _cell_around(box, by_size) for source, box in page.clips.items()}
    last: Glyph | None = None
    last_home: _Home = None
    for glyph in page.glyphs:
        home = cut.get(glyph.source)
        if home is None:
            home = _home((glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2, by_size)
            if home != last_home and last is not None and last_home is not None and _runs_on(last, glyph):
                home = last_home
        yield glyph, home
        last, last_home = glyph, home


def _home(x: float, y: float, tables: Sequence[tuple[int, Grid]]) -> _Home:
    for index, grid in tables:
        owner = grid.locate(x, y)
        if owner is not None:
            return index, owner
    return None


def _cell_around(box: Box, tables: Sequence[tuple[int, Grid]]) -> _Home:
    """The cell that a whole box lies in."""
    home = _home((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, tables)
    return home if home is not None and dict(tables)[home[0]].encloses(home[1], box) else None


def _runs_on(last: Glyph, glyph: Glyph) -> bool:
    height = last.y1 - last.y0
    return (
        glyph.source == last.source
        and not glyph.spaced
        and glyph.turn == last.turn == 0
        and abs(glyph.y1 - last.y1) < RUN_GAP * height
        and abs(glyph.x0 - last.x1) < RUN_GAP * height
    )


def _runs(glyphs: Sequence[Glyph]) -> list[_Run]:
    runs: list[_Run] = []
    for glyph in glyphs:
        if runs:
            run = runs[-1]
            middle = (glyph.y0 + glyph.y1) / 2
            if (
                not glyph.spaced
                and abs(middle - (run.y0 + run.y1) / 2) < RUN_GAP * run.height
                and -0.6 * run.height <= glyph.x0 - run.x1 <= _reach(run.text[-1], glyph.text) * run.height
            ):
                run.in_unit = run.in_unit and _sticks(run.text[-1], glyph.text)
                if run.in_unit:
                    run.unit_end = glyph.x1
                run.text += glyph.text
                run.x1, run.y0, run.y1 = max(run.x1, glyph.x1), min(run.y0, glyph.y0), max(run.y1, glyph.y1)
                continue
        runs.append(_Run(glyph.text, *glyph[1:5], glyph.source, glyph.spaced, glyph.x1))
    return runs


def _reach(before: str, after: str) -> float:
    """The widest gap between two characters of one word."""
    return LATIN_GAP if before.isascii() and after.isascii() and (before.isalpha() or after.isalpha()) else RUN_GAP


def _sticks(before: str, after: str) -> bool:
    """Whether some program never breaks a line between two characters."""
    if after in CLOSERS or before in OPENERS or before == "/" or not QUOTES.isdisjoint((before, after)):
        return True
    return (_is_word(before) and (_is_word(after) or after in OPENERS)) or (before in CLOSERS and _is_word(after))


def _is_word(character: str) -> bool:
    return (character.isascii() and not character.isspace()) or character in RAISED


def _lines(runs: Sequence[_Run]) -> list[list[_Run]]:
    """Runs gathered into printed lines from the top; raised and lowered figures go with the line they overlap."""
    lines: list[tuple[float, float, list[_Run]]] = []
    for run in sorted(runs, key=lambda r: r.y0 + r.y1):
        for index in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
            top, bottom, members = lines[index]
            overlap = min(bottom, run.y1) - max(top, run.y0)
            if overlap >= 0.5 * min(bottom - top, run.height):
                members.append(run)
                if run.height > bottom - top:
                    lines[index] = (run.y0, run.y1, members)
                break
        else:
            lines.append((run.y0, run.y1, [run]))
    return [_without_overprint(sorted(members, key=lambda r: r.x0)) for _, _, members in lines]


def _without_overprint(line: list[_Run]) -> list[_Run]:
    """Bold imitated by printing a text twice, a hair apart, is one text."""
    kept = line[:1]
    for run in line[1:]:
        last = kept[-1]
        if run.text == last.text and run.source != last.source and run.x0 - last.x0 < RUN_GAP * run.height:
            continue
        kept.append(run)
    return kept


def _cells(line: Sequence[_Run]) -> list[str]:
    """A line outside of tables, parted at gaps too wide for a blank; a title in wide spacing stays whole."""
    pieces: list[list[_Run]] = []
    for run in line:
        if pieces and run.x0 - pieces[-1][-1].x1 <= CELL_GAP * max(run.height, pieces[-1][-1].height):
            pieces[-1].append(run)
        else:
            pieces.append([run])
    texts = [_text(piece) for piece in pieces]
    return [" ".join(texts)] if all(len(text) == 1 for text in texts) else texts


def _text(line: Sequence[_Run]) -> str:
    text = ""
    for last, run in zip([None, *line], line, strict=False):
        if last is not None:
            # A broken font gives its glyphs no height.
            gap = (run.x0 - last.x1) / (max(run.height, last.height) or 1.0)
            is_blank = gap > (WORD_GAP if _reach(last.text[-1], run.text[0]) == RUN_GAP else LATIN_GAP)
            text += " " if run.spaced or is_blank else ""
        text += run.text
    return text


def _wrapped(lines: Sequence[Sequence[_Run]], left: float, right: float) -> str:
    """The text of a cell between two edges. A line that ends because nothing more went in is no line end of the text:
    it is joined to the next. Other line ends stay."""
    if not lines:
        return ""
    start, end = min(line[0].x0 for line in lines), max(map(_end, lines))
    room = right - left - 2 * max(0.0, min(start - left, right - end, PADDING))
    text = _text(lines[0])
    for above, below in pairwise(lines):
        text += _joint(above, below, room, start, left, right) + _text(below)
    return text


def _end(line: Sequence[_Run]) -> float:
    """Where a line ends; punctuation may hang over the edge of the text."""
    last = line[-1]
    return last.x1 - last.height if last.text[-1] in CLOSERS else last.x1


def _joint(above: Sequence[_Run], below: Sequence[_Run], room: float, start: float, left: float, right: float) -> str:
    """What stands between two lines of a cell: nothing or a blank where the first was full, else a line end."""
    first = below[0]
    unit = _first_unit(below)
    if _is_word(above[-1].text[-1]) != _is_word(first.text[0]):
        unit += MIXED_GAP * first.height
    left_over = room - (above[-1].x1 - above[0].x0)
    if left_over >= unit + SLACK * first.height:
        return "\n"
    is_centred = abs((below[0].x0 - left) - (right - below[-1].x1)) < first.height / 2
    if first.x0 - start > INDENT * first.height and above[0].x0 - start < first.height / 2 and not is_centred:
        return "\n"
    if not (_is_word(above[-1].text[-1]) and _is_word(first.text[0])) or first.text[0] in RAISED:
        return ""
    # A compound is broken behind its hyphen or stroke; a dash stands between blanks.
    if above[-1].text[-1] in "-/" and len(above[-1].text) > 1:
        return ""
    # A word or figure is broken only where it is too long for a line; what went in of it fills the line.
    is_alone = len(above) == 1 and all(map(_is_word, above[0].text))
    is_figure = above[-1].text[-1].isdigit() and first.text[0].isdigit() and left_over < FIGURE_WIDTH * first.height
    return "" if is_figure or (is_alone and unit > left_over) else " "


def _first_unit(line: Sequence[_Run]) -> float:
    """How wide the beginning of a line is that no line end parts."""
    end = line[0].unit_end
    for run, following in pairwise(line):
        touches = not following.spaced and following.x0 - run.x1 <= RUN_GAP * run.height
        if not (run.in_unit and touches and _sticks(run.text[-1], following.text[0])):
            break
        end = following.unit_end
    return end - line[0].x0


def _sideways(glyphs: Sequence[Glyph], turn: int) -> str:
    """Text turned by 90, 180 or 270 degrees, read along its own lines."""

    def upright(glyph: Glyph) -> Glyph:
        match turn:
            case 90:
                box = (glyph.y0, -glyph.x1, glyph.y1, -glyph.x0)
            case 180:
                box = (-glyph.x1, -glyph.y1, -glyph.x0, -glyph.y0)
            case _:
                box = (-glyph.y1, glyph.x0, -glyph.y0, glyph.x1)
        return Glyph(glyph.text, *box, 0, glyph.source, glyph.spaced)

    return "\n".join(map(_text, _lines(_runs([upright(glyph) for glyph in glyphs]))))


def _remark(page: Page, number: int, remarks: _Remarks) -> None:
    remarks.glyphs += len(page.glyphs)
    remarks.unmapped += page.unmapped
    remarks.radicals += page.radicals
    for reason, text in page.set_aside:
        remarks.set_aside.setdefault((reason, text), []).append(number)
    if page.image_area >= SCANNED_AREA and len(page.glyphs) < SCANNED_GLYPHS:
        remarks.add(SCANNED, number)
    elif page.image_area >= PICTURE_AREA and page.glyphs and not page.recognised:
        remarks.add("有图片，图里的文字没有读", number)
    elif not page.glyphs:
        remarks.add(OUTLINED if page.paths >= OUTLINED_PATHS else BLANK, number)
    if page.recognised:
        remarks.add("文字层是识别（OCR）得来的，可能有错字", number)
    if page.unmapped:
        remarks.add(GARBLED, number)
    if page.unruled:
        remarks.add("线条太多，没有找表格，只按行读了文字", number)
    if page.annotations:
        remarks.add("有填写域、印章或批注框，里面的文字没有读", number)


SCANNED = "是扫描图片，没有文字层，没有读"
OUTLINED = "文字已转成图形（转曲），没有文字层，没有读"
BLANK = "没有文字"
GARBLED = "有字体没有带文字编码，读不出的字以 � 代替"


def _refuse_wordless(remarks: _Remarks) -> None:
    """Stop where not one page has text that can be read."""
    scanned, outlined = remarks.pages.get(SCANNED, []), remarks.pages.get(OUTLINED, [])
    total = remarks.glyphs
    if (scanned or outlined) and total < SCANNED_GLYPHS * (len(scanned) + len(outlined)):
        kind = "扫描件" if len(scanned) >= len(outlined) else "文字已转成图形（转曲）的文件"
        raise DocumentFault(
            f"这份 PDF 是{kind}，{_ranges(sorted(scanned + outlined))}没有文字层，读不出文字。"
            "请向公布单位索取 Word、Excel 或带文字的 PDF；没有时，先做文字识别（OCR）、核对后存为文本再添加。"
        )
    if remarks.unmapped > GARBLED_SHARE * max(total, 1):
        raise DocumentFault(
            f"这份 PDF 的字体没有带文字编码，{total:,} 个字里有 {remarks.unmapped:,} 个读不出来（复制出来是乱码）。"
            "请向公布单位索取 Word、Excel 或重新导出的 PDF；没有时，先做文字识别（OCR）、核对后存为文本再添加。"
        )


def _notes(remarks: _Remarks) -> list[tuple[str, str]]:
    details = [*remarks.whole]
    details += [f"{_ranges(pages)}有{reason}“{text}”，没有读入" for (reason, text), pages in remarks.set_aside.items()]
    details += [f"{_ranges(pages)}{remark}" for remark, pages in remarks.pages.items()]
    if remarks.radicals:
        details.append(f"字体把 {remarks.radicals} 个字编成了部首（如“⼯”），已换成同形的汉字")
    return [("reader-remark", detail) for detail in details]


def _ranges(pages: Sequence[int]) -> str:
    """``第 1–3、7 页``"""
    spans: list[list[int]] = []
    for page in sorted(set(pages)):
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return "第 " + "、".join(str(a) if a == b else f"{a}–{b}" for a, b in spans) + " 页"
