"""Plain forms → files of every format that the readers read, for tests that read them back.

    >>> render([Grid(title=("2024年绩效目标表",), rows=(("项目名称", "巨灾保险"),))], "pdf", path)

The PDF is drawn with reportlab's built-in Chinese font, so that rendering needs no font of the machine.
"""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from html import escape
from pathlib import Path

import docx
import openpyxl
from docx.table import _Cell
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.worksheet import Worksheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


@dataclass(frozen=True)
class Grid:
    """One form: ``title`` lines, a table of equally long ``rows``, ``tail`` lines.

    ``merges`` are (top, left, bottom, right), from 0 and inclusive; their text stands at the top left, the other
    places hold ``""``. The first ``repeated`` rows are printed again where the table goes on over a page (PDF).
    """

    title: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    tail: tuple[str, ...] = ()
    repeated: int = 0

    @cached_property
    def covered(self) -> frozenset[tuple[int, int]]:
        """Places under a merged cell."""
        return frozenset(
            (row, column)
            for top, left, bottom, right in self.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        )

    def span(self, row: int, column: int) -> tuple[int, int]:
        """How many rows and columns the cell at a place takes."""
        return self._spans.get((row, column), (1, 1))

    @cached_property
    def _spans(self) -> dict[tuple[int, int], tuple[int, int]]:
        return {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in self.merges}


def texts(forms: Sequence[Grid]) -> list[list[str]]:
    """What a reading of the forms must hold: the filled cells of each line and row, in order."""
    lines: list[list[str]] = []
    for form in forms:
        lines += [[line] for line in form.title]
        lines += [[cell for cell in row if cell] for row in form.rows if any(row)]
        lines += [[line] for line in form.tail]
    return lines


def render(forms: Sequence[Grid], fmt: str, path: Path) -> None:
    """Write the forms to ``path`` in one of ``FORMATS``, or as it is ``COPIED``."""
    (FORMATS | COPIED)[fmt](forms, path)


def extension(fmt: str) -> str:
    """The file name's end that belongs to a format, such as ``.xlsx`` for ``xlsx-sheets``."""
    return "." + fmt.partition("-")[0]


def render_text(forms: Sequence[Grid], path: Path) -> None:
    """Cells between tabs, as copied out of a table; a line end within a cell becomes a blank."""
    lines: list[str] = []
    for form in forms:
        lines += ["", *form.title, ""]
        lines += ["\t".join(cell.replace("\n", " ") for cell in row) for row in form.rows]
        lines += ["", *form.tail]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def render_csv(forms: Sequence[Grid], path: Path) -> None:
    """Comma-separated, each title line in the first cell of a row."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        for form in forms:
            blank = [""] * (len(form.rows[0]) - 1)
            writer.writerows([[line, *blank] for line in form.title])
            writer.writerows(form.rows)
            writer.writerows([[line, *blank] for line in form.tail])


def render_lines(forms: Sequence[Grid], path: Path, *, blanks: bool = False) -> None:
    """One cell a line without tabs, as a viewer copies a table; blank cells are lost, or blank lines."""
    lines: list[str] = []
    for form in forms:
        lines += form.title
        for number, row in enumerate(form.rows):
            cells = [cell for column, cell in enumerate(row) if (number, column) not in form.covered]
            lines += [cell for cell in cells if cell or blanks]
        lines += form.tail
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def render_docx(forms: Sequence[Grid], path: Path) -> None:
    document = docx.Document()
    for form in forms:
        for line in form.title:
            document.add_paragraph(line)
        table = document.add_table(len(form.rows), len(form.rows[0]))
        table.style = "Table Grid"
        cells = [[_Cell(cell, table) for cell in row.tc_lst] for row in table._tbl.tr_lst]
        for row, filed in enumerate(form.rows):
            for column, text in enumerate(filed):
                if text:
                    cells[row][column].text = text
        for top, left, bottom, right in form.merges:
            _merge_docx(cells, top, left, bottom, right)
        for line in form.tail:
            document.add_paragraph(line)
    document.save(str(path))


def _merge_docx(cells: list[list[_Cell]], top: int, left: int, bottom: int, right: int) -> None:
    """``Cell.merge`` walks the whole table for each merge; this writes the same elements directly."""
    for row in range(top, bottom + 1):
        first = cells[row][left]._tc
        if right > left:
            first.grid_span = right - left + 1
            for column in range(left + 1, right + 1):
                row_element = cells[row][column]._tc.getparent()
                assert row_element is not None
                row_element.remove(cells[row][column]._tc)
        if bottom > top:
            first.vMerge = "restart" if row == top else "continue"


def render_xlsx(forms: Sequence[Grid], path: Path) -> None:
    """All forms on one sheet, a blank row between them."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    sheet = workbook.create_sheet("绩效目标表")
    row = 1
    for form in forms:
        row = _write_sheet(sheet, form, row) + 2
    workbook.save(path)


def render_xlsx_sheets(forms: Sequence[Grid], path: Path) -> None:
    """One form a sheet."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for number, form in enumerate(forms, 1):
        _write_sheet(workbook.create_sheet(f"项目{number}"), form, 1)
    workbook.save(path)


def _write_sheet(sheet: Worksheet, form: Grid, row: int) -> int:
    """Write a form from ``row`` on; the last row used. Titles are merged over the table, as people do."""
    width = len(form.rows[0])
    side = Side(style="thin")
    for line in form.title:
        sheet.cell(row, 1, line)
        if width > 1:
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
        row += 1
    first = row
    for texts_of_row in form.rows:
        for column, text in enumerate(texts_of_row, 1):
            cell = sheet.cell(row, column)
            cell.value, cell.number_format = as_number(text)
            if isinstance(cell.value, str):
                cell.data_type = "s"
            cell.border = Border(side, side, side, side)
            cell.alignment = Alignment(wrap_text=True)
        row += 1
    for top, left, bottom, right in form.merges:
        sheet.merge_cells(start_row=first + top, start_column=left + 1, end_row=first + bottom, end_column=right + 1)
    for line in form.tail:
        sheet.cell(row, 1, line)
        row += 1
    return row - 1


def as_number(text: str) -> tuple[str | float | None, str]:
    """A figure as a spreadsheet holds it, and the format under which it shows as ``text``; other text as it is."""
    match = re.fullmatch(r"(0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,13})(\.\d{1,4})?(%?)", text)
    if match is None:
        return text or None, "General"
    whole, fraction, percent = match.groups()
    code = ("#,##0" if "," in whole else "0") + ("." + "0" * (len(fraction) - 1) if fraction else "") + percent
    number = Decimal(whole.replace(",", "") + (fraction or "")) / (100 if percent else 1)
    return float(number), "General" if code == "0" else code


PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>绩效目标公开_某区人民政府</title>
<style>.nav{{color:red}} td{{border:1px solid}}</style><script>document.write("<table><tr><td>脚本</td></tr></table>")</script>
</head><body><!-- 页头 --><nav><ul><li><a href="/">首页</a></li><li>政务公开</li></ul></nav>
<div style="display:none">分享到微信</div><table width="100%" class="layout"><tbody><tr><td>
<div class="article">
{body}
</div></td></tr></tbody></table><script>share()</script><noscript>请启用脚本</noscript></body></html>
"""


def render_html(forms: Sequence[Grid], path: Path) -> None:
    """Tables within the frame of a disclosure site: navigation, scripts, a table for layout, hidden blocks."""
    body = []
    for form in forms:
        body += [f"<p style='text-align:center'><strong>{_markup(line)}</strong></p>" for line in form.title]
        body.append("<table border='1'><tbody>")
        for row, line in enumerate(form.rows):
            body.append("<tr>")
            for column, text in enumerate(line):
                if (row, column) in form.covered:
                    continue
                down, across = form.span(row, column)
                spans = (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")
                body.append(f"  <td{spans}>\n    <p>{_markup(text)}</p>\n  </td>")
            body.append("</tr>")
        body.append("</tbody></table>")
        body += [f"<p>{_markup(line)}</p>" for line in form.tail]
    path.write_text(PAGE.format(body="\n".join(body)), encoding="utf-8")


def _markup(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def render_pdf(
    forms: Sequence[Grid],
    path: Path,
    *,
    size: float = 9,
    margin: float = 50,
    padding: float = 4,
    split_rows: bool = False,
    footer: str = "- {} -",
    decorate: Callable[[Canvas], None] | None = None,
) -> None:
    """Ruled tables on A4 pages, drawn line by line; text wraps where a word processor would wrap it.

    ``split_rows`` lets a row be broken over a page; else it moves to the next one whole. ``decorate`` draws on each
    page before anything else does.
    """
    _PdfPrinter(path, size, margin, padding, split_rows, footer, decorate).print(forms)


class _PdfPrinter:
    WIDTH, HEIGHT = 595.0, 842.0

    def __init__(
        self,
        path: Path,
        size: float,
        margin: float,
        padding: float,
        split_rows: bool,
        footer: str,
        decorate: Callable[[Canvas], None] | None,
    ) -> None:
        self.canvas = Canvas(str(path), pagesize=(self.WIDTH, self.HEIGHT), invariant=True)
        self.size, self.margin, self.padding, self.leading = size, margin, padding, size * 1.35
        self.split_rows, self.footer, self.decorate = split_rows, footer, decorate
        self.page = 0

    def print(self, forms: Sequence[Grid]) -> None:
        self._begin_page()
        for form in forms:
            self._lines(form.title, centred=True)
            self._table(form)
            self._lines(form.tail, centred=False)
            self.y -= self.leading
        self._end_page()
        self.canvas.save()

    def _begin_page(self) -> None:
        self.page += 1
        self.y = self.HEIGHT - self.margin
        if self.decorate is not None:
            self.canvas.saveState()
            self.decorate(self.canvas)
            self.canvas.restoreState()
        self.canvas.setFont(FONT, self.size)
        self.canvas.setLineWidth(0.5)

    def _end_page(self) -> None:
        if self.footer:
            self.canvas.drawCentredString(self.WIDTH / 2, self.margin / 2, self.footer.format(self.page))
        self.canvas.showPage()

    def _next_page(self) -> None:
        self._end_page()
        self._begin_page()

    def _room(self) -> float:
        return self.y - self.margin

    def _lines(self, lines: Sequence[str], *, centred: bool) -> None:
        for line in [piece for text in lines for piece in self.wrap(text, self.WIDTH - 2 * self.margin)]:
            if self._room() < self.leading * 3:
                self._next_page()
            self.y -= self.leading
            if centred:
                self.canvas.drawCentredString(self.WIDTH / 2, self.y, line)
            else:
                self.canvas.drawString(self.margin, self.y, line)
        self.y -= self.leading / 2

    def _table(self, form: Grid) -> None:
        columns = len(form.rows[0])
        step = (self.WIDTH - 2 * self.margin) / columns
        xs = [self.margin + step * column for column in range(columns + 1)]
        wrapped = {
            (row, column): self.wrap(text, step * form.span(row, column)[1] - 2 * self.padding)
            for row, line in enumerate(form.rows)
            for column, text in enumerate(line)
            if (row, column) not in form.covered
        }
        heights = self._heights(form, wrapped)
        page = self.HEIGHT - 2 * self.margin
        row = 0
        while row < len(form.rows):
            end = self._block(form, row)
            if end - row == 1 and (heights[row] > page or (self.split_rows and heights[row] > self._room())):
                self._draw_split(form, row, wrapped, xs)
                row = end
                continue
            if sum(heights[row:end]) > self._room() and self._room() < page:
                self._next_page()
                if row >= form.repeated:
                    self._draw(form, range(form.repeated), heights, wrapped, xs)
            while sum(heights[row:end]) > self._room():
                end -= 1
            self._draw(form, range(row, end), heights, wrapped, xs)
            row = end

    def _block(self, form: Grid, row: int) -> int:
        """The row after those that are merged together with ``row``: a page breaks within them only if it must."""
        end = row + 1
        while grown := [bottom + 1 for top, _, bottom, _ in form.merges if row <= top < end <= bottom]:
            end = max(grown)
        return end

    def _heights(self, form: Grid, wrapped: dict[tuple[int, int], list[str]]) -> list[float]:
        heights = [self.leading + 2 * self.padding] * len(form.rows)
        for (row, column), lines in sorted(wrapped.items()):
            down, _ = form.span(row, column)
            needed = len(lines) * self.leading + 2 * self.padding
            missing = needed - sum(heights[row : row + down])
            if missing > 0:
                heights[row + down - 1] += missing
        return heights

    def _draw(
        self,
        form: Grid,
        rows: range,
        heights: Sequence[float],
        wrapped: dict[tuple[int, int], list[str]],
        xs: Sequence[float],
    ) -> None:
        tops = [self.y]
        for row in rows:
            tops.append(tops[-1] - heights[row])
        for (row, column), lines in wrapped.items():
            down, across = form.span(row, column)
            first, last = max(row, rows.start), min(row + down, rows.stop)
            if first < last:
                top, bottom = tops[first - rows.start], tops[last - rows.start]
                self._cell(xs[column], xs[column + across], top, bottom, lines if row == first else [])
        self.y = tops[-1]

    def _draw_split(self, form: Grid, row: int, wrapped: dict[tuple[int, int], list[str]], xs: Sequence[float]) -> None:
        left = {column: lines for (at, column), lines in wrapped.items() if at == row}
        while any(left.values()):
            count = int((self._room() - 2 * self.padding) // self.leading)
            if count < 1:
                self._next_page()
                continue
            used = max(min(count, len(lines)) for lines in left.values())
            bottom = self.y - used * self.leading - 2 * self.padding
            for column, lines in left.items():
                self._cell(xs[column], xs[column + form.span(row, column)[1]], self.y, bottom, lines[:count])
                left[column] = lines[count:]
            self.y = bottom

    def _cell(self, left: float, right: float, top: float, bottom: float, lines: Sequence[str]) -> None:
        self.canvas.rect(left, bottom, right - left, top - bottom)
        for number, line in enumerate(lines, 1):
            self.canvas.drawString(left + self.padding, top - self.padding - number * self.leading + 3, line)

    def wrap(self, text: str, width: float) -> list[str]:
        """The lines of a text: words of Latin letters and figures stay whole where they fit, Chinese breaks anywhere."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for piece in re.findall(r"[!-~]+|.", paragraph):
                if line and pdfmetrics.stringWidth(line + piece, FONT, self.size) > width:
                    lines.append(line.rstrip(" "))
                    line = ""
                    if piece == " ":
                        continue
                for character in [piece] if pdfmetrics.stringWidth(piece, FONT, self.size) <= width else list(piece):
                    if line and pdfmetrics.stringWidth(line + character, FONT, self.size) > width:
                        lines.append(line)
                        line = ""
                    line += character
            lines.append(line)
        return lines


FORMATS: dict[str, Callable[[Sequence[Grid], Path], None]] = {
    "txt": render_text,
    "csv": render_csv,
    "docx": render_docx,
    "xlsx": render_xlsx,
    "xlsx-sheets": render_xlsx_sheets,
    "html": render_html,
    "pdf": render_pdf,
}
# As a viewer copies a page: what told the columns is gone.
COPIED: dict[str, Callable[[Sequence[Grid], Path], None]] = {
    "txt-lines": render_lines,
    "txt-lines-and-blanks": partial(render_lines, blanks=True),
}
