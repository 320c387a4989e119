"""年度主要任务, the table of tasks in the form of a whole department → its cells as filed, and its printed sum.

The dataset has no table of tasks: each cell is kept under its heading, and the sum serves as the department's budget
where the form prints no other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from builder.forms.headings import inline
from builder.forms.ledger import Ledger
from builder.model import Cell, Filed, Row
from builder.settings.config import Settings
from builder.text import bracket_unit, fold, label_key

AMOUNTS = ("total", "fiscal", "other")


@dataclass(frozen=True, slots=True)
class TaskColumn:
    """A column of the table: its field, its heading (both lines of it), and the money unit that it gives."""

    field: str
    heading: str
    unit: str | None


@dataclass(slots=True)
class TaskTable:
    """Reads the rows of the table one by one. ``cells`` are those of the tasks, ``sums`` those of the printed sum."""

    settings: Settings
    ledger: Ledger
    cells: list[Filed] = field(default_factory=list)
    sums: list[tuple[str, Filed]] = field(default_factory=list)
    columns: Mapping[int, TaskColumn] = field(default_factory=dict)

    def takes(self, row: Row) -> bool:
        """Whether the row belongs to the table; if so it is read."""
        columns = self._header(row) or self._second_line(row)
        if columns:
            self.columns = columns
            self.ledger.set_aside(row.filled)
            return True
        if not self.columns:
            return False
        if self._is_heading(row.filled[0]) or any(cell.column not in self.columns for cell in row.filled):
            self.columns = {}
            return False
        self._read(row)
        return True

    def _header(self, row: Row) -> dict[int, TaskColumn]:
        """The columns, if every cell heads one; only the name of the whole table may stand before them."""
        first, *others = row.filled
        cells = others if self.settings.task.find(first.text) is None and self._is_heading(first) else row.filled
        labels = [(cell, self.settings.task.find(cell.text)) for cell in cells]
        if any(label is None for _, label in labels):
            return {}
        columns = {
            cell.column: TaskColumn(label.field, cell.text, bracket_unit(cell.text)) for cell, label in labels if label
        }
        return columns if len(columns) > 1 and "task" in {column.field for column in columns.values()} else {}

    def _second_line(self, row: Row) -> dict[int, TaskColumn]:
        """The parts of the money, under the heading that spans them."""
        if not self.columns:
            return {}
        labels = [(cell, self.settings.task.find(cell.text)) for cell in row.filled]
        if any(label is None or label.field not in AMOUNTS for _, label in labels):
            return {}
        columns = dict(self.columns)
        for cell, label in labels:
            above = max((index for index in self.columns if index <= cell.column), default=None)
            if label is None or above is None or self.columns[above].field not in AMOUNTS:
                return {}
            spanning = self.columns[above]
            columns[cell.column] = TaskColumn(label.field, spanning.heading + cell.text, spanning.unit)
        return columns

    def _is_heading(self, cell: Cell) -> bool:
        return (
            self.settings.form.find(cell.text) is not None
            or label_key(cell.text) in self.settings.sections
            or bool(inline(cell, self.settings))
        )

    def _read(self, row: Row) -> None:
        total = next((cell for cell in row.filled if fold(cell.text) in self.settings.catalogue_totals), None)
        for cell in row.filled:
            column = self.columns[cell.column]
            filed = Filed(cell.text, cell.line, column.heading, column.unit)
            self.ledger.take(cell)
            if total is None:
                self.cells.append(filed)
            elif cell is not total:
                self.sums.append((column.field, filed))
