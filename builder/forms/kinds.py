"""What kind of form some rows are: one that promises, or one that tells what came of it, by ``other_kinds``.

Columns decide. 实际完成值 and 得分 side by side are a self-evaluation whatever its title says, and a title alone proves
nothing among target forms: a cell of theirs may read 提交绩效评价报告. Only a document without any form goes by a title.
"""

from collections.abc import Iterable, Sequence

from builder.model import OtherForm, Row
from builder.settings import Settings
from builder.settings.vocabulary import OtherKind
from builder.text import label_key

# One such heading may stand in a target form too, as a column for last year's figures does.
ENOUGH_COLUMNS = 2
# The kinds of data/labels.yml ``other_kinds`` whose sheets are read.
OF_RESULTS = frozenset({"self_evaluation", "monitoring", "evaluation"})


def titled(row: Row, settings: Settings) -> OtherKind | None:
    """The other kind whose title the row is."""
    if not 0 < len(row.filled) <= 2:
        return None
    # 2025 年度项目支出绩效自评表: a blank after the year makes two cells of a line of text.
    first = row.filled[0].text
    text = "".join(cell.text for cell in row.filled) if first.isdecimal() else first
    if not settings.ends_as_other_title[text]:
        return None
    key = label_key(text)
    return next((kind for kind in settings.other_kinds if any(title.search(key) for title in kind.titles)), None)


class Columns:
    """The columns of other kinds among rows, row by row: whether ``by_columns`` finds a kind in them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.keys: set[str] = set()
        self.found: dict[str, set[int]] = {}
        self.are_enough = False

    def add(self, row: Row) -> None:
        is_column = self.settings.is_other_column
        for cell in row.filled if not self.are_enough else ():
            if is_column[cell.text] and (key := label_key(cell.text)) not in self.keys:
                self.keys.add(key)
                for kind in self.settings.other_kinds:
                    found = self.found.setdefault(kind.kind, set())
                    found.update(place for place, column in enumerate(kind.columns) if column.fullmatch(key))
        most = max(map(len, self.found.values()), default=0)
        self.are_enough = self.are_enough or min(most, len(self.keys)) >= ENOUGH_COLUMNS


def by_columns(rows: Sequence[Row], settings: Settings) -> OtherForm | None:
    """The other kind of which the rows hold the most headings, its title among them; ``None`` for a target form."""
    is_column = settings.is_other_column
    texts = [cell.text for row in rows for cell in row.filled if is_column[cell.text]]
    cells = {label_key(text): text.strip() for text in texts}
    if len(cells) < ENOUGH_COLUMNS:
        return None
    best: tuple[int, OtherForm] | None = None
    for kind in settings.other_kinds:
        found = [next((key for key in cells if column.fullmatch(key)), None) for column in kind.columns]
        seen = [cells[key] for key in found if key is not None]
        named = any(titled(row, settings) is kind for row in rows[:3])
        if len(seen) >= ENOUGH_COLUMNS and (best is None or len(seen) + named > best[0]):
            evidence = "".join(f"“{text}”" for text in seen[:3])
            best = len(seen) + named, OtherForm(kind.kind, kind.name, rows[0].line, evidence)
    return None if best is None else best[1]


def by_title(rows: Iterable[Row], settings: Settings) -> OtherForm | None:
    """The other kind that the first title names, for a document that holds no form at all."""
    for row in rows:
        if (kind := titled(row, settings)) is not None:
            return OtherForm(kind.kind, kind.name, row.line, f"“{row.filled[0].text.strip()}”")
    return None
