"""Long tables of results, one row an indicator or one row a project: what the words over them mean.

项目名称 | 全年预算数 | 全年执行数 | 执行率 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
项目名称 | 全年预算数 | 全年执行数 | 执行率 | 自评得分 | 自评等级
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from builder.forms.ledger import Ledger
from builder.forms.long import Header
from builder.forms.result_words import ASIDE, INSIDE, KEPT, MONEY, OUTSIDE, ResultWords
from builder.forms.table import Heading
from builder.model import Cell, Row
from builder.settings import Settings
from builder.settings.vocabulary import Label

POINTS_OF_MONEY = Label("points", "number", False)
# What tells a table of results from a row of headings and values.
FIGURES = frozenset({*MONEY, "rate", "total_score", "grade"})


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The words over a long table of results."""

    words: ResultWords

    @property
    def settings(self) -> Settings:
        return self.words.settings

    def column(self, heading: Heading) -> str:
        found = self.words.scored_field(heading.own.text) or self.words.scored_field(heading.text)
        return found[0] if found else ""

    def of_project(self, text: str) -> Label | None:
        """A result's own column; 分值 and 得分 before the indicators are those of the money if both stand there."""
        if self.words.money_field(text) == ("points", False):
            return POINTS_OF_MONEY
        label = self.settings.result.find(text)
        if label is None or label.field in INSIDE:
            form = self.settings.form.find(text)
            return form if form is not None and form.field in KEPT | ASIDE else None
        return Label(OUTSIDE.get(label.field, label.field), label.kind, False)

    def is_table(self, projects: Set[str], columns: Sequence[str]) -> bool:
        if "name" in columns:
            return not {"actual", "score", "likelihood"}.isdisjoint(columns)
        return not columns and len(FIGURES & projects) > 1

    def form(self, head: Header, cells: Sequence[tuple[Cell, Cell | None]], ledger: Ledger) -> Iterator[Row]:
        """Headings with their values; the money as a table of one row, where it has points of its own."""
        named = [(heading, value, self._field(heading)) for heading, value in cells]
        of_money = {
            *MONEY,
            "rate",
            "points",
            "execution_score",
            *(("total_score",) if any(n == "points" for _, _, n in named) else ()),
        }
        money = [(heading, value) for heading, value, name in named if name in of_money]
        as_table = len({self._field(heading) for heading, _ in money} & {*MONEY}) > 1
        for heading, value, name in named:
            if value is not None and not (as_table and name in of_money):
                yield Row((heading, value))
        if as_table:
            yield Row(tuple(heading for heading, _ in money))
            yield Row(tuple(value for _, value in money if value is not None))
        rows = [[heading.cells[0] for heading in head.indicators], [heading.own for heading in head.indicators]]
        unique = [tuple(dict.fromkeys(cells)) for cells in rows]
        yield from (Row(cells) for cells in dict.fromkeys(unique) if cells)

    def _field(self, heading: Cell) -> str:
        label = self.of_project(heading.text)
        return label.field if label is not None else ""
