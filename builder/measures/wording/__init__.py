"""How indicators are written: named rules over the dataset's rows, and how often each applies, among what it can judge.

A rule is a function that looks at one form and yields a verdict for each indicator (or for the form) that it can judge;
what it cannot judge is in no denominator. Titles, explanations and words are data in ``data/wording.yml``. A rule speaks
of wording alone: it is a place to look at, never a fault. The budget execution rate, a line that forms prescribe, is
left out everywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from builder.dataset.rows import Project, Tables
from builder.measures import terms
from builder.measures.wording.forms import forms
from builder.measures.wording.rules import RULES, Verdict
from builder.settings.wording import Rule, Rules

HITS_FILE, RATES_FILE = "lint.csv", "lint_rates.csv"


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that applies: to an indicator or a project (``record_id``), printed on ``line``, as the sentence says."""

    rule_id: str
    record_id: str
    project_id: str
    document_id: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """What rates are counted by; ``department_id`` is ``None`` where the form prints no department."""

    region_id: str
    year: int
    form_type: str
    department_id: str | None


@dataclass(frozen=True, slots=True)
class Rate:
    """``applies`` of the ``judged`` records; never more than them."""

    judged: int
    applies: int


@dataclass(frozen=True, slots=True)
class Report:
    """Every rule with its hits, in the order of the dataset, and its rates at the finest grain."""

    rules: Mapping[str, Rule]
    hits: Mapping[str, tuple[Hit, ...]]
    rates: Mapping[str, Mapping[Place, Rate]]

    def by(self, rule_id: str, *names: str) -> dict[tuple[Any, ...], Rate]:
        """A rule's rates by fields of ``Place``, such as ``("region_id", "year")``; by none of them, the whole."""
        sums: dict[tuple[Any, ...], list[int]] = {}
        for place, rate in self.rates[rule_id].items():
            total = sums.setdefault(tuple(getattr(place, name) for name in names), [0, 0])
            total[0] += rate.judged
            total[1] += rate.applies
        return {key: Rate(*total) for key, total in sums.items()}


def examine(tables: Tables, rules: Rules, only: Iterable[str] | None = None) -> Report:
    """Apply every rule, or ``only`` those, to every form of the dataset. The cost is linear in the rows."""
    asked = {rule_id: rules.rules[rule_id] for rule_id in (rules.rules if only is None else only)}
    hits: dict[str, list[Hit]] = {rule_id: [] for rule_id in asked}
    counts: dict[str, dict[Place, list[int]]] = {rule_id: {} for rule_id in asked}
    for form in forms(tables):
        project = form.project
        place = Place(project.region_id, project.year, project.form_type, project.department_id)
        for rule_id, rule in asked.items():
            judged = 0
            before = len(hits[rule_id])
            for verdict in RULES[rule_id](form, rules):
                judged += 1
                if verdict.applies:
                    hits[rule_id].append(_hit(rule_id, rule, form.project, verdict))
            if judged:
                total = counts[rule_id].setdefault(place, [0, 0])
                total[0] += judged
                total[1] += len(hits[rule_id]) - before
    return Report(
        asked,
        {rule_id: tuple(found) for rule_id, found in hits.items()},
        {rule_id: {place: Rate(*total) for place, total in found.items()} for rule_id, found in counts.items()},
    )


def _hit(rule_id: str, rule: Rule, project: Project, verdict: Verdict) -> Hit:
    row = verdict.indicator
    details = dict(verdict.details)
    if row is None:
        record_id, line = project.project_id, project.line_start
    else:
        record_id, line = row.indicator_id, row.line
        details |= {
            "name": row.name,
            "target": terms.target(row),
            "direction": rule.direction.get(row.comparison or "", ""),
        }
    return Hit(rule_id, record_id, project.project_id, project.document_id, line, rule.text.format_map(details))
