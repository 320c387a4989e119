"""Findings that one slip explains → events: two amounts exchanged, an amount taken from another row, a unit slip.

An explanation is a proof: it names amounts that are equal to the printed digit. What no proof explains stays
unexplained, and an amount so round that many rows could bear it by chance explains nothing.

Worked example (the catalogue lists, the forms file): row 20 lists 5,587 for 应急管理发展, whose form files 242.5; the
form of 教育均衡发展 files 5,587 and no row names it. The amount of row 20 is that of 教育均衡发展: one event for the two
findings. Rows 50 and 51 list 270 and 392, their forms file 392 and 270: the two amounts are exchanged.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from builder.dataset.rows import CatalogueRow, Project, group
from builder.words import wan

AMOUNT, NO_ROW = "catalogue-amount-differs", "form-missing-catalogue"

# A slip of the unit or the decimal point multiplies by one of these.
SLIPS = (Decimal(10), Decimal(100), Decimal(1000), Decimal(10_000), Decimal(100_000_000))
# Significant digits that an amount needs before its standing twice in one document is no accident: 5587, not 50.
TELLING_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Event:
    """One slip. ``about`` pairs the codes and projects of the findings that it explains; ``details`` fill its words."""

    kind: str
    about: tuple[tuple[str, str], ...]
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A catalogue row whose amount is not that of its form, both in yuan."""

    row: CatalogueRow
    project: Project
    listed: Decimal
    filed: Decimal


def of_document(
    rows: Sequence[CatalogueRow], projects: Sequence[Project], differing: frozenset[str]
) -> Iterator[Event]:
    """The events of one document's catalogue and fiscal forms; ``differing`` are the projects whose amounts differ."""
    forms = {project.project_id: project for project in projects}
    open_ = [
        Difference(row, project, row.amount_yuan, project.budget_yuan)
        for row in rows
        if row.project_id in differing
        and (project := forms.get(row.project_id or "")) is not None
        and row.amount_yuan is not None
        and project.budget_yuan is not None
    ]
    explained: set[str] = set()
    for event in (
        *_exchanged(open_),
        *_shifted(rows, forms, open_),
        *_of_another(rows, projects, open_),
        *_slips(open_),
    ):
        about = {project_id for code, project_id in event.about if code == AMOUNT}
        if not about & explained:
            explained |= about
            yield event


def _exchanged(differences: Sequence[Difference]) -> Iterator[Event]:
    """Each difference with the first one before it that lists what it files and files what it lists, each once."""
    waiting: dict[tuple[Decimal, Decimal], deque[Difference]] = defaultdict(deque)
    for other in differences:
        if not (partners := waiting[other.filed, other.listed]):
            waiting[other.listed, other.filed].append(other)
            continue
        one = partners.popleft()
        about = ((AMOUNT, one.project.project_id), (AMOUNT, other.project.project_id))
        details = {"name": one.project.name, "other": other.project.name}
        yield Event("exchanged", about, {**details, **_amounts(one.listed, one.filed)})


def _shifted(
    rows: Sequence[CatalogueRow], forms: Mapping[str, Project], differences: Sequence[Difference]
) -> Iterator[Event]:
    """Three or more rows in a run, each with the amount that the form of the next row, or the one before, files."""
    place = {row.line: number for number, row in enumerate(rows)}
    for step in (1, -1):
        run: list[Difference] = []
        for difference in differences:
            beside = place[difference.row.line] + step
            neighbour = forms.get(rows[beside].project_id or "") if 0 <= beside < len(rows) else None
            fits = neighbour is not None and neighbour.budget_yuan == difference.listed
            follows = not run or place[difference.row.line] == place[run[-1].row.line] + 1
            if fits and follows:
                run.append(difference)
                continue
            yield from _run(run, step)
            run = [difference] if fits else []
        yield from _run(run, step)


def _run(run: Sequence[Difference], step: int) -> Iterator[Event]:
    if len(run) >= 3:
        first, last = run[0].row, run[-1].row
        details = {"first": _serial(first), "last": _serial(last), "count": str(len(run))}
        about = tuple((AMOUNT, difference.project.project_id) for difference in run)
        yield Event("shifted_down" if step > 0 else "shifted_up", about, details)


def _of_another(
    rows: Sequence[CatalogueRow], projects: Sequence[Project], differences: Sequence[Difference]
) -> Iterator[Event]:
    """A listed amount that is, to the digit, what the one other form files: first a form that no row names."""
    named = {row.project_id for row in rows}
    by_amount = group(projects, lambda project: project.budget_yuan)
    for difference in differences:
        if len(difference.listed.normalize().as_tuple().digits) < TELLING_DIGITS:
            continue
        # Of more than one other, three are enough to know that there are.
        same = by_amount.get(difference.listed, ())[:3]
        others = [project for project in same if project.project_id != difference.project.project_id]
        if len(others) == 1:
            [other] = others
            is_unnamed = other.project_id not in named
            about = [(AMOUNT, difference.project.project_id)]
            about += [(NO_ROW, other.project_id)] if is_unnamed else []
            details = {"serial": _serial(difference.row), "name": difference.project.name, "other": other.name}
            yield Event(
                "of_another_unlisted" if is_unnamed else "of_another",
                tuple(about),
                {**details, **_amounts(difference.listed, difference.filed)},
            )


def _slips(differences: Sequence[Difference]) -> Iterator[Event]:
    for difference in differences:
        for factor in SLIPS:
            if difference.listed == difference.filed * factor or difference.filed == difference.listed * factor:
                details = {"name": difference.project.name, "factor": f"{factor:,f}"}
                about = ((AMOUNT, difference.project.project_id),)
                yield Event("unit_slip", about, {**details, **_amounts(difference.listed, difference.filed)})


def _serial(row: CatalogueRow) -> str:
    return "" if row.serial_no is None else str(row.serial_no)


def _amounts(listed: Decimal, filed: Decimal) -> dict[str, str]:
    return {"listed": f"{wan(listed)} 万元", "filed": f"{wan(filed)} 万元"}


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the way from a catalogue's sum to the forms' sum, in yuan with its sign; ``line`` prints it."""

    kind: str
    name: str
    yuan: Decimal
    line: int | None
    project_id: str | None


def bridge(rows: Sequence[CatalogueRow], projects: Sequence[Project], differing: frozenset[str]) -> tuple[Step, ...]:
    """The steps from what the catalogue lists to what the fiscal forms file; their sum is the difference, exactly.

    万盛 2025: +5,587 (a form that no row names) −50 (a row without a form) −5,344.5 (a row that differs) −0.18 (rows
    rounded) = 192.32 万元. Amounts that are not known count as not listed or not filed. The gravest step comes first.
    """
    forms = {project.project_id: project for project in projects}
    named = {row.project_id for row in rows}
    steps = [
        Step("unlisted", project.name, project.budget_yuan, project.line_start, project.project_id)
        for project in projects
        if project.project_id not in named and project.budget_yuan
    ]
    rounding = Decimal(0)
    for row in rows:
        listed = row.amount_yuan or Decimal(0)
        project = forms.get(row.project_id or "")
        if project is None:
            steps.append(Step("unfiled", row.name or "", -listed, row.line, None))
            continue
        change = (project.budget_yuan or Decimal(0)) - listed
        if project.project_id in differing or project.budget_yuan is None or row.amount_yuan is None:
            steps.append(Step("differs", project.name, change, row.line, project.project_id))
        else:
            rounding += change
    known = [step for step in steps if step.yuan]
    ordered = sorted(known, key=lambda step: (-abs(step.yuan), step.line or 0))
    return (*ordered, *([Step("rounding", "", rounding, None, None)] if rounding else []))
