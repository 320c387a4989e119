"""The cells of a table's body, one after another without their blanks → its rows, by what each column can hold.

Under 一级指标 | 三级指标 | 指标值 | 实际完成值 | 分值 | 得分 | 偏差原因 stand the eleven cells

    产出  培训人数  300人  320人  10  10    培训场次  12场  8场  10  6    雨季延期

A row may lack its level and its reason, but not its name, and under 分值 and 得分 stand figures. So one row has the first
six cells, and another the rest, with 雨季延期 as its reason: that is the only way, and both are certain. Were one 10 of the
first row lost, the other might stand under 分值 or under 得分: the row would be certain, and that cell loose.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from builder.forms.cells import LEVELS, fits
from builder.forms.result_words import MONEY, POINTS, TICKED, ResultWords
from builder.model import Cell
from builder.settings.vocabulary import Remembered
from builder.text import fold, is_number, label_key, quantity

Placed = Mapping[int, Cell]
"""The cells of a row by the number of their column; those whose column is not certain have numbers beyond the last."""
Ended = tuple[int, Placed]
"""A row with the place of the first cell after it."""
# A line broken in a narrow column has this many characters at least, and ends less than so many before its edge.
SHORTEST_WRAPPED = 6
WRAP_SLACK = 2
MOST_LINES = 5
ENOUGH_SENTENCES = 2
_PAUSE = re.compile("[。；！，,]")
STOP = re.compile("[。；！]")
LONGEST_UNIT = 3
# What a second level may be called where an evaluation names its own: 事项管理, and never a sentence or a figure.
_MAY_GROUP = re.compile(r"[^\W\d_]{2,10}")
# Columns that the tables of the dataset have no place for: which of them a cell is in makes no other reading.
UNFILED = frozenset({"aside", "is_core", "ordinal", "percent", "of_level"})
# What a row without a blank cell has, where the table has columns for it.
MAY_BE_BLANK = frozenset({"target", "actual", "forecast", "percent", *POINTS})
REQUIRED = frozenset({"name", "target", "actual", "percent"})
# What else a row has where the table has a column of the first.
REQUIRED_WITH = {"score": {*POINTS}, "likelihood": {"forecast", "likelihood"}, "box": {"forecast"}}


class Supposed(NamedTuple):
    """What is supposed of all rows of a run: whether columns of remarks are filled, whether any of ``MAY_BE_BLANK`` is
    blank, and how wide the column of names is, in Chinese characters, if names and reasons are broken over lines (else 0).
    """

    remarks: bool
    blanks: bool
    width: float


class Columns:
    """The columns of a table of indicators: what can stand in each, and which cells make a row together.

    ``names`` are their fields, ``cells`` all that stands in the body; ``narrow`` says that headings are broken over lines,
    as then all else is that is longer than its column is wide.
    """

    def __init__(self, names: Sequence[str], cells: Sequence[Cell], words: ResultWords, narrow: bool) -> None:
        self.names, self.words, self.settings, self.narrow = names, words, words.settings, narrow
        tokens = self.settings.tokens
        self.levels = Remembered(words.levels_of)
        self.quantities = Remembered(lambda text: quantity(text, tokens.comparison, tokens.suffix))
        self.fitting: dict[tuple[str, str, str], bool] = {}
        self.in_sentences = (
            narrow and sum(STOP.search(cell.text[-1:]) is not None for cell in cells) >= ENOUGH_SENTENCES
        )
        """Whether texts are broken over lines, and end with a full stop."""
        own = self.settings.results.evaluation_levels.get("level1", ())
        keys = {label_key(cell.text) for cell in cells}
        self.open_levels = any(key in own and key not in tokens.level1 for key in keys)
        """Whether a first level is one of evaluations alone, as 决策 is: they name their second levels as they like."""
        closed = (fields & {*names} for name, fields in REQUIRED_WITH.items() if name in names)
        self.required = REQUIRED.union(*closed)

    def fits(self, name: str, cell: Cell, following: Cell | None = None) -> bool:
        """Whether a cell can stand in a column, with the one after it; asked of the same cells for each width."""
        key = name, cell.text, following.text if name == "level1" and following is not None else ""
        if key not in self.fitting:
            self.fitting[key] = self._can_stand(name, cell, following)
        return self.fitting[key]

    def _can_stand(self, name: str, cell: Cell, following: Cell | None) -> bool:
        tokens, text, key = self.settings.tokens, cell.text, label_key(cell.text)
        levels, likelihoods = self.levels[text], self.settings.results.likelihoods
        if name == "level1" and "level2" in levels and following is not None:
            # 成本指标 is a first level where a second one follows, else a second.
            return name in levels and "level2" in self.levels[following.text]
        if name in LEVELS:
            return name in levels or (self.open_levels and name == "level2" and _MAY_GROUP.fullmatch(key) is not None)
        if name in (*MONEY, *POINTS):
            return self.words.can_be(name, cell)
        if name in ("percent", "of_level", "ordinal"):
            return is_number(key.removesuffix("%").removesuffix("分"))
        if name in ("", "box") or (key in TICKED and name != "is_core"):
            return False
        if name == "likelihood":
            return fold(text) in likelihoods
        if name in ("reason", "aside"):
            known = (tokens.yes_no, tokens.comparison, self.settings.units, likelihoods)
            is_figure = is_number(key.removesuffix("%")) or (name == "reason" and self._amount(text))
            is_other = is_figure or fold(text) in self.settings.results.outcomes or any(key in one for one in known)
            return not is_other and not levels
        if name == "forecast" and fold(text) in likelihoods:
            return False
        if name in ("target", "target_adjusted", "actual", "forecast"):
            is_sign = key in tokens.comparison and not key[:1].isalpha()
            is_level = key.endswith("指标") and any(key in known for known in (tokens.level1, tokens.level2))
            return not is_sign and not is_level
        if name == "name" and (self._amount(text) or key in self.settings.units or text.endswith("。")):
            return False
        if name == "unit" and any(character.isdecimal() for character in text):
            return False
        return fits(name, text, tokens=tokens)

    def _amount(self, text: str) -> bool:
        """Whether a text is no more than an amount: 3户, but not 3户自愿放弃."""
        found = self.quantities[text]
        unit = found.unit or ""
        is_unit = len(unit) <= LONGEST_UNIT or "/" in unit or fold(unit).lstrip("十百千万亿个") in self.settings.units
        return is_number(text) or (found.value is not None and is_unit)

    def is_row(self, row: Placed) -> bool:
        """Whether cells that stand in their columns are an indicator, or levels alone."""
        filled = {self.names[place]: cell for place, cell in row.items()}
        in_place = all(name in LEVELS or name == "aside" or self.fits(name, cell) for name, cell in filled.items())
        return in_place and ("name" in filled or filled.keys() <= {*LEVELS, "aside"})

    def are_levels(self, row: Placed) -> bool:
        """Whether a row has begun, and each of its levels is a word for that level."""
        named = ((self.names[place], cell) for place, cell in row.items() if place < len(self.names))
        return bool(row) and all(name not in LEVELS or name in self.levels[cell.text] for name, cell in named)

    def make_sense(self, placed: Placed, blanks: bool) -> bool:
        """Whether a row can be one: where a cell before it was left blank, name, target and outcome are others' cells."""
        row = {self.names[place]: cell for place, cell in placed.items() if place < len(self.names)}
        name, target, actual = (row[key].text if key in row else "" for key in ("name", "target", "actual"))
        counted, is_amount = self._amount(target), self._amount(actual)
        # Targets have signs: ≥95%.
        is_aim, is_signed = (self.quantities[text].comparison is not None for text in (target, actual))
        is_known = fold(actual) in self.settings.results.outcomes
        again = (fold(name), fold(row["reason"].text) if "reason" in row else None)
        if "percent" in row and not blanks and not self._is_share(row):
            return False
        if not {"target", "actual", *POINTS} & row.keys():
            return False
        if "unit" in self.names and any(fold(text) in self.settings.units for text in (target, actual)):
            return False
        if ("target" in row and fold(target) in again) or (is_signed and not counted):
            return False
        if row.keys() >= {*POINTS}:
            is_full = row["points"].text == row["score"].text
            if self.in_sentences and is_full and "reason" in row:
                # All else is broken over lines here, and reasons are sentences: this is the first line of the next name.
                return _PAUSE.search(row["reason"].text) is not None
            if not is_full and "reason" not in row:
                return blanks or (counted and is_amount) or is_known
        if "reason" not in self.names:
            return True
        if row.keys() >= {"target", "actual"} and not {"score", "likelihood"} & {*self.names}:
            # No figures follow: a text after a figure may be why there is no outcome, or the next name.
            is_said = is_amount or is_known or not counted or (blanks and is_aim)
            return is_amount <= counted and is_said
        # The text before an outcome may be the name, and the one before that why points were taken from the row above.
        return blanks or "target" not in row or counted or not is_amount

    def _is_share(self, row: Mapping[str, Cell]) -> bool:
        """Whether the share of a row is of its points or of its target: a blank cell before it would shift it."""
        share, *figures = (
            self.quantities[row[name].text if name in row else ""].value
            for name in ("percent", "score", "points", "actual", "target")
        )
        parts = [(part, whole) for part, whole in (figures[:2], figures[2:]) if part is not None and whole]
        return share is not None and any(abs(100 * part / whole - share) <= 1 for part, whole in parts)


class Run:
    """A run of cells to cut into rows: the body of a table, or one line of it."""

    def __init__(self, cells: Sequence[Cell], columns: Columns) -> None:
        self.cells, self.columns, self.names = cells, columns, columns.names

    def widths(self) -> list[float]:
        """How wide the column of names may be, if names are broken over lines: as wide as a text before another text."""
        found = {
            width(cell.text)
            for cell, after in pairwise(self.cells)
            if all(self.columns.fits("reason", one) for one in (cell, after))
            and not STOP.search(cell.text)
            and after.line == cell.line + 1
        }
        return sorted(one for one in found if one >= SHORTEST_WRAPPED)

    def agreed(self, remarks: bool, blanks: bool, widths: Sequence[float]) -> list[Placed | Cell] | None:
        """The rows that are certain however wide the column of names is, and the cells between them; ``None`` where there
        is no way to cut the run."""
        each = (self._in_every_way(Supposed(remarks, blanks, width)) for width in widths)
        found = [rows for rows in each if rows is not None]
        if not found:
            return None
        certain = {at: row for at, row in found[0].items() if all(rows.get(at) == row for rows in found)}
        result: list[Placed | Cell] = []
        at = 0
        while at < len(self.cells):
            end, row = certain.get(at, (at + 1, None))
            result.append(self.cells[at] if row is None else row)
            at = end
        return result

    def _in_every_way(self, supposed: Supposed) -> dict[int, Ended] | None:
        """The certain rows by their first cell; ``None`` where there is no way.

        A row that begins and ends at the same cells in every way holds what is in one column in each of them; its other
        cells have places beyond the columns.
        """
        count = len(self.cells)
        rows: list[Sequence[Ended]] = []
        begins = {0}
        for at in range(count):
            rows.append(self._rows_at(at, supposed) if at in begins else ())
            begins.update(end for end, _ in rows[at])
            if max(begins) <= at:
                return None
        # How many ways there are from each cell to the end, and from the beginning to each.
        onward = [0] * count + [1]
        for at in range(count - 1, -1, -1):
            onward[at] = sum(onward[end] for end, _ in rows[at])
        if onward[0] == 0:
            return None
        ways = [1] + [0] * count
        for at, found in enumerate(rows):
            for end, _ in found:
                ways[end] += ways[at]
        result: dict[int, Ended] = {}
        at = 0
        while at < count:
            ends = [end for end, _ in rows[at]]
            whole = next((end for end in ends if ways[at] * ends.count(end) * onward[end] == onward[0]), None)
            if whole is not None:
                alike = [row for end, row in rows[at] if end == whole]
                result[at] = whole, _in_all(alike, self.cells[at:whole], len(self.names))
            at = whole or at + 1
        return result

    def _rows_at(self, at: int, supposed: Supposed) -> Sequence[Ended]:
        """The rows that can begin at a cell. Two that file the same are one."""
        names = self.names
        distinct: dict[object, Ended] = {}
        for end, row in self._extended(at, 0, {}, supposed):
            filed = [(place, cell) for place, cell in row.items() if place >= len(names) or names[place] not in UNFILED]
            distinct.setdefault((end, *filed), (end, row))
        return [*distinct.values()]

    def _extended(self, at: int, column: int, row: Placed, supposed: Supposed) -> Iterator[Ended]:
        """The rows that a row whose columns before ``column`` are placed can become with the cells from ``at`` on."""
        columns, names = self.columns, self.names
        if column == len(names):
            if columns.make_sense(row, supposed.blanks):
                yield at, row
            return
        name, cell = names[column], self.cells[at] if at < len(self.cells) else None
        levels = columns.levels[cell.text] if cell is not None else ()
        if name == "name" and levels and columns.are_levels(row):
            # A level that has no indicator, as 经济效益指标 in a form that is printed whole.
            yield at, row
        if name in ("reason", "box") and cell is not None and "is_core" not in names and fold(cell.text) in TICKED:
            # Under which of several headings a tick stood is lost, and so is what the text beside it tells.
            end = at + 1
            while name == "reason" and end < len(self.cells) and columns.fits(name, self.cells[end]):
                end += 1
            for until in range(at + 1, end + 1):
                marks = {len(names) + len(row) + one: self.cells[one] for one in range(at, until)}
                yield from self._extended(until, column + 1, {**row, **marks}, supposed)
            cell = None
        elif cell is not None:
            following = self.cells[at + 1] if at + 1 < len(self.cells) and "level2" in names else None
            is_wide = name == "name" and 0 < supposed.width < width(cell.text)
            if is_wide or not columns.fits(name, cell, following) or (name == "aside" and not supposed.remarks):
                cell = None
        if cell is not None:
            yield from self._extended(at + 1, column + 1, {**row, column: cell}, supposed)
        if supposed.width and name in ("name", "reason"):
            for end, whole in self._broken(name, at, supposed.width):
                yield from self._extended(end, column + 1, {**row, column: whole}, supposed)
        is_named = name == "of_level" and column - 1 in row
        is_level = cell is not None and name in levels
        must_be = name in columns.required and not (supposed.blanks and name in MAY_BE_BLANK)
        if not is_named and not is_level and not must_be:
            yield from self._extended(at, column + 1, row, supposed)

    def _broken(self, name: str, at: int, name_width: float) -> Iterator[tuple[int, Cell]]:
        """The names or reasons of several lines that begin at a cell, each with the place after it."""
        columns = self.columns
        for end in range(at + 2, min(at + MOST_LINES, len(self.cells)) + 1):
            lines = self.cells[at:end]
            *full, last = (width(cell.text) for cell in lines)
            text = "".join(cell.text for cell in lines)
            widest = name_width if name == "name" else max(full)
            if (
                lines[-1].line - lines[0].line != end - at - 1
                or min(full) <= max(widest - WRAP_SLACK, SHORTEST_WRAPPED - 1)
                or max(*full, last) > widest
                or any(columns.levels[cell.text] or is_number(cell.text) for cell in lines)
                or fold(lines[-1].text) in columns.settings.units
            ):
                continue
            # Prose with a full stop ends with one. A name has none; nor a comma, where not all is broken over lines.
            stops = (_PAUSE if name == "name" and not columns.narrow else STOP).search(text)
            if stops is None or (name == "reason" and STOP.search(text[-1:])):
                yield end, lines[0]._replace(text=text)


def _in_all(rows: Sequence[Placed], cells: Sequence[Cell], count: int) -> Placed:
    """The cells that stand in one place in all of the rows; those that do not have places from ``count`` on."""
    first, *others = rows
    kept = {at: cell for at, cell in first.items() if at < count and all(row.get(at) == cell for row in others)}
    begin = {(cell.line, cell.column): at for at, cell in enumerate(cells)}
    taken: set[int] = set()
    for cell in kept.values():
        at = begin[cell.line, cell.column]
        # A cell of several lines has the text of all of them.
        while cell.text and at < len(cells):
            taken.add(at)
            cell, at = cell._replace(text=cell.text.removeprefix(cells[at].text)), at + 1
    return kept | {count + at: cell for at, cell in enumerate(cells) if at not in taken}


@lru_cache(maxsize=4096)
def width(text: str) -> float:
    """How wide a text prints, in Chinese characters: letters and figures of the Latin script take half of one."""
    return sum(0.5 if character.isascii() else 1 for character in text)


def cut(cells: Sequence[Cell], columns: Columns) -> Sequence[Placed | Cell]:
    """The rows of a run of cells: those that are the same in every way to cut it into rows that fit and make sense;
    and the cells between them, which belong to one row in one way and to another in another.

    Columns of remarks are mostly blank: if there is one way without them, it is that. Targets, outcomes and points are
    mostly not blank: only if there is no way with all of them in every row may some be.
    """
    run = Run(cells, columns)
    widths = (0.0, *run.widths())
    found: list[Placed | Cell] | None = None
    for remarks in (False, True):
        agreed = run.agreed(remarks, False, widths)
        found = agreed or found
        if agreed and not any(isinstance(row, Cell) for row in agreed):
            break
    if found is None and not columns.narrow:
        found = run.agreed(True, True, widths)
    return cells if found is None else found
