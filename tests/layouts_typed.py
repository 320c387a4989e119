"""A page of a target form typed as it is printed, and what a person reads in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forms_rendered import Grid


@dataclass(frozen=True)
class Reads:
    """What one project of a page says: money in yuan, indicators by ``INDICATOR``, other fields as label and value."""

    name: str
    budget: str | None
    goal: str | None
    indicators: Sequence[tuple[str | None, ...]]
    funding: Sequence[tuple[str, str]] = ()
    others: Sequence[tuple[str, str]] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    title: tuple[str, ...]
    rows: str
    projects: Sequence[Reads]
    findings: Mapping[str, int] = field(default_factory=dict)
    reported: int = 0
    tail: tuple[str, ...] = ()
    stated: str | None = None

    def grid(self) -> Grid:
        rows = [tuple(cell.strip() for cell in line.split("|")) for line in self.rows.strip("\n").splitlines()]
        assert len({len(row) for row in rows}) == 1, [len(row) for row in rows]
        return Grid(self.title, tuple(rows), (), self.tail)
