"""The rows under a header row → indicators as filed, each cell under its column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from builder.forms.align import REQUIRED, Column, Placing, fits, place
from builder.forms.breaks import join
from builder.forms.ledger import Ledger
from builder.model import Cell, Filed, Row
from builder.settings.config import Settings
from builder.text import label_key

LEVELS = ("level1", "level2")
UNPUBLISHED = frozenset({"note", "ordinal"})


@dataclass(slots=True)
class IndicatorTable:
    """Collects the indicators of one form, over all the parts of its table."""

    form_number: int
    settings: Settings
    ledger: Ledger
    indicators: list[dict[str, Filed]]
    notes: list[tuple[int | None, Filed]]
    levels: dict[str, Filed] = field(default_factory=dict)
    """The levels last printed: they hold for the rows below that print none."""

    def read(self, header: Row, rows: Sequence[Row]) -> None:
        first = min(cell.column for cell in header.filled if self.settings.indicator.find(cell.text))
        body = [self._without_section(row, first) for row in rows]
        body = [row for row in body if row.filled]
        columns = self._columns(header, body)
        known = [column for column in columns if column.field]
        heads = {cell.column: cell for cell in header.filled}
        titles = {column.field: heads[column.index] for column in known if column.field}
        for row, placing, lower in _joined_over_breaks(body, columns, self.settings):
            if not lower and self._unfilled(row, known, titles):
                continue
            if placing is None:
                placing = self._as_it_stands(row, known)
            if placing is None or "name" not in placing:
                self.ledger.report("row-ambiguous", row.line, self.form_number, text=row.text, actual=row.text)
                self.ledger.give_up(row.filled)
                continue
            self._indicator(row, placing, titles)
            for cell in lower:
                self.ledger.take(cell)

    def _unfilled(self, row: Row, columns: Sequence[Column], titles: Mapping[str, Cell]) -> bool:
        """Whether the row only names levels, as a template's lines do that nobody filled in; if so it is read."""
        if len(row.filled) > len(LEVELS):
            return False
        by_index = {column.index: column.field for column in columns}
        named = {by_index.get(cell.column): cell for cell in row.filled}
        if not all(name in LEVELS and fits(name, cell.text, self.settings.tokens) for name, cell in named.items()):
            return False
        if "level1" in named:
            self.levels.clear()
        self.levels |= {
            name: Filed(cell.text, cell.line, titles[name].text, None) for name, cell in named.items() if name
        }
        self.ledger.set_aside(row.filled)
        return True

    def _without_section(self, row: Row, first: int) -> Row:
        section = [c for c in row.filled if c.column < first and label_key(c.text) in self.settings.sections]
        self.ledger.set_aside(section)
        return Row(tuple(cell for cell in row.cells if cell not in section), row.table, row.page) if section else row

    def _columns(self, header: Row, body: Sequence[Row]) -> list[Column]:
        """The header's columns. A heading that is repeated or cut short is settled by the rows, if one way fits all."""
        options: list[tuple[Cell, list[str | None]]] = []
        found = [(cell, self.settings.indicator.find(cell.text)) for cell in header.filled]
        fields = [label.field for _, label in found if label]
        missing = [name for name in REQUIRED if name not in fields]
        for cell, label in found:
            if label is not None and fields.count(label.field) > 1:
                options.append((cell, [label.field, *missing]))
            elif label is not None:
                options.append((cell, [label.field]))
            elif label_key(cell.text) in self.settings.sections:
                continue
            else:
                options.append((cell, [*sorted(self.settings.indicator.cut_short(cell.text) - set(fields)), None]))
        ways = []
        for choice in product(*(names for _, names in options)):
            chosen = [name for name in choice if name]
            if len(chosen) == len(set(chosen)) and "name" in chosen:
                columns = [Column(cell.column, name) for (cell, _), name in zip(options, choice, strict=True)]
                ways.append(columns)
        settled = max((sum(column.field is not None for column in way) for way in ways), default=0)
        best = [way for way in ways if sum(column.field is not None for column in way) == settled]
        if len(best) > 1:
            best = [way for way in best if body and all(place(row.filled, way, self.settings.tokens) for row in body)]
        if len(best) != 1:
            best = [[Column(cell.column, label.field if label else None) for cell, label in found]]
        self.ledger.set_aside(cell for cell in header.filled if label_key(cell.text) in self.settings.sections)
        for (cell, label), column in zip(
            [item for item in found if item[0].column in {c.index for c in best[0]}], best[0], strict=True
        ):
            if column.field is None:
                self.ledger.report("label-unknown", cell.line, self.form_number, label=cell.text, actual=cell.text)
                self.ledger.give_up([cell])
            else:
                if label is None or label.misprint or label.field != column.field:
                    right = self.settings.indicator.right[column.field][0]
                    self.ledger.report(
                        "heading-typo", cell.line, self.form_number, expected=right, actual=cell.text, heading=cell.text
                    )
                self.ledger.take(cell)
        return best[0]

    def _as_it_stands(self, row: Row, columns: Sequence[Column]) -> Placing | None:
        """A row that no placing fits, read where its cells stand: one of them is not what its column wants."""
        by_index = {column.index: column.field for column in columns}
        placed = {by_index[cell.column]: cell for cell in row.filled if by_index.get(cell.column)}
        misfits = [name for name, cell in placed.items() if name and not fits(name, cell.text, self.settings.tokens)]
        if (
            len(placed) == len(row.filled)
            and "name" in placed
            and len(misfits) == 1
            and "name" not in misfits
            and len(placed) > 3
        ):
            return {name: cell for name, cell in placed.items() if name}
        return None

    def _indicator(self, row: Row, placing: Placing, titles: Mapping[str, Cell]) -> None:
        values = {
            name: Filed(cell.text, cell.line, titles[name].text, None)
            for name, cell in placing.items()
            if name not in UNPUBLISHED
        }
        if "level1" in values:
            self.levels.clear()
        self.levels |= {name: values[name] for name in LEVELS if name in values}
        values |= {name: above for name, above in self.levels.items() if name in titles}
        self.indicators.append(values)
        taken = {(cell.line, cell.column) for cell in placing.values()}
        for cell in row.filled:
            if (cell.line, cell.column) in taken:
                self.ledger.take(cell)
        if "note" in placing:
            note = placing["note"]
            self.notes.append((len(self.indicators), Filed(note.text, note.line, titles["note"].text)))


def _joined_over_breaks(
    rows: Sequence[Row], columns: Sequence[Column], settings: Settings
) -> list[tuple[Row, Placing | None, tuple[Cell, ...]]]:
    """Each row with its placing. Two halves that a page break has cut are one row again; the lower's cells come with it."""
    result: list[tuple[Row, Placing | None, tuple[Cell, ...]]] = []
    number = 0
    while number < len(rows):
        row = rows[number]
        placing = place(row.filled, columns, settings.tokens)
        following = rows[number + 1] if number + 1 < len(rows) else None
        broken = following is not None and following.page != row.page
        if following is not None and broken and not _stands_alone(following, placing, columns, settings):
            joined = join(row, following)
            placing_joined = place(joined.filled, columns, settings.tokens)
            if placing_joined and set(REQUIRED) & {c.field for c in columns} <= placing_joined.keys():
                result.append((joined, placing_joined, following.filled))
                number += 2
                continue
        result.append((row, placing, ()))
        number += 1
    return result


def _stands_alone(row: Row, above: Placing | None, columns: Sequence[Column], settings: Settings) -> bool:
    """Whether a row at the top of a page is an indicator: it has a name and a target, and a weight if the one above
    has. Name and target alone may also be the ends of a name and a target that began above."""
    placing = place(row.filled, columns, settings.tokens)
    wanted = {"name", "target"} | ({"weight"} & (above or {}).keys())
    return placing is not None and wanted <= placing.keys()
