"""Which cell belongs to which column: decided by the types of the cells and where they stand, never by guess.

``place`` reads one row of a grid. ``cut`` reads a run of words that a flowing text has broken over lines, by finding
the one way to cut it into rows that all fit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.model import Cell
from builder.settings.config import Tokens
from builder.text import fold, is_number

REQUIRED = ("name", "comparison", "target", "weight")
SINGLE_WORD = frozenset({"comparison", "weight", "is_core", "unit"})
CLOSED = frozenset({"level1", "level2", "is_core"})
LONGEST_CELL_IN_WORDS = 12


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an indicator table: its place in the header row, and the field, ``None`` for an unknown heading."""

    index: int
    field: str | None


Placing = Mapping[str, Cell]


def fits(field: str, text: str, tokens: Tokens) -> bool:
    """Whether the text can stand in a column of this field."""
    key = fold(text)
    match field:
        case "comparison":
            return key in tokens.comparison
        case "ordinal":
            return is_number(text)
        case "weight":
            return is_number(key.removesuffix("%").removesuffix("分"))
        case "is_core":
            return key in tokens.yes_no
        case "level1":
            return key in tokens.level1
        case "level2":
            return key in tokens.level2
        case "unit":
            return not is_number(text) and key not in tokens.comparison and key not in tokens.yes_no
        case "name":
            return not is_number(text) and key not in tokens.comparison and key not in tokens.yes_no
        case _:
            return True


def in_place(cells: Sequence[Cell], columns: Sequence[Column], tokens: Tokens) -> Placing | None:
    """The reading in which each cell stands under its own heading, if all fit there and the row has a name."""
    by_index = {column.index: column.field for column in columns}
    placing: dict[str, Cell] = {}
    for cell in cells:
        field = by_index.get(cell.column)
        if field is None:
            if cell.column in by_index:
                continue
            return None
        free_level = field in ("level1", "level2") and not is_number(cell.text)
        if not (free_level or fits(field, cell.text, tokens)):
            return None
        placing[field] = cell
    return placing if "name" in placing and len(placing) > 1 else None


def in_order(cells: Sequence[Cell], columns: Sequence[Column], tokens: Tokens) -> list[Placing]:
    """Every way to give the cells, in their order, to columns that they fit, no required column left empty.

    At most two are returned: the second only says that there is more than one.
    """
    fields = [column.field for column in columns if column.field is not None and column.field != "note"]
    found: list[Placing] = []

    def extend(cell: int, field: int, placing: dict[str, Cell]) -> None:
        if len(found) > 1:
            return
        if cell == len(cells):
            if not any(name in REQUIRED for name in fields[field:]):
                found.append(dict(placing))
            return
        if len(cells) - cell > len(fields) - field:
            return
        if fits(fields[field], cells[cell].text, tokens):
            extend(cell + 1, field + 1, {**placing, fields[field]: cells[cell]})
        if fields[field] not in REQUIRED:
            extend(cell, field + 1, placing)

    if fields:
        extend(0, 0, {})
    return found


def place(cells: Sequence[Cell], columns: Sequence[Column], tokens: Tokens) -> Placing | None:
    """The one reading of a row: where its cells stand if they fit there, else the only placing in order; or None."""
    standing = in_place(cells, columns, tokens)
    if standing is not None:
        return standing
    if any(column.field is None for column in columns):
        return None
    ordered = in_order(cells, columns, tokens)
    return ordered[0] if len(ordered) == 1 else None


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters between blanks; ``starts_line`` is true for the first of its line."""

    cell: Cell
    starts_line: bool


def cut(words: Sequence[Word], fields: Sequence[str], tokens: Tokens) -> list[dict[str, Cell]] | None:
    """The rows of a run of words, if there is exactly one way to cut it into rows that fit; else ``None``.

    Of several ways, the one that joins no words is taken: text with a cell on each line. Only signs or weights in
    every row show that no cell was broken.

    A row begins at the beginning of a line. A cell is one word, or several of which each but the first begins a line
    (a cell broken by the column's width); signs, weights and yes/no are never broken. Where a word of a closed
    vocabulary stands in that column's turn, it is that word, the longest that fits, and not the beginning of a name.
    """
    ways = _ways(words, fields, tokens, LONGEST_CELL_IN_WORDS)
    if len(ways) > 1 and {"comparison", "weight"} & set(fields):
        ways = _ways(words, fields, tokens, 1)
    return ways[0] if len(ways) == 1 else None


def _ways(words: Sequence[Word], fields: Sequence[str], tokens: Tokens, longest: int) -> list[list[dict[str, Cell]]]:
    """The first two ways to cut the words into rows whose cells have at most ``longest`` words."""
    solutions: list[list[dict[str, Cell]]] = []
    dead: set[int] = set()

    def rows_from(start: int, rows: list[dict[str, Cell]]) -> bool:
        if start == len(words):
            solutions.append(list(rows))
            return True
        if start in dead or not words[start].starts_line:
            return False
        alive = False
        for end, row in _row_at(words, start, fields, tokens, longest):
            if len(solutions) > 1:
                return True
            rows.append(row)
            alive = rows_from(end, rows) or alive
            rows.pop()
        if not alive:
            dead.add(start)
        return alive

    rows_from(0, [])
    return solutions[:2]


def _row_at(
    words: Sequence[Word], start: int, fields: Sequence[str], tokens: Tokens, longest_cell: int
) -> Iterator[tuple[int, dict[str, Cell]]]:
    def extend(at: int, field: int, row: dict[str, Cell]) -> Iterator[tuple[int, dict[str, Cell]]]:
        if field == len(fields):
            yield at, row
            return
        name = fields[field]
        longest = 1 if name in SINGLE_WORD else longest_cell
        choices: list[tuple[int, Cell]] = []
        for end in range(at + 1, min(at + longest, len(words)) + 1):
            if end - at > 1 and not words[end - 1].starts_line:
                break
            text = "".join(word.cell.text for word in words[at:end])
            if any(fold(word.cell.text) in tokens.comparison for word in words[at:end]) and name != "comparison":
                break
            if fits(name, text, tokens):
                first = words[at].cell
                choices.append((end, Cell(text, first.line, first.column)))
        if name in CLOSED:
            choices = choices[-1:]
        for end, cell in choices:
            yield from extend(end, field + 1, {**row, name: cell})
        if name not in REQUIRED and not (choices and name in CLOSED):
            yield from extend(at, field + 1, row)

    yield from extend(start, 0, {})
