"""Which documents there should be: the calendar of targets and of what tells what came of them.

A region that published its targets is expected to publish what came of them; by which month is ``data/calendar.yml``.
Evaluations are expected where an indicator of the year promises a number of them. Monitoring need not be published.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from builder.dataset.rows import Indicator, Tables, added, group
from builder.measures import terms
from builder.settings import Settings
from builder.settings.places import Noted
from builder.settings.results import RESULT_KINDS, Evaluations

TARGETS = "targets"


@dataclass(frozen=True, slots=True)
class Expected:
    """A kind of document of a region and year: how many are held, what was noted of it, by which month it is due.

    ``promised`` are the indicators that promise evaluations of that year.
    """

    region_id: str
    year: int
    kind: str
    documents: int
    noted: Noted | None
    due_year: int
    due_month: int
    promised: tuple[Indicator, ...] = ()

    @property
    def status(self) -> str:
        return self.noted.status if self.noted else "published" if self.documents else "awaited"

    @property
    def count(self) -> int | None:
        """How many evaluations are promised; ``None`` where nothing says so."""
        return int(added(row.target_value for row in self.promised)) or None


def calendar(tables: Tables, settings: Settings) -> Iterator[Expected]:
    """What is held, noted or expected, by region, year and kind, targets first."""
    known = settings.calendar
    held = Counter((row.region_id, row.year, row.kind) for row in tables.documents)
    noted = {(*place, TARGETS): entry for place, entry in known.entries.items()} | {**known.results}
    projects = {row.project_id: (row.region_id, row.year) for row in tables.projects}
    promised = group(
        evaluations(terms.own(tables.indicators), settings.results.evaluations), lambda row: projects[row.project_id]
    )
    for region_id, year in sorted({key[:2] for key in (*held, *noted)}):
        for kind in (TARGETS, *RESULT_KINDS):
            key = (region_id, year, kind)
            told = promised.get((region_id, year), ()) if kind == "evaluation" else ()
            awaited = held[region_id, year, TARGETS] and (kind == "self_evaluation" or told)
            if held[key] or key in noted or awaited:
                after, month = known.due(kind)
                yield Expected(*key, held[key], noted.get(key), year + after, month, told)


def evaluations(indicators: Iterable[Indicator], rule: Evaluations) -> Sequence[Indicator]:
    """The indicators that promise a number of evaluations: 项目绩效评价 = 4 个."""
    return [
        row
        for row in indicators
        if row.name.endswith(rule.ends) and row.unit in rule.units and row.target_value is not None
    ]
