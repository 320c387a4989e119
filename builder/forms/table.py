"""A printed table: its columns, and which cell of a row stands in which; decided by type and place, never by guess.

One reader for indicators, catalogues, tasks and long tables. They differ in their vocabulary and in the types of their
columns, which they hand over as a function.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from builder.model import Cell, Row

LONGEST_HEADING = 24


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a column: its cells from the top down. The lowest is the column's own, others span it.

    ``field`` is given where the cells below tell what the column is of, and not the words over it.
    """

    cells: tuple[Cell, ...]
    field: str | None = None

    @property
    def own(self) -> Cell:
        return self.cells[-1]

    @property
    def text(self) -> str:
        return "".join(cell.text for cell in self.cells)


def above_names(fields: Sequence[str | None]) -> list[int]:
    """The columns that name no indicator, though their heading may: 三级指标 | 四级指标, of which the last does."""
    return [at for at, (one, after) in enumerate(pairwise(fields)) if one == after == "name"]


def stacked(upper: Row, lower: Row) -> tuple[Heading, ...]:
    """The headings of a header of two rows; empty if the lower row does not divide columns of the upper.

    It does where it has nothing but cells, two or more each, under cells of the upper row that span several columns:

        三级指标 | 指标值 |        |        | 分值
                 | 2024年 | 2025年 | 2026年 |         → 三级指标, 指标值2024年, 指标值2025年, 指标值2026年, 分值

    A row of the body is no such row: it has a cell under a heading of one column, or one only under a spanning one.
    """
    if upper.table != lower.table or upper.page != lower.page:
        return ()
    return divided(tuple(Heading((cell,)) for cell in upper.filled), lower)


def divided(heads: Sequence[Heading], lower: Row) -> tuple[Heading, ...]:
    """The headings with the cells of one more row under them, as ``stacked`` says; empty if it divides none of them."""
    if len(lower.filled) < 2:
        return ()
    below: dict[int, list[Cell]] = {}
    places = [head.own.column for head in heads]
    for cell in lower.filled:
        owner = bisect_right(places, cell.column) - 1
        if owner < 0 or len(cell.text) > LONGEST_HEADING:
            return ()
        below.setdefault(owner, []).append(cell)
    if any(len(parts) < 2 for parts in below.values()):
        return ()
    headings: list[Heading] = []
    for number, head in enumerate(heads):
        headings += [Heading((*head.cells, part)) for part in below.get(number, ())] or [head]
    return tuple(headings)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column: its place in the row, its field (``None`` for an unknown heading), and its heading as printed.

    ``unit`` is the money unit that the heading gives.
    """

    index: int
    field: str | None
    heading: str = ""
    unit: str | None = None


Placing = Mapping[Column, Cell]
Fits = Callable[[str, str, bool], bool]
"""Whether a text can stand in a column of this field; the flag says that the cell stands right under the heading."""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with the types of their cells.

    A row that is placed where it stands has a cell in the column ``key`` and in one more; one that is placed in order
    leaves no column of ``required`` empty. Columns of ``loose`` fields hold anything and are only read in place.
    """

    columns: tuple[Column, ...]
    fits: Fits
    key: str | None = None
    required: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    by_index: Mapping[int, Column] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_index", {column.index: column for column in self.columns})

    def in_place(self, cells: Sequence[Cell]) -> Placing | None:
        """The reading in which each cell stands under its own heading, if all fit there and the row has its key."""
        placing: dict[Column, Cell] = {}
        keyed = self.key is None
        for cell in cells:
            column = self.by_index.get(cell.column)
            if column is None:
                return None
            if column.field is None:
                continue
            if not self.fits(column.field, cell.text, True):
                return None
            placing[column] = cell
            keyed = keyed or column.field == self.key
        return placing if keyed and (self.key is None or len(placing) > 1) else None

    def in_order(self, cells: Sequence[Cell]) -> list[Placing]:
        """Every way to give the cells, in their order, to columns that they fit, no required column left empty.

        At most two are returned: the second only says that there is more than one.
        """
        columns = [(column, column.field) for column in self.columns if column.field and column.field not in self.loose]
        found: list[Placing] = []

        def extend(cell: int, at: int, placing: dict[Column, Cell]) -> None:
            if len(found) > 1:
                return
            if cell == len(cells):
                if not any(name in self.required for _, name in columns[at:]):
                    found.append(dict(placing))
                return
            if len(cells) - cell > len(columns) - at:
                return
            column, name = columns[at]
            if self.fits(name, cells[cell].text, False):
                extend(cell + 1, at + 1, {**placing, column: cells[cell]})
            if name not in self.required:
                extend(cell, at + 1, placing)

        if columns:
            extend(0, 0, {})
        return found

    def place(self, cells: Sequence[Cell]) -> Placing | None:
        """The one reading of a row: where its cells stand if they fit there, else the only placing in order; or None."""
        standing = self.in_place(cells)
        if standing is not None:
            return standing
        if any(column.field is None for column in self.columns):
            return None
        ordered = self.in_order(cells)
        return ordered[0] if len(ordered) == 1 else None


def by_field(placing: Placing) -> dict[str, Cell]:
    """The cells by field; of several columns of one field, the last."""
    return {column.field: cell for column, cell in placing.items() if column.field}
