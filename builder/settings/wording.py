"""``wording.yml``: what readers are told of each rule of wording and each kind of copy, and the words and numbers they go by."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator
from pydantic import Field as Is

from builder.settings.kinds import Folded
from builder.settings.loading import SOME, Count, Entry, Line, Text, Words, exactly, load, placeholders, wrong
from builder.text import fold

# The rules that the program knows, and what may fill the sentence of each. Those of ``_OF_TWO_YEARS`` may tell the
# ``direction`` of a change.
_OF_AN_INDICATOR = ("name", "target")
_OF_TWO_YEARS = (*_OF_AN_INDICATOR, "year", "before", "before_year")
RULES: Mapping[str, tuple[str, ...]] = {
    "unquantified": _OF_AN_INDICATOR,
    "degree-words": _OF_AN_INDICATOR,
    "core-without-number": _OF_AN_INDICATOR,
    "no-unit": _OF_AN_INDICATOR,
    "trivially-full": _OF_AN_INDICATOR,
    "satisfaction-without-number": _OF_AN_INDICATOR,
    "satisfaction-without-survey": _OF_AN_INDICATOR,
    "target-equals-last-year": _OF_TWO_YEARS,
    "target-raised": _OF_TWO_YEARS,
    "target-lowered": _OF_TWO_YEARS,
    "cost-indicator-absent": ("count",),
    "weight-concentrated": (*_OF_AN_INDICATOR, "weight", "total"),
    "name-equals-project": _OF_AN_INDICATOR,
    "name-unit-disagrees": (*_OF_AN_INDICATOR, "expected", "unit"),
    "magnitude-apart": (*_OF_AN_INDICATOR, "other", "other_target"),
}
COPY_KINDS = (
    "indicators",
    "indicators-but-targets",
    "goal",
    "goal-but-numbers",
    "overview",
    "overview-but-numbers",
    "sentences",
)
Optional = Annotated[Words, AfterValidator(lambda words: tuple(map(fold, words)))]


class WordLists(Entry):
    """The lists of ``words``, folded."""

    satisfaction: Optional
    satisfaction_not: Optional
    survey: Optional
    zero: Optional
    definite: Optional
    degree: Optional
    affirmation: Optional
    growth: Optional
    cost: Optional
    cost_in_money: Optional
    project_endings: Optional
    area_units: Optional


class Thresholds(Entry):
    concentrated_percent: Count
    fewest_indicators: Count
    apart_times: Count
    alike_characters: Count


class NameUnits(Entry):
    """Names that end with one of ``names`` are of ``kind``, and their unit has one of ``units`` in it; folded."""

    kind: Line
    names: Folded
    units: Folded


class Rule(Entry):
    """What readers are told of a rule. ``judged`` names what it counts, beginning with the counter word (项, 张);
    ``shows`` are the lists of words that it goes by."""

    title: Line
    judged: Line
    meaning: Text
    matters: Text
    normal: Text
    shows: tuple[str, ...]
    direction: dict[str, Line] = Is(default_factory=dict)
    text: Line


class CopyKind(Entry):
    """What readers are told of one kind of sameness (``builder.measures.copies`` finds it)."""

    title: Line
    judged: Line
    rule: Text
    normal: Text


class Rules(Entry):
    numbers: Thresholds
    words: WordLists
    units: Annotated[tuple[NameUnits, ...], SOME]
    rules: dict[str, Rule]
    copies: dict[str, CopyKind]

    def shown(self, rule: Rule) -> list[str]:
        """The words that a rule goes by."""
        return [word for name in rule.shows for word in getattr(self.words, name)]

    @model_validator(mode="after")
    def _fits_the_program(self) -> Self:
        exactly(self.rules, RULES, "rules")
        exactly(self.copies, COPY_KINDS, "copies")
        for rule_id, rule in self.rules.items():
            if unknown := [name for name in rule.shows if name not in WordLists.model_fields]:
                raise wrong(f"words 里没有 {'、'.join(unknown)}", "rules", rule_id, "shows")
            allowed = RULES[rule_id]
            if rule.direction:
                if allowed != _OF_TWO_YEARS:
                    raise wrong("不比较两年的规则没有 direction", "rules", rule_id, "direction")
                exactly(rule.direction, ("ge", "gt", "le", "lt", "eq"), "rules", rule_id, "direction")
                allowed = (*allowed, "direction")
            for name in ("title", "judged", "meaning", "matters", "normal", "text"):
                placeholders(getattr(rule, name), allowed if name == "text" else (), "rules", rule_id, name)
        for kind, copied in self.copies.items():
            for name, text in copied:
                placeholders(text, ("shortest", "fewest"), "copies", kind, name)
        return self


def wording(path: Path, shortest: int) -> Rules:
    """``wording.yml``, proved against the rules that there are. ``shortest`` is ``reuse_min_length`` of checks.yml."""
    rules = load(path, Rules)
    filled = {"shortest": shortest, "fewest": rules.numbers.fewest_indicators}
    copies = {
        kind: CopyKind(**{name: text.format_map(filled) for name, text in copied})
        for kind, copied in rules.copies.items()
    }
    return rules.model_copy(update={"copies": copies})
