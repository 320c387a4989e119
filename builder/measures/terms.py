"""What people will quote, said once: which rows a word counts. Pages, charts, rules and downloads all ask here.

What each word means to readers is in ``data/glossary.yml`` under the names of ``DEFINED``, so that whatever shows a
count can say what it counted; the words that names are recognised by are in ``data/wording.yml``.
"""

from collections.abc import Iterable
from decimal import Decimal

from builder import words
from builder.dataset.kinds import has, names_satisfaction
from builder.dataset.rows import FindingRow, Indicator, Score
from builder.settings.wording import WordLists
from builder.text import fold

QUALITATIVE, SHARE, FULL_SHARE = "定性指标", "比例目标", "定满"
SATISFACTION, SATISFACTION_TARGET, DOUBT = "满意度指标", "满意度目标", "值得核对"
DEFINED = (QUALITATIVE, SHARE, FULL_SHARE, SATISFACTION, SATISFACTION_TARGET, DOUBT)

# A department's whole budget holds its funds: it stands beside them and is never added to them.
WHOLE_DEPARTMENT = "department_overall"
# A finding that only says what was met with while reading.
NOTE = "note"

AT_LEAST = ("ge", "gt", "eq")
FULL = Decimal(100)

# Sizes of budgets, in yuan, as people name them: below which each ends, and its words.
SIZES = (
    (Decimal(100_000), "不到 10 万元"),
    (Decimal(1_000_000), "10 万至 100 万元"),
    (Decimal(10_000_000), "100 万至 1,000 万元"),
    (Decimal(100_000_000), "1,000 万至 1 亿元"),
    (Decimal(1_000_000_000), "1 亿至 10 亿元"),
    (Decimal("Infinity"), "10 亿元以上"),
)


def size_class(yuan: Decimal) -> str:
    """``Decimal(100_000)`` → ``10 万至 100 万元``: a class begins with its lower end."""
    return next(words for limit, words in SIZES if yuan < limit)


def own(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Without the budget execution rate, a line that forms prescribe."""
    return tuple(row for row in indicators if not row.is_execution_rate)


def target(row: Indicator | Score) -> str:
    """The target of an indicator, or the one that a score prints, in plain words: ``不少于 20 家``."""
    return words.promise(row.comparison, row.target_as_filed, row.target_value, row.unit)


def is_qualitative(row: Indicator) -> bool:
    return row.comparison == "qualitative"


def is_satisfaction(row: Indicator, words: WordLists) -> bool:
    """Known by its name: 群众满意度 and 满意率 are, 满意度调查报告数 counts reports and is none."""
    return names_satisfaction(fold(row.name), words)


def share(row: Indicator, words: WordLists) -> Decimal | None:
    """The percentage of a whole that must be reached: ``≥ 95%`` → 95. None for an upper limit (``≤ 5%``), for a number
    in another unit, and for a growth, which may go beyond the whole."""
    wanted = row.comparison in AT_LEAST and fold(row.unit or "") == "%" and not has(fold(row.name), words.growth)
    return row.target_value if wanted else None


def shares(indicators: Iterable[Indicator], words: WordLists) -> list[Decimal]:
    return [target for row in indicators if (target := share(row, words)) is not None]


def satisfaction_targets(indicators: Iterable[Indicator], words: WordLists) -> list[Decimal]:
    """The percentages that satisfaction must reach. 90 分, targets in words and what nobody can reach are none."""
    found = shares((row for row in indicators if is_satisfaction(row, words)), words)
    return [target for target in found if 0 <= target <= FULL]


def doubts(findings: Iterable[FindingRow]) -> int:
    """How many findings a reader may want to check."""
    return sum(finding.severity != NOTE for finding in findings)
