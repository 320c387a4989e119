"""The dataset's rows → the forms that rules look at, each beside its last earlier year."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from builder.dataset.rows import Indicator, Project, Tables, group
from builder.measures import terms
from builder.text import fold

COMPARISONS = ("ge", "gt", "le", "lt", "eq")


@dataclass(frozen=True, slots=True)
class Pair:
    """An indicator and the one of the same name on the project's form before; ``moved`` is the sign of the change."""

    before: Indicator
    now: Indicator
    moved: int


@dataclass(frozen=True, slots=True)
class Form:
    """A project with its indicators but the execution rate. ``before_year`` and ``pairs`` compare it with its last
    earlier year; ``notes`` is what else an indicator's row prints, by indicator."""

    project: Project
    indicators: tuple[Indicator, ...]
    before_year: int | None
    pairs: tuple[Pair, ...]
    notes: Mapping[str, str]


def forms(tables: Tables) -> Iterator[Form]:
    own = group(terms.own(tables.indicators), lambda row: row.project_id)
    notes = group(tables.attributes, lambda row: row.indicator_id)
    before = _before(tables.projects)
    for project in tables.projects:
        rows, earlier = own.get(project.project_id, ()), before.get(project.project_id)
        yield Form(
            project,
            rows,
            None if earlier is None else earlier.year,
            () if earlier is None else tuple(_pairs(own.get(earlier.project_id, ()), rows)),
            {
                row.indicator_id: " ".join(
                    f"{note.label_as_filed} {note.value}" for note in notes.get(row.indicator_id, ())
                )
                for row in rows
            },
        )


def _before(projects: Sequence[Project]) -> dict[str, Project]:
    """For each project that has one, the form of its series in the last earlier year."""
    found = {}
    for series in group(
        sorted(projects, key=lambda row: (row.year, row.project_id)), lambda row: row.series_id
    ).values():
        years = group(series, lambda row: row.year)
        for before, after in pairwise(years):
            found.update({row.project_id: years[before][-1] for row in years[after]})
    return found


def _pairs(before: Sequence[Indicator], now: Sequence[Indicator]) -> Iterator[Pair]:
    """Indicators whose folded name stands once on each form and whose numbers are of one kind: same comparison, same
    unit once 万 and 亿 are multiplied out."""
    earlier = _unique(before)
    for name, row in _unique(now).items():
        twin = earlier.get(name)
        if twin is None or row.comparison != twin.comparison or row.comparison not in COMPARISONS:
            continue
        (value, unit), (value_before, unit_before) = _amount(row), _amount(twin)
        if value is not None and value_before is not None and unit == unit_before:
            yield Pair(twin, row, (value > value_before) - (value < value_before))


def _unique(rows: Sequence[Indicator]) -> dict[str, Indicator]:
    return {name: same[0] for name, same in group(rows, lambda row: fold(row.name)).items() if len(same) == 1}


def _amount(row: Indicator) -> tuple[Decimal | None, str]:
    if row.base_value is not None:
        return row.base_value, fold(row.base_unit or "")
    return row.target_value, fold(row.unit or "")
