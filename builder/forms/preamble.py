"""What stands before the forms → totals that the document states, and its catalogue of projects."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from builder.forms.headings import inline, is_furniture, is_header, is_index, is_sum, is_title
from builder.forms.ledger import Ledger
from builder.forms.table import Column, Table, by_field
from builder.model import Filed, FiledEntry, Row, Stated
from builder.settings import Settings
from builder.text import bracket_unit, fold, is_number


def stated_totals(preamble: Sequence[Row], settings: Settings) -> list[Stated]:
    """The totals that the text before the forms states. A page breaks its lines anywhere, so they are read as one."""
    cells = [cell for row in preamble for cell in row.filled]
    texts = [fold(cell.text) for cell in cells]
    starts = list(accumulate((len(text) for text in texts), initial=0))
    whole = "".join(texts)
    stated = []
    for figure in dict.fromkeys(statement.figure for statement in settings.statements):
        patterns = (statement.pattern for statement in settings.statements if statement.figure == figure)
        found = min(
            filter(None, (pattern.search(whole) for pattern in patterns)), key=lambda hit: hit.start(), default=None
        )
        if found is not None:
            line = cells[bisect_right(starts, found.start("value")) - 1].line
            stated.append(Stated(figure, Filed(found["value"], line, "编制说明", found.groupdict().get("unit"))))
    return stated


def set_aside(preamble: Sequence[Row], flowing: bool, settings: Settings, ledger: Ledger) -> None:
    """Cover, prose and headings before the first form are furniture; a table's row of several cells is not, unless it
    is declared to be."""
    for row in preamble:
        if flowing or row.table is None or len(row.filled) == 1 or is_index(row, settings):
            ledger.set_aside(row.filled)


NUMBERS = frozenset({"serial_no", "amount", "own", "to_lower"})


def catalogue(
    rows: Sequence[Row], settings: Settings, ledger: Ledger
) -> tuple[list[FiledEntry], str | None, list[Row]]:
    """Catalogue rows, the money unit printed over them, and the rows that are not part of a catalogue."""
    entries: list[FiledEntry] = []
    rest: list[Row] = []
    columns: dict[int, Column] = {}
    unit: str | None = None
    for row in rows:
        if columns and is_title(row, settings):
            columns = {}
        heading = _catalogue_columns(row, settings, bool(columns))
        if heading:
            columns = heading if "name" in {column.field for column in heading.values()} else {**columns, **heading}
            if unit is None:
                unit = _unit_within(row) or _unit_above(rest, settings, ledger)
            ledger.set_aside(row.filled)
        elif columns and (entry := _entry(row, columns.values(), settings)):
            entries.append(entry)
            for cell in row.filled:
                ledger.take(cell)
        else:
            if columns and not is_furniture(row, settings) and len(row.filled) > 1:
                if inline(row.filled[0], settings) or settings.form.find(row.filled[0].text):
                    columns = {}
                else:
                    ledger.report("row-ambiguous", row.line, text=row.text, actual=row.text)
                    ledger.give_up(row.filled)
            rest.append(row)
    return entries, unit, rest


def _catalogue_columns(row: Row, settings: Settings, within: bool) -> dict[int, Column]:
    """The columns of a catalogue that the row heads by place; of a header's second row those of the amounts' parts."""
    if len(row.filled) < 2 or settings.catalogue.find(row.filled[0].text) is None:
        return {}
    labels = [(cell, settings.catalogue.find(cell.text)) for cell in row.filled]
    fields = {label.field for _, label in labels if label}
    if len(fields) < len(labels) or is_header(row, settings):
        return {}
    whole = len(fields) >= 3 and {"serial_no", "name"} <= fields
    second_line = within and fields <= {"amount", "own", "to_lower"} and len(fields) >= 2
    columns = {cell.column: Column(cell.column, label.field, cell.text) for cell, label in labels if label}
    return columns if whole or second_line else {}


def _unit_within(heading: Row) -> str | None:
    return next(filter(None, (bracket_unit(cell.text) for cell in heading.filled)), None)


def _unit_above(rows: Sequence[Row], settings: Settings, ledger: Ledger) -> str | None:
    for row in reversed(rows[-3:]):
        for cell in row.filled:
            for pair in inline(cell, settings):
                if pair.label.field == "unit" and bracket_unit(f"({pair.value})"):
                    ledger.take(cell)
                    return bracket_unit(f"({pair.value})")
    return None


def _fits(field: str, text: str, in_place: bool) -> bool:
    return is_number(text) == (field in NUMBERS)


def _entry(row: Row, columns: Iterable[Column], settings: Settings) -> FiledEntry | None:
    """The row under the catalogue's columns: each cell where it stands, else the one placing in order that fits."""
    total = next((cell for cell in row.filled if is_sum(cell.text, settings)), None)
    cells = [cell for cell in row.filled if cell is not total]
    ordered = tuple(sorted(columns, key=lambda column: column.index))
    required = frozenset(column.field for column in ordered if column.field)
    placing = Table(ordered, _fits, "name" if total is None else None, required).place(cells)
    if placing is None or (total is None and not {"serial_no", "name"} <= by_field(placing).keys()):
        return None
    fields = {
        column.field: Filed(cell.text, cell.line, column.heading) for column, cell in placing.items() if column.field
    }
    return FiledEntry(fields, row.line, total is not None)
