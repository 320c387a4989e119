"""What came of the promises of a place and year, counted once for pages and tests alike, each judge by itself.

A self-evaluation and another's evaluation of the same project are two opinions: they are never added up. Monitoring looks
at a part of the year and tells no outcome, so its sheets are counted and nothing else of them is.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from builder.dataset.results import is_whole
from builder.dataset.rows import FindingRow, Project, Result, Score, Tables, added, group
from builder.measures import terms
from builder.model import UNREAD
from builder.settings import Settings
from builder.text import fold

SELF_EVALUATION, EVALUATION, MONITORING = "self_evaluation", "evaluation", "monitoring"
# The finding that the results print another target than was promised.
CHANGED = "target-changed"
# Worst first: the order in which outcomes are shown, and the one that counts where two sheets differ on one promise.
OUTCOMES = ("missed", "partly", "met", "unreadable")


@dataclass(frozen=True, slots=True)
class Money:
    """Of the sheets that print both figures: the year's budget, what was spent of it, what was left where less was."""

    sheets: int
    budget: Decimal
    spent: Decimal
    left: Decimal
    with_left: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What one kind of judge says of a region's year.

    ``outcomes`` counts promises, ``changed`` those of them that were judged by another target than was promised,
    ``unread`` those that no sheet speaks of as far as it was read, one of their sheets having cells that were not;
    ``unpromised`` scored indicators that nobody promised; ``silent`` are the projects with a promise and without a sheet
    of any judge of the year, ``awaited`` how many indicators those promised. ``limits`` are the lowest scores of the grades that hold there and then, highest first.
    """

    kind: str
    results: tuple[Result, ...]
    promised: int
    outcomes: Mapping[str, int]
    changed: int
    unread: int
    unpromised: int
    silent: tuple[Project, ...]
    awaited: int
    totals: tuple[Decimal, ...]
    limits: tuple[Decimal, ...]
    money: Money

    @property
    def untold(self) -> int:
        """Promises of projects that have a sheet, of which none of this judge's speaks; all of them were read."""
        return self.promised - self.awaited - self.told - self.unread

    @property
    def told(self) -> int:
        return sum(self.outcomes.values())

    @property
    def unmatched(self) -> int:
        """Sheets that no promise was found for."""
        return sum(row.project_id is None for row in self.results)


def tallies(tables: Tables, settings: Settings) -> Mapping[tuple[str, int], tuple[Tally, ...]]:
    """By region and year, a tally of each kind of judge that has a sheet, in the order of ``data/scoring.yml``."""
    scores = group(tables.scores, lambda row: row.result_id)
    own = group(terms.own(tables.indicators), lambda row: row.project_id)
    projects = group(tables.projects, lambda row: (row.region_id, row.year))
    parents = {row.region_id: row.parent_id for row in tables.regions}
    changed = {(row.document_id, row.line) for row in tables.findings if row.code == CHANGED}
    gaps = group((row for row in tables.findings if row.code in UNREAD), lambda row: row.document_id)
    found = {}
    for place, rows in group(tables.results, lambda row: (row.region_id, row.year)).items():
        told = {row.project_id for row in rows if row.kind != MONITORING}
        silent = tuple(one for one in projects.get(place, ()) if one.project_id not in told)
        promised = {one.indicator_id for project in projects.get(place, ()) for one in own.get(project.project_id, ())}
        awaited = sum(len(own.get(one.project_id, ())) for one in silent)
        by_kind = group(rows, lambda row: row.kind)
        rule = settings.results.rule(_from_the_top(place[0], parents), place[1])
        limits = sorted({Decimal(lowest) for lowest in rule.grades.values()} if rule else (), reverse=True)
        found[place] = tuple(
            _tally(
                kind,
                by_kind[kind],
                scores,
                promised,
                changed,
                {
                    one.indicator_id
                    for row in by_kind[kind]
                    if not is_whole_read(row, gaps.get(row.document_id, ()))
                    for one in own.get(row.project_id or "", ())
                },
                silent,
                awaited,
                limits,
                settings,
            )
            for kind in settings.results.judges
            if kind in by_kind
        )
    return found


def is_whole_read(result: Result, findings: Iterable[FindingRow]) -> bool:
    """Whether no finding of the result's document says that a cell of its lines was not read."""
    lines = range(result.line_start, result.line_end + 1)
    return not any(row.code in UNREAD and row.line in lines for row in findings)


def _from_the_top(region_id: str | None, parents: Mapping[str, str | None]) -> list[str]:
    return [] if region_id is None else [*_from_the_top(parents[region_id], parents), region_id]


def _tally(
    kind: str,
    rows: Sequence[Result],
    scores: Mapping[str, Sequence[Score]],
    promised: Collection[str],
    changed: Collection[tuple[str, int | None]],
    in_doubt: Collection[str],
    silent: tuple[Project, ...],
    awaited: int,
    limits: Sequence[Decimal],
    settings: Settings,
) -> Tally:
    judged: dict[str, str] = {}
    unpromised = 0
    moved: set[str] = set()
    for document_id, score in ((row.document_id, score) for row in rows for score in scores.get(row.result_id, ())):
        if score.indicator_id is None:
            unpromised += fold(score.name) not in settings.tokens.execution_rate
        elif score.indicator_id in promised:
            outcomes = (score.attainment, judged.get(score.indicator_id, score.attainment))
            judged[score.indicator_id] = min(outcomes, key=OUTCOMES.index)
            if (document_id, score.line) in changed:
                moved.add(score.indicator_id)
    return Tally(
        kind,
        tuple(rows),
        len(promised),
        Counter() if kind == MONITORING else Counter(judged.values()),
        len(moved),
        len({*in_doubt} & {*promised} - judged.keys()),
        unpromised,
        silent,
        awaited,
        tuple(row.total_score for row in rows if row.total_score is not None),
        tuple(limits),
        _money(row for row in rows if not is_whole(row, settings)),
    )


def _money(rows: Iterable[Result]) -> Money:
    """Each project's money once; that of a department's whole sheet is its projects' over again, and is not given."""
    seen: set[str | None] = set()
    pairs = []
    for row in rows:
        if row.adjusted_yuan is None or row.executed_yuan is None or row.project_id in seen - {None}:
            continue
        seen.add(row.project_id)
        pairs.append((row.adjusted_yuan, row.executed_yuan))
    left = [budget - spent for budget, spent in pairs if budget > spent]
    budgets, spent = (added(pair[at] for pair in pairs) for at in (0, 1))
    return Money(len(pairs), budgets, spent, added(left), len(left))
