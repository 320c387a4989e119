"""The rows under a header → indicators as filed, each cell under its column."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from builder.forms import header
from builder.forms.breaks import join
from builder.forms.cells import LEVELS, REQUIRED, fits
from builder.forms.header import Sides
from builder.forms.headings import is_index, is_section, is_sum
from builder.forms.ledger import Ledger
from builder.forms.table import Heading, Placing, Table, by_field
from builder.model import Cell, Filed, Row
from builder.settings import Settings

KEPT = frozenset({"note", "aside"})
UNPUBLISHED = KEPT | {"ordinal"}


@dataclass(slots=True)
class IndicatorTable:
    """Collects the indicators of one form, over all the parts of its table."""

    form_number: int
    settings: Settings
    ledger: Ledger
    indicators: list[dict[str, Filed]]
    notes: list[tuple[int | None, Filed]]
    places: set[str]
    """The columns found, as ``indicator.target``; ``indicator.unread`` where a row could not be read."""
    levels: dict[str, Filed] = field(default_factory=dict)
    """The levels last printed: they hold for the rows below that print none."""

    def read(
        self, found: Sequence[Heading], rows: Sequence[Row], sides: Sides | None, title: str, unsure: bool = False
    ) -> None:
        """The indicators under a header. Of a table that one is ``unsure`` of, each row is reported."""
        known = (heading for heading in found if self.settings.indicator.find(heading.own.text))
        body = self._without_sections(rows, min(heading.own.column for heading in known))
        table = header.table(found, body, sides, title, self.settings)
        self._settle(found, table)
        placed = _joined_over_breaks(body, table)
        whole = [(row, placing or self._as_it_stands(row, table), lower) for row, placing, lower in placed]
        targets = {column for column in table.columns if column.field == "target"}
        kept = all(column.field in (None, "aside") for column in table.columns)
        levels = header.levels_of(table)
        disputed = header.is_disputed(table) or header.may_name(table, [row for row, _, _ in whole])
        promised = kept or any(placing and not targets.isdisjoint(placing) for _, placing, _ in whole)
        for row, placing, lower in whole:
            named = self._levels_only(row, table) if not lower else None
            if named is not None:
                self._hold(named)
                self.ledger.set_aside(row.filled)
            elif (total := self._total(row, table)) is not None:
                self.notes.append((None, total))
                for cell in row.filled:
                    self.ledger.take(cell)
            elif placing is None and is_index(row, self.settings):
                self.ledger.set_aside((*row.filled, *lower))
            elif placing is None or not promised or disputed or unsure or not self._is_promise(placing):
                self.ledger.report("row-ambiguous", row.line, self.form_number, text=row.text, actual=row.text)
                self.ledger.give_up((*row.filled, *lower))
                self.places.add("indicator.unread")
                self.levels.clear()
            else:
                self._indicator(placing, levels)
                for cell in lower:
                    self.ledger.take(cell)

    def _is_promise(self, placing: Placing) -> bool:
        """Whether the row has a name, and neither name nor target is itself a heading. The year's side of a row that
        only goes on with the other side may be empty."""
        named = False
        for column, cell in placing.items():
            if column.field in ("name", "target"):
                named = named or column.field == "name"
                if self.settings.indicator.find(cell.text) or is_section(cell.text, self.settings):
                    return False
        return named or all(column.field == "aside" or column.field in LEVELS for column in placing)

    def _total(self, row: Row, table: Table) -> Filed | None:
        """The printed sum of the weights, if the row holds no more than that: 总分值 | 100."""
        if len(row.filled) != 2 or not is_sum(row.filled[0].text, self.settings):
            return None
        column = table.by_index.get(row.filled[1].column)
        if (
            column is None
            or column.field != "weight"
            or not fits("weight", row.filled[1].text, tokens=self.settings.tokens)
        ):
            return None
        return Filed(row.filled[1].text, row.line, row.filled[0].text)

    def _levels_only(self, row: Row, table: Table) -> dict[str, Filed] | None:
        """The levels that a row names if it names nothing else, as a template's lines do that nobody filled in."""
        if len(row.filled) > len(LEVELS):
            return None
        named: dict[str, Filed] = {}
        for cell in row.filled:
            column = table.by_index.get(cell.column)
            if column is None or column.field not in LEVELS:
                return None
            if not fits(column.field, cell.text, tokens=self.settings.tokens):
                return None
            named[column.field] = Filed(cell.text, cell.line, column.heading)
        return named

    def _hold(self, named: Mapping[str, Filed]) -> None:
        """The levels from here on; a new first level forgets the second of the one before."""
        if "level1" in named:
            self.levels.clear()
        self.levels |= named

    def _without_sections(self, rows: Sequence[Row], first: int) -> list[Row]:
        """The rows without the heading of the whole table in their margin, and those that hold anything else."""
        body: list[Row] = []
        for row in rows:
            margin = [c for c in row.filled if c.column < first and is_section(c.text, self.settings)]
            self.ledger.set_aside(margin)
            if margin:
                row = Row(tuple(cell for cell in row.cells if cell not in margin), row.table, row.page)
            if row.filled:
                body.append(row)
        return body

    def _settle(self, found: Sequence[Heading], table: Table) -> None:
        """Account for the cells of the header."""
        self.places.update(f"indicator.{column.field}" for column in table.columns if column.field)
        for heading in found:
            cell, column = heading.own, table.by_index.get(heading.own.column)
            for over in heading.cells[:-1]:
                self.ledger.take(over)
            if column is None:
                self.ledger.set_aside([cell])
            elif column.field is None:
                self.places.add("indicator.unread")
                self.ledger.report("label-unknown", cell.line, self.form_number, label=cell.text, actual=cell.text)
                self.ledger.give_up([cell])
            else:
                label = header.meaning(heading, self.settings)
                if column.field not in UNPUBLISHED and (label is None or label.misprint or label.field != column.field):
                    right = self.settings.indicator.nearest(column.field, cell.text)
                    self.ledger.report(
                        "heading-typo", cell.line, self.form_number, expected=right, actual=cell.text, heading=cell.text
                    )
                self.ledger.take(cell)

    def _as_it_stands(self, row: Row, table: Table) -> Placing | None:
        """A row that no placing fits, read where its cells stand: one of them is not what its column wants."""
        columns = [table.by_index.get(cell.column) for cell in row.filled]
        placing = {column: cell for column, cell in zip(columns, row.filled, strict=True) if column and column.field}
        names = by_field(placing)
        misfits = [name for name, cell in names.items() if not fits(name, cell.text, tokens=self.settings.tokens)]
        standing = len(placing) == len(row.filled) > 3 and "name" in names
        return placing if standing and len(misfits) == 1 and "name" not in misfits else None

    def _indicator(self, placing: Placing, levels: Set[str]) -> None:
        values: dict[str, Filed] = {}
        kept: list[tuple[str, Filed]] = []
        for column, cell in placing.items():
            self.ledger.take(cell)
            filed = Filed(cell.text, cell.line, column.heading)
            if column.field in KEPT:
                kept.append((column.field, filed))
            elif column.field and column.field != "ordinal":
                values[column.field] = filed
        self._hold({name: values[name] for name in LEVELS if name in values})
        if "name" in values:
            self.indicators.append(values | {name: self.levels[name] for name in levels if name in self.levels})
        self.notes.extend((len(self.indicators) if name == "note" else None, filed) for name, filed in kept)


def _joined_over_breaks(rows: Sequence[Row], table: Table) -> list[tuple[Row, Placing | None, tuple[Cell, ...]]]:
    """Each row with its placing. Two halves that a page break has cut are one row again; the lower's cells come with it.

    群众满 | ≥ | 90 | % | 50      at the foot of a page, and at the head of the next
    意度                          → 群众满意度 | ≥ | 90 | % | 50
    """
    result: list[tuple[Row, Placing | None, tuple[Cell, ...]]] = []
    required = {column.field for column in table.columns if column.field in REQUIRED}
    number = 0
    while number < len(rows):
        row = rows[number]
        placing = table.place(row.filled)
        following = rows[number + 1] if number + 1 < len(rows) else None
        broken = following is not None and following.page != row.page
        if following is not None and broken and not _stands_alone(following, placing, table):
            joined = join(row, following)
            placing_joined = table.place(joined.filled)
            if placing_joined and required <= by_field(placing_joined).keys():
                result.append((joined, placing_joined, following.filled))
                number += 2
                continue
        result.append((row, placing, ()))
        number += 1
    return result


def _stands_alone(row: Row, above: Placing | None, table: Table) -> bool:
    """Whether a row at the top of a page is an indicator: it has a name and a target, and a weight if the one above
    has. Name and target alone may also be the ends of a name and a target that began above."""
    placing = table.place(row.filled)
    wanted = {"name", "target"} | ({"weight"} & by_field(above or {}).keys())
    return placing is not None and wanted <= by_field(placing).keys()
