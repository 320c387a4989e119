"""年度主要任务, the table of tasks in the form of a whole department → its cells as filed, and its printed sum.

The dataset has no table of tasks: each cell is kept under its heading, and the sum serves as the department's budget
where the form prints no other. Tables of money with several columns of figures are read alike:

    总体资金情况         | 当年金额 | 占比 | 近两年收支金额
                         |          |      | 2024年 | 2025年
    收入构成 | 财政拨款  | 5120     | 97%  | 4980   | 5010         财政拨款 of this year; the rest under its two headings
"""

from dataclasses import dataclass, field

from builder.forms.headings import inline, is_section, is_sum
from builder.forms.ledger import Ledger
from builder.forms.table import Column, Table
from builder.model import Cell, Filed, Row
from builder.settings import Settings
from builder.settings.vocabulary import Label
from builder.text import bracket_unit, fold, is_number

AMOUNTS = frozenset({"total", "fiscal", "other"})
NOTHING = Table((), lambda *_: True)


@dataclass(slots=True)
class TaskTable:
    """Reads the rows of the table one by one. ``cells`` are those of the tasks, ``sums`` those of the printed sum."""

    settings: Settings
    ledger: Ledger
    cells: list[Filed] = field(default_factory=list)
    sums: list[tuple[str, Filed]] = field(default_factory=list)
    table: Table = NOTHING

    def begins(self, row: Row) -> bool:
        """Whether the row is a header of the table, or the second row of one."""
        return bool(self._header(row) or self._second_line(row))

    def holds(self, row: Row) -> bool:
        """Whether the row lies under the columns found so far."""
        if not self.table.columns or any(self._column(cell) is None for cell in row.filled):
            return False
        names = [cell for cell in row.filled if (column := self._column(cell)) and column.field == "task"]
        figures = len(row.filled) - len(names) > 1 and all(
            is_number(fold(cell.text).removesuffix("%")) for cell in row.filled if cell not in names
        )
        return not self._is_heading(row.filled[0]) or (bool(names) and figures)

    def read(self, row: Row) -> None:
        """Read a row that begins the table or lies in it."""
        if columns := self._header(row) or self._second_line(row):
            self.table = Table(tuple(columns), NOTHING.fits)
            self.ledger.set_aside(row.filled)
            return
        total = next((cell for cell in row.filled if is_sum(cell.text, self.settings)), None)
        named: tuple[Cell, Label] | None = None
        for cell in row.filled:
            column = self._column(cell)
            assert column is not None
            filed = Filed(cell.text, cell.line, column.heading, column.unit)
            self.ledger.take(cell)
            label = self.settings.form.find(cell.text) if column.field == "task" else None
            if label is not None:
                named = cell, label
            elif named and column.field == "total" and named[1].field.startswith("funding."):
                self.sums.append((named[1].field.removeprefix("funding."), filed._replace(label=named[0].text)))
            elif named:
                self.cells.append(filed._replace(label=f"{named[0].text}：{column.heading}"))
            elif total is not None and column.field in AMOUNTS:
                self.sums.append((column.field, filed))
            elif cell is not total:
                self.cells.append(filed)

    def end(self) -> None:
        """What follows lies under other headings."""
        self.table = NOTHING

    def _column(self, cell: Cell) -> Column | None:
        """The column under whose heading a cell stands; a heading over the names of rows may span several cells."""
        left = max((index for index in self.table.by_index if index <= cell.column), default=None)
        column = None if left is None else self.table.by_index[left]
        return column if column is None or column.index == cell.column or column.field == "task" else None

    def _header(self, row: Row) -> list[Column]:
        """The columns, if every cell heads one; only the name of the whole table may stand before them."""
        first, *others = row.filled
        if not others or not (self.settings.task.find(first.text) or self.settings.task.find(others[0].text)):
            return []
        cells = others if self.settings.task.find(first.text) is None and self._is_heading(first) else row.filled
        labels = [(cell, self.settings.task.find(cell.text)) for cell in cells]
        columns = [
            Column(cell.column, label.field, cell.text, bracket_unit(cell.text)) for cell, label in labels if label
        ]
        whole = len(columns) == len(labels) > 1 and any(column.field == "task" for column in columns)
        return columns if whole else []

    def _second_line(self, row: Row) -> list[Column]:
        """The parts of the money, or the years, under the heading that spans them."""
        columns = {column.index: column for column in self.table.columns}
        for cell in row.filled if columns else ():
            label = self.settings.task.find(cell.text)
            above = max((index for index in self.table.by_index if index <= cell.column), default=None)
            if label is None or above is None:
                return []
            spanning = self.table.by_index[above]
            if label.field != spanning.field and not {label.field, spanning.field} <= AMOUNTS:
                return []
            columns[cell.column] = Column(cell.column, label.field, spanning.heading + cell.text, spanning.unit)
        return list(columns.values()) if self.table.columns else []

    def _is_heading(self, cell: Cell) -> bool:
        return (
            self.settings.form.find(cell.text) is not None
            or is_section(cell.text, self.settings)
            or bool(inline(cell, self.settings))
        )
