"""Rows of cells → forms, catalogue rows and stated totals, as filed.

The reader knows headings (``labels.yml``), not documents: a title begins a form, a heading takes the cell that
follows it, a header row gives the indicator table its columns, and each row under it is placed by the types of its
cells. Whatever no rule takes is left in the ledger and becomes a ``cell-unread`` finding: nothing is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from builder.forms import breaks, flow, kinds, preamble
from builder.forms.headings import inline, is_furniture, is_header, is_heading, is_title
from builder.forms.indicators import IndicatorTable
from builder.forms.ledger import Ledger
from builder.forms.tasks import TaskTable
from builder.model import Cell, Extract, Filed, FiledForm, OtherForm, Reading, Row
from builder.settings.config import Label, Settings
from builder.text import bracket_unit, fold, label_key

TEXT_KINDS = frozenset({"text", "name"})
BLANKS = " \u3000\t\n"
LONGEST_UNKNOWN_HEADING = 16
UNKNOWN = Label("", "unknown", False)


def extract(reading: Reading, document_id: str, settings: Settings) -> Extract:
    """Everything a reading holds, as filed, with a finding for each cell that could not be placed."""
    lines = reading.rows if reading.flowing else breaks.whole_titles(reading.rows, settings)
    running = [row for row in lines if row.running and not _speaks(row, settings)]
    aside = {row.line for row in running}
    body = [row for row in lines if row.line not in aside]
    whole = flow.join(body, settings) if reading.flowing else body
    rows = breaks.mend([_without_blank_edges(row) for row in whole if row.filled], settings)
    cells = [cell for row in [*rows, *running] for cell in row.filled]
    ledger = Ledger(document_id, {(cell.line, cell.column): cell for cell in cells})
    ledger.set_aside(cell for row in running for cell in row.filled)
    for code, detail in reading.notes:
        ledger.report(code, 1, text=detail or None)
    catalogue, catalogue_unit, rest = preamble.catalogue(rows, settings, ledger)
    before, segments = _segments(rest, settings)
    stated = preamble.stated_totals(before, settings)
    forms: list[FiledForm] = []
    others: list[OtherForm] = []
    for segment in segments:
        if (other := kinds.by_columns(segment.rows, settings)) is not None:
            others.append(other)
            ledger.report("other-kind", other.line, kind=other.name, evidence=other.evidence)
            ledger.give_up(cell for row in segment.rows for cell in row.filled)
        else:
            forms.append(_Form(len(forms) + 1, segment, settings, ledger).read())
    if not segments and (other := kinds.by_title(rest, settings)) is not None:
        others.append(other)
    preamble.set_aside(before, reading.flowing, ledger)
    owners = sorted((form.line_start, form.line_end, form.number) for form in forms)
    for cell in list(ledger.open.values()):
        owner = next((number for start, end, number in owners if start <= cell.line <= end), None)
        ledger.report("cell-unread", cell.line, owner, text=cell.text.strip(), actual=cell.text.strip())
        ledger.give_up([cell])
    return Extract(
        tuple(forms),
        tuple(catalogue),
        catalogue_unit,
        tuple(stated),
        tuple(ledger.findings),
        len(cells),
        ledger.read,
        ledger.furniture,
        ledger.reported,
        tuple(others),
    )


def _without_blank_edges(row: Row) -> Row:
    texts = [cell.text.strip(BLANKS) for cell in row.cells]
    if texts == [cell.text for cell in row.cells]:
        return row
    cells = (Cell(text, cell.line, cell.column) for text, cell in zip(texts, row.cells, strict=True))
    return replace(row, cells=tuple(cells))


def _speaks(row: Row, settings: Settings) -> bool:
    """Whether a line repeated on several pages says something all the same, as the titles do of forms of a page each."""
    return is_title(row, settings) or any(
        is_heading(cell.text, settings) or inline(cell, settings) for cell in row.filled
    )


@dataclass(slots=True)
class Segment:
    """The rows of one form; ``title`` is the row that names it, ``None`` where the title is missing."""

    title: Row | None
    form_type: str
    rows: list[Row]


def _segments(rows: Sequence[Row], settings: Settings) -> tuple[list[Row], list[Segment]]:
    """Rows before the first form, and the rows of each form. A repeated title without a form under it is furniture.

    The title of another kind of form ends the one before it if that kind's columns follow; else it is a cell of it.
    """
    before: list[Row] = []
    segments: list[Segment] = []
    for place, row in enumerate(rows):
        if is_title(row, settings) or (kinds.titled(row, settings) and _other_follows(rows[place:], settings)):
            lead = _serial_rows_at_end(segments[-1].rows if segments else before, settings)
            segments.append(Segment(row, _form_type(row, settings), [*lead, row]))
        elif _begins_untitled(row, segments, settings):
            segments.append(Segment(None, segments[-1].form_type if segments else "project", [row]))
        elif segments:
            segments[-1].rows.append(row)
        else:
            before.append(row)
    whole: list[Segment] = []
    for segment in segments:
        if _has_heading(segment, settings):
            whole.append(segment)
        elif whole:
            whole[-1].rows.extend(segment.rows)
        else:
            before.extend(segment.rows)
    return before, whole


def _other_follows(rows: Sequence[Row], settings: Settings) -> bool:
    """Whether the rows up to the next title are a form of another kind."""
    following = takewhile(lambda row: not is_title(row, settings), rows)
    return kinds.by_columns(tuple(following), settings) is not None


def _form_type(row: Row, settings: Settings) -> str:
    key = label_key(row.filled[0].text)
    found = [
        (found.end() - found.start(), -number, title.form_type)
        for number, title in enumerate(settings.titles)
        for found in title.pattern.finditer(key)
        if found.end() == len(key)
    ]
    return max(found, default=(0, 0, "project"))[2]


def _serial_rows_at_end(rows: list[Row], settings: Settings) -> list[Row]:
    """Take the rows at the end that only carry the next form's number (``序号：3``)."""
    lead: list[Row] = []
    while rows and len(rows[-1].filled) <= 2:
        first = rows[-1].filled[0]
        pairs = inline(first, settings)
        found = pairs[0].label if pairs else settings.form.find(first.text)
        if found is None or found.field != "serial_no":
            break
        lead.insert(0, rows.pop())
    return lead


def _begins_untitled(row: Row, segments: Sequence[Segment], settings: Settings) -> bool:
    label = settings.form.find(row.filled[0].text)
    if label is None or label.field != "name" or len(row.filled) < 2 or is_header(row, settings):
        return False
    if not segments:
        return True
    above = segments[-1].rows
    names = [r for r in above if (found := settings.form.find(r.filled[0].text)) and found.field == "name"]
    if any(_repeats(row, r) for r in names):
        return False
    return bool(names) and any(is_header(r, settings) for r in above)


def _repeats(row: Row, earlier: Row) -> bool:
    """Whether a row is printed again on a later page, as the heading rows of a table are."""
    return row.page != earlier.page and row.text == earlier.text


def _has_heading(segment: Segment, settings: Settings) -> bool:
    return any(
        (label := settings.form.find(cell.text)) is not None
        and label.field not in ("unit", "serial_no", "reporting_unit")
        for row in segment.rows
        if not is_header(row, settings)
        for cell in row.filled
    )


class _Form:
    """Reads the rows of one form; its state is what has been found so far."""

    def __init__(self, number: int, segment: Segment, settings: Settings, ledger: Ledger) -> None:
        self.number = number
        self.segment = segment
        self.settings = settings
        self.ledger = ledger
        self.fields: dict[str, Filed] = {}
        self.funding: list[tuple[str, Filed]] = []
        self.others: list[tuple[int | None, Filed]] = []
        self.table = IndicatorTable(number, settings, ledger, [], self.others)
        self.tasks = TaskTable(settings, ledger)
        self.section_unit: str | None = None
        self.waiting: list[tuple[Cell, Label]] = []
        self.growing: str | None = None
        self.page: int | None = segment.rows[0].page
        self.turned_page = False

    def read(self) -> FiledForm:
        header: Row | None = None
        under: list[Row] = []
        headed: list[Row] = []
        for row in self.segment.rows:
            if row.page != self.segment.rows[0].page and any(_repeats(row, earlier) for earlier in headed):
                self.ledger.set_aside(row.filled)
            elif is_title(row, self.settings):
                self._title(row)
            elif is_header(row, self.settings):
                if header is not None:
                    self.table.read(header, under)
                header, under = row, []
                self.waiting, self.growing = [], None
            elif is_furniture(row, self.settings):
                self.ledger.set_aside(row.filled)
            elif header is None and self.tasks.takes(row):
                self.waiting, self.growing = [], None
            elif header is not None and not self._is_heading_row(row):
                under.append(row)
            else:
                self._head(row)
                if self._is_heading_row(row):
                    headed.append(row)
        if header is not None:
            self.table.read(header, under)
        self._take_tasks()
        lines = [row.filled[-1].line for row in self.segment.rows if row.filled]
        title = self.segment.title
        return FiledForm(
            self.number,
            title.filled[0].text if title else "",
            self.segment.form_type,
            self.fields,
            tuple(self.funding),
            tuple(self.table.indicators),
            tuple(self.others),
            self.segment.rows[0].line,
            max(lines),
            title.line if title else self.segment.rows[0].line,
        )

    def _take_tasks(self) -> None:
        """The sum of the tasks is the budget where the form prints no other."""
        self.others.extend((None, filed) for filed in self.tasks.cells)
        printed = "budget" in self.fields or bool(self.funding)
        for name, filed in self.tasks.sums:
            if printed:
                self.others.append((None, filed))
            elif name == "total":
                self.fields["budget"] = filed
            else:
                self.funding.append((name, filed))

    def _title(self, row: Row) -> None:
        for cell in row.filled:
            for pair in inline(cell, self.settings):
                self._assign(pair.label, cell, pair.heading, pair.value)
        self.ledger.set_aside(row.filled)

    def _is_heading_row(self, row: Row) -> bool:
        first = row.filled[0]
        if inline(first, self.settings):
            return True
        label = self.settings.form.find(first.text)
        return label is not None and label.field != "execution_weight"

    # headings and their values

    def _head(self, row: Row) -> None:
        self.turned_page, self.page = row.page != self.page, row.page
        heading: tuple[Cell, Label] | None = None
        waiting_before, self.waiting = self.waiting, []
        cells = row.filled
        for number, cell in enumerate(cells):
            pairs = [] if heading and heading[1].kind in TEXT_KINDS else inline(cell, self.settings)
            label = self.settings.form.find(cell.text)
            if pairs and label is None:
                for pair in pairs:
                    self._assign(pair.label, cell, pair.heading, pair.value)
                self.ledger.take(cell)
                heading = None
                self.growing = None
            elif label is not None:
                if heading and heading[1] is not UNKNOWN:
                    self.waiting.append(heading)
                self._misprint(cell, label)
                self.ledger.take(cell)
                heading, self.growing = (cell, label), None
            elif heading is not None:
                if heading[1] is not UNKNOWN:
                    self._assign(heading[1], cell, heading[0].text, cell.text)
                    self.ledger.take(cell)
                heading = None
            elif label_key(cell.text) in self.settings.sections:
                self.section_unit = bracket_unit(cell.text) or self.section_unit
                self.ledger.set_aside([cell])
            elif under := next((item for item in waiting_before if item[0].column == cell.column), None):
                self._assign(under[1], cell, under[0].text, cell.text)
                self.ledger.take(cell)
            elif self.growing and len(cells) == 1:
                self._grow(cell)
            else:
                heading = self._unknown(cell, cells[number + 1 :])
        if heading and heading[1] is not UNKNOWN:
            self.waiting.append(heading)

    def _unknown(self, cell: Cell, following: Sequence[Cell]) -> tuple[Cell, Label] | None:
        """A cell where a heading should be: one cut short is read, with a finding; any other is reported."""
        if not following or len(label_key(cell.text)) > LONGEST_UNKNOWN_HEADING:
            return None
        candidates = self.settings.form.cut_short(cell.text) - self.fields.keys()
        if len(candidates) == 1:
            name = candidates.pop()
            kind = next(label.kind for label in self.settings.form.exact.values() if label.field == name)
            label = Label(name, kind, True)
            self._misprint(cell, label)
            self.ledger.take(cell)
            return cell, label
        self.ledger.report("label-unknown", cell.line, self.number, label=cell.text, actual=cell.text)
        self.ledger.give_up([cell])
        return cell, UNKNOWN

    def _misprint(self, cell: Cell, label: Label) -> None:
        if label.misprint:
            right = self.settings.form.right[label.field][0]
            self.ledger.report(
                "heading-typo", cell.line, self.number, expected=right, actual=cell.text, heading=cell.text
            )

    def _assign(self, label: Label, cell: Cell, heading: str, text: str) -> None:
        if not text.strip():
            return
        filed = Filed(text, cell.line, heading, bracket_unit(heading) or self.section_unit)
        if label.field.startswith("funding."):
            self.funding.append((label.field.removeprefix("funding."), filed))
        elif label.field == "attribute":
            self.others.append((None, filed))
        elif label.kind == "text" and label.field in self.fields and self.turned_page:
            self.growing = label.field
            self._grow(cell)
        elif label.field in self.fields:
            if fold(self.fields[label.field].text) != fold(text):
                self.ledger.report(
                    "label-repeated",
                    cell.line,
                    self.number,
                    label=label_key(heading),
                    expected=self.fields[label.field].text,
                    actual=text,
                )
            self.others.append((None, filed))
        else:
            self.fields[label.field] = filed
            self.growing = label.field if label.kind == "text" else None

    def _grow(self, cell: Cell) -> None:
        """A text goes on after a page break: in a cell without heading, or under its heading printed again."""
        assert self.growing is not None
        before = self.fields[self.growing]
        self.fields[self.growing] = Filed(before.text + "\n" + cell.text, before.line, before.label, before.unit)
        self.ledger.take(cell)
