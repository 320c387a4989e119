"""A run of words that a flowing text has broken over lines → rows, where there is exactly one way to cut it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.forms.cells import REQUIRED, fits
from builder.model import Cell
from builder.settings.vocabulary import Tokens
from builder.text import fold

SINGLE_WORD = frozenset({"comparison", "weight", "is_core", "unit"})
CLOSED = frozenset({"level1", "level2", "is_core"})
LONGEST_CELL_IN_WORDS = 12


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
            if fits(name, text, tokens=tokens):
                first = words[at].cell
                choices.append((end, Cell(text, first.line, first.column)))
        if name in CLOSED:
            choices = choices[-1:]
        if name == "level1" and "level2" in fields and choices and _is_second(words, *choices[-1], tokens):
            choices = []
        for end, cell in choices:
            yield from extend(end, field + 1, {**row, name: cell})
        if name not in REQUIRED and not (choices and name in CLOSED):
            yield from extend(at, field + 1, row)

    yield from extend(start, 0, {})


def _is_second(words: Sequence[Word], end: int, cell: Cell, tokens: Tokens) -> bool:
    """Whether a word for levels of both kinds (成本指标) is one of the second: it is if none of those follows it."""
    texts = ("".join(word.cell.text for word in words[end : end + length]) for length in (1, 2, 3))
    return fold(cell.text) in tokens.level2 and not any(fits("level2", text, tokens=tokens) for text in texts)
