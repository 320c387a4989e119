"""The account of a reading: what became of each of its non-empty cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from builder.model import Cell, Finding, Row, finding


@dataclass(slots=True)
class Ledger:
    """The cells of one reading that nobody has taken yet. What is left at the end was not understood."""

    document_id: str
    open: dict[tuple[int, int], Cell]
    read: int = 0
    furniture: int = 0
    reported: int = 0
    findings: list[Finding] = field(default_factory=list)

    def take(self, cell: Cell) -> None:
        if self.open.pop((cell.line, cell.column), None) is not None:
            self.read += 1

    def set_aside(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            if self.open.pop((cell.line, cell.column), None) is not None:
                self.furniture += 1

    def give_up(self, cells: Iterable[Cell]) -> None:
        """Cells that a finding speaks of: not read, and not forgotten."""
        for cell in cells:
            if self.open.pop((cell.line, cell.column), None) is not None:
                self.reported += 1

    def exchange(self, rows: Iterable[Row], joined: Iterable[Row]) -> int:
        """Put the cells of rows that were joined in the place of theirs; how many more or fewer there are then."""
        before = len(self.open)
        for row in rows:
            for cell in row.filled:
                self.open.pop((cell.line, cell.column), None)
        self.open |= {(cell.line, cell.column): cell for row in joined for cell in row.filled}
        return len(self.open) - before

    def report(self, code: str, line: int, form: int | None = None, **parts: str | None) -> None:
        project = None if form is None else f"{self.document_id}-{form:03d}"
        self.findings.append(finding(code, self.document_id, line, project, **parts))
