"""The dataset's rows → the forms that rules look at, each beside its last earlier year."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from builder.dataset.rows import Attribute, Indicator, Project
from builder.measures import terms
from builder.text import fold

Indicators = Mapping[str, Sequence[Indicator]]
Attributes = Mapping[str, Sequence[Attribute]]

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


def forms(projects: Mapping[str, Project], indicators: Indicators, attributes: Attributes) -> Iterator[Form]:
    own = {project_id: terms.own(indicators.get(project_id, ())) for project_id in projects}
    before = _before(projects)
    for project_id, project in projects.items():
        earlier = before.get(project_id)
        notes: dict[str, str] = defaultdict(str)
        for row in attributes.get(project_id, ()):
            if row.indicator_id is not None:
                notes[row.indicator_id] += f"{row.label_as_filed} {row.value} "
        yield Form(
            project,
            own[project_id],
            None if earlier is None else projects[earlier].year,
            () if earlier is None else tuple(_pairs(own[earlier], own[project_id])),
            notes,
        )


def _before(projects: Mapping[str, Project]) -> dict[str, str]:
    """For each project that has one, the form of its series in the last earlier year."""
    series: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for project_id, row in projects.items():
        series[row.series_id].append((row.year, project_id))
    found = {}
    for members in series.values():
        members.sort()
        earlier: tuple[int, str] | None = None
        for place, (year, project_id) in enumerate(members):
            if place and members[place - 1][0] < year:
                earlier = members[place - 1]
            if earlier is not None:
                found[project_id] = earlier[1]
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
    found: dict[str, list[Indicator]] = defaultdict(list)
    for row in rows:
        found[fold(row.name)].append(row)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def _amount(row: Indicator) -> tuple[Decimal | None, str]:
    if row.base_value is not None:
        return row.base_value, fold(row.base_unit or "")
    return row.target_value, fold(row.unit or "")
